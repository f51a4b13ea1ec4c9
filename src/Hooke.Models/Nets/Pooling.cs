using Hooke.Models.Data;
using Hooke.Numerics;

namespace Hooke.Models.Nets;

/// <summary>
/// Maxima over windows, max(0, ·) included if a ReLU stands before: it commutes with the maximum, and here it sees fewer elements.
/// </summary>
/// <param name="Spec">Windows.</param>
/// <param name="Input">Shape of the inputs.</param>
/// <param name="Rectify">Whether a ReLU is included.</param>
internal sealed record Pooling(PoolingLayer Spec, Shape Input, bool Rectify) : ILayer
{
    public Shape Output { get; } = Spec.Output(Input);

    public int Parameters => 0;

    public int Scratch => 2 * Rows.StrideOf(Output.Count);

    public IReadOnlyList<ParameterTensor> Tensors => [];

    public void Initialize(Span<float> parameters, Noise noise, long firstDraw) { }

    public ILayerPass Open(IKernels kernels, int rows) => new PoolingPass(this, kernels, rows);
}

/// <summary>Pooling at work: derivatives take the place of the inputs.</summary>
internal sealed unsafe class PoolingPass(Pooling layer, IKernels kernels, int rows) : ILayerPass
{
    private readonly int stride = Rows.StrideOf(layer.Output.Count), line = layer.Input.Width * layer.Input.Channels, outputLine = layer.Output.Width * layer.Output.Channels;
    private readonly int size = layer.Spec.Size, step = layer.Spec.Step, channels = layer.Input.Channels;
    private readonly NativeVector<float> output = new(((rows + 7) & ~7) * Rows.StrideOf(layer.Output.Count) + Panels.Columns), index = new(rows * Rows.StrideOf(layer.Output.Count));
    private Rows input;

    public (int Units, int Channels)? Rectified => layer.Rectify ? (layer.Output.Count, layer.Output.Channels) : null;

    public void Prepare(float* parameters, bool training) { }

    public Rows Forward(Rows input, float* parameters, in Chunk chunk)
    {
        this.input = input;
        for (int r = 0; r < chunk.Count; r++)
            for (int y = 0; y < layer.Output.Height; y++)
            {
                nint place = (nint)r * stride + y * outputLine;
                kernels.Pool(layer.Output.Width, channels, size, input.At(r) + y * step * line, line, step * channels, output.Pointer + place, index.Pointer + place, layer.Rectify);
            }
        return new((nint)output.Pointer, stride);
    }

    public Rows Backward(Rows output, float* parameters, float* gradient, in Chunk chunk)
    {
        // Windows side by side write every element once, unless something is left over at the edge or between them.
        bool overlapping = step < size, clear = step != size || layer.Input.Height % size != 0 || layer.Input.Width % size != 0;
        for (int r = 0; r < chunk.Count; r++)
        {
            if (clear) new Span<float>(input.At(r), layer.Input.Count).Clear();
            for (int y = 0; y < layer.Output.Height; y++)
                kernels.Unpool(layer.Output.Width, channels, size, output.At(r) + y * outputLine, index.Pointer + (nint)r * stride + y * outputLine,
                    input.At(r) + y * step * line, line, step * channels, overlapping);
        }
        return input;
    }

    public void Dispose()
    {
        output.Dispose();
        index.Dispose();
    }
}
