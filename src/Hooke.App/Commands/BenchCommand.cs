using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Hooke.App.Training;

namespace Hooke.App.Commands;

/// <summary><c>hooke bench</c>: ratios against a limit or a peer, measured in the same run.</summary>
internal static class BenchCommand
{
    /// <summary>A size of a benchmark that the user can change.</summary>
    private sealed record Size(string Name, string Meaning, int Default);

    public static Command Create() => new("bench", "Measure against the machine's limits, as ratios within one run.")
    {
        Bench("exchange", "The fused elastic exchange, beside a copy and an addition of the same vectors.",
            new("parameters", "length of the vectors", 10_000_000), new("steps", "timed exchanges", 31), BenchExchange.Run),
        Bench("decay", "Momentum steps on velocities that have decayed, beside steps on live ones; and what it costs that nothing is left subnormal.",
            new("parameters", "length of the vectors", 235_146), new("steps", "timed steps", 501), BenchDecay.Run),
        Workers(),
        Step(),
        Simulate(),
        LockFree(),
        Precision(),
        Failure(),
        Bench("theory", "Maps of EASGD's second moments, and a million workers beside ten.", new("cells", "cells a side", 200), new("rounds", "rounds; the medians count", 9), BenchTheory.Run),
        Sme(),
        Bench("momentum", "The momentum that asynchrony begets, on threads and in virtual time, beside 1 - 1/p.",
            new("workers", "largest p", 64), new("runs", "runs on threads to take means over", 50), BenchMomentum.Run),
        Mpi(),
    };

    /// <summary>The median, the larger of the middle two if there are two.</summary>
    public static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    private static Command Bench(string name, string description, Size first, Size second, Func<int, int, object> run)
    {
        TextOption[] options = [Option(first), Option(second)];
        return Command(name, description, options, invocation => run(Whole(options[0], invocation), Whole(options[1], invocation)));
    }

    private static Command Workers()
    {
        TextOption[] options = [Model(), Option(new("steps", "steps of a worker in a round", 1500)), Option(new("rounds", "rounds; the medians count", 7))];
        return Command("workers", "Samples per second of all cores' workers, beside one worker's.", options,
            invocation => BenchWorkers.Run(invocation[options[0]] ?? options[0].Standard!, Whole(options[1], invocation), Whole(options[2], invocation)));
    }

    private static Command Simulate()
    {
        TextOption topology = new("topology", "Size", "name", "star, or tree for one of degree 32", "star");
        TextOption[] options = [topology, Option(new("workers", "p", 100_000)), Option(new("rounds", "rounds; the medians count", 3))];
        return Command("simulate", "Events per second of the simulator on a quadratic, beside the same steps without time.", options, invocation =>
        {
            string name = invocation[topology] ?? topology.Standard!;
            if (name is not "star" and not "tree") throw Setting.Wrong("topology", name, "star or tree");
            return BenchSimulate.Run(name, Whole(options[1], invocation), Whole(options[2], invocation));
        });
    }

    private static Command Sme()
    {
        TextOption process = new("process", "Size", "name", "asgd or sme-asgd", "asgd");
        TextOption[] options = [process, Option(new("paths", "paths", 65_536)), Option(new("steps", "steps of a path", 200)), Option(new("threads", "threads", 1)), Option(new("rounds", "rounds; the median counts", 5))];
        return Command("sme", "Paths of asynchronous SGD or of its modified equation, for comparison with the peer in bench/peers.", options, invocation =>
        {
            string name = invocation[process] ?? process.Standard!;
            if (name is not "asgd" and not "sme-asgd") throw Setting.Wrong("process", name, "asgd or sme-asgd");
            return BenchSme.Run(name, Whole(options[1], invocation), Whole(options[2], invocation), Whole(options[3], invocation), Whole(options[4], invocation));
        });
    }

    private static Command Precision()
    {
        TextOption[] options = [Option(new("epochs", "epochs of each run", 5)), Option(new("seeds", "runs that are averaged", 3))];
        return Command("precision", "Training error and speed of logistic regression by precision: the Survey's table 4 and figure 4 for our sets.", options,
            invocation => BenchPrecision.Run(Whole(options[0], invocation), Whole(options[1], invocation)));
    }

    private static Command Failure()
    {
        TextOption[] options = [Option(new("runs", "runs, of which the fraction that fails is counted", 100))];
        return Command("failure", "How often lock-free SGD fails to come near the minimum, beside the Survey's Theorems 13 and 15 and Corollaries 16 and 17.", options,
            invocation => BenchFailure.Run(Whole(options[0], invocation)));
    }

    private static Command LockFree()
    {
        TextOption data = new("data", "Size", "name", "sparse data: a generated set, or a .svm file", "rcv1-shaped");
        Part part = new("dense", "sparse");
        TextOption[] options = [part.Option, data, Option(new("features", "numbers in a dense row", 8192)), Option(new("megabytes", "size of the dense rows, as floats", 1024)), Option(new("rounds", "rounds; the medians count", 5))];
        return Command("lockfree", "Numbers per second of lock-free training at every precision, beside what memory and arithmetic allow.", options,
            invocation => BenchLockFree.Run(part.Of(invocation), invocation[data] ?? data.Standard!, Whole(options[2], invocation), Whole(options[3], invocation), Whole(options[4], invocation)));
    }

    private static Command Mpi()
    {
        TextOption model = new("model", "Size", "name", "model whose steps are timed; `hooke models` lists them", "zhang-cifar");
        Part part = new("exchanges", "steps");
        TextOption[] options = [part.Option, model, Option(new("periods", "periods of ten steps that are timed in a round", 20)), Option(new("rounds", "rounds; the medians count", 5))];
        return Command("mpi", "Exchanges over MPI beside a ping-pong in C, and steps of a worker that exchanges beside a lone one's.", options, invocation =>
        {
            var (exchanges, steps) = part.Of(invocation);
            return BenchMpi.Run(invocation[model] ?? model.Standard!, exchanges, steps ? Whole(options[2], invocation) : 0, Whole(options[3], invocation));
        });
    }

    /// <summary>Which of two parts of a benchmark run.</summary>
    private sealed class Part(string first, string second)
    {
        public TextOption Option { get; } = new("part", "Size", "name", $"{first}, {second} or all", "all");

        public (bool First, bool Second) Of(Invocation invocation)
        {
            string wanted = invocation[Option] ?? Option.Standard!;
            return wanted == first || wanted == second || wanted == Option.Standard ? (wanted != second, wanted != first) : throw Setting.Wrong("part", wanted, Setting.Choice([first, second, "all"]));
        }
    }

    private static TextOption Model() => new("model", "Size", "name", "model; `hooke models` lists them", "mlp");

    private static Command Step()
    {
        TextOption[] options =
        [
            Model(),
            Option(new("batch", "examples in a batch", 128)), Option(new("steps", "timed steps; the median counts", 31)),
        ];
        return Command("step", "A training step of a model on one thread, in CPU time.", options,
            invocation => BenchStep.Run(invocation[options[0]] ?? options[0].Standard!, Whole(options[1], invocation), Whole(options[2], invocation)));
    }

    private static TextOption Option(Size size) => new(size.Name, "Size", "number", size.Meaning, size.Default.ToString(CultureInfo.InvariantCulture));

    private static int Whole(TextOption option, Invocation invocation) => (int)Setting.Whole(option.Name[2..], invocation[option] ?? option.Standard!, 1, 1 << 28);

    private static Command Command(string name, string description, TextOption[] options, Func<Invocation, object> run)
    {
        var command = new Command(name, description);
        foreach (var option in options) command.Options.Add(option);
        command.SetBody(invocation =>
        {
            var result = JsonSerializer.SerializeToElement(run(invocation), Json.Indented);
            foreach (var property in result.EnumerateObject()) invocation.Screen.Line($"{property.Name,-32}{Text(property.Value)}");
            invocation.Print(result);
            return ExitCode.Done;
        });
        return command;
    }

    private static string Text(JsonElement value) => value.ValueKind != JsonValueKind.Number ? value.ToString()
        : value.TryGetInt64(out long whole) ? whole.ToString("N0", CultureInfo.InvariantCulture) : value.GetDouble().ToString("g5", CultureInfo.InvariantCulture);
}
