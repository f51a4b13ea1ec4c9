using System.Globalization;
using Hooke.App.Training;
using Hooke.Engine;
using Hooke.Methods;
using Hooke.Models.Data;
using Hooke.Models.Linear;
using Hooke.Numerics;

namespace Hooke.App.LockFree;

/// <summary>A run on a shared linear model with every choice made.</summary>
internal sealed class LinearResolution
{
    /// <summary>The method's name.</summary>
    public const string Method = "hogwild";

    /// <summary>What the method is, for lists.</summary>
    public const string Title = "lock-free SGD on one shared linear model (Hogwild!, Buckwild!)", Reference = "[Survey, sec. 5]";

    /// <summary>The default learning rate, for lists.</summary>
    public const string RateDefault = "0.5 / mean ‖x‖², least squares 0.1 / mean ‖x‖²";

    private const string AllCoordinates = "all", Asynchronous = "asynchronous", Locked = "locked", RoundRobin = "round-robin";

    /// <summary>How workers may share the model.</summary>
    public static IReadOnlyList<string> Timings { get; } = [Asynchronous, Locked, RoundRobin];

    /// <summary>Options that only this method has.</summary>
    private static readonly string[] Own = ["precision", "rounding", "model-range", "intercept", "hot", "merge-every"];

    /// <summary>Options that it shares with others.</summary>
    private static readonly string[] Common = ["method", "model", "data", "test-data", "index-base", "validation-fraction", "workers", "epochs", "seed", "timing", "learning-rate", "schedule", "batch", "sampling", "average", "l2", "evaluate-every"];

    /// <summary>The models.</summary>
    public static IReadOnlyList<(string Name, LinearLossKind Loss, string Description)> Models { get; } =
    [
        ("logistic", LinearLossKind.Logistic, "linear, logistic loss; one against the rest for more than two classes"),
        ("hinge", LinearLossKind.Hinge, "linear, hinge loss (support-vector machine)"),
        ("least-squares", LinearLossKind.LeastSquares, "linear, half the squared error"),
    ];

    /// <summary>What the run file says when nothing is left open.</summary>
    public required RunFile File { get; init; }

    public required LinearData Data { get; init; }

    public required LinearModel Model { get; init; }

    public required LockFreePlan Plan { get; init; }

    public required int Workers { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>What views and folders say of it.</summary>
    public static implicit operator RunTitle(LinearResolution run) => new(run.File, run.File["method"]!, run.File["model"]!, run.Model.Dimension, run.Data.Name, run.Data.TrainCount, run.Workers, run.Seed)
    {
        Loss = run.File["model"] switch { "logistic" => "logistic loss", "hinge" => "hinge loss", _ => "half the squared error" },
        Mark = () => DataMark.Of(run.Data),
        Samples = run.Plan.Samples,
        Constant = () => run.Model.Constant,
        CheckpointBytes = () => run.Model.StateBytes(run.Workers),
    };

    /// <summary>Whether a run file asks for a run on a shared linear model.</summary>
    public static bool IsAskedFor(RunFile said)
        => said["method"] == Method || Models.Any(model => model.Name == said["model"]) || said["model"] is null && said["method"] is null && ModelChoices.KindOf(said["data"]) == SourceKind.Sparse;

    /// <summary>Refuses what only this method has, for other methods.</summary>
    public static void Refuse(RunFile said)
    {
        if (said["method"] == Method || Models.Any(model => model.Name == said["model"]))
            throw new BadInputException($"{(said["method"] == Method ? $"method is {Method}" : $"model is {said["model"]}")}; only hooke train and hooke simulate run it");
        if (Own.FirstOrDefault(option => said[option] is not null) is { } other)
            throw new BadInputException($"{other} is {said[other]}; only {Method} has {other}");
    }

    /// <summary>Completes what was said.</summary>
    /// <param name="said">What was said.</param>
    /// <param name="notice">Tells the user what was chosen in a way that may surprise, and what takes long.</param>
    /// <param name="data">The data, if they are loaded already.</param>
    /// <exception cref="BadInputException">Something said is impossible.</exception>
    public static LinearResolution Of(RunFile said, Action<string> notice, LinearData? data = null)
    {
        try
        {
            return Resolve(said.Copy(), notice, data);
        }
        catch (ArgumentException wrong)
        {
            throw new BadInputException(wrong.Message);
        }
    }

    private static LinearResolution Resolve(RunFile file, Action<string> notice, LinearData? data)
    {
        string method = file.Derive("method", Method);
        if (method is not Method and not "sgd") throw new BadInputException($"method is {method}; a linear model is trained by {Method}, or by sgd for one worker");
        if (Setting.All.FirstOrDefault(setting => file[setting.Name] is not null && !Own.Contains(setting.Name) && !Common.Contains(setting.Name)) is { } strange && !IsNothing(file, strange))
            throw new BadInputException($"{strange.Name} is {file[strange.Name]}; {method} on a linear model has no {strange.Name}");
        string modelName = file.Derive("model", Models[0].Name);
        var loss = Models.FirstOrDefault(model => model.Name == modelName) is { Name: not null } entry ? entry.Loss
            : throw Setting.Wrong("model", modelName, $"{Setting.Choice(Models.Select(model => model.Name))} for {Method}");
        int workers = (int)Setting.Whole("workers", file.Derive("workers", method == Method ? Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture) : "1"), 1, method == Method ? 1024 : 1);
        int batch = (int)Setting.Whole("batch", file.Derive("batch", "1"), 1, 256);
        double epochs = Setting.Number("epochs", file.Derive("epochs", "5"), double.Epsilon, 1e9, "above 0 and at most 1e9");
        double evaluateEvery = Setting.Number("evaluate-every", file.Derive("evaluate-every", Resolution.Invariant(Math.Clamp(epochs / 10, 0.25, 1))), 0, 1e9, "from 0 to 1e9; 0 evaluates at the end only");
        ulong seed = ulong.TryParse(file.Derive("seed", "1"), NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) ? number
            : throw Setting.Wrong("seed", file["seed"]!, $"a whole number from 0 to {ulong.MaxValue}");
        bool replacement = file.Derive("sampling", "partition") switch { "partition" => false, "replacement" => true, var other => throw Setting.Wrong("sampling", other, $"partition or replacement for {Method}") };
        bool averages = file.Derive("average", "center") switch { "center" => false, "time-average" => true, var other => throw Setting.Wrong("average", other, $"center or time-average for {Method}") };
        bool intercept = file.Derive("intercept", "true") switch { "true" => true, "false" => false, var other => throw Setting.Wrong("intercept", other, "true or false") };
        var sharing = file.Derive("timing", Asynchronous) switch
        {
            Asynchronous => Sharing.LockFree, Locked => Sharing.Locked, RoundRobin => Sharing.RoundRobin,
            var other => throw Setting.Wrong("timing", other, $"{Asynchronous} (lock-free), {Locked} or {RoundRobin} for {Method}"),
        };
        var precision = ParsePrecision(file.Derive("precision", Precision.Full.ToString()));
        bool predicts = loss == LinearLossKind.LeastSquares;
        data ??= Load(file.Derive("data", "rcv1-shaped"), intercept, notice, ModelChoices.OptionsOf(file, predicts ? TargetTask.NumbersUnlessTwo : TargetTask.Unsaid), !predicts, ModelChoices.ValidationOf(file));
        if (!predicts && data.Classes.Count == 0) throw new BadInputException($"model is {modelName}, which tells classes apart; data {data.Name} has numbers to predict (--model least-squares does)");
        var options = new LinearOptions
        {
            Loss = loss,
            Precision = precision,
            L2 = Setting.Number("l2", file.Derive("l2", "1E-06"), 0, 1e9, "from 0 to 1e9"),
            Rounding = file.Derive("rounding", "unbiased") switch { "unbiased" => Rounding.Unbiased, "nearest" => Rounding.Nearest, var other => throw Setting.Wrong("rounding", other, "unbiased or nearest") },
            // Locks and turns need no copies: one step at a time is their point.
            Hot = file.Derive("hot", workers > 1 && sharing == Sharing.LockFree ? AllCoordinates : "0") is var hot && hot == AllCoordinates ? int.MaxValue
                : int.TryParse(hot, NumberStyles.None, CultureInfo.InvariantCulture, out int most) ? most : throw Setting.Wrong("hot", hot, $"all or a whole number from 0 to {int.MaxValue}"),
            MergeEvery = (int)Setting.Whole("merge-every", file.Derive("merge-every", Resolution.Invariant(LinearOptions.MergeEveryFor(workers))), 1, int.MaxValue),
            Averages = averages,
        };
        double rate = Setting.Number("learning-rate", file.Derive("learning-rate", Resolution.Invariant(DefaultRate(loss, data))), double.Epsilon, 1e9, "above 0 and at most 1e9");
        long samples = (long)Math.Round(epochs * data.TrainCount);
        if (samples < workers) throw Setting.Wrong("epochs", file["epochs"]!, $"at least {(double)workers / data.TrainCount:g3}, one of {data.Name}'s {data.TrainCount} examples a worker");
        var shape = RateShapes.Parse(file.Derive("schedule", RateShapes.Constant), Math.Max(1, samples / workers / batch));
        if (shape is StagnationRate) throw new BadInputException($"schedule is {file["schedule"]}; {Method} watches no loss while it runs, and has all others");
        var plan = new LockFreePlan(samples, rate)
        {
            Batch = batch, Shape = shape, Sharing = sharing, Replacement = replacement,
            EvaluateEvery = evaluateEvery == 0 ? 0 : Math.Max(1, (long)Math.Round(evaluateEvery * data.TrainCount)),
        };
        if (precision.ModelBits < 32)
        {
            string range = file["model-range"] ?? file.Derive("model-range", Resolution.Invariant(PilotRange(data, options, plan, seed)));
            options = options with { Range = Setting.Number("model-range", range, float.Epsilon, 1e30, "above 0 and at most 1e30") };
        }
        else if (file["model-range"] is { } useless) throw new BadInputException($"model-range is {useless}; a model of floats has no range");
        return new() { File = file, Data = data, Model = new(data, options, seed), Plan = plan, Workers = workers, Seed = seed };
    }

    /// <summary>Reads a signature.</summary>
    public static Precision ParsePrecision(string text)
        => Precision.All.FirstOrDefault(each => each.ToString() == text.ToLowerInvariant()) is { DataBits: > 0 } found ? found
            : throw Setting.Wrong("precision", text, Setting.Choice(Precision.All.Select(each => each.ToString())));

    /// <summary>Loads data with the help of all cores.</summary>
    public static LinearData Load(string source, bool intercept, Action<string>? notice, TextOptions? options = null, bool needsClasses = false, double validation = 0)
    {
        int cores = Environment.ProcessorCount;
        return LinearDataCatalog.Load(source, intercept, new(cores, (pieces, perform) => Hogwild.Share(cores, pieces, perform), FileTimes.Of, notice), options, needsClasses, validation);
    }

    // What a run file of another kind of run says by default is not said.
    private static bool IsNothing(RunFile file, Setting setting) => file.Derived.Contains(setting.Name) || file[setting.Name] == setting.Default;

    // Half of what would make a step on a typical example jump over its minimum.
    private static double DefaultRate(LinearLossKind loss, LinearData data)
        => double.Parse(((loss == LinearLossKind.LeastSquares ? 0.1 : 0.5) / Math.Max(data.MeanSquaredNorm, 1e-9)).ToString("g2", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>Twice the largest weight that floats reach on the first examples, as a power of two: the range of a fixed-point model.</summary>
    private static double PilotRange(LinearData data, LinearOptions options, LockFreePlan plan, ulong seed)
    {
        using var pilot = new LinearModel(data, options with { Precision = new(options.Precision.DataBits, 32), Hot = 0, Averages = false }, seed);
        Hogwild.Run(pilot, 1, seed, plan with { Samples = Math.Min(plan.Samples, 100_000), EvaluateEvery = 0, Sharing = Sharing.LockFree });
        double largest = pilot.LargestWeight();
        return largest > 0 && double.IsFinite(largest) ? Math.Pow(2, Math.Ceiling(Math.Log2(2 * largest))) : 1;
    }
}
