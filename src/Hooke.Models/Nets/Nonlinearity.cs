using Hooke.Numerics;

namespace Hooke.Models.Nets;

/// <summary>y = m·f(x) in place, m being dropout's factors in training and 1 otherwise.</summary>
/// <param name="Units">Units per example.</param>
/// <param name="Channels">Channels that they are in.</param>
/// <param name="Function">f; null for the identity.</param>
/// <param name="Dropout">The dropout, or null.</param>
internal sealed record Nonlinearity(int Units, int Channels, Activation? Function, Dropout? Dropout) : ILayer
{
    public int Parameters => 0;

    public int Scratch => Rows.StrideOf(Units);

    public IReadOnlyList<ParameterTensor> Tensors => [];

    public void Initialize(Span<float> parameters, Noise noise, long firstDraw) { }

    public ILayerPass Open(IKernels kernels, int rows) => new NonlinearityPass(this, kernels, rows);
}

/// <summary>A non-linearity at work: forward leaves m·f′(x) for backward.</summary>
internal sealed unsafe class NonlinearityPass(Nonlinearity layer, IKernels kernels, int rows) : ILayerPass
{
    private readonly NativeVector<float> slope = new(((rows + 7) & ~7) * Rows.StrideOf(layer.Units));

    public (int Units, int Channels)? Rectified => layer.Function == Activation.Relu ? (layer.Units, layer.Channels) : null;

    public void Prepare(float* parameters, bool training) { }

    public Rows Forward(Rows input, float* parameters, in Chunk chunk)
    {
        int count = chunk.Rows * input.Stride;
        if (!chunk.Training)
        {
            if (layer.Function is { } f) kernels.Activate(f, input.At(0), count);
            return input;
        }
        for (int r = 0; layer.Dropout is not null && r < chunk.Count; r++)
            layer.Dropout.Fill(chunk.Noise, chunk.First + r, new(slope.Pointer + (nint)r * input.Stride, layer.Units));
        if (layer.Function is { } function) kernels.Activate(function, input.At(0), slope.Pointer, count, layer.Dropout is not null);
        else kernels.MultiplyInPlace(input.At(0), slope.Pointer, count);
        return input;
    }

    public Rows Backward(Rows output, float* parameters, float* gradient, in Chunk chunk)
    {
        kernels.MultiplyInPlace(output.At(0), slope.Pointer, chunk.Rows * output.Stride);
        return output;
    }

    public void Dispose() => slope.Dispose();
}
