using Hooke.App.Training;
using Hooke.Engine;
using Hooke.Models.Data;
using Hooke.Runs;

namespace Hooke.App.Commands;

/// <summary>
/// Times EASGD at τ = 10 with one worker and with one per core, in turn, and compares samples per second; and makes sure that
/// workers that run at once compute what each computes alone.
/// </summary>
internal static class BenchWorkers
{
    /// <summary>Runs both in turn, and compares medians.</summary>
    public static object Run(string model, int steps, int rounds)
    {
        int cores = Environment.ProcessorCount;
        var said = new RunFile { ["method"] = "easgd", ["model"] = model, ["period"] = "10", ["evaluate-every"] = "0" };
        var data = Resolution.Of(said, _ => { }).Data;
        var (one, many) = (new double[rounds], new double[rounds]);
        for (int round = -1; round < rounds; round++)
        {
            double alone = Rate(said, 1, steps, data), together = Rate(said, cores, steps, data);
            if (round >= 0) (one[round], many[round]) = (alone, together);
        }
        double[] ratios = [.. one.Zip(many, (a, b) => b / a).Order()];
        return new
        {
            bench = "workers",
            model,
            workers = cores,
            stepsPerWorker = steps,
            rounds,
            samplesPerSecondOfOne = BenchCommand.Median(one),
            samplesPerSecondOfAll = BenchCommand.Median(many),
            ratio = ratios[rounds / 2],
            lossesEqualAlone = LossesEqualAlone(said, cores, Math.Min(steps, 100), data),
        };
    }

    private static double Rate(RunFile said, int workers, int steps, DataSet data)
    {
        var run = Resolve(said, workers, data);
        using var star = Threads.Prepare(run.Method, run.Network, workers, run.Seed);
        long samples = (long)steps * workers * run.Plan.Batch;
        var outcome = Threads.Run(star, run.Plan with { Samples = samples });
        return samples / outcome.Last!.Seconds;
    }

    /// <summary>Whether workers that no force ties end with the same loss and the same bits on threads at once as one after another.</summary>
    private static bool LossesEqualAlone(RunFile said, int workers, int steps, DataSet data)
    {
        var run = Resolve(said, workers, data, ("moving-rate", "0"), ("timing", "synchronous"), ("sampling", "replacement"));
        using var together = Threads.Prepare(run.Method, run.Network, workers, run.Seed);
        using var alone = Threads.Prepare(run.Method, run.Network, workers, run.Seed);
        Threads.Run(together, run.Plan with { Samples = (long)steps * workers * run.Plan.Batch });
        Turns.Run(alone, steps, run.Plan.Batch);
        return together.Workers.Zip(alone.Workers, (a, b) => a.LastLoss == b.LastLoss && a.X.SequenceEqual(b.X)).All(equal => equal);
    }

    private static Resolution Resolve(RunFile said, int workers, DataSet data, params (string Option, string Value)[] more)
    {
        var file = said.Copy();
        file["workers"] = $"{workers}";
        foreach (var (option, value) in more) file[option] = value;
        return Resolution.Of(file, _ => { }, data);
    }
}
