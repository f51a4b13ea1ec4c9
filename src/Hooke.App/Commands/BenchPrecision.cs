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

    /// <summary>Trains every set at every precision with all cores, and the RCV1-shaped set with one worker, too.</summary>
    /// <param name="epochs">Epochs of each run.</param>
    /// <param name="seeds">Runs that are averaged.</param>
    public static object Run(int epochs, int seeds)
    {
        int cores = Environment.ProcessorCount;
        string[] names = [.. LinearDataCatalog.Entries.Select(entry => entry.Name), .. File.Exists(DebianText.File) ? (string[])[DebianText.Name] : []];
        var table = new List<object>();
        var figure = new List<object>();
        foreach (string name in names)
        {
            var data = LinearResolution.Load(name, null, true, null);
            var ends = precisions.Select(precision => Enumerable.Range(1, seeds).Select(seed => Train(data, precision, cores, epochs, seed)).ToArray()).ToArray();
            double Mean(int k, Func<End, double> part) => ends[k].Average(part);
            table.Add(new
            {
                data = name,
                trainError = precisions.Select((precision, k) => new { precision = precision.ToString(), error = Mean(k, end => end.TrainError), loss = Mean(k, end => end.TrainLoss) }).ToArray(),
                largestDifference = precisions.Select((_, k) => Math.Abs(Mean(k, end => end.TrainError) - Mean(0, end => end.TrainError))).Max(),
            });
            if (name != names[0]) continue;
            foreach (int workers in (int[])[1, cores])
                foreach (var precision in precisions)
                {
                    var runs = Enumerable.Range(1, seeds).Select(seed => Train(data, precision, workers, epochs, seed)).ToArray();
                    figure.Add(new { workers, precision = precision.ToString(), seconds = BenchCommand.Median([.. runs.Select(run => run.Seconds)]), trainLoss = runs.Average(run => run.TrainLoss) });
                }
        }
        return new { bench = "precision", epochs, seeds, workers = cores, table4 = table, figure4 = figure };
    }

    /// <summary>How a run ended. Seconds are processor time of a worker.</summary>
    private sealed record End(double TrainError, double TrainLoss, double Seconds);

    private static End Train(LinearData data, Precision precision, int workers, int epochs, int seed)
    {
        var run = LinearResolution.Of(new RunFile { ["epochs"] = $"{epochs}", ["workers"] = $"{workers}", ["seed"] = $"{seed}", ["precision"] = precision.ToString(), ["evaluate-every"] = "0" }, _ => { }, data);
        using var model = run.Model;
        var outcome = Hogwild.Run(model, workers, run.Seed, run.Plan);
        var score = Enumerable.Range(0, model.Blocks(Split.Training)).Select(block => model.Evaluate(Split.Training, block)).Aggregate((a, b) => a + b);
        return new(score.Error, score.Loss, outcome.ProcessorSeconds / workers);
    }
}
