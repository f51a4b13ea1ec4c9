using Hooke.Engine;
using Hooke.Engine.Checkpoints;
using Hooke.Methods;
using Hooke.Methods.Catalog;
using Hooke.Runs;
using Xunit;

namespace Hooke.Tests.Engine;

/// <summary>A run that was interrupted and resumed is the run that was not.</summary>
public class ResumeTests
{
    public static TheoryData<string, TimingChoice?, int> Deterministic =>
    [
        .. Cases.Names.Select(name => (name, (TimingChoice?)null, 1)),
        ("easgd", TimingChoice.Overlapped, 1),
        .. Cases.With(TimingChoice.Synchronous, TimingChoice.OverlappedSynchronous, TimingChoice.RoundRobin).Select(c => (c.Name, (TimingChoice?)c.Timing, 2)),
    ];

    [Theory, MemberData(nameof(Deterministic))]
    public void Every_checkpoint_of_a_run_leads_to_the_same_end(string name, TimingChoice? timing, int workers)
        => AssertResumes(Cases.Method(name, workers, timing, period: 4), workers, name == "gd" ? 64 * 6 : workers * 2 * 22, name == "gd" ? 64 : workers * 2 * 3);

    [Theory]
    [InlineData(ReadoutChoice.TimeAverage, true)]
    [InlineData(ReadoutChoice.MovingAverage, false)]
    public void Averages_and_stagnation_go_on_where_they_were(ReadoutChoice readout, bool fromDrop)
    {
        var method = Cases.Method("eamsgd", 1, null, 3, choices => choices with { Readout = readout, AverageFromFirstDrop = fromDrop, GrowingMomentum = true, Rate = new StagnationRate(3, 0.1, 2, 2) }, fromDrop ? [] : [("average-from", 3)]);
        AssertResumes(method, 1, 80, 8);
    }

    [Theory]
    [InlineData(TimingChoice.Asynchronous, 1)]
    [InlineData(TimingChoice.Synchronous, 2)]
    public void Claims_go_on_where_they_were(TimingChoice timing, int workers)
        => AssertResumes(Cases.Method("easgd", workers, timing), workers, 90 * workers, 12 * workers, claimSize: 14);

    [Theory]
    [InlineData("downpour", TimingChoice.Asynchronous, 1)]
    [InlineData("downpour", TimingChoice.Synchronous, 2)]
    [InlineData("adownpour", TimingChoice.RoundRobin, 2)]
    public void A_finished_run_pushes_nothing_twice_and_can_be_prolonged(string name, TimingChoice timing, int workers)
    {
        using var folder = new Folder();
        var method = Cases.Method(name, workers, timing, period: 5);
        using Star<float> first = Cases.Star(method, workers), again = Cases.Star(method, workers), longer = Cases.Star(method, workers), whole = Cases.Star(method, workers);
        var end = Cases.Run(first, new(workers * 7, 1) { Checkpoint = folder["state"] }).Last!;
        AssertSame(end, Cases.Run(again, new(workers * 7, 1), resume: new(folder["state"])).Last!);
        Assert.Equal(Bits<float>.Of(first), Bits<float>.Of(again));
        Cases.Run(longer, new(workers * 13, 1), resume: new(folder["state"]));
        Cases.Run(whole, new(workers * 13, 1));
        Assert.Equal(Bits<float>.Of(whole), Bits<float>.Of(longer));
    }

    private static void AssertResumes(Method method, int workers, long samples, long every, int claimSize = 0)
    {
        using var folder = new Folder();
        var plan = new RunPlan(samples, 2) { EvaluateEvery = every, MeasureGradient = true };
        using var whole = Cases.Star(method, workers, new() { ClaimSize = claimSize });
        int saved = 0;
        var keeper = new Recorder { OnTick = progress => { if (progress.Evaluating && File.Exists(folder["state"])) File.Copy(folder["state"], folder[$"{saved++}"]); } };
        var end = Cases.Run(whole, plan with { Checkpoint = folder["state"] }, keeper).Last!;
        Assert.True(saved >= 5);
        Assert.True(end.Gradient!.Smoothness > 0);
        for (int k = 0; k < saved; k++)
        {
            using var resumed = Cases.Star(method, workers, new() { ClaimSize = claimSize });
            var recorder = new Recorder();
            AssertSame(end, Cases.Run(resumed, plan, recorder, new CheckpointReader<float>(folder[$"{k}"])).Last!);
            Assert.Equal(Bits<float>.Of(whole), Bits<float>.Of(resumed));
            AssertSame(keeper.Points[k], recorder.Points[0]);
        }
    }

    /// <summary>Points agree in all but time.</summary>
    internal static void AssertSame(TracePoint expected, TracePoint actual)
    {
        Assert.Equal(Timeless(expected), Timeless(actual));
        Assert.Equal(expected.Workers.Select(Timeless), actual.Workers.Select(Timeless));
    }

    private static TracePoint Timeless(TracePoint point) => point with { Seconds = 0, WallSeconds = 0, Workers = [] };

    private static WorkerAccount Timeless(WorkerAccount account) => account with { Compute = 0, Data = 0, Communication = 0, Waiting = 0 };
}
