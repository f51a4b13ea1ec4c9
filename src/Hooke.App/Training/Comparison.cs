using Hooke.Methods.Catalog;
using Hooke.Models.Data;
using Hooke.Runs;

namespace Hooke.App.Training;

/// <summary>A run of a comparison, before it starts.</summary>
internal sealed record Trial(string Method, double LearningRate, Resolution Run);

/// <summary>A run of a comparison, with its result.</summary>
internal sealed record Finished(string Method, double LearningRate, RunResult Result, IReadOnlyList<TracePoint> Points, IReadOnlyList<string> Findings)
{
    /// <summary>Seconds of training until the test error, or loss, was at most so high; null if it never was.</summary>
    public double? SecondsTo(Yardstick yardstick, double level) => Points.FirstOrDefault(point => yardstick.At(point) <= level)?.Seconds;
}

/// <summary>Several methods over grids of learning rates. [Zhang16, sec. 4.2, figs. 4.14, 4.15]</summary>
internal static class Comparison
{
    /// <summary>Makes all runs, so that a mistake in the last is known before the first starts.</summary>
    public static IReadOnlyList<Trial> Plan(RunFile said, IReadOnlyList<GridEntry> grid, Action<string> notice)
    {
        DataSet? data = null;
        var trials = new List<Trial>();
        foreach (string option in MethodChoices.Names.Where(option => said[option] is not null))
            if (!grid.Any(entry => Has(AllMethods.Find(entry.Method), option)))
                throw new BadInputException($"{option} is {said[option]}; none of {Setting.Choice(grid.Select(entry => entry.Method))} has it");
        foreach (var (method, rates) in grid)
            foreach (double? rate in rates.Count == 0 ? [null] : rates.Select(rate => (double?)rate))
            {
                var run = Resolution.Of(Choose(said, method, rate), notice, data);
                data ??= run.Data;
                trials.Add(new(method, run.Method.Schedule.LearningRate, run));
            }
        return trials;
    }

    /// <summary>For every method the best run, in the grid's order.</summary>
    public static IReadOnlyList<Finished> Best(IReadOnlyList<Finished> all, Yardstick yardstick)
        => [.. all.Where(trial => trial.Result.Diverged is null && yardstick.Best(trial.Result) is not null).GroupBy(trial => trial.Method).Select(runs => runs.MinBy(trial => yardstick.Best(trial.Result))!)];

    /// <summary>The smallest whole percent that all of them reach, and the three below it; of a loss the smallest that all reach, and nine, eight and seven tenths of it.</summary>
    public static double[] Levels(IReadOnlyList<Finished> best, Yardstick yardstick)
    {
        double worst = best.Count == 0 ? 1 : best.Max(trial => yardstick.Best(trial.Result)!.Value);
        if (!yardstick.IsFraction) return [worst, 0.9 * worst, 0.8 * worst, 0.7 * worst];
        double percent = Math.Ceiling(100 * worst);
        return [.. Enumerable.Range(0, 4).Select(k => (percent - k) / 100).Where(level => level > 0)];
    }

    /// <summary>What was said, as far as it concerns the method.</summary>
    private static RunFile Choose(RunFile said, string method, double? rate)
    {
        var recipe = AllMethods.Find(method);
        var file = said.Copy();
        file["method"] = method;
        foreach (string option in MethodChoices.Names.Where(option => !Has(recipe, option))) file[option] = null;
        if (recipe.IsSequential) file["workers"] = file["timing"] = null;
        file["learning-rate"] = rate is { } number ? Resolution.Invariant(number) : null;
        return file;
    }

    private static bool Has(Recipe recipe, string option) => recipe.Parameters.Concat(Recipe.Averaging(recipe.Readout)).Any(parameter => parameter.Name == option);
}
