namespace Hooke.Runs;

/// <summary>How far a run is.</summary>
/// <param name="Samples">Examples given to workers so far.</param>
/// <param name="Total">Examples that the run uses.</param>
/// <param name="Seconds">Seconds of training so far, evaluation left out.</param>
/// <param name="Evaluating">Whether the workers pause for an evaluation.</param>
public readonly record struct Progress(long Samples, long Total, double Seconds, bool Evaluating);

/// <summary>
/// Follows a run. Called on the thread that started the run. One that throws is told nothing more; the run goes on, and its
/// <see cref="RunOutcome.ObserverFailure"/> says so.
/// </summary>
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
    /// <param name="recurs">If it may come again and again and is then told only the first and the last time: its kind.</param>
    void Warn(string message, string? recurs = null) { }
}

/// <summary>
/// Stands between a run and its observer: what an observer does never ends a run. When it throws, the exception is kept for the
/// run's outcome, and the observer is told nothing more.
/// </summary>
/// <param name="observer">The observer; null for none.</param>
public sealed class WatchedObserver(IRunObserver? observer) : IRunObserver
{
    private Exception? failure;

    /// <summary>What the observer threw, if it did.</summary>
    public Exception? Failure => failure;

    private IRunObserver? Listener => failure is null ? observer : null;

    /// <inheritdoc/>
    public void Tick(Progress progress)
    {
        try { Listener?.Tick(progress); }
        catch (Exception trouble) { failure = trouble; }
    }

    /// <inheritdoc/>
    public void Point(TracePoint point)
    {
        try { Listener?.Point(point); }
        catch (Exception trouble) { failure = trouble; }
    }

    /// <inheritdoc/>
    public void Warn(string message, string? recurs)
    {
        try { Listener?.Warn(message, recurs); }
        catch (Exception trouble) { failure = trouble; }
    }
}

/// <summary>Where a run's numbers stopped being finite.</summary>
/// <param name="Worker">The worker, from 0; -1 for the center.</param>
/// <param name="Step">The worker's step, or the center's update count.</param>
/// <param name="What">What was not finite, and its value.</param>
public sealed record Divergence(int Worker, long Step, string What)
{
    internal const string NotFinite = "a parameter is not finite";

    /// <inheritdoc/>
    public override string ToString() => Worker >= 0 ? $"worker {Worker}, step {Step}: {What}" : $"center, update {Step}: {What}";
}

/// <summary>How a run ended.</summary>
/// <param name="Last">The last point.</param>
/// <param name="Staleness">Ages of all messages.</param>
/// <param name="Stopped">Whether it was stopped before its end.</param>
/// <param name="Divergence">Where it diverged, if it did.</param>
public sealed record RunOutcome(TracePoint? Last, Staleness Staleness, bool Stopped, Divergence? Divergence)
{
    /// <summary>What the observer threw, if it did; it was then told nothing more, and the run went on.</summary>
    public Exception? ObserverFailure { get; init; }
}
