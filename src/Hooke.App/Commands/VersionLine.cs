using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;

namespace Hooke.App.Commands;

/// <summary><c>hooke --version</c>: the version and the commit it was built from.</summary>
internal sealed class VersionLine : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parsed)
    {
        var writers = parsed.InvocationConfiguration;
        var invocation = new Invocation(parsed, writers.Output, writers.Error, parsed.GetValue(Invocation.JsonOption));
        string text = typeof(VersionLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
        if (text.Split('+') is not [var version, var commit]) (version, commit) = (text, "unknown");
        invocation.Screen.Line($"hooke {version}, commit {commit}");
        invocation.Print(new { version, commit });
        return ExitCode.Done;
    }
}
