using System.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace Hooke.Theory.ClosedForms;

/// <summary>SGD, momentum SGD, EASGD and EAMSGD on a quadratic with additive gradient noise. [Zhang16, sec. 5.1]</summary>
/// <remarks>
/// η_h = ηh with the curvature h; δ_h = δ(1 − η_h) with Nesterov's momentum δ; α moving rate, β = pκ center rate, p workers; σ²
/// variance of a worker's gradient noise. The two moving rates are free of each other here.
/// </remarks>
public static class AdditiveNoise
{
    /// <summary>x²∞ = η²σ²/(p(1 − (1 − η_h)²)) of SGD with batches of p, 0 &lt; η_h &lt; 2. [Zhang16, eq. 5.3]</summary>
    public static double SgdVariance(double rate, double curvature, double workers, double deviation)
        => Math.Pow(rate * deviation, 2) / (workers * (1 - Math.Pow(1 - rate * curvature, 2)));

    /// <summary>M over (E v², E vx, E x²) of momentum SGD. [Zhang16, eq. 5.6]</summary>
    /// <param name="rate">η_h.</param>
    /// <param name="momentum">δ_h.</param>
    public static Matrix<double> MomentumMap(double rate, double momentum) => Matrix<double>.Build.DenseOfArray(new[,]
    {
        { momentum * momentum, -2 * momentum * rate, rate * rate },
        { momentum * momentum, momentum * (1 - 2 * rate), -rate * (1 - rate) },
        { momentum * momentum, 2 * momentum * (1 - rate), (1 - rate) * (1 - rate) },
    });

    /// <summary>(v²∞, vx∞, x²∞) of momentum SGD, each times η²σ²/((1 − δ_h)(2(1 + δ_h) − η_h)): 2, 1, (1 + δ_h)/η_h; for |δ_h| &lt; 1, 0 &lt; η_h &lt; 2(1 + δ_h). [Zhang16, eq. 5.7]</summary>
    /// <param name="rate">η.</param>
    /// <param name="curvature">h.</param>
    /// <param name="momentum">δ.</param>
    /// <param name="deviation">σ.</param>
    public static (double Velocity, double Mixed, double Position) MomentumMoments(double rate, double curvature, double momentum, double deviation)
    {
        double eta = rate * curvature, delta = momentum * (1 - eta), unit = Math.Pow(rate * deviation, 2) / ((1 - delta) * (2 * (1 + delta) - eta));
        return (2 * unit, unit, (1 + delta) / eta * unit);
    }

    /// <summary>The eigenvalues δ_h and b ± √(b² − c) of <see cref="MomentumMap"/>, 2b = (1 − η_h)² − 2η_h δ_h + δ_h², c = δ_h². [Zhang16, eq. 5.8]</summary>
    public static Complex[] MomentumEigenvalues(double rate, double momentum)
        => [momentum, .. Pair(((1 - rate) * (1 - rate) - 2 * rate * momentum + momentum * momentum) / 2, momentum * momentum)];

    /// <summary>δ with δ_h = (√η_h − 1)², where second moments are forgotten fastest, at the rate δ_h; negative for η_h &gt; 1. [Zhang16, after eq. 5.8]</summary>
    /// <param name="rate">η_h, positive and not 1.</param>
    public static double OptimalMomentum(double rate) => Math.Pow(Math.Sqrt(rate) - 1, 2) / (1 - rate);

    /// <summary>M over (E y², E y x̃, E x̃²), y the workers' average, of EASGD. [Zhang16, eq. 5.12]</summary>
    public static Matrix<double> EasgdMap(double rate, double moving, double beta)
    {
        double a = 1 - rate - moving, b = 1 - beta;
        return Matrix<double>.Build.DenseOfArray(new[,]
        {
            { a * a, 2 * moving * a, moving * moving },
            { a * beta, a * b + moving * beta, moving * b },
            { beta * beta, 2 * beta * b, b * b },
        });
    }

    /// <summary>(y²∞, yx̃∞, x̃²∞) of EASGD, with the common denominator η_h[(2 − β)(2 − η_h) − 2α][α + β + η_h(1 − β)]. [Zhang16, eqs. 5.13 and 5.14]</summary>
    public static (double Average, double Mixed, double Center) EasgdMoments(double rate, double curvature, double moving, double beta, double workers, double deviation)
    {
        double eta = rate * curvature, denominator = eta * ((2 - beta) * (2 - eta) - 2 * moving) * (moving + beta + eta * (1 - beta)), unit = Math.Pow(rate * deviation, 2) / (workers * denominator);
        return (((2 - beta) * (1 - beta) * eta + beta * (2 - moving - beta)) * unit, beta * ((2 - beta) * (1 - eta) - moving) * unit, (-beta * (1 - beta) * eta + beta * (2 - moving - beta)) * unit);
    }

    /// <summary>
    /// η_h &gt; 0, β &gt; 0, (2 − β)(2 − η_h) &gt; 2α and (2 − α − β − η_h + βη_h)/(α + β + η_h(1 − β)) &gt; 0: necessary and sufficient for
    /// <see cref="EasgdMap"/> to be stable. [Zhang16, eq. 5.15; errata 9]
    /// </summary>
    public static bool EasgdIsStable(double rate, double moving, double beta)
        => rate > 0 && beta > 0 && (2 - beta) * (2 - rate) - 2 * moving > 0 && (2 - moving - beta - rate + beta * rate) / (moving + beta + rate * (1 - beta)) > 0;

    /// <summary>The eigenvalues of <see cref="EasgdMap"/>: z₁ = −α + (1 − η_h)(1 − β) and b ± √(b² − z₁²), 2b = (α − (1 − η_h − β))² + 1 − 2βη_h. [Zhang16, eq. 5.16]</summary>
    public static Complex[] EasgdEigenvalues(double rate, double moving, double beta)
    {
        double one = -moving + (1 - rate) * (1 - beta);
        return [one, .. Pair((Math.Pow(moving - (1 - rate - beta), 2) + 1 - 2 * beta * rate) / 2, one * one)];
    }

    /// <summary>α = −(√β − √η_h)², where the moments of average and center are forgotten fastest. [Zhang16, eq. 5.17]</summary>
    public static double OptimalMovingRateOfAverage(double rate, double beta) => -Math.Pow(Math.Sqrt(beta) - Math.Sqrt(rate), 2);

    /// <summary>M_p over (x¹, …, xᵖ, x̃). [Zhang16, eq. 5.18]</summary>
    public static Matrix<double> EasgdDrift(double rate, double moving, double beta, int workers)
    {
        var drift = Matrix<double>.Build.Dense(workers + 1, workers + 1);
        for (int i = 0; i < workers; i++) (drift[i, i], drift[i, workers], drift[workers, i]) = (1 - moving - rate, moving, beta / workers);
        drift[workers, workers] = 1 - beta;
        return drift;
    }

    /// <summary>The eigenvalues of <see cref="EasgdDrift"/> for p &gt; 1: z₁ = 1 − α − η_h and b ± √(b² − c), 2b = 2 − β − η_h − α, c = (1 − η_h)(1 − β) − α. [Zhang16, eq. 5.19]</summary>
    public static Complex[] EasgdDriftEigenvalues(double rate, double moving, double beta)
        => [1 - moving - rate, .. Pair((2 - beta - rate - moving) / 2, (1 - rate) * (1 - beta) - moving)];

    /// <summary>
    /// The α at which several workers and their center forget their start fastest, for 0 &lt; β &lt; 1: 0 if β ≥ η_h; −(√β − √η_h)² up to
    /// η_h = (2 + β)²/(9β), where |1 − α − η_h| takes over; beyond, the root of (η_h + α − 1)² = (1 − η_h)(1 − β) − α.
    /// [Zhang16, after eq. 5.19; errata 1]
    /// </summary>
    public static double OptimalMovingRate(double rate, double beta)
    {
        if (beta >= rate) return 0;
        double candidate = OptimalMovingRateOfAverage(rate, beta);
        if (rate <= (2 + beta) * (2 + beta) / (9 * beta)) return candidate;
        // α² + (2η_h − 1) α + (η_h − 1)² − (1 − η_h)(1 − β) = 0; the larger root is the one below 0 nearest to it.
        double half = rate - 0.5, rest = (rate - 1) * (rate - 1) - (1 - rate) * (1 - beta);
        return -half + Math.Sqrt(half * half - rest);
    }

    /// <summary>M_p over (v¹, x¹, …, vᵖ, xᵖ, x̃) of EAMSGD with Nesterov's momentum. [Zhang16, eq. 5.20]</summary>
    /// <param name="rate">η_h.</param>
    /// <param name="moving">α.</param>
    /// <param name="beta">β.</param>
    /// <param name="momentum">δ_h.</param>
    /// <param name="workers">p.</param>
    public static Matrix<double> EamsgdDrift(double rate, double moving, double beta, double momentum, int workers)
    {
        int center = 2 * workers;
        var drift = Matrix<double>.Build.Dense(center + 1, center + 1);
        for (int v = 0; v < center; v += 2)
        {
            (drift[v, v], drift[v, v + 1]) = (momentum, -rate);
            (drift[v + 1, v], drift[v + 1, v + 1], drift[v + 1, center]) = (momentum, 1 - rate - moving, moving);
            drift[center, v + 1] = beta / workers;
        }
        drift[center, center] = 1 - beta;
        return drift;
    }

    /// <summary>
    /// The factors of det(M_p − z) = u(z)^(p−1) v(z): u(z) = z² − (1 − η_h − α + δ_h) z + δ_h(1 − α) and v(z) = (δ_h − z)(1 − η_h −
    /// α − z)(1 − β − z) + η_h δ_h(1 − β − z) − αβ(δ_h − z). The thesis prints −δ in u. [Zhang16, eq. 5.21; errata 4]
    /// </summary>
    public static (Complex Apart, Complex Together) EamsgdPolynomials(double rate, double moving, double beta, double momentum, Complex z)
        => (z * z - (1 - rate - moving + momentum) * z + momentum * (1 - moving),
            (momentum - z) * (1 - rate - moving - z) * (1 - beta - z) + rate * momentum * (1 - beta - z) - moving * beta * (momentum - z));

    /// <summary>The zeros b ± √(b² − c) of z² − 2bz + c.</summary>
    internal static Complex[] Pair(double b, double c)
    {
        var root = Complex.Sqrt(b * b - c);
        return [b + root, b - root];
    }
}
