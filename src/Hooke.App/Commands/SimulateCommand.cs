using System.CommandLine;
using System.CommandLine.Parsing;
using Hooke.App.LockFree;
using Hooke.App.Simulation;
using Hooke.App.Training;
using Hooke.Methods.Catalog;
using Hooke.Simulator;

namespace Hooke.App.Commands;

/// <summary><c>hooke simulate</c>: trains in virtual time, on a cluster that is only described, or plays a recorded run again.</summary>
internal static class SimulateCommand
{
    private const string Group = "Cluster", StandardWorkers = "16";
    private const int MostWorkers = 1_000_000;

    public static Command Create()
    {
        var command = new Command("simulate", "Train in virtual time, with real gradients, on a cluster that is only described: any number of workers, slow links, stragglers, faults. The same options give the same bits, whatever the number of cores.");
        TextOption cluster = new("cluster", Group, "name", $"{Setting.Choice(Presets.All.Select(each => each.Name))}, or a JSON file", Presets.Cloud.Name),
            workers = new("workers", "What to train", "p", "number of workers, or several for a sweep: 1,4,16,64", StandardWorkers),
            place = new("run", "Output", "folder", "run folder, new or empty; default runs/<time>-<method>-<model>");
        command.Options.Add(cluster);
        command.Options.Add(workers);
        var options = new RunOptions(command, "workers");
        command.Options.Add(place);
        TextOption replay = new("replay", "Replay", "run", "instead: play a run again that train --record recorded, on one thread, and compare every bit");
        command.Options.Add(replay);
        TextOption delay = new("write-delay", Group, "seconds", "hogwild: mean time until other cores see a write; it runs on a machine of many cores instead of a cluster", "1e-7");
        command.Options.Add(delay);
        command.SetBody(invocation =>
        {
            if (invocation[replay] is { } recorded)
            {
                CheckAlone(invocation, replay);
                return Replay(invocation, recorded);
            }
            var said = options.Read(invocation);
            if (invocation[workers] is { } number) said.Override(new RunFile { ["workers"] = number });
            if (LinearResolution.IsAskedFor(said)) return Share(invocation, said, invocation[delay] ?? delay.Standard!, invocation[place]);
            var scenario = Scenario.Find(invocation[cluster] ?? cluster.Standard!);
            return Simulate(invocation, said, scenario, invocation[place]);
        });
        return command;
    }

    /// <summary>Trains a linear model in simulated shared memory.</summary>
    private static int Share(Invocation invocation, RunFile said, string delay, string? place)
    {
        said["workers"] ??= StandardWorkers;
        said["l2"] ??= "0";
        said["hot"] ??= "0";
        double seconds = Setting.Number("write-delay", delay, 0, 1, "from 0 to 1 second");
        var run = LinearResolution.Of(said, invocation.Screen.Warn);
        using var model = run.Model;
        LinearSession.CheckSimulated(run);
        using var folder = RunFolder.Create(place, run, invocation.Screen.Warn, simulated: true);
        var machine = SharedMachine.Default with { WriteDelay = seconds == 0 ? 0.0 : new ExponentialTime(seconds) };
        return TrainCommand.Finish(invocation, stop => LinearSession.Simulate(run, machine, folder, invocation.View(), stop));
    }

    /// <summary>What is replayed says all of itself.</summary>
    private static void CheckAlone(Invocation invocation, Option replay)
    {
        var given = invocation.Parsed.CommandResult.Children;
        string? other = given.OfType<OptionResult>().FirstOrDefault(result => !result.Implicit && result.Option != replay && result.Option != Invocation.JsonOption)?.Option.Name
            ?? given.OfType<ArgumentResult>().FirstOrDefault(result => result.Tokens.Count > 0)?.Tokens[0].Value;
        if (other is not null) throw new BadInputException($"replay is given with {other}; it must be given alone, for the run's folder says all else");
    }

    private static int Replay(Invocation invocation, string path)
    {
        using var folder = RunFolder.Open(path, invocation.Screen.Warn);
        var replayed = Replaying.Of(folder, invocation.Screen);
        invocation.Screen.Line(replayed.IsSame
            ? $"the same: {replayed.Points} points and all {replayed.Parameters:N0} parameters of the reported model, bit by bit"
            : $"not the same: {replayed.Difference}");
        invocation.Print(replayed);
        return replayed.IsSame ? ExitCode.Done : ExitCode.Other;
    }

    private static int Simulate(Invocation invocation, RunFile said, Scenario scenario, string? place)
    {
        bool isSequential = AllMethods.Recipes.FirstOrDefault(recipe => recipe.Name == said["method"])?.IsSequential ?? false;
        string text = said["workers"] ?? (isSequential ? "1" : StandardWorkers);
        string[] numbers = text.Split(',', StringSplitOptions.TrimEntries);
        foreach (string number in numbers) Setting.Whole("workers", number, 1, MostWorkers);
        // All runs are made first, so that a mistake in the last is known before the first starts.
        var runs = new List<Resolution>();
        foreach (string number in numbers)
        {
            var file = said.Copy();
            file.Override(new RunFile { ["workers"] = number });
            runs.Add(Resolution.Of(file, invocation.Screen.Warn, runs.FirstOrDefault()?.Data, MostWorkers));
        }
        runs.ForEach(scenario.CheckFor);
        var stop = invocation.Heed();
        if (runs.Count == 1)
        {
            using var folder = RunFolder.Create(place, runs[0], invocation.Screen.Warn, simulated: true);
            var result = SimulationSession.Run(runs[0], scenario, folder, invocation.View(), stop).Result;
            invocation.Print(result with { Warnings = [.. invocation.Screen.Warnings] });
            return result.Diverged is not null ? ExitCode.Diverged : result.Lost ? ExitCode.Other : ExitCode.Done;
        }
        return Sweep.Run(invocation, runs, scenario, place, stop);
    }
}
