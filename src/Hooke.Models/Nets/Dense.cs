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
    // A slice of a panel this deep (128 kB) stays in the second-level cache while all rows pass over it, which is near enough: a tile
    // of twelve rows asks for 128 bytes of it in 24 multiply-adds. Shallow slices cost more, in passes over the results.
    private const int Depth = 1024;

    private readonly IKernels kernels;
    private readonly int inputs, outputs, stride;
    private readonly PanelScratch scratch;
    private readonly NativeVector<float> output;
    private readonly NativeVector<float>? transposed;
    private Rows input;

    public DensePass(Dense layer, IKernels kernels, int rows)
    {
        this.kernels = kernels;
        (inputs, outputs) = (layer.Panels.Inputs, layer.Panels.Outputs);
        stride = Rows.StrideOf(outputs);
        scratch = new(layer.Panels);
        output = new(((rows + 7) & ~7) * stride);
        if (!layer.First) transposed = new(outputs * Panels.Columns);
    }

    public void Prepare(float* parameters, bool training) => scratch.Prepare(parameters);

    public Rows Forward(Rows input, float* parameters, in Chunk chunk)
    {
        this.input = input;
        int depth = Slice(inputs);
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
        WeightGradient.Add(kernels, scratch, input, output, parameters, gradient, chunk);
        if (transposed is null) return default;

        // Inputs: dx = Wᵀ dy, over x, which is not needed any more. A block of Wᵀ at a time is enough; all of it could be large.
        int depth = Slice(outputs);
        for (int i = 0; i < inputs; i += Panels.Columns)
        {
            int count = Math.Min(Panels.Columns, inputs - i);
            scratch.Transpose(parameters, i, count, transposed.Pointer, Panels.Columns);
            float* to = input.At(0) + i;
            for (int o = 0; o < outputs; o += depth)
                kernels.Multiply(chunk.Rows, Panels.Padded(count), Math.Min(depth, outputs - o), output.At(0) + o, output.Stride, 1,
                    transposed.Pointer + o * Panels.Columns, Panels.Columns, to, input.Stride, o == 0 ? null : to, input.Stride, 1);
        }
        return input;
    }

    /// <summary>Depth of equal slices.</summary>
    private static int Slice(int all) => (all + Depth - 1) / Depth is var slices ? (all + slices - 1) / slices : 0;

    public void Dispose()
    {
        output.Dispose();
        scratch.Dispose();
        transposed?.Dispose();
    }
}

/// <summary>
/// dW = Σ_rows input ⊗ output, biases included. The first chunk starts from λW, later ones from what there is. Inputs and derivatives
/// are read where they lie: a product's depth is only the rows of a chunk, too few to repay packing.
/// </summary>
internal static unsafe class WeightGradient
{
    public static void Add(IKernels kernels, PanelScratch scratch, Rows input, Rows output, float* parameters, float* gradient, in Chunk chunk)
    {
        Panels panels = scratch.Panels;
        float scale = chunk.First == 0 ? chunk.L2 : 1;
        for (int o = 0; o < panels.Outputs; o += Panels.Columns)
        {
            int columns = scratch.Columns(o);
            scratch.AddBiased(kernels, chunk.Count, o, output.At(0) + o, output.Stride);
            float* to = scratch.Gradient(gradient, o), start = chunk.First > 0 ? to : chunk.L2 == 0 ? null : scratch.Weights(parameters, o);
            kernels.Multiply(panels.Inputs, columns, chunk.Count, input.At(0), 1, input.Stride, output.At(0) + o, output.Stride, to, columns, start, columns, scale);
        }
        scratch.Finish(parameters, gradient, chunk);
    }
}
