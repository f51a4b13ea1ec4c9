using Hooke.Engine;
using Hooke.Engine.Checkpoints;
using Hooke.Methods;
using Hooke.Methods.Catalog;
using Hooke.Runs;
using Xunit;

namespace Hooke.Tests.Engine;

/// <summary>A recorded run of threads is played again bit by bit.</summary>
public class ReplayTests
{
    /// <summary>Elements of two shards.</summary>
    private const int Wide = 65536 + 40;

    public static TheoryData<string, TimingChoice, int, int> Runs =>
    [
        .. from c in Cases.With(TimingChoice.Asynchronous, TimingChoice.Overlapped) select (c.Name, c.Timing, 3, 37),
        .. from name in (string[])["easgd", "eamsgd", "downpour", "async-sgd"] select (name, TimingChoice.Asynchronous, name.Length % 2 == 0 ? 2 : 4, Wide),
        .. from c in Cases.With(TimingChoice.Asynchronous) where c.Name.EndsWith("-tree", StringComparison.Ordinal) select (c.Name, c.Timing, 4, 37),
        ("easgd", TimingChoice.Overlapped, 2, Wide), ("sgd", TimingChoice.RoundRobin, 1, 37),
    ];

    [Theory, MemberData(nameof(Runs))]
    public void A_recorded_run_replays_to_the_same_bits_and_points(string name, TimingChoice timing, int workers, int dimension)
    {
        var method = Cases.Method(name, workers, name == "sgd" ? null : timing);
        AssertReplays(method, workers, dimension, new(dimension == Wide ? 63 : 803, 2) { EvaluateEvery = dimension == Wide ? 30 : 300 });
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 14)]
    public void Exchanges_in_three_passes_and_claims_replay_too(bool fuse, int claimSize)
        => AssertReplays(Cases.Method("easgd", 3), 3, Wide, new(50, 2) { Fuse = fuse }, claimSize);

    [Theory]
    [InlineData("inner-rate", 0.5)]
    [InlineData("degree", 3)]
    [InlineData("period-up", 2)]
    public void A_deep_tree_replays(string option, double value)
    {
        var all = new Dictionary<string, double> { [option] = value };
        AssertReplays(AllMethods.Find("eamsgd-tree").Create(new(7) { Values = all }), 7, 37, new(2000, 1) { EvaluateEvery = 450 });
    }

    [Fact]
    public void A_message_that_was_dropped_is_dropped_again()
    {
        var method = Cases.Method("async-sgd", 4, values: ("staleness-bound", 2));
        AssertReplays(method, 4, 37, new(2000, 1));
    }

    [Fact]
    public void A_run_that_was_resumed_replays_as_one()
    {
        var method = Cases.Method("eamsgd", 2);
        using var folder = new Folder();
        using var bytes = new MemoryStream();
        var plan = new RunPlan(1000, 1) { EvaluateEvery = 100, Checkpoint = folder["state"] };
        // Stopped after a checkpoint at 500, from which it goes on: what it did in between is taken back.
        using (var first = Cases.Star(method, 2))
        {
            var keeper = new Recorder { OnTick = progress => { if (progress.Evaluating && progress.Samples >= 600 && !File.Exists(folder["kept"])) File.Copy(folder["state"], folder["kept"]); } };
            Cases.Run(first, plan with { Record = new(bytes, 2) }, keeper);
        }
        using var resumed = Cases.Star(method, 2);
        var recorder = new Recorder();
        using var copy = new MemoryStream();
        copy.Write(bytes.ToArray());
        var record = new Interleaving(copy, 2);
        Cases.Run(resumed, plan with { Record = record }, recorder, new CheckpointReader<float>(folder["kept"]));
        AssertPlays(resumed, recorder, Finished(record, copy), plan, 0);
    }

    [Fact]
    public void A_stopped_run_replays_up_to_where_it_was_stopped()
    {
        using var star = Cases.Star(Cases.Method("eamsgd", 2), 2);
        using var stop = new CancellationTokenSource();
        using var bytes = new MemoryStream();
        var recorder = new Recorder { OnPoint = point => { if (point.Samples >= 5000) stop.Cancel(); } };
        var record = new Interleaving(bytes, 2);
        var plan = new RunPlan(1_000_000, 1) { EvaluateEvery = 5000, Record = record };
        Assert.True(Cases.Run(star, plan, recorder, stop: stop.Token).Stopped);
        AssertPlays(star, recorder, Finished(record, bytes), plan, 0);
    }

    [Fact]
    public void A_record_has_a_byte_an_act_or_two()
    {
        foreach (var (workers, width) in new[] { (2, 1), (256, 1), (257, 2), (4096, 2) })
        {
            using var bytes = new MemoryStream();
            var record = new Interleaving(bytes, workers);
            int[] acts = [.. Enumerable.Range(0, 100_000).Select(k => k * 7 % workers)];
            foreach (int worker in acts) record.Note(worker);
            var read = Finished(record, bytes);
            Assert.InRange(read.Length, 100_000 * width, 100_000 * width + 64);
            Assert.Equal(acts, Interleaving.Read(read, workers));
        }
    }

    [Fact]
    public void A_record_of_another_run_is_refused()
    {
        using var bytes = new MemoryStream();
        var record = new Interleaving(bytes, 3);
        foreach (int worker in (int[])[0, 1, 2]) record.Note(worker);
        byte[] all = Finished(record, bytes).ToArray();
        Assert.Equal("it starts with \"hooke interleaving 1, 3 workers\"; it must start with \"hooke interleaving 1, 2 workers\"", Assert.Throws<InvalidDataException>(() => Interleaving.Read(new MemoryStream(all), 2)).Message);
        all[^1] = 9;
        Assert.Equal("it names worker 9; it must be below 3", Assert.Throws<InvalidDataException>(() => Interleaving.Read(new MemoryStream(all), 3).Count()).Message);
        // Worker 0 alone can't take more than there is, nor end in the middle.
        Assert.StartsWith("act 3 of worker 0 can't be: the run paused", Play([.. Enumerable.Repeat(0, 50)]).Message);
        Assert.Equal("the record ends at act 1, in the middle of an iteration; the run did not end there", Play([0]).Message);

        static ArgumentException Play(int[] acts)
        {
            var method = Cases.Method("downpour", 2, period: 1);
            using var star = Cases.Star(method, 2);
            using var replay = new Replay<float>(star, new(method, 2, 64, 0, 1, 1, 11));
            return Assert.Throws<ArgumentException>(() => replay.Run(acts, 0));
        }
    }

    [Fact]
    public void Only_an_asynchronous_run_is_recorded()
    {
        using var star = Cases.Star(Cases.Method("easgd", 2, TimingChoice.Synchronous), 2);
        using var record = new Interleaving(new MemoryStream(), 2);
        Assert.Equal("a record is asked for; easgd runs Synchronous, and is the same every time", Assert.Throws<ArgumentException>(() => Cases.Run(star, new(10, 1) { Record = record })).Message);
    }

    private static void AssertReplays(Method method, int workers, int dimension, RunPlan plan, int claimSize = 0)
    {
        using var star = Cases.Star(method, workers, new(dimension) { ClaimSize = claimSize });
        using var bytes = new MemoryStream();
        var recorder = new Recorder();
        var record = new Interleaving(bytes, workers);
        var outcome = Cases.Run(star, plan with { Record = record }, recorder);
        Assert.Null(outcome.Divergence);
        AssertPlays(star, recorder, Finished(record, bytes), plan, claimSize);
    }

    private static void AssertPlays(Star<float> expected, Recorder recorder, MemoryStream record, RunPlan plan, int claimSize)
    {
        int workers = expected.Workers.Length;
        var objective = new TestObjective(expected.Objective.Dimension) { ClaimSize = claimSize };
        using var actual = Cases.Star(expected.Method, workers, objective);
        var points = new List<TracePoint>();
        using var replay = new Replay<float>(actual, new(expected.Method, workers, objective.Examples, claimSize, plan.Batch, plan.Samples, expected.Seed), plan.Fuse);
        replay.Run(Interleaving.Read(record, workers), plan.EvaluateEvery, points.Add);
        // A resumed run evaluates its checkpoint again; the points before it are the earlier run's.
        foreach (var (mine, theirs) in points.TakeLast(recorder.Points.Count).Zip(recorder.Points)) ResumeTests.AssertSame(theirs, mine);
        Assert.True(points.Count >= recorder.Points.Count);
        Assert.Equal(Bits<float>.Of(expected), Bits<float>.Of(actual));
    }

    private static MemoryStream Finished(Interleaving record, MemoryStream bytes)
    {
        record.Dispose();
        return new(bytes.ToArray());
    }
}
