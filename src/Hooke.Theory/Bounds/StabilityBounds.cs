namespace Hooke.Theory.Bounds;

/// <summary>
/// How far two runs of SGD drift apart when their samples differ in one example, and so how much worse SGD does on new examples
/// than on its own. [Survey, sec. 4; Hardt, Recht, Singer, "Train faster, generalize better", 2016]
/// </summary>
/// <remarks>
/// Of the loss ℓ(w; z) of one example: L is its Lipschitz constant, β that of its gradient, γ its strong convexity, each where the
/// runs go. Each step draws one of n examples with replacement. The functions trust their arguments; the entries of
/// <see cref="All"/> check them.
/// </remarks>
public static class StabilityBounds
{
    private static readonly Argument Rate = Argument.Positive("learning-rate", "α", "step along an example's gradient"),
        Lipschitz = Argument.NonNegative("lipschitz", "L", "Lipschitz constant of an example's loss"),
        Smoothness = Argument.Positive("smoothness", "β", "Lipschitz constant of an example's gradient"),
        Convexity = Argument.Positive("strong-convexity", "γ", "strong convexity of an example's loss"),
        Examples = Argument.Count("examples", "n", "examples in the sample"),
        Steps = Argument.Count("steps", "t", "steps done"),
        Decay = Argument.Positive("rate-scale", "c", "the rate at step t, from 1, is at most c/t"),
        Before = Argument.NonNegative("distance", "δ", "distance of the two runs before the step"),
        Expansion = Argument.NonNegative("expansion", "η", "the update takes no two points further apart than by this factor"),
        Size = Argument.NonNegative("size", "σ", "the update moves no point further than this");

    private static readonly Limit Contracting = new("learning-rate", "2/(smoothness + strong-convexity)", a => 2 / (a[1] + a[2])),
        Ordered = new("strong-convexity", "smoothness", a => a[1]);

    /// <summary>The formulas by name.</summary>
    public static IReadOnlyList<Bound> All { get; } =
    [
        new("survey-lemma-6", "how far a gradient step moves at most", "[Survey, Lemma 6]", [Rate, Lipschitz], a => Lemma6(a[0], a[1])),
        new("survey-lemma-7", "expansion of a gradient step on smooth functions", "[Survey, Lemma 7]", [Rate, Smoothness], a => Lemma7(a[0], a[1])),
        new("survey-lemma-7-convex", "expansion of a gradient step on convex functions", "[Survey, Lemma 7]", [Rate, Smoothness], _ => Lemma7Convex)
        { Limits = [new("learning-rate", "2/smoothness", a => 2 / a[1])] },
        new("survey-lemma-7-strongly-convex", "contraction of a gradient step on strongly convex functions", "[Survey, Lemma 7; errata 3]",
            [Rate, Smoothness, Convexity], a => Lemma7StronglyConvex(a[0], a[1], a[2])) { Limits = [Ordered with { Value = a => a[1] }, Contracting] },
        new("survey-lemma-8", "distance after both runs make the same update", "[Survey, Lemma 8]", [Before, Expansion], a => Lemma8(a[0], a[1])),
        new("survey-lemma-8-different", "distance after the runs make different updates", "[Survey, Lemma 8]", [Before, Expansion, Size], a => Lemma8Different(a[0], a[1], a[2])),
        new("survey-theorem-9", "SGD on convex losses: its stability, a bound of the generalization gap", "[Survey, Theorem 9]",
            [Lipschitz, Examples, Steps, Rate, Smoothness], a => Theorem9(a[0], (long)a[1], a[2] * a[3])) { Limits = [new("learning-rate", "2/smoothness", a => 2 / a[4])] },
        new("survey-theorem-9-distance", "SGD on convex losses: expected distance of two runs", "[Survey, app. B]",
            [Lipschitz, Examples, Steps, Rate, Smoothness], a => Theorem9Distance(a[0], (long)a[1], a[2] * a[3])) { Limits = [new("learning-rate", "2/smoothness", a => 2 / a[4])] },
        new("survey-theorem-10", "SGD on strongly convex losses: its stability after any number of steps", "[Survey, Theorem 10]",
            [Lipschitz, Examples, Convexity, Rate, Smoothness], a => Theorem10(a[0], (long)a[1], a[2]))
        { Limits = [new("strong-convexity", "smoothness", a => a[4]), new("learning-rate", "1/smoothness", a => 1 / a[4])] },
        new("survey-theorem-10-distance", "SGD on strongly convex losses: expected distance of two runs after any number of steps", "[Survey, Theorem 10]",
            [Lipschitz, Examples, Convexity, Rate, Smoothness], a => Theorem10Distance(a[0], (long)a[1], a[2]))
        { Limits = [new("strong-convexity", "smoothness", a => a[4]), new("learning-rate", "1/smoothness", a => 1 / a[4])] },
        new("survey-theorem-11", "SGD on losses in [0, 1] that need not be convex: its stability", "[Survey, Theorem 11; errata, gap 2]",
            [Lipschitz, Smoothness, Decay, Examples with { Range = Argument.Count("", "", "", 2).Range }, Steps], a => Theorem11(a[0], a[1], a[2], (long)a[3], a[4])),
    ];

    /// <summary>αL: no point is moved further. [Survey, Lemma 6]</summary>
    /// <param name="rate">α.</param>
    /// <param name="lipschitz">L.</param>
    public static double Lemma6(double rate, double lipschitz) => rate * lipschitz;

    /// <summary>1 + αβ: no two points get further apart by more than this factor. [Survey, Lemma 7]</summary>
    /// <param name="rate">α.</param>
    /// <param name="smoothness">β.</param>
    public static double Lemma7(double rate, double smoothness) => 1 + rate * smoothness;

    /// <summary>1: on convex functions no two points get further apart, for α ≤ 2/β. [Survey, Lemma 7]</summary>
    public static double Lemma7Convex => 1;

    /// <summary>
    /// √(1 − 2αβγ/(β + γ)), for α ≤ 2/(β + γ). [Survey, Lemma 7; errata 3: the printed factor lacks the root]
    /// <see cref="MomentumRates.GradientDescentContraction"/> is as small as can be; both are (β − γ)/(β + γ) at the largest α.
    /// </summary>
    /// <param name="rate">α.</param>
    /// <param name="smoothness">β.</param>
    /// <param name="convexity">γ ≤ β.</param>
    public static double Lemma7StronglyConvex(double rate, double smoothness, double convexity)
        => Math.Sqrt(Math.Max(0, 1 - 2 * rate * smoothness * convexity / (smoothness + convexity)));

    /// <summary>ηδ: both runs made the same η-expansive update. [Survey, Lemma 8]</summary>
    /// <param name="distance">δ before the update.</param>
    /// <param name="expansion">η.</param>
    public static double Lemma8(double distance, double expansion) => expansion * distance;

    /// <summary>min(η, 1) δ + 2σ: the runs made different updates, both σ-bounded, one of them η-expansive. [Survey, Lemma 8]</summary>
    /// <param name="distance">δ before the updates.</param>
    /// <param name="expansion">η.</param>
    /// <param name="size">σ.</param>
    public static double Lemma8Different(double distance, double expansion, double size) => Math.Min(expansion, 1) * distance + 2 * size;

    /// <summary>(2L²/n) Σα_t: convex losses, every α_t ≤ 2/β. [Survey, Theorem 9]</summary>
    /// <param name="lipschitz">L.</param>
    /// <param name="examples">n.</param>
    /// <param name="rateSum">Σα_t over the steps done, tα for a constant rate.</param>
    /// <returns>ε of ε-uniform stability, a bound of |E[R_S(w) − R(w)]|.</returns>
    public static double Theorem9(double lipschitz, long examples, double rateSum) => lipschitz * Theorem9Distance(lipschitz, examples, rateSum);

    /// <summary>(2L/n) Σα_t. [Survey, app. B]</summary>
    /// <inheritdoc cref="Theorem9"/>
    /// <returns>A bound of E‖w_t − w′_t‖.</returns>
    public static double Theorem9Distance(double lipschitz, long examples, double rateSum) => 2 * lipschitz * rateSum / examples;

    /// <summary>2L²/(γn): γ-strongly convex losses, a constant rate α ≤ 1/β. [Survey, Theorem 10]</summary>
    /// <param name="lipschitz">L.</param>
    /// <param name="examples">n.</param>
    /// <param name="convexity">γ.</param>
    /// <returns>ε of ε-uniform stability, a bound of |E[R_S(w) − R(w)]|.</returns>
    public static double Theorem10(double lipschitz, long examples, double convexity) => lipschitz * Theorem10Distance(lipschitz, examples, convexity);

    /// <summary>2L/(γn). [Survey, Theorem 10]</summary>
    /// <inheritdoc cref="Theorem10"/>
    /// <returns>A bound of E‖w_t − w′_t‖.</returns>
    public static double Theorem10Distance(double lipschitz, long examples, double convexity) => 2 * lipschitz / (convexity * examples);

    /// <summary>
    /// (1 + 1/(βc))/(n − 1) · (2cL²)^{1/(βc+1)} · t^{βc/(βc+1)}: losses in [0, 1], rates that don't grow and are at most c/t.
    /// [Survey, Theorem 11, which leaves the constants out; Hardt et al., Theorem 3.12]
    /// </summary>
    /// <param name="lipschitz">L.</param>
    /// <param name="smoothness">β.</param>
    /// <param name="scale">c.</param>
    /// <param name="examples">n ≥ 2.</param>
    /// <param name="steps">t.</param>
    /// <returns>ε of ε-uniform stability, a bound of |E[R_S(w) − R(w)]|.</returns>
    public static double Theorem11(double lipschitz, double smoothness, double scale, long examples, double steps)
    {
        double growth = smoothness * scale;
        return (1 + 1 / growth) / (examples - 1) * Math.Pow(2 * scale * lipschitz * lipschitz, 1 / (growth + 1)) * Math.Pow(steps, growth / (growth + 1));
    }

    /// <summary>
    /// A bound of E‖w − w′‖ after one more step, Lemma 8 over the example that is drawn: the same one with probability 1 − 1/n.
    /// κδ(1 − 1/n) + (min(κ, 1)δ + 2αL)/n. [Survey, Lemmas 6 and 8, as in app. B]
    /// </summary>
    /// <param name="distance">The bound δ before the step.</param>
    /// <param name="rate">α of the step.</param>
    /// <param name="lipschitz">L.</param>
    /// <param name="expansion">κ of the step, for example by Lemma 7.</param>
    /// <param name="examples">n.</param>
    public static double ExpectedGrowth(double distance, double rate, double lipschitz, double expansion, long examples)
        => Lemma8(distance, expansion) * (1 - 1.0 / examples) + Lemma8Different(distance, expansion, Lemma6(rate, lipschitz)) / examples;
}
