using System.Runtime.CompilerServices;

namespace Hooke.Numerics;

/// <summary>
/// Elementary functions of many numbers at once, without branches and with no special cases: for arguments within the stated
/// ranges only. Polynomials are the best of their degree (Remez), in the relative error.
/// </summary>
/// <typeparam name="V">The numbers.</typeparam>
public static class WideMath<V> where V : unmanaged, IWide<V>
{
    private const ulong One = 0x3FF0000000000000, HalfRoot = 0x3FE6A09E00000000; // 1, and √½ rounded down
    private const double TwoTo52 = 1L << 52;

    /// <summary>The number in [1, 2) whose fraction is the uppermost 52 bits.</summary>
    /// <param name="bits">The bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V OneAndFraction(V bits) => (bits >>> 12) | V.Create(One);

    /// <summary>log x, within 2 units in the last place, for finite x of at least 2⁻¹⁰²².</summary>
    /// <remarks>x = 2^e m with √½ ≤ m &lt; √2, and log m = 2 artanh s = f − s(f − s²P(s²)) with f = m − 1 and s = f/(m + 1), |s| &lt; 0.172; P's error is below 10⁻¹⁷ of log m.</remarks>
    /// <param name="x">x.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log(V x)
    {
        // The bits of √½ are subtracted, so that the exponent rounds where the mantissa passes √½; with a bias it is not negative.
        var bits = V.AddBits(x, V.Create(One - HalfRoot));
        var exponent = Whole(bits >>> 52) - V.Create(TwoTo52 + 1023);
        var f = V.AddBits(bits & V.Create((1UL << 52) - 1), V.Create(HalfRoot)) - V.Create(1.0);
        var s = f / (f + V.Create(2.0));
        var z = s * s;
        var sum = Add(Add(Add(V.Create(0.14788110418247224), z, 0.1531489075217972), z, 0.18183528702109286), z, 0.2222219932859132);
        sum = Add(Add(Add(sum, z, 0.28571428734086407), z, 0.39999999999458324), z, 0.6666666666666726);
        return V.MultiplyAdd(exponent, V.Create(Math.Log(2)), V.MultiplyAdd(s, V.MultiplyAdd(sum, z, -f), f));
    }

    /// <summary>e^−x for −709 ≤ x ≤ 708, and e^−708 above; its relative error is at most (5 + |x|/2) · 2⁻⁵³.</summary>
    /// <param name="x">x.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ExpOfMinus(V x)
    {
        var (fraction, whole) = Halves(x);
        return PowerOf2(fraction, whole);
    }

    /// <summary>The first half of <see cref="ExpOfMinus"/>: −x log₂ e = n + r with n whole and |r| ≤ ½.</summary>
    /// <param name="x">x.</param>
    /// <returns>r, and n in the lowest bits.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (V Fraction, V Whole) Halves(V x)
    {
        x = V.Min(x, V.Create(708.0));
        // Adding 1.5 · 2⁵² rounds to a whole number, and leaves it in the lowest bits.
        V scale = V.Create(-1.4426950408889634), rounder = V.Create(1.5 * TwoTo52);
        var whole = V.MultiplyAdd(x, scale, rounder);
        return (V.MultiplyAdd(x, scale, rounder - whole), whole);
    }

    /// <summary>The second half: 2^(n + r).</summary>
    /// <remarks>2^r is a polynomial within 2.2·10⁻¹⁶.</remarks>
    /// <param name="fraction">r.</param>
    /// <param name="whole">n, in the lowest bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V PowerOf2(V fraction, V whole)
    {
        // Even and odd powers apart: half as long to wait for.
        var square = fraction * fraction;
        var even = Add(Add(Add(V.Create(7.037278662168686e-9), square, 1.3215662837529106e-6), square, 1.5403529961122202e-4), square, 9.618129108034603e-3);
        var odd = Add(Add(Add(V.Create(1.0208537932786765e-7), square, 1.525265811639476e-5), square, 1.333355822856181e-3), square, 5.550410866445883e-2);
        var power = V.MultiplyAdd(fraction, Add(odd, square, 0.6931471805599497), Add(Add(even, square, 0.24022650695908768), square, 1));
        return V.AddBits(power, whole << 52);
    }

    /// <summary>sin and cos of t quarter turns, within 3·10⁻¹⁶, for |t| ≤ ½.</summary>
    /// <param name="t">t.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (V Sine, V Cosine) SinCosOfQuarterTurns(V t)
    {
        var z = t * t;
        var odd = Add(Add(Add(V.Create(5.6337210117050746e-8), z, -3.598641754461118e-6), z, 1.6044115029166048e-4), z, -4.68175413228242e-3);
        odd = Add(Add(Add(odd, z, 7.969262624603957e-2), z, -0.6459640975062443), z, 1.5707963267948966);
        var even = Add(Add(Add(V.Create(4.6553012673516605e-7), z, -2.5200135645153444e-5), z, 9.192599501487971e-4), z, -2.086348073496046e-2);
        even = Add(Add(Add(even, z, 0.25366950789986553), z, -1.2337005501361513), z, 1);
        return (t * odd, even);
    }

    /// <summary>2⁵² + n for whole n from 0 to 2⁵² − 1 given as bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Whole(V n) => n | V.Create(TwoTo52);

    /// <summary>a · s + b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Add(V a, V s, double b) => V.MultiplyAdd(a, s, V.Create(b));
}
