using System.Diagnostics;
using Hooke.Methods.Catalog;
using Hooke.Problems;
using Hooke.Simulator;

namespace Hooke.App.Commands;

/// <summary>Times the simulator on a quadratic: events a second, beside the bare worker in turns, and many workers at once.</summary>
internal static class BenchSimulate
{
    private static readonly Cluster Cluster = new()
    {
        Compute = new ExponentialTime(1),
        Between = new(0.01, 1e6),
        Center = new(0.01, 1e9),
        Service = new ConstantTime(1e-7),
    };

    /// <summary>Runs the rounds, and compares medians.</summary>
    /// <param name="topology">star, or tree for a 32-ary one.</param>
    /// <param name="workers">p.</param>
    /// <param name="rounds">Rounds; the medians count.</param>
    public static object Run(string topology, int workers, int rounds)
    {
        const int Exchanges = 10;
        var quadratic = new Quadratic<float>([0.5, 1, 1.5, 2], [1]);
        var method = topology == "tree"
            ? Tree.Easgd.For(workers, ("degree", 32), ("period", 1), ("period-inner", 1), ("learning-rate", 0.01))
            : ElasticAveraging.Easgd.For(workers, ("period", 1), ("learning-rate", 0.01));
        long samples = (long)workers * Exchanges, events = 0;
        var (simulated, total, turns) = (new double[rounds], new double[rounds], new double[rounds]);
        for (int round = -1; round < rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            using var star = VirtualTime.Prepare(method, quadratic, workers, Cluster, seed: 1);
            using var simulation = new Simulation<float>(star, new(samples, 1), Cluster);
            long ready = Stopwatch.GetTimestamp();
            events = simulation.Run().Events;
            double run = Stopwatch.GetElapsedTime(ready).TotalSeconds, all = Stopwatch.GetElapsedTime(start).TotalSeconds;
            start = Stopwatch.GetTimestamp();
            Hooke.Runs.Turns.Run(star, Exchanges);
            double bare = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (round >= 0) (simulated[round], total[round], turns[round]) = (run, all, bare);
        }
        double median = BenchCommand.Median(simulated);
        return new
        {
            bench = "simulate",
            topology,
            workers,
            exchangesPerWorker = Exchanges,
            rounds,
            events,
            seconds = BenchCommand.Median(total),
            secondsOfEvents = median,
            eventsPerSecond = events / median,
            // The same steps without time or network: what the simulation adds.
            secondsInTurns = BenchCommand.Median(turns),
            ratio = BenchCommand.Median(turns) / median,
            peakMegabytes = Process.GetCurrentProcess().PeakWorkingSet64 / 1e6,
        };
    }
}
