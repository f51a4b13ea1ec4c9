using System.Numerics;
using Hooke.Numerics;

namespace Hooke.Problems;

/// <summary>
/// Additive gradient noise ξ: independent N(0, σ²/b) in every component for a batch of b, none in a full gradient.
/// [Zhang16, eq. 3.1]
/// </summary>
/// <typeparam name="T">Number type.</typeparam>
internal readonly struct AdditiveNoise<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The noise.</summary>
    /// <param name="deviation">σ, at least 0.</param>
    public AdditiveNoise(double deviation)
    {
        if (!double.IsFinite(deviation) || deviation < 0) throw new ArgumentException($"deviation is {deviation}; it must be finite and at least 0");
        Deviation = deviation;
    }

    /// <summary>σ.</summary>
    public double Deviation { get; }

    /// <summary>g ← g − ξ.</summary>
    /// <param name="gradient">g.</param>
    /// <param name="x">Where it was taken.</param>
    /// <param name="draw">Whose noise.</param>
    /// <returns>ξ·x, which the loss loses by the noise: −ξ is the gradient of −ξ·x.</returns>
    public double Subtract(Span<T> gradient, ReadOnlySpan<T> x, in Draw draw)
    {
        if (Deviation == 0 || draw.Count == Draw.Full) return 0;
        double scale = Deviation / Math.Sqrt(draw.Count), product = 0;
        var noise = draw.Noise(NoiseStream.Gradient);
        for (int k = 0; k < gradient.Length; k++)
        {
            T xi = T.CreateTruncating(scale * noise.Gaussian(k));
            gradient[k] -= xi;
            product += double.CreateTruncating(xi * x[k]);
        }
        return product;
    }
}
