using System.Diagnostics;
using Hooke.App.Commands;
using Xunit;

namespace Hooke.Tests.App;

/// <summary>Uses the command line from a shell, as a process of its own: where standard output, signals, terminals and limits matter.</summary>
internal static class Shell
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    /// <summary>Runs a script in which $hooke is the command line.</summary>
    /// <param name="folder">Where it runs.</param>
    /// <param name="script">For bash; every wait in it is to be bounded.</param>
    public static Printed Run(string folder, string script)
    {
        var start = new ProcessStartInfo("/usr/bin/env", ["--default-signal", "bash", "-c", Preamble + script]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["hooke"] = $"dotnet {typeof(CommandLine).Assembly.Location}";
        using var shell = Process.Start(start)!;
        var (output, error) = (shell.StandardOutput.ReadToEndAsync(), shell.StandardError.ReadToEndAsync());
        if (!shell.WaitForExit(Patience))
        {
            shell.Kill(entireProcessTree: true);
            Assert.Fail($"not over within {Patience.TotalSeconds} s: {script}");
        }
        return new(shell.ExitCode, output.Result, error.Result);
    }

    /// <summary>Waits, at most so long, for a condition of the shell, and for the end of a process.</summary>
    /// <remarks>Signals do what they usually do, whoever has started the tests. With job control, background jobs are not deaf to Ctrl-C. Under a limit for files .NET can't map memory twice, which it need not.</remarks>
    private const string Preamble = """
        set -m
        export DOTNET_EnableWriteXorExecute=0
        await() { local k; for ((k = 0; k < 1200; k++)); do if eval "$1"; then return 0; fi; sleep 0.1; done; echo "waited in vain for $1" >&2; return 1; }
        ended() { await "! kill -0 $1 2>/dev/null" && wait "$1"; }

        """;
}
