using Hooke.App.Training;
using Spectre.Console;

namespace Hooke.App.Terminal;

/// <summary>The best run of every method, as the thesis tabulates it: smallest test error, and time to given errors.</summary>
internal static class ComparisonTable
{
    public static void Write(Screen screen, IReadOnlyList<Finished> all, IReadOnlyList<Finished> best, IReadOnlyList<double> levels)
    {
        if (best.Count > 0)
        {
            var table = new Table().Border(TableBorder.Simple);
            table.AddColumn("method");
            foreach (string column in (string[])["rate", "smallest", "at the end", "seconds", .. levels.Select(level => $"to {Units.Digits(100 * level, 4)} %")]) table.AddColumn(new TableColumn(column).RightAligned());
            foreach (var trial in best)
                table.AddRow([trial.Method, Units.Digits(trial.LearningRate, 3), Units.Percent(trial.Result.BestTestError), Units.Percent(trial.Result.TestError), Units.Fixed(trial.Result.Seconds, 2),
                    .. levels.Select(level => trial.SecondsTo(level) is { } seconds ? Units.Fixed(seconds, 2) + " s" : "never")]);
            screen.Table(table);
            screen.Line("For every method the learning rate with the smallest test error, and the seconds of training to given test errors.");
        }
        foreach (string method in all.Select(trial => trial.Method).Distinct().Except(best.Select(trial => trial.Method))) screen.Line($"{method} diverged at every learning rate");
    }
}
