using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hooke.Numerics;

/// <summary>How a number is brought onto a grid.</summary>
public enum Rounding
{
    /// <summary>Up or down at random, so that the expectation is the number itself. [Survey, sec. 5.4.2]</summary>
    Unbiased,
    /// <summary>To the nearest point; updates below half a step are lost.</summary>
    Nearest,
}

/// <summary>
/// Random bits for unbiased rounding, 16 for a coordinate: r = K₁ + block·K₂ mod 2¹⁶, lane by lane, where a block is 32
/// coordinates and the 64 keys of a step are drawn from <see cref="Noise"/>'s generator. Counter-based: a pure function of
/// (seed, worker, step, coordinate).
/// </summary>
/// <remarks>
/// Each r is uniform, so rounding with it is unbiased. Two coordinates whose blocks differ by an odd number have independent
/// r, those that differ by a multiple of 2ᵏ up to their lowest k bits; and the variance of a sum of rounding errors depends on
/// pairs only. Steps share nothing. An addition for 32 coordinates is what makes rounding as fast as memory.
/// </remarks>
public struct RoundingNoise
{
    /// <summary>Coordinates in a block.</summary>
    public const int BlockSize = 32;

    private readonly ulong key;
    private readonly bool nearest;
    private Vector512<ushort> first, difference;
    private uint scalar;

    /// <summary>The random bits of a worker.</summary>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="worker">The worker, from 0.</param>
    /// <param name="rounding">For rounding to the nearest, r is always one half.</param>
    public RoundingNoise(ulong seed, int worker, Rounding rounding)
    {
        key = new Noise(seed, worker, 0, NoiseStream.Rounding).Bits(0);
        nearest = rounding == Rounding.Nearest;
        (first, difference, scalar) = (Vector512.Create((ushort)0x8000), default, 0x8000);
    }

    /// <summary>r of the first block of the step.</summary>
    public readonly Vector512<ushort> First => first;

    /// <summary>What a block's r exceeds that of the block before by.</summary>
    public readonly Vector512<ushort> Difference => difference;

    /// <summary>Draws the keys of a step.</summary>
    /// <param name="step">The worker's step, and class where there are several.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Start(long step)
    {
        if (nearest) return;
        // Philox costs more than a row of 100 features; these mix a counter as well as keys need.
        ulong state = Mix(key + (ulong)step * 0x9E3779B97F4A7C15);
        scalar = (uint)(state >> 48);
        // By halves: whole, they are slow where the processor has no vectors of 512 bits.
        var lower = Vector256.Create((uint)state) + Vector256<uint>.Indices * 0x9E3779B1u;
        var upper = lower + Vector256.Create(unchecked(8 * 0x9E3779B1u));
        var other = Vector256.Create((uint)(state >> 32));
        first = Vector512.Create(Mix(lower), Mix(upper)).AsUInt16();
        difference = Vector512.Create(Mix(lower ^ other), Mix(upper ^ other)).AsUInt16();
    }

    /// <summary>r of a single number of the step, in [0, 2¹⁶), apart from the blocks.</summary>
    public readonly uint Single => scalar;

    /// <summary>r of a coordinate.</summary>
    /// <param name="coordinate">Which, from 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ushort At(int coordinate)
    {
        nuint lane = (uint)coordinate % BlockSize;
        ref ushort start = ref Unsafe.As<Vector512<ushort>, ushort>(ref Unsafe.AsRef(in first)), step = ref Unsafe.As<Vector512<ushort>, ushort>(ref Unsafe.AsRef(in difference));
        return (ushort)(Unsafe.Add(ref start, lane) + (uint)coordinate / BlockSize * Unsafe.Add(ref step, lane));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Mix(Vector256<uint> x)
    {
        x ^= x >> 16;
        x *= 0x7FEB352Du;
        x ^= x >> 15;
        x *= 0x846CA68Bu;
        return x ^ x >> 16;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return z ^ z >> 31;
    }
}
