using Hooke.Problems;

namespace Hooke.Tests.Problems;

/// <summary>One of each problem, by name.</summary>
internal static class Catalog
{
    public static IClosedForm<double> Problem(string name) => name switch
    {
        "quadratic" => new Quadratic<double>([0.5, 1, 8], start: [1], minimizer: [0.25, -1, 2], deviation: 0.7),
        "multiplicative noise" => new MultiplicativeNoise<double>(0.5, 2, 1, -2, 0.5),
        "double well" => new DoubleWell<double>([1.5, -0.3, 0.2], deviation: 0.4),
        "quadratic pair" => Components.QuadraticPair<double>(),
        "quartic pair" => Components.QuarticPair<double>(),
        "double well pair" => Components.DoubleWellPair<double>(),
        "shifted quadratics" => Components.ShiftedQuadratics<double>(),
        "planar components" => Planar(),
        _ => throw new ArgumentException($"no problem is called {name}"),
    };

    /// <summary>f_i = ½ (i + 1) x² + i x y + y⁴, three components in two dimensions.</summary>
    private static ComponentSum<double> Planar() => new(3,
        static (i, x) => 0.5 * (i + 1) * x[0] * x[0] + i * x[0] * x[1] + Math.Pow(x[1], 4),
        static (i, x, sum) =>
        {
            sum[0] += (i + 1) * x[0] + i * x[1];
            sum[1] += i * x[0] + 4 * x[1] * x[1] * x[1];
        },
        1, -2);
}
