using System.CommandLine;
using Hooke.App.Training;

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
        command.SetBody(invocation =>
        {
            var run = Resolution.Of(options.Read(invocation), invocation.Screen.Warn);
            using var folder = RunFolder.Create(invocation[place], run, invocation.Screen.Warn);
            return Finish(invocation, stop => Session.Run(run, folder, invocation.View(), resume: false, stop));
        });
        return command;
    }

    /// <summary>Runs until it ends or is stopped, prints the result, and gives the exit code.</summary>
    public static int Finish(Invocation invocation, Func<CancellationToken, RunResult> train)
    {
        using var interruption = new Interruption();
        var result = train(interruption.Token);
        invocation.Print(result with { Warnings = [.. invocation.Screen.Warnings] });
        return result.Diverged is not null ? ExitCode.Diverged : result.Lost ? ExitCode.Other : ExitCode.Done;
    }
}
