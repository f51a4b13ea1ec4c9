using System.Numerics;
using Hooke.Numerics;

namespace Hooke.Models.Nets;

/// <summary>Notes which of a layer's rectified units fire: a unit of a dense layer, or a channel anywhere in an image.</summary>
/// <param name="units">Numbers in an example.</param>
/// <param name="channels">Units among them: the last dimension.</param>
internal sealed unsafe class FiringUnits(int units, int channels) : IDisposable
{
    private readonly NativeVector<float> greatest = new(units);

    /// <summary>Units.</summary>
    public int Count => channels;

    /// <summary>Forgets all.</summary>
    public void Clear() => greatest.Span.Clear();

    /// <summary>Notes what examples make fire.</summary>
    /// <param name="outputs">The rectified outputs.</param>
    /// <param name="rows">Examples.</param>
    public void Note(Rows outputs, int rows)
    {
        var all = greatest.Span;
        for (int r = 0; r < rows; r++) Elementwise.Map(new Greater(), all, new(outputs.At(r), units), all);
    }

    /// <summary>Sets the bits of the units that fired.</summary>
    /// <param name="bits">A bit a unit.</param>
    /// <param name="first">The layer's first bit.</param>
    public void Mark(Span<ulong> bits, int first)
    {
        var all = greatest.Span;
        for (int k = 0; k < all.Length; k++)
            if (all[k] > 0) bits[(first + k % channels) / 64] |= 1UL << (first + k % channels) % 64;
    }

    public void Dispose() => greatest.Dispose();

    private readonly struct Greater : IMap<float>
    {
        public Vector<float> Apply(Vector<float> x, Vector<float> y) => Vector.Max(x, y);
    }
}
