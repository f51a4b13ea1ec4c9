using System.CommandLine;

namespace Hooke.App.Commands;

/// <summary><c>hooke theory</c>: what can be said of a method without training.</summary>
internal static class TheoryCommand
{
    public static Command Create() => new("theory", "What can be said before training: bounds and rates of the papers, and how stable a method is.")
    {
        TheoryBoundCommand.Create(),
        TheoryBoundCommand.List(),
        TheoryStabilityCommand.Create(),
    };
}
