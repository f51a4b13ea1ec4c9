using System.Globalization;
using Hooke.Models.Data;
using Hooke.Models.Nets;

namespace Hooke.App.Training;

/// <summary>Makes the network that a run file asks for, lets it see the data, and writes into the file what it leaves to the model.</summary>
internal static class ModelChoices
{
    /// <summary>The model where nothing is said: for tables and sparse rows, which are no images, a multilayer perceptron.</summary>
    /// <param name="data">What was said of the data, or null.</param>
    public static string ModelFor(string? data) => KindOf(data) switch
    {
        SourceKind.Table or SourceKind.Sparse => "mlp",
        SourceKind.Mapped when !DataImport.Open(data!, false).StoredShape.IsImage => "mlp",
        _ => Setting.DefaultOf("model"),
    };

    /// <summary>The kind of data at a path; null for named sets, and where nothing is.</summary>
    /// <param name="data">What was said of the data, or null.</param>
    /// <exception cref="BadInputException">Options behind the path are wrong, or it cannot be read.</exception>
    public static SourceKind? KindOf(string? data)
    {
        try
        {
            return data is null || DataCatalog.Entries.Any(entry => entry.Name == data) ? null : DataSource.Find(data)?.Kind;
        }
        catch (InvalidDataSetException wrong)
        {
            throw new BadInputException(wrong.Message);
        }
    }

    /// <summary>Which fraction of the training examples is held out to choose by; 0 for none.</summary>
    public static double ValidationOf(RunFile file) => Setting.Number("validation-fraction", file.Derive("validation-fraction", "0"), 0, 0.5, "from 0 to 0.5");

    /// <summary>What was said of text files.</summary>
    /// <param name="file">What was said.</param>
    /// <param name="task">What the model takes targets for where nothing is said.</param>
    public static TextOptions OptionsOf(RunFile file, TargetTask task = TargetTask.Unsaid) => new()
    {
        Task = task,
        TestPath = file["test-data"],
        IndexBase = file["index-base"] is { } first ? (int)Setting.Whole("index-base", first, 0, 1) : null,
    };

    /// <summary>Makes the network, but for a loss that depends on the data, and completes the file.</summary>
    public static NetworkSpec Complete(ModelEntry model, RunFile file)
    {
        var spec = model.Spec;
        if (Means("hidden", spec, file, string.Join(',', spec.Hidden)) is { } hidden)
            spec = spec with { Hidden = [.. hidden.Split(',').Select(width => (int)Setting.Whole("hidden", width, 1, 1 << 16))] };
        if (Means("activation", spec, file, Setting.Dashed(spec.Activation.ToString())) is { } activation)
            spec = spec with { Activation = Setting.OneOf<Activation>("activation", activation) };
        if (Means("dropout", spec, file, Resolution.Invariant(spec.Dropout)) is { } dropout)
            spec = spec with { Dropout = Setting.Number("dropout", dropout, 0, Math.BitDecrement(1), "at least 0 and below 1") };
        if (file["crop"] is { } crop) Setting.Whole("crop", crop, 0, 1 << 16);
        if (file["flip"] is { } flip and not ("true" or "false")) throw Setting.Wrong("flip", flip, "true or false");
        return spec with
        {
            Loss = file["loss"] is { } loss ? Setting.OneOf<Loss>("loss", loss) : spec.Loss,
            L2 = Setting.Number("l2", file.Derive("l2", Resolution.Invariant(spec.L2)), 0, 1e9, "from 0 to 1e9"),
            InitialBias = Setting.Number("bias", file.Derive("bias", Resolution.Invariant(spec.InitialBias)), -1e9, 1e9, "from -1e9 to 1e9"),
        };
    }

    /// <summary>Lets the network see the data, and completes the file.</summary>
    public static Network Join(ModelEntry model, NetworkSpec spec, DataSet data, Sampling sampling, RunFile file)
    {
        data = Fit.See(model, data, file["crop"] is { } crop ? int.Parse(crop, CultureInfo.InvariantCulture) : null, file["flip"] is { } flip ? flip == "true" : null);
        if (file["loss"] is null) spec = spec with { Loss = Fit.LossFor(spec, data.Target, data.TargetShape) };
        Fit.Check(spec, data);
        file.Derive("crop", data.Shape == data.StoredShape ? "0" : data.Shape.Height.ToString(CultureInfo.InvariantCulture));
        file.Derive("flip", data.Flips ? "true" : "false");
        file.Derive("loss", Setting.Dashed(spec.Loss.ToString()));
        return new(spec, data, sampling with { Chunk = Sampling.ChunkOf(data) });
    }

    /// <summary>What an option is that only means something where there are layers for it; null elsewhere.</summary>
    private static string? Means(string name, NetworkSpec spec, RunFile file, string standard)
    {
        bool means = spec.Hidden.Count > 0 || name == "activation" && spec.Front.Any(layer => layer is ActivationLayer { Function: null }) || name == "dropout" && spec.Front.Any(layer => layer is DropoutLayer { Rate: null });
        if (means) return file.Derive(name, standard);
        return file[name] is not { } text ? null : throw new BadInputException($"{name} is {text}; {spec.Name} has no hidden layers, so it has no {name}");
    }
}
