using Hooke.Engine;
using Hooke.Methods;
using Hooke.Models.Linear;
using Hooke.Numerics;
using Hooke.Problems;
using Hooke.Runs;
using Hooke.Simulator;
using Xunit;

namespace Hooke.Tests.LockFree;

/// <summary>Workers that share one model.</summary>
public sealed class LockFreeTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.001, 1)]
    [InlineData(0, 3)]
    public void One_worker_is_sequential_SGD_to_the_bit(double l2, int batch)
    {
        var data = LinearSets.Texts();
        LinearOptions options = new() { L2 = l2, Hot = 100 };
        using LinearModel model = new(data, options, 1);
        LockFreePlan plan = new(2 * data.TrainCount + 7, 0.3) { Batch = batch, Shape = new InverseSquareRootRate(0.001) };
        Hogwild.Run(model, 1, 5, plan);
        float[] weights = new float[data.Features];
        float intercept = model.Export(0, weights);

        var (w, b) = ByHand(data, plan, l2, 5);
        Assert.Equal(w, weights);
        Assert.Equal(b, intercept);
    }

    [Fact]
    public void Turns_of_one_and_locks_of_one_are_the_same_run()
    {
        var data = LinearSets.Texts();
        float[][] all = [.. Enum.GetValues<Sharing>().Select(sharing => LinearSets.Weights(data, new(), 1, new(3000, 0.3) { Sharing = sharing }))];
        Assert.Equal(all[0], all[1]);
        Assert.Equal(all[0], all[2]);
    }

    [Fact]
    public void Turns_are_the_same_every_time()
    {
        var data = LinearSets.Texts();
        LockFreePlan plan = new(3000, 0.3) { Sharing = Sharing.RoundRobin };
        LinearOptions options = new() { Precision = new(8, 16), Range = 16, Hot = 64 };
        Assert.Equal(LinearSets.Weights(data, options, 3, plan), LinearSets.Weights(data, options, 3, plan));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(200)]
    [InlineData(int.MaxValue)]
    public void Two_workers_end_with_the_loss_of_one_over_20_seeds(int hot)
    {
        // Long enough for the loss to have come down to where it stays: on the way there, workers with copies are ahead of one (by
        // 1 % after 3 of these 48 epochs, by 3 % at three times the rate), for asynchrony begets momentum.
        const int Epochs = 48;
        var data = LinearSets.Texts(8000);
        double one = 0, two = 0;
        for (ulong seed = 1; seed <= 20; seed++)
        {
            one += Loss(1, seed);
            two += Loss(2, seed);
        }
        Assert.InRange(two / one, 0.99, 1.01); // standard error 0.001

        double Loss(int workers, ulong seed)
        {
            using LinearModel model = new(data, new() { Hot = hot, MergeEvery = LinearOptions.MergeEveryFor(2) }, seed);
            return Hogwild.Run(model, workers, seed, new(Epochs * data.TrainCount, 0.1)).Run.Last!.TrainLoss;
        }
    }

    [Fact]
    public void Conflicting_writes_lose_no_more_than_their_delays_allow_and_others_nothing()
    {
        // Every step adds 1 to a coordinate that all share and to one of its own: the hinge's margin is never reached.
        const int Examples = 60_000, Shared = 0;
        var data = LinearSets.Sparse([.. Enumerable.Range(0, Examples).Select(k => (k % 2 == 0 ? 1f : -1f, ((int, float)[])[(Shared, k % 2 == 0 ? 1f / 1024 : -1f / 1024), (k + 1, 1f / 1024)]))], Examples + 1);
        foreach (var sharing in Enum.GetValues<Sharing>())
        {
            using LinearModel model = new(data, new() { Loss = LinearLossKind.Hinge }, 1);
            var outcome = Hogwild.Run(model, 4, 1, new(data.TrainCount, 1.0 / 1024 / 1024) { Sharing = sharing, WatchEvery = 1 });
            float[] weights = new float[data.Features];
            model.Export(0, weights);
            const float Step = 1f / 1024 / 1024 / 1024;
            // What no other worker writes to at the time has every write; an epoch that begins before the last one has ended visits some examples twice.
            float[] own = [.. weights.Skip(1).Select(weight => MathF.Abs(weight) / Step)];
            Assert.Equal(data.TrainCount, own.Sum(count => (double)count));
            Assert.DoesNotContain(own, count => count is not (0 or 1 or 2));
            float sum = weights[Shared] / Step;
            Assert.Equal(MathF.Round(sum), sum); // whole numbers: no write was torn
            if (sharing == Sharing.LockFree)
                // Each write is at least one more than what stood there τ + 1 writes before; steps that were not watched may have been slower.
                Assert.InRange(sum, 1, data.TrainCount);
            else Assert.Equal(data.TrainCount, sum);
            TestContext.Current.TestOutputHelper?.WriteLine($"{sharing}: {data.TrainCount - sum} of {data.TrainCount} conflicting writes lost; longest delay seen {outcome.Run.Staleness.Maximum} steps");
        }
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(4, false)]
    [InlineData(4, true)]
    public void Additions_that_meet_are_lost_at_most_once_for_each_that_they_overlap(int threads, bool whole)
    {
        const int Additions = 20_000;
        using NativeVector<float> word = new(1);
        long[] begun = new long[64 * threads], ended = new long[64 * threads]; // each on lines of its own
        long overlaps = 0;
        using Barrier start = new(threads);
        void Add(int worker)
        {
            start.SignalAndWait();
            long met = 0;
            for (int k = 0; k < Additions; k++)
            {
                Interlocked.Increment(ref begun[64 * worker]);
                for (int other = 0; other < threads; other++) if (other != worker) met -= Volatile.Read(ref ended[64 * other]);
                Interlocked.MemoryBarrier();
                AddOne(word, whole);
                Interlocked.MemoryBarrier();
                for (int other = 0; other < threads; other++) if (other != worker) met += Volatile.Read(ref begun[64 * other]);
                Interlocked.Increment(ref ended[64 * worker]);
            }
            Interlocked.Add(ref overlaps, met);
        }
        Thread[] all = [.. Enumerable.Range(0, threads).Select(worker => new Thread(() => Add(worker)))];
        foreach (var thread in all) thread.Start();
        foreach (var thread in all) thread.Join();
        // An addition overwrites what landed between its read and its write, which began before it ended and ended after it began.
        double lost = (double)threads * Additions - word.Span[0];
        Assert.InRange(lost, 0, whole ? 0 : overlaps);
        TestContext.Current.TestOutputHelper?.WriteLine($"{threads} threads: {lost} of {threads * Additions} additions lost, {overlaps} overlaps");
    }

    private static unsafe void AddOne(NativeVector<float> word, bool whole)
    {
        if (!whole)
        {
            Cell.Add(word.Pointer, 1, 0);
            return;
        }
        ref float at = ref *word.Pointer;
        float seen, before = at;
        do
        {
            seen = before;
            before = Interlocked.CompareExchange(ref at, seen + 1, seen);
        } while (before != seen);
    }

    [Fact]
    public void Watched_steps_see_delays_and_conflicts()
    {
        using Two two = new(new());
        two.Second.Run([1, 2, 3], [0.1f, 0.1f, 0.1f], 1, two.Clocks);
        Assert.Equal(3u, two.Clocks[1].Steps);
        Assert.Equal(new Sighting(0, 0, two.Data.Rows.Length(4)), two.First.Watch([4], [0.1f], 0, two.Clocks));
        Assert.Equal(1u, two.Clocks[0].Steps);
    }

    [Fact]
    public void A_step_on_copies_is_as_old_as_the_last_merge()
    {
        using Two two = new(new() { Hot = int.MaxValue, MergeEvery = 4 });
        two.Steps(two.Second, 5);
        Assert.Null(two.Watch([1, 2, 3], 1)); // no merge yet
        two.Steps(two.Second, 2);
        two.Steps(two.First, 1); // merges, with 7 of the other's steps
        two.Steps(two.Second, 3);
        Assert.Equal(3, two.Watch([1, 2], 1)!.Value.Delay);
        two.Steps(two.Second, 1);
        Assert.Equal(0, two.Watch([1, 2, 3], 2)!.Value.Delay); // merges after two of its steps
    }

    [Fact]
    public void Copies_that_are_merged_seldom_are_as_old_as_they_are()
    {
        using Two two = new(new() { Hot = int.MaxValue, MergeEvery = 1000 });
        two.Steps(two.Second, 5);
        Assert.Equal(5, two.Watch([1, 2, 3], 1)!.Value.Delay);
        two.First.Merge(two.Clocks);
        two.Steps(two.Second, 2);
        Assert.Equal(2, two.Watch([1, 2, 3], 1)!.Value.Delay);
    }

    /// <summary>Two workers on one model, played by hand.</summary>
    private sealed class Two : IDisposable
    {
        private readonly LinearModel model;

        public Two(LinearOptions options)
        {
            model = new(Data, options, 1);
            (First, Second) = (model.Open(0, 2), model.Open(1, 2));
        }

        public LinearData Data { get; } = LinearSets.Texts();

        public ISharedLearner First { get; }

        public ISharedLearner Second { get; }

        public StepClock[] Clocks { get; } = [new(), new()];

        /// <summary>Steps of rate 0.</summary>
        public void Steps(ISharedLearner learner, int count) => learner.Run(new int[count], new float[count], 1, Clocks);

        /// <summary>Steps of the first worker's, of rate 0, one of which is watched.</summary>
        public Sighting? Watch(int[] examples, int at) => First.Watch(examples, new float[examples.Length], at, Clocks);

        public void Dispose()
        {
            First.Dispose();
            Second.Dispose();
            model.Dispose();
        }
    }

    [Fact]
    public void The_copies_of_hot_coordinates_add_up()
    {
        // Two workers add 1 to the same hot coordinates by turns: after the merge the sum is there, to the bit.
        var data = LinearSets.Sparse([.. Enumerable.Range(0, 400).Select(k => (k % 2 == 0 ? 1f : -1f, ((int, float)[])[(0, k % 2 == 0 ? 0.25f : -0.25f)]))], 1);
        foreach (var precision in (Precision[])[Precision.Full, new(16, 16)])
        {
            float[] weights = LinearSets.Weights(data, new() { Loss = LinearLossKind.Hinge, Hot = 1, MergeEvery = 16, Precision = precision, Range = 32767.0 / 1024 }, 2, new(data.TrainCount, 1.0 / 256) { Sharing = Sharing.RoundRobin });
            Assert.Equal(data.TrainCount / 1024f, weights[0], precision == Precision.Full ? 0 : 0.01f);
        }
    }

    [Theory]
    [InlineData(32, 32)]
    [InlineData(8, 16)]
    public void Copies_in_turns_lose_no_change_whatever_their_merges(int dataBits, int modelBits)
    {
        // Each of 300 coordinates is moved by +1/1024 in every third example, by either worker.
        const int Features = 300;
        var data = LinearSets.Sparse([.. Enumerable.Range(0, 1000).Select(k => (k % 2 == 0 ? 1f : -1f, ((int, float)[])[.. Enumerable.Range(0, Features / 3).Select(j => (3 * j + k % 3, k % 2 == 0 ? 1f / 64 : -1f / 64))]))], Features);
        float[] weights = LinearSets.Weights(data, new() { Loss = LinearLossKind.Hinge, Hot = int.MaxValue, MergeEvery = 2, Precision = new(dataBits, modelBits), Range = 32767.0 / 1024 }, 2, new(data.TrainCount, 1.0 / 16) { Sharing = Sharing.RoundRobin });
        Assert.Equal(data.TrainCount * (Features / 3) / 1024.0, weights.Sum(weight => (double)weight), modelBits == 32 ? 1e-3 : 0.1);
    }

    [Fact]
    public void Dense_rows_have_copies_of_all_coordinates_or_of_none()
    {
        var data = LinearDataCatalog.Random(500, 91);
        LockFreePlan plan = new(400, 0.01) { Sharing = Sharing.RoundRobin };
        Assert.Equal(LinearSets.Weights(data, new() { Hot = int.MaxValue }, 2, plan), LinearSets.Weights(data, new() { Hot = 3 }, 2, plan));
    }

    [Fact]
    public void Windows_in_order_hold_every_example_once_and_keep_neighbors_together()
    {
        const int Examples = 300_000;
        Windows windows = new(Examples, 3, replacement: false, inOrder: true);
        int[] order = new int[Windows.Size];
        bool[] seen = new bool[Examples];
        int neighbors = 0;
        for (int window = 0; window < windows.InEpoch; window++)
        {
            int count = windows.Fill(window, order);
            for (int k = 0; k < count; k++)
            {
                Assert.False(seen[order[k]]);
                seen[order[k]] = true;
                if (k > 0 && order[k] == order[k - 1] + 1) neighbors++;
            }
        }
        Assert.All(seen, Assert.True);
        Assert.InRange(neighbors, Examples * 63 / 64 - 64, Examples);
    }

    [Fact]
    public void An_average_is_the_mean_of_the_models_on_the_way()
    {
        var data = LinearSets.Sparse([.. Enumerable.Range(0, 400).Select(k => (k % 2 == 0 ? 1f : -1f, ((int, float)[])[(0, k % 2 == 0 ? 0.25f : -0.25f)]))], 1);
        // 360 steps of 1/1024 each; models after 256 and, at the end, 360 are averaged.
        float[] weights = LinearSets.Weights(data, new() { Loss = LinearLossKind.Hinge, Averages = true }, 1, new(data.TrainCount, 1.0 / 256) { AverageEvery = 1 });
        Assert.Equal((256 + 360) / 2 / 1024f, weights[0]);
    }

    [Fact]
    public void A_run_that_diverges_says_so()
    {
        using LinearModel model = new(LinearSets.Texts(), new() { Loss = LinearLossKind.LeastSquares }, 1);
        Assert.NotNull(Hogwild.Run(model, 2, 1, new(50_000, 1e6)).Run.Divergence);
    }

    [Fact]
    public void A_run_stops_when_asked_to()
    {
        using LinearModel model = new(LinearSets.Texts(), new(), 1);
        var outcome = Hogwild.Run(model, 2, 1, new(long.MaxValue / 4, 0.1), stop: new CancellationToken(true));
        Assert.True(outcome.Run.Stopped);
    }

    [Fact]
    public void Simulated_memory_without_delays_is_the_real_run_of_one_worker_to_the_bit()
    {
        var data = LinearSets.Texts();
        float[] real = LinearSets.Weights(data, new(), 1, new(2 * data.TrainCount, 0.3));
        using LinearModel model = new(data, new(), 1);
        SharedMemory.Run(model, 1, 1, new(2 * data.TrainCount, 0.3), SharedMachine.Default with { WriteDelay = 0.0 });
        float[] simulated = new float[data.Features];
        model.Export(0, simulated);
        Assert.Equal(real, simulated);
    }

    [Fact]
    public void Each_of_p_equal_simulated_cores_waits_for_the_steps_of_all_others()
    {
        var data = LinearSets.Sparse([.. Enumerable.Range(0, 5000).Select(k => (k % 2 == 0 ? 1f : -1f, ((int, float)[])[(k % 97, 1), (100 + k % 89, 1)]))], 200);
        using LinearModel model = new(data, new(), 1);
        var outcome = SharedMemory.Run(model, 32, 1, new(data.TrainCount, 0.01), new(1e-9, 0.0));
        Assert.InRange(outcome.Run.Staleness.Mean, 15, 31);
        Assert.Equal(2 * data.TrainCount, outcome.Writes);
        Assert.True(outcome.Conflicts > 0);
    }

    [Fact]
    public void A_window_holds_every_example_of_an_epoch_once()
    {
        int[] order = new int[Windows.Size];
        foreach (int examples in (int[])[1, 63, 64, 5000, 100_003])
        {
            Windows windows = new(examples, 3, replacement: false);
            foreach (int epoch in (int[])[0, 2])
            {
                var seen = new List<int>();
                for (int k = 0; k < windows.InEpoch; k++) seen.AddRange(order.AsSpan(0, windows.Fill(epoch * windows.InEpoch + k, order)));
                Assert.Equal(Enumerable.Range(0, examples), seen.Order());
                if (examples > 100) Assert.NotEqual(Enumerable.Range(0, 20), seen.Take(20));
            }
        }
    }

    // Sequential SGD, one operation after the other.
    private static (float[] Weights, float Intercept) ByHand(LinearData data, LockFreePlan plan, double l2, ulong seed)
    {
        float[] w = new float[data.Order.Length];
        double decay = 1;
        int[] order = new int[Windows.Size];
        var windows = new Windows(data.TrainCount, seed, false);
        long made = 0;
        int step = 0;
        var examples = LinearSets.Order(windows, plan.Samples);
        // A batch ends where a window does, and every 256 or so examples.
        int take = Math.Max(1, 256 / plan.Batch) * plan.Batch, windowEnd = 0, inWindow = 0;
        for (int at = 0; made < plan.Samples;)
        {
            int chunk = (int)Math.Min(take, plan.Samples - made);
            made += chunk;
            while (chunk > 0)
            {
                if (at == windowEnd) windowEnd += windows.Fill(inWindow++, order);
                int some = Math.Min(chunk, windowEnd - at);
                for (int k = 0; k < some; k += plan.Batch, step++)
                {
                    var batch = examples.GetRange(at + k, Math.Min(plan.Batch, some - k));
                    float rate = (float)(plan.LearningRate * plan.Shape.Factor(step, 0)), share = batch.Count == 1 ? rate : rate / batch.Count;
                    float[] slopes = [.. batch.Select(example => LogisticLoss.Slope(Dot(w, Row(data, example)), data.Rows.Target(example) > 0 ? 1 : -1))];
                    for (int i = 0; i < batch.Count; i++)
                    {
                        float factor = -share * slopes[i];
                        foreach (var (index, value) in Row(data, batch[i])) w[index] += factor * value;
                    }
                    decay *= 1 - rate * l2;
                    if (1 - decay < 0.01 && (step + 1) % 4096 != 0) continue;
                    for (int j = 0; j < w.Length; j++) w[j] *= (float)decay;
                    decay = 1;
                }
                at += some;
                chunk -= some;
            }
        }
        float[] weights = new float[data.Features];
        for (int j = 0; j < w.Length; j++) if (data.Order[j] >= 0) weights[data.Order[j]] = w[j];
        return (weights, w[0] * data.InterceptInput);
    }

    private static unsafe (int Index, float Value)[] Row(LinearData data, int row)
        => [.. Enumerable.Range(0, data.Rows.Length(row)).Select(k => (data.Rows.Index(row, k), ((float*)data.Rows.Values(row))[k]))];

    // Four sums, as documented.
    private static float Dot(float[] w, (int Index, float Value)[] row)
    {
        float[] sums = new float[4];
        int quads = row.Length / 4 * 4;
        for (int k = 0; k < row.Length; k++) sums[k < quads ? k % 4 : 0] = MathF.FusedMultiplyAdd(row[k].Value, w[row[k].Index], sums[k < quads ? k % 4 : 0]);
        return sums[0] + sums[1] + (sums[2] + sums[3]);
    }
}
