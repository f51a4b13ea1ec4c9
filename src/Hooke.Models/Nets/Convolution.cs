using System.Runtime.CompilerServices;
using Hooke.Models.Data;
using Hooke.Numerics;

namespace Hooke.Models.Nets;

/// <summary>A convolution on images with channels last, computed in place of its windows without unrolling them.</summary>
/// <param name="name">Prefix of its tensors' names.</param>
/// <param name="spec">Kernel, stride and padding.</param>
/// <param name="input">Shape of the inputs.</param>
/// <param name="start">How the weights start.</param>
/// <param name="first">Whether nobody needs derivatives by its inputs.</param>
internal sealed class Convolution(string name, ConvolutionLayer spec, Shape input, Start start, bool first) : ILayer
{
    public ConvolutionLayer Spec => spec;

    public Shape Input => input;

    public Shape Output { get; } = spec.Output(input);

    /// <summary>Shape of the inputs with padding.</summary>
    public Shape Padded { get; } = new(input.Height + 2 * spec.PaddingHeight, input.Width + 2 * spec.PaddingWidth, input.Channels);

    public Panels Panels { get; } = new(new(spec.Height, spec.Width, input.Channels), spec.Channels);

    public bool First => first;

    public int Parameters => Panels.Parameters;

    public int Scratch => Rows.StrideOf(Output.Count) + (Padded == input ? 0 : Rows.StrideOf(Padded.Count));

    public IReadOnlyList<ParameterTensor> Tensors => field ??= Panels.Tensors(name, [spec.Channels, input.Channels, spec.Height, spec.Width]);

    public void Initialize(Span<float> parameters, Noise noise, long firstDraw) => start.Fill(Panels, parameters, noise, firstDraw);

    public ILayerPass Open(IKernels kernels, int rows) => new ConvolutionPass(this, kernels, rows);
}

/// <summary>A convolution at work.</summary>
/// <remarks>
/// With x of [row][column][channel], the window of output (r, q) is kh runs of kw·channels neighboring elements, beginning at
/// (r·stride, q·stride). Two tables hold, for the outputs of a group of examples, where each one's window begins and where its
/// channels are. All three products read and write through them:
/// <code>
/// y(p, ·)      = b + Σ_runs Σ_k x[window p + run + k] W(run + k, ·)       windows in tiles, weights from the second-level cache
/// dW(k, ·)    += Σ_p x[window p + k] dy(p, ·)                             one run at a time
/// dx[window p + tap] += Σ_o dy(p, o) Wᵀ(tap)(o, ·)                        one tap (kernel element) at a time
/// </code>
/// </remarks>
internal sealed unsafe class ConvolutionPass : ILayerPass
{
    // Outputs that the weights' gradient sums over before it goes back to memory; their derivatives (8 kB a panel) stay in the
    // first-level cache.
    private const int Piece = 64;

    // Tiles are so many windows high.
    private const int Tile = 8;

    private readonly Convolution layer;
    private readonly IKernels kernels;
    private readonly Panels panels;
    private readonly Shape source;
    private readonly int pixels, group, run, line, outputStride, sourceStride;
    private readonly PanelScratch scratch;
    private readonly NativeVector<float> output, aside, packed;
    private readonly NativeVector<float>? padded, transposed;
    private readonly NativeVector<int> windows, places, asideWindows, asidePlaces;
    private Rows input, at;

    public ConvolutionPass(Convolution layer, IKernels kernels, int rows)
    {
        (this.layer, this.kernels, panels, source) = (layer, kernels, layer.Panels, layer.Padded);
        var (spec, shape) = (layer.Spec, layer.Output);
        pixels = shape.Height * shape.Width;
        run = spec.Width * source.Channels;
        line = source.Width * source.Channels;
        outputStride = Rows.StrideOf(shape.Count);
        sourceStride = Rows.StrideOf(source.Count);
        scratch = new(panels);
        output = new(((rows + 7) & ~7) * outputStride + Panels.Columns); // derivatives are read in whole panels
        aside = new(Tile * Panels.Columns);
        packed = new(Piece * Panels.Columns);
        if (source != layer.Input) padded = new(rows * sourceStride);
        if (!layer.First) transposed = new(spec.Height * spec.Width * panels.Outputs * Panels.Padded(source.Channels));

        group = Math.Clamp((Piece + pixels - 1) / pixels, 1, rows);
        windows = new(group * pixels);
        places = new(group * pixels);
        for (int p = 0; p < group * pixels; p++)
        {
            int example = p / pixels, y = p % pixels / shape.Width, x = p % shape.Width;
            windows.Span[p] = example * sourceStride + y * spec.Stride * line + x * spec.Stride * source.Channels;
            places.Span[p] = example * outputStride + p % pixels * panels.Outputs;
        }
        asideWindows = new(Tile);
        asidePlaces = new(Tile);
        for (int k = 0; k < Tile; k++) asidePlaces.Span[k] = k * Panels.Columns;
    }

    public void Prepare(float* parameters, bool training)
    {
        scratch.Prepare(parameters);
        if (!training || transposed is null) return;
        // [tap][panel of input channels][output][channel]
        float* to = transposed.Pointer;
        for (int tap = 0; tap < panels.Inputs; tap += source.Channels)
            for (int c = 0; c < source.Channels; c += Panels.Columns)
            {
                int count = Math.Min(Panels.Columns, source.Channels - c), columns = Panels.Padded(count);
                scratch.Transpose(parameters, tap + c, count, to, columns);
                to += columns * panels.Outputs;
            }
    }

    public Rows Forward(Rows input, float* parameters, in Chunk chunk)
    {
        this.input = input;
        at = padded is null ? input : Pad(input, chunk.Count);
        for (int first = 0; first < chunk.Count; first += group)
        {
            int count = Math.Min(group, chunk.Count - first) * pixels;
            for (int o = 0; o < panels.Outputs; o += Panels.Columns)
                Multiply(count, scratch.Outputs(o), scratch.Columns(o), layer.Spec.Height, run, line, at.At(first), windows.Pointer, scratch.Weights(parameters, o),
                    output.Pointer + (nint)first * outputStride + o, places.Pointer, scratch.Biases + o);
        }
        return new((nint)output.Pointer, outputStride);
    }

    public Rows Backward(Rows output, float* parameters, float* gradient, in Chunk chunk)
    {
        for (int first = 0; first < chunk.Count; first += group)
        {
            int count = Math.Min(group, chunk.Count - first) * pixels, pieces = (count + Piece - 1) / Piece, size = (count + pieces - 1) / pieces;
            for (int p = 0; p < count; p += size) AddProducts(Math.Min(size, count - p), first, p, output, parameters, gradient, chunk);
        }
        scratch.Finish(parameters, gradient, chunk);
        if (transposed is null) return default;

        // Inputs: over x, which is not needed any more.
        for (int first = 0; first < chunk.Count; first += group)
        {
            int examples = Math.Min(group, chunk.Count - first);
            for (int r = first; r < first + examples; r++) new Span<float>(at.At(r), source.Count).Clear();
            float* weights = transposed.Pointer;
            for (int y = 0; y < layer.Spec.Height; y++)
                for (int x = 0; x < layer.Spec.Width; x++)
                    for (int c = 0; c < source.Channels; c += Panels.Columns)
                    {
                        int channels = Math.Min(Panels.Columns, source.Channels - c), columns = Panels.Padded(channels);
                        Multiply(examples * pixels, channels, columns, 1, panels.Outputs, 0, output.At(first), places.Pointer, weights,
                            at.At(first) + y * line + x * source.Channels + c, windows.Pointer, null);
                        weights += columns * panels.Outputs;
                    }
        }
        if (padded is not null) Unpad(chunk.Count);
        return input;
    }

    public void Dispose()
    {
        scratch.Dispose();
        foreach (var vector in (ReadOnlySpan<NativeVector<float>?>)[output, aside, packed, padded, transposed]) vector?.Dispose();
        foreach (var vector in (ReadOnlySpan<NativeVector<int>>)[windows, places, asideWindows, asidePlaces]) vector.Dispose();
    }

    /// <summary>
    /// The weights' gradient gains what outputs p, p + 1, … of a group say. The very first start from λW. Their derivatives are packed:
    /// where they lie, whole cache sets would stay unused.
    /// </summary>
    private void AddProducts(int count, int first, int p, Rows output, float* parameters, float* gradient, in Chunk chunk)
    {
        bool fresh = chunk.First == 0 && first == 0 && p == 0;
        for (int o = 0; o < panels.Outputs; o += Panels.Columns)
        {
            int columns = scratch.Columns(o);
            float* to = scratch.Gradient(gradient, o), start = !fresh ? to : chunk.L2 == 0 ? null : scratch.Weights(parameters, o), from = output.At(first) + o;
            for (int k = 0; k < count; k++) Unsafe.CopyBlockUnaligned(packed.Pointer + k * columns, from + places.Pointer[p + k], (uint)columns * sizeof(float));
            scratch.AddBiased(kernels, count, o, packed.Pointer, columns);
            for (int y = 0; y < layer.Spec.Height; y++)
                kernels.Scatter(run, columns, count, at.At(first) + y * line, windows.Pointer + p, packed.Pointer,
                    to + y * run * columns, start == null ? null : start + y * run * columns, fresh ? chunk.L2 : 1);
        }
    }

    /// <summary>
    /// <see cref="IKernels.Gather"/> for any number of windows and columns. Rows that fill no tile, and columns that fill no vector,
    /// are computed aside, since pixels lie next to each other and nothing may be written over a neighbor.
    /// </summary>
    private void Multiply(int count, int used, int columns, int segments, int length, nint segment, float* a, int* from, float* b, float* c, int* to, float* start)
    {
        int r = used == columns ? count & -Tile : 0;
        if (r > 0) kernels.Gather(r, columns, segments, length, segment, a, from, b, c, to, start);
        for (; r < count; r += Tile)
        {
            int rows = Math.Min(Tile, count - r);
            for (int k = 0; k < Tile; k++) asideWindows.Pointer[k] = from[r + Math.Min(k, rows - 1)];
            if (start == null) aside.Span.Clear();
            kernels.Gather(Tile, columns, segments, length, segment, a, asideWindows.Pointer, b, aside.Pointer, asidePlaces.Pointer, start);
            for (int k = 0; k < rows; k++)
            {
                float* result = aside.Pointer + k * Panels.Columns, target = c + to[r + k];
                if (start != null) new Span<float>(result, used).CopyTo(new(target, used));
                else for (int j = 0; j < used; j++) target[j] += result[j];
            }
        }
    }

    private Rows Pad(Rows input, int count)
    {
        Rows rows = new((nint)padded!.Pointer, sourceStride);
        for (int r = 0; r < count; r++)
        {
            new Span<float>(rows.At(r), source.Count).Clear();
            for (int y = 0; y < layer.Input.Height; y++) Inside(input, r, y).CopyTo(InsidePadded(rows, r, y));
        }
        return rows;
    }

    private void Unpad(int count)
    {
        for (int r = 0; r < count; r++)
            for (int y = 0; y < layer.Input.Height; y++) InsidePadded(at, r, y).CopyTo(Inside(input, r, y));
    }

    private Span<float> Inside(Rows rows, int example, int y) => new(rows.At(example) + y * layer.Input.Width * source.Channels, layer.Input.Width * source.Channels);

    private Span<float> InsidePadded(Rows rows, int example, int y)
        => new(rows.At(example) + (y + layer.Spec.PaddingHeight) * line + layer.Spec.PaddingWidth * source.Channels, layer.Input.Width * source.Channels);
}
