using System.CommandLine;
using Hooke.App.Terminal;
using Hooke.App.Training;
using Hooke.Methods.Catalog;

namespace Hooke.App.Commands;

/// <summary><c>hooke compare</c>: several methods over grids of learning rates, and the best of each.</summary>
internal static class CompareCommand
{
    private const string Group = "What to compare", Standard = "easgd,eamsgd,downpour,sgd,msgd";

    public static Command Create()
    {
        var command = new Command("compare", "Run several methods over grids of learning rates. Of each, print the smallest test error (or validation error, with --validation-fraction; or loss, where no answer is right or wrong) and the time to given ones. Ctrl-C ends it with what is done.");
        TextOption methods = new("methods", Group, "names", "methods, separated by commas", Standard),
            rates = new("learning-rates", Group, "numbers", "learning rates for every method, separated by commas; default each method's own"),
            preset = new("preset", Group, "name", $"the thesis's methods and rates: {Setting.Choice(ThesisGrids.All.Keys)}"),
            levels = new("levels", Group, "fractions", "test errors, or losses, to time, separated by commas; default the smallest whole percent that all reach, and the three below");
        foreach (var option in (TextOption[])[methods, rates, preset, levels]) command.Options.Add(option);
        var options = new RunOptions(command, "method", "learning-rate");
        var oversubscribe = new Option<bool>(Capacity.Option) { Description = Capacity.Meaning };
        command.Options.Add(oversubscribe);
        command.SetBody(invocation => Compare(invocation, options.Read(invocation), Grid(invocation[methods], invocation[rates], invocation[preset]), invocation[preset], invocation[levels], invocation.Parsed.GetValue(oversubscribe)));
        return command;
    }

    private static int Compare(Invocation invocation, RunFile said, IReadOnlyList<GridEntry> grid, string? preset, string? wanted, bool oversubscribes)
    {
        if (preset is not null)
        {
            // The thesis's rates go with its momentum, and do not fall. [Zhang16, sec. 4.2]
            said["momentum"] ??= "0.99";
            said["schedule"] ??= RateShapes.Constant;
        }
        var trials = Comparison.Plan(said, grid, invocation.Screen.Warn);
        foreach (var trial in trials)
        {
            Capacity.CheckThreads(trial.Run.Workers, oversubscribes);
            Capacity.CheckMemory(trial.Run);
        }
        var yardstick = Yardstick.Choosing(trials[0].Run.Network.CountsWrong, trials[0].Run.Data.ValidationCount > 0);
        double[]? levels = Numbers("levels", wanted, yardstick.IsFraction ? 1 : double.MaxValue);
        var finished = new List<Finished>();
        int common = invocation.Screen.Warnings.Count;
        var stop = invocation.Heed();
        for (int k = 0; k < trials.Count && !stop.IsCancellationRequested; k++)
        {
            var (method, rate, run) = trials[k];
            var view = new ComparisonView(invocation.Screen, $"{$"{k + 1}/{trials.Count}",7}  {method,-18}  η {Units.Digits(rate, 3),-8}  ")
            {
                Prefix = $"{method}, learning rate {Units.Digits(rate, 3)}: ",
                Common = common,
            };
            var result = Session.Run(run, null, new GuardedView(view), resume: false, stop);
            // A run that was cut short says nothing about its method.
            if (!result.Stopped) finished.Add(new(method, rate, result, view.Trace, view.Findings));
        }
        bool stopped = finished.Count < trials.Count;
        var best = Comparison.Best(finished, yardstick);
        foreach (string finding in best.SelectMany(trial => trial.Findings)) invocation.Screen.Warn(finding);
        levels ??= Comparison.Levels(best, yardstick);
        ComparisonTable.Write(invocation.Screen, finished, best, yardstick, levels);
        if (stopped) invocation.Screen.Line($"stopped after {finished.Count} of {trials.Count} runs");
        invocation.Print(Document(trials[0].Run.Data.Name, finished, best, yardstick, levels, stopped, invocation.Screen.Warnings));
        return ExitCode.Done;
    }

    private static object Document(string data, List<Finished> finished, IReadOnlyList<Finished> best, Yardstick yardstick, double[] levels, bool stopped, IReadOnlyList<string> warnings) => new
    {
        data,
        stopped,
        chosenBy = yardstick.Set,
        warnings,
        levels,
        methods = best.Select(trial => new
        {
            method = trial.Method,
            learningRate = trial.LearningRate,
            bestTestError = trial.Result.BestTestError,
            testError = trial.Result.TestError,
            bestValidationError = trial.Result.BestValidationError,
            chosenTestError = trial.Result.ChosenTestError,
            bestTestLoss = trial.Result.BestTestLoss,
            bestValidationLoss = trial.Result.BestValidationLoss,
            chosenTestLoss = trial.Result.ChosenTestLoss,
            testLoss = trial.Result.TestLoss,
            seconds = trial.Result.Seconds,
            secondsToLevel = levels.Select(level => trial.SecondsTo(yardstick, level)),
        }),
        trials = finished.Select(trial => new { learningRate = trial.LearningRate, result = trial.Result }),
    };

    private static IReadOnlyList<GridEntry> Grid(string? methods, string? rates, string? preset)
    {
        if (preset is not null)
        {
            if (methods is not null || rates is not null) throw new BadInputException($"preset is {preset}; it must not go with methods or learning-rates, which it sets");
            return ThesisGrids.All.TryGetValue(preset, out var grid) ? grid : throw Setting.Wrong("preset", preset, Setting.Choice(ThesisGrids.All.Keys));
        }
        string[] names = (methods ?? Standard).Split(',', StringSplitOptions.TrimEntries);
        if (names.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice) throw new BadInputException($"methods is {methods}; {twice.Key} must be in it once");
        return [.. names.Select(name => new GridEntry(Find(name).Name, Numbers("learning-rates", rates, double.MaxValue) ?? []))];
    }

    private static Recipe Find(string method) => AllMethods.Recipes.FirstOrDefault(recipe => recipe.Name == method)
        ?? throw Setting.Wrong("methods", method, Setting.Choice(AllMethods.Recipes.Select(recipe => recipe.Name)) + ", separated by commas");

    private static double[]? Numbers(string name, string? text, double high)
        => text is null ? null : [.. text.Split(',').Select(number => Setting.Number(name, number, double.Epsilon, high, $"numbers above 0{(high == 1 ? " and at most 1" : "")}, separated by commas"))];
}
