using System.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace Hooke.Theory.ClosedForms;

/// <summary>SGD, momentum SGD and EASGD where the gradient is u²x with u² ~ Γ(λ, ω). [Zhang16, sec. 5.2]</summary>
/// <remarks>η learning rate, δ Nesterov's momentum, α moving rate, β = pκ center rate, p workers; λ shape and ω rate of the law, of mean λ/ω and variance λ/ω².</remarks>
public static class MultiplicativeNoise
{
    /// <summary>E x²_{t+1}/E x²_t = 1 − 2ηλ/ω + η²λ(pλ + 1)/(pω²) of SGD with batches of p. [Zhang16, eq. 5.26]</summary>
    public static double SgdRate(double rate, double workers, double shape, double gammaRate)
        => 1 - 2 * rate * shape / gammaRate + rate * rate * shape * (workers * shape + 1) / (workers * gammaRate * gammaRate);

    /// <summary>η_p = ω/(λ + 1/p), where <see cref="SgdRate"/> is smallest, 1/(pλ + 1). [Zhang16, eq. 5.27]</summary>
    public static double OptimalRate(double workers, double shape, double gammaRate) => gammaRate / (shape + 1 / workers);

    /// <summary>M over (E v², E x², E vx) of momentum SGD, u₁ = λ/ω, u₂ = λ(λ + 1)/ω². [Zhang16, eq. 5.30]</summary>
    public static Matrix<double> MomentumMap(double rate, double momentum, double shape, double gammaRate)
    {
        double one = rate * shape / gammaRate, two = rate * rate * shape * (shape + 1) / (gammaRate * gammaRate), keep = momentum * momentum * (1 - 2 * one + two), cross = -2 * momentum * (one - two);
        return Matrix<double>.Build.DenseOfArray(new[,]
        {
            { keep, two, cross },
            { keep, 1 - 2 * one + two, 2 * momentum * (1 - one) + cross },
            { keep, -one + two, momentum * (1 - one) + cross },
        });
    }

    /// <summary>M over (E x̃², the mean of E (xⁱ)², the mean of E x̃xⁱ, (1/p²) Σ E xⁱxʲ) of EASGD. [Zhang16, eq. 5.34]</summary>
    public static Matrix<double> EasgdMap(double rate, double moving, double beta, double workers, double shape, double gammaRate)
    {
        double a = 1 - moving - rate * shape / gammaRate, b = 1 - beta, variance = rate * rate * shape / (gammaRate * gammaRate);
        return Matrix<double>.Build.DenseOfArray(new[,]
        {
            { b * b, 0, 2 * beta * b, beta * beta },
            { moving * moving, a * a + variance, 2 * moving * a, 0 },
            { moving * b, 0, b * a + moving * beta, a * beta },
            { moving * moving, variance / workers, 2 * moving * a, a * a },
        });
    }

    /// <summary>
    /// The four eigenvalues of <see cref="EasgdMap"/> as p → ∞ at fixed α and β: z₁ = (1 − β)(1 − ηλ/ω) − α, z₂ = (1 − α)² − 2(1 − α)ηλ/ω +
    /// η²λ(λ + 1)/ω², and z₃ + z₄ = 2 + α² − (2 − β)β − (2 − ηλ/ω)ηλ/ω − 2α(1 − β − ηλ/ω), z₃z₄ = z₁². With α = β/p they are those of α = 0.
    /// [Zhang16, sec. 5.2.3, cases I and II]
    /// </summary>
    public static Complex[] EasgdLimitEigenvalues(double rate, double moving, double beta, double shape, double gammaRate)
    {
        double mean = rate * shape / gammaRate, one = (1 - beta) * (1 - mean) - moving;
        double sum = 2 + moving * moving - (2 - beta) * beta - (2 - mean) * mean - 2 * moving * (1 - beta - mean);
        return [one, Math.Pow(1 - moving - mean, 2) + mean * mean / shape, .. AdditiveNoise.Pair(sum / 2, one * one)];
    }

    /// <summary>
    /// The largest stable η of EASGD as p → ∞, for α in [0, 1) and β in (0, 1): the least of (2 − α − β)/(1 − β) ω/λ, ω(1 − α)/(λ + 1) +
    /// ω²/(λ(λ + 1)) √(λ²/ω² + λ(2α − α²)/ω²) and (4 − 2α − 2β)/(2 − β) ω/λ. With α = β/p, that is α = 0, it is SGD's 2ω/(λ + 1).
    /// [Zhang16, sec. 5.2.3, cases I and II]
    /// </summary>
    public static double EasgdLargestRate(double moving, double beta, double shape, double gammaRate)
        => gammaRate * Math.Min((2 - moving - beta) / ((1 - beta) * shape), Math.Min(
            (1 - moving) / (shape + 1) + Math.Sqrt(shape * shape + shape * (2 * moving - moving * moving)) / (shape * (shape + 1)),
            (4 - 2 * moving - 2 * beta) / ((2 - beta) * shape)));

    /// <summary>α = 1 − √λ, where <see cref="EasgdLargestRate"/> is largest, ω/√λ; for λ &lt; 1. [Zhang16, sec. 5.2.3, case II]</summary>
    public static double WidestMovingRate(double shape) => 1 - Math.Sqrt(shape);
}
