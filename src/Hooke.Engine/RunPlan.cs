using Hooke.Methods;

namespace Hooke.Engine;

/// <summary>How much to train, and what to do on the way.</summary>
/// <param name="Samples">Gradients of single examples to compute, all workers together.</param>
/// <param name="Batch">Examples in a batch, at least 1.</param>
public sealed record RunPlan(long Samples, int Batch)
{
    /// <summary>How the batch size changes over the run; null for no change.</summary>
    public BatchShape? Batches { get; init; }

    /// <summary>Samples between evaluations; 0 evaluates at the end only.</summary>
    public long EvaluateEvery { get; init; }

    /// <summary>Whether evaluations also estimate what convergence bounds are made of.</summary>
    public bool MeasureGradient { get; init; }

    /// <summary>Where checkpoints go, at every evaluation; null for none.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>Longest time that a worker may take for a step or a block of an evaluation, above 0; then the run fails, naming it. Waiting for others is not counted.</summary>
    public TimeSpan WaitLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Records in which order the workers of an asynchronous run act; null for no record.</summary>
    public Interleaving? Record { get; init; }

    /// <summary>Whether exchanges may go in one pass where the method allows; off only to compare.</summary>
    public bool Fuse { get; init; } = true;

    internal void Check()
    {
        if (Samples < 0) throw new ArgumentException($"samples is {Samples}; it must be at least 0");
        if (Batch < 1) throw new ArgumentException($"batch is {Batch}; it must be at least 1");
        if (EvaluateEvery < 0) throw new ArgumentException($"samples between evaluations is {EvaluateEvery}; it must be at least 0");
        if (WaitLimit <= TimeSpan.Zero) throw new ArgumentException($"wait limit is {WaitLimit}; it must be above 0");
    }
}
