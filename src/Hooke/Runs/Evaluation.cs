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

/// <summary>What can be measured of a run while it pauses.</summary>
/// <typeparam name="T">Number type.</typeparam>
public interface IMeasurable<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What is minimized.</summary>
    IObjective<T> Objective { get; }

    /// <summary>Seed of all random numbers.</summary>
    ulong Seed { get; }

    /// <summary>Center updates so far.</summary>
    long Clock { get; }

    /// <summary>The reported model where it is, if it is somewhere, for large ones should not be copied.</summary>
    /// <param name="scratch">Is created if it has to be written down; its owner frees it.</param>
    /// <returns>The model, valid until the run goes on.</returns>
    NativeVector<T> Reported(ref NativeVector<T>? scratch);

    /// <summary>Evaluates a block.</summary>
    /// <param name="evaluator">Whose scratch memory is used.</param>
    /// <param name="at">Where.</param>
    /// <param name="split">The set.</param>
    /// <param name="block">Which block of it.</param>
    Score Evaluate(int evaluator, ReadOnlySpan<T> at, Split split, int block);

    /// <summary>A gradient that changes nothing of the run.</summary>
    /// <param name="at">Where.</param>
    /// <param name="into">Receives the gradient.</param>
    /// <param name="draw">Which examples.</param>
    double Probe(ReadOnlySpan<T> at, Span<T> into, in Draw draw);

    /// <summary>Finds a parameter that is not finite.</summary>
    Divergence? FindNotFinite();

    /// <summary>‖xⁱ − x̃‖² of every worker that is there.</summary>
    IEnumerable<(int Worker, double Squared)> Distances();
}

/// <summary>How far workers are from their center.</summary>
internal static class Spread
{
    /// <summary>√((1/p) Σ‖xⁱ − x̃‖²).</summary>
    public static double Consensus(IEnumerable<(int Worker, double Squared)> distances)
    {
        double sum = 0;
        int count = 0;
        foreach (var (_, squared) in distances) (sum, count) = (sum + squared, count + 1);
        return Math.Sqrt(sum / Math.Max(1, count));
    }
}

/// <summary>
/// Measures a run: evaluates the reported model, looks for numbers that are not finite, and makes a point of the trace. Who
/// evaluates which block of a set is the fabric's choice, and changes no bit.
/// </summary>
/// <typeparam name="T">Number type.</typeparam>
public sealed class Evaluation<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IMeasurable<T> run;
    private readonly Action<int, Action<int, int>> share;
    private readonly GradientMeter<T>? meter;
    private NativeVector<T>? scratch;

    /// <summary>Prepares to measure a run.</summary>
    /// <param name="run">Its state.</param>
    /// <param name="meterBatch">Examples in a batch of the estimates for convergence bounds; null for no estimates.</param>
    /// <param name="share">Performs pieces of work: how many there are, and what an evaluator does with a piece.</param>
    public Evaluation(IMeasurable<T> run, int? meterBatch, Action<int, Action<int, int>> share)
    {
        (this.run, this.share) = (run, share);
        if (meterBatch is { } batch) meter = new(run, batch);
    }

    /// <summary>The last point, if there is one.</summary>
    public TracePoint? Last { get; private set; }

    /// <summary>Measures now.</summary>
    /// <param name="seconds">Seconds of training so far.</param>
    /// <param name="wallSeconds">Seconds since the run started.</param>
    /// <param name="samples">Examples used so far, by all workers together.</param>
    /// <param name="traffic">What was exchanged so far.</param>
    /// <param name="accounts">The workers' accounts.</param>
    /// <returns>What is not finite, or null: then <see cref="Last"/> is the new point.</returns>
    public Divergence? Measure(double seconds, double wallSeconds, long samples, in Traffic traffic, IReadOnlyList<WorkerAccount> accounts)
    {
        var report = run.Reported(ref scratch);
        var scores = SetScores.Measure(run.Objective.Blocks, share, (evaluator, split, block) => run.Evaluate(evaluator, report.Span, split, block));
        if (scores.NotFinite is { } loss) return new(-1, run.Clock, loss);
        if (FindNotFinite() is { } found) return found;
        double unit = run.Objective.LossUnit;
        (int Worker, double Squared)[] distances = [.. run.Distances()];
        Last = new()
        {
            Seconds = seconds,
            WallSeconds = wallSeconds,
            Samples = samples,
            Epochs = (double)samples / run.Objective.Examples,
            Updates = run.Clock,
            TrainLoss = unit * scores.Training.Loss,
            TestLoss = unit * scores.Test.Loss,
            TestError = run.Objective.CountsWrong ? scores.Test.Error : null,
            ValidationLoss = unit * scores.Validation?.Loss,
            ValidationError = run.Objective.CountsWrong ? scores.Validation?.Error : null,
            Consensus = Spread.Consensus(distances),
            Farthest = FarthestWorker.Of(distances),
            Norm = Math.Sqrt(SquaredNorm(report.Span)),
            SilentUnits = scores.Training.Firing?.Silent,
            Exchanges = traffic.Exchanges,
            Dropped = traffic.Dropped,
            Bytes = traffic.Bytes,
            StalenessMean = traffic.Staleness.Mean,
            StalenessMax = traffic.Staleness.Maximum,
            Workers = unit == 1 ? accounts : [.. accounts.Select(account => account with { Loss = unit * account.Loss })],
            Gradient = meter?.Measure(report.Span, scores.Training.Loss),
        };
        return null;
    }

    private static double SquaredNorm(ReadOnlySpan<T> x)
    {
        double sum = 0;
        foreach (T value in x) sum += double.CreateTruncating(value) * double.CreateTruncating(value);
        return sum;
    }

    /// <summary>Finds a parameter that is not finite.</summary>
    public Divergence? FindNotFinite() => run.FindNotFinite();

    /// <summary>Saves or restores what later points need.</summary>
    /// <param name="archive">Where to.</param>
    public void Archive(IArchive<T> archive) => meter?.Archive(archive);

    /// <summary>Frees its memory.</summary>
    public void Dispose()
    {
        scratch?.Dispose();
        meter?.Dispose();
    }
}
