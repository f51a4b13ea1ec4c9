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
        // Every 64-bit element carries one 32-bit word. Products read its lower half only, so the upper half may hold anything
        // between rounds; it is masked at the end.
        Vector512<ulong> multiplier0 = Vector512.Create(0xD2511F53UL), multiplier1 = Vector512.Create(0xCD9E8D57UL);
        var a = Vector512.Create((ulong)block);
        var b = Vector512.Create((ulong)(uint)Step);
        var c = Vector512.Create((ulong)(uint)(Step >> 32));
        var d = Vector512.Create((ulong)((uint)Stream << 24)) | ((Vector512.Create((ulong)(uint)Worker) + Vector512<ulong>.Indices) & Vector512.Create(0xFFFFFFUL));
        uint k0 = (uint)Seed, k1 = (uint)(Seed >> 32);
        for (int round = 0; round < 10; round++)
        {
            Vector512<ulong> p0 = Product(multiplier0, a), p1 = Product(multiplier1, c);
            (a, b, c, d) = ((p1 >>> 32) ^ b ^ Vector512.Create((ulong)k0), p1, (p0 >>> 32) ^ d ^ Vector512.Create((ulong)k1), p0);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }
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
        var radius = Vector512.Sqrt(-2 * Vector512.Log(Vector512<double>.One - Uniform(first)));
        var (sine, cosine) = SinCosOfTurns(Uniform(second));
        return (radius * cosine, radius * sine);
    }

    /// <summary>sin 2πu and cos 2πu for u in [0, 1), within 4·10⁻¹⁶: Taylor polynomials within an eighth of a turn of a multiple of a quarter turn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<double> Sine, Vector512<double> Cosine) SinCosOfTurns(Vector512<double> u)
    {
        var quarter = Vector512.Round(u * 4);
        var x = (u - quarter * 0.25) * (2 * Math.PI);
        var s = x * x;
        var sine = x + x * s * (Polynomial(s, -1.0 / 6, 1.0 / 120, -1.0 / 5040, 1.0 / 362880, -1.0 / 39916800, 1.0 / 6227020800, -1.0 / 1307674368000));
        var cosine = Vector512<double>.One + s * Polynomial(s, -0.5, 1.0 / 24, -1.0 / 720, 1.0 / 40320, -1.0 / 3628800, 1.0 / 479001600, -1.0 / 87178291200, 1.0 / 20922789888000);
        // Quarter turns 1 and 3 swap the two; 2 and 3 turn the sine's sign, 1 and 2 the cosine's.
        var turns = Vector512.ConvertToInt64(quarter);
        var swap = Vector512.Equals(turns & Vector512<long>.One, Vector512<long>.One).AsDouble();
        var signOfSine = ((turns & Vector512.Create(2L)) << 62).AsDouble();
        var signOfCosine = (((turns + Vector512<long>.One) & Vector512.Create(2L)) << 62).AsDouble();
        return (Vector512.ConditionalSelect(swap, cosine, sine) ^ signOfSine, Vector512.ConditionalSelect(swap, sine, cosine) ^ signOfCosine);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Polynomial(Vector512<double> s, params ReadOnlySpan<double> coefficients)
    {
        var sum = Vector512.Create(coefficients[^1]);
        for (int k = coefficients.Length - 2; k >= 0; k--) sum = Vector512.FusedMultiplyAdd(sum, s, Vector512.Create(coefficients[k]));
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Product(Vector512<ulong> a, Vector512<ulong> b) => Avx512F.IsSupported
        ? Avx512F.Multiply(a.AsUInt32(), b.AsUInt32())
        : (a & Vector512.Create(Low)) * (b & Vector512.Create(Low));
}
