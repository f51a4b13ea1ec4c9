using System.Globalization;

namespace Hooke.Methods.Catalog;

/// <summary>How far a problem lets a step go: what methods derive their learning rates from where nobody gives one.</summary>
/// <remarks>
/// A step along the mean of B examples' gradients learns best at about
/// <code>ε(B) = ε∞ / (1 + B₀/B)</code>
/// which grows with B while the gradients' noise decides and is constant where curvature does (McCandlish, Kaplan, Amodei, "An
/// empirical model of large-batch training", arXiv:1812.06162, sec. 2.2). ε∞ leaves a margin of two to the greatest stable rate 2/h.
/// A velocity adds up 1/(1 − δ) steps, and does not change what noise asks for; but the greatest stable rate of Nesterov's momentum is
/// 2(1 + δ)/((1 + 2δ)h), so with it the steps along a lasting gradient add up to
/// <code>ε(B) = ε∞ / (B₀/B + (1 − δ)(1 + 2δ)/(1 + δ))</code>
/// and a single one is 1 − δ of that.
/// </remarks>
/// <param name="Largest">ε∞, the rate for the gradient over all examples, above 0.</param>
/// <param name="NoiseScale">B₀, examples whose gradients' mean is as large as its noise, at least 0.</param>
/// <param name="Momentum">δ of methods with momentum, in [0, 1). [Zhang16, sec. 4.2: 0.99]</param>
public sealed record RateScale(double Largest = 0.1, double NoiseScale = 32, double Momentum = RateScale.ThesisMomentum)
{
    private const double ThesisMomentum = 0.99;

    /// <summary>ε(B).</summary>
    /// <param name="examples">B, examples whose gradients are averaged in a step, above 0.</param>
    /// <param name="momentum">δ, in [0, 1).</param>
    public double At(double examples, double momentum = 0) => Largest / (NoiseScale / examples + (1 - momentum) * (1 + 2 * momentum) / (1 + momentum));

    /// <summary>
    /// The greatest rate for gradients that are added <paramref name="delay"/> gradients after they were asked for:
    /// <code>ε∞ sin(π/(4k + 2))</code>
    /// since x ← x − η h x(t − k) is stable on the curvature h for η h &lt; 2 sin(π/(4k + 2)) (Levin, May, "A note on
    /// difference-delay equations", Theoretical Population Biology 1976).
    /// </summary>
    /// <param name="delay">k, at least 0.</param>
    public double Delayed(double delay) => Largest * Math.Sin(Math.PI / (4 * delay + 2));
}

/// <summary>What methods make of a <see cref="RateScale"/>.</summary>
internal static class LearningRates
{
    private const string Momentum = "momentum", Delayed = "ε∞ sin(π/(4k + 2))";
    private static readonly string[] Sources = ["batch", Momentum, "period", "degree", "scheme", "period-inner", "period-up", "period-down"];

    /// <summary>Every worker moves by its own gradients: ε(b).</summary>
    public static Parameter Own { get; } = Make("ε(b)", c => c.Scale.At(c.Batch));

    /// <summary>The same with momentum.</summary>
    public static Parameter OwnWithMomentum { get; } = Make("(1 − δ) ε(b)", c => (1 - c[Momentum]) * c.Scale.At(c.Batch, c[Momentum]));

    /// <summary>The gradient over all examples: ε∞.</summary>
    public static Parameter Full { get; } = Make("ε∞", c => c.Scale.Largest);

    /// <summary>A step is the mean of p gradients: ε(p b).</summary>
    public static Parameter Mean { get; } = Make("ε(p b)", c => c.Scale.At((double)c.Workers * c.Batch));

    /// <summary>The center moves by the sum of all workers' steps, each of which the others' steps delay.</summary>
    /// <param name="delay">The delay k in gradients.</param>
    public static Parameter Sum(Func<Ingredients, double> delay) => Make($"min(ε(b), {Delayed})", c => Math.Min(c.Scale.At(c.Batch), c.Scale.Delayed(delay(c))));

    /// <summary>The same with momentum at the center.</summary>
    /// <param name="delay">The delay k in gradients.</param>
    public static Parameter SumWithMomentum(Func<Ingredients, double> delay)
        => Make($"(1 − δ) min(ε(b), {Delayed})", c => (1 - c[Momentum]) * Math.Min(c.Scale.At(c.Batch, c[Momentum]), c.Scale.Delayed(delay(c))));

    private static Parameter Make(string text, Func<Ingredients, double> follows)
        => new("learning-rate", "η", "step along the gradient", new(0, double.PositiveInfinity), Default.From(text, c => Rounded(follows(c)), Sources));

    /// <summary>Three digits: more would claim to know.</summary>
    private static double Rounded(double rate) => double.Parse(rate.ToString("g3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
