using System.Numerics;
using Hooke.Numerics;
using Hooke.Problems;

namespace Hooke.Runs;

/// <summary>What all workers did until a point of a run, added up.</summary>
/// <param name="Exchanges">Messages absorbed.</param>
/// <param name="Dropped">Messages dropped because they were too old.</param>
/// <param name="Bytes">Bytes read from and sent to the center.</param>
/// <param name="Staleness">Ages of the messages.</param>
public readonly record struct Traffic(long Exchanges, long Dropped, long Bytes, Staleness Staleness);

/// <summary>
/// Measures a run: evaluates the reported model, looks for numbers that are not finite, and makes a point of the trace. Who
/// evaluates which block of a set is the fabric's choice, and changes no bit.
/// </summary>
/// <typeparam name="T">Number type.</typeparam>
public sealed class Evaluation<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Star<T> star;
    private readonly Action<int, Action<int, int>> share;
    private readonly NativeVector<T> report;
    private readonly GradientMeter<T>? meter;

    /// <summary>Prepares to measure a run.</summary>
    /// <param name="star">Its state.</param>
    /// <param name="meterBatch">Examples in a batch of the estimates for convergence bounds; null for no estimates.</param>
    /// <param name="share">Performs pieces of work: how many there are, and what a worker does with a piece.</param>
    public Evaluation(Star<T> star, int? meterBatch, Action<int, Action<int, int>> share)
    {
        (this.star, this.share) = (star, share);
        report = new(star.Objective.Dimension);
        if (meterBatch is { } batch) meter = new(star, batch);
    }

    /// <summary>The last point, if there is one.</summary>
    public TracePoint? Last { get; private set; }

    /// <summary>Measures now.</summary>
    /// <param name="seconds">Seconds of training so far.</param>
    /// <param name="wallSeconds">Seconds since the run started.</param>
    /// <param name="samples">Examples used so far, by all workers together.</param>
    /// <param name="traffic">What was exchanged so far.</param>
    /// <param name="describe">A worker's account.</param>
    /// <returns>What is not finite, or null: then <see cref="Last"/> is the new point.</returns>
    public Divergence? Measure(double seconds, double wallSeconds, long samples, in Traffic traffic, Func<Worker<T>, WorkerAccount> describe)
    {
        star.Report(report.Span);
        int training = star.Objective.Blocks(Split.Training), test = star.Objective.Blocks(Split.Test);
        var scores = new Score[training + test];
        share(scores.Length, (worker, piece) => scores[piece] = piece < training
            ? star.Workers[worker].Evaluate(report.Span, Split.Training, piece)
            : star.Workers[worker].Evaluate(report.Span, Split.Test, piece - training));
        Score trainScore = scores[..training].Aggregate((a, b) => a + b), testScore = scores[training..].Aggregate((a, b) => a + b);
        if (!double.IsFinite(trainScore.LossSum)) return new(-1, star.Clock, $"the training loss is {trainScore.Loss}");
        if (!double.IsFinite(testScore.LossSum)) return new(-1, star.Clock, $"the test loss is {testScore.Loss}");
        if (FindNotFinite() is { } found) return found;
        Last = new()
        {
            Seconds = seconds,
            WallSeconds = wallSeconds,
            Samples = samples,
            Epochs = (double)samples / star.Objective.Examples,
            Updates = star.Clock,
            TrainLoss = trainScore.Loss,
            TestLoss = testScore.Loss,
            TestError = star.Objective.CountsWrong ? testScore.Error : null,
            Consensus = star.Consensus(),
            Exchanges = traffic.Exchanges,
            Dropped = traffic.Dropped,
            Bytes = traffic.Bytes,
            StalenessMean = traffic.Staleness.Mean,
            StalenessMax = traffic.Staleness.Maximum,
            Workers = [.. star.Workers.Select(describe)],
            Gradient = meter?.Measure(report.Span, trainScore.Loss),
        };
        return null;
    }

    /// <summary>Finds a parameter that is not finite.</summary>
    public Divergence? FindNotFinite()
    {
        foreach (var worker in star.Workers)
            if (!IsFinite(worker.X)) return new(worker.Index, worker.Steps, "a parameter is not finite");
        return IsFinite(star.Center) ? null : new(-1, star.Clock, "a parameter is not finite");
    }

    /// <summary>Saves or restores what later points need.</summary>
    /// <param name="archive">Where to.</param>
    public void Archive(IArchive<T> archive) => meter?.Archive(archive);

    /// <summary>Frees its memory.</summary>
    public void Dispose()
    {
        report.Dispose();
        meter?.Dispose();
    }

    private static bool IsFinite(ReadOnlySpan<T> x)
    {
        foreach (T value in x)
            if (!T.IsFinite(value)) return false;
        return true;
    }
}
