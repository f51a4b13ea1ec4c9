using System.CommandLine;
using System.Globalization;
using Hooke.App.LockFree;
using Hooke.App.Terminal;
using Hooke.App.Training;
using Hooke.Methods.Catalog;
using Hooke.Models.Nets;
using Spectre.Console;

namespace Hooke.App.Commands;

/// <summary><c>hooke models</c>: the models; with a name, how that one is trained where nothing else is said.</summary>
internal static class ModelsCommand
{
    private static readonly string[] Columns = ["name", "model", "reference", "parameters", "examples", "data"];

    public static Command Create()
    {
        var command = new Command("models", "List the models; of one, print how it is trained where nothing else is said.");
        var name = new Argument<string?>("name") { Description = "a model, for its defaults", DefaultValueFactory = _ => null };
        var workers = new TextOption("workers", "Defaults", "p", "workers that the learning rates are for; default one per core");
        command.Arguments.Add(name);
        command.Options.Add(workers);
        command.SetBody(invocation =>
        {
            int p = (int)Setting.Whole("workers", invocation[workers] ?? $"{Environment.ProcessorCount}", 1, 1 << 20);
            return invocation.Parsed.GetValue(name) is { } one ? Describe(invocation, one, p) : ListCommands.Print(invocation, Columns, Rows());
        });
        return command;
    }

    private static IEnumerable<ListCommands.Row> Rows() => ModelCatalog.Entries.Select(entry => new ListCommands.Row(
        new { name = entry.Name, description = entry.Description, reference = entry.Reference, parameters = entry.Parameters, shape = entry.Shape.ToString(), anyShape = entry.Spec.Input is null, data = entry.Data, crops = entry.Crops },
        entry.Name, entry.Description, entry.Reference, entry.Parameters.ToString("N0", CultureInfo.InvariantCulture), entry.Shape.ToString() + (entry.Spec.Input is null ? " or others" : ""), entry.Data)).Concat(LinearResolution.Models.Select(model => new ListCommands.Row(
        new { name = model.Name, description = model.Description, reference = LinearResolution.Reference, parameters = 0, shape = "any", anyShape = true, data = "rcv1-shaped", crops = false },
        model.Name, model.Description, LinearResolution.Reference, "any", "any, sparse or dense", "rcv1-shaped")));

    private static int Describe(Invocation invocation, string name, int workers)
    {
        if (LinearResolution.Models.FirstOrDefault(model => model.Name == name) is { Name: not null } linear)
        {
            invocation.Screen.Line($"{linear.Name}: {linear.Description}; {LinearResolution.Method} trains it at the rate {LinearResolution.RateDefault}");
            invocation.Print(new { name = linear.Name, description = linear.Description, learningRate = LinearResolution.RateDefault });
            return ExitCode.Done;
        }
        string[] names = [.. ModelCatalog.Entries.Select(entry => entry.Name), .. LinearResolution.Models.Select(model => model.Name)];
        var entry = ModelCatalog.Entries.FirstOrDefault(entry => entry.Name == name) ?? throw Setting.Wrong("model", name, Setting.Choice(names));
        var (training, scale) = (entry.Training, entry.Training.Scale);
        var rates = AllMethods.Recipes.Select(recipe => (recipe.Name, recipe.Parameters[0].Default.Text, Rate: Rate(recipe, training, workers))).ToArray();
        var screen = invocation.Screen;
        screen.Line($"{entry.Name}: {entry.Description}");
        screen.Line(string.Create(CultureInfo.InvariantCulture, $"batch       b = {training.Batch}; less if the training set has fewer than {8 * training.Batch} examples"));
        screen.Line(string.Create(CultureInfo.InvariantCulture, $"epochs      {training.Epochs}; more for a small set, until every worker (of up to 4) makes {training.Updates} steps"));
        screen.Line($"schedule    {RateShapes.Cosine}");
        screen.Line(string.Create(CultureInfo.InvariantCulture, $"momentum    δ = {scale.Momentum} where a method has it"));
        screen.Line(string.Create(CultureInfo.InvariantCulture, $"rates       ε(B) = {scale.Largest}/(1 + {scale.NoiseScale}/B), so ε∞ = {scale.Largest}, ε(b) = {scale.At(training.Batch):g3}"));
        var table = new Table().Border(TableBorder.Simple);
        foreach (string column in (string[])["method", $"η for p = {workers}", "which is"]) table.AddColumn(new TableColumn(column) { NoWrap = true });
        foreach (var (method, text, rate) in rates) table.AddRow(new Text(method), new Text(Units.Digits(rate, 3)), new Text(text));
        screen.Table(table);
        invocation.Print(new
        {
            name = entry.Name,
            description = entry.Description,
            batch = training.Batch,
            epochs = training.Epochs,
            updates = training.Updates,
            schedule = RateShapes.Cosine,
            momentum = scale.Momentum,
            largestRate = scale.Largest,
            noiseScale = scale.NoiseScale,
            workers,
            learningRates = rates.ToDictionary(rate => rate.Name, rate => rate.Rate),
        });
        return ExitCode.Done;
    }

    private static double Rate(Recipe recipe, TrainingDefaults training, int workers)
        => recipe.Create(new(recipe.IsSequential ? 1 : workers) { Scale = training.Scale, Batch = training.Batch }).Schedule.LearningRate;
}
