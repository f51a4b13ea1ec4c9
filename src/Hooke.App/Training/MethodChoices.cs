using System.Globalization;
using Hooke.Methods;
using Hooke.Methods.Catalog;

namespace Hooke.App.Training;

/// <summary>Makes the method that a run file asks for, and writes into the file what it leaves to the recipe.</summary>
internal static class MethodChoices
{
    /// <summary>What a parameter's text may be instead of a number.</summary>
    private const string FirstDrop = "first-drop", None = "none";

    /// <summary>Every parameter that some method has.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. AllMethods.Recipes.SelectMany(recipe => recipe.Parameters).Concat(Recipe.Averaging(ReadoutChoice.MovingAverage)).Select(parameter => parameter.Name).Distinct()];

    /// <summary>Makes the method and completes the file.</summary>
    public static Method Complete(Recipe recipe, int workers, RunFile file)
    {
        var readout = file["average"] is { } average ? Setting.OneOf<ReadoutChoice>("average", average) : recipe.Readout;
        Parameter[] parameters = [.. recipe.Parameters, .. Recipe.Averaging(readout)];
        if (file["staleness-bound"] == None) file["staleness-bound"] = null;
        var values = Values(recipe, parameters, file);
        var choices = new Choices(workers)
        {
            Values = values,
            Timing = Timing(recipe, file),
            Rate = RateShapes.Parse(file["schedule"] ??= Setting.DefaultOf("schedule")),
            Readout = readout,
            AverageFromFirstDrop = file["average-from"] == FirstDrop,
            GrowingMomentum = IsMomentumGrowing(recipe, file),
        };
        var method = recipe.Create(choices);

        // What the recipe filled in goes to the file; what it derived from p is marked, so that another p derives it anew.
        if (!recipe.IsSequential) file["timing"] ??= Setting.Dashed(recipe.Timings[0].ToString());
        file["average"] ??= Setting.Dashed(readout.ToString());
        foreach (var parameter in parameters.Where(parameter => file[parameter.Name] is null))
        {
            double value = recipe.DefaultOf(parameter, choices);
            if (!double.IsFinite(value)) continue;
            file[parameter.Name] = Resolution.Invariant(value);
            if (!double.TryParse(parameter.Default.Text, CultureInfo.InvariantCulture, out _)) file.Derived.Add(parameter.Name);
        }
        return method;
    }

    /// <summary>Forgets what a method's own recipe filled in, so that another method fills in its own.</summary>
    public static void Forget(RunFile file)
    {
        if (file["method"] is not { } name || AllMethods.Recipes.FirstOrDefault(recipe => recipe.Name == name) is not { } recipe) return;
        foreach (var parameter in recipe.Parameters.Concat(Recipe.Averaging(recipe.Readout)))
            if (double.TryParse(parameter.Default.Text, CultureInfo.InvariantCulture, out double standard)
                && double.TryParse(file[parameter.Name], CultureInfo.InvariantCulture, out double value) && value == standard)
                file[parameter.Name] = null;
        if (recipe.IsSequential) file["workers"] = null;
        else if (file["timing"] == Setting.Dashed(recipe.Timings[0].ToString())) file["timing"] = null;
        if (file["average"] == Setting.Dashed(recipe.Readout.ToString())) file["average"] = null;
    }

    /// <summary>Whether an option's value was derived from another's, in any method.</summary>
    public static bool Follows(string option, Func<string, bool> isSaid)
        => AllMethods.Recipes.SelectMany(recipe => recipe.Parameters).Any(parameter => parameter.Name == option && parameter.Default.Sources.Any(isSaid));

    private static Dictionary<string, double> Values(Recipe recipe, Parameter[] parameters, RunFile file)
    {
        var values = new Dictionary<string, double>();
        foreach (string name in Names)
        {
            if (file[name] is not { } text) continue;
            var parameter = parameters.FirstOrDefault(parameter => parameter.Name == name)
                ?? throw new BadInputException($"{name} is {text}; {recipe.Name} has no {name}, but {Setting.Choice(parameters.Select(p => p.Name))}");
            if (parameter == Parameter.AverageFrom && text == FirstDrop) continue;
            if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value) || !parameter.Range.Contains(value))
                throw Setting.Wrong(name, text, RangeOf(parameter));
            values[name] = value;
        }
        return values;
    }

    private static string RangeOf(Parameter parameter)
        => parameter == Parameter.AverageFrom ? $"a whole number, at least 0, or {FirstDrop}"
            : parameter == Parameter.StalenessBound ? $"{parameter.Range}, or {None}"
            : parameter.Range.Whole ? $"a whole number from {parameter.Range.Low} to {parameter.Range.High}"
            : double.IsPositiveInfinity(parameter.Range.High) ? $"a finite number, {parameter.Range}"
            : parameter.Range.ToString();

    private static bool IsMomentumGrowing(Recipe recipe, RunFile file)
    {
        if (file["momentum-schedule"] is not { } text || text == "constant") return false;
        if (text != "growing") throw Setting.Wrong("momentum-schedule", text, "constant or growing");
        return recipe.Parameters.Contains(Parameter.Momentum) ? true : throw new BadInputException($"momentum-schedule is {text}; {recipe.Name} has no momentum");
    }

    private static TimingChoice? Timing(Recipe recipe, RunFile file)
    {
        if (file["timing"] is not { } text) return null;
        if (recipe.IsSequential) throw new BadInputException($"timing is {text}; {recipe.Name} is sequential and has none");
        var timing = Setting.OneOf<TimingChoice>("timing", text);
        return recipe.Timings.Contains(timing) ? timing
            : throw Setting.Wrong("timing", text, $"{Setting.Choice(recipe.Timings.Select(each => Setting.Dashed(each.ToString())))} for {recipe.Name}");
    }
}
