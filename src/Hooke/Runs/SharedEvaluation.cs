
namespace Hooke.Runs;

/// <summary>How far a run on a shared model has come.</summary>
/// <param name="Seconds">Seconds of training, in the run's own time.</param>
/// <param name="WallSeconds">Seconds of real time since it started.</param>
/// <param name="Samples">Examples, all workers together.</param>
/// <param name="Steps">Steps, all workers together.</param>
/// <param name="Delays">Delays of steps.</param>
public sealed record SharedProgress(double Seconds, double WallSeconds, long Samples, long Steps, Staleness Delays);

/// <summary>Evaluates shared models, while their workers pause.</summary>
public static class SharedEvaluation
{
    /// <summary>Publishes the model, and evaluates it on all sets.</summary>
    /// <param name="model">The model.</param>
    /// <param name="progress">How far the run has come.</param>
    /// <param name="share">Performs pieces of work: how many there are, and what is done with each; in any order.</param>
    /// <param name="workers">The workers' accounts, given the training loss.</param>
    /// <returns>A point of the trace, or why there is none.</returns>
    public static (TracePoint? Point, Divergence? Divergence) Measure(ISharedModel model, SharedProgress progress, Action<int, Action<int>> share, Func<double, IEnumerable<WorkerAccount>> workers)
    {
        if (!model.Publish()) return (null, new(-1, progress.Steps, "a parameter is not finite"));
        var scores = SetScores.Measure(model.Blocks, (pieces, perform) => share(pieces, piece => perform(0, piece)), (_, split, block) => model.Evaluate(split, block));
        if (scores.NotFinite is { } loss) return (null, new(-1, progress.Steps, loss));
        TracePoint point = new()
        {
            Seconds = progress.Seconds,
            WallSeconds = progress.WallSeconds,
            Samples = progress.Samples,
            Epochs = (double)progress.Samples / model.Examples,
            Updates = progress.Steps,
            TrainLoss = scores.Training.Loss,
            TestLoss = scores.Test.Loss,
            TestError = model.CountsWrong ? scores.Test.Error : null,
            ValidationLoss = scores.Validation?.Loss,
            ValidationError = model.CountsWrong ? scores.Validation?.Error : null,
            Consensus = 0,
            Exchanges = 0,
            Dropped = 0,
            Bytes = 0,
            StalenessMean = progress.Delays.Mean,
            StalenessMax = progress.Delays.Maximum,
            Workers = [.. workers(scores.Training.Loss)],
        };
        return (point, null);
    }
}
