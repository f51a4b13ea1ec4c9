using Hooke.Runs;

namespace Hooke.Engine;

/// <summary>How much to train, and what to do on the way.</summary>
/// <param name="Samples">Gradients of single examples to compute, all workers together.</param>
/// <param name="Batch">Examples in a batch, at least 1.</param>
public sealed record RunPlan(long Samples, int Batch)
{
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

/// <summary>How far a run is.</summary>
/// <param name="Samples">Examples given to workers so far.</param>
/// <param name="Total">Examples that the run uses.</param>
/// <param name="Seconds">Seconds of training so far, evaluation left out.</param>
/// <param name="Evaluating">Whether the workers pause for an evaluation.</param>
public readonly record struct Progress(long Samples, long Total, double Seconds, bool Evaluating);

/// <summary>Follows a run. Called on the thread that started the run.</summary>
public interface IRunObserver
{
    /// <summary>About ten times a second.</summary>
    /// <param name="progress">How far it is.</param>
    void Tick(Progress progress) { }

    /// <summary>A new point of the trace.</summary>
    /// <param name="point">The point.</param>
    void Point(TracePoint point) { }

    /// <summary>Something that the run survives, for example a full disk.</summary>
    /// <param name="message">What.</param>
    void Warn(string message) { }
}

/// <summary>Where a run's numbers stopped being finite.</summary>
/// <param name="Worker">The worker, from 0; -1 for the center.</param>
/// <param name="Step">The worker's step, or the center's update count.</param>
/// <param name="What">What was not finite, and its value.</param>
public sealed record Divergence(int Worker, long Step, string What)
{
    /// <inheritdoc/>
    public override string ToString() => Worker >= 0 ? $"worker {Worker}, step {Step}: {What}" : $"center, update {Step}: {What}";
}

/// <summary>How a run ended.</summary>
/// <param name="Last">The last point.</param>
/// <param name="Staleness">Ages of all messages.</param>
/// <param name="Stopped">Whether it was stopped before its end.</param>
/// <param name="Divergence">Where it diverged, if it did.</param>
public sealed record RunOutcome(TracePoint? Last, Staleness Staleness, bool Stopped, Divergence? Divergence);
