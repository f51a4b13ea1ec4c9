using Hooke.Methods;
using Hooke.Methods.Catalog;
using Hooke.Runs;
using Hooke.Tests.Laws;
using Xunit;

namespace Hooke.Tests.Methods;

/// <summary>What can't run is refused, with name, value and range.</summary>
public class RefusalTests
{
    private static readonly Method Easgd = AllMethods.Find("easgd").Create(new(4));

    [Theory]
    [InlineData("learning-rate", "above 0", new[] { 0, -1, double.NaN, double.PositiveInfinity }, new[] { 1e-300, 1e300 })]
    [InlineData("moving-rate", "above -1 and below 2", new[] { -1, 2, double.NaN, double.NegativeInfinity }, new[] { -0.99, 0, 1.99 })]
    [InlineData("center-rate", "at least 0", new[] { -1e-9, double.NaN, double.PositiveInfinity }, new[] { 0, 1, 7.0 })]
    [InlineData("momentum", "at least 0 and below 1", new[] { -0.1, 1, double.NaN }, new[] { 0, 0.999 })]
    [InlineData("period", "a whole number, at least 1 and at most 2147483647", new[] { 0, -1, 1.5, 2147483648, double.NaN }, new[] { 1.0, 2147483647 })]
    [InlineData("average-rate", "above 0 and at most 1", new[] { 0, 1.001, double.NaN }, new[] { 0.001, 1 })]
    [InlineData("average-from", "a whole number, at least 0 and at most 9.223372036854776E+18", new[] { -1, 0.5, 1e19, double.NaN }, new[] { 0, 1e6 })]
    [InlineData("penalty", "above 0", new[] { 0, -1, double.NaN, double.PositiveInfinity }, new[] { 0.1, 100 })]
    [InlineData("staleness-bound", "at least 0", new[] { -1, double.NaN }, new[] { 0, 3, double.PositiveInfinity })]
    public void A_parameter_out_of_its_range_is_refused(string name, string range, double[] bad, double[] good)
    {
        foreach (var recipe in AllMethods.Recipes)
        {
            var choices = new Choices(1) { Readout = ReadoutChoice.MovingAverage };
            if (!recipe.Parameters.Concat(Recipe.Averaging(ReadoutChoice.MovingAverage)).Any(p => p.Name == name)) continue;
            foreach (double value in bad)
                AssertRefused(FormattableString.Invariant($"{name} is {value}; it must be {range}"), () => recipe.Create(choices with { Values = new Dictionary<string, double> { [name] = value } }));
            foreach (double value in good)
                recipe.Create(choices with { Values = new Dictionary<string, double> { [name] = value } });
        }
    }

    [Fact]
    public void An_interval_says_what_it_contains()
    {
        Assert.Equal("above 0", new Interval(0, double.PositiveInfinity).ToString());
        Assert.Equal("at least 0.5", new Interval(0.5, double.PositiveInfinity, LowIncluded: true, HighIncluded: true).ToString());
        Assert.Equal("above 0 and at most 1", new Interval(0, 1, HighIncluded: true).ToString());
        Assert.Equal("a whole number, at least 1 and below 9", new Interval(1, 9, LowIncluded: true, Whole: true).ToString());
        Assert.True(new Interval(0, 1, true, true).Contains(0));
        Assert.True(new Interval(0, 1, true, true).Contains(1));
        Assert.False(new Interval(0, 1).Contains(0));
        Assert.False(new Interval(0, 1).Contains(1));
        Assert.False(new Interval(0, 9, Whole: true).Contains(1.5));
        Assert.True(new Interval(0, 9, Whole: true).Contains(2));
        Assert.True(new Interval(0, 9).Contains(1.5));
    }

    [Fact]
    public void What_a_method_does_not_have_is_refused()
    {
        AssertRefused("period is not a parameter of sgd; it has learning-rate", () => Make("sgd", new Choices(1), ("period", 2)));
        AssertRefused("average-rate is not a parameter of easgd; it has learning-rate, moving-rate, center-rate, period", () => Make("easgd", new Choices(2), ("average-rate", 0.1)));
        AssertRefused("average-rate is not a parameter of asgd; it has learning-rate, average-from", () => Make("asgd", new Choices(1), ("average-rate", 0.1)));
        AssertRefused("timing is Overlapped; downpour runs Asynchronous, Synchronous, RoundRobin", () => Make("downpour", new Choices(2) { Timing = TimingChoice.Overlapped }));
        AssertRefused("timing is Asynchronous; minibatch-sgd runs Synchronous", () => Make("minibatch-sgd", new Choices(2) { Timing = TimingChoice.Asynchronous }));
        AssertRefused("timing is Synchronous; sgd is sequential and has none", () => Make("sgd", new Choices(1) { Timing = TimingChoice.Synchronous }));
        AssertRefused("momentum schedule is growing; easgd has no momentum", () => Make("easgd", new Choices(2) { GrowingMomentum = true }));
        AssertRefused("momentum schedule is growing; mdownpour has its momentum at the center, where it is constant", () => Make("mdownpour", new Choices(2) { GrowingMomentum = true }));
        AssertRefused("average-from is first-drop; easgd reports the center, not an average", () => Make("easgd", new Choices(2) { AverageFromFirstDrop = true }));
        AssertRefused("average-from is first-drop; asgd reports the center, not an average", () => Make("asgd", new Choices(1) { Readout = ReadoutChoice.Center, AverageFromFirstDrop = true }));
    }

    [Fact]
    public void An_unknown_method_is_refused_with_all_names()
    {
        var error = Assert.Throws<ArgumentException>(() => AllMethods.Find("adam"));
        Assert.StartsWith("method is adam; it must be one of gd, sgd, msgd, ", error.Message);
        Assert.EndsWith(", eamsgd-tree, downpour-tree", error.Message);
    }

    [Fact]
    public void A_wrong_number_of_workers_is_refused()
    {
        AssertRefused("workers is 0; it must be at least 1", () => Make("easgd", new Choices(0)));
        AssertRefused("workers is 4; sgd is sequential and has 1", () => Make("sgd", new Choices(4)));
        AssertRefused("workers is 0; it must be at least 1", () => Easgd.Check(0));
        AssertRefused("workers is 2; easgd was made for 4 (its rates contain the number of workers)", () => Easgd.Check(2));
        AssertRefused("workers is 2; easgd was made for 4 (its rates contain the number of workers)", () => new Star<double>(Easgd, new ExampleQuadratic<double>(), 2));
        AssertRefused("workers is 2; sgd is sequential and has 1", () => (Make("sgd", new Choices(1)) with { Workers = null }).Check(2));
        (Easgd with { Workers = null }).Check(7);
        Easgd.Check(4);
    }

    [Fact]
    public void A_schedule_that_can_not_run_is_refused()
    {
        AssertRefused("period is 0; it must be at least 1", () => (Easgd with { Schedule = new(0.1, 0) }).Check(4));
        AssertRefused("learning rate is -1; it must be finite and at least 0", () => (Easgd with { Schedule = new(-1) }).Check(4));
        AssertRefused("learning rate is NaN; it must be finite and at least 0", () => (Easgd with { Schedule = new(double.NaN) }).Check(4));
        AssertRefused("learning rate is Infinity; it must be finite and at least 0", () => (Easgd with { Schedule = new(double.PositiveInfinity) }).Check(4));
        (Easgd with { Schedule = new(0, 1) }).Check(4);
    }

    [Fact]
    public void Parts_that_do_not_fit_together_are_refused()
    {
        var downpour = Make("downpour", new Choices(4));
        AssertRefused("order is Gauss–Seidel, whose messages are formed at the end of a period; the coupling Elastic forms them together with the pull", () => (Easgd with { Order = Order.GaussSeidel }).Check(4));
        AssertRefused("order is Jacobi, whose messages are formed together with the pull; the coupling Relax forms them at the end of a period", () => (downpour with { Order = Order.Jacobi }).Check(4));
        AssertRefused("order is overlapped, whose messages are formed together with the pull; the coupling Dual forms them at the end of a period", () => (downpour with { Coupling = new Dual(1, 4), Order = Order.Overlapped }).Check(4));
        AssertRefused("order is sequential, whose messages are formed never; the coupling Relax forms them at the end of a period", () => (downpour with { Order = Order.Sequential }).Check(4));
        AssertRefused("order is Jacobi, whose messages are formed together with the pull; the coupling Alone forms them never", () => (Make("sgd", new Choices(1)) with { Order = Order.Jacobi }).Check(1));
        AssertRefused("a staleness bound drops messages; easgd forms them together with its pull and would lose that movement", () => (Easgd with { Center = new BoundedStaleness(new Accumulate(), 1) }).Check(4));
        AssertRefused("a staleness bound drops messages; admm keeps its center by their differences and would lose one for good", () => (Make("admm", new Choices(4)) with { Center = new BoundedStaleness(new Accumulate(), 1) }).Check(4));
        (downpour with { Center = new BoundedStaleness(new CenterNesterov(0.5), 1) }).Check(4);
    }

    [Fact]
    public void A_lone_worker_has_no_center()
    {
        Assert.Equal("a sequential method has no center to pull from", Assert.Throws<InvalidOperationException>(() => new Alone().Pull<double>(default, default, default)).Message);
        Assert.Equal("a sequential method has no center to push to", Assert.Throws<InvalidOperationException>(() => new Alone().Push<double>(default, default, default)).Message);
    }

    private static Method Make(string name, Choices choices, params (string Name, double Value)[] values)
        => AllMethods.Find(name).Create(choices with { Values = values.ToDictionary(v => v.Name, v => v.Value) });

    private static void AssertRefused(string message, Action act) => Assert.Equal(message, Assert.Throws<ArgumentException>(act).Message);
}
