namespace Hooke.Models.Data;

/// <summary>Training or test examples as they are stored, one behind the other.</summary>
/// <param name="Count">How many.</param>
/// <param name="Inputs">Their inputs: bytes or floats.</param>
/// <param name="Targets">Their targets: 32-bit labels, floats, or nothing where the target is the input.</param>
internal sealed record Examples(int Count, Region Inputs, Region Targets);

/// <summary>How inputs are stored.</summary>
public enum Element
{
    /// <summary>A byte b that stands for b/255: pixels.</summary>
    Byte = 1,
    /// <summary>A 32-bit float.</summary>
    Float = 4,
}

/// <summary>What a model is to answer.</summary>
public enum TargetKind
{
    /// <summary>The class that an example belongs to.</summary>
    Label,
    /// <summary>A tensor of floats.</summary>
    Values,
    /// <summary>The input itself, as the model sees it (autoencoders).</summary>
    Input,
}

/// <summary>What the examples of a data set have in common.</summary>
internal sealed record Layout
{
    public required string Name { get; init; }

    public required string Description { get; init; }

    /// <summary>Shape of a stored input.</summary>
    public required Shape Shape { get; init; }

    public Element Element { get; init; } = Element.Byte;

    public TargetKind Target { get; init; } = TargetKind.Label;

    /// <summary>Shape of a target of values; (1, 1, 1) otherwise.</summary>
    public Shape TargetShape { get; init; } = new(1, 1, 1);

    /// <summary>Number of classes, 0 without labels.</summary>
    public int Classes { get; init; }

    /// <summary>Whether models see standardized channels; else b/255 or the floats as they are.</summary>
    public bool Standardized { get; init; } = true;

    /// <summary>What classes and columns are called.</summary>
    public Names Names { get; init; } = Names.None;

    /// <summary>Whether a number to be predicted is standardized by the training examples, as inputs are.</summary>
    public bool StandardizesTargets => Standardized && Target == TargetKind.Values && TargetShape.Count == 1;

    /// <summary>Bytes in a stored input.</summary>
    public long InputBytes => (long)Shape.Count * (int)Element;

    /// <summary>Bytes in a stored target.</summary>
    public long TargetBytes => Target switch { TargetKind.Label => sizeof(int), TargetKind.Values => sizeof(float) * (long)TargetShape.Count, _ => 0 };
}
