using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Hooke.App.Training;
using Hooke.Methods.Catalog;
using Hooke.Models.Data;
using Hooke.Models.Nets;
using Spectre.Console;

namespace Hooke.App.Commands;

/// <summary><c>hooke methods</c>, <c>hooke models</c>, <c>hooke data</c>: the catalogs.</summary>
internal static class ListCommands
{
    public static Command Methods() => List("methods", "list the training methods and their parameters", ["name", "method", "reference", "parameters (symbol, default)"],
        AllMethods.Recipes.Select(recipe => (
            (object)new
            {
                name = recipe.Name,
                title = recipe.Title,
                reference = recipe.Reference,
                sequential = recipe.IsSequential,
                timings = recipe.Timings.Select(t => Setting.Dashed(t.ToString())),
                parameters = recipe.Parameters.Concat(Recipe.Averaging(recipe.Readout)).Select(p => new { name = p.Name, symbol = p.Symbol, meaning = p.Meaning, range = p.Range.ToString(), @default = DefaultOf(p) }),
            },
            new[] { recipe.Name, recipe.Title, recipe.Reference, string.Join(", ", recipe.Parameters.Concat(Recipe.Averaging(recipe.Readout)).Select(p => $"{p.Name} ({(p.Symbol.Length > 0 ? p.Symbol + ", " : "")}{p.Default.Text})")) })));

    public static Command Models() => List("models", "list the models", ["name", "model", "reference", "parameters"],
        ModelCatalog.Entries.Select(entry => (
            (object)new { name = entry.Name, description = entry.Description, reference = entry.Reference, parameters = entry.Parameters },
            new[] { entry.Name, entry.Description, entry.Reference, entry.Parameters.ToString("N0", CultureInfo.InvariantCulture) })));

    public static Command Data() => List("data", "list the data sets", ["name", "data", "reference"],
        DataCatalog.Entries.Select(entry => (
            (object)new { name = entry.Name, description = entry.Description, reference = entry.Reference },
            new[] { entry.Name, entry.Description, entry.Reference })));

    private static object DefaultOf(Parameter parameter)
        => double.TryParse(parameter.Default.Text, CultureInfo.InvariantCulture, out double value) ? value : parameter.Default.Text;

    private static Command List(string name, string description, string[] columns, IEnumerable<(object Entry, string[] Cells)> rows)
    {
        var command = new Command(name, description);
        command.SetAction(parsed => ExitCode.Of(parsed, json =>
        {
            if (json)
            {
                Console.WriteLine(JsonSerializer.Serialize(rows.Select(row => row.Entry), Json.Indented));
                return ExitCode.Done;
            }
            var console = RunOptions.Console(json);
            if (Console.IsOutputRedirected) console.Profile.Width = 200;
            var table = new Table().Border(TableBorder.Simple);
            foreach (string column in columns) table.AddColumn(column);
            foreach (var (_, cells) in rows) table.AddRow([.. cells.Select(cell => new Text(cell))]);
            console.Write(table);
            return ExitCode.Done;
        }));
        return command;
    }
}
