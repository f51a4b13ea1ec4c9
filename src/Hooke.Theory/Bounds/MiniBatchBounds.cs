namespace Hooke.Theory.Bounds;

/// <summary>
/// What mini-batch SGD with a constant rate guarantees on a smooth function that need not be convex: a bound of the mean of
/// E‖∇f(x_k)‖² over the K = S/M updates that S examples allow. [BhardwajCong17, sec. 3]
/// </summary>
/// <remarks>
/// x ← x − γ Σ_i ∇F(x, z_i) over the batch: γ multiplies the <em>sum</em> of M gradients, so it is 1/M of a rate for their mean.
/// The functions trust their arguments; the entries of <see cref="All"/> check them.
/// </remarks>
public static class MiniBatchBounds
{
    private static readonly Argument Smoothness = Argument.Positive("smoothness", "L", "Lipschitz constant of ∇f"),
        Variance = Argument.NonNegative("variance", "σ²", "largest E‖∇F(x, z) − ∇f(x)‖² of one example's gradient"),
        Gap = Argument.Positive("gap", "D_f", "f(x₁) − f(x*), how far there is to go down"),
        Samples = Argument.Positive("samples", "S", "examples processed"),
        Batch = Argument.Count("batch", "M", "examples in a batch"),
        Rate = Argument.Positive("learning-rate", "γ", "step along the sum of the batch's gradients"),
        Tolerance = Argument.Positive("tolerance", "ε", "mean of E‖∇f‖² that is to be guaranteed"),
        Small = Argument.Count("small-batch", "M_l", "examples in the smaller batch"),
        Large = Argument.Count("large-batch", "M_h", "examples in the larger batch");

    /// <summary>The formulas by name.</summary>
    public static IReadOnlyList<Bound> All { get; } =
    [
        new("bhardwajcong17-lemma-1", "mini-batch SGD: guarantee for the mean of E‖∇f‖²", "[BhardwajCong17, Lemma 1]",
            [Rate, Smoothness, Variance, Gap, Samples, Batch], a => Lemma1(a[0], a[1], a[2], a[3], a[4], (long)a[5]))
        { Limits = [new("learning-rate", "2/(smoothness · batch)", a => 2 / (a[1] * a[5]), Included: false)] },
        new("bhardwajcong17-theorem-2", "mini-batch SGD: the best guarantee of any constant rate", "[BhardwajCong17, Theorem 2, exact; errata 1]",
            [Smoothness, Variance, Gap, Samples, Batch], a => Theorem2(a[0], a[1], a[2], a[3], (long)a[4])),
        new("bhardwajcong17-theorem-2-optimal-rate", "mini-batch SGD: the constant rate with the best guarantee", "[BhardwajCong17, eq. 5, exact]",
            [Smoothness, Variance, Gap, Samples, Batch], a => Theorem2OptimalRate(a[0], a[1], a[2], a[3], (long)a[4])),
        new("bhardwajcong17-theorem-2-ratio", "mini-batch SGD: best guarantee of a large batch over that of a small one", "[BhardwajCong17, Theorem 2, exact; errata 1]",
            [Smoothness, Variance, Gap, Samples, Small, Large], a => Theorem2Ratio(a[0], a[1], a[2], a[3], (long)a[4], (long)a[5])),
        new("bhardwajcong17-theorem-2-ratio-approximate", "mini-batch SGD: the theorem's approximation 2M_h/(α√2 + M_l) of that ratio", "[BhardwajCong17, Theorem 2]",
            [Smoothness, Variance with { Range = Smoothness.Range }, Gap, Samples, Small, Large], a => Theorem2RatioApproximate(a[0], a[1], a[2], a[3], (long)a[4], (long)a[5]))
        {
            Limits =
            [
                new("small-batch", "√(samples · variance/(smoothness · gap))/4", a => Scale(a[0], a[1], a[2], a[3]) / 4),
                new("samples", "(large-batch/4)² · smoothness · gap/variance", a => a[5] * a[5] / 16 * a[0] * a[2] / a[1]),
            ],
        },
        new("bhardwajcong17-theorem-3", "mini-batch SGD: examples that guarantee a tolerance, at the best rate", "[BhardwajCong17, Theorem 3, exact; errata 2]",
            [Smoothness, Variance, Gap, Tolerance, Batch], a => Theorem3(a[0], a[1], a[2], a[3], (long)a[4])),
        new("bhardwajcong17-theorem-3-optimal-rate", "mini-batch SGD: the rate that guarantees a tolerance with the fewest examples", "[BhardwajCong17, Theorem 3, exact]",
            [Smoothness, Variance, Tolerance, Batch], a => Theorem3OptimalRate(a[0], a[1], a[2], (long)a[3])),
    ];

    /// <summary>(D_f/S + Lσ²γ²/2)/(γ − LMγ²/2). [BhardwajCong17, Lemma 1]</summary>
    /// <param name="rate">γ, above 0 and below 2/(LM); beyond there is no guarantee, ∞.</param>
    /// <param name="smoothness">L &gt; 0, the Lipschitz constant of ∇f.</param>
    /// <param name="variance">σ² ≥ 0 of one example's gradient.</param>
    /// <param name="gap">D_f = f(x₁) − f(x*) &gt; 0.</param>
    /// <param name="samples">S &gt; 0, examples processed.</param>
    /// <param name="batch">M ≥ 1.</param>
    /// <returns>A bound of (1/K) Σ E‖∇f(x_k)‖².</returns>
    public static double Lemma1(double rate, double smoothness, double variance, double gap, double samples, long batch)
    {
        double progress = rate - smoothness * batch * rate * rate / 2;
        return progress > 0 ? (gap / samples + smoothness * variance * rate * rate / 2) / progress : double.PositiveInfinity;
    }

    /// <summary>
    /// a + √(a² + 2b), a = MLD_f/S and b = LD_fσ²/S: Lemma 1 at its best rate. It is the paper's √b times m + √(m² + 2), m = M/α and
    /// α = √(Sσ²/(LD_f)), and holds without noise, too. [BhardwajCong17, Theorem 2; errata 1]
    /// </summary>
    /// <inheritdoc cref="Lemma1"/>
    public static double Theorem2(double smoothness, double variance, double gap, double samples, long batch)
    {
        double descent = smoothness * gap / samples, a = batch * descent;
        return a + Math.Sqrt(a * a + 2 * variance * descent);
    }

    /// <summary>2D_f/(S · <see cref="Theorem2"/>), which is the paper's c̄ √(D_f/(SLσ²)), c̄ = −m + √(m² + 2). [BhardwajCong17, eq. 5; errata 1]</summary>
    /// <inheritdoc cref="Lemma1"/>
    /// <returns>γ.</returns>
    public static double Theorem2OptimalRate(double smoothness, double variance, double gap, double samples, long batch)
        => 2 * gap / (samples * Theorem2(smoothness, variance, gap, samples, batch));

    /// <summary>The guarantee of a large batch over that of a small one, both at their best rate. [BhardwajCong17, Theorem 2, exact]</summary>
    /// <param name="smoothness">L.</param>
    /// <param name="variance">σ².</param>
    /// <param name="gap">D_f.</param>
    /// <param name="samples">S.</param>
    /// <param name="small">M_l.</param>
    /// <param name="large">M_h.</param>
    public static double Theorem2Ratio(double smoothness, double variance, double gap, double samples, long small, long large)
        => Theorem2(smoothness, variance, gap, samples, large) / Theorem2(smoothness, variance, gap, samples, small);

    /// <summary>2M_h/(α√2 + M_l), α = √(Sσ²/(LD_f)): what <see cref="Theorem2Ratio"/> is near for 4M_l ≤ α ≤ M_h/4. [BhardwajCong17, Theorem 2]</summary>
    /// <inheritdoc cref="Theorem2Ratio"/>
    public static double Theorem2RatioApproximate(double smoothness, double variance, double gap, double samples, long small, long large)
        => 2 * large / (Scale(smoothness, variance, gap, samples) * Math.Sqrt(2) + small);

    /// <summary>2LD_f(σ² + εM)/ε²: the S at which <see cref="Theorem2"/> is ε. [BhardwajCong17, Theorem 3; errata 2]</summary>
    /// <param name="smoothness">L.</param>
    /// <param name="variance">σ².</param>
    /// <param name="gap">D_f.</param>
    /// <param name="tolerance">ε &gt; 0.</param>
    /// <param name="batch">M.</param>
    /// <returns>S, not rounded up to whole batches.</returns>
    public static double Theorem3(double smoothness, double variance, double gap, double tolerance, long batch)
        => 2 * smoothness * gap * (variance + tolerance * batch) / (tolerance * tolerance);

    /// <summary>ε/(L(σ² + εM)): the best rate for the S of <see cref="Theorem3"/>. [BhardwajCong17, Theorem 3]</summary>
    /// <inheritdoc cref="Theorem3"/>
    /// <returns>γ.</returns>
    public static double Theorem3OptimalRate(double smoothness, double variance, double tolerance, long batch)
        => tolerance / (smoothness * (variance + tolerance * batch));

    /// <summary>The paper's α.</summary>
    private static double Scale(double smoothness, double variance, double gap, double samples) => Math.Sqrt(samples * variance / (smoothness * gap));
}
