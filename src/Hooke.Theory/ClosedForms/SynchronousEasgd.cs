using MathNet.Numerics.LinearAlgebra;

namespace Hooke.Theory.ClosedForms;

/// <summary>
/// Synchronous EASGD in Jacobi form with the elastic symmetry β = pα, on quadratics with additive noise and on strongly convex
/// functions. [Zhang16, secs. 3.1 and 3.2]
/// </summary>
/// <remarks>η learning rate, h curvature, α moving rate, p workers, σ² variance of a worker's gradient noise.</remarks>
public static class SynchronousEasgd
{
    /// <summary>
    /// γ and φ, the zeros of λ² − (2 − a)λ + (1 − a + c²) with a = ηh + (p + 1)α and c² = ηhpα; real, γ ≥ φ, where ηh and α are
    /// at least 0. [Zhang16, Lemma 3.1.1]
    /// </summary>
    public static (double Gamma, double Phi) Roots(double rate, double curvature, double moving, double workers)
    {
        double a = rate * curvature + (workers + 1) * moving, square = rate * curvature * workers * moving, root = Math.Sqrt(a * a - 4 * square);
        return (1 - (a - root) / 2, 1 - (a + root) / 2);
    }

    /// <summary>
    /// E[x̃_t − x*] = γᵗ x̃₀ + (γᵗ − φᵗ)/(γ − φ) α u₀ with u₀ = Σᵢ (x₀ⁱ − α/(1 − pα − φ) x̃₀), measured from x*. [Zhang16, eq. 3.2]
    /// </summary>
    /// <param name="rate">η &gt; 0.</param>
    /// <param name="curvature">h &gt; 0.</param>
    /// <param name="moving">α &gt; 0.</param>
    /// <param name="workers">p, at least 1.</param>
    /// <param name="center">x̃₀ − x*.</param>
    /// <param name="worker">The workers' mean start, (1/p) Σ x₀ⁱ − x*.</param>
    /// <param name="steps">t, at least 0.</param>
    public static double Mean(double rate, double curvature, double moving, double workers, double center, double worker, double steps)
    {
        var (gamma, phi) = Roots(rate, curvature, moving, workers);
        double u = workers * (worker - moving / (1 - workers * moving - phi) * center);
        return Math.Pow(gamma, steps) * center + (Math.Pow(gamma, steps) - Math.Pow(phi, steps)) / (gamma - phi) * moving * u;
    }

    /// <summary>
    /// V[x̃_t] = p²α²η²/(γ − φ)² ((γ² − γ²ᵗ)/(1 − γ²) + (φ² − φ²ᵗ)/(1 − φ²) − 2 (γφ − (γφ)ᵗ)/(1 − γφ)) σ²/p, for fixed starts
    /// and t ≥ 1. [Zhang16, eq. 3.3]
    /// </summary>
    public static double Variance(double rate, double curvature, double moving, double workers, double deviation, double steps)
    {
        var (gamma, phi) = Roots(rate, curvature, moving, workers);
        double Sum(double z) => z == 1 ? steps - 1 : (z - Math.Pow(z, steps)) / (1 - z);
        double scale = workers * moving * rate / (gamma - phi);
        return scale * scale * (Sum(gamma * gamma) + Sum(phi * phi) - 2 * Sum(gamma * phi)) * deviation * deviation / workers;
    }

    /// <summary>−1 &lt; φ and γ &lt; 1: η, α &gt; 0, (2 − ηh)(2 − pα) &gt; 2α and (2 − ηh) + (2 − pα) &gt; α. [Zhang16, eq. 3.4]</summary>
    public static bool IsStable(double rate, double curvature, double moving, double workers)
    {
        double left = 2 - rate * curvature, right = 2 - workers * moving;
        return rate * curvature > 0 && moving > 0 && left * right > 2 * moving && left + right > moving;
    }

    /// <summary>lim_{p→∞} lim_{t→∞} p E[(x̃_t − x*)²] = βηh/((2 − β)(2 − ηh)) · (2 − β − ηh + βηh)/(β + ηh − βηh) · σ²/h², at fixed β = pα. [Zhang16, Corollary 3.1.1]</summary>
    public static double MeanSquareTimesWorkers(double rate, double curvature, double beta, double deviation)
    {
        double eta = rate * curvature;
        return beta * eta / ((2 - beta) * (2 - eta)) * (2 - beta - eta + beta * eta) / (beta + eta - beta * eta) * Math.Pow(deviation / curvature, 2);
    }

    /// <summary>lim t V[z_t] = σ²/(p h²) of the double average z_t = (1/t) Σ x̃_k, whatever η and β. [Zhang16, Lemmas 3.1.2 and 3.1.3]</summary>
    public static double AveragedVariance(double curvature, double workers, double deviation) => Math.Pow(deviation / curvature, 2) / workers;

    /// <summary>
    /// The matrix and the constant of (a, b, c)_{t+1} ≤ M (a, b, c)_t + n for strongly convex F: a = E‖x̄ − x*‖², b the mean of
    /// E‖xⁱ − x*‖², c = E‖x̃ − x*‖²; γ₁ = 2ημL/(μ + L), γ₂ = 2ηL(1 − 2√(μL)/(μ + L)). For 0 ≤ η ≤ 2(1 − α)/(μ + L), 0 ≤ α &lt; 1,
    /// 0 ≤ β ≤ 1. [Zhang16, Theorem 3.2.1]
    /// </summary>
    /// <param name="rate">η.</param>
    /// <param name="moving">α.</param>
    /// <param name="beta">β.</param>
    /// <param name="workers">p.</param>
    /// <param name="convexity">μ &gt; 0.</param>
    /// <param name="smoothness">L, at least μ.</param>
    /// <param name="deviation">σ, E‖ξ‖² ≤ σ².</param>
    public static (Matrix<double> Map, Vector<double> Constant) StronglyConvex(double rate, double moving, double beta, double workers, double convexity, double smoothness, double deviation)
    {
        var (one, two) = Contractions(rate, convexity, smoothness);
        double square = Math.Pow(rate * deviation, 2);
        return (Matrix<double>.Build.DenseOfArray(new[,] { { 1 - one - two - moving, two, moving }, { 0, 1 - one - moving, moving }, { beta, 0, 1 - beta } }),
            Vector<double>.Build.Dense([square / workers, square, 0]));
    }

    /// <summary>a∞ = c∞ = (α/p + γ₁/p + γ₂)/(γ₁(α + γ₁ + γ₂)) η²σ², the bound of the center's mean square error as t → ∞. [Zhang16, after Theorem 3.2.1]</summary>
    public static double StronglyConvexLimit(double rate, double moving, double workers, double convexity, double smoothness, double deviation)
    {
        var (one, two) = Contractions(rate, convexity, smoothness);
        return (moving / workers + one / workers + two) / (one * (moving + one + two)) * Math.Pow(rate * deviation, 2);
    }

    private static (double One, double Two) Contractions(double rate, double convexity, double smoothness)
        => (2 * rate * convexity * smoothness / (convexity + smoothness), 2 * rate * smoothness * (1 - 2 * Math.Sqrt(convexity * smoothness) / (convexity + smoothness)));
}
