using System.CommandLine;
using System.Globalization;
using Hooke.App.Terminal;
using Hooke.App.Training;
using Spectre.Console;

namespace Hooke.App.Commands;

/// <summary><c>hooke figure</c>: tables and figures of the papers, recomputed on our data.</summary>
internal static class FigureCommand
{
    /// <summary>A table or a figure.</summary>
    /// <param name="Name">Its name on the command line.</param>
    /// <param name="Description">What it shows.</param>
    /// <param name="Reference">Where it is from.</param>
    /// <param name="Draw">Computes and prints it, from epochs and seeds, and gives a picture.</param>
    private sealed record Entry(string Name, string Description, string Reference, Func<Invocation, int, int, Bars> Draw);

    private static readonly Entry[] entries =
    [
        new("survey-table-4", "training loss of logistic regression by precision", "[Survey, table 4]", Table4),
        new("survey-figure-4", "speed of lock-free training by precision and number of workers", "[Survey, fig. 4]", Figure4),
    ];

    public static Command Create()
    {
        var command = new Command("figure", "Recompute a table or figure of the papers on our data; without a name, list them.");
        var name = new Argument<string?>("name") { Description = "which", Arity = ArgumentArity.ZeroOrOne };
        TextOption epochs = new("epochs", "Size", "number", "epochs of each run", "5"), seeds = new("seeds", "Size", "number", "runs that are averaged", "3"), svg = new("svg", "Output", "file", "write a picture");
        command.Arguments.Add(name);
        command.Options.Add(epochs);
        command.Options.Add(seeds);
        command.Options.Add(svg);
        command.SetBody(invocation =>
        {
            if (invocation.Parsed.GetValue(name) is not { } wanted)
            {
                invocation.Print(entries.Select(entry => new { entry.Name, entry.Description, entry.Reference }));
                if (!invocation.IsJson) Write(invocation, ["name", "figure", "reference"], entries.Select(entry => (string[])[entry.Name, entry.Description, entry.Reference]));
                return ExitCode.Done;
            }
            var found = entries.FirstOrDefault(entry => entry.Name == wanted) ?? throw Setting.Wrong("figure", wanted, Setting.Choice(entries.Select(entry => entry.Name)));
            invocation.DemandPlace(svg);
            int Whole(TextOption option) => (int)Setting.Whole(option.Name[2..], invocation[option] ?? option.Standard!, 1, 10_000);
            var picture = found.Draw(invocation, Whole(epochs), Whole(seeds));
            invocation.Write(svg, picture.Svg);
            return ExitCode.Done;
        });
        return command;
    }

    private static Bars Table4(Invocation invocation, int epochs, int seeds)
    {
        var rows = BenchPrecision.Table4(epochs, seeds);
        var picture = new Bars("Training loss of logistic regression by precision", $"epochs: {epochs}, mean of {seeds}", [.. rows.SelectMany(row => row.TrainError.Select(end => (row.Data, end.Precision, end.Loss)))]);
        invocation.Print(new { figure = "survey-table-4", epochs, seeds, rows });
        if (invocation.IsJson) return picture;
        Write(invocation, ["data", .. rows[0].TrainError.Select(end => end.Precision)],
            rows.Select(row => (string[])[row.Data, .. row.TrainError.Select(end => string.Create(CultureInfo.InvariantCulture, $"{end.Loss:f4} ({(end.LossOverFull - 1) * 100:+0.0;-0.0;0.0} %), {end.Error * 100:f2} % wrong"))]));
        invocation.Screen.Line($"Training loss after {epochs} epochs, mean of {seeds} runs, and by how much it is above that of floats. The Survey: within 1 %.");
        return picture;
    }

    private static Bars Figure4(Invocation invocation, int epochs, int seeds)
    {
        var bars = BenchPrecision.Figure4(epochs, seeds);
        var picture = new Bars("Speed of lock-free training by precision", $"of a worker, RCV1-shaped set, epochs: {epochs}, median of {seeds}; one worker in floats is 1",
            [.. bars.Select(bar => (bar.Workers == 1 ? "1 worker" : $"{bar.Workers} workers", bar.Precision, bar.Speedup))]);
        invocation.Print(new { figure = "survey-figure-4", epochs, seeds, bars });
        if (invocation.IsJson) return picture;
        double most = bars.Max(bar => bar.Speedup);
        Write(invocation, ["workers", "precision", "seconds", "speed", "", "train loss"], bars.Select(bar => (string[])[$"{bar.Workers}", bar.Precision, bar.Seconds.ToString("f3", CultureInfo.InvariantCulture),
            bar.Speedup.ToString("f2", CultureInfo.InvariantCulture), new string('█', (int)Math.Round(30 * bar.Speedup / most)), bar.TrainLoss.ToString("f4", CultureInfo.InvariantCulture)]));
        invocation.Screen.Line($"Processor time of a worker for {epochs} epochs of the RCV1-shaped set, median of {seeds} runs; speed is that of one worker in floats divided by it.");
        return picture;
    }

    private static void Write(Invocation invocation, string[] columns, IEnumerable<string[]> rows)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (string column in columns) table.AddColumn(new TableColumn(column));
        foreach (string[] row in rows) table.AddRow([.. row.Select(cell => new Text(cell))]);
        invocation.Screen.Table(table);
    }
}
