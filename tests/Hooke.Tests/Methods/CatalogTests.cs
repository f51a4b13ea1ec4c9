using Hooke.Methods;
using Hooke.Methods.Catalog;
using Xunit;

namespace Hooke.Tests.Methods;

public class CatalogTests
{
    private const string Elastic = "moving-rate α 0.9/p, center-rate κ = β/p moving-rate, period τ 10", Downpour = "period τ 1", Momentum = "momentum δ 0.99, or the model's", Stars = "Asynchronous, Synchronous, RoundRobin",
        Trees = "degree d 2, scheme  2 if period-up or period-down is given, else 1", TreeRates = "moving-rate α 0.9/(d + 1), center-rate κ moving-rate",
        TreePeriods = "period τ₁ 10 in scheme 1, period-inner τ₂ 100 or T/200, the less, but at least the other, in scheme 1, period-up τᵤ 8 in scheme 2, period-down τ_d 80 or T/200, the less, but at least the other, in scheme 2, inner-rate  0";

    public static TheoryData<string> Names => [.. AllMethods.Recipes.Select(r => r.Name)];

    /// <summary>Every method: parameters without the learning rate, as name, symbol, default; timings, the default first; read-out.</summary>
    public static TheoryData<string, string, string, ReadoutChoice> Table => new()
    {
        { "gd", "", "", ReadoutChoice.Center },
        { "sgd", "", "", ReadoutChoice.Center },
        { "msgd", Momentum, "", ReadoutChoice.Center },
        { "heavy-ball", Momentum, "", ReadoutChoice.Center },
        { "asgd", "", "", ReadoutChoice.TimeAverage },
        { "mvasgd", "", "", ReadoutChoice.MovingAverage },
        { "easgd", Elastic, $"{Stars}, Overlapped, OverlappedSynchronous", ReadoutChoice.Center },
        { "easgd-gauss-seidel", Elastic, Stars, ReadoutChoice.Center },
        { "eamsgd", $"{Elastic}, {Momentum}", $"{Stars}, Overlapped, OverlappedSynchronous", ReadoutChoice.Center },
        { "eamsgd-heavy-ball", $"{Elastic}, {Momentum}", $"{Stars}, Overlapped, OverlappedSynchronous", ReadoutChoice.Center },
        { "downpour", Downpour, Stars, ReadoutChoice.Center },
        { "mdownpour", Momentum, Stars, ReadoutChoice.Center },
        { "adownpour", Downpour, Stars, ReadoutChoice.TimeAverage },
        { "mvadownpour", Downpour, Stars, ReadoutChoice.MovingAverage },
        { "async-sgd", "staleness-bound  none", Stars, ReadoutChoice.Center },
        { "minibatch-sgd", "", "Synchronous", ReadoutChoice.Center },
        { "admm", "penalty ρ 1, period τ 1", "Asynchronous, RoundRobin, Synchronous", ReadoutChoice.Center },
        { "admm-momentum", $"penalty ρ 1, period τ 1, {Momentum}", "Asynchronous, RoundRobin, Synchronous", ReadoutChoice.Center },
        { "easgd-tree", $"{TreeRates}, {Trees}, {TreePeriods}", "Asynchronous, RoundRobin", ReadoutChoice.Center },
        { "eamsgd-tree", $"{TreeRates}, {Momentum}, {Trees}, {TreePeriods}", "Asynchronous, RoundRobin", ReadoutChoice.Center },
        { "downpour-tree", $"moving-rate α 1, center-rate κ 1, {Trees}, period τ₁ 1 in scheme 1, period-inner τ₂ 1 in scheme 1, period-up τᵤ 1 in scheme 2, period-down τ_d 1 in scheme 2, inner-rate  0", "Asynchronous, RoundRobin", ReadoutChoice.Center },
    };

    [Fact]
    public void The_catalog_has_the_methods_of_the_table() => Assert.Equal(Table.Select(row => row.Data.Item1).Order(), Names.Select(row => row.Data).Order());

    [Theory, MemberData(nameof(Table))]
    public void A_method_has_its_parameters_defaults_timings_and_readout(string name, string parameters, string timings, ReadoutChoice readout)
    {
        var recipe = AllMethods.Find(name);
        Assert.Equal("learning-rate", recipe.Parameters[0].Name);
        Assert.Equal("η", recipe.Parameters[0].Symbol);
        Assert.Contains("ε", recipe.Parameters[0].Default.Text);
        Assert.Equal(name is "msgd" or "heavy-ball" or "mdownpour" || name.StartsWith("eam", StringComparison.Ordinal) || name == "admm-momentum", recipe.Parameters[0].Default.Text.Contains("(1 − δ)"));
        Assert.Equal(parameters, string.Join(", ", recipe.Parameters.Skip(1).Select(p => $"{p.Name} {p.Symbol} {p.Default.Text}")));
        Assert.Equal(timings, string.Join(", ", recipe.Timings));
        Assert.Equal(readout, recipe.Readout);
        Assert.Equal(timings == "", recipe.IsSequential);
    }

    [Theory, MemberData(nameof(Names))]
    public void A_method_says_what_it_is_and_where_it_comes_from(string name)
    {
        var recipe = AllMethods.Find(name);
        Assert.Contains(' ', name is "downpour" or "admm" ? " " : recipe.Title);
        Assert.NotEmpty(recipe.Title);
        Assert.Matches(@"^\[(Zhang16|Survey|BhardwajCong17), ", recipe.Reference);
        Assert.All(recipe.Parameters, p => Assert.Contains(' ', p.Meaning));
    }

    [Theory, MemberData(nameof(Names))]
    public void A_method_made_with_nothing_chosen_has_its_defaults(string name)
    {
        var recipe = AllMethods.Find(name);
        int workers = recipe.IsSequential ? 1 : 6;
        var method = recipe.Create(new(workers));
        Assert.Equal(name, method.Name);
        Assert.Equal(workers, method.Workers);
        Assert.InRange(method.Schedule.LearningRate, 1e-5, 0.1);
        Assert.Equal(name.Contains("eas") || name.Contains("eam") ? 10 : 1, method.Schedule.Period);
        Assert.Equal(new ConstantRate(), method.Schedule.Rate);
        Assert.Equal(name == "minibatch-sgd" ? Timing.Synchronous : recipe.IsSequential ? Timing.RoundRobin : Timing.Asynchronous, method.Schedule.Timing);
        bool isTree = name.EndsWith("-tree", StringComparison.Ordinal);
        Assert.Equal(recipe.IsSequential ? Topology.None : isTree ? Topology.Tree : Topology.Star, method.Topology);
        Assert.Equal(isTree ? 2 : null, method.Degree);
        Assert.Equal(isTree ? name == "downpour-tree" ? new(1, 1, 1, 1) : new TreePeriods(10, 10, 100, 100) : null, method.Schedule.Tree);
        Assert.Equal(name == "gd", method.FullBatch);
        Assert.Equal(name switch { "asgd" or "adownpour" => new TimeAverage(), "mvasgd" or "mvadownpour" => new MovingAverage(0.001), _ => (IReadout?)null }, method.Readout);
        Assert.Equal(name switch
        {
            "easgd" or "eamsgd" or "eamsgd-heavy-ball" => new Elastic(0.15, 0.15),
            "easgd-gauss-seidel" => new Relax(0.15, 0.15),
            "minibatch-sgd" => new Relax(1, 1.0 / 6),
            "easgd-tree" or "eamsgd-tree" => new Broadcast(0.9 / 3),
            "downpour-tree" => new Relay(1, 1),
            "admm" or "admm-momentum" => new Dual(1, 6),
            _ => recipe.IsSequential ? new Alone() : (ICoupling)new Relax(1, 1),
        }, method.Coupling);
        Assert.Equal(name switch { "msgd" or "eamsgd" or "eamsgd-tree" or "admm-momentum" => new Nesterov(0.99), "heavy-ball" or "eamsgd-heavy-ball" => new HeavyBall(0.99), _ => (ILocalRule)new GradientStep() }, method.Local);
        Assert.Equal(name switch { "mdownpour" => new CenterNesterov(0.99), "easgd-tree" or "eamsgd-tree" => new Follow(0.9 / 3), _ => (ICenterRule)new Accumulate() }, method.Center);
        Assert.Equal(recipe.IsSequential ? Order.Sequential : isTree ? Order.OneWay : method.Coupling is Elastic ? Order.Jacobi : Order.GaussSeidel, method.Order);
    }

    [Fact]
    public void Rates_follow_what_is_given()
    {
        Assert.Equal(new Elastic(0.225, 0.225), Coupling());
        Assert.Equal(new Elastic(0.3, 0.3), Coupling(("moving-rate", 0.3)));
        Assert.Equal(new Elastic(0.225, 0.1), Coupling(("center-rate", 0.1))); // given alone, κ leaves α at its default
        Assert.Equal(new Elastic(0.225, 0), Coupling(("center-rate", 0)));
        Assert.Equal(new Elastic(0.3, 0.1), Coupling(("moving-rate", 0.3), ("center-rate", 0.1)));

        static ICoupling Coupling(params (string Name, double Value)[] values) => Make("easgd", 4, values).Coupling;
    }

    [Fact]
    public void A_staleness_bound_is_a_center_rule()
    {
        Assert.Equal(new Accumulate(), Make("async-sgd", 2).Center);
        Assert.Equal(new Accumulate(), Make("async-sgd", 2, ("staleness-bound", double.PositiveInfinity)).Center);
        Assert.Equal(new BoundedStaleness(new Accumulate(), 0), Make("async-sgd", 2, ("staleness-bound", 0)).Center);
        Assert.Equal(new BoundedStaleness(new Accumulate(), 3), Make("async-sgd", 2, ("staleness-bound", 3)).Center);
    }

    [Theory]
    [InlineData(TimingChoice.Synchronous, Timing.Synchronous, false)]
    [InlineData(TimingChoice.RoundRobin, Timing.RoundRobin, false)]
    [InlineData(TimingChoice.Asynchronous, Timing.Asynchronous, false)]
    [InlineData(TimingChoice.Overlapped, Timing.Asynchronous, true)]
    [InlineData(TimingChoice.OverlappedSynchronous, Timing.Synchronous, true)]
    public void A_timing_is_a_schedule_and_maybe_an_order(TimingChoice choice, Timing timing, bool overlapped)
    {
        var method = AllMethods.Find("eamsgd").Create(new(2) { Timing = choice });
        Assert.Equal(timing, method.Schedule.Timing);
        Assert.Equal(overlapped ? Order.Overlapped : Order.Jacobi, method.Order);
    }

    [Fact]
    public void A_readout_brings_its_parameters()
    {
        var recipe = AllMethods.Find("easgd");
        Assert.Equal(new MovingAverage(0.001), recipe.Create(new(2) { Readout = ReadoutChoice.MovingAverage }).Readout);
        Assert.Equal(new TimeAverage(), recipe.Create(new(2) { Readout = ReadoutChoice.TimeAverage }).Readout);
        Assert.Equal(new MovingAverage(0.5, new(7)), recipe.Create(new(2) { Readout = ReadoutChoice.MovingAverage, Values = new Dictionary<string, double> { ["average-rate"] = 0.5, ["average-from"] = 7 } }).Readout);
        Assert.Equal(new TimeAverage(new(0, AtFirstDrop: true)), recipe.Create(new(2) { Readout = ReadoutChoice.TimeAverage, AverageFromFirstDrop = true }).Readout);
        Assert.Null(AllMethods.Find("asgd").Create(new(1) { Readout = ReadoutChoice.Center }).Readout);
        Assert.Empty(Recipe.Averaging(ReadoutChoice.Center));
        Assert.Equal(["average-from"], Recipe.Averaging(ReadoutChoice.TimeAverage).Select(p => p.Name));
        Assert.Equal(["average-rate α 0.001", "average-from  0"], Recipe.Averaging(ReadoutChoice.MovingAverage).Select(p => $"{p.Name} {p.Symbol} {p.Default.Text}"));
        Assert.All(Recipe.Averaging(ReadoutChoice.MovingAverage), p => Assert.Contains(' ', p.Meaning));
    }

    [Fact]
    public void Momentum_is_constant_or_grows_up_to_its_value()
    {
        Assert.Equal(new Nesterov(new GrowingMomentum(0.9)), AllMethods.Find("msgd").Create(new(1) { GrowingMomentum = true, Values = new Dictionary<string, double> { ["momentum"] = 0.9 } }).Local);
        Assert.Equal(new HeavyBall(new ConstantMomentum(0.9)), Make("heavy-ball", 1, ("momentum", 0.9)).Local);
    }

    private static Method Make(string name, int workers, params (string Name, double Value)[] values)
        => AllMethods.Find(name).Create(new(workers) { Values = values.ToDictionary(v => v.Name, v => v.Value) });
}
