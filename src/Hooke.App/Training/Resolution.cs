using System.Globalization;
using Hooke.Engine;
using Hooke.Methods;
using Hooke.Methods.Catalog;
using Hooke.Models.Data;
using Hooke.Models.Nets;
using Hooke.Runs;

namespace Hooke.App.Training;

/// <summary>A run with every choice made: what was said, completed by defaults and checked, and the objects made of it.</summary>
internal sealed class Resolution
{
    /// <summary>What the run file says when nothing is left open.</summary>
    public required RunFile File { get; init; }

    public required Method Method { get; init; }

    public required Network Network { get; init; }

    public required DataSet Data { get; init; }

    public required int Workers { get; init; }

    public required ulong Seed { get; init; }

    public required double Epochs { get; init; }

    public required Initialization Initialization { get; init; }

    public required RunPlan Plan { get; init; }

    /// <summary>Completes what was said.</summary>
    /// <param name="said">What was said.</param>
    /// <param name="notice">Tells the user what was chosen in a way that may surprise.</param>
    /// <param name="data">The data, if they are loaded already.</param>
    /// <exception cref="BadInputException">Something said is impossible.</exception>
    public static Resolution Of(RunFile said, Action<string> notice, DataSet? data = null)
    {
        try
        {
            return Resolve(said, notice, data);
        }
        catch (Exception wrong) when (wrong is ArgumentException or InvalidDataSetException)
        {
            throw new BadInputException(wrong.Message);
        }
    }

    private static Resolution Resolve(RunFile said, Action<string> notice, DataSet? data)
    {
        string Text(string name, string byDefault) => said[name] ?? byDefault;
        var file = new RunFile();
        foreach (var (option, value) in said.Said) file[option] = value;
        file.Derived.UnionWith(said.Derived);

        var recipe = AllMethods.Find(file["method"] = Text("method", "eamsgd"));
        int workers = (int)Setting.Whole("workers", Text("workers", recipe.IsSequential ? "1" : Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture)), 1, 4096);
        if (recipe.IsSequential && workers != 1)
        {
            notice($"{recipe.Name} is sequential: it runs with 1 worker, not {workers}");
            workers = 1;
        }
        file["workers"] = workers.ToString(CultureInfo.InvariantCulture);
        var method = CreateMethod(recipe, workers, file);

        int batch = (int)Setting.Whole("batch", file["batch"] = Text("batch", "128"), 1, 1 << 20);
        double epochs = Setting.Number("epochs", file["epochs"] = Text("epochs", "10"), double.Epsilon, 1e9, "above 0");
        double evaluateEvery = Setting.Number("evaluate-every", file["evaluate-every"] = Text("evaluate-every", Invariant(Math.Clamp(epochs / 20, 0.25, 1))), 0, 1e9, "at least 0; 0 evaluates at the end only");
        string seedText = file["seed"] = Text("seed", "1");
        if (!ulong.TryParse(seedText, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed)) throw new BadInputException($"seed is {seedText}; it must be a whole number from 0 to {ulong.MaxValue}");
        var sampling = new Sampling(Setting.OneOf<SamplingKind>("sampling", file["sampling"] = Text("sampling", "partition"))) { Batch = batch };
        var initialization = Setting.OneOf<Initialization>("initialization", file["initialization"] = Text("initialization", "shared"));
        bool measure = Text("measure", "none") switch { "none" => false, "gradient" => true, var other => throw new BadInputException($"measure is {other}; it must be none or gradient") };
        file["measure"] = measure ? "gradient" : "none";
        var spec = CreateSpec(file);

        data ??= DataCatalog.Load(Text("data", "fashion-mnist"), notice);
        file["data"] = Text("data", "fashion-mnist");
        var network = new Network(spec, data, sampling);
        return new()
        {
            File = file,
            Method = method,
            Network = network,
            Data = data,
            Workers = workers,
            Seed = seed,
            Epochs = epochs,
            Initialization = initialization,
            Plan = new((long)Math.Round(epochs * network.Examples), batch) { EvaluateEvery = (long)Math.Round(evaluateEvery * network.Examples), MeasureGradient = measure },
        };
    }

    private static Method CreateMethod(Recipe recipe, int workers, RunFile file)
    {
        var readout = file["average"] is { } average ? Setting.OneOf<ReadoutChoice>("average", average) : recipe.Readout;
        var parameters = recipe.Parameters.Concat(Recipe.Averaging(readout)).ToArray();
        var values = new Dictionary<string, double>();
        bool fromFirstDrop = false;
        foreach (string name in AllMethods.Recipes.SelectMany(r => r.Parameters).Concat(Recipe.Averaging(ReadoutChoice.MovingAverage)).Select(p => p.Name).Distinct())
        {
            if (file[name] is not { } text) continue;
            if (name == "average-from" && text == "first-drop") fromFirstDrop = true;
            else values[name] = Setting.Number(name, text, double.NegativeInfinity, double.PositiveInfinity, "a number");
        }
        var choices = new Choices(workers)
        {
            Values = values,
            Timing = file["timing"] is { } timing ? Setting.OneOf<TimingChoice>("timing", timing) : null,
            Rate = RateShapes.Parse(file["schedule"] ??= "constant"),
            Readout = readout,
            AverageFromFirstDrop = fromFirstDrop,
            GrowingMomentum = file["momentum-schedule"] switch { null or "constant" => false, "growing" => true, var other => throw new BadInputException($"momentum-schedule is {other}; it must be constant or growing") },
        };
        var method = recipe.Create(choices);

        // What the recipe filled in goes to the file; what it derived from p is marked, so that another p derives it anew.
        if (!recipe.IsSequential) file["timing"] ??= Setting.Dashed(recipe.Timings[0].ToString());
        file["average"] ??= Setting.Dashed(readout.ToString());
        foreach (var parameter in parameters)
        {
            if (file[parameter.Name] is not null) continue;
            double value = parameter.Name == "center-rate" && double.IsNaN(parameter.Default.For(workers))
                ? values.TryGetValue("moving-rate", out double moving) ? moving : Parameter.MovingRate.Default.For(workers)
                : parameter.Default.For(workers);
            if (!double.IsFinite(value)) continue;
            file[parameter.Name] = Invariant(value);
            if (!double.TryParse(parameter.Default.Text, CultureInfo.InvariantCulture, out _)) file.Derived.Add(parameter.Name);
        }
        return method;
    }

    private static NetworkSpec CreateSpec(RunFile file)
    {
        var entry = ModelCatalog.Find(file["model"] ??= "mlp");
        var spec = entry.Spec with
        {
            Activation = Setting.OneOf<Activation>("activation", file["activation"] ??= Setting.Dashed(entry.Spec.Activation.ToString())),
            Loss = Setting.OneOf<Loss>("loss", file["loss"] ??= Setting.Dashed(entry.Spec.Loss.ToString())),
            L2 = Setting.Number("l2", file["l2"] ??= Invariant(entry.Spec.L2), 0, 1e9, "at least 0"),
            Dropout = Setting.Number("dropout", file["dropout"] ??= Invariant(entry.Spec.Dropout), 0, 1, "at least 0 and below 1"),
            InitialBias = Setting.Number("bias", file["bias"] ??= Invariant(entry.Spec.InitialBias), -1e9, 1e9, "a finite number"),
        };
        if (file["hidden"] is { } hidden)
            spec = spec with { Hidden = hidden.Length == 0 ? [] : [.. hidden.Split(',').Select(width => (int)Setting.Whole("hidden", width, 1, 1 << 16))] };
        file["hidden"] = string.Join(',', spec.Hidden);
        spec.Validate();
        return spec;
    }

    private static string Invariant(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
