using System.Runtime.CompilerServices;
using Hooke.Numerics;

namespace Hooke.Models.Nets;

/// <summary>
/// y = Wx + b. Weights lie in panels of 32 outputs, [outputs/32][inputs][32], the last panel being as wide as what remains, so
/// that full panels are multiplied where they lie; the biases follow.
/// </summary>
/// <param name="name">Prefix of its tensors' names.</param>
/// <param name="inputs">Inputs.</param>
/// <param name="outputs">Outputs.</param>
/// <param name="deviation">Standard deviation of the initial weights.</param>
/// <param name="bias">Initial bias.</param>
/// <param name="first">Whether nobody needs derivatives by its inputs.</param>
internal sealed class Dense(string name, int inputs, int outputs, double deviation, double bias, bool first) : ILayer
{
    /// <summary>Outputs in a panel: two vectors of 512 bits.</summary>
    public const int Panel = 32;

    public int Inputs => inputs;

    public int Outputs => outputs;

    public bool First => first;

    public int Parameters => (inputs + 1) * outputs;

    public IReadOnlyList<ParameterTensor> Tensors { get; } =
    [
        new(name + ".weight", [outputs, inputs], k => Place(inputs, outputs, k / inputs, k % inputs)),
        new(name + ".bias", [outputs], k => inputs * outputs + k),
    ];

    /// <summary>Draws follow the standard layout, so the start does not depend on the panels.</summary>
    public void Initialize(Span<float> parameters, Noise noise, long firstDraw)
    {
        for (int o = 0; o < outputs; o++)
            for (int i = 0; i < inputs; i++)
                parameters[Place(inputs, outputs, o, i)] = (float)(deviation * noise.Gaussian(firstDraw + (long)o * inputs + i));
        parameters[(inputs * outputs)..].Fill((float)bias);
    }

    public ILayerPass Open(IKernels kernels, int rows) => new DensePass(this, kernels, rows);

    private static int Place(int inputs, int outputs, int o, int i)
    {
        int panel = o / Panel * Panel;
        return panel * inputs + i * Math.Min(Panel, outputs - panel) + o - panel;
    }
}

/// <summary>A dense layer at work.</summary>
internal sealed unsafe class DensePass : ILayerPass
{
    // A slice of a panel this deep (24 kB) stays in the first-level cache while all rows pass over it.
    private const int Depth = 200;

    // Inputs packed at a time: a cache line.
    private const int Block = 16;
    private readonly Dense layer;
    private readonly IKernels kernels;
    private readonly int inputs, outputs, full, rest, width, stride, inputStride;
    private readonly NativeVector<float> output, packed, tail, tailGradient, biases, sums;
    private readonly NativeVector<float>? inputGradient, transposed;
    private Rows input;

    public DensePass(Dense layer, IKernels kernels, int rows)
    {
        this.layer = layer;
        this.kernels = kernels;
        (inputs, outputs) = (layer.Inputs, layer.Outputs);
        full = outputs / Dense.Panel * Dense.Panel;
        rest = outputs - full;
        width = Padded(rest);
        stride = Rows.StrideOf(full + width);
        inputStride = Rows.StrideOf(inputs / Dense.Panel * Dense.Panel + Padded(inputs % Dense.Panel));
        rows = (rows + 7) & ~7;
        output = new(rows * stride);
        packed = new(rows * Block);
        tail = new(inputs * width);
        tailGradient = new(inputs * width);
        biases = new(full + width);
        sums = new(full + width);
        if (layer.First) return;
        inputGradient = new(rows * inputStride);
        transposed = new(outputs * inputStride);
    }

    public void Prepare(float* parameters, bool training)
    {
        float* weights = parameters + full * inputs;
        for (int i = 0; i < inputs && rest > 0; i++) new Span<float>(weights + i * rest, rest).CopyTo(tail.Span.Slice(i * width, rest));
        new Span<float>(parameters + inputs * outputs, outputs).CopyTo(biases.Span);
        if (!training || transposed is null) return;
        for (int o = 0; o < full; o += Dense.Panel) Transpose(parameters + o * inputs, Dense.Panel, Dense.Panel, o);
        if (rest > 0) Transpose(tail.Pointer, width, rest, full);
    }

    public Rows Forward(Rows input, float* parameters, in Chunk chunk)
    {
        this.input = input;
        int slices = (inputs + Depth - 1) / Depth, depth = (inputs + slices - 1) / slices;
        for (int i = 0; i < inputs; i += depth)
            for (int o = 0; o < outputs; o += Dense.Panel)
            {
                bool whole = o < full;
                int columns = whole ? Dense.Panel : width;
                float* to = output.Pointer + o;
                kernels.Multiply(chunk.Rows, columns, Math.Min(depth, inputs - i), input.At(0) + i, input.Stride, 1,
                    (whole ? parameters + o * inputs : tail.Pointer) + i * columns, columns, to, stride,
                    i == 0 ? biases.Pointer + o : to, i == 0 ? 0 : stride, 1);
            }
        return new((nint)output.Pointer, stride);
    }

    public Rows Backward(Rows output, float* parameters, float* gradient, in Chunk chunk)
    {
        // Parameters: dW = Σ_rows input ⊗ output. The first chunk starts from λW, later ones from what there is. A few columns of
        // the inputs at a time are packed: walking down the rows themselves would touch a memory page per multiply-add.
        float scale = chunk.First == 0 ? chunk.L2 : 1;
        for (int i = 0; i < inputs; i += Block)
        {
            for (int r = 0; r < chunk.Count; r++) Unsafe.CopyBlock(packed.Pointer + r * Block, input.At(r) + i, Block * sizeof(float));
            for (int o = 0; o < outputs; o += Dense.Panel)
            {
                bool whole = o < full;
                int columns = whole ? Dense.Panel : width;
                float* to = (whole ? gradient + o * inputs : tailGradient.Pointer) + i * columns;
                float* from = (whole ? parameters + o * inputs : tail.Pointer) + i * columns;
                kernels.Multiply(Math.Min(Block, inputs - i), columns, chunk.Count, packed.Pointer, 1, Block, output.At(0) + o, output.Stride,
                    to, columns, chunk.First > 0 ? to : chunk.L2 == 0 ? null : from, columns, scale);
            }
        }
        float* remaining = gradient + full * inputs;
        for (int i = 0; i < inputs && rest > 0; i++) tailGradient.Span.Slice(i * width, rest).CopyTo(new(remaining + i * rest, rest));
        kernels.SumRows(chunk.Count, full + width, output.At(0), output.Stride, sums.Pointer);
        float* start = (chunk.First == 0 ? parameters : gradient) + inputs * outputs, bias = gradient + inputs * outputs;
        for (int o = 0; o < outputs; o++) bias[o] = sums.Pointer[o] + scale * start[o];
        if (inputGradient is null) return default;

        // Inputs: dx = Wᵀ dy.
        for (int i = 0; i < inputs; i += Dense.Panel)
        {
            int columns = inputs - i >= Dense.Panel ? Dense.Panel : Padded(inputs - i);
            kernels.Multiply(chunk.Rows, columns, outputs, output.At(0), output.Stride, 1,
                transposed!.Pointer + i, inputStride, inputGradient.Pointer + i, inputStride, null, 0, 1);
        }
        return new((nint)inputGradient.Pointer, inputStride);
    }

    public void Dispose()
    {
        foreach (var vector in (ReadOnlySpan<NativeVector<float>?>)[output, packed, tail, tailGradient, biases, sums, inputGradient, transposed]) vector?.Dispose();
    }

    /// <summary>Copies a panel's weights to rows of Wᵀ.</summary>
    private void Transpose(float* panel, int columns, int used, int firstOutput)
    {
        // Blocks of 16 inputs: a cache line of each of the panel's rows is written while it is near.
        for (int i = 0; i < inputs; i += 16)
            for (int o = 0, end = Math.Min(16, inputs - i); o < used; o++)
            {
                float* from = panel + i * columns + o, to = transposed!.Pointer + (nint)(firstOutput + o) * inputStride + i;
                for (int k = 0; k < end; k++) to[k] = from[k * columns];
            }
    }

    private static int Padded(int columns) => (columns + 15) / 16 * 16;
}
