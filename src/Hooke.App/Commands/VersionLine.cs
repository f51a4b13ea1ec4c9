using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;

namespace Hooke.App.Commands;

/// <summary><c>hooke --version</c>: the version and the commit it was built from.</summary>
internal sealed class VersionLine : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parsed)
    {
        var invocation = CommandLine.InvocationOf(parsed);
        string text = typeof(VersionLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
        // Built outside of a repository there is no commit.
        string[] parts = text.Split('+');
        string version = parts[0];
        string? commit = parts.Length > 1 ? parts[1] : null;
        invocation.Screen.Line($"hooke {version}{(commit is null ? "" : $", commit {commit}")}");
        invocation.Print(new { version, commit });
        return ExitCode.Done;
    }
}
