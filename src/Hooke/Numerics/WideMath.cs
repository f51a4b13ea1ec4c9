using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hooke.Numerics;

/// <summary>
/// Elementary functions of eight numbers at once, without branches and with no special cases: for arguments within the stated
/// ranges only.
/// </summary>
public static class WideMath
{
    /// <summary>log x, within 2 units in the last place, for finite x of at least 2⁻¹⁰²².</summary>
    /// <remarks>x = 2^e m with √½ ≤ m &lt; √2, and log m = 2 artanh s = 2s + s³(2/3 + 2/5 s² + …) with s = (m − 1)/(m + 1), |s| &lt; 0.172.</remarks>
    /// <param name="x">x.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Log(Vector512<double> x)
    {
        // The bits of √½ are subtracted, so that the exponent rounds where the mantissa passes √½.
        var bits = x.AsInt64() - Vector512.Create(HalfRoot);
        var exponent = Vector512.ConvertToDouble(bits >> 52);
        var f = ((bits & Vector512.Create((1L << 52) - 1)) + Vector512.Create(HalfRoot)).AsDouble() - Vector512<double>.One;
        var s = f / (f + Vector512.Create(2.0));
        var z = s * s;
        var sum = Add(Add(Add(Add(Vector512.Create(2.0 / 21), z, 2.0 / 19), z, 2.0 / 17), z, 2.0 / 15), z, 2.0 / 13);
        sum = Add(Add(Add(Add(Add(sum, z, 2.0 / 11), z, 2.0 / 9), z, 2.0 / 7), z, 2.0 / 5), z, 2.0 / 3);
        // 2s = f − s f, and f is exact; ln 2 in two parts, the first with zeros at its end.
        var small = Vector512.FusedMultiplyAdd(s, sum * z - f, exponent * 1.90821492927058770e-10);
        return Vector512.FusedMultiplyAdd(exponent, Vector512.Create(6.93147180369123816490e-01), f + small);
    }

    /// <summary>sin 2πu and cos 2πu, within 4·10⁻¹⁶, for |u| below 2⁵⁰: polynomials within an eighth of a turn of a multiple of a quarter turn.</summary>
    /// <param name="u">u, in turns.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<double> Sine, Vector512<double> Cosine) SinCosOfTurns(Vector512<double> u)
    {
        // Adding 1.5 · 2⁵² rounds to a whole number, and leaves it in the lowest bits.
        var rounder = Vector512.Create(1.5 * (1L << 52));
        var turns = (u * 4 + rounder).AsInt64();
        var x = (u - (turns.AsDouble() - rounder) * 0.25) * (2 * Math.PI);
        var s = x * x;
        var odd = Add(Add(Add(Add(Vector512.Create(-1.0 / 1307674368000), s, 1.0 / 6227020800), s, -1.0 / 39916800), s, 1.0 / 362880), s, -1.0 / 5040);
        odd = Add(Add(odd, s, 1.0 / 120), s, -1.0 / 6);
        var even = Add(Add(Add(Add(Vector512.Create(1.0 / 20922789888000), s, -1.0 / 87178291200), s, 1.0 / 479001600), s, -1.0 / 3628800), s, 1.0 / 40320);
        even = Add(Add(Add(even, s, -1.0 / 720), s, 1.0 / 24), s, -0.5);
        var sine = Vector512.FusedMultiplyAdd(x * s, odd, x);
        var cosine = Vector512.FusedMultiplyAdd(s, even, Vector512<double>.One);
        // Quarter turns 1 and 3 swap the two; 2 and 3 turn the sine's sign, 1 and 2 the cosine's.
        var swap = Vector512.Equals(turns & Vector512<long>.One, Vector512<long>.One).AsDouble();
        var signOfSine = ((turns & Vector512.Create(2L)) << 62).AsDouble();
        var signOfCosine = (((turns + Vector512<long>.One) & Vector512.Create(2L)) << 62).AsDouble();
        return (Vector512.ConditionalSelect(swap, cosine, sine) ^ signOfSine, Vector512.ConditionalSelect(swap, sine, cosine) ^ signOfCosine);
    }

    private const long HalfRoot = 0x3FE6A09E00000000; // √½, rounded down

    /// <summary>a · s + b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Add(Vector512<double> a, Vector512<double> s, double b) => Vector512.FusedMultiplyAdd(a, s, Vector512.Create(b));
}
