using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net.NetworkInformation;
using Hooke.Engine.Mpi;

namespace Hooke.App.Launching;

/// <summary>How a check came out.</summary>
internal enum Health { Good, Doubtful, Bad }

/// <summary>A check of what runs on many processes need.</summary>
/// <param name="Name">What was checked.</param>
/// <param name="Health">How it came out.</param>
/// <param name="Found">What was found.</param>
/// <param name="Remedy">How to mend it; empty if there is nothing to mend.</param>
internal sealed record Checkup(string Name, Health Health, string Found, string Remedy = "");

/// <summary>Looks at what <c>hooke launch</c> needs, from the library to the clocks of other hosts.</summary>
internal static class Doctor
{
    private const string Install = "sudo apt-get install --no-install-recommends openmpi-bin libopenmpi3 (Debian, Ubuntu), or your system's package of Open MPI 4 or 5";
    private const long FewFiles = 1024;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Checks this machine, or the hosts of a file.</summary>
    public static IEnumerable<Checkup> Check(LaunchPlan plan)
    {
        bool hasLibrary = MpiWorld.IsAvailable(out string library);
        yield return hasLibrary
            ? new("library", MpiWorld.IsOpenMpi ? Health.Good : Health.Doubtful, $"{library}: {MpiWorld.LibraryVersion}", MpiWorld.IsOpenMpi ? "" : "with this library a run ends when a worker dies; Open MPI lets it go on")
            : new("library", Health.Bad, "no MPI library", Install);
        string? launcher = Supervisor.FindLauncher();
        if (launcher is null)
        {
            yield return new("launcher", Health.Bad, "no mpirun on the PATH", Install);
            yield break;
        }
        string version = Run(launcher, ["--version"]).Text.Split('\n')[0].Trim();
        string number = version.Split(' ')[^1];
        // Debian's mpirun, by the name that its links lead to, calls itself OpenRTE.
        bool isOpenMpi = version.Contains("Open MPI", StringComparison.Ordinal) || version.Contains("OpenRTE", StringComparison.Ordinal);
        bool agree = hasLibrary && MpiWorld.LibraryVersion.Contains($"v{number}", StringComparison.Ordinal);
        yield return new("launcher", isOpenMpi ? agree ? Health.Good : Health.Doubtful : Health.Bad, $"{launcher}: {version}",
            !isOpenMpi ? Install : agree ? "" : "library and launcher are of different versions; put the launcher's own library first (HOOKE_MPI_LIBRARY names its file)");
        if (!hasLibrary) yield break;
        if (plan.Hosts is not null)
            yield return File.Exists("/usr/bin/ssh") || Environment.GetEnvironmentVariable("OMPI_MCA_plm_rsh_agent") is not null
                ? new("remote shell", Health.Good, "there is one")
                : new("remote shell", Health.Bad, "no ssh", "sudo apt-get install openssh-client, and keys that need no password to every host");

        var job = Run(launcher, [.. plan.Launcher(), "nproc"]);
        string[] cores = job.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        bool starts = job.Code == 0 && cores.Length == plan.Ranks && cores.All(line => int.TryParse(line, out _));
        yield return starts ? new("start of a job", Health.Good, $"{plan.Ranks} processes") : new("start of a job", Health.Bad, LastLine(job.Text), "run the command with HOOKE_TRACE=1; on several hosts see that ssh HOST true needs no password");
        if (!starts) yield break;
        bool free = !plan.IsLocal || cores.All(line => line == $"{Environment.ProcessorCount}");
        yield return new("binding", free ? Health.Good : Health.Doubtful, $"a process may use {string.Join(", ", cores.Distinct())} cores", free ? "" : "something binds processes to cores; unset OMPI_MCA_hwloc_base_binding_policy and the like");

        var exchange = Run(launcher, [.. (plan with { Ranks = 2 }).Launcher(), .. plan.Program(".", resume: false), "--exchanges", "100000,5"]);
        bool exchanges = exchange.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Any(line => double.TryParse(line, CultureInfo.InvariantCulture, out _));
        yield return exchanges ? new("exchange", Health.Good, "two processes of this program exchange parameters") : new("exchange", Health.Bad, LastLine(exchange.Text), "name the network that all hosts share with --interface; firewalls must let the hosts' ports through to each other");

        string[] networks = [.. NetworkInterface.GetAllNetworkInterfaces().Where(each => each.OperationalStatus == OperationalStatus.Up && each.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .Select(each => $"{each.Name} {each.GetIPProperties().UnicastAddresses.FirstOrDefault(address => address.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork)?.Address}".Trim())];
        bool ambiguous = plan is { IsLocal: false, Interface: null } && networks.Length > 1;
        yield return new("interfaces", ambiguous ? Health.Doubtful : Health.Good, networks.Length == 0 ? "loopback only" : string.Join(", ", networks), ambiguous ? "name the one that all hosts share with --interface" : "");

        long files = LimitOf("Max open files");
        yield return new("open files", files < FewFiles ? Health.Doubtful : Health.Good, files == long.MaxValue ? "unlimited" : $"{files}", files < FewFiles ? $"ulimit -n {FewFiles}; a process needs one or two a peer" : "");
        if (SharedMemory() is { } free_) yield return new("shared memory", free_ < (64L << 20) ? Health.Doubtful : Health.Good, $"{free_ >> 20} MiB free in /dev/shm", free_ < (64L << 20) ? "mount -o remount,size=1G /dev/shm (docker run --shm-size 1g): processes of a host exchange through it" : "");
        bool slow = ReadNumber("/proc/sys/kernel/yama/ptrace_scope") > 0 && Environment.UserName != "root";
        yield return new("copies", slow ? Health.Doubtful : Health.Good, slow ? "processes may not read each other's memory" : "processes may read each other's memory", slow ? "sysctl kernel.yama.ptrace_scope=0 saves a copy of every exchange within a host; all works without" : "");

        if (plan.Hosts is null) yield break;
        var clocks = Run(launcher, [.. plan.Launcher(), "date", "+%s.%N"]);
        double[] times = [.. clocks.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => double.TryParse(line, CultureInfo.InvariantCulture, out double time) ? time : double.NaN).Where(double.IsFinite)];
        double skew = times.Length > 1 ? times.Max() - times.Min() : 0;
        yield return new("clocks", skew > 2 ? Health.Doubtful : Health.Good, $"{skew.ToString("f2", CultureInfo.InvariantCulture)} s apart, start of the processes included", skew > 2 ? "run an NTP client on all hosts; the run itself keeps rank 0's time, but logs would not agree" : "");
    }

    private static (int Code, string Text) Run(string program, string[] words)
    {
        try
        {
            var start = new ProcessStartInfo(program, words) { RedirectStandardOutput = true, RedirectStandardError = true };
            Supervisor.Prepare(start);
            var process = Children.Start(start);
            try
            {
                var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
                if (!process.WaitForExit(Limit))
                {
                    process.Kill(entireProcessTree: true);
                    return (-1, $"it did not end within {Limit.TotalSeconds} s");
                }
                return (process.ExitCode, output.Result.Length > 0 ? output.Result : error.Result);
            }
            finally
            {
                Children.Release(process);
            }
        }
        catch (Win32Exception missing)
        {
            return (-1, missing.Message);
        }
    }

    private static string LastLine(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault(line => line.Any(char.IsLetter))?.Trim() ?? "nothing was printed";

    private static long LimitOf(string name)
    {
        if (!File.Exists("/proc/self/limits")) return long.MaxValue;
        string? line = File.ReadLines("/proc/self/limits").FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        return line is not null && long.TryParse(line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], out long limit) ? limit : long.MaxValue;
    }

    private static long? SharedMemory() => Directory.Exists("/dev/shm") ? new DriveInfo("/dev/shm").AvailableFreeSpace : null;

    private static long ReadNumber(string file) => File.Exists(file) && long.TryParse(File.ReadAllText(file), out long number) ? number : 0;
}
