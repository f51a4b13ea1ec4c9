using Hooke.Methods.Catalog;
using Hooke.Theory;
using Xunit;

namespace Hooke.Tests.Theory;

/// <summary>Questions to the theory: parameters by name, cells of axes, searches over several parameters.</summary>
public sealed class SetupTests
{
    private static Setup Of(string name, int workers = 4) => new(AllMethods.Find(name), workers);

    [Fact]
    public void A_quantity_may_shrink_with_the_workers()
    {
        Assert.Equal(0.9, new Quantity(0.9).For(4));
        Assert.Equal(0.225, new Quantity(0.9, PerWorker: true).For(4));
        Quantity same = 0.3;
        Assert.Equal(new Quantity(0.3), same);
    }

    [Fact]
    public void Every_name_changes_its_parameter()
    {
        Setup none = Of("msgd", 1), additive = Of("easgd") with { Sigma = 1 }, gamma = Of("easgd") with { Gamma = (2, 3) };
        Assert.Equal(["curvature", "learning-rate", "momentum"], none.Names.Where(name => name is "curvature" or "workers" or "shape" or "rate" or "sigma" or "learning-rate" or "momentum"));
        Assert.Equal(["workers", "curvature", "sigma", .. additive.Recipe.Parameters.Select(p => p.Name)], additive.Names);
        Assert.Equal(["workers", "shape", "rate", .. gamma.Recipe.Parameters.Select(p => p.Name)], gamma.Names);
        Assert.Equal(7, additive.With("workers", 7).Workers);
        Assert.Equal(0.7, additive.With("curvature", 0.7).Curvature);
        Assert.Equal(0.7, additive.With("sigma", 0.7).Sigma);
        Assert.Equal((0.7, 3), gamma.With("shape", 0.7).Gamma);
        Assert.Equal((2, 0.7), gamma.With("rate", 0.7).Gamma);
        var twice = additive.With("learning-rate", 0.7).With("moving-rate", 0.2).With("learning-rate", 0.6);
        Assert.Equal([("learning-rate", 0.6), ("moving-rate", 0.2)], twice.Values.Select(pair => (pair.Key, pair.Value.Value)));
        foreach (string name in additive.Names) Assert.NotNull(additive.RangeOf(name));
        foreach (string name in new[] { "sigma", "shape", "rate", "workers" }) Assert.Null(none.RangeOf(name));
        Assert.Null(gamma.RangeOf("curvature"));
        Assert.True(additive.RangeOf("sigma")!.Value.Contains(0) && !additive.RangeOf("curvature")!.Value.Contains(0));
        Assert.Equal(new(1, int.MaxValue, true, true, Whole: true), additive.RangeOf("workers"));
        // Momenta below 0 are allowed here, and reach the method.
        Assert.Equal(new(-1, 1), none.RangeOf("momentum"));
        Assert.Equal(new(1, 0, 0), none.Noise);
        Assert.Equal(GradientNoise.Additive(1, 1), additive.Noise);
        Assert.Equal(GradientNoise.Gamma(2, 3), gamma.Noise);
        // x ← x + v, v ← δv − ηx: δ = −½, ηh = ½ has the zeros of z² − (½ − ¼)z − ¼.
        double radius = none.With("momentum", -0.5).With("learning-rate", 0.5).Radius();
        Assert.Equal(0.125 + Math.Sqrt(0.125 * 0.125 + 0.25), radius, 1e-12);
    }

    [Fact]
    public void What_is_not_said_is_one_step_a_period_and_synchronous_where_there_is_such_a_timing()
    {
        Assert.Null(Of("sgd", 1).EffectiveTiming);
        Assert.Equal(TimingChoice.Synchronous, Of("easgd").EffectiveTiming);
        Assert.Equal(TimingChoice.RoundRobin, (Of("easgd") with { Timing = TimingChoice.RoundRobin }).EffectiveTiming);
        Assert.Equal(TimingChoice.RoundRobin, Of("easgd-tree").EffectiveTiming);
        Assert.Equal(1, Of("easgd").Method(4).Schedule.Period);
        Assert.Equal(3, Of("easgd").With("period", 3).Method(4).Schedule.Period);
        var rates = (Of("easgd") with { Values = new Dictionary<string, Quantity> { ["center-rate"] = new(0.8, PerWorker: true) } }).Method(2);
        Assert.Equal(0.4, ((Hooke.Methods.Elastic)rates.Coupling).CenterRate);
        (int, int, int, int) Periods(Setup setup) => setup.Method(4).Schedule.Tree is { } tree ? (tree.LeafUp, tree.LeafDown, tree.Up, tree.Down) : default;
        Assert.Equal((1, 1, 1, 1), Periods(Of("easgd-tree")));
        Assert.Equal((2, 2, 1, 1), Periods(Of("easgd-tree").With("period", 2)));
        Assert.Equal((1, 1, 3, 3), Periods(Of("easgd-tree").With("period-inner", 3)));
        Assert.Equal((1, 1, 1, 1), Periods(Of("easgd-tree").With("scheme", 2)));
        Assert.Equal((5, 1, 5, 1), Periods(Of("easgd-tree").With("period-up", 5)));
        Assert.Equal((1, 6, 1, 6), Periods(Of("easgd-tree").With("period-down", 6)));
    }

    [Fact]
    public void An_axis_has_the_middles_of_its_cells_or_whole_numbers()
    {
        Assert.Equal([0.25, 0.75, 1.25, 1.75], new Axis("x", 0, 2).Cells(4));
        Assert.Equal([2.0], new Axis("x", 1, 3).Cells(1));
        var whole = new Axis("x", 1, 5, IsWhole: true);
        Assert.Equal([1.0, 3, 5], whole.Cells(3));
        Assert.Equal([1.0, 2, 3, 4, 5], whole.Cells(5));
        Assert.Equal([1.0, 2, 3, 4, 5], whole.Cells(9));
        Assert.Equal([1.0], whole.Cells(1));
        Assert.Equal([7.0], new Axis("x", 7, 7, IsWhole: true).Cells(4));
    }

    [Fact]
    public void The_least_of_a_map_is_where_it_is()
    {
        Axis x = new("x", 0, 3), y = new("y", 0, 2);
        var map = new StabilityMap(x, y, x.Cells(3), y.Cells(2), [[5, double.NaN, 2], [3, 1, 4]]);
        Assert.Equal((1.5, 1.5, 1), map.Least());
        Assert.Equal(double.PositiveInfinity, new StabilityMap(x, y, x.Cells(1), y.Cells(1), [[double.NaN]]).Least().Value);
    }

    [Fact]
    public void A_search_over_whole_numbers_tries_them_all()
    {
        var setup = Of("easgd") with { Gamma = (0.4, 0.4), Moment = 2 };
        setup = setup.With("learning-rate", 0.35);
        Axis period = new("period", 1, 3, IsWhole: true), workers = new("workers", 2, 10, IsWhole: true);
        var best = (from p in workers.Cells(9) from t in period.Cells(3) select (p, t, Radius: setup.With("workers", p).With("period", t).Radius())).MinBy(each => each.Radius);
        foreach (Axis[] axes in (Axis[][])[[period, workers], [workers, period]])
        {
            var found = Optimum.Of(setup, axes);
            Assert.Equal((best.p, best.t, best.Radius), (found.Values["workers"], found.Values["period"], found.Radius));
            Assert.Equal(axes.Select(axis => axis.Name), found.Values.Keys);
        }
    }

    [Fact]
    public void Of_equals_the_first_is_found()
        => Assert.Equal(2, Optimum.Of(Of("minibatch-sgd").With("learning-rate", 0.03), new Axis("workers", 2, 9, IsWhole: true)).Values["workers"]);

    [Fact]
    public void A_search_over_three_parameters_follows_creases()
    {
        // All is forgotten in a round at η = 1, α = 0, κ = 1/p; radii near it are square roots of distances.
        var found = Optimum.Of(Of("easgd", 2), new Axis("learning-rate", 0.2, 1.9), new Axis("moving-rate", -0.4, 0.5), new Axis("center-rate", 0.1, 0.9));
        Assert.InRange(found.Radius, 0, 0.05);
        Assert.Equal(1, found.Values["learning-rate"], 0.05);
        Assert.Equal(0, found.Values["moving-rate"], 0.05);
        Assert.Equal(0.5, found.Values["center-rate"], 0.05);
    }

    [Fact]
    public void A_closed_form_is_told_only_where_it_holds()
    {
        Axis moving = new("moving-rate", -0.9, 1.9), rate = new("learning-rate", 0, 1.9), momentum = new("momentum", -0.9, 0.95);
        Setup easgd = (Of("easgd") with { Curvature = 0.8 }).With("learning-rate", 1.3).With("center-rate", 0.15), gamma = Of("minibatch-sgd") with { Gamma = (0.7, 1.3), Moment = 2 };
        var known = Optimum.Of(easgd, moving);
        Assert.Equal("[Zhang16, after eq. 5.19; errata 1]", known.Formula);
        Assert.Equal(-Math.Pow(Math.Sqrt(0.6) - Math.Sqrt(1.3 * 0.8), 2), known.Values["moving-rate"], 1e-12);
        Assert.Equal(easgd.With("moving-rate", known.Values["moving-rate"]).Radius(), known.Radius);
        Assert.Equal("[Zhang16, eq. 5.27]", Optimum.Of(gamma, rate).Formula);
        Assert.Equal(1.3 / (0.7 + 0.25), Optimum.Of(gamma, rate).Values["learning-rate"], 1e-12);
        Assert.Equal("[Zhang16, eq. 5.27]", Optimum.Of(gamma with { Recipe = AllMethods.Find("sgd"), Workers = 1 }, rate).Formula);
        var msgd = (Of("msgd", 1) with { Curvature = 0.5 }).With("learning-rate", 0.4);
        Assert.Equal("[Zhang16, after eq. 5.8]", Optimum.Of(msgd, momentum).Formula);
        Assert.Equal(Math.Pow(Math.Sqrt(0.2) - 1, 2) / 0.8, Optimum.Of(msgd, momentum).Values["momentum"], 1e-12);

        // The ends of an axis belong to it.
        Assert.All([moving with { High = known.Values["moving-rate"] }, moving with { Low = known.Values["moving-rate"] }], axis => Assert.NotNull(Optimum.Of(easgd, axis).Formula));
        Assert.All<(Setup Setup, Axis Axis)>([
            (easgd.With("center-rate", 0), moving),
            (easgd, moving with { Low = 0 }), (easgd, moving with { High = -0.5 }), (easgd with { Workers = 1 }, moving), (easgd.With("center-rate", 0.25), moving), (easgd.With("period", 2), moving),
            (easgd with { Timing = TimingChoice.RoundRobin }, moving), (easgd with { Gamma = (1, 1), Moment = 2 }, moving), (easgd.With("moving-rate", 0.1), rate),
            (gamma with { Moment = 1 }, rate), (gamma with { Gamma = null }, rate), (msgd.With("momentum", 0.3), rate), (msgd with { Gamma = (1, 1) }, momentum),
        ], question => Assert.Null(Optimum.Of(question.Setup, question.Axis).Formula));
    }

    [Fact]
    public void A_minimum_at_an_open_end_is_approached()
    {
        // η = 2.5, β = ½: the differences' 1 − α − η is −½ at α = −1, and so are in size the zeros of z² + ¼ of average and center.
        var found = Optimum.Of(Of("easgd").With("learning-rate", 2.5).With("center-rate", 0.125), new Axis("moving-rate", -1, 1));
        Assert.Null(found.Formula);
        Assert.Equal(0.5, found.Radius, 1e-8);
        Assert.InRange(found.Values["moving-rate"], -1, -1 + 1e-8);
    }

    [Fact]
    public void Stable_ranges_may_begin_within_an_axis()
    {
        // |1 − α − η| < 1, and (2 − β)(2 − η) > 2α: −η < α < ½(2 − β)(2 − η).
        var setup = Of("easgd").With("learning-rate", 0.5).With("center-rate", 0.225);
        var (low, high) = Assert.Single(StableRange.Find(setup, new("moving-rate", -1, 2)));
        Assert.Equal(-0.5, low, 1e-8);
        Assert.Equal(0.5 * 1.1 * 1.5, high, 1e-8);
        // η²λ(pλ + 1)/(pω²) < 2ηλ/ω: p > 2 at η = 1, λ = ω = ½.
        var batches = Of("minibatch-sgd") with { Gamma = (0.5, 0.5), Moment = 2 };
        batches = batches.With("learning-rate", 1);
        Assert.Equal([new(3, 64)], StableRange.Find(batches, new("workers", 1, 64, IsWhole: true)));
        Assert.Equal([new(3, 1000)], StableRange.Find(batches, new("workers", 1, 1000, IsWhole: true), samples: 12));
        Assert.Empty(StableRange.Find(batches, new("workers", 1, 2, IsWhole: true)));
        // No narrower than numbers are, and rounding allows: |1 − 2h| < 1 for h < 1.
        Assert.Equal(1, Assert.Single(StableRange.Find(Of("sgd", 1).With("learning-rate", 2), new("curvature", 1 - 1e-12, 1 + 1e-12))).High, 1e-12);
        Assert.Equal([new(0, 2)], StableRange.Find(Of("sgd", 1), new("learning-rate", 0, 2)));
    }
}
