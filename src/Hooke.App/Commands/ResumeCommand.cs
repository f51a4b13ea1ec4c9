using System.CommandLine;
using Hooke.App.LockFree;
using Hooke.App.Training;

namespace Hooke.App.Commands;

/// <summary><c>hooke resume</c>: continues a run that was stopped or killed.</summary>
internal static class ResumeCommand
{
    public static Command Create()
    {
        var command = new Command("resume", "Continue a run exactly where its last checkpoint left it. Of a run that is over, print the result again.");
        var place = new Argument<string>("run") { Description = "the run's folder" };
        command.Arguments.Add(place);
        var places = new PlaceOptions(command);
        command.SetBody(invocation =>
        {
            using var folder = RunFolder.Open(invocation.Parsed.GetValue(place)!, invocation.Screen.Warn);
            var file = folder.ReadRunFile(places.Read(invocation));
            if (folder.FindResult() is { Stopped: false } result)
                return TrainCommand.Finish(invocation, _ => Session.Show(result, folder, invocation.View()));
            if (folder.Again is { } again) throw new BadInputException($"{folder.Path} is a simulation that was cut short; {again} runs it again");
            folder.CheckStarter(isLaunched: false);
            if (LinearResolution.IsAskedFor(file)) return Share(invocation, folder, file);
            var run = Resolution.Of(file, invocation.Screen.Warn);
            folder.CheckData(run);
            return TrainCommand.Finish(invocation, stop => Session.Run(run, folder, invocation.View(), resume: true, stop));
        });
        return command;
    }

    /// <summary>Continues a run on a linear model in shared memory.</summary>
    private static int Share(Invocation invocation, RunFolder folder, RunFile file)
    {
        var run = LinearResolution.Of(file, invocation.Screen.Warn);
        using var model = run.Model;
        folder.CheckData(run);
        return TrainCommand.Finish(invocation, stop => LinearSession.Run(run, folder, invocation.View(), resume: true, stop));
    }
}
