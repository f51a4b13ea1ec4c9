using Hooke.Methods;
using Hooke.Methods.Catalog;
using Hooke.Problems;
using Hooke.Runs;
using Xunit;

namespace Hooke.Tests.Laws;

/// <summary>Law 3: where methods degenerate into each other they coincide.</summary>
public class DegenerateCases
{
    private const int Steps = 60;

    public static TheoryData<TimingChoice> ElasticTimings => [.. ElasticAveraging.Easgd.Timings];

    [Theory]
    [InlineData("easgd", "sgd")]
    [InlineData("eamsgd", "msgd")]
    [InlineData("eamsgd-heavy-ball", "heavy-ball")]
    public void Without_force_the_first_of_three_workers_is_sequential_bit_for_bit(string elastic, string alone)
    {
        (string, double)[] momentum = elastic == "easgd" ? [] : [("momentum", 0.9)];
        using var expected = Worker(Make(alone, 1, null, momentum));
        foreach (var timing in AllMethods.Find(elastic).Timings)
        {
            using var star = Worker(Make(elastic, 3, timing, [("moving-rate", 0), ("period", 2), .. momentum]));
            Assert.True(expected.Workers[0].X.SequenceEqual(star.Workers[0].X));
            Assert.Equal([1.0, 2, 3, 4, 5], star.Center);
        }

        // The worker's share of the stream of examples depends on p, so here all see the same.
        static Star<double> Worker(Method method)
        {
            var star = new Star<double>(method, new Quadratic<double>([0.5, 0.7, 0.9, 1.1, 1.3], [1, 2, 3, 4, 5], deviation: 0.5), method.Workers!.Value);
            Turns.Run(star, Steps);
            return star;
        }
    }

    [Fact]
    public void Without_force_Gauss_Seidel_easgd_is_sequential()
    {
        var problem = new Quadratic<double>([0.5, 0.7, 0.9], [1, 2, 3], deviation: 0.5);
        using var expected = new Star<double>(Make("sgd", 1, null), problem, 1);
        using var star = new Star<double>(Make("easgd-gauss-seidel", 3, TimingChoice.RoundRobin, ("moving-rate", 0), ("period", 2)), problem, 3);
        Turns.Run(expected, Steps);
        Turns.Run(star, Steps);
        Assert.InRange(Play.Distance(expected.Workers[0].X, star.Workers[0].X), 0, 1e-12);
        Assert.Equal([1.0, 2, 3], star.Center);
    }

    [Theory, MemberData(nameof(ElasticTimings))]
    public void Without_momentum_both_eamsgd_are_easgd_bit_for_bit(TimingChoice timing)
    {
        using var easgd = Play.Turns(Make("easgd", 4, timing, ("period", 3)), 4, Steps);
        foreach (string name in new[] { "eamsgd", "eamsgd-heavy-ball" })
        {
            using var star = Play.Turns(Make(name, 4, timing, ("period", 3), ("momentum", 0)), 4, Steps);
            Assert.True(easgd.Center.SequenceEqual(star.Center));
            for (int i = 0; i < 4; i++) Assert.True(easgd.Workers[i].X.SequenceEqual(star.Workers[i].X));
        }
    }

    [Theory]
    [InlineData(TimingChoice.Asynchronous)]
    [InlineData(TimingChoice.Synchronous)]
    [InlineData(TimingChoice.RoundRobin)]
    public void With_one_worker_mdownpour_is_msgd(TimingChoice timing)
    {
        using var expected = Play.Turns(Make("msgd", 1, null, ("momentum", 0.9)), 1, 200);
        using var star = Play.Turns(Make("mdownpour", 1, timing, ("momentum", 0.9)), 1, 200);
        Assert.InRange(Play.Distance(expected.Center, star.Center), 0, 1e-12);
    }

    [Theory]
    [InlineData("downpour")]
    [InlineData("async-sgd")]
    [InlineData("minibatch-sgd")]
    public void With_one_worker_restarting_methods_are_sgd(string name)
    {
        using var expected = Play.Turns(Make("sgd", 1, null), 1, 200);
        using var star = Play.Turns(Make(name, 1, null), 1, 200);
        Assert.InRange(Play.Distance(expected.Center, star.Center), 0, 1e-12);
        Assert.InRange(Play.Distance(Play.Report(expected), Play.Report(star)), 0, 1e-12);
    }

    // β = p is κ = 1.
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Synchronous_downpour_is_Gauss_Seidel_easgd_with_moving_rate_1_bit_for_bit(int period)
    {
        using var downpour = Play.Turns(Make("downpour", 4, TimingChoice.Synchronous, ("period", period)), 4, Steps);
        using var easgd = Play.Turns(Make("easgd-gauss-seidel", 4, TimingChoice.Synchronous, ("moving-rate", 1), ("center-rate", 1), ("period", period)), 4, Steps);
        Play.AssertSameBits(downpour, easgd);
    }

    [Theory]
    [InlineData("easgd")]
    [InlineData("eamsgd")]
    [InlineData("eamsgd-heavy-ball")]
    public void Overlap_with_period_1_is_no_overlap(string name)
    {
        foreach (var (overlapped, plain) in new[] { (TimingChoice.Overlapped, TimingChoice.Asynchronous), (TimingChoice.OverlappedSynchronous, TimingChoice.Synchronous) })
        {
            using var a = Play.Turns(Make(name, 4, overlapped, ("period", 1)), 4, Steps);
            using var b = Play.Turns(Make(name, 4, plain, ("period", 1)), 4, Steps);
            Play.AssertNear(a, b);
            using var c = Play.Turns(Make(name, 4, overlapped, ("period", 2)), 4, Steps);
            using var d = Play.Turns(Make(name, 4, plain, ("period", 2)), 4, Steps);
            Assert.True(Play.Distance(c.Center, d.Center) > 1e-6);
        }
    }

    [Theory]
    [InlineData(TimingChoice.Asynchronous)]
    [InlineData(TimingChoice.Synchronous)]
    [InlineData(TimingChoice.RoundRobin)]
    public void Asynchronous_sgd_is_downpour_with_its_default_period_bit_for_bit(TimingChoice timing)
    {
        using var a = Play.Turns(Make("async-sgd", 3, timing), 3, Steps);
        using var b = Play.Turns(Make("downpour", 3, timing), 3, Steps);
        Play.AssertSameBits(a, b);
    }

    [Theory]
    [InlineData(1, TimingChoice.Asynchronous)] // alone no message ages
    [InlineData(3, TimingChoice.Synchronous)] // nor does one of a round
    [InlineData(3, TimingChoice.RoundRobin)] // nor one whose iteration is undisturbed
    public void A_staleness_bound_of_0_changes_nothing_where_nothing_is_stale(int workers, TimingChoice timing)
    {
        using var expected = Play.Turns(Make("async-sgd", workers, timing), workers, Steps);
        using var bounded = Play.Turns(Make("async-sgd", workers, timing, ("staleness-bound", 0)), workers, Steps);
        Play.AssertSameBits(expected, bounded);
        Assert.Equal(expected.Clock, bounded.Clock);
        Assert.Equal(0, bounded.Shards[0].Dropped);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Messages_beyond_the_staleness_bound_are_dropped_and_counted(int bound)
    {
        using var star = new Star<double>(Make("async-sgd", 3, TimingChoice.Asynchronous, ("staleness-bound", bound)), new ExampleQuadratic<double>(), 3);
        foreach (var worker in star.Workers)
        {
            Assert.Equal(Moment.Read, worker.Next());
            Play.Read(star, worker);
            Assert.Equal(Moment.Gradient, worker.Next());
            Play.Compute(star, worker);
            Assert.Equal(Moment.Send, worker.Next());
        }
        double[] before = [];
        for (int age = 0; age < 3; age++)
        {
            before = [.. star.Center];
            Assert.Equal(age <= bound ? age : -1, Play.Absorb(star, star.Workers[age]));
            Assert.Equal(age > bound, star.Center.SequenceEqual(before));
        }
        Assert.Equal(bound + 1, star.Clock);
        Assert.Equal(2 - bound, star.Shards[0].Dropped);
        // Who was dropped starts anew from the center.
        Assert.Equal(Moment.End, star.Workers[2].Next());
        Assert.Equal(Moment.Read, star.Workers[2].Next());
        Play.Read(star, star.Workers[2]);
        star.Workers[2].Next();
        Assert.True(star.Center.SequenceEqual(star.Workers[2].X));
        Play.Compute(star, star.Workers[2]);
        star.Workers[2].Next();
        Assert.Equal(0, Play.Absorb(star, star.Workers[2]));
    }

    [Fact]
    public void A_growing_momentum_that_may_not_pass_one_half_is_constant()
    {
        foreach (string name in new[] { "msgd", "heavy-ball", "eamsgd", "eamsgd-heavy-ball", "admm-momentum" })
        {
            int workers = AllMethods.Find(name).IsSequential ? 1 : 2;
            var constant = AllMethods.Find(name).Create(new(workers) { Values = new Dictionary<string, double> { ["learning-rate"] = 0.005, ["momentum"] = 0.5 } });
            var growing = AllMethods.Find(name).Create(new(workers) { Values = new Dictionary<string, double> { ["learning-rate"] = 0.005, ["momentum"] = 0.99 }, GrowingMomentum = true });
            using var a = Play.Turns(constant, workers, 250);
            using var b = Play.Turns(growing, workers, 250);
            Play.AssertSameBits(a, b);
            Turns.Run(a, 1);
            Turns.Run(b, 1);
            Assert.False(a.Workers[0].X.SequenceEqual(b.Workers[0].X));
        }
    }

    private static Method Make(string name, int workers, TimingChoice? timing, params (string Name, double Value)[] values)
        => AllMethods.Find(name).Create(new(workers) { Timing = timing, Values = values.Append(("learning-rate", 0.05)).ToDictionary(v => v.Item1, v => v.Item2) });
}
