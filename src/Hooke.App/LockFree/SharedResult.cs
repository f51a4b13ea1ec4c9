using Hooke.Engine;

namespace Hooke.App.LockFree;

/// <summary>What a run on a shared model adds to its result.</summary>
/// <param name="Precision">Number types of data and model.</param>
/// <param name="NumbersPerSecond">Numbers of the data set that were used per second of training, all workers together.</param>
/// <param name="WatchedSteps">Steps that were watched for delays and conflicts.</param>
/// <param name="ConflictRate">Fraction of those steps' coordinates that another worker wrote to between read and write.</param>
/// <param name="ModelRange">Largest weight of a fixed-point model; null for floats.</param>
/// <param name="ProcessorSeconds">Time that all workers together were on a processor.</param>
internal sealed record SharedResult(string Precision, double NumbersPerSecond, long WatchedSteps, double ConflictRate, double? ModelRange, double ProcessorSeconds)
{
    public static SharedResult Of(LinearResolution run, double samplesPerSecond, Conflicts conflicts, double processorSeconds)
        => new(run.Model.Options.Precision.ToString(), samplesPerSecond * run.Data.NumbersPerRow, conflicts.Steps, conflicts.Rate, run.Model.Options.Precision.ModelBits == 32 ? null : run.Model.Options.Range, processorSeconds);
}
