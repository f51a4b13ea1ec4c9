using Hooke.Numerics;

namespace Hooke.Theory.Stability;

/// <summary>
/// A small model and its loss ℓ(w; z) of one example z = (x, y), ‖x‖ ≤ 1 and y = ±1, with constants that are proved rather than
/// estimated, so that the bounds of the Survey's section 4 apply.
/// </summary>
public interface IExampleLoss
{
    /// <summary>Its name on the command line.</summary>
    string Name { get; }

    /// <summary>Number of inputs, the length of x.</summary>
    int Inputs { get; }

    /// <summary>Number of parameters, the length of w.</summary>
    int Parameters { get; }

    /// <summary>L: ‖∇ℓ‖ is nowhere larger where gradient steps from <see cref="Start"/> can go.</summary>
    double Lipschitz { get; }

    /// <summary>β: the Lipschitz constant of ∇ℓ.</summary>
    double Smoothness { get; }

    /// <summary>γ: ℓ − γ/2 ‖w‖² is convex; 0 for a loss that is convex and no more, NaN for one that is not convex.</summary>
    double StrongConvexity { get; }

    /// <summary>Writes the parameters that runs start from; they don't depend on the sample.</summary>
    /// <param name="w">Receives them.</param>
    /// <param name="noise">The random numbers to use.</param>
    void Start(Span<double> w, Noise noise);

    /// <summary>ℓ(w; (x, y)).</summary>
    /// <param name="w">The parameters.</param>
    /// <param name="x">The inputs.</param>
    /// <param name="y">The answer, ±1.</param>
    double Loss(ReadOnlySpan<double> w, ReadOnlySpan<double> x, double y);

    /// <summary>Adds ∇ℓ(w; (x, y)).</summary>
    /// <param name="w">The parameters.</param>
    /// <param name="x">The inputs.</param>
    /// <param name="y">The answer, ±1.</param>
    /// <param name="sum">Receives the gradient on top of what it holds.</param>
    void AddGradient(ReadOnlySpan<double> w, ReadOnlySpan<double> x, double y, Span<double> sum);
}

/// <summary>
/// ℓ = log(1 + e^(−y w·x)) + γ/2 ‖w‖², logistic regression: convex, γ-strongly convex with a penalty γ &gt; 0, started at 0.
/// </summary>
/// <remarks>
/// ‖x‖ ≤ 1, so the first part has ‖∇ℓ‖ ≤ 1 and a Hessian σ′(w·x) xxᵀ ≤ 1/4: without a penalty L = 1, β = 1/4. With one,
/// β = 1/4 + γ, and nothing need be projected: w ← (1 − αγ)w + αv, ‖v‖ ≤ 1, stays within ‖w‖ ≤ 1/γ for α ≤ 1/γ, and there L = 2.
/// The losses are not within [0, 1] as the Survey's Theorems 9 and 10 say, which their proofs don't use.
/// </remarks>
/// <param name="Inputs">Number of inputs.</param>
/// <param name="Penalty">γ ≥ 0.</param>
public sealed record LogisticRegression(int Inputs, double Penalty = 0) : IExampleLoss
{
    /// <inheritdoc/>
    public string Name => Penalty > 0 ? "strongly-convex" : "convex";

    /// <inheritdoc/>
    public int Parameters => Inputs;

    /// <inheritdoc/>
    public double Lipschitz => Penalty > 0 ? 2 : 1;

    /// <inheritdoc/>
    public double Smoothness => 0.25 + Penalty;

    /// <inheritdoc/>
    public double StrongConvexity => Penalty;

    /// <inheritdoc/>
    public void Start(Span<double> w, Noise noise) => w.Clear();

    /// <inheritdoc/>
    public double Loss(ReadOnlySpan<double> w, ReadOnlySpan<double> x, double y)
    {
        double margin = y * Vectors.Dot(w, x);
        // log(1 + e^(−m)), which overflows for no m.
        return Math.Max(0, -margin) + Math.Log(1 + Math.Exp(-Math.Abs(margin))) + (Penalty > 0 ? Penalty / 2 * Vectors.Dot(w, w) : 0);
    }

    /// <inheritdoc/>
    public void AddGradient(ReadOnlySpan<double> w, ReadOnlySpan<double> x, double y, Span<double> sum)
    {
        double slope = -y / (1 + Math.Exp(y * Vectors.Dot(w, x)));
        for (int k = 0; k < sum.Length; k++) sum[k] += slope * x[k] + Penalty * w[k];
    }
}

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

internal static class Vectors
{
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int k = 0; k < a.Length; k++) sum += a[k] * b[k];
        return sum;
    }

    public static double Distance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int k = 0; k < a.Length; k++) sum += (a[k] - b[k]) * (a[k] - b[k]);
        return Math.Sqrt(sum);
    }
}
