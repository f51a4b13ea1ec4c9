using System.Diagnostics;
using Hooke.Theory.ModifiedEquations;

namespace Hooke.App.Commands;

/// <summary>Times paths on the double well of [AnLuYing18, fig. 5], for comparison with the NumPy peer in bench/peers.</summary>
internal static class BenchSme
{
    /// <summary>Runs the rounds; the median counts.</summary>
    public static object Run(string process, int paths, int steps, int threads, int rounds)
    {
        var well = new Translates<Well>(2, 1, -2, 0.1);
        var law = StalenessLaw.Geometric(0.95);
        var plan = new EnsemblePlan(paths, steps) { Points = 2, Threads = threads };
        Func<Ensemble> run = process == "asgd"
            ? () => Ensemble.Run(new AsynchronousSgd<Translates<Well>>(well, 0.01, law), plan)
            : () => Ensemble.Run(new PlainSolution<AsynchronousEquation<Translates<Well>>, Splitting>(new(well, 0.01, law), 0.1), plan);
        var (wall, cpu) = (new double[rounds], new double[rounds]);
        double positive = 0;
        for (int round = -1; round < rounds; round++)
        {
            var before = Process.GetCurrentProcess().TotalProcessorTime;
            long start = Stopwatch.GetTimestamp();
            positive = run().FractionPositive;
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds, used = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
            if (round >= 0) (wall[round], cpu[round]) = (seconds, used);
        }
        double scale = 1e9 / paths / steps;
        return new { bench = "sme", process, paths, steps, threads, rounds, nanoseconds = BenchCommand.Median(wall) * scale, cpuNanoseconds = BenchCommand.Median(cpu) * scale, fractionPositive = positive };
    }
}
