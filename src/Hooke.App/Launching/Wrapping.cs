using System.ComponentModel;
using System.Diagnostics;

namespace Hooke.App.Launching;

/// <summary>
/// The words before a command that make it die with this process, whatever ends it, and that give it a session of its own: Ctrl-C is for this process, which
/// asks rank 0 to stop, and by the session all of its processes are found. Both come with util-linux; without them the command runs as it is.
/// </summary>
internal static class Wrapping
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(5);
    private static readonly Lazy<string[]> words = new(() => [.. ((string[][])[["setpriv", "--pdeathsig", "TERM"], ["setsid"]]).Where(Works).SelectMany(each => each)]);

    /// <summary>The words.</summary>
    public static IReadOnlyList<string> Words => words.Value;

    private static bool Works(string[] command)
    {
        try
        {
            using var trial = Process.Start(new ProcessStartInfo(command[0], [.. command[1..], "true"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            if (trial.WaitForExit(patience)) return trial.ExitCode == 0;
            trial.Kill();
            return false;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
