using Hooke.Models.Data;
using Hooke.Numerics;

namespace Hooke.Models.Nets;

/// <summary>h_t = tanh(W x_t + U h_{t−1} + b) over the rows of the input; W and U lie side by side in one matrix of panels.</summary>
/// <param name="name">Prefix of its tensors' names.</param>
/// <param name="spec">Units and their start.</param>
/// <param name="input">Shape of the inputs.</param>
/// <param name="bias">Initial bias.</param>
internal sealed class Recurrent(string name, RecurrentLayer spec, Shape input, double bias) : ILayer
{
    public int Steps => input.Height;

    /// <summary>Inputs in a step.</summary>
    public int Inputs { get; } = input.Width * input.Channels;

    public int Units => spec.Units;

    /// <summary>How many of the last states are outputs.</summary>
    public int Last => spec.Last;

    public Panels Panels { get; } = new(new(1, 1, input.Width * input.Channels + spec.Units), spec.Units);

    public int Parameters => Panels.Parameters;

    public int Scratch => (Steps + 1) * Rows.StrideOf(Inputs + Panels.Padded(Units)) + Steps * Rows.StrideOf(Units) + Rows.StrideOf(Last * Units);

    public IReadOnlyList<ParameterTensor> Tensors => field ??=
    [
        new(name + ".input", [Units, Inputs], k => Panels.Place(k / Inputs, k % Inputs)),
        new(name + ".recurrent", [Units, Units], k => Panels.Place(k / Units, Inputs + k % Units)),
        new(name + ".bias", [Units], k => Units * Panels.Inputs + k),
    ];

    public void Initialize(Span<float> parameters, Noise noise, long firstDraw)
    {
        // The spectral radius is found by the growth of a vector under many multiplications: |U^k v|^(1/k) tends to it whether the
        // dominant eigenvalues are real or a complex pair.
        Start start = new(1, spec.Connections, bias);
        double[] recurrent = new double[Units * Units], v = new double[Units], next = new double[Units];
        bool[] drawn = new bool[Units];
        for (int o = 0; o < Units; o++)
        {
            start.Choose(drawn, noise, firstDraw + (long)o * Units);
            for (int j = 0; j < Units; j++) recurrent[o * Units + j] = drawn[j] ? noise.Gaussian(firstDraw + (long)o * Units + j) : 0;
        }
        Array.Fill(v, 1);
        const int Settle = 200, Measure = 1000;
        double growth = 0;
        for (int k = 0; k < Settle + Measure; k++)
        {
            for (int o = 0; o < Units; o++)
            {
                next[o] = 0;
                for (int j = 0; j < Units; j++) next[o] += recurrent[o * Units + j] * v[j];
            }
            double norm = Math.Sqrt(next.Sum(a => a * a));
            if (norm == 0) break; // nilpotent: nothing to scale
            if (k >= Settle) growth += Math.Log(norm) / Measure;
            for (int o = 0; o < Units; o++) v[o] = next[o] / norm;
        }
        double scale = spec.SpectralRadius / Math.Exp(growth);
        for (int o = 0; o < Units; o++)
        {
            for (int j = 0; j < Units; j++) parameters[Panels.Place(o, Inputs + j)] = (float)(scale * recurrent[o * Units + j]);
            for (int i = 0; i < Inputs; i++)
                parameters[Panels.Place(o, i)] = (float)(spec.InputScale * noise.Gaussian(firstDraw + (long)Units * Units + (long)o * Inputs + i));
        }
        parameters[(Units * Panels.Inputs)..].Fill((float)bias);
    }

    public ILayerPass Open(IKernels kernels, int rows) => new RecurrentPass(this, kernels, rows);
}

/// <summary>
/// A recurrent layer at work: back-propagation through time. A step's inputs and the state before it lie side by side, [x_t | h_{t−1}],
/// step after step, so that a step is one product, and the weights' gradient is one product over all steps and examples.
/// </summary>
internal sealed unsafe class RecurrentPass : ILayerPass
{
    // Rows (examples times steps) of a product that adds to the weights' gradient.
    private const int Block = 512;

    private readonly IKernels kernels;
    private readonly Panels panels;
    private readonly int steps, last, inputs, units, columns, stride, derivativeStride, outputStride;
    private readonly PanelScratch scratch;
    private readonly NativeVector<float> states, derivatives, transposed, output;

    public RecurrentPass(Recurrent layer, IKernels kernels, int rows)
    {
        (this.kernels, panels, steps, last, inputs, units) = (kernels, layer.Panels, layer.Steps, layer.Last, layer.Inputs, layer.Units);
        columns = panels.Full + panels.Width;
        stride = Rows.StrideOf(inputs + columns);
        derivativeStride = Rows.StrideOf(columns);
        outputStride = Rows.StrideOf(last * units);
        rows = (rows + 7) & ~7;
        scratch = new(panels);
        states = new((steps + 1) * rows * stride);
        derivatives = new(steps * rows * derivativeStride);
        transposed = new(units * columns);
        output = new(rows * outputStride);
    }

    public void Prepare(float* parameters, bool training)
    {
        scratch.Prepare(parameters);
        for (int j = 0; j < units && training; j += Panels.Columns)
            scratch.Transpose(parameters, inputs + j, Math.Min(Panels.Columns, units - j), transposed.Pointer + j, columns);
    }

    public Rows Forward(Rows input, float* parameters, in Chunk chunk)
    {
        int rows = chunk.Rows;
        for (int r = 0; r < rows; r++) new Span<float>(State(0, rows).At(r) + inputs, columns).Clear();
        for (int t = 0; t < steps; t++)
        {
            Rows now = State(t, rows), next = State(t + 1, rows);
            for (int r = 0; r < rows; r++)
            {
                Span<float> x = new(now.At(r), inputs);
                // The rows that fill the last tile are an example of zeros: they must be numbers, for they meet zeros in the gradient.
                if (r < chunk.Count) new Span<float>(input.At(r) + t * inputs, inputs).CopyTo(x);
                else x.Clear();
            }
            for (int o = 0; o < units; o += Panels.Columns)
                kernels.Multiply(rows, scratch.Columns(o), panels.Inputs, now.At(0), stride, 1, scratch.Weights(parameters, o), scratch.Columns(o),
                    next.At(0) + inputs + o, stride, scratch.Biases + o, 0, 1);
            for (int r = 0; r < rows; r++) kernels.Activate(Activation.Tanh, next.At(r) + inputs, columns);
        }
        for (int k = 0; k < last; k++)
            for (int r = 0; r < rows; r++)
                new Span<float>(State(steps - last + 1 + k, rows).At(r) + inputs, units).CopyTo(new(output.Pointer + (nint)r * outputStride + k * units, units));
        return new((nint)output.Pointer, outputStride);
    }

    public Rows Backward(Rows output, float* parameters, float* gradient, in Chunk chunk)
    {
        int rows = chunk.Rows;
        for (int r = 0; r < rows; r++) new Span<float>(Derivative(steps - 1, rows).At(r), columns).Clear();
        for (int t = steps - 1; t >= 0; t--)
        {
            Rows now = Derivative(t, rows), after = State(t + 1, rows);
            // What later steps say is there already; the outputs of this step add to it.
            if (t >= steps - last)
                for (int r = 0; r < chunk.Count; r++)
                {
                    float* d = now.At(r), own = output.At(r) + (t - (steps - last)) * units;
                    for (int j = 0; j < units; j++) d[j] += own[j];
                }
            for (int r = 0; r < rows; r++) kernels.Descend(Activation.Tanh, now.At(r), after.At(r) + inputs, columns);
            for (int j = 0; j < columns && t > 0; j += Panels.Columns)
                kernels.Multiply(rows, Math.Min(Panels.Columns, columns - j), units, now.At(0), derivativeStride, 1, transposed.Pointer + j, columns,
                    Derivative(t - 1, rows).At(0) + j, derivativeStride, null, 0, 1);
        }
        for (int first = 0; first < steps * rows; first += Block)
        {
            Rows inputRows = new((nint)(states.Pointer + (nint)first * stride), stride), outputRows = new((nint)(derivatives.Pointer + (nint)first * derivativeStride), derivativeStride);
            Chunk part = chunk with { Count = Math.Min(Block, steps * rows - first), First = chunk.First + first };
            WeightGradient.Add(kernels, scratch, inputRows, outputRows, parameters, gradient, part);
        }
        return default;
    }

    public void Dispose()
    {
        scratch.Dispose();
        foreach (var vector in (ReadOnlySpan<NativeVector<float>>)[states, derivatives, transposed, output]) vector.Dispose();
    }

    private Rows State(int step, int rows) => new((nint)(states.Pointer + (nint)step * rows * stride), stride);

    private Rows Derivative(int step, int rows) => new((nint)(derivatives.Pointer + (nint)step * rows * derivativeStride), derivativeStride);
}
