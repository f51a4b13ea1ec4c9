using System.Diagnostics;
using Hooke.Engine.Checkpoints;
using Hooke.Engine.Mpi;
using Hooke.Methods;
using Hooke.Methods.Catalog;
using Hooke.Problems;
using Hooke.Runs;
using Hooke.Tests.Engine;
using Hooke.Tests.Laws;
using Xunit;
using Job = Hooke.Tests.Mpi.RankSuite.Job;

namespace Hooke.Tests.Mpi;

/// <summary>Laws of trees that the processes of a job check together.</summary>
internal static class TreeSuite
{
    private const int Steps = 22, Dimension = 37;
    private static readonly MpiOptions Small = new() { ChunkBytes = 64, StartLimit = TestObjective.Patience };

    /// <summary>Methods of trees that are played in turns: their names, and further values.</summary>
    private static readonly (string Name, (string, double)[] Values)[] InTurns =
    [
        ("easgd-tree", [("period", 2), ("period-inner", 3)]),
        ("easgd-tree", [("period-up", 1), ("period-down", 3), ("degree", 3)]),
        ("eamsgd-tree", [("period", 1), ("period-inner", 2), ("inner-rate", 0.5)]),
        ("downpour-tree", [("period", 2), ("period-inner", 3)]),
    ];

    /// <summary>Law 1 where the order of events is fixed: wherever the nodes are, a tree has the bits of turns.</summary>
    public static void Turns(Job job)
    {
        foreach (var (name, values) in InTurns)
            foreach (int each in (int[])[1, 2])
            {
                int workers = (job.Size - 1) * each;
                job.Doing = $"{name}, {each} leaves a process";
                var method = Make(name, workers, TimingChoice.RoundRobin, values);
                var ended = job.Play(method, new ExampleQuadratic<double>(Dimension), new(Steps * workers * 2, 2) { EvaluateEvery = 60 }, options: Small with { WorkersPerRank = each });
                if (ended is not null) Compare(method, workers, ended);
            }
    }

    /// <summary>Law 1: one leaf has the bits of turns, whatever the timing.</summary>
    public static void OneLeaf(Job job)
    {
        foreach (var (name, values) in InTurns)
        {
            job.Doing = name;
            var method = Make(name, 1, TimingChoice.Asynchronous, values);
            var ended = job.Play(method, new ExampleQuadratic<double>(Dimension), new(Steps * 2, 2) { EvaluateEvery = 12 });
            if (ended is not null) Compare(method, 1, ended);
        }
    }

    /// <summary>Law 6: a tree that goes on from its checkpoint is the one that did not end, though it may be on other processes.</summary>
    public static void Resume(Job job)
    {
        int workers = job.Size - 1;
        foreach (var (name, values) in InTurns)
        {
            job.Doing = name;
            var method = Make(name, workers, TimingChoice.RoundRobin, values);
            var objective = new ExampleQuadratic<double>(Dimension);
            string file = job.File("checkpoint");
            job.Play(method, objective, new(9 * workers * 2, 2) { Checkpoint = file })?.Center.Dispose();
            var ended = job.Play(method, objective, new(Steps * workers * 2, 2) { EvaluateEvery = 50 }, resume: () => new CheckpointReader<double>(file));
            if (ended is not null) Compare(method, workers, ended);
        }
        // An asynchronous tree goes on from the clocks and the root.
        var free = Make("eamsgd-tree", workers, TimingChoice.Asynchronous, ("period", 2), ("period-inner", 3));
        string place = job.File("asynchronous");
        job.Doing = "asynchronous";
        job.Play(free, new TestObjective(), new(500, 1) { Checkpoint = place, EvaluateEvery = 100 })?.Center.Dispose();
        var later = job.Play(free, new TestObjective(), new(3000, 1) { EvaluateEvery = 500 }, resume: () => new CheckpointReader<float>(place));
        if (later is null) return;
        using var center = later.Center;
        Assert.Equal(3000, later.Outcome.Last!.Samples);
        Assert.Equal(3000, later.Outcome.Last.Workers.Sum(worker => worker.Samples));
        Assert.InRange(later.Outcome.Last.TestLoss, 0, 0.2);
    }

    /// <summary>Law 4: what the leaves have done is what the root has heard, once, though they are as fast as they are.</summary>
    public static void Conservation(Job job)
    {
        foreach (var (each, up, down, degree) in new[] { (1, 1, 1, 2), (1, 2, 3, 3), (2, 3, 2, 2) })
        {
            int workers = (job.Size - 1) * each;
            job.Doing = $"{each} leaves a process, periods {up} and {down}";
            var method = Make("downpour-tree", workers, TimingChoice.Asynchronous, ("learning-rate", 0.05), ("degree", degree), ("period-up", up), ("period-down", down));
            var ended = job.Play(method, new TreeLaws.Slope(), new(3001, 1) { EvaluateEvery = 700 }, options: Small with { WorkersPerRank = each });
            if (ended is null) continue;
            using var center = ended.Center;
            Assert.Equal(-0.05 * 3001, center.X[0], 1e-8);
        }
    }

    /// <summary>Law 3: a tree of one level is a star: what is done is pushed, all of it; in turns both come to the same place.</summary>
    public static void Star(Job job)
    {
        int workers = job.Size - 1;
        job.Doing = "downpour";
        var slope = new TreeLaws.Slope();
        MpiOutcome<double>? tree = job.Play(Make("downpour-tree", workers, TimingChoice.Asynchronous, ("learning-rate", 0.05), ("degree", workers)), slope, new(700, 1)),
            star = job.Play(Cases.Method("downpour", workers, TimingChoice.Asynchronous, 1, null, ("learning-rate", 0.05)), slope, new(700, 1));
        if (tree is not null) Assert.InRange(Play.Distance(tree.Center.X, star!.Center.X), 0, 1e-9);
        job.Doing = "easgd";
        var bowl = new Quadratic<double>([0.5, 1, 2], [1, -2, 3]);
        tree = job.Play(Make("easgd-tree", workers, TimingChoice.RoundRobin, ("learning-rate", 0.1), ("degree", workers), ("period", 1), ("period-inner", 1)), bowl, new(600 * workers, 1));
        star = job.Play(Cases.Method("easgd", workers, TimingChoice.RoundRobin, 1, null, ("learning-rate", 0.1)), bowl, new(600 * workers, 1));
        if (tree is null) return;
        Assert.InRange(Play.Distance(tree.Center.X, star!.Center.X), 0, 1e-6);
        Assert.InRange(Play.Distance(tree.Center.X, new double[3]), 0, 1e-6);
    }

    /// <summary>Every sample and message is accounted for once, and every process by its place.</summary>
    public static void Accounts(Job job)
    {
        const int Each = 2;
        int workers = (job.Size - 1) * Each;
        var method = Make("easgd-tree", workers, TimingChoice.Asynchronous, ("period", 2), ("period-inner", 3));
        var ended = job.Play(method, new TestObjective(), new(1003, 4) { EvaluateEvery = 250 }, options: Small with { WorkersPerRank = Each });
        if (ended is null) return;
        using var center = ended.Center;
        var last = ended.Outcome.Last!;
        Assert.Equal(1003, last.Samples);
        Assert.Equal(1003, last.Workers.Sum(worker => worker.Samples));
        Assert.Equal(workers, last.Workers.Count);
        Assert.Equal(last.Exchanges, ended.Outcome.Staleness.Count);
        Assert.InRange(last.Exchanges, workers, 1003L);
        Assert.Equal(0, last.Bytes % (Dimension * 4));
        Assert.InRange(last.Bytes / (Dimension * 4), last.Exchanges, 4 * 1003);
        Assert.Equal(["root", .. Enumerable.Repeat("worker", job.Size - 1)], ended.Ranks.Select(rank => rank.Role));
        Assert.Equal(1003, ended.Ranks.Sum(rank => rank.Samples));
        Assert.Equal(last.Bytes, ended.Ranks.Sum(rank => rank.Bytes));
        Assert.Equal(Enumerable.Range(0, job.Size), ended.Ranks.Select(rank => rank.Rank));
        Assert.All(ended.Ranks, rank => Assert.True(rank is { Survived: true, Pid: > 0, Bytes: > 0, Host: not "" }));
    }

    /// <summary>A process dies that has a leaf and no inner node: the others go on and use its samples.</summary>
    public static void Loss(Job job)
    {
        const int Samples = 6000;
        var objective = new TestObjective(dimension: 20_000, deviation: 0);
        objective.Before = draw => { if (draw is { Worker: 1, Step: 40 } && job.Rank == 2) Process.GetCurrentProcess().Kill(); };
        var ended = Disturbed(job, objective, Samples);
        if (ended is null) return;
        using var center = ended.Center;
        Assert.Equal([true, true, false, .. Enumerable.Repeat(true, job.Size - 3)], ended.Ranks.Select(rank => rank.Survived));
        Assert.Equal((1, "lost"), (Assert.Single(ended.Changes).Worker, ended.Changes[0].What));
        AssertDone(ended, Samples);
    }

    /// <summary>A process is stopped for longer than its lease and goes on: it joins again, from the root's parameters.</summary>
    public static void Return(Job job)
    {
        const int Samples = 20_000;
        var objective = new TestObjective(dimension: 2000, deviation: 0);
        objective.Before = draw =>
        {
            if (draw is { Worker: 1, Step: 40 } && job.Rank == 2) Process.Start("/bin/sh", ["-c", $"kill -STOP {Environment.ProcessId}; sleep 2.5; kill -CONT {Environment.ProcessId}"]).WaitForExit();
            Thread.Sleep(1); // so that the run lasts long enough
        };
        var ended = Disturbed(job, objective, Samples);
        if (ended is null) return;
        using var center = ended.Center;
        Assert.Equal([(1, "lost"), (1, "joined")], ended.Changes.Select(change => (change.Worker, change.What)));
        Assert.All(ended.Ranks, rank => Assert.True(rank.Survived));
        AssertDone(ended, Samples);
        Assert.InRange(ended.Outcome.Last!.Workers[1].Steps, 100, Samples);
    }

    /// <summary>A process dies that has inner nodes: the run says so and ends.</summary>
    public static void InnerLoss(Job job)
    {
        var objective = new TestObjective(dimension: 2000, deviation: 0);
        objective.Before = draw => { if (draw is { Worker: 2, Step: 40 } && job.Rank == 3) Process.GetCurrentProcess().Kill(); };
        if (job.Rank > 0) Disturbed(job, objective, 100_000_000);
        else Assert.Contains("which has inner nodes of the tree, has been silent", Assert.Throws<CenterLostException>(() => Disturbed(job, objective, 100_000_000)).Message);
    }

    /// <summary>No process allocates in a step.</summary>
    public static void Allocation(Job job)
    {
        foreach (var timing in (TimingChoice[])[TimingChoice.Asynchronous, TimingChoice.RoundRobin])
        {
            job.Doing = $"{timing}";
            var method = Make("eamsgd-tree", job.Size - 1, timing, ("period", 2), ("period-inner", 3));
            Allocated(300);
            long few = Allocated(300), start = Stopwatch.GetTimestamp(), many = Allocated(2300);
            // Rank 0 looks after the run every tenth of a second, however long the steps take.
            double ticks = job.Rank == 0 ? Stopwatch.GetElapsedTime(start).TotalSeconds * 10 : 0;
            Assert.True(many - few < 16_000 + 1000 * ticks, $"{many - few} bytes for 2000 steps more");

            long Allocated(long steps)
            {
                long before = GC.GetTotalAllocatedBytes(precise: true);
                job.Play(method, new Quadratic<float>([1, 0.5f, 2], [1], deviation: 0.1f), new(steps * (job.Size - 1), 1))?.Center.Dispose();
                return GC.GetTotalAllocatedBytes(precise: true) - before;
            }
        }
    }

    private static MpiOutcome<float>? Disturbed(Job job, TestObjective objective, long samples)
    {
        var method = Make("eamsgd-tree", job.Size - 1, TimingChoice.Asynchronous, ("learning-rate", 0.05), ("period", 1), ("period-inner", 2));
        return job.Play(method, objective, new(samples, 1) { EvaluateEvery = samples / 6 }, options: Small with { Lease = TimeSpan.FromSeconds(1), ChunkBytes = 4096 });
    }

    private static void AssertDone(MpiOutcome<float> ended, long samples)
    {
        Assert.Null(ended.Outcome.Divergence);
        Assert.Equal(samples, ended.Outcome.Last!.Samples);
        Assert.Equal(samples, ended.Ranks.Sum(rank => rank.Samples));
        Assert.InRange(ended.Outcome.Last.TestLoss, 0, 1e-3);
    }

    private static void Compare(Method method, int workers, MpiOutcome<double> ended)
    {
        using var turns = new Star<double>(method, new ExampleQuadratic<double>(Dimension), workers, seed: 7);
        Hooke.Runs.Turns.Run(turns, Steps, 2);
        Play.Finish(turns);
        RankSuite.AssertSame(turns, ended);
        Assert.Equal(Steps * workers * 2, ended.Outcome.Last!.Samples);
    }

    private static Method Make(string name, int workers, TimingChoice timing, params (string Name, double Value)[] values)
    {
        var all = values.ToDictionary(value => value.Name, value => value.Value);
        return AllMethods.Find(name).Create(new(workers) { Timing = timing, Values = all });
    }
}
