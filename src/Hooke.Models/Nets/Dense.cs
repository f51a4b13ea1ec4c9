using System.Runtime.CompilerServices;
using Hooke.Models.Data;
using Hooke.Numerics;

namespace Hooke.Models.Nets;

/// <summary>y = Wx + b.</summary>
/// <param name="name">Prefix of its tensors' names.</param>
/// <param name="input">Shape of the inputs.</param>
/// <param name="outputs">Outputs.</param>
/// <param name="start">How the weights start.</param>
/// <param name="first">Whether nobody needs derivatives by its inputs.</param>
internal sealed class Dense(string name, Shape input, int outputs, Start start, bool first) : ILayer
{
    public Panels Panels { get; } = new(input, outputs);

    public bool First => first;

    public int Parameters => Panels.Parameters;

    public int Scratch => Rows.StrideOf(outputs);

    public IReadOnlyList<ParameterTensor> Tensors => field ??= Panels.Tensors(name, [outputs, Panels.Inputs]);

    public void Initialize(Span<float> parameters, Noise noise, long firstDraw) => start.Fill(Panels, parameters, noise, firstDraw);

    public ILayerPass Open(IKernels kernels, int rows) => new DensePass(this, kernels, rows);
}

/// <summary>A dense layer at work.</summary>
internal sealed unsafe class DensePass : ILayerPass
{
    // A slice of a panel this deep (24 kB) stays in the first-level cache while all rows pass over it.
    private const int Depth = 200;

    private readonly Dense layer;
    private readonly IKernels kernels;
    private readonly int inputs, outputs, stride;
    private readonly PanelScratch scratch;
    private readonly NativeVector<float> output;
    private readonly WeightGradient weightGradient;
    private readonly NativeVector<float>? transposed;
    private Rows input;

    public DensePass(Dense layer, IKernels kernels, int rows)
    {
        (this.layer, this.kernels) = (layer, kernels);
        (inputs, outputs) = (layer.Panels.Inputs, layer.Panels.Outputs);
        stride = Rows.StrideOf(outputs);
        scratch = new(layer.Panels);
        output = new(((rows + 7) & ~7) * stride);
        weightGradient = new(rows);
        if (!layer.First) transposed = new(outputs * Panels.Columns);
    }

    public void Prepare(float* parameters, bool training) => scratch.Prepare(parameters);

    public Rows Forward(Rows input, float* parameters, in Chunk chunk)
    {
        this.input = input;
        int slices = (inputs + Depth - 1) / Depth, depth = (inputs + slices - 1) / slices;
        for (int i = 0; i < inputs; i += depth)
            for (int o = 0; o < outputs; o += Panels.Columns)
            {
                int columns = scratch.Columns(o);
                float* to = output.Pointer + o;
                kernels.Multiply(chunk.Rows, columns, Math.Min(depth, inputs - i), input.At(0) + i, input.Stride, 1,
                    scratch.Weights(parameters, o) + i * columns, columns, to, stride, i == 0 ? scratch.Biases + o : to, i == 0 ? 0 : stride, 1);
            }
        return new((nint)output.Pointer, stride);
    }

    public Rows Backward(Rows output, float* parameters, float* gradient, in Chunk chunk)
    {
        weightGradient.Add(kernels, scratch, layer.Panels, input, output, parameters, gradient, chunk);
        scratch.Biased(kernels, output, 1, 0, parameters, gradient, chunk);
        if (transposed is null) return default;

        // Inputs: dx = Wᵀ dy, over x, which is not needed any more. A block of Wᵀ at a time is enough; all of it could be large.
        for (int i = 0; i < inputs; i += Panels.Columns)
        {
            int count = Math.Min(Panels.Columns, inputs - i);
            scratch.Transpose(parameters, i, count, transposed.Pointer, Panels.Columns);
            kernels.Multiply(chunk.Rows, Panels.Padded(count), outputs, output.At(0), output.Stride, 1,
                transposed.Pointer, Panels.Columns, input.At(0) + i, input.Stride, null, 0, 1);
        }
        return input;
    }

    public void Dispose()
    {
        output.Dispose();
        weightGradient.Dispose();
        scratch.Dispose();
        transposed?.Dispose();
    }
}

/// <summary>
/// dW = Σ_rows input ⊗ output. The first chunk starts from λW, later ones from what there is. A few columns of the inputs at a
/// time are packed: walking down the rows themselves would touch a memory page per multiply-add.
/// </summary>
/// <param name="rows">Greatest number of rows.</param>
internal sealed unsafe class WeightGradient(int rows) : IDisposable
{
    // Inputs packed at a time: a cache line.
    private const int Block = 16;
    private readonly NativeVector<float> packed = new(rows * Block);

    public void Add(IKernels kernels, PanelScratch scratch, Panels panels, Rows input, Rows output, float* parameters, float* gradient, in Chunk chunk)
    {
        float scale = chunk.First == 0 ? chunk.L2 : 1;
        for (int i = 0; i < panels.Inputs; i += Block)
        {
            for (int r = 0; r < chunk.Count; r++) Unsafe.CopyBlock(packed.Pointer + r * Block, input.At(r) + i, Block * sizeof(float));
            for (int o = 0; o < panels.Outputs; o += Panels.Columns)
            {
                int columns = scratch.Columns(o);
                float* to = scratch.Gradient(gradient, o) + i * columns, from = scratch.Weights(parameters, o) + i * columns;
                kernels.Multiply(Math.Min(Block, panels.Inputs - i), columns, chunk.Count, packed.Pointer, 1, Block, output.At(0) + o, output.Stride,
                    to, columns, chunk.First > 0 ? to : chunk.L2 == 0 ? null : from, columns, scale);
            }
        }
        scratch.Finish(gradient);
    }

    public void Dispose() => packed.Dispose();
}
