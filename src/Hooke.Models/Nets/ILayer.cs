using Hooke.Models.Data;
using Hooke.Numerics;

namespace Hooke.Models.Nets;

/// <summary>One row per example, in native memory.</summary>
/// <param name="Data">The first row.</param>
/// <param name="Stride">Floats from one row to the next.</param>
internal readonly unsafe record struct Rows(nint Data, int Stride)
{
    public float* At(int row) => (float*)Data + (nint)row * Stride;

    /// <summary>
    /// A stride for so many columns: whole cache lines, an odd number of them, so that a column's elements spread over all
    /// sets of the first-level cache.
    /// </summary>
    /// <param name="columns">Columns.</param>
    public static int StrideOf(int columns) => (columns + 15) / 16 * 16 is var padded && padded / 16 % 2 == 0 ? padded + 16 : padded;
}

/// <summary>The part of a batch that is in scratch memory.</summary>
/// <param name="Count">Examples in it.</param>
/// <param name="First">Where it starts in the batch.</param>
/// <param name="Training">Whether a gradient will follow; dropout acts only then.</param>
/// <param name="L2">λ.</param>
/// <param name="Noise">The step's random numbers for dropout.</param>
internal readonly record struct Chunk(int Count, int First, bool Training, float L2, Noise Noise)
{
    /// <summary>Rows to compute: register tiles are eight rows high, and what they write below the last example is never read.</summary>
    public int Rows => (Count + 7) & ~7;
}

/// <summary>Sizes of shapes.</summary>
internal static class ShapeSize
{
    extension(Shape shape)
    {
        /// <summary>Number of elements.</summary>
        public int Count => shape.Height * shape.Width * shape.Channels;
    }
}

/// <summary>A tensor inside a layer's parameters.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Place">Where in the layer's parameters an element is, given its row-major index.</param>
internal sealed record ParameterTensor(string Name, int[] Shape, Func<int, int> Place)
{
    public int Length => Shape.Aggregate(1, (a, b) => a * b);
}

/// <summary>A layer, as a description; <see cref="Open"/> gives what computes with it.</summary>
internal interface ILayer
{
    /// <summary>Number of parameters, which are a slice of the network's flat vector.</summary>
    int Parameters { get; }

    /// <summary>Floats of scratch memory for an example.</summary>
    int Scratch { get; }

    /// <summary>Names and places of the parameters.</summary>
    IReadOnlyList<ParameterTensor> Tensors { get; }

    /// <summary>Writes initial parameters.</summary>
    /// <param name="parameters">The slice.</param>
    /// <param name="noise">The random numbers to use.</param>
    /// <param name="firstDraw">The first of them that belongs to this layer.</param>
    void Initialize(Span<float> parameters, Noise noise, long firstDraw);

    /// <summary>Allocates scratch memory for one thread.</summary>
    /// <param name="kernels">Inner loops to use.</param>
    /// <param name="rows">Greatest number of examples in a chunk.</param>
    ILayerPass Open(IKernels kernels, int rows);
}

/// <summary>A layer at work in one thread.</summary>
internal unsafe interface ILayerPass : IDisposable
{
    /// <summary>Numbers in an example's outputs, and how many channels they are in, if the outputs are rectified; else null.</summary>
    (int Units, int Channels)? Rectified => null;

    /// <summary>Called once per parameter vector, before its chunks.</summary>
    /// <param name="parameters">The layer's slice.</param>
    /// <param name="training">Whether <see cref="Backward"/> will be called.</param>
    void Prepare(float* parameters, bool training);

    /// <summary>Computes outputs.</summary>
    /// <param name="input">The layer's inputs; must stay until <see cref="Backward"/>.</param>
    /// <param name="parameters">The layer's slice.</param>
    /// <param name="chunk">Which examples.</param>
    Rows Forward(Rows input, float* parameters, in Chunk chunk);

    /// <summary>
    /// Computes derivatives of the loss by the parameters (the first chunk writes them, others add to them) and by the inputs, which
    /// they overwrite.
    /// </summary>
    /// <param name="output">Derivatives by the outputs; may be overwritten.</param>
    /// <param name="parameters">The layer's slice.</param>
    /// <param name="gradient">The layer's slice of the gradient.</param>
    /// <param name="chunk">Which examples.</param>
    Rows Backward(Rows output, float* parameters, float* gradient, in Chunk chunk);
}
