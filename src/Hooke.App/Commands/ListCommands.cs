using System.CommandLine;
using System.Globalization;
using Hooke.App.LockFree;
using Hooke.App.Training;
using Hooke.Methods.Catalog;
using Hooke.Models.Data;
using Hooke.Models.Linear;
using Spectre.Console;

namespace Hooke.App.Commands;

/// <summary><c>hooke methods</c>, <c>hooke data</c>: the catalogs, and how one is printed.</summary>
internal static class ListCommands
{
    /// <summary>An entry for programs, and its cells for people.</summary>
    internal sealed record Row(object Entry, params string[] Cells);

    public static Command Methods() => List("methods", "List the training methods and their parameters.", ["name", "method", "reference", "parameters: symbol, default"], AllMethods.Recipes.Select(recipe =>
    {
        Parameter[] parameters = [.. recipe.Parameters, .. Recipe.Averaging(recipe.Readout)];
        return new Row(
            new
            {
                name = recipe.Name,
                title = recipe.Title,
                reference = recipe.Reference,
                sequential = recipe.IsSequential,
                timings = recipe.Timings.Select(timing => Setting.Dashed(timing.ToString())),
                parameters = parameters.Select(p => new { name = p.Name, symbol = p.Symbol, meaning = p.Meaning, range = p.Range.ToString(), @default = DefaultOf(p) }),
            },
            recipe.Name, recipe.Title, recipe.Reference, string.Join("\n", parameters.Select(p => $"{p.Name}: {(p.Symbol.Length > 0 ? p.Symbol + ", " : "")}{p.Default.Text}")));
    }).Append(new Row(
        new { name = LinearResolution.Method, title = LinearResolution.Title, reference = LinearResolution.Reference, sequential = false, timings = LinearResolution.Timings, parameters = (object[])[new { name = "learning-rate", symbol = "η", meaning = "step along the gradient", range = "above 0", @default = LinearResolution.RateDefault }] },
        LinearResolution.Method, LinearResolution.Title, LinearResolution.Reference, $"learning-rate: η, {LinearResolution.RateDefault}")));

    public static Command Data()
    {
        var command = List("data", "List the data sets. Folders and files in common formats are data sets, too.", ["name", "data", "reference", "examples"], DataCatalog.Entries.Select(entry => new Row(
            new { name = entry.Name, description = entry.Description, reference = entry.Reference, shape = entry.Shape.ToString(), target = entry.Target.ToString().ToLowerInvariant(), targetShape = entry.TargetShape.ToString(), standIn = entry.StandIn },
            entry.Name, entry.Description, entry.Reference, entry.Shape.ToString())).Concat(LinearDataCatalog.Entries.Select(entry => new Row(
            new { name = entry.Name, description = entry.Description, reference = entry.Reference, shape = $"1x1x{entry.Features}", target = "label", targetShape = "1x1x2", standIn = (string?)null },
            entry.Name, entry.Description + ", for linear models", entry.Reference, $"{entry.Features} features"))));
        command.Subcommands.Add(Import());
        command.Subcommands.Add(Check());
        command.Subcommands.Add(DebianTextCommand.Create());
        return command;
    }

    /// <summary><c>hooke data import</c>: any data set as one mapped file, for sets larger than memory.</summary>
    private static Command Import()
    {
        var command = new Command("import", "Write a data set to one file that is mapped instead of loaded.");
        var source = new Argument<string>("source") { Description = "a data set's name, a folder or a file" };
        var target = new Argument<string>("file") { Description = "the new file, ending in .hooke" };
        command.Arguments.Add(source);
        command.Arguments.Add(target);
        command.SetBody(invocation =>
        {
            string file = invocation.Parsed.GetValue(target)!;
            var data = DataImport.Run(invocation.Parsed.GetValue(source)!, file, invocation.Screen.Line);
            invocation.Screen.Line($"{data.Name}: {data.TrainCount:N0} training and {data.TestCount:N0} test examples of {data.Shape} in {file}");
            invocation.Print(new { data = data.Name, train = data.TrainCount, test = data.TestCount, shape = data.Shape.ToString(), file });
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary><c>hooke data check</c>: whether a mapped file is as it was written.</summary>
    private static Command Check()
    {
        var command = new Command("check", "Compare all of a mapped file with its checksum, also of one that is too large for that whenever it is used.");
        var place = new Argument<string>("file") { Description = "a file that hooke data import has written" };
        command.Arguments.Add(place);
        command.SetBody(invocation =>
        {
            string file = invocation.Parsed.GetValue(place)!;
            var data = DataImport.Open(file, check: true);
            invocation.Screen.Line($"{file} is as it was written: {data.TrainCount:N0} training and {data.TestCount:N0} test examples of {data.Shape}");
            invocation.Print(new { data = data.Name, train = data.TrainCount, test = data.TestCount, shape = data.Shape.ToString(), file });
            return ExitCode.Done;
        });
        return command;
    }

    private static object DefaultOf(Parameter parameter)
        => double.TryParse(parameter.Default.Text, CultureInfo.InvariantCulture, out double value) ? value : parameter.Default.Text;

    /// <summary>A command that lists a catalog.</summary>
    internal static Command List(string name, string description, string[] columns, IEnumerable<Row> rows)
    {
        var command = new Command(name, description);
        command.SetBody(invocation => Print(invocation, columns, rows));
        return command;
    }

    /// <summary>Prints a catalog.</summary>
    internal static int Print(Invocation invocation, string[] columns, IEnumerable<Row> rows)
    {
        invocation.Print(rows.Select(row => row.Entry));
        if (invocation.IsJson) return ExitCode.Done;
        var table = new Table().Border(TableBorder.Simple);
        foreach (string column in columns) table.AddColumn(new TableColumn(column) { NoWrap = column == "name" });
        foreach (var row in rows) table.AddRow([.. row.Cells.Select(cell => new Text(cell))]);
        invocation.Screen.Table(table);
        return ExitCode.Done;
    }
}
