using System.CommandLine;
using Hooke.App.Terminal;
using Hooke.App.Training;
using Hooke.Theory;
using Spectre.Console;

namespace Hooke.App.Commands;

/// <summary><c>hooke theory map</c>, <c>optimum</c> and <c>stable</c>: over which parameters a method is stable, and where it is fastest.</summary>
internal static class TheoryMapCommand
{
    private const string Varied = "What varies";
    private const int StandardCells = 100;

    public static Command Map()
    {
        var command = new Command("map", "Map the spectral radius, or the noise in the long run, over two parameters. For example: hooke theory map --method easgd --workers 100 --center-rate 0.9/p --moment 2 --noise gamma --x learning-rate=0:1:200 --y moving-rate=-1:1:200 --svg map.svg");
        TextOption x = new("x", Varied, "name=low:high:cells", "parameter across; values are the middles of the cells, or whole numbers"), y = new("y", Varied, "name=low:high:cells", "parameter upwards"),
            quantity = new("quantity", Varied, "name", "radius, or in the long run the variance of the center, of the average of the workers, or of a worker: center, average, worker", "radius"),
            svg = new("svg", "Output", "file", "write a picture");
        command.Options.Add(x);
        command.Options.Add(y);
        command.Options.Add(quantity);
        var options = new TheoryOptions(command, asksMoment: true);
        command.Options.Add(svg);
        command.SetBody(invocation =>
        {
            string across = invocation[x] ?? throw new BadInputException("x is missing; it must be given, for example --x learning-rate=0:2:200"), upwards = invocation[y] ?? throw new BadInputException("y is missing; it must be given, for example --y moving-rate=-1:1:200");
            string[] names = [Name(across), Name(upwards)];
            if (names[0] == names[1]) throw new BadInputException($"y is {upwards}; it must be another parameter than x's");
            string what = invocation[quantity] ?? quantity.Standard!;
            invocation.DemandPlace(svg);
            var setup = options.Read(invocation, names, standardNoise: what == "radius" ? "none" : "additive");
            Axis first = TheoryOptions.Axis("x", across, setup, out int? columns), second = TheoryOptions.Axis("y", upwards, setup, out int? rows);
            Func<Setup, double> value = what switch
            {
                "radius" => each => each.Radius(),
                "center" => each => each.Round().Stationary(each.Noise).Center.Variance,
                "average" => each => each.Round().Stationary(each.Noise).Average.Variance,
                "worker" => each => each.Round().Stationary(each.Noise).Worker.Variance,
                _ => throw Setting.Wrong("quantity", what, "radius, center, average or worker"),
            };
            if (what != "radius" && setup.Sigma is null) throw new BadInputException($"quantity is {what}; it must be radius where noise is not additive, for then all variances vanish or grow");
            var map = TheoryOptions.Ask(() => StabilityMap.Of(setup, (first, columns ?? StandardCells), (second, rows ?? StandardCells), value));
            var picture = new HeatMap(map, what == "radius", $"{(what == "radius" ? $"Spectral radius of the {(setup.Moment == 1 ? "means" : "second moments")}" : $"Variance of the {what} in the long run")}", TheoryText.Describe(setup, names));
            picture.Show(invocation.Screen);
            invocation.Write(svg, picture.Svg);
            var least = map.Least();
            invocation.Print(new
            {
                method = setup.Recipe.Name,
                setup = TheoryText.Document(setup, names),
                quantity = what,
                x = new { name = first.Name, values = map.XValues },
                y = new { name = second.Name, values = map.YValues },
                grid = map.Values,
                least = new { x = least.X, y = least.Y, value = least.Value },
            });
            return ExitCode.Done;
        });
        return command;
    }

    public static Command Optimum()
    {
        var command = new Command("optimum", "Find the parameters at which a method forgets its start fastest, the smallest spectral radius. For example: hooke theory optimum --method easgd --moment 2 --noise gamma --over learning-rate=0:1 --over workers=1..64");
        var over = Over(command, "parameter and where to look; may be given several times");
        var options = new TheoryOptions(command, asksMoment: true);
        command.SetBody(invocation =>
        {
            string[] ranges = Ranges(invocation, over);
            var setup = options.Read(invocation, ranges.Select(Name));
            var optimum = TheoryOptions.Ask(() => Theory.Optimum.Of(setup, [.. ranges.Select(range => TheoryOptions.Axis("over", range, setup, out _))]));
            var screen = invocation.Screen;
            screen.Line($"{TheoryText.Describe(setup, ranges.Select(Name))}: {(setup.Moment == 1 ? "means" : "second moments")}");
            foreach (var axis in ranges.Select(range => TheoryOptions.Axis("over", range, setup, out _)))
            {
                double value = optimum.Values[axis.Name], share = (value - axis.Low) / (axis.High - axis.Low);
                screen.Line($"{axis.Name,-15} {Units.Digits(value, 8)}{(!axis.IsWhole && (share < 1e-6 || share > 1 - 1e-6) ? ", an end of its range" : "")}");
            }
            screen.Line($"{"radius",-15} {Units.Digits(optimum.Radius, 10)}{(optimum.Radius < 1 ? "" : ", which is not stable")}", optimum.Radius < 1 ? Color.Green : Color.Red);
            if (optimum.Formula is { } formula) screen.Line($"{"by",-15} {formula}");
            invocation.Print(new { method = setup.Recipe.Name, setup = TheoryText.Document(setup, ranges.Select(Name)), parameters = optimum.Values, radius = optimum.Radius, stable = optimum.Radius < 1, formula = optimum.Formula });
            return ExitCode.Done;
        });
        return command;
    }

    public static Command Stable()
    {
        var command = new Command("stable", "Find the values of a parameter at which a method is stable. For example: hooke theory stable --method downpour --workers 16 --over learning-rate=0:1");
        var over = Over(command, "the parameter and where to look");
        var options = new TheoryOptions(command, asksMoment: true);
        command.SetBody(invocation =>
        {
            string[] ranges = Ranges(invocation, over);
            if (ranges.Length > 1) throw new BadInputException($"over is given {ranges.Length} times; it must be given once");
            var setup = options.Read(invocation, ranges.Select(Name));
            var axis = TheoryOptions.Axis("over", ranges[0], setup, out _);
            var stable = TheoryOptions.Ask(() => StableRange.Find(setup, axis));
            invocation.Screen.Line($"{TheoryText.Describe(setup, axis.Name)}: {(setup.Moment == 1 ? "means" : "second moments")}");
            foreach (var (low, high) in stable) invocation.Screen.Line($"{axis.Name} from {Units.Digits(low, 8)} to {Units.Digits(high, 8)}: stable", Color.Green);
            if (stable.Count == 0) invocation.Screen.Line($"{axis.Name} from {Units.Digits(axis.Low, 8)} to {Units.Digits(axis.High, 8)}: nowhere stable", Color.Red);
            invocation.Print(new { method = setup.Recipe.Name, setup = TheoryText.Document(setup, [axis.Name]), parameter = axis.Name, stable = stable.Select(each => new { low = each.Low, high = each.High }) });
            return ExitCode.Done;
        });
        return command;
    }

    private static Option<string[]> Over(Command command, string meaning)
    {
        var over = new Option<string[]>("--over") { Description = $"name=low:high, {meaning}", HelpName = "range", Arity = ArgumentArity.ZeroOrMore, AllowMultipleArgumentsPerToken = false };
        command.Options.Add(over);
        return over;
    }

    private static string[] Ranges(Invocation invocation, Option<string[]> over)
        => invocation.Parsed.GetValue(over) is { Length: > 0 } ranges ? ranges : throw new BadInputException("over is missing; it must be given, for example --over learning-rate=0:2");

    private static string Name(string range) => range.Split('=')[0];
}
