using Hooke.Methods.Catalog;
using Hooke.Problems;
using Hooke.Runs;
using Xunit;

namespace Hooke.Tests.Engine;

/// <summary>Evaluating is looking, not touching.</summary>
public class EvaluationTests
{
    public static TheoryData<string, TimingChoice?, int> Deterministic =>
    [
        .. Cases.Names.Select(name => (name, (TimingChoice?)null, 1)),
        .. Cases.With(TimingChoice.Synchronous, TimingChoice.OverlappedSynchronous).Select(c => (c.Name, (TimingChoice?)c.Timing, 2)),
    ];

    [Theory, MemberData(nameof(Deterministic))]
    public void Evaluating_often_changes_no_bit(string name, TimingChoice? timing, int workers)
    {
        var method = Cases.Method(name, workers, timing);
        using Star<float> often = Cases.Star(method, workers), never = Cases.Star(method, workers);
        long samples = name == "gd" ? 64 * 20 : workers * 41;
        var frequent = new Recorder();
        Cases.Run(often, new(samples, 1) { EvaluateEvery = 3, MeasureGradient = true }, frequent);
        Cases.Run(never, new(samples, 1));
        Assert.Equal(Bits<float>.Of(never), Bits<float>.Of(often));
        Assert.True(frequent.Points.Count > 10);
    }

    [Theory]
    [InlineData(TimingChoice.Synchronous, 20)]
    [InlineData(TimingChoice.RoundRobin, 20)]
    [InlineData(TimingChoice.Asynchronous, 10)]
    public void Points_come_at_multiples_and_at_both_ends(TimingChoice timing, int every)
    {
        using var star = Cases.Star(Cases.Method("easgd", 2, timing), 2);
        var recorder = new Recorder();
        Cases.Run(star, new(90, 5) { EvaluateEvery = every }, recorder);
        Assert.Equal([.. Enumerable.Range(0, 90 / every + 1).Select(k => (long)k * every), .. 90 % every == 0 ? (long[])[] : [90]], recorder.Points.Select(point => point.Samples));
        Assert.All(recorder.Points, point => Assert.Equal(point.Samples / 64.0, point.Epochs));
    }

    [Fact]
    public void A_multiple_inside_a_batch_is_seen_at_the_end_of_the_batch()
    {
        using var star = Cases.Star(Cases.Method("sgd", 1), 1);
        var recorder = new Recorder();
        Cases.Run(star, new(100, 32) { EvaluateEvery = 50 }, recorder);
        Assert.Equal([0, 64, 100], recorder.Points.Select(point => point.Samples));
    }

    [Fact]
    public void Marks_closer_than_a_step_never_lose_a_wakeup()
    {
        using var star = Cases.Star(Cases.Method("easgd", 4, TimingChoice.Asynchronous), 4, new TestObjective(dimension: 2));
        var recorder = new Recorder();
        Cases.Run(star, new(3000, 1) { EvaluateEvery = 1 }, recorder);
        Assert.Equal(3001, recorder.Points.Count);
    }

    [Fact]
    public void Every_block_of_both_sets_is_evaluated_once_at_a_point()
    {
        int[] training = new int[2], test = new int[40];
        var objective = new TestObjective { TestBlocks = 40 };
        objective.Score = (split, block, score) =>
        {
            Interlocked.Increment(ref (split == Split.Training ? training : test)[block]);
            return score;
        };
        using var star = Cases.Star(Cases.Method("easgd", 3), 3, objective);
        Cases.Run(star, new(9, 1) { EvaluateEvery = 3 });
        Assert.All([.. training, .. test], count => Assert.Equal(4, count));
    }

    [Theory]
    [InlineData(TimingChoice.Asynchronous)]
    [InlineData(TimingChoice.Overlapped)]
    [InlineData(TimingChoice.RoundRobin)]
    [InlineData(TimingChoice.Synchronous)]
    [InlineData(TimingChoice.OverlappedSynchronous)]
    public void The_time_of_every_worker_adds_up_to_the_run_without_its_evaluations(TimingChoice timing)
    {
        using var star = Cases.Star(Cases.Method("easgd", 3, timing), 3, new TestObjective(dimension: 500));
        var recorder = new Recorder();
        Cases.Run(star, new(3000, 1) { EvaluateEvery = 300, MeasureGradient = true }, recorder);
        Assert.All(recorder.Points, point =>
        {
            Assert.True(point.Seconds <= point.WallSeconds);
            Assert.All(point.Workers, worker => Assert.Equal(point.Seconds, worker.Compute + worker.Data + worker.Communication + worker.Waiting, 0.02 * point.Seconds + 1e-9));
        });
        Assert.True(recorder.Points[^1].Seconds > 0);
    }
}
