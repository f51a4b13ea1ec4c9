using System.Runtime.CompilerServices;

namespace Hooke.Numerics;

/// <summary>
/// A multiplication by a number a in 16-bit fixed point, w ← w + a q, rounded at random: t = (q·A + 2¹⁴) ⌊/2¹⁵⌋ has s
/// fractional bits, where A = a·2^(s+15) fits into 15 bits, and w moves by ⌊(t + r)/2^s⌋ with r uniform in [0, 2^s). All
/// additions to w saturate.
/// </summary>
/// <remarks>
/// A is itself rounded at random once a step, so that E[A] = a·2^(s+15) even for the smallest a. Vector code does the same
/// operations on 32 numbers at once, to the bit. t has the more fractional bits the smaller a is; with a near its limit it has none,
/// and moves a model by half of its range.
/// </remarks>
public readonly struct FixedStep
{
    private const int Largest = 16383, MostBits = 14;

    /// <summary>A, from −16383 to 16383.</summary>
    public readonly short Multiplier;

    /// <summary>s, from 0 to 14.</summary>
    public readonly int Bits;

    /// <summary>Chooses A and s.</summary>
    /// <param name="factor">a, in steps of the model's grid per unit of the data's 16-bit grid. Beyond ±½ it is cut off: the model saturates in any case.</param>
    /// <param name="random">r in [0, 2¹⁶), with which A is rounded.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public FixedStep(float factor, uint random)
    {
        float size = Math.Min(Math.Abs(factor) * 32768, Largest);
        // The largest s with size·2^s ≤ 16383: 2¹³ is the largest power of two below it.
        Bits = size > 0 ? Math.Clamp(13 - Exponent(size), 0, MostBits) : 0;
        float scaled = size * (1 << Bits);
        int rounded = (int)(scaled + random * (1f / 65536));
        if (rounded > Largest) rounded = Largest;
        Multiplier = (short)(factor < 0 ? -rounded : rounded);
    }

    // ⌊log₂⌋, or less than −126 for what is below 2^−126. The library's function is a call, and every step waits for it.
    private static int Exponent(float positive) => (BitConverter.SingleToInt32Bits(positive) >> 23) - 127;

    /// <summary>⌊(t + r)/2^s⌋.</summary>
    /// <param name="q">A number on the data's 16-bit grid.</param>
    /// <param name="random">r in [0, 2¹⁶); its upper s bits count.</param>
    public int Move(int q, ushort random) => ((q * Multiplier + (1 << 14) >> 15) + (random >> 16 - Bits)) >> Bits;
}
