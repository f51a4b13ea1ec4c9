using Hooke.App.Training;
using Spectre.Console;

namespace Hooke.App.Terminal;

/// <summary>The best run of every method, as the thesis tabulates it: smallest test error, or loss where there is none, and time to given ones.</summary>
internal static class ComparisonTable
{
    public static void Write(Screen screen, IReadOnlyList<Finished> all, IReadOnlyList<Finished> best, Yardstick yardstick, IReadOnlyList<double> levels)
    {
        if (best.Count > 0)
        {
            var table = new Table().Border(TableBorder.Simple);
            table.AddColumn("method");
            foreach (string column in (string[])["rate", "smallest", "at the end", "seconds", .. levels.Select(level => "to " + (yardstick.IsFraction ? $"{Units.Digits(100 * level, 4)} %" : yardstick.Text(level)))]) table.AddColumn(new TableColumn(column).RightAligned());
            foreach (var trial in best)
                table.AddRow([trial.Method, Units.Digits(trial.LearningRate, 3), yardstick.Text(yardstick.Best(trial.Result)), yardstick.Text(yardstick.Last(trial.Result)), Units.Fixed(trial.Result.Seconds, 2),
                    .. levels.Select(level => trial.SecondsTo(yardstick, level) is { } seconds ? Units.Fixed(seconds, 2) + " s" : "never")]);
            screen.Table(table);
            screen.Line($"For every method the learning rate with the smallest {yardstick.Name}, and the seconds of training to given ones.");
        }
        foreach (string method in all.Select(trial => trial.Method).Distinct().Except(best.Select(trial => trial.Method))) screen.Line($"{method} diverged at every learning rate");
    }
}
