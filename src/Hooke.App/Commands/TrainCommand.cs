using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;
using Hooke.App.Terminal;
using Hooke.App.Training;

namespace Hooke.App.Commands;

/// <summary><c>hooke train</c> and <c>hooke resume</c>.</summary>
internal static class TrainCommand
{
    /// <summary>Trains a model.</summary>
    public static Command Train()
    {
        var command = new Command("train", "train a model with many workers (default: EAMSGD, an MLP on Fashion-MNIST, all cores)");
        var options = new RunOptions(command, takesFile: true);
        var folderOption = new Option<string?>("--run") { Description = "run folder, new or empty; default runs/<time>-<method>-<model>" };
        command.Options.Add(folderOption);
        command.SetAction(parsed => ExitCode.Of(parsed, json =>
        {
            var view = RunOptions.View(json);
            var run = Resolution.Of(options.Read(parsed), view.Warn);
            var folder = RunFolder.Create(parsed.GetValue(folderOption), run.File, run.Network.Dimension, view.Warn);
            return Finish(run, folder, view, resume: false, json);
        }));
        return command;
    }

    /// <summary>Continues a run that was stopped or killed.</summary>
    public static Command Resume()
    {
        var command = new Command("resume", "continue a run exactly where its last checkpoint left it");
        var argument = new Argument<string>("run") { Description = "the run's folder" };
        command.Arguments.Add(argument);
        command.SetAction(parsed => ExitCode.Of(parsed, json =>
        {
            var view = RunOptions.View(json);
            var folder = RunFolder.Open(parsed.GetValue(argument)!, view.Warn);
            var run = Resolution.Of(RunFile.Load(folder.RunFile), view.Warn);
            return Finish(run, folder, view, resume: true, json);
        }));
        return command;
    }

    private static int Finish(Resolution run, RunFolder folder, RunView view, bool resume, bool json)
    {
        using var stop = new CancellationTokenSource();
        void Interrupt(PosixSignalContext context)
        {
            if (stop.IsCancellationRequested) return; // a second signal ends the process
            context.Cancel = true;
            stop.Cancel();
        }
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
        var result = Session.Run(run, folder, view, resume, stop.Token);
        if (json) Console.WriteLine(JsonSerializer.Serialize(result, Json.Indented));
        return result.Diverged is null ? ExitCode.Done : ExitCode.Diverged;
    }
}
