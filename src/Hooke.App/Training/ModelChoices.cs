using Hooke.Models.Nets;

namespace Hooke.App.Training;

/// <summary>Makes the network that a run file asks for, and writes into the file what it leaves to the model.</summary>
internal static class ModelChoices
{
    /// <summary>Options that only mean something where there are hidden layers.</summary>
    private static readonly string[] OfHiddenLayers = ["hidden", "activation", "dropout"];

    /// <summary>Makes the network and completes the file.</summary>
    public static NetworkSpec Complete(RunFile file)
    {
        var spec = ModelCatalog.Find(file["model"] ??= Setting.DefaultOf("model")).Spec;
        if (spec.Hidden.Count == 0) RefuseHiddenLayers(spec.Name, file);
        else
        {
            file["hidden"] ??= string.Join(',', spec.Hidden);
            spec = spec with
            {
                Hidden = [.. file["hidden"]!.Split(',').Select(width => (int)Setting.Whole("hidden", width, 1, 1 << 16))],
                Activation = Setting.OneOf<Activation>("activation", file["activation"] ??= Setting.Dashed(spec.Activation.ToString())),
                Dropout = Setting.Number("dropout", file["dropout"] ??= Resolution.Invariant(spec.Dropout), 0, Math.BitDecrement(1), "at least 0 and below 1"),
            };
        }
        return spec with
        {
            Loss = Setting.OneOf<Loss>("loss", file["loss"] ??= Setting.Dashed(spec.Loss.ToString())),
            L2 = Setting.Number("l2", file["l2"] ??= Resolution.Invariant(spec.L2), 0, 1e9, "from 0 to 1e9"),
            InitialBias = Setting.Number("bias", file["bias"] ??= Resolution.Invariant(spec.InitialBias), -1e9, 1e9, "from -1e9 to 1e9"),
        };
    }

    private static void RefuseHiddenLayers(string model, RunFile file)
    {
        foreach (string name in OfHiddenLayers)
            if (file[name] is { } text) throw new BadInputException($"{name} is {text}; {model} has no hidden layers, so it has no {name}");
    }
}
