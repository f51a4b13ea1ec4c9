using Hooke.Engine.Checkpoints;
using Hooke.Methods.Catalog;
using Hooke.Problems;
using Xunit;

namespace Hooke.Tests.Engine;

/// <summary>Whatever goes wrong in a worker ends the run, at once, and says who it was.</summary>
public class FailureTests
{
    public static TheoryData<TimingChoice> Timings => [TimingChoice.Asynchronous, TimingChoice.Overlapped, TimingChoice.Synchronous, TimingChoice.OverlappedSynchronous, TimingChoice.RoundRobin];

    [Theory, MemberData(nameof(Timings))]
    public void A_loss_that_is_not_a_number_names_worker_and_step(TimingChoice timing)
    {
        using var folder = new Folder();
        string path = folder["state"];
        var objective = new TestObjective { Loss = (draw, loss) => draw is { Worker: 1, Step: 7 } ? double.NaN : loss };
        using var star = Cases.Star(Cases.Method("easgd", 2, timing), 2, objective);
        KeepBusy(objective, 1, 7);
        var outcome = Cases.Run(star, new(10_000, 1) { EvaluateEvery = timing is TimingChoice.Asynchronous or TimingChoice.Overlapped ? 40 : 4, Checkpoint = path });
        Assert.Equal(new(1, 7, "the loss is NaN"), outcome.Divergence);
        Assert.Equal("worker 1, step 7: the loss is NaN", $"{outcome.Divergence}");
        Assert.False(outcome.Stopped);
        var kept = new CheckpointReader<float>(path);
        Assert.Equal(outcome.Last!.Samples, kept.Samples);
    }

    [Theory]
    [InlineData(Split.Training, double.PositiveInfinity, "center, update 2: the training loss is Infinity")]
    [InlineData(Split.Test, double.NaN, "center, update 2: the test loss is NaN")]
    public void A_center_whose_loss_is_not_finite_leaves_the_last_checkpoint(Split bad, double value, string message)
    {
        using var folder = new Folder();
        string path = folder["state"];
        int points = 0;
        byte[] good = [];
        var objective = new TestObjective();
        objective.Score = (split, _, score) => split == bad && Volatile.Read(ref points) == 2 ? new(value, 0, 1) : score;
        using var star = Cases.Star(Cases.Method("easgd", 1, period: 5), 1, objective);
        var recorder = new Recorder
        {
            OnPoint = _ => Interlocked.Increment(ref points),
            OnTick = progress => { if (progress.Evaluating && points == 2) good = File.ReadAllBytes(path); },
        };
        var outcome = Cases.Run(star, new(100, 1) { EvaluateEvery = 5, Checkpoint = path }, recorder);
        Assert.Equal(message, $"{outcome.Divergence}");
        Assert.Equal(5, outcome.Last!.Samples);
        Assert.Equal(10, star.Workers[0].Steps); // nobody trains on
        Assert.Equal(good, File.ReadAllBytes(path));
    }

    [Theory]
    [InlineData("easgd", 3)]
    [InlineData("downpour", 7)]
    public void Parameters_that_are_not_finite_are_found_though_the_loss_is(string name, int samples)
    {
        using var folder = new Folder();
        var objective = new TestObjective { Slope = float.PositiveInfinity, Loss = (_, _) => 1, Score = (_, _, _) => new(1, 0, 1) };
        using var star = Cases.Star(Cases.Method(name, 1, period: 10), 1, objective);
        var outcome = Cases.Run(star, new(samples, 1) { Checkpoint = folder["state"] });
        Assert.Equal(new(0, samples, "a parameter is not finite"), outcome.Divergence);
        Assert.Equal(0, new CheckpointReader<float>(folder["state"]).Samples);
    }

    [Theory, MemberData(nameof(Timings))]
    public void A_worker_that_throws_ends_the_run_with_its_reason(TimingChoice timing)
    {
        var reason = new FormatException("a strange example");
        var objective = new TestObjective { Loss = (draw, loss) => draw is { Worker: 1, Step: 5 } ? throw reason : loss };
        KeepBusy(objective, 1, 5);
        using var star = Cases.Star(Cases.Method("easgd", 3, timing), 3, objective);
        var failure = Assert.Throws<InvalidOperationException>(() => Cases.Run(star, new(10_000, 1) { EvaluateEvery = 30 }));
        Assert.Equal("worker 1 failed: a strange example", failure.Message);
        Assert.Same(reason, failure.InnerException);
    }

    [Fact]
    public void A_worker_that_throws_a_cancellation_of_its_own_is_not_taken_for_one_that_was_sent_away()
    {
        var objective = new TestObjective { Loss = (draw, loss) => draw.Step == 5 ? throw new OperationCanceledException("mine") : loss };
        using var star = Cases.Star(Cases.Method("easgd", 2), 2, objective);
        Assert.Equal("mine", Assert.Throws<InvalidOperationException>(() => Cases.Run(star, new(1000, 1))).InnerException!.Message);
    }

    [Theory, MemberData(nameof(Timings))]
    public void An_evaluation_that_throws_ends_the_run_while_others_still_evaluate(TimingChoice timing)
    {
        int evaluated = 0;
        using var second = new ManualResetEventSlim();
        var objective = new TestObjective { TestBlocks = 30 };
        objective.Score = (_, _, score) => Interlocked.Increment(ref evaluated) switch
        {
            70 => Fail(second),
            > 70 => Linger(second, score),
            _ => score,
        };
        using var star = Cases.Star(Cases.Method("easgd", 3, timing), 3, objective);
        var failure = Assert.Throws<InvalidOperationException>(() => Cases.Run(star, new(3000, 1) { EvaluateEvery = 30 }));
        Assert.EndsWith("failed: no such block", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disk_that_does_not_come_back_from_a_checkpoint_is_not_awaited_without_end()
    {
        using var folder = new Folder();
        string path = folder["checkpoint.safetensors"], part = path + ".tmp";
        // Who opens a pipe to write it waits for a reader.
        using (var make = System.Diagnostics.Process.Start("mkfifo", [part])) make.WaitForExit();
        using (var star = Cases.Star(Cases.Method("easgd", 2, TimingChoice.Synchronous), 2))
        {
            var late = Assert.Throws<TimeoutException>(() => Cases.Run(star, new(100, 1) { Checkpoint = path, WaitLimit = TimeSpan.FromSeconds(1) }));
            Assert.Equal($"the checkpoint {path} has not been written for 1 s, the limit", late.Message);
        }
        using (var reader = new FileStream(part, FileMode.Open, FileAccess.Read)) reader.CopyTo(Stream.Null);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void An_observer_that_throws_is_told_nothing_more_and_the_run_goes_on()
    {
        using var star = Cases.Star(Cases.Method("easgd", 2, TimingChoice.Synchronous), 2);
        var recorder = new Recorder { OnPoint = point => { if (point.Samples > 0) throw new FormatException("no more"); } };
        var outcome = Cases.Run(star, new(100, 1) { EvaluateEvery = 10 }, recorder);
        Assert.Equal("no more", Assert.IsType<FormatException>(outcome.ObserverFailure).Message);
        Assert.Equal((100, 2), (outcome.Last!.Samples, recorder.Points.Count));
    }

    [Theory, MemberData(nameof(Timings))]
    public void A_worker_that_never_returns_is_named_and_its_memory_outlives_the_run(TimingChoice timing)
    {
        using var never = new ManualResetEventSlim();
        using var left = new ManualResetEventSlim();
        var objective = new TestObjective();
        objective.Before = draw => { if (draw is { Worker: 1, Step: 4 }) never.Wait(TestObjective.Patience); };
        objective.Loss = (draw, loss) => { if (draw is { Worker: 1, Step: 4 }) left.Set(); return loss; };
        KeepBusy(objective, 1, 4);
        using (var star = Cases.Star(Cases.Method("easgd", 3, timing), 3, objective))
        {
            var late = Assert.Throws<TimeoutException>(() => Cases.Run(star, new(100_000, 1) { WaitLimit = TimeSpan.FromSeconds(1) }));
            Assert.Equal("worker 1 has not come back from its step for 1 s, the limit", late.Message);
        }
        never.Set(); // now it writes its gradient, and must find its memory
        Assert.True(left.Wait(TestObjective.Patience));
    }

    [Fact]
    public void A_lone_worker_that_never_returns_is_named()
    {
        using var never = new ManualResetEventSlim();
        var objective = new TestObjective { Before = _ => never.Wait(TestObjective.Patience) };
        using var star = Cases.Star(Cases.Method("sgd", 1), 1, objective);
        Assert.Throws<TimeoutException>(() => Cases.Run(star, new(10, 1) { WaitLimit = TimeSpan.FromSeconds(0.3) }));
        never.Set();
    }

    [Fact]
    public void An_evaluation_that_never_returns_names_its_worker()
    {
        using var never = new ManualResetEventSlim();
        var objective = new TestObjective { Score = (split, block, score) => { if (split == Split.Test && block == 1) never.Wait(TestObjective.Patience); return score; } };
        using var star = Cases.Star(Cases.Method("easgd", 2), 2, objective);
        var late = Assert.Throws<TimeoutException>(() => Cases.Run(star, new(10, 1) { WaitLimit = TimeSpan.FromSeconds(0.3) }));
        Assert.Matches("^worker [01] has not come back from the evaluation for 0.3 s, the limit$", late.Message);
        never.Set();
    }

    /// <summary>Asynchronous workers leave enough work, before the next mark, for the one that the test is about.</summary>
    private static void KeepBusy(TestObjective objective, int worker, long step)
    {
        var before = objective.Before;
        var reached = new ManualResetEventSlim();
        objective.Before = draw =>
        {
            if (draw.Worker == worker && draw.Step == step) reached.Set();
            if (draw.Worker != worker && draw.Step == step + 2) reached.Wait(TestObjective.Patience);
            before(draw);
        };
    }

    private static Score Fail(ManualResetEventSlim second)
    {
        second.Wait(TimeSpan.FromSeconds(0.2));
        throw new FormatException("no such block");
    }

    private static Score Linger(ManualResetEventSlim second, Score score)
    {
        second.Set();
        return score;
    }
}
