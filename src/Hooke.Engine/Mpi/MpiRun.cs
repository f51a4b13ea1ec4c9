using System.Numerics;
using System.Runtime.CompilerServices;
using Hooke.Methods;
using Hooke.Problems;
using Hooke.Runs;

namespace Hooke.Engine.Mpi;

/// <summary>How a run on MPI ended, as rank 0 knows it.</summary>
/// <param name="Outcome">As on any fabric.</param>
/// <param name="Center">The center at the end; its owner frees it.</param>
/// <param name="Ranks">The processes.</param>
/// <param name="Changes">Workers that were lost and those that joined.</param>
/// <typeparam name="T">Number type.</typeparam>
public sealed record MpiOutcome<T>(RunOutcome Outcome, CenterVariable<T> Center, IReadOnlyList<RankAccount> Ranks, IReadOnlyList<MembershipChange> Changes) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What each worker's messages added up to at the center, over all their elements, if letters are checked.</summary>
    internal double[] MovedBy { get; init; } = [];

    /// <summary>What each worker's parameters, and a displacement that it has not yet moved by, add up to at its last pause, if letters are checked.</summary>
    internal double[] Sums { get; init; } = [];
}

/// <summary>
/// The fabric of many machines: the center at rank 0, or the root of a tree, and workers at the other ranks, messages by MPI. Every rank calls one of the two with the same arguments.
/// </summary>
public static class MpiRun
{
    /// <summary>Keeps the center and the run, at rank 0.</summary>
    /// <param name="world">The job.</param>
    /// <param name="method">What every worker runs.</param>
    /// <param name="objective">What is minimized.</param>
    /// <param name="seed">Seed of all random numbers.</param>
    /// <param name="initialization">Where workers and center start.</param>
    /// <param name="plan">How much; no record is kept.</param>
    /// <param name="options">How silence is treated.</param>
    /// <param name="observer">Follows the run; warnings may come from any thread.</param>
    /// <param name="resume">What to continue from.</param>
    /// <param name="stop">Stops the run between two iterations.</param>
    /// <typeparam name="T">Number type.</typeparam>
    /// <exception cref="ArgumentException">The method can't run here, or a number is outside its range.</exception>
    /// <exception cref="TimeoutException">Ranks do not appear, or do not come back.</exception>
    /// <exception cref="InvalidOperationException">A worker failed.</exception>
    public static MpiOutcome<T> Serve<T>(MpiWorld world, Method method, IObjective<T> objective, ulong seed, Initialization initialization, RunPlan plan, MpiOptions options,
        IRunObserver? observer = null, IArchive<T>? resume = null, CancellationToken stop = default) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        plan.Check();
        Check(method, world, options);
        var watched = new WatchedObserver(observer);
        using var run = new HubRun<T>(world, method, objective, options.WorkersOf(world.Size), seed, initialization, plan, options, watched, resume);
        var ended = run.Run(stop);
        return ended with { Outcome = ended.Outcome with { ObserverFailure = watched.Failure } };
    }

    /// <summary>Works, at any other rank.</summary>
    /// <param name="world">The job.</param>
    /// <param name="method">What every worker runs.</param>
    /// <param name="objective">What is minimized.</param>
    /// <param name="seed">Seed of all random numbers.</param>
    /// <param name="initialization">Where workers and center start.</param>
    /// <param name="plan">How much.</param>
    /// <param name="options">How silence is treated.</param>
    /// <typeparam name="T">Number type.</typeparam>
    /// <exception cref="TimeoutException">Rank 0 is silent.</exception>
    public static void Work<T>(MpiWorld world, Method method, IObjective<T> objective, ulong seed, Initialization initialization, RunPlan plan, MpiOptions options) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        plan.Check();
        Check(method, world, options);
        if (world.Rank < options.Centers)
        {
            using var center = new CenterRank<T>(world, method, objective, options.WorkersOf(world.Size), seed, initialization, plan, options);
            center.Run();
            return;
        }
        using var process = new WorkerProcess<T>(world, method, objective, seed, initialization, plan, options);
        process.Run();
    }

    /// <summary>Refuses a method that has no fabric on MPI.</summary>
    /// <param name="method">The method.</param>
    /// <param name="centers">Ranks that hold the center.</param>
    /// <param name="replacements">How many lost workers may be replaced.</param>
    /// <exception cref="ArgumentException">Why.</exception>
    public static void Check(Method method, int centers, int replacements)
    {
        if (centers > 1 && method.Schedule.Timing == Timing.RoundRobin) throw new ArgumentException($"centers is {centers}; it must be 1 where workers take turns, which rank 0 passes on");
        if (method.Topology == Topology.None) throw new ArgumentException($"{method.Name} is sequential: it has no center that other processes could share");
        if (centers > 1 && method.Topology == Topology.Tree) throw new ArgumentException($"centers is {centers}; it must be 1 for a tree, whose one root is at rank 0");
        if (replacements > 0 && method.Topology == Topology.Tree) throw new ArgumentException($"replacements is {replacements}; it must be 0 for a tree: a new process is connected with rank 0 alone, not with its parent");
    }

    private static void Check(Method method, MpiWorld world, MpiOptions options)
    {
        options.Check(world.Size);
        Check(method, options.Centers, options.Replacements);
        method.Check(options.WorkersOf(world.Size));
    }

    /// <summary>Where the shards are. A message that may be dropped is dropped as a whole, so it is one.</summary>
    internal static ShardMap Map<T>(Method method, IObjective<T> objective, int workers, MpiOptions options) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = objective.Dimension;
        long most = options.ChunkBytes / Unsafe.SizeOf<T>();
        return new(n, method.Center is BoundedStaleness ? 1 : (int)((n + most - 1) / most), options.Centers, workers);
    }

    internal static int LargestLetter<T>(ShardMap map)
        => Math.Max(4096, (Enumerable.Range(0, map.Count).Max(map.Length) * Unsafe.SizeOf<T>() + 63) / 64 * 64) + RemoteEntry.NameBytes;
}
