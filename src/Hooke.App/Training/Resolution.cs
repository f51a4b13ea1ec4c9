using System.Globalization;
using Hooke.App.LockFree;
using Hooke.Engine;
using Hooke.Engine.Checkpoints;
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

    /// <summary>The data as they are stored; the network may see crops of them.</summary>
    public required DataSet Data { get; init; }

    public required int Workers { get; init; }

    public required ulong Seed { get; init; }

    public required Initialization Initialization { get; init; }

    public required RunPlan Plan { get; init; }

    /// <summary>What views and folders say of it.</summary>
    public static implicit operator RunTitle(Resolution run) => new(run.File, run.Method.Name, run.Network.Spec.Name, run.Network.Dimension, run.Data.Name, run.Network.Examples, run.Workers, run.Seed)
    {
        Loss = run.Network.Spec.Measure,
        Mark = () => DataMark.Of(run.Data),
        Samples = run.Plan.Samples,
        Constant = () => run.Network.Constant,
        CheckpointBytes = () => CheckpointSize.Of(run.Method, run.Workers, run.Network.Dimension, run.Plan.MeasureGradient),
    };

    /// <summary>Completes what was said.</summary>
    /// <param name="said">What was said.</param>
    /// <param name="notice">Tells the user what was chosen in a way that may surprise.</param>
    /// <param name="data">The data, if they are loaded already.</param>
    /// <param name="mostWorkers">How many workers there may be; threads allow fewer than virtual time.</param>
    /// <exception cref="BadInputException">Something said is impossible.</exception>
    public static Resolution Of(RunFile said, Action<string> notice, DataSet? data = null, int mostWorkers = 4096)
    {
        try
        {
            return Resolve(said.Copy(), notice, data, mostWorkers);
        }
        catch (Exception wrong) when (wrong is ArgumentException or InvalidDataSetException)
        {
            throw new BadInputException(wrong.Message);
        }
    }

    private static Resolution Resolve(RunFile file, Action<string> notice, DataSet? data, int mostWorkers)
    {
        string Text(string name) => file.Derive(name, Setting.DefaultOf(name));

        LinearResolution.Refuse(file);
        var recipe = AllMethods.Find(Text("method"));
        int workers = (int)Setting.Whole("workers", file.Derive("workers", (recipe.IsSequential ? 1 : Environment.ProcessorCount).ToString(CultureInfo.InvariantCulture)), 1, mostWorkers);
        if (recipe.IsSequential && workers != 1)
        {
            notice($"{recipe.Name} is sequential: it runs with 1 worker, not {workers}");
            file.Rederive("workers", "1");
            workers = 1;
        }
        var model = ModelCatalog.Find(file.Derive("model", ModelChoices.ModelFor(file["data"])));

        ulong seed = ulong.TryParse(Text("seed"), NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) ? number
            : throw Setting.Wrong("seed", Text("seed"), $"a whole number from 0 to {ulong.MaxValue}");
        var sampling = Setting.OneOf<SamplingKind>("sampling", Text("sampling"));
        var initialization = Setting.OneOf<Initialization>("initialization", Text("initialization"));
        bool measures = Text("measure") switch { "none" => false, "gradient" => true, var other => throw Setting.Wrong("measure", other, "none or gradient") };
        var spec = ModelChoices.Complete(model, file);

        string source = file.Derive("data", model.Data);
        data ??= DataCatalog.Load(source, notice, ModelChoices.OptionsOf(file), ModelChoices.ValidationOf(file));
        // The run file says what was trained on, also where the real data can be had.
        if (DataCatalog.StandsIn(source, data)) file.Rederive("data", data.Name);
        int batch = (int)Setting.Whole("batch", file.Derive("batch", $"{model.Training.BatchFor(data.TrainCount)}"), 1, 1 << 20);
        double epochs = Setting.Number("epochs", file.Derive("epochs", Invariant(model.Training.EpochsFor(data.TrainCount, workers, batch))), double.Epsilon, 1e9, "above 0 and at most 1e9");
        double evaluateEvery = Setting.Number("evaluate-every", file.Derive("evaluate-every", Invariant(Math.Clamp(epochs / 10, 0.25, 1))), 0, 1e9, "from 0 to 1e9; 0 evaluates at the end only");
        var network = ModelChoices.Join(model, spec, data, new(sampling) { Batch = batch }, file);
        // A fraction of an epoch is whole examples, at least one for every worker.
        double samples = Math.Round(epochs * network.Examples);
        if (samples < workers) throw Setting.Wrong("epochs", Text("epochs"), string.Create(CultureInfo.InvariantCulture, $"at least {(double)workers / network.Examples:g3}, one of {data.Name}'s {network.Examples} examples a worker"));
        bool fullBatch = recipe.For(workers).FullBatch;
        long steps = Math.Max(1, (long)(samples / (fullBatch ? network.Examples : (double)batch * workers)));
        if (fullBatch && file.Derived.Contains("epochs")) notice($"{recipe.Name} has full batches: {Text("epochs")} epochs are {steps} steps, which rarely are enough; give --epochs");
        var choices = MethodChoices.Complete(recipe, workers, model.Training.ScaleFor(model.Spec.Loss, network.Spec.Loss), batch, steps, file);
        var batches = BatchShapes.Resolve(file, recipe, network, workers, seed, batch, (long)samples, notice);
        if (batches is not null) steps = Math.Max(1, BatchShapes.Count(batches, (long)samples) / workers);
        return new()
        {
            File = file,
            Method = MethodChoices.Make(recipe, choices, steps, file),
            Network = network,
            Data = data,
            Workers = workers,
            Seed = seed,
            Initialization = initialization,
            Plan = new((long)samples, batch) { Batches = batches, EvaluateEvery = evaluateEvery == 0 ? 0 : Math.Max(1, (long)Math.Round(evaluateEvery * network.Examples)), MeasureGradient = measures },
        };
    }

    /// <summary>A number as text that reads back as the same number.</summary>
    public static string Invariant(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
