using Hooke.App.Training;
using Hooke.Engine;
using Hooke.Models.Data;

namespace Hooke.App.Commands;

/// <summary>Times EASGD on the MLP at τ = 10 with one worker and with one per core, in turn, and compares samples per second.</summary>
internal static class BenchWorkers
{
    /// <summary>Runs both in turn, and compares medians.</summary>
    public static object Run(int steps, int rounds)
    {
        int cores = Environment.ProcessorCount;
        var data = DataCatalog.Load(DataCatalog.FashionMnistName);
        var (one, many) = (new double[rounds], new double[rounds]);
        for (int round = -1; round < rounds; round++)
        {
            double alone = Rate(1, steps, data), together = Rate(cores, steps, data);
            if (round >= 0) (one[round], many[round]) = (alone, together);
        }
        double[] ratios = [.. one.Zip(many, (a, b) => b / a).Order()];
        return new
        {
            bench = "workers",
            workers = cores,
            stepsPerWorker = steps,
            rounds,
            samplesPerSecondOfOne = Median(one),
            samplesPerSecondOfAll = Median(many),
            ratio = ratios[rounds / 2],
        };
    }

    private static double Rate(int workers, int steps, DataSet data)
    {
        var file = new RunFile { ["method"] = "easgd", ["model"] = "mlp", ["period"] = "10", ["workers"] = $"{workers}", ["evaluate-every"] = "0" };
        var run = Resolution.Of(file, _ => { }, data);
        using var star = Threads.Prepare(run.Method, run.Network, workers, run.Seed);
        long samples = (long)steps * workers * run.Plan.Batch;
        var outcome = Threads.Run(star, run.Plan with { Samples = samples });
        return samples / outcome.Last!.Seconds;
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
