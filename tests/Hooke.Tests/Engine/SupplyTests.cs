using Hooke.Engine;
using Hooke.Methods.Catalog;
using Hooke.Runs;
using Xunit;

namespace Hooke.Tests.Engine;

/// <summary>Plans that do not come out even.</summary>
public class SupplyTests
{
    [Theory]
    [InlineData(TimingChoice.Asynchronous, 103, 103)]
    [InlineData(TimingChoice.Synchronous, 103, 102)]
    [InlineData(TimingChoice.RoundRobin, 103, 102)]
    [InlineData(TimingChoice.Asynchronous, 2, 2)]
    [InlineData(TimingChoice.Asynchronous, 0, 0)]
    [InlineData(TimingChoice.Synchronous, 7, 6)]
    [InlineData(TimingChoice.Synchronous, 2, 0)]
    [InlineData(TimingChoice.RoundRobin, 2, 0)]
    public void The_last_batches_are_as_small_as_the_plan_asks(TimingChoice timing, long samples, long used)
    {
        var objective = new TestObjective();
        using var star = Cases.Star(Cases.Method("easgd", 3, timing), 3, objective);
        var last = Cases.Run(star, new(samples, 8)).Last!;
        Assert.Equal(used, last.Samples);
        Assert.Equal(used, objective.Draws.Sum(draw => (long)draw.Count));
        Assert.All(objective.Draws, draw => Assert.InRange(draw.Count, 1, 8));
        long[] positions = [.. objective.Draws.SelectMany(draw => Enumerable.Range(0, draw.Count).Select(k => draw.Position + k)).Order()];
        Assert.Equal(Enumerable.Range(0, (int)used).Select(k => (long)k), positions);
        if (timing != TimingChoice.Asynchronous) Assert.All(last.Workers, worker => Assert.Equal(used / 3, worker.Samples));
    }

    [Theory]
    [InlineData(TimingChoice.Asynchronous)]
    [InlineData(TimingChoice.Synchronous)]
    [InlineData(TimingChoice.RoundRobin)]
    public void Claims_are_used_up_by_who_made_them(TimingChoice timing)
    {
        var objective = new TestObjective { ClaimSize = 10 };
        using var star = Cases.Star(Cases.Method("easgd", 2, timing), 2, objective);
        Cases.Run(star, new(400, 4));
        Assert.Equal(400, objective.Draws.Sum(draw => draw.Count));
        int cut = 0; // at the end of an asynchronous run both workers may be in the middle of one
        foreach (var claim in objective.Draws.GroupBy(draw => draw.Position / 10))
        {
            Assert.Single(claim.Select(draw => draw.Worker).Distinct());
            if (!claim.OrderBy(draw => draw.Position).Select(draw => draw.Count).SequenceEqual([4, 4, 2])) cut++;
        }
        Assert.InRange(cut, 0, timing == TimingChoice.Asynchronous ? 2 : 0);
    }

    [Theory]
    [InlineData("downpour", TimingChoice.Asynchronous, 1)]
    [InlineData("downpour", TimingChoice.Synchronous, 3)]
    [InlineData("downpour", TimingChoice.RoundRobin, 3)]
    [InlineData("adownpour", TimingChoice.Synchronous, 2)]
    public void Downpour_pushes_what_it_holds_at_the_end_once(string name, TimingChoice timing, int workers)
    {
        using var star = Cases.Star(Cases.Method(name, workers, timing, period: 5), workers);
        var last = Cases.Run(star, new(workers * 7, 1)).Last!;
        Assert.Equal(2 * workers, last.Exchanges);
        Assert.Equal(4L * workers * 37 * sizeof(float), last.Bytes);
        Assert.Equal(timing == TimingChoice.Synchronous ? 2 : 2 * workers, last.Updates);
        // One worker: the center has taken in all that the worker did.
        if (workers == 1)
            for (int k = 0; k < 37; k++) Assert.Equal(star.Workers[0].X[k], star.Center[k], 1e-5f);
    }

    [Theory]
    [InlineData("easgd")]
    [InlineData("easgd-gauss-seidel")]
    [InlineData("eamsgd")]
    [InlineData("admm")]
    public void Other_methods_make_no_extra_exchange_at_the_end(string name)
    {
        using Star<float> shorter = Cases.Star(Cases.Method(name, 2, TimingChoice.Synchronous, period: 5), 2), longer = Cases.Star(Cases.Method(name, 2, TimingChoice.Synchronous, period: 5), 2);
        long exchanges = Cases.Run(shorter, new(2 * 6, 1)).Last!.Exchanges;
        Assert.Equal(exchanges, Cases.Run(longer, new(2 * 9, 1)).Last!.Exchanges);
        Assert.Equal(shorter.Center.ToArray(), longer.Center.ToArray());
    }

    [Fact]
    public void Pauses_in_the_middle_of_a_period_push_nothing()
    {
        using Star<float> often = Cases.Star(Cases.Method("downpour", 1, period: 5), 1), never = Cases.Star(Cases.Method("downpour", 1, period: 5), 1);
        Cases.Run(often, new(18, 1) { EvaluateEvery = 1 });
        Cases.Run(never, new(18, 1));
        Assert.Equal(Bits<float>.Of(never), Bits<float>.Of(often));
    }

    [Theory]
    [InlineData(-1, 1, 0, 60, "samples is -1; it must be at least 0")]
    [InlineData(1, 0, 0, 60, "batch is 0; it must be at least 1")]
    [InlineData(1, 1, -5, 60, "samples between evaluations is -5; it must be at least 0")]
    [InlineData(1, 1, 0, 0, "wait limit is 00:00:00; it must be above 0")]
    public void An_impossible_plan_is_refused(long samples, int batch, long every, int limit, string message)
    {
        using var star = Cases.Star(Cases.Method("sgd", 1), 1);
        var plan = new RunPlan(samples, batch) { EvaluateEvery = every, WaitLimit = TimeSpan.FromSeconds(limit) };
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => Threads.Run(star, plan)).Message);
    }
}
