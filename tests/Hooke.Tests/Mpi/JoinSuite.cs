using System.Diagnostics;
using Hooke.Engine.Mpi;
using Hooke.Methods.Catalog;
using Hooke.Tests.Engine;
using Xunit;

namespace Hooke.Tests.Mpi;

/// <summary>What happens before all workers have joined a run.</summary>
internal static class JoinSuite
{
    private const int Samples = 6000;
    private static readonly MpiOptions options = new() { ChunkBytes = 4096, StartLimit = TestObjective.Patience, Lease = TimeSpan.FromSeconds(3) };

    /// <summary>A worker dies before it joins: after its lease the run begins without it.</summary>
    public static void Lost(RankSuite.Job job)
    {
        if (job.Rank == 2) Process.GetCurrentProcess().Kill();
        var ended = Play(job, new TestObjective(dimension: 2000, deviation: 0));
        if (ended is null) return;
        using var center = ended.Center;
        Assert.Equal([(1, "lost")], ended.Changes.Select(change => (change.Worker, change.What)));
        Assert.Equal([true, true, false, true], ended.Ranks.Select(rank => rank.Survived));
        AssertDone(ended);
    }

    /// <summary>A worker is stopped before it joins, for longer than its lease: the run begins without it, and when it comes it joins from the center's parameters.</summary>
    public static void Late(RankSuite.Job job)
    {
        bool joined = false;
        if (job.Rank == 2) Process.Start("/bin/sh", ["-c", $"kill -STOP {Environment.ProcessId}; sleep 6; kill -CONT {Environment.ProcessId}"]).WaitForExit();
        var objective = new TestObjective(dimension: 2000, deviation: 0);
        objective.Before = draw =>
        {
            if (job.Rank == 2 && !joined) File.WriteAllText(job.File("joined"), "");
            joined = true;
            // The others make sure that there is a run to join.
            if (job.Rank != 2 && draw.Step == 200) Assert.True(SpinWait.SpinUntil(() => File.Exists(job.File("joined")), TestObjective.Patience));
        };
        var ended = Play(job, objective);
        if (ended is null) return;
        using var center = ended.Center;
        Assert.Equal([(1, "lost"), (1, "joined")], ended.Changes.Select(change => (change.Worker, change.What)));
        Assert.All(ended.Ranks, rank => Assert.True(rank.Survived));
        Assert.InRange(ended.Ranks[2].Samples, 1, Samples);
        AssertDone(ended);
    }

    private static MpiOutcome<float>? Play(RankSuite.Job job, TestObjective objective)
        => job.Play(Cases.Method("easgd", job.Workers, TimingChoice.Asynchronous, period: 1), objective, new(Samples, 1) { EvaluateEvery = 1000 }, options: options);

    private static void AssertDone(MpiOutcome<float> ended)
    {
        Assert.Null(ended.Outcome.Divergence);
        Assert.Equal(Samples, ended.Outcome.Last!.Samples);
        Assert.Equal(Samples, ended.Ranks.Sum(rank => rank.Samples));
        Assert.Equal(Enumerable.Range(0, 4), ended.Ranks.Select(rank => rank.Rank));
    }
}
