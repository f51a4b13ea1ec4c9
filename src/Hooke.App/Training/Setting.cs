using System.Globalization;

namespace Hooke.App.Training;

/// <summary>An option of a run: on the command line <c>--learning-rate</c>, in a run file <c>learningRate</c>.</summary>
/// <param name="Name">Its name without dashes.</param>
/// <param name="Meaning">What it is, for the help.</param>
/// <param name="IsNumber">Whether a run file writes it as a number.</param>
internal sealed record Setting(string Name, string Meaning, bool IsNumber = false)
{
    /// <summary>Every option of a run.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        new("method", "training method; `hooke methods` lists them"),
        new("model", "model; `hooke models` lists them"),
        new("data", "data set, or a folder of IDX files; `hooke data` lists them"),
        new("workers", "p, number of workers; default one per core", true),
        new("timing", "synchronous, round-robin, asynchronous, overlapped or overlapped-synchronous"),
        new("learning-rate", "η, step along the gradient", true),
        new("moving-rate", "α, fraction of its difference that a worker moves by at an exchange; default 0.9/p", true),
        new("center-rate", "κ = β/p, fraction of a worker's difference that the center moves by; default the moving rate", true),
        new("momentum", "δ, momentum", true),
        new("momentum-schedule", "constant, or growing as in the Survey up to the momentum"),
        new("period", "τ, local steps between exchanges", true),
        new("penalty", "ρ, ADMM's penalty", true),
        new("staleness-bound", "a gradient older than this many center updates is dropped", true),
        new("average", "what is reported: center, time-average or moving-average; default as the method"),
        new("average-rate", "rate of the moving average", true),
        new("average-from", "center update at which averaging starts, or first-drop", true),
        new("schedule", "learning rate over a worker's steps: constant, inverse-sqrt:γ, inverse, drops:STEP/DIVISOR,…, stagnation:WINDOW/DIVISOR/…"),
        new("batch", "examples in a batch", true),
        new("epochs", "passes over the training set, all workers together", true),
        new("seed", "seed of all random numbers", true),
        new("sampling", "partition (per epoch), loaders or replacement"),
        new("initialization", "shared, or separate for every worker"),
        new("hidden", "widths of the hidden layers, e.g. 256,128"),
        new("activation", "relu, tanh or sigmoid"),
        new("loss", "cross-entropy or squared-error"),
        new("l2", "λ of the penalty λ/2·‖x‖²", true),
        new("dropout", "fraction of hidden units dropped in a step", true),
        new("bias", "initial biases", true),
        new("evaluate-every", "epochs between evaluations", true),
        new("measure", "none, or gradient: estimate ‖∇f‖², σ², L and D_f at every evaluation"),
    ];

    /// <summary>Its name in a run file.</summary>
    public string Key => Camel(Name);

    /// <summary>An option's name in a run file.</summary>
    public static string Camel(string name) => string.Concat(name.Split('-').Select((word, k) => k == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));

    /// <summary>The option of a run file's name.</summary>
    public static string OptionName(string key) => All.FirstOrDefault(s => s.Key == key)?.Name ?? key;

    /// <summary>Reads a number within a range.</summary>
    public static double Number(string name, string text, double low, double high, string range)
        => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= low && value <= high ? value
            : throw new BadInputException($"{name} is {text}; it must be {range}");

    /// <summary>Reads a whole number within a range.</summary>
    public static long Whole(string name, string text, long low, long high)
        => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value >= low && value <= high ? value
            : throw new BadInputException($"{name} is {text}; it must be a whole number {(high == long.MaxValue || high == int.MaxValue ? $"of at least {low}" : $"from {low} to {high}")}");

    /// <summary>Reads one of an enumeration's values, written in lower case with dashes.</summary>
    public static TEnum OneOf<TEnum>(string name, string text) where TEnum : struct, Enum
    {
        foreach (var value in Enum.GetValues<TEnum>())
            if (Dashed(value.ToString()) == text) return value;
        throw new BadInputException($"{name} is {text}; it must be one of {string.Join(", ", Enum.GetValues<TEnum>().Select(v => Dashed(v.ToString())))}");
    }

    /// <summary>A name in lower case with dashes.</summary>
    public static string Dashed(string name) => string.Concat(name.Select((c, k) => char.IsUpper(c) ? (k == 0 ? "" : "-") + char.ToLowerInvariant(c) : c.ToString()));
}
