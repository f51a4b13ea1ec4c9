using Hooke.Models.Data;
using Hooke.Numerics;

namespace Hooke.Models.Nets;

/// <summary>
/// Where weights lie: in panels of 32 outputs, [outputs/32][inputs][32], the last panel being as wide as what remains, so that full
/// panels are multiplied where they lie; the biases follow. Inputs are in the order of the images, [row][column][channel]; others
/// expect [channel][row][column].
/// </summary>
/// <param name="Window">Shape of what a unit sees.</param>
/// <param name="Outputs">Outputs.</param>
internal sealed record Panels(Shape Window, int Outputs)
{
    /// <summary>Outputs in a panel: two vectors of 512 bits.</summary>
    public const int Columns = 32;

    /// <summary>Inputs of a unit.</summary>
    public int Inputs { get; } = Window.Height * Window.Width * Window.Channels;

    /// <summary>Outputs in full panels.</summary>
    public int Full { get; } = Outputs / Columns * Columns;

    /// <summary>Outputs in the last panel if it is not full.</summary>
    public int Rest => Outputs - Full;

    /// <summary>Columns to compute for the last panel.</summary>
    public int Width => Padded(Rest);

    /// <summary>Weights and biases.</summary>
    public int Parameters => (Inputs + 1) * Outputs;

    /// <summary>Columns rounded up to whole cache lines.</summary>
    public static int Padded(int columns) => (columns + 15) / 16 * 16;

    /// <summary>Where a weight is, given its output and its input in [channel][row][column] order.</summary>
    public int Place(int o, int i)
    {
        int area = Window.Height * Window.Width, internalInput = i % area * Window.Channels + i / area;
        int panel = o / Columns * Columns;
        return panel * Inputs + internalInput * Math.Min(Columns, Outputs - panel) + o - panel;
    }

    /// <summary>Weights and biases as tensors.</summary>
    /// <param name="name">Prefix of their names.</param>
    /// <param name="shape">Shape of the weights.</param>
    public IReadOnlyList<ParameterTensor> Tensors(string name, int[] shape) =>
    [
        new(name + ".weight", shape, k => Place(k / Inputs, k % Inputs)),
        new(name + ".bias", [Outputs], k => Inputs * Outputs + k),
    ];
}

/// <summary>How a layer's weights start.</summary>
/// <param name="Deviation">Standard deviation of those that are drawn.</param>
/// <param name="Connections">Weights that are drawn per unit, the others being zero; 0 for all.</param>
/// <param name="Bias">Initial bias.</param>
internal sealed record Start(double Deviation, int Connections, double Bias)
{
    // Draws of connections are far behind those of weights.
    private const long Choices = 1L << 32;

    /// <summary>Writes weights and biases. Draws follow the standard layout, so the start does not depend on the panels.</summary>
    public void Fill(Panels panels, Span<float> parameters, Noise noise, long firstDraw)
    {
        int inputs = panels.Inputs;
        Span<bool> drawn = new bool[inputs];
        for (int o = 0; o < panels.Outputs; o++)
        {
            Choose(drawn, noise, firstDraw + (long)o * inputs);
            for (int i = 0; i < inputs; i++)
                parameters[panels.Place(o, i)] = drawn[i] ? (float)(Deviation * noise.Gaussian(firstDraw + (long)o * inputs + i)) : 0;
        }
        parameters[(inputs * panels.Outputs)..panels.Parameters].Fill((float)Bias);
    }

    /// <summary>Chooses which inputs a unit is connected to: a random subset, by Floyd's algorithm.</summary>
    public void Choose(Span<bool> drawn, Noise noise, long firstDraw)
    {
        bool all = Connections == 0 || Connections >= drawn.Length;
        drawn.Fill(all);
        for (int j = drawn.Length - Connections; j < drawn.Length && !all; j++)
        {
            int k = (int)noise.Integer(Choices + firstDraw + j, j + 1);
            drawn[drawn[k] ? j : k] = true;
        }
    }
}

/// <summary>Scratch memory for a layer's weights in one thread: the narrow last panel padded to whole vectors, and the biases.</summary>
internal sealed unsafe class PanelScratch(Panels panels) : IDisposable
{
    private readonly NativeVector<float> tail = new(panels.Inputs * panels.Width), tailGradient = new(panels.Inputs * panels.Width);
    private readonly NativeVector<float> biases = new(panels.Full + panels.Width), sums = new(panels.Full + panels.Width), part = new(Panels.Columns);

    public Panels Panels => panels;

    public float* Biases => biases.Pointer;

    public void Prepare(float* parameters)
    {
        float* weights = parameters + panels.Full * panels.Inputs;
        int rest = panels.Rest, width = panels.Width;
        for (int i = 0; i < panels.Inputs && rest > 0; i++) new Span<float>(weights + i * rest, rest).CopyTo(tail.Span.Slice(i * width, rest));
        new Span<float>(parameters + panels.Inputs * panels.Outputs, panels.Outputs).CopyTo(biases.Span);
    }

    public int Columns(int output) => output < panels.Full ? Panels.Columns : panels.Width;

    public int Outputs(int output) => Math.Min(Panels.Columns, panels.Outputs - output);

    public float* Weights(float* parameters, int output) => output < panels.Full ? parameters + output * panels.Inputs : tail.Pointer;

    public float* Gradient(float* gradient, int output) => output < panels.Full ? gradient + output * panels.Inputs : tailGradient.Pointer;

    /// <summary>Adds a panel's part of the derivatives by the biases.</summary>
    /// <param name="kernels">Inner loops.</param>
    /// <param name="rows">Rows to sum.</param>
    /// <param name="output">The panel's first output.</param>
    /// <param name="d">Derivatives by the panel's outputs.</param>
    /// <param name="stride">From one row of them to the next.</param>
    public void AddBiased(IKernels kernels, int rows, int output, float* d, int stride)
    {
        int columns = Columns(output);
        kernels.SumRows(rows, columns, d, stride, part.Pointer);
        for (int j = 0; j < columns; j++) sums.Pointer[output + j] += part.Pointer[j];
    }

    /// <summary>Brings the last panel's gradient to its place, and derivatives by the biases to theirs.</summary>
    public void Finish(float* parameters, float* gradient, in Chunk chunk)
    {
        float* remaining = gradient + panels.Full * panels.Inputs;
        int rest = panels.Rest, width = panels.Width, weights = panels.Inputs * panels.Outputs;
        for (int i = 0; i < panels.Inputs && rest > 0; i++) tailGradient.Span.Slice(i * width, rest).CopyTo(new(remaining + i * rest, rest));
        float* start = (chunk.First == 0 ? parameters : gradient) + weights, bias = gradient + weights;
        float scale = chunk.First == 0 ? chunk.L2 : 1;
        for (int o = 0; o < panels.Outputs; o++) bias[o] = sums.Pointer[o] + scale * start[o];
        sums.Span.Clear();
    }

    /// <summary>Copies weights of neighboring inputs to rows of the transposed matrix: to[o·stride + i] for all outputs o.</summary>
    /// <param name="parameters">The layer's slice.</param>
    /// <param name="first">The first input.</param>
    /// <param name="count">Inputs, at most 32.</param>
    /// <param name="to">Receives the rows.</param>
    /// <param name="stride">From one row to the next.</param>
    public void Transpose(float* parameters, int first, int count, float* to, int stride)
    {
        for (int o = 0; o < panels.Outputs; o += Panels.Columns)
        {
            int columns = Columns(o);
            Transposition.Copy(count, Outputs(o), Weights(parameters, o) + first * columns, columns, to + (nint)o * stride, stride);
        }
    }

    public void Dispose()
    {
        foreach (var vector in (ReadOnlySpan<NativeVector<float>>)[tail, tailGradient, biases, sums, part]) vector.Dispose();
    }
}
