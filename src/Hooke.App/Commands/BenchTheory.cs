using System.Diagnostics;
using Hooke.Methods.Catalog;
using Hooke.Theory;

namespace Hooke.App.Commands;

/// <summary>Times maps of EASGD's second moments under multiplicative noise, and what a million workers cost beside ten.</summary>
internal static class BenchTheory
{
    private const int Many = 1_000_000, Few = 10, MapWorkers = 1000;

    /// <summary>Runs the rounds, and compares medians.</summary>
    /// <param name="cells">Cells a side.</param>
    /// <param name="rounds">Rounds; the medians count.</param>
    public static object Run(int cells, int rounds)
    {
        Map(MapWorkers, cells); // compiles
        double[] map = new double[rounds], processor = new double[rounds], ratios = new double[rounds];
        for (int round = 0; round < rounds; round++)
        {
            (map[round], processor[round]) = Map(MapWorkers, cells);
            // The order of the two changes from pair to pair.
            double first = Map(round % 2 == 0 ? Many : Few, cells).Processor, second = Map(round % 2 == 0 ? Few : Many, cells).Processor;
            ratios[round] = round % 2 == 0 ? first / second : second / first;
        }
        return new
        {
            bench = "theory",
            cells,
            rounds,
            workers = MapWorkers,
            seconds = BenchCommand.Median(map),
            processorSeconds = BenchCommand.Median(processor),
            microsecondsPerCell = BenchCommand.Median(processor) / cells / cells * 1e6,
            // CPU time of a map for a million workers against one for ten.
            ratio = BenchCommand.Median(ratios),
        };
    }

    private static (double Wall, double Processor) Map(int workers, int cells)
    {
        var setup = new Setup(ElasticAveraging.Easgd, workers) { Gamma = (0.5, 0.5), Moment = 2, Values = new Dictionary<string, Quantity> { ["center-rate"] = new(0.9, PerWorker: true) } };
        var before = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        StabilityMap.Of(setup, (new("learning-rate", 0, 1), cells), (new("moving-rate", -1, 1), cells), each => each.Radius());
        return (Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
    }
}
