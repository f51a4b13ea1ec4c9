using Hooke.Problems;
using Xunit;

namespace Hooke.Tests.Problems;

public class ComponentsTests
{
    [Theory]
    [InlineData("quadratic pair", 2, 1)]
    [InlineData("quartic pair", 2, 1)]
    [InlineData("double well pair", 2, 0.1)]
    [InlineData("shifted quadratics", 100, 1)]
    public void The_figures_have_their_number_of_components_and_start(string name, int components, double start)
    {
        var problem = (ComponentSum<double>)Catalog.Problem(name);
        Assert.Equal((components, components, 1), (problem.Components, (int)problem.Examples, problem.Dimension));
        Assert.Equal([start], problem.Start.ToArray());
    }

    [Theory]
    [InlineData(-1.3)]
    [InlineData(0)]
    [InlineData(0.4)]
    [InlineData(2)]
    public void The_means_are_the_functions_in_the_captions(double x)
    {
        Assert.Equal(x * x, Components.QuadraticPair<double>().Loss([x]), 12);
        Assert.Equal(Math.Pow(x, 4) + 6 * x * x, Components.QuarticPair<double>().Loss([x]), 12);
        Assert.Equal(1 - Math.Exp(-(x - 1) * (x - 1)) - Math.Exp(-(x + 1) * (x + 1)), Components.DoubleWellPair<double>().Loss([x]), 12);
    }

    [Fact]
    public void The_components_are_those_of_the_captions_in_their_order()
    {
        Assert.Equal((0.0, 8.0), Pair(Components.QuadraticPair<double>(), 2));
        Assert.Equal((0.0, 80.0), Pair(Components.QuarticPair<double>(), 2));
        Assert.Equal((-1.0, 1 - 2 * Math.Exp(-4)), Pair(Components.DoubleWellPair<double>(), 1));
        // c_1 = −0.495 and c_100 = 0.
        var shifted = Components.ShiftedQuadratics<double>();
        Assert.Equal(0.5 * 1.495 * 1.495, shifted.Loss(0, [1]), 14);
        Assert.Equal(0.5, shifted.Loss(99, [1]), 14);

        static (double, double) Pair(ComponentSum<double> problem, double x) => (problem.Loss(0, [x]), problem.Loss(1, [x]));
    }

    [Fact]
    public void The_double_well_pair_has_its_minima_near_0_9575()
    {
        var problem = Components.DoubleWellPair<double>();
        Assert.True(Slope(0.95745) < 0 && Slope(0.95755) > 0);
        Assert.True(Slope(-0.95755) < 0 && Slope(-0.95745) > 0);

        double Slope(double x)
        {
            var gradient = new double[1];
            problem.Gradient([x], gradient, new(0, 0, 0, 0, Draw.Full));
            return gradient[0];
        }
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, -0.125)]
    [InlineData(100, -0.2475)]
    public void The_minimizer_of_the_shifted_quadratics_is_the_mean_of_the_shifts(int components, double minimizer)
    {
        Assert.Equal(minimizer, Components.ShiftedQuadraticsMinimizer(components), 15);
        var gradient = new double[1];
        Components.ShiftedQuadratics<double>(components).Gradient([minimizer], gradient, new(0, 0, 0, 0, Draw.Full));
        Assert.Equal(0, gradient[0], 14);
    }
}
