using Hooke.Models.Data;

namespace Hooke.Models.Nets;

/// <summary>Brings models and data together, or says in one line why they don't fit and what would.</summary>
public static class Fit
{
    /// <summary>The loss that suits what data ask for: classes, numbers, or the input again.</summary>
    /// <param name="spec">The network, whose own loss is taken where it suits.</param>
    /// <param name="kind">What the data ask for.</param>
    /// <param name="target">Shape of a target; several numbers in an answer stand for classes.</param>
    public static Loss LossFor(NetworkSpec spec, TargetKind kind, Shape target)
    {
        if (spec.Reconstructs || kind == TargetKind.Input) return spec.Loss;
        bool classes = kind == TargetKind.Label || target.Channels > 1;
        return !classes ? Loss.Regression : spec.Classifies ? spec.Loss : Loss.CrossEntropy;
    }

    /// <summary>The data as a model sees them. A model that is made for crops gets crops of its own size from larger images, half of them mirrored, unless something else is said.</summary>
    /// <param name="model">The model.</param>
    /// <param name="data">The data.</param>
    /// <param name="crop">Side of the crops; 0 for whole images, null for what the model is made for.</param>
    /// <param name="flip">Whether half of the training images are mirrored; null for what the model is made for.</param>
    /// <exception cref="ArgumentException">The data are no images, or smaller than the crop.</exception>
    public static DataSet See(ModelEntry model, DataSet data, int? crop, bool? flip)
    {
        Shape stored = data.StoredShape;
        if (!stored.IsImage && (crop > 0 || flip == true))
            throw new ArgumentException($"{(crop > 0 ? $"crop is {crop}" : "flip is true")}; data {data.Name} has examples of {stored}, which are no images");
        if (crop > 0 && (crop > stored.Height || crop > stored.Width))
            throw new ArgumentException($"crop is {crop}; it must be at most {Math.Min(stored.Height, stored.Width)}, for data {data.Name} has images of {stored}");
        int side = crop ?? (Crops(model, stored) ? model.Shape.Height : 0);
        return data.Cropped(side > 0 ? side : stored.Height, side > 0 ? side : stored.Width, flip ?? (model.Crops && stored.IsImage));
    }

    /// <summary>Makes sure that a network can learn data.</summary>
    /// <param name="spec">The network.</param>
    /// <param name="data">The data, as the network sees them.</param>
    /// <exception cref="ArgumentException">It can't; the message names both and what would fit.</exception>
    public static void Check(NetworkSpec spec, DataSet data)
    {
        spec.Validate();
        if (Problem(spec, data.Name, data.Shape, data.Target, data.TargetShape) is not { } problem) return;
        string[] fitting = [.. DataCatalog.Entries.Where(entry => Fits(spec, entry)).Select(entry => entry.Name)];
        string crop = spec.Input is { } wanted && wanted != data.Shape && wanted.Height == wanted.Width && Holds(data.StoredShape, wanted) ? $", or --crop {wanted.Height}" : "";
        throw new ArgumentException(problem + (fitting.Length > 0 ? $"; what would fit: {string.Join(", ", fitting)}{crop}" : ""));
    }

    private static bool Fits(NetworkSpec spec, DataEntry entry)
    {
        var model = ModelCatalog.Entries.FirstOrDefault(model => model.Name == spec.Name);
        Shape shape = model is not null && Crops(model, entry.Shape) ? model.Shape : entry.Shape;
        // Whoever did not say a loss gets the one that suits the data.
        if (!spec.Reconstructs) spec = spec with { Loss = LossFor(spec, entry.Target, entry.TargetShape) };
        return Problem(spec, entry.Name, shape, entry.Target, entry.TargetShape) is null;
    }

    /// <summary>Whether a model takes crops of images, which are not much larger than it needs.</summary>
    private static bool Crops(ModelEntry model, Shape stored) => model.Crops && model.Shape != stored && Holds(stored, model.Shape) && stored.Height < 2 * model.Shape.Height;

    private static bool Holds(Shape stored, Shape part) => stored.IsImage && stored.Channels == part.Channels && stored.Height >= part.Height && stored.Width >= part.Width;

    private static string? Problem(NetworkSpec spec, string name, Shape shape, TargetKind kind, Shape target)
    {
        if (spec.Input is { } wanted && wanted != shape) return $"model {spec.Name} needs examples of {wanted}; data {name} has {shape}";
        if (!spec.Reconstructs && kind == TargetKind.Input) return $"model {spec.Name} needs classes or numbers to predict; data {name} has only inputs to be reproduced";
        if (spec.Classifies && kind == TargetKind.Values && target.Channels < 2) return $"model {spec.Name} with loss {spec.Measure} needs classes; data {name} has a number to predict";
        try
        {
            spec.Shapes(shape, spec.Answers(shape, kind, target));
            return null;
        }
        catch (ArgumentException wrong)
        {
            return $"{wrong.Message}; data {name} has examples of {shape}";
        }
    }
}
