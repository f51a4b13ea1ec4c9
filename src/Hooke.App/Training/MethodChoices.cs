using System.Globalization;
using Hooke.Methods;
using Hooke.Methods.Catalog;

namespace Hooke.App.Training;

/// <summary>Makes the method that a run file asks for, and writes into the file what it leaves to the recipe.</summary>
internal static class MethodChoices
{
    /// <summary>What a parameter's text may be instead of a number.</summary>
    private const string FirstDrop = "first-drop", None = "none";

    private const string Schedule = "schedule", BatchCourse = "batch-course";
    private static readonly string[] CourseSources = ["batch", "batch-schedule", "epochs", "learning-rate", "timing", "seed", "loss", "hidden", "activation", "crop"];

    /// <summary>Every parameter that some method has.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. AllMethods.Recipes.SelectMany(recipe => recipe.Parameters).Concat(Recipe.Averaging(ReadoutChoice.MovingAverage)).Select(parameter => parameter.Name).Distinct()];

    /// <summary>Reads what is said of the method, and completes the file.</summary>
    /// <param name="recipe">The method's recipe.</param>
    /// <param name="workers">p.</param>
    /// <param name="scale">How far the problem lets a step go.</param>
    /// <param name="batch">Examples in a worker's batch.</param>
    /// <param name="steps">The steps that a worker is to make, if the batch does not change.</param>
    /// <param name="file">What was said.</param>
    /// <returns>All choices but the learning rate's schedule, which <see cref="Make"/> reads.</returns>
    public static Choices Complete(Recipe recipe, int workers, RateScale scale, int batch, long steps, RunFile file)
    {
        file.Derive(Schedule, RateShapes.Cosine);
        var readout = file["average"] is { } average ? Setting.OneOf<ReadoutChoice>("average", average) : recipe.Readout;
        Parameter[] parameters = [.. recipe.Parameters, .. Recipe.Averaging(readout)];
        if (file["staleness-bound"] == None) file["staleness-bound"] = null;
        var choices = new Choices(workers)
        {
            Values = Values(recipe, parameters, file),
            Scale = scale,
            Batch = batch,
            Steps = steps,
            Timing = Timing(recipe, file),
            Readout = readout,
            AverageFromFirstDrop = file["average-from"] == FirstDrop,
            GrowingMomentum = IsMomentumGrowing(recipe, file),
        };
        Make(recipe, choices, steps, file);
        if (!recipe.IsSequential) file.Derive("timing", Setting.Dashed(recipe.Timings[0].ToString()));
        file.Derive("average", Setting.Dashed(readout.ToString()));
        foreach (var parameter in parameters)
        {
            double value = recipe.DefaultOf(parameter, choices);
            if (double.IsFinite(value)) file.Derive(parameter.Name, Resolution.Invariant(value));
        }
        return choices;
    }

    /// <summary>Makes the method.</summary>
    /// <param name="recipe">Its recipe.</param>
    /// <param name="choices">What was chosen.</param>
    /// <param name="steps">The steps that a worker is to make, which its schedule may end with.</param>
    /// <param name="file">Says the schedule.</param>
    public static Method Make(Recipe recipe, Choices choices, long steps, RunFile file) => recipe.Create(choices with { Rate = RateShapes.Parse(file[Schedule]!, steps) });

    /// <summary>Whether an option's value was derived from another's, in any method.</summary>
    public static bool Follows(string option, Func<string, bool> isSaid)
        => option == BatchCourse && CourseSources.Any(isSaid) || option == "epochs" && isSaid("batch") || option == "evaluate-every" && isSaid("epochs") || AllMethods.Recipes.SelectMany(recipe => recipe.Parameters).Any(parameter => parameter.Name == option && parameter.Default.Sources.Any(isSaid));

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
