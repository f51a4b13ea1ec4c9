using Hooke.Numerics;

namespace Hooke.Theory.Stability;

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
