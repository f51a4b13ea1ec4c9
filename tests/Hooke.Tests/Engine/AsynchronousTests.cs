using Hooke.Engine;
using Hooke.Methods;
using Hooke.Methods.Catalog;
using Hooke.Problems;
using Hooke.Runs;
using Xunit;

namespace Hooke.Tests.Engine;

/// <summary>What holds however the threads interleave.</summary>
public class AsynchronousTests
{
    public static TheoryData<string, TimingChoice, int> All => [.. from c in Cases.With(TimingChoice.Asynchronous, TimingChoice.Overlapped) from p in (int[])[2, 4] select (c.Name, c.Timing, p)];

    [Theory, MemberData(nameof(All))]
    public void Every_sample_and_message_is_accounted_for_once(string name, TimingChoice timing, int workers)
    {
        var objective = new TestObjective();
        using var star = Cases.Star(Cases.Method(name, workers, timing), workers, objective);
        var outcome = Cases.Run(star, new(1003, 4) { EvaluateEvery = 250 });
        var last = outcome.Last!;
        Assert.Equal(1003, last.Samples);
        Assert.Equal(1003, last.Workers.Sum(worker => worker.Samples));
        Assert.Equal(objective.Draws.Count, last.Workers.Sum(worker => worker.Steps));
        long[] positions = [.. objective.Draws.SelectMany(draw => Enumerable.Range(0, draw.Count).Select(k => draw.Position + k)).Order()];
        Assert.Equal(Enumerable.Range(0, 1003).Select(k => (long)k), positions);
        Assert.Equal(last.Exchanges, last.Workers.Sum(worker => worker.Exchanges));
        Assert.Equal(last.Exchanges, outcome.Staleness.Count);
        Assert.Equal(last.Exchanges, Sum(outcome.Staleness.Histogram));
        Assert.Equal(0, last.Dropped);
        Assert.InRange(last.StalenessMean, 0, last.StalenessMax);
        if (star.Tree is { } tree)
        {
            AssertTree(star, tree, last);
            return;
        }
        Assert.Equal(last.Exchanges, last.Updates);
        AssertBytes(star, last, starts: timing == TimingChoice.Overlapped || Cases.Method(name, workers).Coupling.Meeting == Meeting.WithPull);
    }

    [Theory]
    [InlineData(TimingChoice.Asynchronous, true)]
    [InlineData(TimingChoice.Asynchronous, false)]
    [InlineData(TimingChoice.Overlapped, true)]
    public void Symmetric_elastic_exchange_conserves_the_sum_over_shards(TimingChoice timing, bool fuse)
    {
        const int Workers = 3;
        var objective = new TestObjective(dimension: 70_000, deviation: 0) { Slope = 0 };
        using var star = Cases.Star(Cases.Method("easgd", Workers, timing, period: 2), Workers, objective, Initialization.Separate);
        Assert.True(star.Shards.Length > 1);
        double[] before = Total(star);
        // Asynchronous workers end in the middle of a period, but never between sending a difference and moving by it, unless overlapped.
        foreach (var worker in star.Workers) Assert.NotEqual(star.Center[0], worker.X[0]);
        Cases.Run(star, new(Workers * 20 + 1, 1) { EvaluateEvery = Workers * 9, Fuse = fuse });
        double[] after = Total(star), flying = new double[before.Length];
        foreach (var worker in star.Workers)
            if (timing == TimingChoice.Overlapped && worker.Steps % 2 == 1) AddDisplacement(star, worker, flying);
        for (int k = 0; k < before.Length; k++) Assert.Equal(before[k], after[k] + flying[k], 1e-4);
    }

    [Fact]
    public void Messages_are_as_old_as_what_the_others_did_meanwhile()
    {
        var objective = new TestObjective();
        LetOneBeLate(objective);
        using var star = Cases.Star(Cases.Method("async-sgd", 2), 2, objective);
        var outcome = Cases.Run(star, new(100, 1));
        Assert.InRange(outcome.Staleness.Maximum, 5, 99);
        Assert.InRange(outcome.Staleness.Mean, 0.05, 99);
        Assert.Equal(100, Sum(outcome.Staleness.Histogram));
    }

    [Fact]
    public void Messages_beyond_the_staleness_bound_are_dropped_and_counted()
    {
        var objective = new TestObjective();
        LetOneBeLate(objective);
        using var star = Cases.Star(Cases.Method("async-sgd", 2, null, null, null, ("staleness-bound", 3)), 2, objective);
        var outcome = Cases.Run(star, new(100, 1));
        var last = outcome.Last!;
        Assert.True(last.Dropped >= 1);
        Assert.True(outcome.Staleness.Maximum <= 3);
        Assert.Equal(100, last.Exchanges + last.Dropped);
        Assert.Equal(last.Exchanges, last.Updates);
        Assert.Equal(star.Shards[0].Dropped, last.Dropped);
        Assert.Equal(100 * 2 * 37 * 4, last.Bytes); // a dropped message has travelled too
    }

    [Theory]
    [InlineData("easgd-tree", 1)]
    [InlineData("eamsgd-tree", 1)]
    [InlineData("easgd-tree", 2)]
    [InlineData("downpour-tree", 2)]
    public void The_root_of_a_tree_comes_to_the_minimum(string name, int scheme)
    {
        const int Workers = 4;
        using var barrier = new Barrier(Workers);
        var objective = new TestObjective(deviation: 0) { Before = KeepTogether };
        (string, double)[] periods = scheme == 1 ? [("period", 2), ("period-inner", 4)] : [("period-up", 1), ("period-down", 4)];
        using var star = Cases.Star(Cases.Method(name, Workers, values: [("learning-rate", 0.02), .. periods, .. name == "eamsgd-tree" ? [("momentum", 0.5)] : Array.Empty<(string, double)>()]), Workers, objective);
        Cases.Run(star, new(Workers * 2000, 1));
        Assert.All(star.Center.ToArray(), x => Assert.InRange(x, -0.01, 0.01));

        // Nobody is left so far behind that the others end the run before it has moved.
        void KeepTogether(Draw draw)
        {
            if (draw is { Worker: >= 0, Step: <= 1500 } && draw.Step % 250 == 0) Assert.True(barrier.SignalAndWait(TestObjective.Patience));
        }
    }

    [Fact]
    public void Doubles_count_eight_bytes()
    {
        using var star = Threads.Prepare(Cases.Method("async-sgd", 2), new Quadratic<double>([1, 1, 1], [1]), 2, seed: 1);
        var last = Threads.Run(star, new(10, 1)).Last!;
        Assert.Equal(10 * 2 * 3 * 8, last.Bytes);
    }

    /// <summary>Worker 0 has read at its step 0 before worker 1 sends anything, and sends after worker 1 has sent five messages.</summary>
    private static void LetOneBeLate(TestObjective objective)
    {
        var read = new ManualResetEventSlim();
        var sent = new ManualResetEventSlim();
        objective.Before = draw =>
        {
            if (draw is { Worker: 0, Step: 0 })
            {
                read.Set();
                Assert.True(sent.Wait(TestObjective.Patience));
            }
            if (draw.Worker != 1) return;
            Assert.True(read.Wait(TestObjective.Patience));
            if (draw.Step == 5) sent.Set();
        };
    }

    /// <summary>A read and a message each carry all parameters.</summary>
    private static void AssertBytes(Star<float> star, TracePoint point, bool starts)
    {
        long period = star.Method.Schedule.Period;
        foreach (var worker in point.Workers)
        {
            long begun = (worker.Steps + period - 1) / period, ended = worker.Steps / period;
            bool pushes = star.Method.Coupling.PushesRemainder && worker.Steps % period != 0;
            long sent = starts ? begun : ended + (pushes ? 1 : 0);
            Assert.Equal(sent, worker.Exchanges);
            Assert.Equal((begun + sent) * star.Objective.Dimension * sizeof(float), worker.Bytes);
        }
    }

    /// <summary>Inner nodes keep the mean clock of their leaves, and every message carries all parameters.</summary>
    private static void AssertTree(Star<float> star, Tree<float> tree, TracePoint point)
    {
        long messages = star.Method.Coupling.PushesRemainder ? tree.Nodes.Length - 1 : 0;
        foreach (var node in tree.Nodes)
        {
            var periods = star.Method.Schedule.Tree!;
            int up = node.Level == 0 ? periods.LeafUp : periods.Up, down = node.Level == 1 ? periods.LeafDown : periods.Down;
            Assert.Equal(star.Workers.Skip(node.FirstLeaf).Take(node.Leaves).Sum(leaf => leaf.Steps) / node.Leaves, node.Worker.Steps);
            if (node.Parent is not null) messages += (node.Worker.Steps + up - 1) / up;
            messages += node.Children.Length * ((node.Worker.Steps + down - 1) / down);
        }
        Assert.Equal(messages * star.Bytes, point.Bytes);
        Assert.InRange(point.Updates, 1, point.Exchanges);
        if (star.Method.Coupling.PushesRemainder) Assert.All(tree.Nodes[..^1], node => Assert.False(node.ToParent.IsWaiting));
    }

    private static double[] Total(Star<float> star)
    {
        double[] total = new double[star.Objective.Dimension];
        for (int k = 0; k < total.Length; k++) total[k] = star.Center[k];
        foreach (var worker in star.Workers)
            for (int k = 0; k < total.Length; k++) total[k] += worker.X[k];
        return total;
    }

    /// <summary>Adds what a worker has not yet moved by: without gradients its message divided by κ/α is −(far − near).</summary>
    private static void AddDisplacement(Star<float> star, Worker<float> worker, double[] flying)
    {
        var outbox = worker.Outbox;
        for (int k = 0; k < flying.Length; k++) flying[k] -= outbox[k];
        Assert.Equal(star.Objective.Dimension, outbox.Length);
    }

    private static long Sum(ReadOnlySpan<long> counts)
    {
        long sum = 0;
        foreach (long count in counts) sum += count;
        return sum;
    }
}
