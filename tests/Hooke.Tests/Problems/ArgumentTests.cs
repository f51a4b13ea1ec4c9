using Hooke.Problems;
using Xunit;

namespace Hooke.Tests.Problems;

public class ArgumentTests
{
    [Fact]
    public void A_quadratic_refuses_what_it_cannot_be()
    {
        AssertRefused("curvature has 0 entries; it must have at least 1", () => new Quadratic<double>([], [1]));
        AssertRefused("curvature[1] is 0; it must be above 0", () => new Quadratic<double>([1, 0], [1]));
        AssertRefused("curvature[0] is NaN; it must be a finite Double", () => new Quadratic<double>([double.NaN], [1]));
        AssertRefused("curvature[0] is 1E-60; it must be above 0", () => new Quadratic<float>([1e-60], [1]));
        AssertRefused("start has 3 entries; it must have 1 or 2", () => new Quadratic<double>([1, 2], [1, 2, 3]));
        AssertRefused("start has 0 entries; it must have at least 1", () => new Quadratic<double>([1, 2], []));
        AssertRefused("start[0] is 1E+60; it must be a finite Single", () => new Quadratic<float>([1], [1e60]));
        AssertRefused("minimizer has 3 entries; it must have 1 or 2", () => new Quadratic<double>([1, 2], [1], [1, 2, 3]));
        AssertRefused("minimizer[1] is Infinity; it must be a finite Double", () => new Quadratic<double>([1, 2], [1], [1, double.PositiveInfinity]));
        AssertRefused("deviation is -1; it must be finite and at least 0", () => new Quadratic<double>([1], [1], [0], -1));
        AssertRefused("deviation is NaN; it must be finite and at least 0", () => new Quadratic<double>([1], [1], [0], double.NaN));
    }

    [Fact]
    public void Multiplicative_noise_refuses_what_it_cannot_be()
    {
        AssertRefused("shape is 0; it must be finite and above 0", () => new MultiplicativeNoise<double>(0, 1, 1));
        AssertRefused("shape is Infinity; it must be finite and above 0", () => new MultiplicativeNoise<double>(double.PositiveInfinity, 1, 1));
        AssertRefused("rate is -2; it must be finite and above 0", () => new MultiplicativeNoise<double>(1, -2, 1));
        AssertRefused("start has 0 entries; it must have at least 1", () => new MultiplicativeNoise<double>(1, 1));
        AssertRefused("start[1] is NaN; it must be a finite Double", () => new MultiplicativeNoise<double>(1, 1, 1, double.NaN));
    }

    [Fact]
    public void A_double_well_refuses_what_it_cannot_be()
    {
        AssertRefused("start has 0 entries; it must have at least 1", () => new DoubleWell<double>([]));
        AssertRefused("deviation is -0.5; it must be finite and at least 0", () => new DoubleWell<double>([1], -0.5));
    }

    [Fact]
    public void A_sum_refuses_what_it_cannot_be()
    {
        AssertRefused("components is 0; it must be at least 1", () => new ComponentSum<double>(0, static (_, _) => 0, static (_, _, _) => { }, 1));
        AssertRefused("start has 0 entries; it must have at least 1", () => new ComponentSum<double>(1, static (_, _) => 0, static (_, _, _) => { }));
        AssertRefused("components is -3; it must be at least 1", () => Components.ShiftedQuadratics<double>(-3));
        AssertRefused("components is 0; it must be at least 1", () => Components.ShiftedQuadraticsMinimizer(0));
        Assert.Equal("loss", Assert.Throws<ArgumentNullException>(() => new ComponentSum<double>(1, null!, static (_, _, _) => { }, 1)).ParamName);
        Assert.Equal("gradient", Assert.Throws<ArgumentNullException>(() => new ComponentSum<double>(1, static (_, _) => 0, null!, 1)).ParamName);
    }

    [Fact]
    public void One_number_stands_for_all_components_of_a_vector()
    {
        var problem = new Quadratic<double>([1, 2, 3], start: [4], minimizer: [5]);
        Assert.Equal([4, 4, 4], problem.Start.ToArray());
        Assert.Equal([5, 5, 5], problem.Minimizer.ToArray());
        Assert.Equal([0, 0], new Quadratic<double>([1, 2], [1]).Minimizer.ToArray());
    }

    private static void AssertRefused(string message, Func<object> create) => Assert.Equal(message, Assert.Throws<ArgumentException>(create).Message);
}
