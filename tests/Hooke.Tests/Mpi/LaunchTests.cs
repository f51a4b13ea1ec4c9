using System.Diagnostics;
using System.Text.Json;
using Hooke.App.Launching;
using Hooke.Tests.App;
using Xunit;

namespace Hooke.Tests.Mpi;

/// <summary><c>hooke launch</c> as a user sees it.</summary>
[Collection(nameof(Jobs))]
public sealed class LaunchTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Scratch scratch = new();

    public LaunchTests() => Jobs.Need();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void One_worker_and_a_center_end_with_the_bits_of_one_thread()
    {
        var json = Cli.Json(["launch", "-n", "2", "train", .. Options("launched")]);
        Assert.Equal(0, Cli.Run(["train", .. Options("thread"), "--workers", "1"]).Code);
        Assert.Equal(File.ReadAllBytes(scratch.At("thread/center.safetensors")), File.ReadAllBytes(scratch.At("launched/center.safetensors")));
        Assert.Equal(File.ReadAllText(scratch.At("thread/run.json")), File.ReadAllText(scratch.At("launched/run.json")));
        Assert.Equal(1, json.GetProperty("workers").GetInt32());
    }

    [Fact]
    public void The_JSON_document_lists_the_processes()
    {
        var json = Cli.Json(["launch", "-n", "3", "train", .. Options("run")]);
        string[] fields = ["method", "model", "data", "workers", "seed", "epochs", "samples", "testError", "bestTestError", "testLoss", "trainLoss", "seconds", "wallSeconds", "time", "exchanges", "bytes", "staleness", "consensus", "run", "ranks"];
        foreach (string field in fields) Assert.True(json.TryGetProperty(field, out _), field);
        JsonElement[] ranks = [.. json.GetProperty("ranks").EnumerateArray()];
        Assert.Equal([0, 1, 2], ranks.Select(rank => rank.GetProperty("rank").GetInt32()));
        Assert.Equal(3, ranks.Select(rank => rank.GetProperty("pid").GetInt32()).Distinct().Count());
        Assert.Equal(3 * Scratch.TrainCount, ranks.Sum(rank => rank.GetProperty("samples").GetInt64()));
        Assert.All(ranks, rank => Assert.True(rank.GetProperty("bytes").GetInt64() > 0 && rank.GetProperty("host").GetString()!.Length > 0));
        Assert.Equal((2, scratch.At("run")), (json.GetProperty("workers").GetInt32(), json.GetProperty("run").GetString()));
        Assert.Equal("eamsgd", Cli.Json("launch", "-n", "3", "resume", scratch.At("run")).GetProperty("method").GetString());
    }

    [Fact]
    public void A_run_that_learns_nothing_says_so()
    {
        var printed = Cli.Run(["launch", "-n", "3", "train", .. Options("run").Select(word => word == "0.01" ? "1e-12" : word), "--json"]);
        Assert.Equal(0, printed.Code);
        string text = Assert.Single(printed.Json.GetProperty("warnings").EnumerateArray()).GetString()!;
        Assert.Contains("--learning-rate", text);
        Assert.Contains("warning: " + text, printed.Error);
        Assert.Contains(text, Cli.Json("launch", "-n", "3", "resume", scratch.At("run")).GetProperty("warnings").EnumerateArray().Select(warning => warning.GetString()));
    }

    [Fact]
    public void A_cut_run_that_is_launched_again_in_its_folder_goes_on()
    {
        string[] launch = ["launch", "-n", "2", "train", .. Options("run")];
        Cli.Json(launch);
        byte[] model = File.ReadAllBytes(scratch.At("run/center.safetensors"));
        foreach (string file in (string[])["result.json", "center.safetensors", "curves.svg"]) File.Delete(scratch.At("run/" + file));
        Assert.Contains("hooke launch -n 2 resume", Cli.Run("resume", scratch.At("run")).Error);
        var printed = Cli.Run([.. launch, "--json"]);
        Assert.Equal((0, 3 * Scratch.TrainCount), (printed.Code, printed.Json.GetProperty("samples").GetInt32()));
        Assert.Contains("it goes on from its last checkpoint", printed.Error);
        Assert.Equal(model, File.ReadAllBytes(scratch.At("run/center.safetensors")));
        Assert.Contains("is over; this is its result again", Cli.Run([.. launch, "--json"]).Error);
        var other = Cli.Run([.. launch, "--period", "7"]);
        Assert.Equal(2, other.Code);
        Assert.Contains("holds another run: its period is 10, not 7", other.Error);
        Assert.Equal(0, Cli.Run(["train", .. Options("thread"), "--workers", "1"]).Code);
        File.Delete(scratch.At("thread/result.json"));
        Assert.Contains($"was started by hooke train; hooke resume {scratch.At("thread")} goes on with it", Cli.Run("launch", "-n", "2", "resume", scratch.At("thread")).Error);
    }

    [Theory]
    [InlineData("launch train", "ranks is missing; it must be given: hooke launch -n 3 train")]
    [InlineData("launch -n 1 train", "ranks is 1; it must be a whole number from 2 to 4096")]
    [InlineData("launch -n x train", "ranks is x; it must be a whole number")]
    [InlineData("launch -n 3 --lease 0 train", "lease is 0; it must be from 0.5 to 86400 seconds")]
    [InlineData("launch -n 3 --hosts nowhere train", "host file nowhere does not exist")]
    [InlineData("launch -n 3 --hosts /dev/null train", "host file /dev/null names no host")]
    [InlineData("launch -n 3 --interface nowhere0 train", "interface is nowhere0; it must be one of this machine's: ")]
    [InlineData("doctor --interface nowhere0", "interface is nowhere0; it must be one of this machine's: ")]
    [InlineData("launch -n 4 --centers 2 train --method easgd-tree", "method is easgd-tree, which can't be launched: centers is 2; it must be 1 for a tree")]
    [InlineData("launch -n 4 --replacements 1 train --method easgd-tree", "method is easgd-tree, which can't be launched: replacements is 1; it must be 0 for a tree")]
    [InlineData("launch -n 4 --workers-per-rank 0 train", "workers-per-rank is 0; it must be a whole number from 1 to 4096")]
    [InlineData("launch -n 4 --workers-per-rank 2 --replacements 1 train", "replacements is 1; it must be a whole number from 0 to 0")]
    [InlineData("launch -n 2 train --method sgd", "method is sgd, which can't be launched: sgd is sequential")]
    [InlineData("launch -n 3 train --workers 4", "option --workers is not known")]
    [InlineData("launch -n 4096 train", "ranks is 4096; ")]
    [InlineData("launch -n 3 --workers-per-rank 2000 train", "workers is ")]
    [InlineData("launch -n 3 resume nowhere", "run folder nowhere does not exist")]
    public void A_wrong_command_line_is_refused(string line, string message)
    {
        string[] options = line.Contains("--method") ? ["--data", scratch.Data, "--run", scratch.At("run")] : Options("run");
        // Of so many workers none would make a step in three epochs, which is refused, too.
        options = [.. options.Select(word => word == "3" ? "300" : word)];
        var printed = Cli.Run([.. line.Split(' '), .. line.Contains(" train") ? options : []]);
        Assert.Equal(2, printed.Code);
        Assert.Contains(message, printed.Error);
        Assert.False(Path.Exists(scratch.At("run")));
    }

    [Theory]
    [InlineData("--workers-per-rank", "1", "--scheme", "1")]
    [InlineData("--workers-per-rank", "2", "--scheme", "2")]
    public void A_tree_in_turns_ends_with_the_bits_of_threads(string option, string each, string scheme, string which)
    {
        string[] timing = ["--timing", "round-robin", scheme, which];
        var json = Cli.Json(["launch", "-n", "5", option, each, "train", .. Options("launched", "eamsgd-tree"), .. timing]);
        Assert.Equal(0, Cli.Run(["train", .. Options("threads", "eamsgd-tree"), .. timing, "--workers", $"{4 * int.Parse(each)}"]).Code);
        Assert.Equal(File.ReadAllBytes(scratch.At("threads/center.safetensors")), File.ReadAllBytes(scratch.At("launched/center.safetensors")));
        Assert.Equal(4 * int.Parse(each), json.GetProperty("workers").GetInt32());
        JsonElement[] ranks = [.. json.GetProperty("ranks").EnumerateArray()];
        Assert.Equal(["root", "worker", "worker", "worker", "worker"], ranks.Select(rank => rank.GetProperty("role").GetString()));
        Assert.Equal(json.GetProperty("samples").GetInt64(), ranks.Sum(rank => rank.GetProperty("samples").GetInt64()));
        Assert.All(ranks, rank => Assert.True(rank.GetProperty("bytes").GetInt64() > 0 && rank.GetProperty("host").GetString()!.Length > 0));
    }

    [Fact]
    public void A_tree_that_loses_a_process_with_inner_nodes_goes_on_from_its_checkpoint()
    {
        string[] options = Options("run", "eamsgd-tree");
        options[Array.IndexOf(options, "--epochs") + 1] = "300";
        options[Array.IndexOf(options, "--evaluate-every") + 1] = "5";
        var killer = new Thread(() => Kill(rank: 3)) { IsBackground = true };
        killer.Start();
        var json = Cli.Json(["launch", "-n", "5", "--lease", "4", "train", .. options]);
        Assert.Equal(1, json.GetProperty("restarts").GetInt32());
        Assert.Equal(300 * Scratch.TrainCount, json.GetProperty("samples").GetInt64());
    }

    [Fact]
    public void A_run_whose_center_is_killed_goes_on_from_its_checkpoint()
    {
        string[] options = [.. Options("run"), "--timing", "synchronous"];
        // Long enough that there is time to kill it.
        options[Array.IndexOf(options, "--epochs") + 1] = "300";
        options[Array.IndexOf(options, "--evaluate-every") + 1] = "5";
        Assert.Equal(0, Cli.Run(["train", .. options.Select(word => word == scratch.At("run") ? scratch.At("plain") : word), "--workers", "2"]).Code);
        var killer = new Thread(() => Kill(rank: 0)) { IsBackground = true };
        killer.Start();
        var json = Cli.Json(["launch", "-n", "3", "train", .. options]);
        Assert.Equal(1, json.GetProperty("restarts").GetInt32());
        Assert.Matches("a center rank is lost: rank 0 \\(process [0-9]+\\) is gone; the run starts again from its checkpoint", json.GetProperty("warnings").ToString());
        Assert.Equal(300 * Scratch.TrainCount, json.GetProperty("samples").GetInt64());
        Assert.Equal(File.ReadAllBytes(scratch.At("plain/center.safetensors")), File.ReadAllBytes(scratch.At("run/center.safetensors")));
    }

    [Fact]
    public void A_run_whose_mpirun_is_killed_goes_on_from_its_checkpoint()
    {
        string[] options = [.. Options("run"), "--timing", "synchronous"];
        options[Array.IndexOf(options, "--epochs") + 1] = "300";
        options[Array.IndexOf(options, "--evaluate-every") + 1] = "5";
        var killer = new Thread(() =>
        {
            AwaitPoints();
            if (Jobs.Find(scratch.At("run"), 0) is { } center) Process.GetProcessById(Jobs.ParentOf(center.Id)).Kill();
        }) { IsBackground = true };
        killer.Start();
        var json = Cli.Json(["launch", "-n", "3", "train", .. options]);
        Assert.Equal(1, json.GetProperty("restarts").GetInt32());
        Assert.Contains("a center rank is lost: mpirun was ended by signal 9; the run starts again from its checkpoint", json.GetProperty("warnings").ToString());
        Assert.Equal(300 * Scratch.TrainCount, json.GetProperty("samples").GetInt64());
    }

    /// <summary>The launcher is a process of its own, as a user's: nothing in it gets to run when it is killed.</summary>
    [Fact]
    public void A_launcher_that_is_killed_leaves_no_process_and_a_run_that_goes_on()
    {
        using var launcher = Launcher();
        var ranks = AwaitRanks();
        launcher.Kill();
        Assert.All(ranks, rank => Assert.True(rank.WaitForExit(Patience)));
        Assert.Equal(300 * Scratch.TrainCount, Cli.Json("launch", "-n", "3", "resume", scratch.At("run")).GetProperty("samples").GetInt64());
    }

    [Fact]
    public void A_signal_stops_the_run_with_its_result()
    {
        using var launcher = Launcher();
        var ranks = AwaitRanks();
        _ = Posix.Signal(launcher.Id, Posix.Terminate);
        Assert.True(launcher.WaitForExit(Patience));
        Assert.Equal(0, launcher.ExitCode);
        Assert.All(ranks, rank => Assert.True(rank.HasExited));
        Assert.True(JsonDocument.Parse(File.ReadAllText(scratch.At("run/result.json"))).RootElement.GetProperty("stopped").GetBoolean());
    }

    [Fact]
    public void A_second_signal_ends_all_processes_at_once_and_a_stopped_one_too()
    {
        const int Interrupt = 2, Stop = 19;
        using var launcher = Launcher();
        var ranks = AwaitRanks();
        _ = Posix.Signal(ranks[0].Id, Stop); // so that the first signal brings no end
        _ = Posix.Signal(launcher.Id, Interrupt);
        _ = Posix.Signal(launcher.Id, Posix.Terminate);
        Assert.True(launcher.WaitForExit(Patience));
        Assert.InRange(launcher.ExitCode, 128 + Interrupt, 128 + Posix.Terminate);
        Assert.All(ranks, rank => Assert.True(rank.WaitForExit(Patience)));
    }

    private Process Launcher()
    {
        string[] options = Options("run");
        options[Array.IndexOf(options, "--epochs") + 1] = "300";
        var launcher = Process.Start(new ProcessStartInfo("dotnet", [typeof(Hooke.App.Commands.CommandLine).Assembly.Location, "launch", "-n", "3", "train", .. options]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        launcher.BeginOutputReadLine();
        launcher.BeginErrorReadLine();
        return launcher;
    }

    private Process[] AwaitRanks()
    {
        AwaitPoints();
        Process[] ranks = [.. Enumerable.Range(0, 3).Select(rank => Jobs.Find(scratch.At("run"), rank)).OfType<Process>()];
        Assert.Equal(3, ranks.Length);
        return ranks;
    }

    [Theory]
    [InlineData("eamsgd", "synchronous")]
    [InlineData("eamsgd-tree", "round-robin")]
    public void Three_hosts_of_two_processes_end_with_the_bits_of_threads(string method, string when)
    {
        using var hosts = Hosts.TryMake(3);
        Assert.SkipWhen(hosts is null, "network namespaces can't be made here");
        string[] timing = ["--timing", when];
        var (code, text) = hosts!.Run(["launch", "-n", "6", "--hosts", hosts.File, "--interface", hosts.Network, "train", .. Options("launched", method), .. timing, "--json"]);
        Assert.True(code == 0, text);
        Assert.Equal(0, Cli.Run(["train", .. Options("threads", method), .. timing, "--workers", "5"]).Code);
        Assert.Equal(File.ReadAllBytes(scratch.At("threads/center.safetensors")), File.ReadAllBytes(scratch.At("launched/center.safetensors")));
        string result = File.ReadAllText(scratch.At("launched/result.json"));
        var ranks = JsonDocument.Parse(result).RootElement.GetProperty("ranks").EnumerateArray();
        Assert.Equal([2, 2, 2], ranks.GroupBy(rank => rank.GetProperty("host").GetString()).Select(host => host.Count()));
    }

    /// <summary>On one machine messages take shared memory. mpirun itself can't be kept from listening: docs/many-machines.md says what was tried.</summary>
    [Fact]
    public void No_rank_of_a_local_run_listens()
    {
        var found = new Dictionary<int, string[]>();
        var looking = new Thread(() =>
        {
            AwaitPoints();
            for (int rank = 0; rank < 3; rank++)
                if (Jobs.Find(scratch.At("run"), rank) is { } process) found[rank] = Sockets.Listening(process.Id);
        }) { IsBackground = true };
        looking.Start();
        string[] options = Options("run");
        options[Array.IndexOf(options, "--epochs") + 1] = "300";
        Assert.Equal(0, Cli.Run(["launch", "-n", "3", "train", .. options]).Code);
        Assert.True(looking.Join(Patience));
        Assert.Equal([0, 1, 2], found.Keys.Order());
        Assert.All(found.Values, Assert.Empty);
    }

    /// <summary>Kills a rank when the run has some points.</summary>
    private void Kill(int rank)
    {
        AwaitPoints();
        Jobs.Find(scratch.At("run"), rank)?.Kill();
    }

    private void AwaitPoints()
    {
        var time = Stopwatch.StartNew();
        string trace = scratch.At("run/trace.jsonl");
        while (time.Elapsed < Patience && !(File.Exists(trace) && File.ReadLines(trace).Count() > 6)) Thread.Sleep(5);
    }

    private string[] Options(string run, string method = "eamsgd") =>
        ["--data", scratch.Data, "--method", method, "--hidden", "8", "--batch", "10", "--epochs", "3", "--evaluate-every", "0.5", "--learning-rate", "0.01", "--momentum", "0.9", "--run", scratch.At(run)];
}
