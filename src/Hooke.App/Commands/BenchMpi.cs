using System.Diagnostics;
using System.Globalization;
using Hooke.App.Launching;
using Hooke.App.Training;

namespace Hooke.App.Commands;

/// <summary>
/// Times exchanges over MPI beside a plain ping-pong in C of the same bytes, and training steps of a worker that exchanges beside those of a lone one. Exchanges
/// run in turn, round after round, and medians are compared; of the runs each trains for a second in turn.
/// </summary>
internal static class BenchMpi
{
    private static readonly int[] Sizes = [500_000, 10_000_000, 58_000_000];

    /// <summary>Runs it.</summary>
    /// <param name="model">The model whose steps are timed.</param>
    /// <param name="data">Its data; null for what it is made for.</param>
    /// <param name="turns">Turns, a second long, of each run whose steps are timed; 0 leaves them out.</param>
    /// <param name="rounds">Rounds of exchanges, and starts of the runs; the medians count.</param>
    /// <param name="exchanges">Whether exchanges are timed.</param>
    public static object Run(string model, string? data, int turns, int rounds, bool exchanges)
    {
        string launcher = Supervisor.FindLauncher() ?? throw new BadInputException("MPI is missing; hooke doctor says what to install");
        string folder = Directory.CreateTempSubdirectory("hooke-bench-").FullName;
        try
        {
            string pingpong = Compile(folder);
            object[]? times = exchanges ? [.. Sizes.Select(size => Exchange(launcher, pingpong, size, rounds))] : null;
            return new { bench = "mpi", rounds, exchanges = times, steps = turns == 0 ? null : Steps(folder, model, data, turns, rounds) };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Compile(string folder)
    {
        string source = Path.Combine(folder, "pingpong.c"), program = Path.Combine(folder, "pingpong");
        using (var resource = typeof(BenchMpi).Assembly.GetManifestResourceStream("pingpong.c")!)
        using (var file = File.Create(source)) resource.CopyTo(file);
        try
        {
            Output("mpicc", ["-O2", source, "-o", program]);
        }
        catch (Exception missing) when (missing is System.ComponentModel.Win32Exception or IOException)
        {
            throw new BadInputException($"the peer, a ping-pong in C, can't be compiled: {missing.Message}; sudo apt-get install gcc libc6-dev libopenmpi-dev");
        }
        return program;
    }

    private static object Exchange(string launcher, string pingpong, int parameters, int rounds)
    {
        int exchanges = Math.Clamp(2_000_000_000 / (parameters * 8), 11, 201);
        var (ours, peers) = (new double[rounds], new double[rounds]);
        double fastest = double.PositiveInfinity, fastestPeer = double.PositiveInfinity;
        var plan = new LaunchPlan(2, 1, null, null, 10, 0);
        for (int round = 0; round < rounds; round++)
        {
            double[] peer = Numbers(Output(launcher, [.. plan.Launcher(), pingpong, $"{parameters * 4}", $"{exchanges}"]));
            double[] mine = Numbers(Output(launcher, [.. plan.Launcher(), .. plan.Program(".", resume: false), "--exchanges", $"{parameters},{exchanges}"]));
            if (peer.Length == 0 || mine.Length == 0) throw new IOException("a job printed no times; hooke doctor finds out why");
            (peers[round], ours[round]) = (BenchCommand.Median(peer), BenchCommand.Median(mine));
            (fastestPeer, fastest) = (Math.Min(fastestPeer, peer.Min()), Math.Min(fastest, mine.Min()));
        }
        double[] ratios = [.. ours.Zip(peers, (mine, peer) => peer / mine).Order()];
        return new
        {
            parameters,
            milliseconds = 1e3 * BenchCommand.Median(ours),
            pingPongMilliseconds = 1e3 * BenchCommand.Median(peers),
            ratio = ratios[rounds / 2],
            // On a machine that others use, too, the fastest of all are the least disturbed.
            fastestMilliseconds = 1e3 * fastest,
            fastestPingPongMilliseconds = 1e3 * fastestPeer,
            ratioOfFastest = fastestPeer / fastest,
        };
    }

    private static object Steps(string folder, string model, string? data, int turns, int rounds)
    {
        string[] common = ["--model", model, "--period", "10", "--evaluate-every", "0", "--schedule", "constant", "--learning-rate", "0.001", "--epochs", "1000", .. data is null ? [] : (string[])["--data", data]];
        var run = Resolution.Of(new RunFile { ["method"] = "sgd", ["model"] = model, ["workers"] = "1" }, _ => { });
        string[][] commands =
        [
            ["train", "--method", "easgd", "--workers", "1", "--moving-rate", "0", .. common],
            ["launch", "-n", "2", "train", "--method", "easgd", .. common],
            ["launch", "-n", "2", "train", "--method", "easgd", "--timing", "overlapped", .. common],
        ];
        var seconds = new double[rounds][];
        for (int round = 0; round < rounds; round++)
        {
            using var runs = new AlternatingRuns(commands, folder);
            seconds[round] = runs.Play(turns, run.Plan.Batch);
        }
        double Middle(Func<double[], double> of) => BenchCommand.Median([.. seconds.Select(of)]);
        return new
        {
            model,
            turns,
            period = 10,
            millisecondsAlone = 1e3 * Middle(each => each[0]),
            milliseconds = 1e3 * Middle(each => each[1]),
            millisecondsOverlapped = 1e3 * Middle(each => each[2]),
            growth = Middle(each => each[1] / each[0] - 1),
            growthOverlapped = Middle(each => each[2] / each[0] - 1),
            growths = seconds.Select(each => each[1] / each[0] - 1),
            growthsOverlapped = seconds.Select(each => each[2] / each[0] - 1),
        };
    }

    private static double[] Numbers(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => double.Parse(line, CultureInfo.InvariantCulture))];

    private static string Output(string program, string[] words)
    {
        var start = new ProcessStartInfo(program, words) { RedirectStandardOutput = true, RedirectStandardError = true };
        Supervisor.Prepare(start);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new IOException($"{program} {words[0]} … ended with {process.ExitCode}: {error.Result.Trim().Split('\n')[^1]}");
    }
}
