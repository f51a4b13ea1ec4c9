using Hooke.Models.Data;

namespace Hooke.Models.Nets;

/// <summary>A model that has a name.</summary>
/// <param name="Spec">The network with its default values.</param>
/// <param name="Description">One line: what it is.</param>
/// <param name="Reference">Where it comes from.</param>
/// <param name="Parameters">Number of parameters for 28×28 gray images in ten classes, the default data.</param>
public sealed record ModelEntry(NetworkSpec Spec, string Description, string Reference, int Parameters)
{
    /// <summary>Its name on the command line.</summary>
    public string Name => Spec.Name;

    /// <summary>Joins the model and a data set.</summary>
    /// <param name="data">What it learns.</param>
    /// <param name="sampling">How examples are drawn; a random partition per epoch by default.</param>
    /// <param name="vary">Changes to the defaults, for example <c>spec => spec with { L2 = 1e-4 }</c>.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public Network Build(DataSet data, Sampling? sampling = null, Func<NetworkSpec, NetworkSpec>? vary = null) => new(vary is null ? Spec : vary(Spec), data, sampling);
}

/// <summary>The models.</summary>
public static class ModelCatalog
{
    /// <summary>All entries.</summary>
    public static IReadOnlyList<ModelEntry> Entries { get; } =
    [
        new(new("softmax"), "softmax regression", "convex reference problem", 784 * 10 + 10),
        new(new("mlp", 256, 128), "multilayer perceptron 784-256-128-10, ReLU", "the default model", 784 * 256 + 256 + 256 * 128 + 128 + 128 * 10 + 10),
    ];

    /// <summary>Finds a model.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ArgumentException">The name is unknown.</exception>
    public static ModelEntry Find(string name) => Entries.FirstOrDefault(entry => entry.Name == name)
        ?? throw new ArgumentException($"model is {name}; it must be {string.Join(" or ", Entries.Select(entry => entry.Name))}");
}
