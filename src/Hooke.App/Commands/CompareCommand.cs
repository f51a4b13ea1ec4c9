using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Hooke.App.Terminal;
using Hooke.App.Training;
using Hooke.Methods.Catalog;
using Hooke.Models.Data;
using Hooke.Runs;
using Spectre.Console;

namespace Hooke.App.Commands;

/// <summary>
/// <c>hooke compare</c>: several methods over grids of learning rates; for each the rate with the smallest test error, and the
/// time to given error levels. [Zhang16, sec. 4.2, figs. 4.14, 4.15]
/// </summary>
internal static class CompareCommand
{
    private static readonly double[] Sequential = [0.05, 0.01, 0.005], Msgd = [0.001, 0.0005, 0.0001], Elastic = [0.05, 0.01, 0.005], Eamsgd = [0.01, 0.005, 0.001],
        Downpour = [0.005, 0.001, 0.0005], Mdownpour = [0.00005, 0.00001, 0.000005];

    /// <summary>The thesis's grids. [Zhang16, tables 4.1–4.3; in 4.3 DOWNPOUR's rate depends on p]</summary>
    private static readonly Dictionary<string, (string Method, double[] Rates)[]> Presets = new()
    {
        ["table-4.1"] = [("easgd", Elastic), ("eamsgd", Eamsgd), ("downpour", Downpour), ("adownpour", Downpour), ("mvadownpour", Downpour), ("mdownpour", Mdownpour), ("sgd", Sequential), ("asgd", Sequential), ("mvasgd", Sequential), ("msgd", Msgd)],
        ["table-4.2"] = [("easgd", Elastic), ("eamsgd", Eamsgd), ("downpour", Downpour), ("mdownpour", Mdownpour), ("sgd", Sequential), ("asgd", Sequential), ("mvasgd", Sequential), ("msgd", Msgd)],
        ["table-4.3"] = [("easgd", [0.1]), ("eamsgd", [0.001]), ("downpour", [0.02, 0.01]), ("sgd", [0.05]), ("asgd", [0.05]), ("mvasgd", [0.05]), ("msgd", [0.0005])],
    };

    /// <summary>A run of the grid.</summary>
    private sealed record Trial(string Method, double LearningRate, RunResult Result, IReadOnlyList<TracePoint> Points);

    public static Command Create()
    {
        var command = new Command("compare", "run several methods over grids of learning rates and compare their best");
        var options = new RunOptions(command, takesFile: true, "method", "learning-rate");
        Option<string?> methods = new("--methods") { Description = "methods, separated by commas; default easgd,eamsgd,downpour,sgd,msgd" },
            rates = new("--learning-rates") { Description = "learning rates for every method, separated by commas; default each method's own" },
            preset = new("--preset") { Description = $"the thesis's methods and rates: {string.Join(", ", Presets.Keys)}" },
            levels = new("--levels") { Description = "test errors to time, as fractions separated by commas; default four whole percents that all or most reach" };
        foreach (var option in (Option<string?>[])[methods, rates, preset, levels]) command.Options.Add(option);
        command.SetAction(parsed => ExitCode.Of(parsed, json =>
            Compare(options.Read(parsed), Grid(parsed.GetValue(methods), parsed.GetValue(rates), parsed.GetValue(preset)), Numbers("levels", parsed.GetValue(levels)), json)));
        return command;
    }

    private static int Compare(RunFile said, (string Method, double[] Rates)[] grid, double[]? levels, bool json)
    {
        var console = RunOptions.Console(json);
        if (json || Console.IsOutputRedirected) console.Profile.Width = 160;
        DataSet? data = null;
        var trials = new List<Trial>();
        int number = 0, count = grid.Sum(entry => entry.Rates.Length);
        foreach (var (method, rates) in grid)
            foreach (double rate in rates)
            {
                var file = new RunFile();
                file.Override(said);
                file["method"] = method;
                file["learning-rate"] = rate.ToString("R", CultureInfo.InvariantCulture);
                var parameters = AllMethods.Find(method);
                foreach (string option in said.Said.Keys.Where(o => AllMethods.Recipes.SelectMany(r => r.Parameters).Any(p => p.Name == o) && parameters.Parameters.All(p => p.Name != o))) file[option] = null;
                if (parameters.IsSequential) file["workers"] = file["timing"] = null;
                var run = Resolution.Of(file, _ => { }, data);
                data ??= run.Data;
                var view = new SilentView(console);
                var points = new List<TracePoint>();
                var result = Session.Run(run, null, view, resume: false, CancellationToken.None, points);
                trials.Add(new(method, rate, result, points));
                console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {++number}/{count}  {method,-18} η = {rate,-8:g3} {(result.Diverged is { } where ? $"diverged at {where}" : $"test error {100 * result.TestError:f2} %, best {100 * result.BestTestError:f2} %, {result.Seconds:f2} s")}"));
            }
        Report(console, grid, trials, levels, data!.Name, json);
        return ExitCode.Done;
    }

    private static void Report(IAnsiConsole console, (string Method, double[] Rates)[] grid, List<Trial> trials, double[]? levels, string data, bool json)
    {
        var best = grid.Select(entry => trials.Where(t => t.Method == entry.Method && t.Result.BestTestError is not null).MinBy(t => t.Result.BestTestError)).OfType<Trial>().ToArray();
        double worst = best.Length == 0 ? 1 : Math.Ceiling(100 * best.Max(t => t.Result.BestTestError!.Value)) / 100;
        levels ??= [.. Enumerable.Range(0, 4).Select(k => Math.Round(worst - 0.01 * k, 4)).Where(level => level > 0)];
        static double? TimeTo(Trial trial, double level) => trial.Points.FirstOrDefault(p => p.TestError <= level)?.Seconds;

        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns(["method", "learning rate", "smallest test error", "at the end", "seconds", .. levels.Select(level => string.Create(CultureInfo.InvariantCulture, $"to {100 * level:g4} %"))]);
        foreach (var trial in best)
            table.AddRow([trial.Method, Text(trial.LearningRate, "g3"), Text(100 * trial.Result.BestTestError, "f2") + " %", Text(100 * trial.Result.TestError, "f2") + " %", Text(trial.Result.Seconds, "f2"),
                .. levels.Select(level => TimeTo(trial, level) is { } seconds ? Text(seconds, "f2") + " s" : "never")]);
        console.Write(table);
        foreach (var (method, _) in grid.Where(entry => best.All(t => t.Method != entry.Method))) console.WriteLine($"{method} diverged at every learning rate");
        if (!json) return;
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            data,
            levels,
            methods = best.Select(trial => new
            {
                method = trial.Method,
                learningRate = trial.LearningRate,
                bestTestError = trial.Result.BestTestError,
                testError = trial.Result.TestError,
                seconds = trial.Result.Seconds,
                secondsToLevel = levels.Select(level => TimeTo(trial, level)),
            }),
            trials = trials.Select(trial => trial.Result with { Run = null }).Zip(trials, (result, trial) => new { learningRate = trial.LearningRate, result }),
        }, Json.Indented));
    }

    private static (string Method, double[] Rates)[] Grid(string? methods, string? rates, string? preset)
    {
        if (preset is not null)
        {
            if (methods is not null || rates is not null) throw new BadInputException($"preset is {preset}; it can't go with methods or learning-rates, which it sets");
            return Presets.TryGetValue(preset, out var grid) ? grid : throw new BadInputException($"preset is {preset}; it must be one of {string.Join(", ", Presets.Keys)}");
        }
        return [.. (methods ?? "easgd,eamsgd,downpour,sgd,msgd").Split(',').Select(name =>
        {
            var recipe = AllMethods.Find(name);
            return (name, Numbers("learning-rates", rates) ?? [recipe.Parameters.First(p => p.Name == "learning-rate").Default.For(1)]);
        })];
    }

    private static double[]? Numbers(string name, string? text)
        => text is null ? null : [.. text.Split(',').Select(number => Setting.Number(name, number, double.Epsilon, double.MaxValue, "numbers above 0, separated by commas"))];

    private static string Text(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "–";
}
