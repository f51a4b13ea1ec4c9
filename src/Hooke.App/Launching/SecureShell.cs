using System.ComponentModel;
using System.Diagnostics;

namespace Hooke.App.Launching;

/// <summary>ssh, by which mpirun reaches other hosts.</summary>
internal static class SecureShell
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(5);

    /// <summary>Which host a name of the user's ssh settings stands for; null if there is no ssh to ask.</summary>
    public static string? NameOf(string name)
    {
        try
        {
            using var ssh = Process.Start(new ProcessStartInfo("ssh", ["-G", name]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var (output, error) = (ssh.StandardOutput.ReadToEndAsync(), ssh.StandardError.ReadToEndAsync());
            if (!ssh.WaitForExit(patience))
            {
                ssh.Kill();
                return null;
            }
            Task.WaitAll([output, error], patience);
            return output.Result.Split('\n').FirstOrDefault(line => line.StartsWith("hostname ", StringComparison.Ordinal))?["hostname ".Length..].Trim();
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
