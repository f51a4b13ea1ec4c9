using Hooke.Methods.Catalog;
using Hooke.Theory;
using Xunit;

namespace Hooke.Tests.Theory;

/// <summary>The minima that the thesis quotes of its figures, and searches that closed forms confirm.</summary>
public class OptimumTests
{
    // Figures 5.15 to 5.18: β = 0.9, α = β/p, the defaults.
    [Theory]
    [InlineData(0.5, 1, 0.5742, 6, 0.3814)]
    [InlineData(1, 1, 0.4317, 7, 0.5225)]
    [InlineData(2, 1, 0.2945, 9, 0.6647)]
    [InlineData(10, 2, 0.0868, 29, 0.8929)]
    public void Easgd_under_multiplicative_noise_is_fastest_at_a_finite_number_of_workers(double shape, double most, double radius, int workers, double rate)
    {
        var optimum = Optimum.Of(Easgd(2) with { Gamma = (shape, shape) }, new Axis("learning-rate", 0, most), new Axis("workers", 1, 64, IsWhole: true));
        Assert.Equal(workers, optimum.Values["workers"]);
        Assert.Equal(radius, optimum.Radius, 5e-5);
        Assert.Equal(rate, optimum.Values["learning-rate"], 1e-3);
        // Nothing within reach is better.
        var setup = (Easgd(2) with { Gamma = (shape, shape) }).With("workers", workers);
        for (double eta = 0.01; eta < most; eta += 0.01) Assert.True(setup.With("learning-rate", eta).Radius() >= optimum.Radius);
    }

    [Fact]
    public void The_minimum_of_figure_5_19_has_a_positive_moving_rate()
    {
        var setup = Easgd(100) with { Gamma = (0.5, 0.5), Values = new Dictionary<string, Quantity> { ["center-rate"] = new(0.9, PerWorker: true) } };
        var optimum = Optimum.Of(setup, new Axis("learning-rate", 0, 1), new Axis("moving-rate", -1, 1));
        Assert.Equal(0.5024, optimum.Radius, 5e-5);
        // The thesis reads the place off a grid.
        Assert.Equal(0.4343, optimum.Values["learning-rate"], 2e-3);
        Assert.Equal(0.2525, optimum.Values["moving-rate"], 2e-3);
    }

    [Theory]
    [InlineData("minibatch-sgd", "learning-rate", 7)]
    [InlineData("msgd", "momentum", 1)]
    [InlineData("easgd", "moving-rate", 5)]
    public void A_search_finds_what_a_closed_form_says(string method, string name, int workers)
    {
        var setup = new Setup(AllMethods.Find(method), workers);
        if (method == "minibatch-sgd") setup = setup with { Gamma = (0.7, 1.3), Moment = 2 };
        else setup = setup.With("learning-rate", 1.04);
        if (method == "easgd") setup = setup.With("center-rate", 0.9 / workers);
        var known = Optimum.Of(setup, new Axis(name, -0.9, 1.9) is var axis && name == "learning-rate" ? axis with { Low = 0 } : axis with { High = 0.95 });
        Assert.NotNull(known.Formula);
        // Another axis of one value makes it a question without a closed form.
        var searched = Optimum.Of(setup, new Axis(name, name == "learning-rate" ? 0 : -0.9, name == "learning-rate" ? 1.9 : 0.95), setup.Gamma is null ? new Axis("curvature", 1 - 1e-13, 1 + 1e-13) : new Axis("workers", workers, workers, IsWhole: true));
        Assert.Null(searched.Formula);
        Assert.Equal(known.Radius, searched.Radius, 1e-6);
        Assert.Equal(known.Values[name], searched.Values[name], 1e-6);
    }

    [Fact]
    public void Stable_ranges_end_where_the_radius_is_1()
    {
        // SGD: 0 < η < 2/h. EASGD under Γ(λ, ω) with many workers: 0 < η < 2ω/(λ + 1).
        var ranges = Optimum.StableRanges(new Setup(AllMethods.Find("sgd"), 1) { Curvature = 4 }, new("learning-rate", 0, 3));
        var (low, high) = Assert.Single(ranges);
        Assert.Equal(0, low);
        Assert.Equal(0.5, high, 1e-8);
        var many = new Setup(AllMethods.Find("easgd"), double.PositiveInfinity) { Gamma = (0.5, 0.5), Moment = 2 };
        Assert.Equal(2 * 0.5 / 1.5, Assert.Single(Optimum.StableRanges(many, new("learning-rate", 0, 3))).High, 1e-8);
        var workers = Optimum.StableRanges(new Setup(AllMethods.Find("downpour"), 1).With("learning-rate", 0.125), new("workers", 1, 64, IsWhole: true));
        Assert.Equal((1, 15), Assert.Single(workers));
    }

    [Fact]
    public void A_map_has_the_radius_of_every_cell()
    {
        var map = StabilityMap.Of(Easgd(3), (new("learning-rate", 0, 2), 5), (new("moving-rate", -1, 1), 4), setup => setup.Radius());
        Assert.Equal([0.2, 0.6, 1.0, 1.4, 1.8], map.XValues.Select(x => Math.Round(x, 12)));
        Assert.Equal([-0.75, -0.25, 0.25, 0.75], map.YValues);
        Assert.Equal(Easgd(3).With("learning-rate", map.XValues[3]).With("moving-rate", -0.25).Radius(), map.Values[1][3]);
        Assert.Equal(map.Values.Min(row => row.Min()), map.Least().Value);
    }

    [Theory]
    [InlineData("workers", 0.0, "workers is 0; it must be a whole number, at least 1")]
    [InlineData("workers", 1.5, "workers is 1.5; it must be a whole number, at least 1")]
    [InlineData("shape", 0.0, "shape is 0; it must be above 0")]
    [InlineData("rate", -1.0, "rate is -1; it must be above 0")]
    [InlineData("moving-rate", 2.0, "moving-rate is 2; it must be above -1 and below 2")]
    [InlineData("curvature", 1.0, "curvature is not a parameter of easgd; it has workers, shape, rate, learning-rate")]
    [InlineData("momentum", 0.5, "momentum is not a parameter of easgd")]
    public void A_wrong_parameter_is_named(string name, double value, string message)
        => Assert.Contains(message, Assert.Throws<ArgumentException>(() => (Easgd(2) with { Gamma = (1, 1) }).With(name, value)).Message);

    private static Setup Easgd(int workers) => new(AllMethods.Find("easgd"), workers) { Moment = 2 };
}
