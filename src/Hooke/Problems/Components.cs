using System.Numerics;

namespace Hooke.Problems;

/// <summary>The sums of one-dimensional components that the numerical experiments of AnLuYing18 minimize. [AnLuYing18, figs. 4 to 6]</summary>
public static class Components
{
    /// <summary>f₁ = (x − 1)² − 1 and f₂ = (x + 1)² − 1, so F = x²; runs start at 1. [AnLuYing18, fig. 4]</summary>
    /// <typeparam name="T">Number type.</typeparam>
    public static ComponentSum<T> QuadraticPair<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> => Create<T>(2, 1,
        static (i, x) => Square(x - Pole<T>(i)) - T.One,
        static (i, x) => T.CreateTruncating(2) * (x - Pole<T>(i)));

    /// <summary>f₁ = (x − 1)⁴ − 1 and f₂ = (x + 1)⁴ − 1, so F = x⁴ + 6x²; runs start at 1. [AnLuYing18, fig. 5, left]</summary>
    /// <typeparam name="T">Number type.</typeparam>
    public static ComponentSum<T> QuarticPair<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> => Create<T>(2, 1,
        static (i, x) => Square(Square(x - Pole<T>(i))) - T.One,
        static (i, x) => T.CreateTruncating(4) * Square(x - Pole<T>(i)) * (x - Pole<T>(i)));

    /// <summary>
    /// f₁ = 1 − 2e^(−(x−1)²) and f₂ = 1 − 2e^(−(x+1)²), so F = 1 − e^(−(x−1)²) − e^(−(x+1)²), with minima near ±0.9575; runs
    /// start at 0.1. [AnLuYing18, fig. 5, right]
    /// </summary>
    /// <typeparam name="T">Number type.</typeparam>
    public static ComponentSum<T> DoubleWellPair<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> => Create<T>(2, 0.1,
        static (i, x) => T.One - T.CreateTruncating(2) * T.Exp(-Square(x - Pole<T>(i))),
        static (i, x) => T.CreateTruncating(4) * (x - Pole<T>(i)) * T.Exp(-Square(x - Pole<T>(i))));

    /// <summary>f_i = ½ (x − c_i)², c_i = −½ + i/(2N), i = 1 … N; runs start at 1. [AnLuYing18, fig. 6, with N = 100]</summary>
    /// <param name="components">N, at least 1.</param>
    /// <typeparam name="T">Number type.</typeparam>
    /// <exception cref="ArgumentException">No components.</exception>
    public static ComponentSum<T> ShiftedQuadratics<T>(int components = 100) where T : unmanaged, IBinaryFloatingPointIeee754<T> => Create<T>(components, 1,
        (i, x) => Square(x - Shift<T>(i, components)) / T.CreateTruncating(2),
        (i, x) => x - Shift<T>(i, components));

    /// <summary>
    /// The minimizer of <see cref="ShiftedQuadratics"/>, the mean of the literal c_i: −½ + (N + 1)/(4N), −0.2475 for N = 100.
    /// The error of figure 6 is measured from here. [AnLuYing18, fig. 6; errata 7]
    /// </summary>
    /// <param name="components">N, at least 1.</param>
    /// <exception cref="ArgumentException">No components.</exception>
    public static double ShiftedQuadraticsMinimizer(int components = 100) => components >= 1
        ? -0.5 + (components + 1.0) / (4.0 * components)
        : throw new ArgumentException($"components is {components}; it must be at least 1");

    private static ComponentSum<T> Create<T>(int components, double start, Func<int, T, T> loss, Func<int, T, T> derivative) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => new(components, (i, x) => double.CreateTruncating(loss(i, x[0])), (i, x, sum) => sum[0] += derivative(i, x[0]), start);

    /// <summary>Where f₁ and f₂ have their minima: 1 and −1.</summary>
    private static T Pole<T>(int component) where T : unmanaged, IBinaryFloatingPointIeee754<T> => component == 0 ? T.One : -T.One;

    /// <summary>c_i; components count from 0, i from 1.</summary>
    private static T Shift<T>(int component, int components) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => T.CreateTruncating(-0.5 + (component + 1) / (2.0 * components));

    private static T Square<T>(T x) where T : unmanaged, IBinaryFloatingPointIeee754<T> => x * x;
}
