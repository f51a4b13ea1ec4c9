using Hooke.Methods;

namespace Hooke.Engine;

/// <summary>How workers share a model.</summary>
public enum Sharing
{
    /// <summary>Everyone reads and writes as it goes. (Hogwild!)</summary>
    LockFree,
    /// <summary>A step at a time, under one lock, in whatever order.</summary>
    Locked,
    /// <summary>A step at a time, by turns: the same every time.</summary>
    RoundRobin,
}

/// <summary>How much to train on a shared model, and how.</summary>
/// <param name="Samples">Gradients of single examples to compute, all workers together.</param>
/// <param name="LearningRate">η.</param>
public sealed record LockFreePlan(long Samples, double LearningRate)
{
    /// <summary>How the learning rate changes over a worker's own steps.</summary>
    public RateShape Shape { get; init; } = new ConstantRate();

    /// <summary>Examples in a batch, from 1 to 256.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>How workers share the model.</summary>
    public Sharing Sharing { get; init; }

    /// <summary>Whether examples are drawn with replacement; else every epoch takes each once, in a new order.</summary>
    public bool Replacement { get; init; }

    /// <summary>Samples between evaluations; 0 evaluates at the end only.</summary>
    public long EvaluateEvery { get; init; }

    /// <summary>Every so many examples, one step is watched for delay and conflicts; 0 for none.</summary>
    public int WatchEvery { get; init; } = 1024;

    /// <summary>Examples between two models that are averaged, all workers together.</summary>
    public int AverageEvery { get; init; } = 4096;

    /// <summary>Longest time that a worker may take for a piece of work, above 0; then the run fails, naming it.</summary>
    public TimeSpan WaitLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Where the state is saved at every evaluation and when the run is stopped; null saves none.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>Whether the plan has an evaluation there. A run may be stopped elsewhere, too.</summary>
    /// <param name="samples">Examples used.</param>
    public bool IsMark(long samples) => samples == 0 || samples >= Samples || EvaluateEvery > 0 && samples % EvaluateEvery == 0;

    internal void Check()
    {
        if (Samples < 0) throw new ArgumentException($"samples is {Samples}; it must be at least 0");
        if (!(LearningRate > 0) || !double.IsFinite(LearningRate)) throw new ArgumentException($"learning-rate is {LearningRate}; it must be above 0 and finite");
        if (Batch is < 1 or > 256) throw new ArgumentException($"batch is {Batch}; it must be from 1 to 256");
        if (EvaluateEvery < 0) throw new ArgumentException($"samples between evaluations is {EvaluateEvery}; it must be at least 0");
        if (WatchEvery < 0) throw new ArgumentException($"examples between watched steps is {WatchEvery}; it must be at least 0");
        if (AverageEvery < 1) throw new ArgumentException($"examples between averaged models is {AverageEvery}; it must be at least 1");
        if (WaitLimit <= TimeSpan.Zero) throw new ArgumentException($"wait limit is {WaitLimit}; it must be above 0");
    }
}
