using Hooke.Methods.Catalog;
using Hooke.Runs;
using Xunit;

namespace Hooke.Tests.Engine;

/// <summary>A run can be stopped at any time and loses nothing.</summary>
public class StopTests
{
    [Theory, MemberData(nameof(ResumeTests.Deterministic), MemberType = typeof(ResumeTests))]
    public void A_stop_is_prompt_and_consistent_and_the_rest_can_follow(string name, TimingChoice? timing, int workers)
    {
        using var folder = new Folder();
        using var stop = new CancellationTokenSource();
        using var noticed = new ManualResetEventSlim();
        var method = Cases.Method(name, workers, timing, period: 4);
        long samples = name == "gd" ? 64 * 40 : workers * 40;
        var objective = new TestObjective
        {
            Before = draw =>
            {
                if (draw.Step == 9 && draw.Worker == workers - 1) stop.Cancel();
                if (draw.Step > 9) Assert.True(noticed.Wait(TestObjective.Patience));
            },
        };
        int ticks = 0; // the first may come after the engine has looked, the second can't
        var recorder = new Recorder { OnTick = _ => { if (stop.IsCancellationRequested && ++ticks == 2) noticed.Set(); } };
        using (var star = Cases.Star(method, workers, objective))
        {
            var outcome = Cases.Run(star, new(samples, 1) { Checkpoint = folder["state"] }, recorder, stop: stop.Token);
            Assert.True(outcome.Stopped);
            Assert.Single(star.Workers.Select(worker => worker.Steps).Distinct());
            Assert.InRange(star.Workers[0].Steps, 9, 15);
        }
        using Star<float> resumed = Cases.Star(method, workers), whole = Cases.Star(method, workers);
        Assert.False(Cases.Run(resumed, new(samples, 1), resume: new(folder["state"])).Stopped);
        Cases.Run(whole, new(samples, 1));
        Assert.Equal(Bits<float>.Of(whole), Bits<float>.Of(resumed));
    }

    [Theory]
    [InlineData(TimingChoice.Asynchronous)]
    [InlineData(TimingChoice.Overlapped)]
    public void An_asynchronous_run_stops_at_a_consistent_cut_too(TimingChoice timing)
    {
        using var folder = new Folder();
        using var stop = new CancellationTokenSource();
        var objective = new TestObjective { Before = draw => { if (draw.Step == 50) stop.Cancel(); } };
        using Star<float> star = Cases.Star(Cases.Method("easgd", 3, timing), 3, objective), resumed = Cases.Star(Cases.Method("easgd", 3, timing), 3);
        var outcome = Cases.Run(star, new(100_000_000, 1) { Checkpoint = folder["state"] }, stop: stop.Token);
        Assert.True(outcome.Stopped);
        long samples = outcome.Last!.Samples;
        Assert.Equal(samples, star.Workers.Sum(worker => worker.Steps));
        var restored = Cases.Run(resumed, new(samples, 1), resume: new(folder["state"])).Last!;
        Assert.Equal(Bits<float>.Of(star), Bits<float>.Of(resumed));
        ResumeTests.AssertSame(outcome.Last, restored);
        Assert.Equal(samples + 300, Cases.Run(resumed, new(samples + 300, 1), resume: new(folder["state"])).Last!.Samples);
        Assert.Equal(samples + 300, resumed.Workers.Sum(worker => worker.Steps));
    }

    [Fact]
    public void A_stop_that_comes_when_all_is_done_changes_nothing()
    {
        using var stop = new CancellationTokenSource();
        var recorder = new Recorder { OnTick = progress => { if (progress is { Evaluating: true, Samples: > 0 }) stop.Cancel(); } };
        using Star<float> stopped = Cases.Star(Cases.Method("downpour", 1, period: 5), 1), whole = Cases.Star(Cases.Method("downpour", 1, period: 5), 1);
        Assert.False(Cases.Run(stopped, new(7, 1), recorder, stop: stop.Token).Stopped);
        Cases.Run(whole, new(7, 1));
        Assert.Equal(Bits<float>.Of(whole), Bits<float>.Of(stopped));
    }

    [Fact]
    public void A_stop_before_the_start_trains_nothing()
    {
        using var star = Cases.Star(Cases.Method("easgd", 2), 2);
        var outcome = Cases.Run(star, new(100, 1), stop: new(canceled: true));
        Assert.True(outcome.Stopped);
        Assert.Equal(0, outcome.Last!.Samples);
    }
}
