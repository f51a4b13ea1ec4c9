using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hooke.Numerics;

namespace Hooke.Theory.ModifiedEquations;

/// <summary>One exponential of a memory: geometric staleness P(τ = l) = (1 − μ) μ^l, and its part in the whole.</summary>
/// <param name="Weight">c, its part, above 0; the parts of a memory add up to 1.</param>
/// <param name="Staleness">μ, at least 0 and below 1: the mean staleness is μ/(1 − μ).</param>
public readonly record struct Exponential(double Weight, double Staleness);

/// <summary>
/// How stale reads are: P(τ = l) for l = 0, 1, 2, …; draws are independent. Geometric staleness is what AnLuYing18 assumes; a
/// sum of exponentials has modified equations, too; any other law can be simulated. [AnLuYing18, assumption 1]
/// </summary>
public sealed class StalenessLaw
{
    /// <summary>The largest staleness that a law may have.</summary>
    public const int Most = 1 << 20;

    // Uniform numbers have 53 bits; what lies beyond has less than one of them in 2⁵³.
    private const double Negligible = 1.0 / (1L << 53);
    private readonly double[] threshold;
    private readonly int[] alias;
    private readonly double scale, maximum; // 1/log μ of a geometric law, 0 of any other

    private StalenessLaw(double[] probabilities, Exponential[] exponentials)
    {
        Exponentials = exponentials;
        Probabilities = probabilities;
        Mean = exponentials.Length > 0 ? exponentials.Sum(e => e.Weight * e.Staleness / (1 - e.Staleness)) : probabilities.Select((p, l) => l * p).Sum();
        maximum = probabilities.Length - 1;
        scale = exponentials is [{ Staleness: > 0 } only] ? 1 / Math.Log(only.Staleness) : 0;
        (threshold, alias) = AliasTable(probabilities);
    }

    /// <summary>P(τ = l) = (1 − μ) μ^l.</summary>
    /// <param name="staleness">μ, at least 0 and below 1.</param>
    public static StalenessLaw Geometric(double staleness) => Mixture(new Exponential(1, staleness));

    /// <summary>P(τ = l) = Σ c_j (1 − μ_j) μ_j^l: the sum of exponentials that the paper suggests. [AnLuYing18, sec. 2]</summary>
    /// <param name="exponentials">Their parts add up to 1.</param>
    public static StalenessLaw Mixture(params IReadOnlyList<Exponential> exponentials)
    {
        if (exponentials.Count == 0) throw new ArgumentException("a staleness law has 0 exponentials; it must have at least 1");
        double sum = 0, longest = 0;
        foreach (var (weight, staleness) in exponentials)
        {
            sum += Check.Above0("weight", weight);
            longest = Math.Max(longest, Check.Staleness(staleness));
        }
        if (Math.Abs(sum - 1) > 1e-6) throw new ArgumentException(FormattableString.Invariant($"the weights of a staleness law add up to {sum}; they must add up to 1"));
        double length = longest == 0 ? 1 : Math.Floor(Math.Log(Negligible) / Math.Log(longest)) + 1;
        if (length > Most) throw new ArgumentException(FormattableString.Invariant($"staleness is {longest}; reads may be {length:n0} steps old, {Most} at most"));
        var probabilities = new double[(int)length];
        foreach (var (weight, staleness) in exponentials)
        {
            double p = weight / sum * (1 - staleness);
            for (int l = 0; l < probabilities.Length && p > 0; l++, p *= staleness) probabilities[l] += p;
        }
        return new(probabilities, [.. exponentials.Select(e => e with { Weight = e.Weight / sum })]);
    }

    /// <summary>Any law.</summary>
    /// <param name="weights">In proportion to P(τ = 0), P(τ = 1), …: for example a histogram. Finite, at least 0, and not all 0.</param>
    public static StalenessLaw Of(params IReadOnlyList<double> weights)
    {
        if (weights.Count is 0 or > Most) throw new ArgumentException($"a staleness law has {weights.Count} weights; it must have 1 to {Most}");
        double sum = 0;
        for (int l = 0; l < weights.Count; l++) sum += Check.AtLeast0(FormattableString.Invariant($"weight {l}"), weights[l]);
        if (!(sum > 0)) throw new ArgumentException("the weights of a staleness law add up to 0; they must add up to more");
        return new([.. weights.Select(w => w / sum)], []);
    }

    /// <summary>Reads a law: <c>0.95</c> is geometric, <c>0.7:0.9,0.3:0.5</c> a sum of exponentials, parts before colons.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">It is neither.</exception>
    public static StalenessLaw Parse(string text) => Mixture([.. text.Split(',').Select(term => term.Split(':') switch
    {
        [var staleness] => new Exponential(1, Number(staleness)),
        [var weight, var staleness] => new Exponential(Number(weight), Number(staleness)),
        _ => throw new FormatException(),
    })]);

    /// <summary>P(τ = l), as far as it is not negligible.</summary>
    public IReadOnlyList<double> Probabilities { get; }

    /// <summary>The law's exponentials; none if it is no sum of exponentials.</summary>
    public IReadOnlyList<Exponential> Exponentials { get; }

    /// <summary>E τ.</summary>
    public double Mean { get; }

    /// <summary>The largest staleness.</summary>
    public int Maximum => Probabilities.Count - 1;

    /// <summary>The staleness of a geometric law of the same mean: 1 − 1/(1 + E τ).</summary>
    public double EffectiveStaleness => Mean / (1 + Mean);

    /// <summary>Draws a staleness.</summary>
    /// <param name="uniform">A uniform number in [0, 1).</param>
    public int Draw(double uniform) => (int)Draw(Wide256.Create(uniform))[0];

    /// <summary>
    /// Draws many, as whole numbers: ⌊log(1 − u)/log μ⌋ of a geometric law, and by Walker's alias method, a look-up in a
    /// table, of any other.
    /// </summary>
    /// <param name="uniform">Uniform numbers in [0, 1).</param>
    /// <typeparam name="V">The lanes.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal V Draw<V>(V uniform) where V : unmanaged, IWide<V>
        => scale == 0 ? LookUp(uniform) : V.Min(V.Floor(WideMath<V>.Log(V.Create(1.0) - uniform) * scale), V.Create(maximum));

    private V LookUp<V>(V uniform) where V : unmanaged, IWide<V>
    {
        foreach (ref double lane in MemoryMarshal.Cast<V, double>(new Span<V>(ref uniform)))
        {
            double scaled = lane * threshold.Length;
            int cell = (int)scaled;
            lane = scaled < threshold[cell] ? cell : alias[cell];
        }
        return uniform;
    }

    /// <summary>Cell k keeps its own value below its threshold, k + the part of its width that is its own, and gives its alias above.</summary>
    private static (double[] Threshold, int[] Alias) AliasTable(double[] probabilities)
    {
        int n = probabilities.Length;
        double[] left = [.. probabilities.Select(p => p * n)], threshold = new double[n];
        int[] alias = [.. Enumerable.Range(0, n)];
        for (int k = 0; k < n; k++) threshold[k] = k + 1;
        var (small, large) = (new Stack<int>(), new Stack<int>());
        for (int k = n - 1; k >= 0; k--) (left[k] < 1 ? small : large).Push(k);
        while (small.Count > 0 && large.Count > 0)
        {
            int poor = small.Pop(), rich = large.Peek();
            (threshold[poor], alias[poor]) = (poor + left[poor], rich);
            left[rich] -= 1 - left[poor];
            if (left[rich] < 1) small.Push(large.Pop());
        }
        return (threshold, alias);
    }

    private static double Number(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}
