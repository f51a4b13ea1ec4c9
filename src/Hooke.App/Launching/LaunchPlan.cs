using System.Globalization;
using Hooke.App.Training;

namespace Hooke.App.Launching;

/// <summary>How the processes of a run on MPI are started.</summary>
/// <param name="Ranks">How many processes: the center ranks and the workers.</param>
/// <param name="Centers">How many of them hold the center.</param>
/// <param name="Hosts">A host file of mpirun's; null for this machine, or what the batch system has given.</param>
/// <param name="Interface">The network that messages take: an interface's name or a network such as 10.0.0.0/24; null for mpirun's choice.</param>
/// <param name="LeaseSeconds">After how long a silent process is given up.</param>
/// <param name="Replacements">How many lost workers may be replaced by new processes.</param>
internal sealed record LaunchPlan(int Ranks, int Centers, string? Hosts, string? Interface, double LeaseSeconds, int Replacements)
{
    /// <summary>Workers of a rank that holds no center, each a thread.</summary>
    public int WorkersPerRank { get; init; } = 1;

    /// <summary>Where rank 0 saves the result if the run's folder fails, so that the launcher finds it.</summary>
    public string? Refuge { get; init; }

    /// <summary>What <c>hooke launch</c> is given to start as many processes of the same kind.</summary>
    public string Options => OptionsOf(Ranks, Centers, WorkersPerRank) + (Hosts is null ? "" : $" --hosts {RunFolder.Quoted(Path.GetFullPath(Hosts))}");

    /// <summary>The same, of processes wherever they are.</summary>
    public static string OptionsOf(int ranks, int centers, int workersPerRank)
        => string.Concat($"-n {ranks}", centers > 1 ? $" --centers {centers}" : "", workersPerRank > 1 ? $" --workers-per-rank {workersPerRank}" : "");

    private static readonly string[] Allocations = ["SLURM_JOB_ID", "PBS_NODEFILE", "LSB_HOSTS", "PE_HOSTFILE"];

    public int Workers => (Ranks - Centers) * WorkersPerRank;

    /// <summary>Whether all processes are on this machine.</summary>
    public bool IsLocal => Hosts is null && !Allocations.Any(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 });

    /// <summary>
    /// Whether messages take shared memory alone, so that no rank listens. A replacement is a job of its own, with which Open MPI shares no memory.
    /// </summary>
    private bool IsShared => IsLocal && Interface is null && Replacements == 0;

    /// <summary>Looks at what the user says of hosts and networks, before processes start.</summary>
    /// <exception cref="BadInputException">What of it is wrong, and where.</exception>
    public void Check()
    {
        if (Hosts is not null) HostFile.Check(Hosts);
        if (Interface is not null) Networks.Check(Interface);
    }

    /// <summary>The arguments of mpirun, before the program.</summary>
    public IEnumerable<string> Launcher()
    {
        // A rank that dies does not end the others; two ranks do not share a core by default; plain transports do not interfere with .NET's signals.
        foreach (string word in (string[])["--enable-recovery", "--bind-to", "none", "--oversubscribe", "--mca", "pml", "ob1", "--mca", "btl", IsShared ? "self,vader" : "self,vader,tcp"]) yield return word;
        if ((Interface ?? (IsLocal ? "lo" : null)) is { } network)
            foreach (string word in (string[])["--mca", "btl_tcp_if_include", network, "--mca", "oob_tcp_if_include", network]) yield return word;
        if (Hosts is not null)
            foreach (string word in (string[])["--hostfile", Hosts]) yield return word;
        yield return "-n";
        yield return Ranks.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The program that every rank runs.</summary>
    public IEnumerable<string> Program(string folder, bool resume)
    {
        foreach (string word in Rank(folder)) yield return word;
        foreach (string word in (string[])["--centers", Centers.ToString(CultureInfo.InvariantCulture), "--lease", Resolution.Invariant(LeaseSeconds), "--replacements", Replacements.ToString(CultureInfo.InvariantCulture), "--workers-per-rank", WorkersPerRank.ToString(CultureInfo.InvariantCulture)]) yield return word;
        if (Refuge is not null)
            foreach (string word in (string[])["--refuge", Refuge]) yield return word;
        if (resume) yield return "--resume";
    }

    /// <summary>The program of one rank, without its options.</summary>
    public static IEnumerable<string> Rank(string folder)
        => [Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet", typeof(LaunchPlan).Assembly.Location, "rank", folder];
}
