using Hooke.App.LockFree;
using Hooke.Models.Data;

namespace Hooke.App.Training;

/// <summary>
/// The metadata of <c>center.safetensors</c>: with the tensors, all that is needed to evaluate the model on raw data, and nothing that
/// differs between equal runs.
/// </summary>
internal static class ModelCard
{
    private const string Classification = "classification", Regression = "regression", Reconstruction = "reconstruction";
    private const string GreatestOutput = "the class of the greatest output, the first of equals", Number = "output * targetDeviation + targetMean";

    /// <summary>Of a network.</summary>
    /// <param name="run">What ran.</param>
    /// <param name="result">How it came out.</param>
    public static Dictionary<string, string> Of(Resolution run, RunResult result)
    {
        var (network, data) = (run.Network, run.Network.Data);
        var card = Common(result, data.Scaling, data.Names, network.Answers, data.TargetScaling);
        card["hidden"] = string.Join(',', network.Spec.Hidden);
        card["activation"] = run.File["activation"] ?? "";
        card["layers"] = string.Join("; ", network.Outline);
        card["loss"] = Setting.Dashed(network.Spec.Loss.ToString());
        (card["task"], card["answer"]) = network.Spec switch
        {
            { Classifies: true } => (Classification, GreatestOutput),
            { Reconstructs: true } => (Reconstruction, "the input as the model sees it"),
            _ when data.Target == TargetKind.Label => (Regression, "place of the class / (classes - 1) - 1/2"),
            _ => (Regression, Number),
        };
        if (data.Target == TargetKind.Label) card["classes"] = Listed(data.Names.ClassesOf(data.Classes));
        return card;
    }

    /// <summary>Of a linear model.</summary>
    /// <param name="run">What ran.</param>
    /// <param name="result">How it came out.</param>
    public static Dictionary<string, string> Of(LinearResolution run, RunResult result)
    {
        var (model, data) = (run.Model, run.Data);
        var card = Common(result, data.Scaling, data.Names, new(1, 1, model.Outputs), model.TargetScaling);
        card["layers"] = "linear";
        card["loss"] = result.Loss;
        card["precision"] = model.Options.Precision.ToString();
        (card["task"], card["answer"]) = model.PredictsNumbers ? (Regression, Number)
            : (Classification, model.Outputs > 1 ? GreatestOutput : "the second class where the output is above 0, else the first");
        if (!model.PredictsNumbers) card["classes"] = Listed(data.Names.Classes);
        return card;
    }

    /// <summary>Names divided by commas, each as it stands in a table: quoted if it has a comma, a quote or a line's end.</summary>
    public static string Listed(IEnumerable<string> names)
        => string.Join(',', names.Select(name => name.AsSpan().ContainsAny(",\"\r\n") || name != name.Trim() ? $"\"{name.Replace("\"", "\"\"")}\"" : name));

    private static Dictionary<string, string> Common(RunResult result, InputScaling inputs, Names names, Shape outputs, TargetScaling targets)
    {
        var (stored, seen) = (inputs.Stored, inputs.Seen);
        Dictionary<string, string> card = new()
        {
            ["format"] = "pt",
            ["method"] = result.Method,
            ["model"] = result.Model,
            ["data"] = result.Data,
            // What evaluation sees: the center of an image.
            ["storedShape"] = Extents(stored),
            ["crop"] = $"{(stored.Height - seen.Height) / 2},{(stored.Width - seen.Width) / 2},{seen.Height},{seen.Width}",
            ["inputScale"] = Resolution.Invariant(inputs.Unit),
            ["pixelMean"] = string.Join(',', inputs.Means.Select(Resolution.Invariant)),
            ["pixelDeviation"] = string.Join(',', inputs.Deviations.Select(Resolution.Invariant)),
            ["input"] = "(pixel / inputScale - pixelMean) / pixelDeviation",
            ["outputShape"] = Extents(outputs),
            ["targetMean"] = Resolution.Invariant(targets.Mean),
            ["targetDeviation"] = Resolution.Invariant(targets.Deviation),
            ["testError"] = result.TestError is { } error ? Resolution.Invariant(error) : "",
            ["testLoss"] = result.TestLoss is { } loss ? Resolution.Invariant(loss) : "",
        };
        if (names.Features.Count > 0) card["features"] = Listed(names.Features);
        if (names.Target is { } column) card["labelColumn"] = column;
        if (names.IndexBase is { } index) card["indexBase"] = $"{index}";
        return card;
    }

    private static string Extents(Shape shape) => $"{shape.Height},{shape.Width},{shape.Channels}";
}
