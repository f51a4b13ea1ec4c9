using System.CommandLine;
using Hooke.App.LockFree;
using Hooke.App.Training;
using Hooke.Methods;

namespace Hooke.App.Commands;

/// <summary><c>hooke train</c>: trains a model and keeps it in a new run folder.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var command = new Command("train", "Train a model with many workers. Without options: EAMSGD, a small convolutional network, Fashion-MNIST, all cores.");
        var options = new RunOptions(command);
        var place = new TextOption("run", "Output", "folder", "run folder, new or empty; default runs/<time>-<method>-<model>");
        command.Options.Add(place);
        var record = new Option<bool>("--record") { Description = "keep which worker acted when, so that an asynchronous run can be replayed bit by bit" };
        command.Options.Add(record);
        var oversubscribe = new Option<bool>(Capacity.Option) { Description = Capacity.Meaning };
        command.Options.Add(oversubscribe);
        command.SetBody(invocation =>
        {
            var said = options.Read(invocation);
            if (LinearResolution.IsAskedFor(said)) return Share(invocation, said, invocation[place], invocation.Parsed.GetValue(record), invocation.Parsed.GetValue(oversubscribe));
            var run = Resolution.Of(said, invocation.Screen.Warn);
            Capacity.CheckThreads(run.Workers, invocation.Parsed.GetValue(oversubscribe));
            Capacity.CheckMemory(run);
            bool isRecorded = invocation.Parsed.GetValue(record);
            if (isRecorded && run.Method is { Topology: not Topology.None, Schedule.Timing: not Timing.Asynchronous })
                throw new BadInputException($"record is given and timing is {run.File["timing"]}; it must be asynchronous or overlapped, for other runs are the same every time");
            using var folder = RunFolder.Create(invocation[place], run, invocation.Screen.Warn);
            return Finish(invocation, stop => Session.Run(run, folder, invocation.View(), resume: false, stop, isRecorded));
        });
        return command;
    }

    /// <summary>Trains a linear model in shared memory.</summary>
    private static int Share(Invocation invocation, RunFile said, string? place, bool isRecorded, bool oversubscribes)
    {
        if (isRecorded) throw new BadInputException($"record is given and method is {LinearResolution.Method}; races without locks leave no order that could be recorded");
        var run = LinearResolution.Of(said, invocation.Screen.Warn);
        using var model = run.Model;
        Capacity.CheckThreads(run.Workers, oversubscribes);
        using var folder = RunFolder.Create(place, run, invocation.Screen.Warn);
        return Finish(invocation, stop => LinearSession.Run(run, folder, invocation.View(), resume: false, stop));
    }

    /// <summary>Runs until it ends or is stopped, prints the result, and gives the exit code.</summary>
    public static int Finish(Invocation invocation, Func<CancellationToken, RunResult> train)
    {
        var result = train(invocation.Heed());
        invocation.Print(result with { Warnings = [.. invocation.Screen.Warnings] });
        return result.Diverged is not null ? ExitCode.Diverged : result.Lost ? ExitCode.Other : ExitCode.Done;
    }
}
