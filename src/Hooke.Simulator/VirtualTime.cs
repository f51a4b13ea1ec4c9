using System.Numerics;
using Hooke.Methods;
using Hooke.Problems;
using Hooke.Runs;

namespace Hooke.Simulator;

/// <summary>Training in virtual time, on a cluster that is only described.</summary>
public static class VirtualTime
{
    /// <summary>Creates a run's state, with as many shards as the cluster's center has.</summary>
    /// <param name="method">What every worker runs.</param>
    /// <param name="objective">What is minimized.</param>
    /// <param name="workers">p, those included that join later.</param>
    /// <param name="cluster">On what.</param>
    /// <param name="seed">Seed of all random numbers.</param>
    /// <param name="initialization">Where workers and center start.</param>
    /// <typeparam name="T">Number type.</typeparam>
    public static Star<T> Prepare<T>(Method method, IObjective<T> objective, int workers, Cluster cluster, ulong seed, Initialization initialization = Initialization.Shared)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        cluster.Check();
        // A message is taken or dropped as a whole, which one clock decides.
        bool whole = method.Topology == Topology.None || method.Center is BoundedStaleness || method.Schedule.Timing != Timing.Asynchronous;
        return new(method, objective, workers, seed, initialization, whole ? 1 : cluster.Shards);
    }

    /// <summary>Runs to the end of the plan, or until it is stopped or diverges.</summary>
    /// <param name="star">The run's state, from <see cref="Prepare"/>; it is moved.</param>
    /// <param name="plan">How much.</param>
    /// <param name="cluster">On what.</param>
    /// <param name="observer">Follows the run.</param>
    /// <param name="stop">Asked now and then whether to stop.</param>
    /// <typeparam name="T">Number type.</typeparam>
    /// <exception cref="ArgumentException">A number of the plan or the cluster is outside its range.</exception>
    public static SimulationOutcome Run<T>(Star<T> star, SimulationPlan plan, Cluster cluster, IRunObserver? observer = null, Func<bool>? stop = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var watched = new WatchedObserver(observer);
        using var simulation = new Simulation<T>(star, plan, cluster, watched);
        var outcome = simulation.Run(stop);
        return outcome with { Run = outcome.Run with { ObserverFailure = watched.Failure } };
    }
}
