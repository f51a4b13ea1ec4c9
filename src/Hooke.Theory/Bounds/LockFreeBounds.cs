namespace Hooke.Theory.Bounds;

/// <summary>
/// How probable it is that SGD has not once come near the minimum within t steps, also when threads write without locks and
/// with few bits. [Survey, sec. 5; De Sa et al., "Taming the wild", 2015]
/// </summary>
/// <remarks>
/// Success is ‖w − w*‖² ≤ ε. The loss is γ-strongly convex, each example's gradient is β-Lipschitz in the 1-norm and has
/// E‖∇ℓ‖² ≤ M², a write changes one entry, and τ is the worst expected delay of a write. The values are bounds of probabilities
/// and may be above 1. The functions trust their arguments; the entries of <see cref="All"/> check them.
/// </remarks>
public static class LockFreeBounds
{
    private static readonly Argument Rate = Argument.Positive("learning-rate", "α", "step along an example's gradient"),
        Start = Argument.NonNegative("start", "S₀", "E[S₀(w₀)], the rate supermartingale at the start"),
        Lipschitz = Argument.NonNegative("lipschitz", "H", "Lipschitz constant of the supermartingale in the current iterate"),
        Smoothness = Argument.NonNegative("smoothness", "β", "Lipschitz constant in the 1-norm: of an update in Theorem 15, of an example's gradient in the corollaries"),
        Size = Argument.NonNegative("size", "L", "largest expected magnitude of an update"),
        Delay = Argument.NonNegative("delay", "τ", "worst expected delay of a write, in writes"),
        Steps = Argument.Count("steps", "t", "steps done"),
        Convexity = Argument.Positive("strong-convexity", "γ", "strong convexity of the loss"),
        Gradient = Argument.Positive("gradient", "M", "√ of the largest E‖∇ℓ‖²"),
        Tolerance = Argument.Positive("tolerance", "ε", "success is ‖w − w*‖² ≤ ε"),
        Share = new("fraction", "ϑ", "fraction of the largest useful learning rate", new(0, 1)),
        Distance = Argument.Positive("distance", "‖w₀−w*‖", "distance of the start from the minimum"),
        Rounding = Argument.NonNegative("rounding", "κ", "largest rounding error of an update as a fraction of αM");

    /// <summary>The formulas by name.</summary>
    public static IReadOnlyList<Bound> All { get; } =
    [
        new("survey-theorem-13", "sequential SGD with a rate supermartingale: probability of failure", "[Survey, Theorem 13]",
            [Start, Steps], a => Theorem13(a[0], a[1])),
        new("survey-theorem-15", "lock-free SGD with a rate supermartingale: probability of failure", "[Survey, Theorem 15]",
            [Start, Lipschitz, Smoothness, Size, Delay, Steps], a => Theorem15(a[0], a[1], a[2], a[3], a[4], a[5]))
        { Limits = [new("delay", "1/(lipschitz · smoothness · size)", a => 1 / (a[1] * a[2] * a[3]), Included: false)] },
        new("survey-supermartingale", "the rate supermartingale of strongly convex losses at the start, S₀", "[Survey, sec. 5.4.1; errata 4]",
            [Rate, Convexity, Gradient, Tolerance, Distance], a => Supermartingale(a[0], a[1], a[2], a[3], a[4]))
        { Limits = [new("learning-rate", "2 strong-convexity · tolerance/gradient²", a => 2 * a[1] * a[3] / (a[2] * a[2]), Included: false), new("tolerance", "distance²", a => a[4] * a[4])] },
        new("survey-corollary-16", "lock-free SGD on strongly convex losses: probability of failure", "[Survey, Corollary 16; errata 4]",
            [Convexity, Smoothness, Gradient, Delay, Tolerance, Share, Distance, Steps], a => Corollary16(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7]))
        { Limits = [new("tolerance", "distance²", a => a[6] * a[6])] },
        new("survey-corollary-16-learning-rate", "lock-free SGD on strongly convex losses: the learning rate of that bound", "[Survey, Corollary 16; errata 4]",
            [Convexity, Smoothness, Gradient, Delay, Tolerance, Share], a => Corollary16LearningRate(a[0], a[1], a[2], a[3], a[4], a[5])),
        new("survey-corollary-17", "lock-free SGD with rounded updates on strongly convex losses: probability of failure", "[Survey, Corollary 17; errata 4]",
            [Convexity, Smoothness, Gradient, Delay, Tolerance, Share, Distance, Rounding, Steps], a => Corollary17(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8]))
        { Limits = [new("tolerance", "distance²", a => a[6] * a[6])] },
        new("survey-corollary-17-learning-rate", "lock-free SGD with rounded updates on strongly convex losses: the learning rate of that bound", "[Survey, Corollary 17; errata 4]",
            [Convexity, Smoothness, Gradient, Delay, Tolerance, Share, Rounding], a => Corollary17LearningRate(a[0], a[1], a[2], a[3], a[4], a[5], a[6])),
    ];

    /// <summary>S₀/t. [Survey, Theorem 13]</summary>
    /// <param name="start">S₀ = E[S₀(w₀)].</param>
    /// <param name="steps">t, within the supermartingale's horizon.</param>
    /// <returns>A bound of P(F_t).</returns>
    public static double Theorem13(double start, double steps) => start / steps;

    /// <summary>S₀/((1 − HβLτ)t), for HβLτ &lt; 1. [Survey, Theorem 15]</summary>
    /// <param name="start">S₀ = E[S₀(w₀)].</param>
    /// <param name="lipschitz">H, the supermartingale's Lipschitz constant.</param>
    /// <param name="smoothness">β, the update's Lipschitz constant in the 1-norm.</param>
    /// <param name="size">L, the largest expected magnitude of an update.</param>
    /// <param name="delay">τ.</param>
    /// <param name="steps">t, within the supermartingale's horizon.</param>
    /// <returns>A bound of P(F_t).</returns>
    public static double Theorem15(double start, double lipschitz, double smoothness, double size, double delay, double steps)
        => start / ((1 - lipschitz * smoothness * size * delay) * steps);

    /// <summary>S₀ = ε/(2αγε − α²M²) · log(e‖w₀ − w*‖²/ε), for α &lt; 2γε/M². It has H = 2√ε/(2αγε − α²M²). [Survey, sec. 5.4.1; errata 4]</summary>
    /// <param name="rate">α.</param>
    /// <param name="convexity">γ.</param>
    /// <param name="gradient">M.</param>
    /// <param name="tolerance">ε.</param>
    /// <param name="distance">‖w₀ − w*‖ ≥ √ε.</param>
    public static double Supermartingale(double rate, double convexity, double gradient, double tolerance, double distance)
        => tolerance * Excess(tolerance, distance) / (2 * rate * convexity * tolerance - rate * rate * gradient * gradient);

    /// <summary>(M² + 2βMτ√ε)/(γ²εϑt) · log(e‖w₀ − w*‖²/ε), at <see cref="Corollary16LearningRate"/>. [Survey, Corollary 16; errata 4]</summary>
    /// <param name="convexity">γ.</param>
    /// <param name="smoothness">β, an example's gradient in the 1-norm.</param>
    /// <param name="gradient">M.</param>
    /// <param name="delay">τ.</param>
    /// <param name="tolerance">ε.</param>
    /// <param name="fraction">ϑ in (0, 1).</param>
    /// <param name="distance">‖w₀ − w*‖ ≥ √ε.</param>
    /// <param name="steps">t.</param>
    /// <returns>A bound of P(F_t).</returns>
    public static double Corollary16(double convexity, double smoothness, double gradient, double delay, double tolerance, double fraction, double distance, double steps)
        => Corollary17(convexity, smoothness, gradient, delay, tolerance, fraction, distance, 0, steps);

    /// <summary>γεϑ/(M² + 2βMτ√ε). [Survey, Corollary 16; errata 4]</summary>
    /// <inheritdoc cref="Corollary16"/>
    /// <returns>α.</returns>
    public static double Corollary16LearningRate(double convexity, double smoothness, double gradient, double delay, double tolerance, double fraction)
        => Corollary17LearningRate(convexity, smoothness, gradient, delay, tolerance, fraction, 0);

    /// <summary>
    /// (M²(1 + κ²) + βMτ(2 + κ²)√ε)/(γ²εϑt) · log(e‖w₀ − w*‖²/ε), at <see cref="Corollary17LearningRate"/>: Corollary 16 for
    /// updates that are rounded without bias, by less than ακM. [Survey, Corollary 17; errata 4]
    /// </summary>
    /// <inheritdoc cref="Corollary16"/>
    public static double Corollary17(double convexity, double smoothness, double gradient, double delay, double tolerance, double fraction, double distance, double rounding, double steps)
        => Noise(smoothness, gradient, delay, tolerance, rounding) / (convexity * convexity * tolerance * fraction * steps) * Excess(tolerance, distance);

    /// <summary>γεϑ/(M²(1 + κ²) + βMτ(2 + κ²)√ε). [Survey, Corollary 17; errata 4]</summary>
    /// <inheritdoc cref="Corollary17"/>
    /// <returns>α.</returns>
    public static double Corollary17LearningRate(double convexity, double smoothness, double gradient, double delay, double tolerance, double fraction, double rounding)
        => convexity * tolerance * fraction / Noise(smoothness, gradient, delay, tolerance, rounding);

    /// <summary>M²(1 + κ²) + βMτ(2 + κ²)√ε.</summary>
    private static double Noise(double smoothness, double gradient, double delay, double tolerance, double rounding)
        => gradient * gradient * (1 + rounding * rounding) + smoothness * gradient * delay * (2 + rounding * rounding) * Math.Sqrt(tolerance);

    /// <summary>log(e‖w₀ − w*‖²/ε).</summary>
    private static double Excess(double tolerance, double distance) => 1 + Math.Log(distance * distance / tolerance);
}
