using Hooke.Methods.Catalog;
using Hooke.Theory.ClosedForms;
using Hooke.Theory.LinearMaps;
using MathNet.Numerics.LinearAlgebra;
using Complex = System.Numerics.Complex;

namespace Hooke.Theory.Bounds;

/// <summary>The thesis's closed forms by name; the formulas are in <see cref="ClosedForms"/>. [Zhang16, chs. 3, 5 and 6]</summary>
public static class ThesisFormulas
{
    private static readonly Interval Real = new(double.NegativeInfinity, double.PositiveInfinity);

    private static readonly Argument
        Rate = Argument.Positive("learning-rate", "η", "step along the gradient"),
        Curvature = Argument.Positive("curvature", "h", "second derivative of the objective") with { Default = 1 },
        Moving = new("moving-rate", "α", "fraction of its difference from the center that a worker moves by", Real),
        Symmetric = Argument.Positive("moving-rate", "α", "fraction of the difference that worker and center move by; β = pα"),
        Beta = Argument.Positive("beta", "β", "p times the center rate"),
        Momentum = new("momentum", "δ", "fraction of the velocity that is kept, Nesterov's", new(-1, 1)),
        Workers = Argument.Count("workers", "p", "number of workers"),
        Sigma = Argument.NonNegative("sigma", "σ", "standard deviation of a worker's gradient noise") with { Default = 1 },
        Start = new("start", "x₀", "where center and workers start, measured from the minimum", Real, 1),
        Steps = Argument.Count("steps", "t", "rounds done"),
        Shape = Argument.Positive("shape", "λ", "shape of the Gamma law of the curvature"),
        GammaRate = Argument.Positive("rate", "ω", "rate of the Gamma law of the curvature"),
        Penalty = Argument.Positive("penalty", "ρ", "strength of the quadratic tie"),
        Convexity = Argument.Positive("strong-convexity", "μ", "strong convexity of the objective"),
        Smoothness = Argument.Positive("smoothness", "L", "Lipschitz constant of the gradient");

    private static readonly Limit Ordered = new("strong-convexity", "smoothness", a => a[5]);

    /// <summary>The formulas by name.</summary>
    public static IReadOnlyList<Bound> All { get; } =
    [
        new("zhang16-lemma-3.1.1-mean", "synchronous EASGD, β = pα: mean of the center after t rounds", "[Zhang16, eq. 3.2]",
            [Rate, Curvature, Symmetric, Workers, Start, Steps], a => SynchronousEasgd.Mean(a[0], a[1], a[2], a[3], a[4], a[4], a[5])),
        new("zhang16-lemma-3.1.1-variance", "synchronous EASGD, β = pα: variance of the center after t rounds", "[Zhang16, eq. 3.3]",
            [Rate, Curvature, Symmetric, Workers, Sigma, Steps], a => SynchronousEasgd.Variance(a[0], a[1], a[2], a[3], a[4], a[5])),
        new("zhang16-3.4", "synchronous EASGD, β = pα: 1 if average and center are stable, else 0", "[Zhang16, eq. 3.4]",
            [Rate, Curvature, Symmetric, Workers], a => SynchronousEasgd.IsStable(a[0], a[1], a[2], a[3]) ? 1 : 0),
        new("zhang16-corollary-3.1.1", "synchronous EASGD: p times the center's mean square in the long run, for many workers", "[Zhang16, Corollary 3.1.1]",
            [Rate, Curvature, Beta, Sigma], a => SynchronousEasgd.MeanSquareTimesWorkers(a[0], a[1], a[2], a[3])),
        new("zhang16-lemma-3.1.2", "synchronous EASGD: t times the variance of the center's time average over t rounds, in the long run", "[Zhang16, Lemmas 3.1.2 and 3.1.3]",
            [Curvature, Workers, Sigma], a => SynchronousEasgd.AveragedVariance(a[0], a[1], a[2])),
        new("zhang16-theorem-3.2.1", "synchronous EASGD on strongly convex functions: bound of the center's mean square after t rounds from x₀", "[Zhang16, Theorem 3.2.1]",
            [Rate, Moving with { Range = new(0, 1, LowIncluded: true) }, Beta with { Range = new(0, 1, LowIncluded: true, HighIncluded: true) }, Workers, Convexity, Smoothness, Sigma, Start, Steps], StronglyConvex)
            { Limits = [Ordered, new("learning-rate", "2(1 − moving-rate)/(strong-convexity + smoothness)", a => 2 * (1 - a[1]) / (a[4] + a[5]))] },
        new("zhang16-theorem-3.2.1-limit", "synchronous EASGD on strongly convex functions: bound of the center's mean square in the long run", "[Zhang16, after Theorem 3.2.1]",
            [Rate, Moving with { Range = new(0, 1, LowIncluded: true) }, Workers, Sigma, Convexity, Smoothness], a => SynchronousEasgd.StronglyConvexLimit(a[0], a[1], a[2], a[4], a[5], a[3]))
            { Limits = [Ordered with { Value = a => a[5] }, new("learning-rate", "2(1 − moving-rate)/(strong-convexity + smoothness)", a => 2 * (1 - a[1]) / (a[4] + a[5]))] },
        new("zhang16-3.3-easgd", "EASGD in turns: a moving rate up to which every number of workers is stable", "[Zhang16, sec. 3.3; errata 3]",
            [Rate with { Range = new(0, 2, HighIncluded: true), Meaning = "step along the gradient, times the curvature" }], a => RoundRobin.LargestMovingRate(a[0])),
        new("zhang16-3.3-admm", "ADMM in turns: spectral radius of a round", "[Zhang16, eqs. 3.52–3.54, fig. 3.2]",
            [Rate, Penalty, Workers with { Range = new(1, 200, LowIncluded: true, HighIncluded: true, Whole: true) }], AdmmRadius),
        new("zhang16-5.3", "SGD with batches of p: variance in the long run, for ηh < 2", "[Zhang16, eq. 5.3]",
            [Rate, Curvature, Workers, Sigma], a => AdditiveNoise.SgdVariance(a[0], a[1], a[2], a[3])) { Limits = [new("learning-rate", "2/curvature", a => 2 / a[1], Included: false)] },
        new("zhang16-5.6", "momentum SGD: spectral radius of the second moments", "[Zhang16, eqs. 5.6 and 5.8]",
            [Rate, Curvature, Momentum], a => Largest(AdditiveNoise.MomentumEigenvalues(a[0] * a[1], a[2] * (1 - a[0] * a[1])))),
        new("zhang16-5.7", "momentum SGD: variance in the long run, for ηh < 2(1 + δ(1 − ηh))", "[Zhang16, eq. 5.7]",
            [Rate, Curvature, Momentum, Sigma], MomentumVariance),
        new("zhang16-5.8-optimal-momentum", "momentum SGD: the momentum that forgets fastest", "[Zhang16, after eq. 5.8]",
            [Rate, Curvature], a => AdditiveNoise.OptimalMomentum(a[0] * a[1])),
        new("zhang16-5.12", "EASGD: spectral radius of the second moments of average and center", "[Zhang16, eqs. 5.12 and 5.16]",
            [Rate, Curvature, Moving, Beta], a => Largest(AdditiveNoise.EasgdEigenvalues(a[0] * a[1], a[2], a[3]))),
        new("zhang16-5.13", "EASGD: variance of the workers' average in the long run", "[Zhang16, eq. 5.13]",
            [Rate, Curvature, Moving, Beta, Workers, Sigma], a => Stable(a).Average),
        new("zhang16-5.14", "EASGD: variance of the center in the long run", "[Zhang16, eq. 5.14]",
            [Rate, Curvature, Moving, Beta, Workers, Sigma], a => Stable(a).Center),
        new("zhang16-5.15", "EASGD: 1 if average and center are stable, else 0", "[Zhang16, eq. 5.15; errata 9]",
            [Rate, Curvature, Moving, Beta], a => AdditiveNoise.EasgdIsStable(a[0] * a[1], a[2], a[3]) ? 1 : 0),
        new("zhang16-5.17", "EASGD: the moving rate at which average and center forget fastest", "[Zhang16, eq. 5.17]",
            [Rate, Curvature, Beta], a => AdditiveNoise.OptimalMovingRateOfAverage(a[0] * a[1], a[2])),
        new("zhang16-5.18", "EASGD with several workers: spectral radius of the drift", "[Zhang16, eqs. 5.18 and 5.19]",
            [Rate, Curvature, Moving, Beta], a => Largest(AdditiveNoise.EasgdDriftEigenvalues(a[0] * a[1], a[2], a[3]))),
        new("zhang16-5.19-optimal-moving-rate", "EASGD with several workers: the moving rate at which the drift forgets fastest", "[Zhang16, after eq. 5.19; errata 1]",
            [Rate, Curvature, Beta with { Range = new(0, 1) }], a => AdditiveNoise.OptimalMovingRate(a[0] * a[1], a[2])),
        new("zhang16-5.20", "EAMSGD: spectral radius of the drift", "[Zhang16, eqs. 5.20 and 5.21]",
            [Rate, Curvature, Moving, Beta, Momentum, Workers], a => Radius(AdditiveNoise.EamsgdDrift(a[0] * a[1], a[2], a[3], a[4] * (1 - a[0] * a[1]), (int)Math.Min(a[5], 2)))),
        new("zhang16-5.26", "SGD with batches of p, u² ~ Γ(λ, ω): factor of the second moment in a step", "[Zhang16, eq. 5.26]",
            [Rate, Workers, Shape, GammaRate], a => MultiplicativeNoise.SgdRate(a[0], a[1], a[2], a[3])),
        new("zhang16-5.27", "SGD with batches of p, u² ~ Γ(λ, ω): the learning rate with the least factor", "[Zhang16, eq. 5.27]",
            [Workers, Shape, GammaRate], a => MultiplicativeNoise.OptimalRate(a[0], a[1], a[2])),
        new("zhang16-5.30", "momentum SGD, u² ~ Γ(λ, ω): spectral radius of the second moments", "[Zhang16, eq. 5.30]",
            [Rate, Momentum, Shape, GammaRate], a => Radius(MultiplicativeNoise.MomentumMap(a[0], a[1], a[2], a[3]))),
        new("zhang16-5.34", "EASGD, u² ~ Γ(λ, ω): spectral radius of the second moments, for p > 1", "[Zhang16, eq. 5.34]",
            [Rate, Moving, Beta, Workers with { Range = new(2, double.PositiveInfinity, LowIncluded: true, Whole: true) }, Shape, GammaRate], a => Radius(MultiplicativeNoise.EasgdMap(a[0], a[1], a[2], a[3], a[4], a[5]))),
        new("zhang16-5.34-largest-rate", "EASGD, u² ~ Γ(λ, ω), many workers at fixed α and β: the largest stable learning rate", "[Zhang16, sec. 5.2.3, cases I (α = 0) and II]",
            [Moving with { Range = new(0, 1, LowIncluded: true) }, Beta with { Range = new(0, 1) }, Shape, GammaRate], a => MultiplicativeNoise.EasgdLargestRate(a[0], a[1], a[2], a[3])),
        new("zhang16-5.34-widest-moving-rate", "EASGD, u² ~ Γ(λ, ω), many workers: the moving rate with the largest stable learning rate", "[Zhang16, sec. 5.2.3, case II]",
            [Shape with { Range = new(0, 1) }], a => MultiplicativeNoise.WidestMovingRate(a[0])),
        new("zhang16-5.38", "two workers in a double well: the Hessian's smallest eigenvalue where they rest apart", "[Zhang16, eq. 5.38, fig. 5.20]",
            [Penalty with { Range = new(0, 1, HighIncluded: true) }], a => DoubleWellPair.CurvatureApart(a[0])),
        new("zhang16-5.39", "two workers in a double well: how many critical points there are", "[Zhang16, eqs. 5.37–5.39; errata 2]",
            [Penalty], a => DoubleWellPair.CriticalPoints(a[0]).Count),
        new("zhang16-6.5", "EASGD in Gauss–Seidel form: spectral radius of average and center", "[Zhang16, eqs. 6.5 and 6.6]",
            [Rate, Moving, Beta], a => Radius(GaussSeidel.Drift(a[0], a[1], a[2]))),
        new("zhang16-theorem-6.2.1", "EASGD in Gauss–Seidel form: which of the ten regions of stability, 0 if it is unstable", "[Zhang16, Theorem 6.2.1]",
            [Rate, Moving with { Range = new(0, double.PositiveInfinity) }, Beta], a => GaussSeidel.Region(a[0], a[1], a[2])),
    ];

    private static double Largest(Complex[] values) => Spectrum.Radius(values);

    private static double Radius(Matrix<double> map) => Spectrum.Radius(Spectrum.Of(map));

    private static double StronglyConvex(IReadOnlyList<double> a)
    {
        var (map, constant) = SynchronousEasgd.StronglyConvex(a[0], a[1], a[2], a[3], a[4], a[5], a[6]);
        var bound = Vector<double>.Build.Dense(3, a[7] * a[7]);
        for (long t = 0; t < a[8]; t++)
        {
            var next = map * bound + constant;
            if (next.Equals(bound)) break;
            bound = next;
        }
        return bound[2];
    }

    private static double AdmmRadius(IReadOnlyList<double> a)
    {
        int workers = (int)a[2];
        var round = Matrix<double>.Build.DenseIdentity(2 * workers + 1);
        for (int i = 0; i < workers; i++) round = RoundRobin.AdmmTurn(a[0], a[0] * a[1], workers, i) * round;
        return Radius(round);
    }

    private static double MomentumVariance(IReadOnlyList<double> a)
    {
        double eta = a[0] * a[1], momentum = a[2] * (1 - eta);
        return Math.Abs(momentum) < 1 && eta < 2 * (1 + momentum) ? AdditiveNoise.MomentumMoments(a[0], a[1], a[2], a[3]).Position
            : throw new ArgumentException(FormattableString.Invariant($"learning-rate is {a[0]}; it must be below 2(1 + δ(1 − ηh))/h with |δ(1 − ηh)| below 1, which momentum {a[2]} does not meet"));
    }

    private static (double Average, double Mixed, double Center) Stable(IReadOnlyList<double> a)
        => AdditiveNoise.EasgdIsStable(a[0] * a[1], a[2], a[3]) ? AdditiveNoise.EasgdMoments(a[0], a[1], a[2], a[3], a[4], a[5])
            : throw new ArgumentException(FormattableString.Invariant($"learning-rate is {a[0]}; it must be one at which average and center are stable (zhang16-5.15) with moving-rate {a[2]} and beta {a[3]}"));
}
