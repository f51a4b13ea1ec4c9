using Hooke.Numerics;

namespace Hooke.Theory.Stability;

/// <summary>
/// ℓ = (y − f)²/4, f = (1/h) Σ_j ±tanh(w_j·x): one hidden layer of h units with fixed output weights, alternately 1/h and −1/h.
/// Not convex; ℓ is within [0, 1].
/// </summary>
/// <remarks>
/// |f| ≤ 1, so |∂ℓ/∂f| ≤ 1 and ∂²ℓ/∂f² = 1/2; ‖∇f‖² ≤ 1/h, and the blocks of ∇²f are at most (1/h) max|tanh″| = (1/h) 4/(3√3).
/// Hence L = 1/√h and β = (1/2 + 4/(3√3))/h. Runs start from independent normal weights, for equal units would stay equal.
/// </remarks>
/// <param name="Inputs">Number of inputs.</param>
/// <param name="Units">h ≥ 1.</param>
public sealed record TanhNetwork(int Inputs, int Units) : IExampleLoss
{
    /// <inheritdoc/>
    public string Name => "non-convex";

    /// <inheritdoc/>
    public int Parameters => Inputs * Units;

    /// <inheritdoc/>
    public double Lipschitz => 1 / Math.Sqrt(Units);

    /// <inheritdoc/>
    public double Smoothness => (0.5 + 4 / (3 * Math.Sqrt(3))) / Units;

    /// <inheritdoc/>
    public double StrongConvexity => double.NaN;

    /// <inheritdoc/>
    public void Start(Span<double> w, Noise noise) => noise.FillGaussian(w, 1);

    /// <inheritdoc/>
    public double Loss(ReadOnlySpan<double> w, ReadOnlySpan<double> x, double y)
    {
        double error = y - Output(w, x);
        return error * error / 4;
    }

    /// <inheritdoc/>
    public void AddGradient(ReadOnlySpan<double> w, ReadOnlySpan<double> x, double y, Span<double> sum)
    {
        double slope = (Output(w, x) - y) / 2;
        for (int j = 0; j < Units; j++)
        {
            double value = Math.Tanh(Vectors.Dot(w.Slice(j * Inputs, Inputs), x)), inner = slope * Weight(j) * (1 - value * value);
            for (int k = 0; k < Inputs; k++) sum[j * Inputs + k] += inner * x[k];
        }
    }

    private double Output(ReadOnlySpan<double> w, ReadOnlySpan<double> x)
    {
        double sum = 0;
        for (int j = 0; j < Units; j++) sum += Weight(j) * Math.Tanh(Vectors.Dot(w.Slice(j * Inputs, Inputs), x));
        return sum;
    }

    private double Weight(int unit) => (unit % 2 == 0 ? 1.0 : -1.0) / Units;
}
