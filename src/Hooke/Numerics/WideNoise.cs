using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hooke.Numerics;

/// <summary>
/// The random numbers of eight successive workers at once: lane j holds what <c>Noise(Seed, Worker + j, Step, Stream)</c>
/// draws. Bits, uniform numbers and integers are the same bit for bit; normal numbers agree to rounding.
/// </summary>
/// <param name="Seed">Seed of the run.</param>
/// <param name="Worker">Worker of lane 0, from 0; at most 2²³.</param>
/// <param name="Step">Step of these workers, from 0.</param>
/// <param name="Stream">Purpose of the draws.</param>
public readonly record struct WideNoise(ulong Seed, int Worker, long Step, NoiseStream Stream)
{
    /// <summary>Number of lanes.</summary>
    public const int Lanes = 8;

    private const ulong Low = 0xFFFFFFFF;

    /// <summary>64 random bits of the draws 2b and 2b + 1.</summary>
    /// <param name="block">b, from 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (Vector512<ulong> Even, Vector512<ulong> Odd) Block(uint block)
    {
        // Every 64-bit element carries one 32-bit word, of the counter as of the key. Products read the lower halves only, so
        // the upper halves may hold anything between rounds; they are masked at the end.
        var a = Vector512.Create((ulong)block);
        var b = Vector512.Create((ulong)(uint)Step);
        var c = Vector512.Create((ulong)(uint)(Step >> 32));
        var d = Vector512.Create((ulong)((uint)Stream << 24)) | ((Vector512.Create((ulong)(uint)Worker) + Vector512<ulong>.Indices) & Vector512.Create(0xFFFFFFUL));
        Vector512<ulong> k0 = Vector512.Create(Seed), k1 = Vector512.Create(Seed >> 32);
        Round(ref a, ref b, ref c, ref d, ref k0, ref k1);
        Round(ref a, ref b, ref c, ref d, ref k0, ref k1);
        Round(ref a, ref b, ref c, ref d, ref k0, ref k1);
        Round(ref a, ref b, ref c, ref d, ref k0, ref k1);
        Round(ref a, ref b, ref c, ref d, ref k0, ref k1);
        Round(ref a, ref b, ref c, ref d, ref k0, ref k1);
        Round(ref a, ref b, ref c, ref d, ref k0, ref k1);
        Round(ref a, ref b, ref c, ref d, ref k0, ref k1);
        Round(ref a, ref b, ref c, ref d, ref k0, ref k1);
        Round(ref a, ref b, ref c, ref d, ref k0, ref k1);
        var low = Vector512.Create(Low);
        return ((a << 32) | (b & low), (c << 32) | (d & low));
    }

    /// <summary>Uniform numbers in [0, 1) with 53 random bits, from 64.</summary>
    /// <param name="bits">The bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Uniform(Vector512<ulong> bits) => Vector512.ConvertToDouble(bits >>> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform integers in [0, bound), as numbers.</summary>
    /// <param name="bits">64 random bits.</param>
    /// <param name="bound">Exclusive upper end, from 1 to 2³¹.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Integer(Vector512<ulong> bits, int bound)
    {
        // The upper 64 bits of bits · bound.
        var factor = Vector512.Create((ulong)bound);
        return Vector512.ConvertToDouble((Product(bits >>> 32, factor) + (Product(bits, factor) >>> 32)) >>> 32);
    }

    /// <summary>The standard normal numbers of the draws 2b and 2b + 1.</summary>
    /// <param name="block">b, from 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (Vector512<double> Even, Vector512<double> Odd) Gaussian(uint block)
    {
        var (first, second) = Block(block);
        var radius = Vector512.Sqrt(-2 * WideMath.Log(Vector512<double>.One - Uniform(first)));
        var (sine, cosine) = WideMath.SinCosOfTurns(Uniform(second));
        return (radius * cosine, radius * sine);
    }

    /// <summary>A round of Philox.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(ref Vector512<ulong> a, ref Vector512<ulong> b, ref Vector512<ulong> c, ref Vector512<ulong> d, ref Vector512<ulong> k0, ref Vector512<ulong> k1)
    {
        Vector512<ulong> p0 = Product(Vector512.Create(0xD2511F53UL), a), p1 = Product(Vector512.Create(0xCD9E8D57UL), c);
        a = (p1 >>> 32) ^ b ^ k0;
        b = p1;
        c = (p0 >>> 32) ^ d ^ k1;
        d = p0;
        k0 += Vector512.Create(0x9E3779B9UL);
        k1 += Vector512.Create(0xBB67AE85UL);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Product(Vector512<ulong> a, Vector512<ulong> b) => Avx512F.IsSupported
        ? Avx512F.Multiply(a.AsUInt32(), b.AsUInt32())
        : (a & Vector512.Create(Low)) * (b & Vector512.Create(Low));
}
