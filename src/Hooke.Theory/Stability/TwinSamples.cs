using Hooke.Numerics;
using Hooke.Problems;

namespace Hooke.Theory.Stability;

/// <summary>
/// Examples of one population: x uniform on the unit sphere, P(y = 1) = 1/(1 + e^(−6 x₁)), so that answers are learned from the
/// first input and are never certain. The first n are the sample; then come one to replace another, and those held out.
/// </summary>
internal sealed class TwinSamples
{
    private const double Sharpness = 6;
    private readonly IExampleLoss loss;
    private readonly double[] inputs, answers;
    private readonly int examples, replaced;

    /// <summary>Draws the examples.</summary>
    /// <param name="loss">What they are for.</param>
    /// <param name="examples">n.</param>
    /// <param name="heldOut">How many are held out.</param>
    /// <param name="replaced">Which of the n has a replacement.</param>
    /// <param name="seed">Seed of all random numbers.</param>
    /// <param name="repetition">Which sample.</param>
    public TwinSamples(IExampleLoss loss, int examples, int heldOut, int replaced, ulong seed, int repetition)
    {
        (this.loss, this.examples, this.replaced) = (loss, examples, replaced);
        answers = new double[examples + 1 + heldOut];
        inputs = new double[answers.Length * loss.Inputs];
        for (int i = 0; i < answers.Length; i++)
        {
            var noise = new Noise(seed, repetition, i, NoiseStream.Generation);
            var x = inputs.AsSpan(i * loss.Inputs, loss.Inputs);
            noise.FillGaussian(x, 1);
            double norm = Math.Sqrt(Vectors.Dot(x, x));
            for (int k = 0; k < x.Length; k++) x[k] /= norm;
            answers[i] = noise.Uniform(loss.Inputs + 2) < 1 / (1 + Math.Exp(-Sharpness * x[0])) ? 1 : -1;
        }
    }

    /// <summary>The mean loss over the sample, or over its twin, which has the replacement.</summary>
    /// <param name="start">Where runs start.</param>
    /// <param name="twin">Whether it is the twin.</param>
    public ComponentSum<double> Objective(ReadOnlySpan<double> start, bool twin) => new(examples,
        (i, w) => Loss(w, Row(i, twin)),
        (i, w, sum) => loss.AddGradient(w, Inputs(Row(i, twin)), answers[Row(i, twin)], sum),
        start);

    /// <summary>R(w) − R_S(w), the risk of examples held out over that of the sample.</summary>
    public double Gap(ReadOnlySpan<double> w) => Mean(w, examples + 1, answers.Length) - Mean(w, 0, examples);

    /// <summary>
    /// Half of what ℓ(·; z) loses by z being in the sample, and of the same for its replacement: a run on the twin has not seen z,
    /// so the expectation is that of R(w) − R_S(w). [Survey, Theorem 3, app. A]
    /// </summary>
    public double Replacement(ReadOnlySpan<double> w, ReadOnlySpan<double> twin)
        => (Loss(twin, replaced) - Loss(w, replaced) + Loss(w, examples) - Loss(twin, examples)) / 2;

    private double Mean(ReadOnlySpan<double> w, int from, int to)
    {
        double sum = 0;
        for (int i = from; i < to; i++) sum += Loss(w, i);
        return sum / (to - from);
    }

    private double Loss(ReadOnlySpan<double> w, int row) => loss.Loss(w, Inputs(row), answers[row]);

    private ReadOnlySpan<double> Inputs(int row) => inputs.AsSpan(row * loss.Inputs, loss.Inputs);

    private int Row(int component, bool twin) => twin && component == replaced ? examples : component;
}
