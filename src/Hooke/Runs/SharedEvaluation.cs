using Hooke.Problems;

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
    /// <summary>Publishes the model, and evaluates it on both sets.</summary>
    /// <param name="model">The model.</param>
    /// <param name="progress">How far the run has come.</param>
    /// <param name="share">Performs pieces of work: how many there are, and what is done with each; in any order.</param>
    /// <param name="workers">The workers' accounts, given the training loss.</param>
    /// <returns>A point of the trace, or why there is none.</returns>
    public static (TracePoint? Point, Divergence? Divergence) Measure(ISharedModel model, SharedProgress progress, Action<int, Action<int>> share, Func<double, IEnumerable<WorkerAccount>> workers)
    {
        if (!model.Publish()) return (null, new(-1, progress.Steps, "a parameter is not finite"));
        int training = model.Blocks(Split.Training), test = model.Blocks(Split.Test);
        var scores = new Score[training + test];
        share(scores.Length, piece => scores[piece] = piece < training ? model.Evaluate(Split.Training, piece) : model.Evaluate(Split.Test, piece - training));
        Score trainScore = scores[..training].Aggregate((a, b) => a + b), testScore = scores[training..].Aggregate((a, b) => a + b);
        if (!double.IsFinite(trainScore.LossSum)) return (null, new(-1, progress.Steps, $"the training loss is {trainScore.Loss}"));
        if (!double.IsFinite(testScore.LossSum)) return (null, new(-1, progress.Steps, $"the test loss is {testScore.Loss}"));
        TracePoint point = new()
        {
            Seconds = progress.Seconds,
            WallSeconds = progress.WallSeconds,
            Samples = progress.Samples,
            Epochs = (double)progress.Samples / model.Examples,
            Updates = progress.Steps,
            TrainLoss = trainScore.Loss,
            TestLoss = testScore.Loss,
            TestError = model.CountsWrong ? testScore.Error : null,
            Consensus = 0,
            Exchanges = 0,
            Dropped = 0,
            Bytes = 0,
            StalenessMean = progress.Delays.Mean,
            StalenessMax = progress.Delays.Maximum,
            Workers = [.. workers(trainScore.Loss)],
        };
        return (point, null);
    }
}
