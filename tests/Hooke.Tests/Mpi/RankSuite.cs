using System.Diagnostics;
using System.Numerics;
using Hooke.Engine;
using Hooke.Engine.Checkpoints;
using Hooke.Engine.Mpi;
using Hooke.Methods;
using Hooke.Methods.Catalog;
using Hooke.Problems;
using Hooke.Runs;
using Hooke.Tests.Engine;
using Hooke.Tests.Laws;
using Xunit;

namespace Hooke.Tests.Mpi;

/// <summary>Laws that the processes of a job check together: each plays the same runs, and rank 0 compares.</summary>
internal static class RankSuite
{
    public const string Word = "mpi-rank";

    /// <summary>22 steps are five periods of 4 and a half.</summary>
    private const int Steps = 22;

    /// <summary>Five shards of 37 doubles.</summary>
    private static readonly MpiOptions Small = new() { ChunkBytes = 64, StartLimit = TestObjective.Patience };

    private static readonly Dictionary<string, Action<Job>> Suites = new()
    {
        ["one worker"] = OneWorker,
        ["resume"] = Resume,
        ["three workers"] = ThreeWorkers,
        ["two workers a rank"] = TwoWorkersARank,
        ["round"] = Round,
        ["degenerate"] = Degenerate,
        ["conservation"] = Conservation,
        ["accounts"] = Accounts,
        ["allocation"] = Allocation,
        ["loss"] = job => Loss(job, TimingChoice.Asynchronous, isReplaced: false),
        ["replacement"] = job => Loss(job, TimingChoice.Asynchronous, isReplaced: true),
        ["loss from a round"] = job => Loss(job, TimingChoice.Synchronous, isReplaced: false),
        ["a worker stopped at the end"] = StoppedAtTheEnd,
        ["a worker lost before it joins"] = JoinSuite.Lost,
        ["a worker stopped before it joins"] = JoinSuite.Late,
        ["center ranks"] = CenterRanks,
        ["tree in turns"] = TreeSuite.Turns,
        ["tree of one leaf"] = TreeSuite.OneLeaf,
        ["tree resumed"] = TreeSuite.Resume,
        ["tree conserves"] = TreeSuite.Conservation,
        ["tree as star"] = TreeSuite.Star,
        ["tree accounts"] = TreeSuite.Accounts,
        ["tree loses a leaf"] = TreeSuite.Loss,
        ["tree's leaf returns"] = TreeSuite.Return,
        ["tree loses a node"] = TreeSuite.InnerLoss,
        ["tree allocates nothing"] = TreeSuite.Allocation,
    };

    public static IEnumerable<string> Names => Suites.Keys;

    /// <summary>Runs a suite in this process, and says in a file what failed.</summary>
    /// <param name="suite">Which.</param>
    /// <param name="report">Where rank 0 says that it is done, and begin the names of the other files.</param>
    /// <param name="replaces">The lost rank whose place this process takes, and the job's size; null for a process of the start.</param>
    public static int Run(string suite, string report, (int Rank, int Size)? replaces)
    {
        using var world = replaces is { } seat ? MpiWorld.Replace(seat.Rank, seat.Size) : MpiWorld.Open();
        var job = new Job(world, report) { IsReplacement = replaces is not null };
        try
        {
            Suites[suite](job);
        }
        catch (Exception wrong)
        {
            File.WriteAllText($"{report}.{world.Rank}", $"{job.Doing}: {wrong}");
            world.Abort();
        }
        if (world.Rank == 0) File.WriteAllText(report, $"{job.Runs} runs");
        return 0;
    }

    /// <summary>A process's part of the runs.</summary>
    internal sealed class Job(MpiWorld world, string report)
    {
        public int Rank => world.Rank;

        public int Size => world.Size;

        public int Workers => Size - 1;

        public int Runs { get; private set; }

        public string Doing { get; set; } = "";

        public bool IsReplacement { get; init; }

        public string Report => report;

        public string File(string name) => $"{report}.{name}";

        /// <summary>Plays a run on all ranks.</summary>
        /// <returns>How it ended, at rank 0; null elsewhere.</returns>
        public MpiOutcome<T>? Play<T>(Method method, IObjective<T> objective, RunPlan plan, Initialization initialization = Initialization.Shared, MpiOptions? options = null, Func<IArchive<T>>? resume = null)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            Runs++;
            world.Share("next");
            plan = plan with { WaitLimit = TestObjective.Patience };
            options ??= Small;
            if (Rank == 0) return MpiRun.Serve(world, method, objective, seed: 7, initialization, plan, options, resume: resume?.Invoke());
            MpiRun.Work(world, method, objective, seed: 7, initialization, plan, options);
            return null;
        }
    }

    private static IEnumerable<string> Stars(TheoryData<string> names) => names.Select(row => row.Data).Where(name => Variants.Find(name).For(1).Topology == Topology.Star);

    /// <summary>Law 1: one worker and a center in shards have the bits of turns.</summary>
    private static void OneWorker(Job job)
    {
        foreach (string name in Stars(Variants.Reported)) Compare<float>(job, name, 1);
    }

    /// <summary>Law 1 where the order of events is fixed: three workers have the bits of turns.</summary>
    private static void ThreeWorkers(Job job)
    {
        foreach (string name in Stars(Variants.Deterministic).Where((_, k) => k % 2 == 0)) Compare<double>(job, name, job.Workers);
    }

    /// <summary>The same, with two workers in each process.</summary>
    private static void TwoWorkersARank(Job job)
    {
        foreach (string name in Stars(Variants.Deterministic).Where((_, k) => k % 5 == 0)) Compare<double>(job, name, 2 * job.Workers, Small with { WorkersPerRank = 2 });
    }

    private static void Compare<T>(Job job, string name, int workers, MpiOptions? options = null) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        job.Doing = name;
        var method = Variants.Find(name).For(workers);
        var objective = new ExampleQuadratic<T>(37);
        var ended = job.Play(method, objective, new(Steps * workers * 2, 2) { EvaluateEvery = 30 }, options: options);
        if (ended is null) return;
        using var turns = new Star<T>(method, objective, workers, seed: 7);
        Turns.Run(turns, Steps, 2);
        Play.Finish(turns);
        AssertSame(turns, ended);
    }

    internal static void AssertSame<T>(Star<T> expected, MpiOutcome<T> ended) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var center = ended.Center;
        var report = new T[expected.Center.Length];
        center.Report(report);
        Assert.Null(ended.Outcome.Divergence);
        Assert.True(expected.Center.SequenceEqual(center.X), "the center");
        Assert.True(Play.Report(expected).AsSpan().SequenceEqual(report), "the report");
        Assert.Equal(expected.Clock, center.Clock);
        if (expected.Workers.Length == 1) Assert.Equal(expected.Consensus(), ended.Outcome.Last!.Consensus);
        else Assert.Equal(expected.Consensus(), ended.Outcome.Last!.Consensus, 1e-12);
        Assert.Equal(expected.Workers[0].LastLoss, ended.Outcome.Last.Workers[0].Loss);
    }

    /// <summary>Two ranks hold the center, and two workers have the bits of turns; so has a run that goes on from a checkpoint.</summary>
    private static void CenterRanks(Job job)
    {
        var options = Small with { Centers = 2 };
        foreach (string name in Stars(Variants.Deterministic).Where(name => Variants.Find(name).Timing != TimingChoice.RoundRobin).Where((_, k) => k % 12 == 0))
        {
            job.Doing = name;
            var method = Variants.Find(name).For(2);
            var objective = new ExampleQuadratic<double>(37);
            string file = job.File("checkpoint");
            job.Play(method, objective, new(9 * 2 * 2, 2) { Checkpoint = file }, options: options)?.Center.Dispose();
            var ended = job.Play(method, objective, new(Steps * 2 * 2, 2) { EvaluateEvery = 16 }, options: options, resume: () => new CheckpointReader<double>(file));
            if (ended is null) continue;
            using var turns = new Star<double>(method, objective, 2, seed: 7);
            Turns.Run(turns, Steps, 2);
            Play.Finish(turns);
            AssertSame(turns, ended);
            Assert.Equal(["center", "center", "worker", "worker"], ended.Ranks.Select(rank => rank.Role));
        }
    }

    /// <summary>Law 6: a run that ended and goes on from its checkpoint is the run that did not end.</summary>
    private static void Resume(Job job)
    {
        foreach (string name in Stars(job.Workers == 1 ? Variants.Plain : Variants.Deterministic).Where((_, k) => job.Workers == 1 || k % 5 == 0))
        {
            job.Doing = name;
            var method = Variants.Find(name).For(job.Workers);
            var objective = new ExampleQuadratic<float>(37);
            string file = job.File("checkpoint");
            foreach (var part in job.Play(method, objective, new(9 * job.Workers * 2, 2) { Checkpoint = file }) is { } half ? [half.Center] : Array.Empty<CenterVariable<float>>()) part.Dispose();
            var ended = job.Play(method, objective, new(Steps * job.Workers * 2, 2) { EvaluateEvery = 16 }, resume: () => new CheckpointReader<float>(file));
            if (ended is null) continue;
            using var turns = new Star<float>(method, objective, job.Workers, seed: 7);
            Turns.Run(turns, Steps, 2);
            Play.Finish(turns);
            AssertSame(turns, ended);
            Assert.Equal(Steps * job.Workers * 2, ended.Outcome.Last!.Samples);
        }
    }

    /// <summary>Law 2: a round on a noiseless quadratic is the probed map.</summary>
    private static void Round(Job job)
    {
        foreach (string name in Stars(Variants.DeterministicLinear).Where((_, k) => k % 2 == 0))
        {
            job.Doing = name;
            var method = Variants.Find(name).For(job.Workers);
            var ended = job.Play(method, new Quadratic<double>([1.5], start: [1]), new((long)job.Workers * method.Schedule.Period, 1));
            if (ended is null) continue;
            using var center = ended.Center;
            var probe = new Probe(method, job.Workers, curvature: 1.5);
            using var star = probe.New<double>();
            var image = Probe.Apply(probe.Map(), probe.Read(star));
            star.Archive(probe.At<double>(image));
            Play.Finish(star);
            Assert.Equal(star.Center[0], center.X[0], 1e-12);
            Assert.Equal(star.Consensus(), ended.Outcome.Last!.Consensus, 1e-12);
        }
    }

    /// <summary>Law 3: where methods degenerate into each other they coincide.</summary>
    private static void Degenerate(Job job)
    {
        Pair("eamsgd", [("momentum", 0)], "easgd", []);
        Pair("eamsgd-heavy-ball", [("momentum", 0)], "easgd", []);
        Pair("downpour", [("period", 1)], "easgd-gauss-seidel", [("period", 1), ("moving-rate", 1), ("center-rate", 1)]);

        void Pair(string name, (string, double)[] values, string otherName, (string, double)[] otherValues)
        {
            job.Doing = $"{name} as {otherName}";
            var objective = new ExampleQuadratic<double>(37);
            MpiOutcome<double>? one = End(name, values), other = End(otherName, otherValues);
            if (one is null || other is null) return;
            using CenterVariable<double> a = one.Center, b = other.Center;
            Assert.InRange(Play.Distance(a.X, b.X), 0, 1e-12);

            MpiOutcome<double>? End(string method, (string, double)[] chosen)
                => job.Play(Cases.Method(method, job.Workers, TimingChoice.Synchronous, 3, null, [("learning-rate", 0.05), .. chosen]), objective, new(60 * job.Workers, 1));
        }
    }

    /// <summary>Law 4: symmetric elastic force conserves x̃ + Σxⁱ; what moves a worker arrives at the center exactly once.</summary>
    private static void Conservation(Job job)
    {
        foreach (var timing in new[] { TimingChoice.Asynchronous, TimingChoice.Overlapped, TimingChoice.Synchronous, TimingChoice.RoundRobin })
        {
            job.Doing = $"{timing}";
            var objective = new TestObjective(dimension: 1000, deviation: 0) { Slope = 0 };
            var method = Cases.Method("easgd", job.Workers, timing, period: 2);
            var ended = job.Play(method, objective, new(job.Workers * 40, 1) { EvaluateEvery = job.Workers * 9 }, Initialization.Separate);
            if (ended is null) continue;
            using var center = ended.Center;
            using var star = new Star<float>(method, objective, job.Workers, seed: 7, Initialization.Separate);
            double moved = 0;
            for (int i = 0; i < job.Workers; i++)
            {
                Assert.NotEqual(0, ended.MovedBy[i]);
                Assert.Equal(Total(star.Workers[i].X) - ended.MovedBy[i], ended.Sums[i], 1e-3);
                moved += ended.MovedBy[i];
            }
            Assert.Equal(Total(star.Center) + moved, Total(center.X), 1e-3);
        }
    }

    /// <summary>Every sample and message of an asynchronous run is accounted for once, and workers' times add up.</summary>
    private static void Accounts(Job job)
    {
        foreach (string name in new[] { "easgd", "downpour", "async-sgd", "admm" })
        {
            job.Doing = name;
            var method = Cases.Method(name, job.Workers);
            var ended = job.Play(method, new TestObjective(), new(1003, 4) { EvaluateEvery = 250 });
            if (ended is null) continue;
            using var center = ended.Center;
            var last = ended.Outcome.Last!;
            Assert.Equal(1003, last.Samples);
            Assert.Equal(1003, last.Workers.Sum(worker => worker.Samples));
            Assert.Equal(last.Exchanges, ended.Outcome.Staleness.Count);
            Assert.Equal(last.Exchanges, last.Updates);
            foreach (var worker in last.Workers)
            {
                Assert.InRange(worker.Compute + worker.Data + worker.Communication + worker.Waiting, 0.5 * last.Seconds, 1.1 * last.Seconds + 0.02);
                long begun = (worker.Steps + method.Schedule.Period - 1) / method.Schedule.Period;
                Assert.InRange(worker.Bytes, 2 * (begun - 1) * 37 * 4, 2 * begun * 37 * 4);
            }
            Assert.Equal(["center", "worker", "worker", "worker"], ended.Ranks.Select(rank => rank.Role));
            Assert.Equal(1003, ended.Ranks.Sum(rank => rank.Samples));
            Assert.Equal(Enumerable.Range(0, 4), ended.Ranks.Select(rank => rank.Rank));
            Assert.All(ended.Ranks, rank => Assert.True(rank is { Survived: true, Pid: > 0, Bytes: > 0, Host: not "" }));
        }
    }

    /// <summary>
    /// A worker dies amid a run: the others use its samples, unless shares are equal, and the center has of it exactly the messages that it absorbed. A new
    /// process that takes its place begins from the center.
    /// </summary>
    private static void Loss(Job job, TimingChoice timing, bool isReplaced)
    {
        const int Samples = 6000;
        bool joined = false;
        var objective = new TestObjective(dimension: 20_000, deviation: 0) { Slope = 0 };
        // The victim is killed by the system, at once, while its courier may be amid an exchange.
        objective.Before = draw =>
        {
            if (job.Rank == 2 && !job.IsReplacement && draw.Step == 40) Process.GetCurrentProcess().Kill();
            if (job.IsReplacement && !joined) { File.WriteAllText(job.File("joined"), ""); joined = true; }
            // The others make sure that there is a run to join.
            if (isReplaced && job.Rank != 2 && draw.Step == 200) Assert.True(SpinWait.SpinUntil(() => File.Exists(job.File("joined")), TestObjective.Patience));
        };
        var method = Cases.Method("easgd", job.Workers, timing, period: 1);
        var options = new MpiOptions
        {
            Lease = TimeSpan.FromSeconds(1),
            ChunkBytes = 4096,
            StartLimit = TestObjective.Patience,
            Replacements = isReplaced ? 1 : 0,
            ReplacementProgram = worker => ["dotnet", typeof(RankSuite).Assembly.Location, Word, "replacement", job.Report, $"{worker + 1}", $"{job.Workers + 1}"],
        };
        var ended = job.Play(method, objective, new(Samples, 1) { EvaluateEvery = 1000 }, Initialization.Separate, options);
        if (ended is null) return;
        using var center = ended.Center;
        using var star = new Star<float>(method, objective, job.Workers, seed: 7, Initialization.Separate);
        Assert.Equal([true, true, isReplaced, true], ended.Ranks.Select(rank => rank.Survived));
        long used = timing == TimingChoice.Synchronous ? Samples / job.Workers * 2 + ended.Ranks[2].Samples : Samples;
        Assert.Equal(used, ended.Outcome.Last!.Samples);
        Assert.Equal(used, ended.Ranks.Sum(rank => rank.Samples));
        // What was given to it and not returned counts: of equal shares, its last leases.
        Assert.InRange(ended.Ranks[2].Samples, 1, isReplaced ? Samples : timing == TimingChoice.Synchronous ? 40 + 64 : 50);
        Assert.Equal(isReplaced ? [(1, "lost"), (1, "joined")] : [(1, "lost")], ended.Changes.Select(change => (change.Worker, change.What)));
        // Survivors moved by what the center took of them, and the center by what it took of all.
        foreach (int i in (int[])[0, 2]) Assert.Equal(Total(star.Workers[i].X) - ended.MovedBy[i], ended.Sums[i], 0.5);
        Assert.Equal(Total(star.Center) + ended.MovedBy.Sum(), Total(center.X), 0.5);
        Assert.NotEqual(0, ended.MovedBy[1]);
    }

    /// <summary>A process is stopped during the last evaluation, when nothing is left for it to do: the run ends without it, where MPI's own end would wait.</summary>
    private static void StoppedAtTheEnd(Job job)
    {
        const int Samples = 600;
        string process = job.File("process");
        int stopped = 0;
        var objective = new TestObjective
        {
            Before = draw => { if (job.Rank == 2 && draw.Step == 0) File.WriteAllText(process, $"{Environment.ProcessId}"); },
            Score = (_, _, score) =>
            {
                if (job.Rank > 0 || !File.Exists(process) || Interlocked.Exchange(ref stopped, 1) != 0) return score;
                string victim = File.ReadAllText(process);
                Process.Start("/bin/sh", ["-c", $"kill -STOP {victim}; (sleep 8; kill -CONT {victim}) >/dev/null 2>&1 &"]).WaitForExit();
                return score;
            },
        };
        var ended = job.Play(Cases.Method("easgd", job.Workers, TimingChoice.Asynchronous, period: 1), objective, new(Samples, 1), Initialization.Shared, Small with { Lease = TimeSpan.FromSeconds(10) });
        if (ended is null) return;
        using var center = ended.Center;
        Assert.Equal([(1, "lost")], ended.Changes.Select(change => (change.Worker, change.What)));
        Assert.Equal([true, true, false, true], ended.Ranks.Select(rank => rank.Survived));
        Assert.Equal(Samples, ended.Ranks.Sum(rank => rank.Samples));
    }

    private static double Total(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values) sum += value;
        return sum;
    }

    /// <summary>No process allocates in a training step.</summary>
    private static void Allocation(Job job)
    {
        foreach (var timing in new[] { TimingChoice.Asynchronous, TimingChoice.Overlapped, TimingChoice.Synchronous, TimingChoice.RoundRobin })
        {
            job.Doing = $"{timing}";
            var method = Cases.Method("eamsgd", job.Workers, timing, 2);
            Allocated(300);
            long few = Allocated(300), start = Stopwatch.GetTimestamp(), many = Allocated(2300);
            // Rank 0 looks after the run every tenth of a second, however long the steps take.
            double ticks = job.Rank == 0 ? Stopwatch.GetElapsedTime(start).TotalSeconds * 10 : 0;
            Assert.True(many - few < 16_000 + 1000 * ticks, $"{many - few} bytes for 2000 steps more at rank {job.Rank}");

            long Allocated(long steps)
            {
                long before = GC.GetTotalAllocatedBytes(precise: true);
                job.Play(method, new Quadratic<float>([1, 0.5f, 2], [1], deviation: 0.1f), new(steps * job.Workers, 1))?.Center.Dispose();
                return GC.GetTotalAllocatedBytes(precise: true) - before;
            }
        }
    }
}
