using System.Diagnostics;

namespace Hooke.Tests.Mpi;

/// <summary>Hosts on one machine: network namespaces with a name and an address each, on a bridge in a namespace of its own.</summary>
internal sealed class Hosts : IDisposable
{
    private readonly string prefix = $"hooke{Environment.ProcessId}-";
    private readonly string folder = Directory.CreateTempSubdirectory("hooke-hosts-").FullName;
    private readonly int count;

    private Hosts(int count) => this.count = count;

    /// <summary>The network that they share.</summary>
    public string Network => "10.77.0.0/24";

    /// <summary>mpirun's list of them, two processes each.</summary>
    public string File => Path.Combine(folder, "hosts");

    /// <summary>Makes hosts, if this user may.</summary>
    public static Hosts? TryMake(int count)
    {
        var hosts = new Hosts(count);
        try
        {
            if (hosts.Make()) return hosts;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no ip.
        }
        hosts.Dispose();
        return null;
    }

    /// <summary>Runs the command line of the program on the first host.</summary>
    public (int Code, string Text) Run(string[] arguments)
        => Shell("ip", ["netns", "exec", Name(1), "unshare", "--uts", "/bin/sh", "-c", $"hostname {Name(1)}; exec \"$@\"", "_",
            "dotnet", typeof(Hooke.App.Commands.CommandLine).Assembly.Location, .. arguments]);

    public void Dispose()
    {
        for (int k = 0; k <= count; k++) Shell("ip", ["netns", "del", Name(k)]);
        Directory.Delete(folder, recursive: true);
    }

    private string Name(int k) => prefix + k;

    private bool Make()
    {
        bool Ip(params string[] words) => Shell("ip", words).Code == 0;

        // Namespace 0 is the switch.
        bool made = Ip("netns", "add", Name(0)) && Ip("-n", Name(0), "link", "add", "bridge0", "type", "bridge") && Ip("-n", Name(0), "link", "set", "bridge0", "up");
        for (int k = 1; made && k <= count; k++)
            made = Ip("netns", "add", Name(k)) && Ip("link", "add", $"port{k}", "netns", Name(0), "type", "veth", "peer", "name", "eth0", "netns", Name(k))
                && Ip("-n", Name(0), "link", "set", $"port{k}", "master", "bridge0", "up") && Ip("-n", Name(k), "addr", "add", $"10.77.0.{k}/24", "dev", "eth0")
                && Ip("-n", Name(k), "link", "set", "eth0", "up") && Ip("-n", Name(k), "link", "set", "lo", "up");
        if (!made) return false;
        System.IO.File.WriteAllLines(File, Enumerable.Range(1, count).Select(k => $"10.77.0.{k} slots=2"));
        // In the place of ssh: HOST COMMAND…
        string remote = Path.Combine(folder, "remote");
        System.IO.File.WriteAllText(remote, $"#!/bin/sh\nwhile case $1 in -*) true ;; *) false ;; esac; do shift; done\nhost={prefix}${{1##*.}}\nshift\nexec ip netns exec \"$host\" unshare --uts /bin/sh -c \"hostname $host; $*\"\n");
        return Shell("chmod", ["+x", remote]).Code == 0;
    }

    private (int Code, string Text) Shell(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["OMPI_MCA_plm_rsh_agent"] = Path.Combine(folder, "remote");
        start.Environment["OMPI_MCA_plm_rsh_no_tree_spawn"] = "1";
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (process.WaitForExit(TimeSpan.FromSeconds(90))) return (process.ExitCode, output.Result + error.Result);
        process.Kill(entireProcessTree: true);
        return (-1, $"{program} did not end");
    }
}
