using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hooke.Numerics;
using Hooke.Problems;

namespace Hooke.Theory.ModifiedEquations;

/// <summary>
/// F(x) = (1/n) Σ f_i(x) in d dimensions, on many paths at once: each lane of a vector belongs to a path of its own. It keeps no
/// state, and any number of threads may call it. [AnLuYing18, eq. 1.1]
/// </summary>
/// <remarks>What takes and gives single vectors is for d = 1; it says the same, faster.</remarks>
public interface IPathObjective
{
    /// <summary>d.</summary>
    int Dimension { get; }

    /// <summary>n.</summary>
    int Components { get; }

    /// <summary>Where paths start, unless told otherwise: d numbers.</summary>
    ReadOnlySpan<double> Start { get; }

    /// <summary>Writes ∇f_i(x), with a component of each path's own.</summary>
    /// <param name="component">i, from 0 to n − 1, a whole number in every lane.</param>
    /// <param name="x">Where, d vectors.</param>
    /// <param name="gradient">Receives d vectors.</param>
    /// <typeparam name="V">The lanes.</typeparam>
    void Gradient<V>(V component, ReadOnlySpan<V> x, Span<V> gradient) where V : unmanaged, IWide<V>;

    /// <summary>f_i′(x).</summary>
    /// <param name="component">i, from 0 to n − 1, a whole number in every lane.</param>
    /// <param name="x">Where.</param>
    /// <typeparam name="V">The lanes.</typeparam>
    V Gradient<V>(V component, V x) where V : unmanaged, IWide<V>
    {
        Gradient(component, new(ref x), new Span<V>(ref x));
        return x;
    }

    /// <summary>Writes ∇²F(x) v, from central differences of ∇F unless there is a formula: then it is exact for quadratic F, and within about 1e-9 otherwise.</summary>
    /// <param name="x">Where, d vectors.</param>
    /// <param name="v">d vectors.</param>
    /// <param name="product">Receives d vectors.</param>
    /// <typeparam name="V">The lanes.</typeparam>
    void Curve<V>(ReadOnlySpan<V> x, ReadOnlySpan<V> v, Span<V> product) where V : unmanaged, IWide<V>
    {
        const double Reach = 1.0 / (1 << 17);
        int d = Dimension;
        Span<V> at = new V[d], behind = new V[d];
        for (int k = 0; k < d; k++) at[k] = x[k] - v[k] * Reach;
        Mean(at, behind, []);
        for (int k = 0; k < d; k++) at[k] = x[k] + v[k] * Reach;
        Mean(at, product, []);
        for (int k = 0; k < d; k++) product[k] = (product[k] - behind[k]) * (0.5 / Reach);
    }

    /// <summary>F″(x) v.</summary>
    /// <param name="x">Where.</param>
    /// <param name="v">v.</param>
    /// <typeparam name="V">The lanes.</typeparam>
    V Curve<V>(V x, V v) where V : unmanaged, IWide<V>
    {
        V product = default;
        Curve(new(ref x), new(ref v), new Span<V>(ref product));
        return product;
    }

    /// <summary>Writes ∇F(x) and G(x) = (1/n) Σ ∇f_i ∇f_iᵀ.</summary>
    /// <param name="x">Where, d vectors.</param>
    /// <param name="gradient">Receives d vectors.</param>
    /// <param name="second">Receives the lower triangle row by row, d(d + 1)/2 vectors; may be empty.</param>
    /// <typeparam name="V">The lanes.</typeparam>
    void Mean<V>(ReadOnlySpan<V> x, Span<V> gradient, Span<V> second) where V : unmanaged, IWide<V>
    {
        int d = Dimension;
        Span<V> one = new V[d];
        gradient.Clear();
        second.Clear();
        for (int i = 0; i < Components; i++)
        {
            Gradient(V.Create((double)i), x, one);
            for (int r = 0, entry = 0; r < d; r++)
            {
                gradient[r] += one[r];
                if (second.Length > 0) for (int c = 0; c <= r; c++) second[entry++] += one[r] * one[c];
            }
        }
        double part = 1.0 / Components;
        for (int k = 0; k < d; k++) gradient[k] *= part;
        for (int k = 0; k < second.Length; k++) second[k] *= part;
    }

    /// <summary>F′(x) and G(x) = (1/n) Σ f_i′(x)².</summary>
    /// <param name="x">Where.</param>
    /// <typeparam name="V">The lanes.</typeparam>
    (V Gradient, V Second) Mean<V>(V x) where V : unmanaged, IWide<V>
    {
        V gradient = default, second = default;
        Mean(new(ref x), new Span<V>(ref gradient), new(ref second));
        return (gradient, second);
    }

    /// <summary>Writes F′ and G at several points.</summary>
    /// <param name="x">The points.</param>
    /// <param name="gradients">Receives F′ at each.</param>
    /// <param name="seconds">Receives G at each.</param>
    /// <param name="room">Two vectors for each, to work with.</param>
    /// <typeparam name="V">The lanes.</typeparam>
    void Means<V>(ReadOnlySpan<V> x, Span<V> gradients, Span<V> seconds, Span<V> room) where V : unmanaged, IWide<V>
    {
        for (int k = 0; k < x.Length; k++) (gradients[k], seconds[k]) = Mean(x[k]);
    }
}

/// <summary>
/// The derivatives of a function φ of one variable: φ′ in two halves, which loops of their own may take so that a processor sees more
/// of what is independent.
/// </summary>
public interface IShape
{
    /// <summary>What takes long in φ′(z), its first half: two vectors for the second one.</summary>
    /// <param name="z">z.</param>
    /// <typeparam name="V">The lanes.</typeparam>
    static virtual (V, V) FirstHalf<V>(V z) where V : unmanaged, IWide<V> => default;

    /// <summary>A factor of φ′ that its second half leaves out, a power of 2.</summary>
    static abstract double Factor { get; }

    /// <summary>φ′(z)/<see cref="Factor"/>, from the first half.</summary>
    /// <param name="z">z.</param>
    /// <param name="first">A vector of the first half.</param>
    /// <param name="second">The other one.</param>
    /// <typeparam name="V">The lanes.</typeparam>
    static abstract V SecondHalf<V>(V z, V first, V second) where V : unmanaged, IWide<V>;

    /// <summary>φ″(z).</summary>
    /// <param name="z">z.</param>
    /// <typeparam name="V">The lanes.</typeparam>
    static abstract V Curvature<V>(V z) where V : unmanaged, IWide<V>;
}

/// <summary>φ = z².</summary>
public readonly struct Parabola : IShape
{
    /// <inheritdoc/>
    public static double Factor => 2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V SecondHalf<V>(V z, V first, V second) where V : unmanaged, IWide<V> => z;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Curvature<V>(V z) where V : unmanaged, IWide<V> => V.Create(2.0);
}

/// <summary>φ = ½ z².</summary>
public readonly struct HalfParabola : IShape
{
    /// <inheritdoc/>
    public static double Factor => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V SecondHalf<V>(V z, V first, V second) where V : unmanaged, IWide<V> => z;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Curvature<V>(V z) where V : unmanaged, IWide<V> => V.Create(1.0);
}

/// <summary>φ = z⁴.</summary>
public readonly struct Quartic : IShape
{
    /// <inheritdoc/>
    public static double Factor => 4;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V SecondHalf<V>(V z, V first, V second) where V : unmanaged, IWide<V> => z * z * z;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Curvature<V>(V z) where V : unmanaged, IWide<V> => z * 12 * z;
}

/// <summary>φ = −2 e^(−z²).</summary>
public readonly struct Well : IShape
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (V, V) FirstHalf<V>(V z) where V : unmanaged, IWide<V> => WideMath<V>.Halves(z * z);

    /// <inheritdoc/>
    public static double Factor => 4;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V SecondHalf<V>(V z, V first, V second) where V : unmanaged, IWide<V> => z * WideMath<V>.PowerOf2(first, second);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Curvature<V>(V z) where V : unmanaged, IWide<V> => (V.Create(4.0) - z * 8 * z) * WideMath<V>.ExpOfMinus(z * z);
}

/// <summary>f_i(x) = φ(x − c_i) up to constants, of one variable, with evenly spaced c_i = first + i · spacing: every objective of the paper's figures is one.</summary>
/// <typeparam name="TShape">φ.</typeparam>
public readonly struct Translates<TShape> : IPathObjective where TShape : struct, IShape
{
    private readonly double[] start;
    private readonly double first, spacing, part;

    /// <summary>Creates the objective.</summary>
    /// <param name="components">n, at least 1.</param>
    /// <param name="first">c_0.</param>
    /// <param name="spacing">c_(i+1) − c_i.</param>
    /// <param name="start">Where paths start.</param>
    public Translates(int components, double first, double spacing, double start)
    {
        if (components < 1) throw new ArgumentException($"components is {components}; it must be at least 1");
        (Components, this.first, this.spacing, this.start, part) = (components, first, spacing, [start], 1.0 / components);
    }

    /// <inheritdoc/>
    public int Dimension => 1;

    /// <inheritdoc/>
    public int Components { get; }

    /// <inheritdoc/>
    public ReadOnlySpan<double> Start => start;

    /// <inheritdoc/>
    public void Gradient<V>(V component, ReadOnlySpan<V> x, Span<V> gradient) where V : unmanaged, IWide<V> => gradient[0] = Gradient(component, x[0]);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Gradient<V>(V component, V x) where V : unmanaged, IWide<V> => Slope(x - V.MultiplyAdd(component, V.Create(spacing), V.Create(first)));

    /// <inheritdoc/>
    public void Curve<V>(ReadOnlySpan<V> x, ReadOnlySpan<V> v, Span<V> product) where V : unmanaged, IWide<V> => product[0] = Curve(x[0], v[0]);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Curve<V>(V x, V v) where V : unmanaged, IWide<V>
    {
        V sum = default;
        for (int i = 0; i < Components; i++) sum += TShape.Curvature(x - V.Create(first + i * spacing));
        return sum * part * v;
    }

    /// <inheritdoc/>
    public void Mean<V>(ReadOnlySpan<V> x, Span<V> gradient, Span<V> second) where V : unmanaged, IWide<V>
    {
        (gradient[0], var squares) = Mean(x[0]);
        if (second.Length > 0) second[0] = squares;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (V Gradient, V Second) Mean<V>(V x) where V : unmanaged, IWide<V>
    {
        V sum = default, squares = default;
        double n = Components; // a double, for a conversion costs as much as an addition
        for (double i = 0; i < n; i++)
        {
            var slope = Slope(x - V.Create(first + i * spacing));
            sum += slope;
            squares = V.MultiplyAdd(slope, slope, squares);
        }
        return (sum * part, squares * part);
    }

    // One component after the other and in two halves: then a processor sees more of what is independent, and keeps it in registers.
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Means<V>(ReadOnlySpan<V> x, Span<V> gradients, Span<V> seconds, Span<V> room) where V : unmanaged, IWide<V>
    {
        for (int i = 0; i < Components; i++)
        {
            var center = V.Create(first + i * spacing);
            for (int k = 0; k < x.Length; k++) (room[2 * k], room[2 * k + 1]) = TShape.FirstHalf(x[k] - center);
            for (int k = 0; k < x.Length; k++)
            {
                var slope = TShape.SecondHalf(x[k] - center, room[2 * k], room[2 * k + 1]);
                (gradients[k], seconds[k]) = i == 0 ? (slope, slope * slope) : (gradients[k] + slope, V.MultiplyAdd(slope, slope, seconds[k]));
            }
        }
        for (int k = 0; k < x.Length; k++) (gradients[k], seconds[k]) = (gradients[k] * (TShape.Factor * part), seconds[k] * (TShape.Factor * TShape.Factor * part));
    }

    /// <summary>φ′(z).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Slope<V>(V z) where V : unmanaged, IWide<V>
    {
        var (first, second) = TShape.FirstHalf(z);
        return TShape.SecondHalf(z, first, second) * TShape.Factor;
    }
}

/// <summary>Any sum of components, in any dimension, path by path.</summary>
/// <param name="sum">The components.</param>
public sealed class AnyComponents(ComponentSum<double> sum) : IPathObjective
{
    /// <inheritdoc/>
    public int Dimension => sum.Dimension;

    /// <inheritdoc/>
    public int Components => sum.Components;

    /// <inheritdoc/>
    public ReadOnlySpan<double> Start => sum.Start;

    /// <inheritdoc/>
    public void Gradient<V>(V component, ReadOnlySpan<V> x, Span<V> gradient) where V : unmanaged, IWide<V>
    {
        Span<double> point = new double[x.Length], slope = new double[x.Length];
        var from = MemoryMarshal.Cast<V, double>(x);
        var to = MemoryMarshal.Cast<V, double>(gradient);
        for (int lane = 0; lane < V.Count; lane++)
        {
            for (int k = 0; k < point.Length; k++) point[k] = from[k * V.Count + lane];
            sum.Gradient((int)component[lane], point, slope);
            for (int k = 0; k < slope.Length; k++) to[k * V.Count + lane] = slope[k];
        }
    }
}
