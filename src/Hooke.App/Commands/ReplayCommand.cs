using System.CommandLine;
using Hooke.App.Training;

namespace Hooke.App.Commands;

/// <summary><c>hooke replay</c>: plays a recorded run again and says whether it came out the same, bit by bit.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var command = new Command("replay", "Play a run again that train --record recorded, on one thread, and compare every bit.");
        var place = new Argument<string>("run") { Description = "the run's folder" };
        command.Arguments.Add(place);
        command.SetBody(invocation => Run(invocation, invocation.Parsed.GetValue(place)!));
        return command;
    }

    /// <summary>Replays a run.</summary>
    /// <param name="invocation">Where the output goes.</param>
    /// <param name="path">The run's folder.</param>
    public static int Run(Invocation invocation, string path)
    {
        using var folder = RunFolder.Open(path, invocation.Screen.Warn);
        var replayed = Replaying.Of(folder, invocation.Screen);
        invocation.Screen.Line(replayed.IsSame
            ? $"the same: {replayed.Points} points and all {replayed.Parameters:N0} parameters of the reported model, bit by bit"
            : $"not the same: {replayed.Difference}");
        invocation.Print(replayed);
        return replayed.IsSame ? ExitCode.Done : ExitCode.Other;
    }
}
