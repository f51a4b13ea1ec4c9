using System.CommandLine;

namespace Hooke.App.Commands;

/// <summary><c>hooke theory</c>: what can be said of a method without training.</summary>
internal static class TheoryCommand
{
    public static Command Create() => new("theory", "What can be said before training: where a method is stable, how fast and how noisy, and the papers' bounds.")
    {
        TheoryRadiusCommand.Radius(),
        TheoryRadiusCommand.Moments(),
        TheoryMapCommand.Map(),
        TheoryMapCommand.Optimum(),
        TheoryMapCommand.Stable(),
        TheoryBoundCommand.Create(),
        TheoryBoundCommand.List(),
        TheoryStabilityCommand.Create(),
    };
}
