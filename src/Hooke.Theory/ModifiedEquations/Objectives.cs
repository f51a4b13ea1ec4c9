using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hooke.Problems;

namespace Hooke.Theory.ModifiedEquations;

/// <summary>
/// F(x) = (1/n) Σ f_i(x) in d dimensions, on eight paths at once: lane j of a vector belongs to path j. It keeps no state, and
/// any number of threads may call it. [AnLuYing18, eq. 1.1]
/// </summary>
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
    void Gradient(Vector512<double> component, ReadOnlySpan<Vector512<double>> x, Span<Vector512<double>> gradient);

    /// <summary>Writes ∇²F(x) v, from central differences of ∇F unless there is a formula: then it is exact for quadratic F, and within about 1e-9 otherwise.</summary>
    /// <param name="x">Where, d vectors.</param>
    /// <param name="v">d vectors.</param>
    /// <param name="product">Receives d vectors.</param>
    void Curve(ReadOnlySpan<Vector512<double>> x, ReadOnlySpan<Vector512<double>> v, Span<Vector512<double>> product)
    {
        const double Reach = 1.0 / (1 << 17);
        int d = Dimension;
        Span<Vector512<double>> at = new Vector512<double>[d], behind = new Vector512<double>[d];
        for (int k = 0; k < d; k++) at[k] = x[k] - v[k] * Reach;
        Mean(at, behind, []);
        for (int k = 0; k < d; k++) at[k] = x[k] + v[k] * Reach;
        Mean(at, product, []);
        for (int k = 0; k < d; k++) product[k] = (product[k] - behind[k]) * (0.5 / Reach);
    }

    /// <summary>Writes ∇F(x) and G(x) = (1/n) Σ ∇f_i ∇f_iᵀ.</summary>
    /// <param name="x">Where, d vectors.</param>
    /// <param name="gradient">Receives d vectors.</param>
    /// <param name="second">Receives the lower triangle row by row, d(d + 1)/2 vectors; may be empty.</param>
    void Mean(ReadOnlySpan<Vector512<double>> x, Span<Vector512<double>> gradient, Span<Vector512<double>> second)
    {
        int d = Dimension;
        Span<Vector512<double>> one = new Vector512<double>[d];
        gradient.Clear();
        second.Clear();
        for (int i = 0; i < Components; i++)
        {
            Gradient(Vector512.Create((double)i), x, one);
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
}

/// <summary>The derivatives of a function φ of one variable.</summary>
public interface IShape
{
    /// <summary>φ′(z).</summary>
    /// <param name="z">z.</param>
    static abstract Vector512<double> Slope(Vector512<double> z);

    /// <summary>φ″(z).</summary>
    /// <param name="z">z.</param>
    static abstract Vector512<double> Curvature(Vector512<double> z);
}

/// <summary>φ = z².</summary>
public readonly struct Parabola : IShape
{
    /// <inheritdoc/>
    public static Vector512<double> Slope(Vector512<double> z) => 2 * z;

    /// <inheritdoc/>
    public static Vector512<double> Curvature(Vector512<double> z) => Vector512.Create(2.0);
}

/// <summary>φ = ½ z².</summary>
public readonly struct HalfParabola : IShape
{
    /// <inheritdoc/>
    public static Vector512<double> Slope(Vector512<double> z) => z;

    /// <inheritdoc/>
    public static Vector512<double> Curvature(Vector512<double> z) => Vector512<double>.One;
}

/// <summary>φ = z⁴.</summary>
public readonly struct Quartic : IShape
{
    /// <inheritdoc/>
    public static Vector512<double> Slope(Vector512<double> z) => 4 * z * z * z;

    /// <inheritdoc/>
    public static Vector512<double> Curvature(Vector512<double> z) => 12 * z * z;
}

/// <summary>φ = −2 e^(−z²).</summary>
public readonly struct Well : IShape
{
    /// <inheritdoc/>
    public static Vector512<double> Slope(Vector512<double> z) => 4 * z * Vector512.Exp(-(z * z));

    /// <inheritdoc/>
    public static Vector512<double> Curvature(Vector512<double> z) => (Vector512.Create(4.0) - 8 * z * z) * Vector512.Exp(-(z * z));
}

/// <summary>f_i(x) = φ(x − c_i) up to constants, of one variable, with evenly spaced c_i = first + i · spacing: every objective of the paper's figures is one.</summary>
/// <typeparam name="TShape">φ.</typeparam>
public readonly struct Translates<TShape> : IPathObjective where TShape : struct, IShape
{
    private readonly double[] start;
    private readonly double first, spacing;

    /// <summary>Creates the objective.</summary>
    /// <param name="components">n, at least 1.</param>
    /// <param name="first">c_0.</param>
    /// <param name="spacing">c_(i+1) − c_i.</param>
    /// <param name="start">Where paths start.</param>
    public Translates(int components, double first, double spacing, double start)
    {
        if (components < 1) throw new ArgumentException($"components is {components}; it must be at least 1");
        (Components, this.first, this.spacing, this.start) = (components, first, spacing, [start]);
    }

    /// <inheritdoc/>
    public int Dimension => 1;

    /// <inheritdoc/>
    public int Components { get; }

    /// <inheritdoc/>
    public ReadOnlySpan<double> Start => start;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Gradient(Vector512<double> component, ReadOnlySpan<Vector512<double>> x, Span<Vector512<double>> gradient)
        => gradient[0] = TShape.Slope(x[0] - Vector512.Create(first) - component * spacing);

    /// <inheritdoc/>
    public void Curve(ReadOnlySpan<Vector512<double>> x, ReadOnlySpan<Vector512<double>> v, Span<Vector512<double>> product)
    {
        var sum = Vector512<double>.Zero;
        for (int i = 0; i < Components; i++) sum += TShape.Curvature(x[0] - Vector512.Create(first) - Vector512.Create((double)i) * spacing);
        product[0] = sum / Components * v[0];
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Mean(ReadOnlySpan<Vector512<double>> x, Span<Vector512<double>> gradient, Span<Vector512<double>> second)
    {
        Vector512<double> sum = default, squares = default;
        for (int i = 0; i < Components; i++)
        {
            var slope = TShape.Slope(x[0] - Vector512.Create(first) - Vector512.Create((double)i) * spacing);
            sum += slope;
            squares += slope * slope;
        }
        double part = 1.0 / Components;
        gradient[0] = sum * part;
        if (second.Length > 0) second[0] = squares * part;
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
    public void Gradient(Vector512<double> component, ReadOnlySpan<Vector512<double>> x, Span<Vector512<double>> gradient)
    {
        Span<double> point = new double[x.Length], slope = new double[x.Length];
        for (int lane = 0; lane < Vector512<double>.Count; lane++)
        {
            for (int k = 0; k < point.Length; k++) point[k] = x[k][lane];
            sum.Gradient((int)component[lane], point, slope);
            for (int k = 0; k < slope.Length; k++) gradient[k] = gradient[k].WithElement(lane, slope[k]);
        }
    }
}
