using Hooke.Methods;

namespace Hooke.Theory.LinearMaps;

/// <summary>The first two moments of a scalar.</summary>
/// <param name="Mean">E z.</param>
/// <param name="Variance">V z.</param>
public readonly record struct Moments(double Mean, double Variance)
{
    /// <summary>E z².</summary>
    public double SecondMoment => Variance + Mean * Mean;
}

/// <summary>Moments of a run on a one-dimensional quadratic with its minimum at 0.</summary>
/// <param name="Center">Of x̃, of x itself if the method is sequential.</param>
/// <param name="Average">Of the workers' spatial average, (1/p) Σ xⁱ.</param>
/// <param name="Worker">Of a single worker; in turns the mean over the workers.</param>
public readonly record struct RunMoments(Moments Center, Moments Average, Moments Worker);

/// <summary>
/// A round of a method on a quadratic as a random linear map, read off the method's own rules: where it is stable, how fast it
/// forgets its start, how noisy it stays. A round is τ iterations of every worker.
/// </summary>
public abstract class Round
{
    /// <summary>p; +∞ for the limit of many workers.</summary>
    public double Workers { get; private protected init; }

    /// <summary>Reads a round off a method.</summary>
    /// <param name="method">The method; asynchronous ones are played in turns.</param>
    /// <param name="workers">p.</param>
    /// <exception cref="ArgumentException">The method is not for p workers, or its rates change over time.</exception>
    public static Round Of(Method method, int workers) => Of(_ => method, workers);

    /// <summary>Reads a round off a family of methods.</summary>
    /// <param name="family">The method for p workers, whose rates may contain p.</param>
    /// <param name="workers">p, a whole number from 1; or +∞ for the limit, in synchronous timing.</param>
    /// <exception cref="ArgumentException">As for a single method; or there is no limit.</exception>
    public static Round Of(Func<int, Method> family, double workers)
    {
        if (double.IsPositiveInfinity(workers)) return SynchronousRound.Limit(family);
        if (!(workers >= 1 && workers <= int.MaxValue && workers == Math.Floor(workers))) throw new ArgumentException(FormattableString.Invariant($"workers is {workers}; it must be a whole number, at least 1, or infinity"));
        var method = family((int)workers);
        method.Check((int)workers);
        return method.Topology == Topology.None || method.Schedule.Timing == Timing.Synchronous ? new SynchronousRound(method, (int)workers)
            : method.Topology == Topology.Tree ? TreeTurns.Of(method, (int)workers)
            : StarTurns.Of(method, (int)workers);
    }

    /// <summary>Spectral radius of the map of the first moments, E (w, c), or of the second moments, E (w, c)(w, c)ᵀ; over the states that a run reaches.</summary>
    /// <param name="noise">The stochastic gradient.</param>
    /// <param name="moment">1 or 2.</param>
    public virtual double Radius(GradientNoise noise, int moment = 1)
    {
        double radius = 0;
        foreach (var eigenvalue in Eigenvalues(noise, moment)) radius = Math.Max(radius, eigenvalue.Modulus);
        return radius;
    }

    /// <summary>The eigenvalues of the same map, the largest first.</summary>
    /// <param name="noise">The stochastic gradient.</param>
    /// <param name="moment">1 or 2.</param>
    public abstract IReadOnlyList<Eigenvalue> Eigenvalues(GradientNoise noise, int moment = 1);

    /// <summary>Moments after a number of rounds.</summary>
    /// <param name="noise">The stochastic gradient.</param>
    /// <param name="start">Where center and workers start; their other states start at 0.</param>
    /// <param name="rounds">t, at least 0.</param>
    public abstract RunMoments After(GradientNoise noise, double start, long rounds);

    /// <summary>Moments as t → ∞; a mean or a variance that has no limit is NaN.</summary>
    /// <param name="noise">The stochastic gradient.</param>
    public abstract RunMoments Stationary(GradientNoise noise);

    /// <summary>
    /// lim t V[z_t] of the center's time average z_t over t rounds; NaN if a run has no stationary state.
    /// [Zhang16, Lemmas 3.1.2 and 3.1.3 for EASGD]
    /// </summary>
    /// <param name="noise">The stochastic gradient.</param>
    public abstract double AveragedVariance(GradientNoise noise);

    private protected static void CheckMoment(int moment)
    {
        if (moment is not (1 or 2)) throw new ArgumentException($"moment is {moment}; it must be 1 or 2");
    }

    private protected static IReadOnlyList<Eigenvalue> Largest(IEnumerable<Eigenvalue> eigenvalues) => [.. eigenvalues.OrderByDescending(e => e.Modulus).ThenByDescending(e => e.Value.Real).ThenByDescending(e => e.Value.Imaginary)];
}
