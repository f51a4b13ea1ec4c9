using System.Numerics;

namespace Hooke.Numerics;

/// <summary>What a random draw is for. Draws of different streams are independent.</summary>
public enum NoiseStream
{
    /// <summary>Initial parameters.</summary>
    Initialization,
    /// <summary>Which examples a step sees.</summary>
    Sampling,
    /// <summary>Noise added to or multiplied into a gradient.</summary>
    Gradient,
    /// <summary>Dropout masks.</summary>
    Dropout,
    /// <summary>Random distortions of the examples.</summary>
    Augmentation,
    /// <summary>Generated data sets.</summary>
    Generation,
    /// <summary>How long a step takes in simulated time.</summary>
    Timing,
    /// <summary>Delays, losses and duplicates of messages in a simulated network.</summary>
    Network,
    /// <summary>Rounding to fixed point.</summary>
    Rounding,
    /// <summary>Which examples of a set are held out.</summary>
    Division,
}

/// <summary>
/// Counter-based random numbers: every draw is a pure function of (seed, worker, step, stream, index), so any fabric and
/// the theory see identical draws, in any order, and a run resumes exactly.
/// </summary>
/// <remarks>
/// The generator is Philox4x32 with ten rounds (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3",
/// SC 2011). Key = seed; counter = (block, step, stream and worker).
/// </remarks>
/// <param name="Seed">Seed of the run.</param>
/// <param name="Worker">Worker index, from 0; -1 for draws that belong to no worker. At most 2²³.</param>
/// <param name="Step">Step of that worker, from 0.</param>
/// <param name="Stream">Purpose of the draws.</param>
public readonly record struct Noise(ulong Seed, int Worker, long Step, NoiseStream Stream)
{
    private const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57, Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;

    /// <summary>Four words of 32 random bits.</summary>
    /// <param name="block">Which block, from 0.</param>
    public (uint A, uint B, uint C, uint D) Block(uint block) => Philox(
        (block, (uint)Step, (uint)(Step >> 32), (uint)Stream << 24 | (uint)Worker & 0xFFFFFF), ((uint)Seed, (uint)(Seed >> 32)));

    /// <summary>The Philox4x32-10 bijection.</summary>
    /// <param name="counter">Counter of 128 bits.</param>
    /// <param name="key">Key of 64 bits.</param>
    public static (uint A, uint B, uint C, uint D) Philox((uint A, uint B, uint C, uint D) counter, (uint A, uint B) key)
    {
        var (a, b, c, d) = counter;
        var (k0, k1) = key;
        for (int round = 0; round < 10; round++)
        {
            ulong p0 = (ulong)Multiplier0 * a, p1 = (ulong)Multiplier1 * c;
            (a, b, c, d) = ((uint)(p1 >> 32) ^ b ^ k0, (uint)p1, (uint)(p0 >> 32) ^ d ^ k1, (uint)p0);
            k0 += Weyl0;
            k1 += Weyl1;
        }
        return (a, b, c, d);
    }

    /// <summary>64 random bits.</summary>
    /// <param name="index">Which draw, from 0.</param>
    public ulong Bits(long index)
    {
        var (a, b, c, d) = Block((uint)(index >> 1));
        return (index & 1) == 0 ? (ulong)a << 32 | b : (ulong)c << 32 | d;
    }

    /// <summary>A uniform number in [0, 1) with 53 random bits.</summary>
    /// <param name="index">Which draw, from 0.</param>
    public double Uniform(long index) => (Bits(index) >> 11) * (1.0 / (1UL << 53));

    /// <summary>A uniform integer in [0, bound); its bias is below bound/2⁶⁴.</summary>
    /// <param name="index">Which draw, from 0.</param>
    /// <param name="bound">Exclusive upper end, at least 1.</param>
    public long Integer(long index, long bound) => (long)Math.BigMul(Bits(index), (ulong)bound, out _);

    /// <summary>A standard normal number (Box and Muller's transform: an even and an odd index share their two uniforms).</summary>
    /// <param name="index">Which draw, from 0.</param>
    public double Gaussian(long index)
    {
        long pair = index & ~1L;
        double radius = Math.Sqrt(-2 * Math.Log(1 - Uniform(pair)));
        var (sine, cosine) = Math.SinCos(2 * Math.PI * Uniform(pair + 1));
        return radius * ((index & 1) == 0 ? cosine : sine);
    }

    /// <summary>A number of the Gamma distribution Γ(λ, ω), of mean λ/ω and variance λ/ω² (Marsaglia and Tsang's rejection).</summary>
    /// <param name="index">Which draw, from 0 to 2²⁵.</param>
    /// <param name="shape">λ &gt; 0.</param>
    /// <param name="rate">ω &gt; 0.</param>
    public double Gamma(long index, double shape, double rate)
    {
        const int Attempts = 32; // each fails with probability below 0.05
        long at = index * Attempts * 4;
        // Γ(λ) = Γ(λ + 1) · U^(1/λ) for λ < 1
        double boost = shape < 1 ? Math.Pow(1 - Uniform(at), 1 / shape) : 1;
        double d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3, c = 1 / Math.Sqrt(9 * d);
        for (int attempt = 1; attempt < Attempts; attempt++)
        {
            double z = Gaussian(at + 4 * attempt), v = 1 + c * z;
            if (v <= 0) continue;
            v = v * v * v;
            double u = 1 - Uniform(at + 4 * attempt + 2);
            if (Math.Log(u) < 0.5 * z * z + d - d * v + d * Math.Log(v)) return boost * d * v / rate;
        }
        return boost * d / rate;
    }

    /// <summary>Fills a vector with normal numbers of mean 0.</summary>
    /// <param name="values">Receives the draws 0, 1, 2, …</param>
    /// <param name="deviation">Standard deviation.</param>
    /// <typeparam name="T">Number type.</typeparam>
    public void FillGaussian<T>(Span<T> values, double deviation) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int k = 0; k < values.Length; k++) values[k] = T.CreateTruncating(deviation * Gaussian(k));
    }
}
