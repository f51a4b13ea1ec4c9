using System.Diagnostics;
using System.Globalization;
using Hooke.App.Launching;
using Hooke.App.Training;
using Hooke.Engine.Mpi;
using Hooke.Methods.Catalog;
using Hooke.Models.Nets;

namespace Hooke.App.Commands;

/// <summary>
/// Times exchanges over MPI beside a plain ping-pong in C of the same bytes, in turn, and training steps of a worker that exchanges beside lone steps of the same
/// process, in turn.
/// </summary>
internal static class BenchMpi
{
    private const int Period = 10;
    private static readonly LaunchPlan Pair = new(2, 1, null, null, 10, 0);
    private static readonly int[] Sizes = [500_000, 10_000_000, 58_000_000];

    /// <summary>Runs it.</summary>
    /// <param name="model">The model whose steps are timed.</param>
    /// <param name="exchanges">Whether exchanges are timed.</param>
    /// <param name="periods">Periods whose steps are timed in a round; 0 leaves them out.</param>
    /// <param name="rounds">Rounds, each with new processes; the medians count.</param>
    public static object Run(string model, bool exchanges, int periods, int rounds)
    {
        string launcher = Supervisor.FindLauncher() ?? throw new BadInputException("MPI is missing; hooke doctor says what to install");
        return new { bench = "mpi", rounds, exchanges = exchanges ? Exchanges(launcher, rounds) : null, steps = periods > 0 ? Steps(launcher, model, periods, rounds) : null };
    }

    private static object[] Exchanges(string launcher, int rounds)
    {
        string folder = Directory.CreateTempSubdirectory("hooke-bench-").FullName;
        try
        {
            string pingpong = Compile(folder);
            return [.. Sizes.Select(size => Exchange(launcher, pingpong, size, rounds))];
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
        for (int round = 0; round < rounds; round++)
        {
            double[] peer = Numbers(Output(launcher, [.. Pair.Launcher(), pingpong, $"{parameters * 4}", $"{exchanges}"]));
            double[] mine = Numbers(Ranks(launcher, "--exchanges", $"{parameters},{exchanges}"));
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

    /// <summary>Times steps, at a rank that the launcher has started.</summary>
    /// <param name="world">The job.</param>
    /// <param name="words">Timing, model, batch, number of periods.</param>
    public static IReadOnlyList<double[]> TimeSteps(MpiWorld world, string[] words)
    {
        int batch = Whole(words[2]);
        var method = ElasticAveraging.Easgd.Create(new(1) { Timing = Enum.Parse<TimingChoice>(words[0]), Values = new Dictionary<string, double> { ["period"] = Period, ["learning-rate"] = 1e-3 } });
        return StepTimes.Measure(world, method, BenchStep.OnNoise(ModelCatalog.Find(words[1]), batch), batch, Whole(words[3]));

        static int Whole(string word) => int.Parse(word, CultureInfo.InvariantCulture);
    }

    private static object Steps(string launcher, string model, int periods, int rounds)
    {
        const int Batch = 128;
        string name = ModelCatalog.Find(model).Name;
        TimingChoice[] timings = [TimingChoice.Asynchronous, TimingChoice.Overlapped];
        List<double[]>[] times = [.. timings.Select(_ => new List<double[]>())];
        for (int round = 0; round < rounds; round++)
            foreach (var (timing, all) in timings.Zip(times))
                all.AddRange(Ranks(launcher, "--steps", $"{timing},{name},{Batch},{periods}").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Numbers));
        return new
        {
            model = name,
            period = Period,
            batch = Batch,
            periods = periods * rounds,
            exchanging = Summary(times[0]),
            overlapped = Summary(times[1]),
        };
    }

    /// <summary>Of periods of steps, each followed by the lone steps between them: a step beside the lone ones before and after it, which a change of the machine's speed hits, too.</summary>
    private static object Summary(List<double[]> periods)
    {
        if (periods.Count == 0) throw new IOException("a job printed no times; hooke doctor finds out why");
        double[][] growths = [.. periods.Select(times => Enumerable.Range(0, Period).Select(step =>
        {
            double before = times[Period + Math.Max(step, 1) - 1], after = times[Period + Math.Min(step, Period - 2)];
            return times[step] / ((before + after) / 2) - 1;
        }).ToArray())];
        var random = new Random(1);
        double[] again = [.. Enumerable.Range(0, 1000).Select(_ => ByStep([.. growths.Select(_ => growths[random.Next(growths.Length)])]).Average()).Order()];
        double[] byStep = ByStep(growths);
        return new
        {
            millisecondsAlone = 1e3 * BenchCommand.Median([.. periods.SelectMany(times => times[Period..])]),
            growth = byStep.Average(),
            // Where 95 of 100 growths lie of as many periods drawn from these.
            interval = new[] { again[25], again[974] },
            growthByStep = byStep,
        };

        // A step's median over all periods: what the machine does elsewhere falls on any.
        static double[] ByStep(double[][] growths) => [.. Enumerable.Range(0, Period).Select(step => BenchCommand.Median([.. growths.Select(each => each[step])]))];
    }

    private static double[] Numbers(string text) => [.. text.Split((char[])['\n', ' '], StringSplitOptions.RemoveEmptyEntries).Select(word => double.Parse(word, CultureInfo.InvariantCulture))];

    /// <summary>What the center's rank and a worker's print.</summary>
    private static string Ranks(string launcher, string option, string value) => Output(launcher, [.. Pair.Launcher(), .. Pair.Program(".", resume: false), option, value]);

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
