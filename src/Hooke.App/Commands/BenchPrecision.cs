using Hooke.App.LockFree;
using Hooke.App.Training;
using Hooke.Engine;
using Hooke.Models.Data;
using Hooke.Models.Linear;
using Hooke.Problems;

namespace Hooke.App.Commands;

/// <summary>
/// Training error by precision for logistic regression on several sets [Survey, table 4], and speed by precision and number of
/// workers on the RCV1-shaped set [Survey, fig. 4].
/// </summary>
internal static class BenchPrecision
{
    private static readonly Precision[] precisions = [Precision.Full, new(16, 16), new(8, 16), new(8, 8)];

    /// <summary>How runs at a precision ended, on average.</summary>
    /// <param name="Precision">Number types.</param>
    /// <param name="Error">Fraction of training examples that are answered wrongly.</param>
    /// <param name="Loss">Training loss.</param>
    /// <param name="LossOverFull">The loss, divided by that of floats.</param>
    internal sealed record End(string Precision, double Error, double Loss, double LossOverFull);

    /// <summary>A row of table 4.</summary>
    internal sealed record Row(string Data, IReadOnlyList<End> TrainError);

    /// <summary>A bar of figure 4.</summary>
    /// <param name="Workers">p.</param>
    /// <param name="Precision">Number types.</param>
    /// <param name="Seconds">Processor time of a worker.</param>
    /// <param name="Speedup">One worker's seconds in floats, divided by these.</param>
    /// <param name="TrainLoss">Training loss.</param>
    internal sealed record Bar(int Workers, string Precision, double Seconds, double Speedup, double TrainLoss);

    /// <summary>Both, for programs.</summary>
    /// <param name="epochs">Epochs of each run.</param>
    /// <param name="seeds">Runs that are averaged.</param>
    public static object Run(int epochs, int seeds)
        => new { bench = "precision", epochs, seeds, workers = Environment.ProcessorCount, table4 = Table4(epochs, seeds), figure4 = Figure4(epochs, seeds) };

    /// <summary>Trains every set at every precision with all cores.</summary>
    public static IReadOnlyList<Row> Table4(int epochs, int seeds)
    {
        string[] names = [.. LinearDataCatalog.Entries.Select(entry => entry.Name), .. File.Exists(DebianText.File) ? (string[])[DebianText.Name] : []];
        return [.. names.Select(name =>
        {
            var data = LinearResolution.Load(name, true, null);
            var ends = precisions.Select(precision => Train(data, precision, Environment.ProcessorCount, epochs, seeds)).ToArray();
            return new Row(name, [.. ends.Zip(precisions, (end, precision) => new End(precision.ToString(), end.Error, end.Loss, end.Loss / ends[0].Loss))]);
        })];
    }

    /// <summary>Trains the RCV1-shaped set at every precision with one worker, and with all cores.</summary>
    public static IReadOnlyList<Bar> Figure4(int epochs, int seeds)
    {
        var data = LinearResolution.Load(LinearDataCatalog.Entries[0].Name, true, null);
        var all = from workers in (int[])[1, Environment.ProcessorCount] from precision in precisions select (workers, precision, End: Train(data, precision, workers, epochs, seeds));
        var bars = all.ToArray();
        return [.. bars.Select(bar => new Bar(bar.workers, bar.precision.ToString(), bar.End.Seconds, bars[0].End.Seconds / bar.End.Seconds, bar.End.Loss))];
    }

    private static (double Error, double Loss, double Seconds) Train(LinearData data, Precision precision, int workers, int epochs, int seeds)
    {
        double[] seconds = new double[seeds];
        double error = 0, loss = 0;
        for (int seed = 1; seed <= seeds; seed++)
        {
            var run = LinearResolution.Of(new RunFile { ["epochs"] = $"{epochs}", ["workers"] = $"{workers}", ["seed"] = $"{seed}", ["precision"] = precision.ToString(), ["evaluate-every"] = "0" }, _ => { }, data);
            using var model = run.Model;
            var outcome = Hogwild.Run(model, workers, run.Seed, run.Plan);
            var score = Enumerable.Range(0, model.Blocks(Split.Training)).Select(block => model.Evaluate(Split.Training, block)).Aggregate((a, b) => a + b);
            (error, loss, seconds[seed - 1]) = (error + score.Error / seeds, loss + score.Loss / seeds, outcome.ProcessorSeconds / workers);
        }
        return (error, loss, BenchCommand.Median(seconds));
    }
}
