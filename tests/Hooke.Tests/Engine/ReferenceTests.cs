using Hooke.Engine;
using Hooke.Methods;
using Hooke.Methods.Catalog;
using Hooke.Runs;
using Xunit;

namespace Hooke.Tests.Engine;

/// <summary>Where the order of events is fixed, threads change no bit.</summary>
public class ReferenceTests
{
    public static TheoryData<string, TimingChoice, int> Synchronous => [.. from c in Cases.With(TimingChoice.Synchronous, TimingChoice.OverlappedSynchronous) from p in (int[])[2, 3, 4] select (c.Name, c.Timing, p)];

    public static TheoryData<string, TimingChoice, int> RoundRobin => [.. from c in Cases.With(TimingChoice.RoundRobin) from p in (int[])[2, 3] select (c.Name, c.Timing, p)];

    [Theory, MemberData(nameof(Synchronous)), MemberData(nameof(RoundRobin))]
    public void Threads_equal_turns_bit_for_bit(string name, TimingChoice timing, int workers)
    {
        // 41 steps end in the middle of a period; evaluations pause the threads at other places.
        AssertEqualTurns(Cases.Method(name, workers, timing), workers, new(workers * 41 * 2, 2) { EvaluateEvery = 30 });
    }

    [Theory]
    [InlineData(TimingChoice.Synchronous, 1)]
    [InlineData(TimingChoice.Synchronous, 4)]
    [InlineData(TimingChoice.OverlappedSynchronous, 4)]
    [InlineData(TimingChoice.RoundRobin, 2)]
    public void An_average_starts_at_the_same_update_although_fast_workers_run_ahead(TimingChoice timing, int period)
    {
        for (int drop = 5; drop < 10; drop++)
        {
            var shape = new StepwiseRate(new RateDrop(drop, 2));
            var method = Cases.Method("easgd", 3, timing, period, choices => choices with { Rate = shape, Readout = ReadoutChoice.TimeAverage, AverageFromFirstDrop = true });
            AssertEqualTurns(method, 3, new(3 * 12, 1));
        }
    }

    [Fact]
    public void A_stagnation_that_starts_an_average_is_seen_when_the_message_is_formed()
    {
        for (int run = 0; run < 10; run++)
        {
            var method = Cases.Method("easgd", 3, TimingChoice.OverlappedSynchronous, 4, choices => choices with { Rate = new StagnationRate(2, 0.2, 2), Readout = ReadoutChoice.TimeAverage, AverageFromFirstDrop = true });
            AssertEqualTurns(method, 3, new(3 * 40, 1));
        }
    }

    [Fact]
    public void An_exchange_in_one_pass_has_the_bits_of_one_in_three()
    {
        var method = Cases.Method("easgd", 2, TimingChoice.RoundRobin);
        using Star<float> fused = Cases.Star(method, 2), plain = Cases.Star(method, 2);
        Cases.Run(fused, new(200, 2));
        Cases.Run(plain, new(200, 2) { Fuse = false });
        Assert.Equal(Bits<float>.Vectors(plain), Bits<float>.Vectors(fused));
    }

    private static void AssertEqualTurns(Method method, int workers, RunPlan plan)
    {
        using Star<float> expected = Cases.Star(method, workers), actual = Cases.Star(method, workers);
        long steps = plan.Samples / plan.Batch / workers;
        Turns.Run(expected, steps, plan.Batch);
        Hooke.Tests.Laws.Play.Finish(expected);
        var outcome = Cases.Run(actual, plan);
        Assert.Null(outcome.Divergence);
        Assert.Equal(Report(expected), Report(actual));
        Assert.Equal(Bits<float>.Vectors(expected), Bits<float>.Vectors(actual));
        Assert.Equal(expected.Clock, actual.Clock);
        Assert.All(actual.Workers, worker => Assert.Equal(steps, worker.Steps));
    }

    private static float[] Report(Star<float> star)
    {
        float[] report = new float[star.Objective.Dimension];
        star.Report(report);
        return report;
    }
}
