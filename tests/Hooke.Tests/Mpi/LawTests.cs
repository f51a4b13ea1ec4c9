using System.Diagnostics;
using Hooke.Engine.Mpi;
using Hooke.Tests.Engine;
using Xunit;

namespace Hooke.Tests.Mpi;

/// <summary>One job at a time: each has more processes than there may be cores.</summary>
[CollectionDefinition(nameof(Jobs), DisableParallelization = true)]
public class Jobs
{
    /// <summary>Skips a test where there is no MPI.</summary>
    internal static void Need() => Assert.SkipUnless(MpiWorld.IsAvailable(out _) && Hooke.App.Launching.Supervisor.FindLauncher() is not null, "Open MPI is not installed");

    /// <summary>The process that has started another.</summary>
    internal static int ParentOf(int process)
    {
        string text = File.ReadAllText($"/proc/{process}/stat");
        return int.Parse(text[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
    }

    /// <summary>The process of a launched run that has a rank.</summary>
    internal static Process? Find(string folder, int rank)
    {
        foreach (var process in Process.GetProcesses())
        {
            try
            {
                string[] words = File.ReadAllText($"/proc/{process.Id}/cmdline").Split('\0'), variables = File.ReadAllText($"/proc/{process.Id}/environ").Split('\0');
                if (words.Contains("rank") && words.Contains(folder) && variables.Contains($"OMPI_COMM_WORLD_RANK={rank}")) return process;
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // It ended, or is another user's.
            }
        }
        return null;
    }
}

/// <summary>Laws over MPI. Every one is a job whose processes check it together.</summary>
[Collection(nameof(Jobs))]
public class LawTests
{
    [Theory]
    [InlineData("one worker", 2)]
    [InlineData("resume", 2)]
    [InlineData("resume", 3)]
    [InlineData("three workers", 4)]
    [InlineData("two workers a rank", 3)]
    [InlineData("round", 3)]
    [InlineData("degenerate", 4)]
    [InlineData("conservation", 4)]
    [InlineData("accounts", 4)]
    [InlineData("allocation", 3)]
    [InlineData("loss", 4)]
    [InlineData("replacement", 4)]
    [InlineData("loss from a round", 4)]
    [InlineData("a worker stopped at the end", 4)]
    [InlineData("a worker lost before it joins", 4)]
    [InlineData("a worker stopped before it joins", 4)]
    [InlineData("center ranks", 4)]
    [InlineData("tree in turns", 4)]
    [InlineData("tree in turns", 6)]
    [InlineData("tree of one leaf", 2)]
    [InlineData("tree resumed", 5)]
    [InlineData("tree conserves", 5)]
    [InlineData("tree as star", 4)]
    [InlineData("tree accounts", 4)]
    [InlineData("tree loses a leaf", 5)]
    [InlineData("tree's leaf returns", 5)]
    [InlineData("tree loses a node", 5)]
    [InlineData("tree allocates nothing", 4)]
    public void A_law_holds_over_MPI(string suite, int ranks)
    {
        Jobs.Need();
        using var folder = new Folder();
        string report = folder["report"];
        var (code, text) = Mpirun.Run(TimeSpan.FromSeconds(120), ["-n", $"{ranks}", "dotnet", typeof(LawTests).Assembly.Location, RankSuite.Word, suite, report]);
        string[] wrong = [.. folder.Files.Where(file => file.StartsWith("report.", StringComparison.Ordinal) && char.IsDigit(file[^1])).Select(file => File.ReadAllText(folder[file]))];
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
        Assert.True(code == 0 && File.Exists(report), text);
    }
}

/// <summary>Where the nodes of a tree are put.</summary>
public class TreePlacesTests
{
    [Theory]
    [InlineData("a a a a", "1 2 3")]
    [InlineData("a b a b a b", "2 4 1 3 5")]
    [InlineData("a b b c a", "4 1 2 3")]
    public void The_ranks_of_a_host_are_neighbors(string hosts, string places)
        => Assert.Equal(places, string.Join(' ', TreePlaces.Group(hosts.Split(' '))));
}

/// <summary>What comes from other processes is looked at before it is used.</summary>
public class HeaderTests
{
    [Theory]
    [InlineData(Header.Current, 36, 100, null)]
    [InlineData(Header.Current, 0, 64, null)]
    [InlineData(0x12345678u, 36, 100, "begins with 12345678; it must begin with")]
    [InlineData(Header.Current, 37, 100, "says that 37 bytes follow its header; 36 have come")]
    [InlineData(Header.Current, int.MaxValue, 100, "says that 2147483647 bytes follow its header; 36 have come")]
    [InlineData(Header.Current, -1, 64, "says that -1 bytes follow its header; 0 have come")]
    public void A_letter_that_is_not_as_long_as_it_says_is_refused(uint mark, int length, int received, string? fault)
    {
        string? found = new Header { Mark = mark, Length = length }.Fault(received);
        if (fault is null) Assert.Null(found);
        else Assert.StartsWith(fault, found);
    }
}

/// <summary>Starts jobs.</summary>
internal static class Mpirun
{
    public static (int Code, string Text) Run(TimeSpan limit, string[] arguments)
    {
        var start = new ProcessStartInfo("mpirun") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        string[] plain = ["--enable-recovery", "--bind-to", "none", "--oversubscribe", "--mca", "pml", "ob1", "--mca", "btl", "self,vader,tcp", "--mca", "btl_tcp_if_include", "lo", "--mca", "oob_tcp_if_include", "lo"]; // tcp is for replacements
        foreach (string word in plain.Concat(arguments)) start.ArgumentList.Add(word);
        foreach (string name in (string[])["OMPI_ALLOW_RUN_AS_ROOT", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "HOOKE_CHECK"]) start.Environment[name] = "1";
        start.Environment["TERM"] = "dumb";
        using var job = Process.Start(start)!;
        var (output, error) = (job.StandardOutput.ReadToEndAsync(), job.StandardError.ReadToEndAsync());
        if (!job.WaitForExit(limit))
        {
            job.Kill(entireProcessTree: true);
            return (-1, $"the job did not end within {limit.TotalSeconds} s");
        }
        return (job.ExitCode, output.Result + error.Result);
    }
}
