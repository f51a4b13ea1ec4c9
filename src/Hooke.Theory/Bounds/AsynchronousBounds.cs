namespace Hooke.Theory.Bounds;

/// <summary>
/// What asynchronous SGD with a constant rate guarantees when no gradient is older than N updates, N the number of workers: a
/// bound of the mean of E‖∇f(x_k)‖² over K updates with M examples each. [BhardwajCong17, sec. 4, after Lian et al., 2015]
/// </summary>
/// <remarks>
/// As in <see cref="MiniBatchBounds"/> γ multiplies the sum of the batch's gradients. The functions trust their arguments; the
/// entries of <see cref="All"/> check them.
/// </remarks>
public static class AsynchronousBounds
{
    private static readonly Argument Smoothness = Argument.Positive("smoothness", "L", "Lipschitz constant of ∇f"),
        Variance = Argument.NonNegative("variance", "σ²", "largest E‖∇F(x, z) − ∇f(x)‖² of one example's gradient"),
        Gap = Argument.Positive("gap", "D_f", "f(x₁) − f(x*), how far there is to go down"),
        Updates = Argument.Positive("updates", "K", "updates by all workers together"),
        Batch = Argument.Count("batch", "M", "examples in a batch"),
        Workers = Argument.Count("workers", "N", "workers; no gradient is older than so many updates"),
        Rate = Argument.Positive("learning-rate", "γ", "step along the sum of the batch's gradients"),
        Tolerance = Argument.Positive("tolerance", "ε", "mean of E‖∇f‖² that is to be guaranteed");

    /// <summary>The formulas by name.</summary>
    public static IReadOnlyList<Bound> All { get; } =
    [
        new("bhardwajcong17-7", "asynchronous SGD: guarantee for the mean of E‖∇f‖²", "[BhardwajCong17, eqs. 7 and 8]",
            [Rate, Smoothness, Variance, Gap, Updates, Batch, Workers], a => Guarantee(a[0], a[1], a[2], a[3], a[4], (long)a[5], (long)a[6]))
        { Limits = [new("learning-rate", "(√(1 + 8 workers²) − 1)/(4 workers² · smoothness · batch)", a => LargestRate(a[1], (long)a[5], (long)a[6]))] },
        new("bhardwajcong17-8", "asynchronous SGD: the largest rate that has a guarantee", "[BhardwajCong17, eqs. 8 and 20; errata 3]",
            [Smoothness, Batch, Workers], a => LargestRate(a[0], (long)a[1], (long)a[2])),
        new("bhardwajcong17-theorem-4", "asynchronous SGD: the best guarantee of any constant rate", "[BhardwajCong17, Theorem 4, exact: eqs. 19–21]",
            [Smoothness, Variance, Gap, Updates, Batch, Workers], a => Theorem4(a[0], a[1], a[2], a[3], (long)a[4], (long)a[5])),
        new("bhardwajcong17-theorem-4-optimal-rate", "asynchronous SGD: the constant rate with the best guarantee", "[BhardwajCong17, eq. 21 under 20]",
            [Smoothness, Variance, Gap, Updates, Batch, Workers], a => Theorem4OptimalRate(a[0], a[1], a[2], a[3], (long)a[4], (long)a[5])),
        new("bhardwajcong17-theorem-4-ratio", "asynchronous SGD: best guarantee of N workers over that of one", "[BhardwajCong17, Theorem 4, exact]",
            [Smoothness, Variance, Gap, Updates, Batch, Workers], a => Theorem4Ratio(a[0], a[1], a[2], a[3], (long)a[4], (long)a[5])),
        new("bhardwajcong17-theorem-4-ratio-approximate", "asynchronous SGD: N/α, what that ratio is near for 16 ≤ α ≤ N", "[BhardwajCong17, eqs. 22 and 23; errata 3]",
            [Smoothness, Variance with { Range = Smoothness.Range }, Gap, Updates, Batch, Workers], a => Theorem4RatioApproximate(a[0], a[1], a[2], a[3], (long)a[4], (long)a[5]))
        {
            Limits =
            [
                new("gap", "updates · variance/(256 batch · smoothness)", a => a[3] * a[1] / (256 * a[4] * a[0])),
                new("updates", "workers² · batch · smoothness · gap/variance", a => a[5] * a[5] * a[4] * a[0] * a[2] / a[1]),
            ],
        },
        new("bhardwajcong17-theorem-5", "asynchronous SGD: examples that guarantee a tolerance, at the best rate", "[BhardwajCong17, Theorem 5, exact]",
            [Smoothness, Variance, Gap, Tolerance, Batch, Workers], a => Theorem5(a[0], a[1], a[2], a[3], (long)a[4], (long)a[5])),
        new("bhardwajcong17-theorem-5-optimal-rate", "asynchronous SGD: the rate that guarantees a tolerance with the fewest examples", "[BhardwajCong17, Theorem 5, exact]",
            [Smoothness, Variance, Tolerance, Batch, Workers], a => Theorem5OptimalRate(a[0], a[1], a[2], (long)a[3], (long)a[4])),
    ];

    /// <summary>2D_f/(MKγ) + σ²Lγ + 2σ²L²MNγ². [BhardwajCong17, eq. 7]</summary>
    /// <param name="rate">γ, above 0 and at most <see cref="LargestRate"/>; beyond there is no guarantee, ∞.</param>
    /// <param name="smoothness">L &gt; 0, the Lipschitz constant of ∇f.</param>
    /// <param name="variance">σ² ≥ 0 of one example's gradient.</param>
    /// <param name="gap">D_f = f(x₁) − f(x*) &gt; 0.</param>
    /// <param name="updates">K &gt; 0, by all workers together.</param>
    /// <param name="batch">M ≥ 1.</param>
    /// <param name="workers">N ≥ 1.</param>
    /// <returns>A bound of (1/K) Σ E‖∇f(x_k)‖².</returns>
    public static double Guarantee(double rate, double smoothness, double variance, double gap, double updates, long batch, long workers)
        => rate > LargestRate(smoothness, batch, workers) * (1 + 1e-12) ? double.PositiveInfinity
            : 2 * gap / (batch * updates * rate) + variance * smoothness * rate * (1 + 2 * smoothness * batch * (double)workers * rate);

    /// <summary>(√(1 + 8N²) − 1)/(4N²LM): the largest γ with LMγ + 2L²M²N²γ² ≤ 1. [BhardwajCong17, eqs. 8 and 20; errata 3]</summary>
    /// <inheritdoc cref="Guarantee"/>
    /// <returns>γ.</returns>
    public static double LargestRate(double smoothness, long batch, long workers)
        => 2 / ((1 + Math.Sqrt(1 + 8.0 * workers * workers)) * smoothness * batch); // the same without the difference

    /// <summary>The least of <see cref="Guarantee"/> over the rates that have one. [BhardwajCong17, Theorem 4: eqs. 19–21]</summary>
    /// <inheritdoc cref="Guarantee"/>
    public static double Theorem4(double smoothness, double variance, double gap, double updates, long batch, long workers)
        => Guarantee(Theorem4OptimalRate(smoothness, variance, gap, updates, batch, workers), smoothness, variance, gap, updates, batch, workers);

    /// <summary>
    /// The smaller of <see cref="LargestRate"/> and the root of Cγ³ + Bγ² = A, A = 2D_f/(MK), B = σ²L, C = 4σ²L²MN, where (7)
    /// is least; (21) is this cubic in c = γ√(MKLσ²/D_f). [BhardwajCong17, eqs. 20 and 21]
    /// </summary>
    /// <inheritdoc cref="Guarantee"/>
    /// <returns>γ.</returns>
    public static double Theorem4OptimalRate(double smoothness, double variance, double gap, double updates, long batch, long workers)
    {
        double a = 2 * gap / (batch * updates), b = variance * smoothness, c = 4 * b * smoothness * batch * workers;
        // The cubic is convex and grows for γ > 0, and is not below 0 here: Newton's steps go down to the root and stop there.
        double rate = Math.Min(LargestRate(smoothness, batch, workers), Math.Min(Math.Sqrt(a / b), Math.Cbrt(a / c)));
        for (double previous = double.PositiveInfinity; rate < previous;)
        {
            previous = rate;
            double excess = (c * rate + b) * rate * rate - a;
            if (excess > 0) rate -= excess / ((3 * c * rate + 2 * b) * rate);
        }
        return rate;
    }

    /// <summary>The guarantee of N workers over that of one, both at their best rate, after the same number of updates. [BhardwajCong17, Theorem 4, exact]</summary>
    /// <inheritdoc cref="Guarantee"/>
    /// <returns>The ratio.</returns>
    public static double Theorem4Ratio(double smoothness, double variance, double gap, double updates, long batch, long workers)
        => Theorem4(smoothness, variance, gap, updates, batch, workers) / Theorem4(smoothness, variance, gap, updates, batch, 1);

    /// <summary>N/α, α = √(Kσ²/(MLD_f)): what <see cref="Theorem4Ratio"/> is near for 16 ≤ α ≤ N. [BhardwajCong17, eqs. 22 and 23; errata 3]</summary>
    /// <inheritdoc cref="Theorem4Ratio"/>
    public static double Theorem4RatioApproximate(double smoothness, double variance, double gap, double updates, long batch, long workers)
        => workers / Math.Sqrt(updates * variance / (batch * smoothness * gap));

    /// <summary>
    /// 2D_f/(γ(ε − σ²Lγ − 2σ²L²MNγ²)) at <see cref="Theorem5OptimalRate"/>: the S = MK at which <see cref="Theorem4"/> is ε.
    /// [BhardwajCong17, Theorem 5]
    /// </summary>
    /// <param name="smoothness">L.</param>
    /// <param name="variance">σ².</param>
    /// <param name="gap">D_f.</param>
    /// <param name="tolerance">ε &gt; 0.</param>
    /// <param name="batch">M.</param>
    /// <param name="workers">N.</param>
    /// <returns>S, not rounded up to whole batches.</returns>
    public static double Theorem5(double smoothness, double variance, double gap, double tolerance, long batch, long workers)
    {
        double rate = Theorem5OptimalRate(smoothness, variance, tolerance, batch, workers);
        return 2 * gap / (rate * (tolerance - variance * smoothness * rate * (1 + 2 * smoothness * batch * (double)workers * rate)));
    }

    /// <summary>
    /// ε/(L(σ² + √(σ⁴ + 6σ²MNε))), or <see cref="LargestRate"/> if that is smaller: where S is least, for (7) is ε at
    /// S = 2D_f/(εγ − σ²Lγ² − 2σ²L²MNγ³). [BhardwajCong17, Theorem 5]
    /// </summary>
    /// <inheritdoc cref="Theorem5"/>
    /// <returns>γ.</returns>
    public static double Theorem5OptimalRate(double smoothness, double variance, double tolerance, long batch, long workers)
        => Math.Min(LargestRate(smoothness, batch, workers),
            tolerance / (smoothness * (variance + Math.Sqrt(variance * (variance + 6 * tolerance * batch * workers)))));
}
