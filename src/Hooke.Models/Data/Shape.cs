namespace Hooke.Models.Data;

/// <summary>Shape of a tensor [row][column][channel]. An image has all three; a sequence is (steps, 1, channels), a row of features (1, 1, features).</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Channels">Numbers at each place.</param>
public readonly record struct Shape(int Height, int Width, int Channels)
{
    /// <summary>Greatest number of elements in an example.</summary>
    public const int MaximumCount = 1 << 26;

    /// <summary>Number of elements.</summary>
    public int Count => Height * Width * Channels;

    /// <summary>Whether places have neighbors in both directions, as in an image.</summary>
    public bool IsImage => Height > 1 && Width > 1;

    /// <summary>Whether each extent is at least 1 and the number of elements at most <see cref="MaximumCount"/>.</summary>
    public bool IsValid => Height >= 1 && Width >= 1 && Channels >= 1 && (UInt128)(uint)Height * (uint)Width * (uint)Channels <= MaximumCount;

    /// <inheritdoc/>
    public override string ToString() => $"{Height}x{Width}x{Channels}";
}
