using System.Globalization;

namespace Hooke.App.Training;

/// <summary>An option of a run: on the command line <c>--learning-rate</c>, in a run file <c>learningRate</c>.</summary>
/// <param name="Name">Its name without dashes.</param>
/// <param name="Group">Heading in the help.</param>
/// <param name="Placeholder">What stands for its value in the help.</param>
/// <param name="Meaning">What it is, for the help.</param>
/// <param name="Default">Its value where nothing is said, if that is fixed.</param>
/// <param name="IsNumber">Whether a run file writes it as a number.</param>
/// <param name="IsFlag">Whether it is true where it is given without a value; a run file writes it as true or false.</param>
/// <param name="IsPath">Whether it may be a path.</param>
internal sealed record Setting(string Name, string Group, string Placeholder, string Meaning, string? Default = null, bool IsNumber = false, bool IsFlag = false, bool IsPath = false)
{
    private const string What = "What to train", How = "Method (defaults: hooke methods)", Steps = "Steps", Net = "Model", Linear = "Linear models (hogwild)", Watch = "Output";

    /// <summary>Every option of a run.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        new("method", What, "name", "training method; `hooke methods` lists them; gd has full batches, so asks for many epochs", "eamsgd"),
        new("model", What, "name", "model; `hooke models` lists them; for a table mlp, for sparse text logistic, else fashion-cnn", "fashion-cnn"),
        new("data", What, "name", "data set, or a folder or file; `hooke data` lists them; default what the model is made for. A table's column may follow: FILE.csv:label=NAME for classes, FILE.csv:target=NAME for numbers to be predicted", IsPath: true),
        new("test-data", What, "file", "test examples, where data is a table or sparse text; default a tenth of the rows, drawn at random", IsPath: true),
        new("validation-fraction", What, "number", "part of the training examples that is held out to choose by, from 0 to 0.5; default 0", IsNumber: true),
        new("index-base", What, "0|1", "index of the first feature, where data is sparse text; default 1", IsNumber: true),
        new("workers", What, "p", "number of workers; default one per core", IsNumber: true),
        new("epochs", What, "number", "passes over the training set, all workers together; default as the model, mostly 10, more for a small set", IsNumber: true),
        Number("seed", What, "number", "seed of all random numbers", "1"),
        new("crop", What, "pixels", "side of square crops: random in training, the center in evaluation; 0 for whole images; default as the model", IsNumber: true),
        new("flip", What, "true|false", "mirror half of the training images left to right; default as the model", IsFlag: true),
        new("timing", How, "name", "synchronous, round-robin, asynchronous, overlapped or overlapped-synchronous"),
        new("learning-rate", How, "η", "step along the gradient; default as method, model, p and batch ask for (`hooke models NAME`)", IsNumber: true),
        new("moving-rate", How, "α", "fraction of its difference that a worker moves by at an exchange; default 0.9/p, in a tree 0.9/(d + 1)", IsNumber: true),
        new("center-rate", How, "κ", "β/p, fraction of a worker's difference that the center moves by; default the moving rate", IsNumber: true),
        new("momentum", How, "δ", "fraction of the velocity that is kept; default as the model, else 0.99", IsNumber: true),
        new("momentum-schedule", How, "name", "constant, or growing as in the Survey up to the momentum; default constant"),
        new("period", How, "τ", "local steps between exchanges; in a tree those of leaves and their parents (scheme 1)", IsNumber: true),
        new("degree", How, "d", "of a tree: children of a node", IsNumber: true),
        new("scheme", How, "1|2", "of a tree: 1 averages fast at the leaves and slowly above, 2 sends up often and down seldom", IsNumber: true),
        new("period-inner", How, "τ", "of a tree: local steps between exchanges of inner nodes (scheme 1)", IsNumber: true),
        new("period-up", How, "τ", "of a tree: local steps between messages to the parent (scheme 2)", IsNumber: true),
        new("period-down", How, "τ", "of a tree: local steps between messages to the children (scheme 2)", IsNumber: true),
        new("inner-rate", How, "number", "of a tree: learning rate of inner nodes as a fraction of their children's", IsNumber: true),
        new("penalty", How, "ρ", "ADMM's penalty", IsNumber: true),
        new("staleness-bound", How, "number", "a gradient older than this many center updates is dropped; default none", IsNumber: true),
        new("average", How, "name", "what is reported: center, time-average or moving-average"),
        new("average-rate", How, "number", "rate of the moving average", IsNumber: true),
        new("average-from", How, "number", "center update at which averaging starts, or first-drop", IsNumber: true),
        new("schedule", Steps, "shape", "learning rate over a worker's steps: constant, cosine (to zero at the end), cosine:STEPS, inverse-sqrt:γ, inverse, drops:STEP/DIVISOR,… or stagnation:WINDOW/DIVISOR/…; default cosine"),
        new("batch", Steps, "number", "examples in a batch; default as the model, less for a small set", IsNumber: true),
        new("batch-schedule", Steps, "name", "constant; optimal: grows where the noise decides, eightfold; optimal:γ: as pays at a batch's cost γ; or SIZE@BATCH*RATE^MOST", "constant"),
        new("batch-course", Steps, "text", "the optimal schedule, SIZE@BATCH*RATE^MOST; estimated at the start"),
        new("sampling", Steps, "name", "partition (per epoch), loaders or replacement", "partition"),
        new("initialization", Steps, "name", "shared, or separate for every worker", "shared"),
        new("hidden", Net, "widths", "units of the hidden layers, for example 256,128; default as the model"),
        new("activation", Net, "name", "of the hidden layers: relu, tanh or sigmoid; default as the model"),
        new("loss", Net, "name", "cross-entropy, squared-error, regression, reconstruction-cross-entropy or reconstruction-squared-error; default what suits model and data"),
        new("l2", Net, "λ", "penalty λ/2·‖x‖²; default as the model", IsNumber: true),
        new("dropout", Net, "fraction", "hidden units dropped in a step; default as the model", IsNumber: true),
        new("bias", Net, "number", "initial biases; default as the model", IsNumber: true),
        new("precision", Linear, "dXmY", "bits of data and model, 8, 16 or 32: d32m32, d8m16 and so on; 32 are floats, fewer fixed point; default d32m32"),
        new("rounding", Linear, "name", "of a fixed-point model: unbiased (up or down at random) or nearest; default unbiased"),
        new("model-range", Linear, "number", "largest weight of a fixed-point model; default twice what a short run of floats reaches", IsNumber: true),
        new("intercept", Linear, "true|false", "whether scores have a constant part; default true", IsFlag: true),
        new("hot", Linear, "all|number", "most frequent coordinates that every worker has its own copies of; 0 is plain Hogwild!, which has none; default all, or 0 for locks, turns and one worker", IsNumber: true),
        new("merge-every", Linear, "number", "a worker's steps between merges of those copies; default 128 / workers², at least 1", IsNumber: true),
        new("evaluate-every", Watch, "epochs", "epochs between evaluations and checkpoints, 0 for the end only; default a tenth of the epochs, but from 0.25 to 1", IsNumber: true),
        new("measure", Watch, "name", "none, or gradient: estimate ‖∇f‖², σ², L and D_f at every evaluation", "none"),
    ];

    /// <summary>Options that may be paths.</summary>
    public static IReadOnlyList<string> Paths { get; } = [.. All.Where(setting => setting.IsPath).Select(setting => setting.Name)];

    /// <summary>Its name in a run file.</summary>
    public string Key => Camel(Name);

    /// <summary>The fixed default of an option.</summary>
    public static string DefaultOf(string name) => All.Single(setting => setting.Name == name).Default!;

    /// <summary>An option's name in a run file.</summary>
    public static string Camel(string name) => string.Concat(name.Split('-').Select((word, k) => k == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));

    /// <summary>Reads a number within a range.</summary>
    public static double Number(string name, string text, double low, double high, string range)
        => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= low && value <= high ? value : throw Wrong(name, text, range);

    /// <summary>Reads a whole number within a range.</summary>
    public static long Whole(string name, string text, long low, long high)
        => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value >= low && value <= high ? value
            : throw Wrong(name, text, $"a whole number from {low} to {high}");

    /// <summary>Reads one of an enumeration's values, written in lower case with dashes.</summary>
    public static TEnum OneOf<TEnum>(string name, string text) where TEnum : struct, Enum
        => Enum.GetValues<TEnum>().Cast<TEnum?>().FirstOrDefault(value => Dashed(value.ToString()!) == text)
            ?? throw Wrong(name, text, Choice(Enum.GetValues<TEnum>().Select(value => Dashed(value.ToString()))));

    /// <summary>The error of a value that is not allowed.</summary>
    public static BadInputException Wrong(string name, string text, string range) => new($"{name} is {(text.Trim().Length == 0 ? "empty" : text)}; it must be {range}");

    /// <summary>"a, b or c".</summary>
    public static string Choice(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return all.Length < 2 ? string.Concat(all) : $"{string.Join(", ", all[..^1])} or {all[^1]}";
    }

    /// <summary>A name in lower case with dashes.</summary>
    public static string Dashed(string name) => string.Concat(name.Select((c, k) => char.IsUpper(c) ? (k == 0 ? "" : "-") + char.ToLowerInvariant(c) : c.ToString()));

    private static Setting Number(string name, string group, string placeholder, string meaning, string standard) => new(name, group, placeholder, meaning, standard, IsNumber: true);
}
