using Hooke.Methods;
using Matrix = MathNet.Numerics.LinearAlgebra.Matrix<double>;
using Vector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace Hooke.Theory.LinearMaps;

/// <summary>One worker's or node's turn: it moves the states at some places, with a gradient of its own.</summary>
/// <param name="Places">Which states.</param>
/// <param name="Map">How.</param>
internal sealed record Turn(int[] Places, RandomMap Map);

/// <summary>
/// A round in turns, each an affine map with one independent gradient: z ← (T₀ + u T₁) z + t ξ. [Zhang16, sec. 3.3]
/// </summary>
/// <remarks>
/// Workers in turns are not exchangeable, so all their states are kept: moments cost p² numbers, second-moment spectra more.
/// </remarks>
public sealed class TurnSequence : Round
{
    private const int MostStates = 1024, MostSecondMoments = 20000, DenseSecondMoments = 300;
    private readonly IReadOnlyList<Turn> first, turns;
    private readonly int[] workers;
    private readonly int center;
    private readonly Vector start;
    private readonly bool reduces;

    internal TurnSequence(int workerCount, IReadOnlyList<Turn> first, IReadOnlyList<Turn> turns, Vector start, int[] workers, int center, bool reduces)
    {
        Workers = workerCount;
        (this.first, this.turns, this.start, this.workers, this.center, this.reduces) = (first, turns, start, workers, center, reduces);
    }

    /// <summary>Numbers in a state: all workers', then the center's; in a tree all nodes' and what is on its way.</summary>
    public int States => start.Count;

    /// <summary>The map of the means in a round.</summary>
    /// <param name="curvature">h.</param>
    /// <exception cref="ArgumentException">It would be too large.</exception>
    public Matrix Drift(double curvature)
    {
        Check(States, MostStates, "states");
        return Play(Matrix.Build.DenseIdentity(States), turns, curvature);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Eigenvalue> Eigenvalues(GradientNoise noise, int moment = 1)
    {
        CheckMoment(moment);
        var drift = Drift(noise.Curvature);
        var basis = Reachable(drift, noise.Curvature);
        if (moment == 2 && noise.CurvatureVariance > 0) return SecondMoments(noise, basis);
        var values = Spectrum.Of(basis is null ? drift : basis.TransposeThisAndMultiply(drift * basis));
        return Largest((moment == 1 ? values : Spectrum.Products(values)).Select(z => new Eigenvalue(z, 1)));
    }

    /// <inheritdoc/>
    public override RunMoments After(GradientNoise noise, double start, long rounds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rounds);
        Check(SymmetricSquare.Length(States), MostSecondMoments, "second moments");
        var mean = this.start * start;
        var covariance = Matrix.Build.Dense(States, States);
        for (long t = 0; t < rounds; t++) Advance(covariance, mean, t == 0 ? first : turns, noise);
        return Read(mean, covariance);
    }

    /// <inheritdoc/>
    public override RunMoments Stationary(GradientNoise noise)
    {
        double mean = Radius(noise) < 1 ? 0 : double.NaN;
        bool noisy = noise.CurvatureVariance > 0 || noise.GradientVariance > 0;
        if (noisy && !(Radius(noise, 2) < 1)) return Read(Vector.Build.Dense(States, mean), Matrix.Build.Dense(States, States, double.PositiveInfinity));
        return Read(Vector.Build.Dense(States, mean), noise.GradientVariance > 0 ? StationaryCovariance(noise) : Matrix.Build.Dense(States, States));
    }

    /// <inheritdoc/>
    public override double AveragedVariance(GradientNoise noise)
    {
        if (!(Radius(noise) < 1) || !(Radius(noise, 2) < 1)) return double.NaN;
        var drift = Drift(noise.Curvature);
        var column = StationaryCovariance(noise).Column(center);
        var basis = Reachable(drift, noise.Curvature) ?? Matrix.Build.DenseIdentity(States);
        var reduced = Matrix.Build.DenseIdentity(basis.ColumnCount) - basis.TransposeThisAndMultiply(drift * basis);
        return 2 * (basis * reduced.Solve(basis.TransposeThisAndMultiply(column)))[center] - column[center];
    }

    /// <summary>Σ = L Σ + N = N + L N + L² N + …; without multiplicative noise twice as many terms at each step.</summary>
    private Matrix StationaryCovariance(GradientNoise noise)
    {
        Check(SymmetricSquare.Length(States), MostSecondMoments, "second moments");
        var none = Vector.Build.Dense(States);
        var sum = Matrix.Build.Dense(States, States);
        if (noise.CurvatureVariance == 0)
        {
            Advance(sum, none, turns, noise);
            var drift = Drift(noise.Curvature);
            var basis = Reachable(drift, noise.Curvature) ?? Matrix.Build.DenseIdentity(States);
            var reduced = basis.TransposeThisAndMultiply(sum * basis);
            // Σ_{i < 2n} Fⁱ N Fⁱᵀ = S + Fⁿ S Fⁿᵀ
            for (var power = basis.TransposeThisAndMultiply(drift * basis); power.FrobeniusNorm() > 1e-12; power *= power) reduced += power * reduced.TransposeAndMultiply(power);
            return basis * reduced.TransposeAndMultiply(basis);
        }
        const int Most = 1_000_000;
        for (int round = 0; round < Most; round++)
        {
            var before = sum.Clone();
            Advance(sum, none, turns, noise);
            if ((sum - before).FrobeniusNorm() <= 1e-14 * sum.FrobeniusNorm()) return sum;
        }
        throw new ArgumentException($"the variance has not settled after {Most} rounds; its radius is too near 1");
    }

    private RunMoments Read(Vector mean, Matrix covariance)
    {
        double average = 0, variance = 0, single = 0, square = 0, share = 1.0 / workers.Length;
        foreach (int i in workers)
        {
            average += share * mean[i];
            single += share * covariance[i, i];
            square += share * mean[i] * mean[i];
            foreach (int j in workers) variance += share * share * covariance[i, j];
        }
        return new(new(mean[center], covariance[center, center]), new(average, variance), new(average, single + square - average * average));
    }

    private static Matrix Play(Matrix states, IReadOnlyList<Turn> turns, double curvature)
    {
        var rows = new double[turns.Max(turn => turn.Places.Length)];
        foreach (var turn in turns)
        {
            var map = turn.Map.Drift(curvature);
            for (int column = 0; column < states.ColumnCount; column++) Multiply(map, turn.Places, states, column, rows);
        }
        return states;
    }

    /// <summary>The places of a column ← map · (the places of the column).</summary>
    private static void Multiply(Matrix map, int[] places, Matrix states, int column, double[] scratch)
    {
        for (int r = 0; r < places.Length; r++)
        {
            scratch[r] = 0;
            for (int c = 0; c < places.Length; c++) scratch[r] += map[r, c] * states[places[c], column];
        }
        for (int r = 0; r < places.Length; r++) states[places[r], column] = scratch[r];
    }

    /// <summary>A round of mean and covariance, C ← T C Tᵀ + v T₁ (C + μ μᵀ) T₁ᵀ + σ² t tᵀ turn by turn.</summary>
    private static void Advance(Matrix covariance, Vector mean, IReadOnlyList<Turn> turns, GradientNoise noise)
    {
        var scratch = new double[turns.Max(turn => turn.Places.Length)];
        foreach (var turn in turns)
        {
            var places = turn.Places;
            var map = turn.Map.Drift(noise.Curvature);
            Matrix? own = null;
            if (noise.CurvatureVariance > 0)
            {
                var second = Matrix.Build.Dense(places.Length, places.Length, (r, c) => covariance[places[r], places[c]] + mean[places[r]] * mean[places[c]]);
                own = noise.CurvatureVariance * turn.Map.PerCurvature * second.TransposeAndMultiply(turn.Map.PerCurvature);
            }
            for (int column = 0; column < covariance.ColumnCount; column++) Multiply(map, places, covariance, column, scratch);
            for (int row = 0; row < covariance.RowCount; row++)
            {
                for (int r = 0; r < places.Length; r++)
                {
                    scratch[r] = 0;
                    for (int c = 0; c < places.Length; c++) scratch[r] += map[r, c] * covariance[row, places[c]];
                }
                for (int r = 0; r < places.Length; r++) covariance[row, places[r]] = scratch[r];
            }
            for (int r = 0; r < places.Length; r++)
                for (int c = 0; c < places.Length; c++) covariance[places[r], places[c]] += (own is null ? 0 : own[r, c]) + noise.GradientVariance * turn.Map.PerNoise[r] * turn.Map.PerNoise[c];
            var moved = map * Vector.Build.Dense(places.Length, c => mean[places[c]]);
            for (int r = 0; r < places.Length; r++) mean[places[r]] = moved[r];
        }
    }

    /// <summary>What a run reaches, where something is conserved that no run changes, such as a center's difference from the mean that it is; null for everything.</summary>
    private Matrix? Reachable(Matrix drift, double curvature)
    {
        if (!reduces) return null;
        var space = new Subspace(States);
        space.Add(start);
        for (int t = 0; t < turns.Count; t++)
        {
            var kick = Matrix.Build.Dense(States, 1);
            for (int r = 0; r < turns[t].Places.Length; r++) kick[turns[t].Places[r], 0] = turns[t].Map.PerNoise[r];
            space.Add((t + 1 < turns.Count ? Play(kick, [.. turns.Skip(t + 1)], curvature) : kick).Column(0));
        }
        space.AddImages(drift);
        return space.Basis();
    }

    /// <summary>The eigenvalues of the second moments' map; of a large one only the largest, which is real and whose eigenvector is a covariance.</summary>
    private IReadOnlyList<Eigenvalue> SecondMoments(GradientNoise noise, Matrix? basis)
    {
        int size = basis?.ColumnCount ?? States, square = SymmetricSquare.Length(size);
        Check(square, MostSecondMoments, "second moments");
        var multiplicative = noise with { GradientVariance = 0 };
        if (square > DenseSecondMoments) return [new(DominantEigenvalue.Of(Image, square, Identity()), 1)];
        var map = Matrix.Build.Dense(square, square);
        for (int column = 0; column < square; column++) map.SetColumn(column, Image(Vector.Build.Dense(square, k => k == column ? 1 : 0)));
        return Largest(Spectrum.Of(map).Select(z => new Eigenvalue(z, 1)));

        Vector Identity() => Vector.Build.DenseOfEnumerable(Enumerable.Range(0, size).SelectMany(i => Enumerable.Range(i, size - i).Select(j => i == j ? 1.0 : 0)));

        Vector Image(Vector entries)
        {
            var covariance = SymmetricSquare.Unfold(entries, size);
            if (basis is not null) covariance = basis * covariance.TransposeAndMultiply(basis);
            var mean = Vector.Build.Dense(States);
            Advance(covariance, mean, turns, multiplicative);
            if (basis is not null) covariance = basis.TransposeThisAndMultiply(covariance * basis);
            return Vector.Build.DenseOfEnumerable(Enumerable.Range(0, size).SelectMany(i => Enumerable.Range(i, size - i).Select(j => covariance[i, j])));
        }
    }

    private static void Check(long size, int most, string what)
    {
        if (size > most) throw new ArgumentException($"a round in turns has {size} {what}; it must have at most {most}, so workers must be fewer");
    }
}

/// <summary>A star's workers in turns: each touches its own states and the center's.</summary>
internal static class StarTurns
{
    public static TurnSequence Of(Method method, int workers)
    {
        var map = WorkerMap.Of(method);
        int k = map.WorkerStates, m = map.CenterStates, center = workers * k;
        var turns = new List<Turn>(workers * map.Iterations.Count);
        foreach (var iteration in map.Iterations)
        {
            var together = map.Together(iteration, messages: 1);
            for (int i = 0; i < workers; i++) turns.Add(new([.. Enumerable.Range(i * k, k), .. Enumerable.Range(center, m)], together));
        }
        var start = Vector.Build.Dense(center + m);
        for (int i = 0; i < workers; i++) start[i * k] = 1;
        start[center] = 1;
        return new(workers, turns, turns, start, [.. Enumerable.Range(0, workers).Select(i => i * k)], center, method.Coupling.CenterIsMean);
    }
}
