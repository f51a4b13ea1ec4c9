using Hooke.Methods;
using Hooke.Runs;

namespace Hooke.Simulator;

/// <summary>How much to train, and what goes wrong on the way.</summary>
/// <param name="Samples">Gradients of single examples to compute, all workers together, at least 0.</param>
/// <param name="Batch">Examples in a batch, at least 1.</param>
public sealed record SimulationPlan(long Samples, int Batch)
{
    /// <summary>How the batch size changes over the run; null for no change. The cluster's times are those of a batch of <see cref="Batch"/>; others take in proportion.</summary>
    public BatchShape? Batches { get; init; }

    /// <summary>Samples between evaluations; 0 evaluates at the end only.</summary>
    public long EvaluateEvery { get; init; }

    /// <summary>Whether evaluations also estimate what convergence bounds are made of.</summary>
    public bool MeasureGradient { get; init; }

    /// <summary>Shortest time between checkpoints, in seconds.</summary>
    public const double ShortestCheckpoint = 1e-3;

    /// <summary>What goes wrong.</summary>
    public IReadOnlyList<Fault> Faults { get; init; } = [];

    /// <summary>Virtual seconds between the checkpoints that the center restarts from, from 0.001 to 1e9.</summary>
    public double CheckpointEvery { get; init; } = 10;

    /// <summary>
    /// Performs a number of pieces of work, given their index, at the same time if it can, and returns when all are done: for
    /// gradients that take long. It changes no bit. Null computes one after the other, without any overhead.
    /// </summary>
    public Action<int, Action<int>>? Together { get; init; }

    /// <summary>Reads seconds of real time since the run started, for <see cref="TracePoint.WallSeconds"/> only; the simulator itself has no clock.</summary>
    public Func<double>? WallClock { get; init; }

    internal void Check(int workers, Method method)
    {
        if (Samples < 0) throw new ArgumentException($"samples is {Samples}; it must be at least 0");
        if (Batch < 1) throw new ArgumentException($"batch is {Batch}; it must be at least 1");
        if (EvaluateEvery < 0) throw new ArgumentException($"samples between evaluations is {EvaluateEvery}; it must be at least 0");
        if (CheckpointEvery is not (>= ShortestCheckpoint and <= TimeLaw.Longest)) throw new ArgumentException(FormattableString.Invariant($"checkpoint every is {CheckpointEvery}; it must be from 0.001 to 1e9 seconds"));
        foreach (var fault in Faults) fault.Check(workers, method);
    }
}

/// <summary>What a link or a shard of the center did.</summary>
/// <param name="Name">Which: "machine 3 up" (towards the center), "center down", "center" if it is not duplex, "shard 0".</param>
/// <param name="Utilization">Fraction of the run's time that it was busy.</param>
/// <param name="Bytes">Bytes that passed it; 0 for a shard.</param>
/// <param name="MeanWait">Mean seconds that a message waited at a shard before it was served; 0 for a link.</param>
public sealed record Usage(string Name, double Utilization, double Bytes, double MeanWait);

/// <summary>How a simulation ended.</summary>
/// <param name="Run">What a run on threads tells, too.</param>
/// <param name="Seconds">Virtual seconds.</param>
/// <param name="Events">Events played.</param>
/// <param name="Usage">What the links and the center's shards did.</param>
/// <param name="Incidents">What became of the faults.</param>
/// <param name="Duplicates">Messages that were dropped because they had come before.</param>
/// <param name="Resent">Messages that were sent again.</param>
public sealed record SimulationOutcome(RunOutcome Run, double Seconds, long Events, IReadOnlyList<Usage> Usage, IReadOnlyList<Incident> Incidents, long Duplicates, long Resent);
