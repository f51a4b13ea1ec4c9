using Hooke.Engine;
using Hooke.Engine.Checkpoints;
using Hooke.Methods;
using Hooke.Models.Linear;
using Hooke.Numerics;
using Hooke.Tests.Engine;
using Xunit;

namespace Hooke.Tests.LockFree;

/// <summary>A run on a shared model that was interrupted, and resumed.</summary>
public sealed class ResumedTests
{
    private const ulong Seed = 5;

    public static TheoryData<string> Kinds => ["floats", "decay", "classes", "batches", "fixed", "nearest", "average", "pairs", "replacement", "turns", "turns with copies", "turns with copies in fixed point", "turns of dense rows"];

    [Theory, MemberData(nameof(Kinds))]
    public void Every_checkpoint_of_a_run_whose_order_is_given_leads_to_the_same_bits(string kind)
    {
        using Folder folder = new();
        var (data, options, plan, workers) = Of(kind);
        int saved = 0;
        var keeper = new Recorder { OnTick = progress => { if (progress.Evaluating && File.Exists(folder["state"])) File.Copy(folder["state"], folder[$"{saved++}"]); } };
        using LinearModel whole = new(data, options, Seed);
        var end = Hogwild.Run(whole, workers, Seed, plan with { Checkpoint = folder["state"] }, keeper);
        Assert.True(saved >= 4);
        Assert.Equal(plan.Samples, end.Run.Last!.Samples);
        for (int k = 0; k < saved; k++)
        {
            using LinearModel resumed = new(data, options, Seed);
            Recorder recorder = new();
            var again = Hogwild.Run(resumed, workers, Seed, plan, recorder, new CheckpointReader<float>(folder[$"{k}"]));
            ResumeTests.AssertSame(keeper.Points[k], recorder.Points[0]);
            ResumeTests.AssertSame(end.Run.Last, again.Run.Last!);
            Assert.Equal(Bits(whole), Bits(resumed));
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Where_a_run_is_stopped_changes_no_bit_and_leaves_no_point_of_the_resumed_run(string kind)
    {
        using Folder folder = new();
        var (data, options, plan, workers) = Of(kind);
        using LinearModel whole = new(data, options, Seed), part = new(data, options, Seed), rest = new(data, options, Seed);
        Recorder undisturbed = new(), before = new(), after = new();
        Hogwild.Run(whole, workers, Seed, plan, undisturbed);

        using CancellationTokenSource stop = new();
        var stopping = plan with { Checkpoint = folder["state"], Shape = new Stopping(plan.Shape, plan.Samples / plan.Batch / workers / 2, stop) };
        var stopped = Hogwild.Run(part, workers, Seed, stopping, before, stop: stop.Token);
        Assert.True(stopped.Run.Stopped);
        Assert.False(plan.IsMark(stopped.Run.Last!.Samples));
        Hogwild.Run(rest, workers, Seed, plan, after, new CheckpointReader<float>(folder["state"]));
        Assert.Equal(Bits(whole), Bits(rest));
        Assert.Equal(undisturbed.Points.Select(point => (point.Samples, point.Updates, point.TrainLoss)), before.Points.SkipLast(1).Concat(after.Points).Select(point => (point.Samples, point.Updates, point.TrainLoss)));
    }

    [Theory]
    [InlineData(Sharing.LockFree, 0)]
    [InlineData(Sharing.LockFree, int.MaxValue)]
    [InlineData(Sharing.Locked, 7)]
    public void Several_workers_that_are_stopped_and_resumed_lose_no_example_and_take_none_twice(Sharing sharing, int hot)
    {
        // Every example adds to a coordinate of its own, which tells how often it was taken: the hinge's margin is never reached.
        const int Examples = 20_000, Workers = 4, Times = 5;
        var data = LinearSets.Sparse([.. Enumerable.Range(0, Examples).Select(k => (k % 2 == 0 ? 1f : -1f, ((int, float)[])[(k, 1)]))], Examples);
        using Folder folder = new();
        LockFreePlan plan = new(4 * data.TrainCount, 1.0 / 1024) { Sharing = sharing, Checkpoint = folder["state"], EvaluateEvery = data.TrainCount + 1 };
        LinearOptions options = new() { Loss = LinearLossKind.Hinge, Hot = hot, MergeEvery = 8 };
        long samples = 0, steps = 0;
        for (int run = 0; run < Times; run++)
        {
            using LinearModel model = new(data, options, Seed);
            using CancellationTokenSource stop = new();
            var shape = run == Times - 1 ? plan.Shape : new Stopping(plan.Shape, (run + 1) * plan.Samples / Workers / (Times + 1), stop);
            var outcome = Hogwild.Run(model, Workers, Seed, plan with { Shape = shape }, null, run == 0 ? null : new CheckpointReader<float>(folder["state"]), stop.Token);
            var last = outcome.Run.Last!;
            Assert.True(last.Samples > samples);
            (samples, steps) = (last.Samples, last.Updates);
            Assert.Equal(samples, last.Workers.Sum(worker => worker.Samples));
            Assert.Equal(steps, last.Workers.Sum(worker => worker.Steps));
            if (run < Times - 1) continue;
            float[] weights = new float[data.Features];
            model.Export(0, weights);
            double[] taken = [.. weights.Select(weight => Math.Abs(weight) * 1024.0)];
            Assert.Equal(plan.Samples, taken.Sum());
            Assert.All(taken.Where(count => count != 0), count => Assert.InRange(count, 1, 5)); // a worker may hold some of an epoch when others end the next
        }
        Assert.Equal(plan.Samples, samples);
    }

    [Theory]
    [InlineData(1, 0, 32, false)]
    [InlineData(3, int.MaxValue, 32, false)]
    [InlineData(2, 100, 32, true)]
    [InlineData(2, int.MaxValue, 16, false)]
    [InlineData(1, 0, 8, false)]
    public void The_size_of_a_checkpoint_is_foretold(int workers, int hot, int bits, bool averages)
    {
        using Folder folder = new();
        var data = LinearSets.Texts(1500, 20_000);
        using LinearModel model = new(data, new() { Hot = hot, Precision = new(32, bits), Averages = averages }, Seed);
        Hogwild.Run(model, workers, Seed, new(4000, 0.1) { Checkpoint = folder["state"] });
        long written = new FileInfo(folder["state"]).Length, foretold = model.StateBytes(workers);
        // Clocks and names come on top, for which the disk has a megabyte to spare; copies that are as the model is need no room.
        Assert.InRange(written, model.StateBytes(1), foretold + (32 << 10) * workers);
    }

    [Theory]
    [InlineData("seed")]
    [InlineData("precision")]
    [InlineData("workers")]
    [InlineData("data")]
    [InlineData("average")]
    public void Another_runs_checkpoint_is_refused_and_changes_nothing(string what)
    {
        using Folder folder = new();
        var data = LinearSets.Texts(500);
        LockFreePlan plan = new(1000, 0.3) { Checkpoint = folder["state"] };
        using LinearModel one = new(data, new() { Averages = what == "average" }, Seed), other = new(what == "data" ? LinearSets.Texts(600) : data, new() { Precision = what == "precision" ? new(32, 16) : Precision.Full }, Seed);
        Hogwild.Run(one, 1, Seed, plan);
        var reader = new CheckpointReader<float>(folder["state"]);
        var wrong = Assert.Throws<InvalidFileException>(() => Hogwild.Run(other, what == "workers" ? 2 : 1, what == "seed" ? 6u : Seed, plan, null, reader));
        Assert.Contains("it is the checkpoint of another run", wrong.Message);
        other.Publish();
        Assert.Equal(0, other.LargestWeight());
    }

    private static (LinearData Data, LinearOptions Options, LockFreePlan Plan, int Workers) Of(string kind)
    {
        var texts = LinearSets.Texts(3000, 500, 10);
        LockFreePlan plan = new(2 * texts.TrainCount + 77, 0.3) { EvaluateEvery = 1234, Shape = new InverseSquareRootRate(0.001) };
        LinearOptions options = new();
        return kind switch
        {
            "floats" => (texts, options, plan, 1),
            "decay" => (texts, options with { L2 = 1e-4 }, plan, 1),
            "classes" => (LinearSets.Sparse([.. Enumerable.Range(0, 3000).Select(k => ((float)(k % 3), ((int, float)[])[(k % 3 + k % 7, 1), (20 + k % 11, 0.5f)]))], 40), options with { Averages = true, L2 = 1e-4 }, plan, 1),
            "batches" => (texts, options with { L2 = 1e-4 }, plan with { Batch = 3 }, 1),
            "fixed" => (texts, options with { Precision = new(8, 16), Range = 16, L2 = 1e-4 }, plan, 1),
            "nearest" => (texts, options with { Precision = new(8, 8), Range = 16, Rounding = Rounding.Nearest, Loss = LinearLossKind.Hinge }, plan, 1),
            "average" => (texts, options with { Averages = true }, plan with { AverageEvery = 300 }, 1),
            "pairs" => (LinearDataCatalog.Random(500, DensePairs.FewestFeatures + 17), options with { L2 = 0.01 }, plan with { Samples = 2001, EvaluateEvery = 403, LearningRate = 3e-3 }, 1),
            "replacement" => (texts, options, plan with { Replacement = true }, 1),
            "turns" => (texts, options, plan with { Sharing = Sharing.RoundRobin }, 3),
            "turns with copies" => (texts, options with { Hot = 100, MergeEvery = 7, L2 = 1e-4 }, plan with { Sharing = Sharing.RoundRobin }, 3),
            "turns with copies in fixed point" => (texts, options with { Hot = int.MaxValue, MergeEvery = 70, Precision = new(8, 8), Range = 16 }, plan with { Sharing = Sharing.RoundRobin }, 2),
            "turns of dense rows" => (LinearDataCatalog.Random(900, 91), options with { Hot = 1, MergeEvery = 80 }, plan with { Sharing = Sharing.RoundRobin, LearningRate = 0.01 }, 3),
            _ => throw new ArgumentException(kind),
        };
    }

    private static int[] Bits(LinearModel model)
    {
        model.Publish();
        int count = model.Dimension / model.Outputs;
        float[] weights = new float[model.Dimension];
        for (int output = 0; output < model.Outputs; output++) model.Export(output, weights.AsSpan(output * count, count));
        return [.. weights.Select(BitConverter.SingleToInt32Bits)];
    }

    /// <summary>A shape that stops the run at one of a worker's steps, and is another's in all else.</summary>
    private sealed record Stopping(RateShape Shape, long At, CancellationTokenSource Stop) : RateShape
    {
        public override double Factor(long step, int stagnations)
        {
            if (step == At) Stop.Cancel();
            return Shape.Factor(step, stagnations);
        }
    }
}
