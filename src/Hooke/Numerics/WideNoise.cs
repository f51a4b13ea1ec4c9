using System.Runtime.CompilerServices;

namespace Hooke.Numerics;

/// <summary>
/// The random numbers of successive workers at once: lane j holds what <c>Noise(seed, worker + j, step, stream)</c> draws in
/// a block, the same bits.
/// </summary>
/// <remarks>
/// A worker's steps follow each other while block and worker stay: two of Philox's four words depend on neither in the first
/// three rounds, so these rounds are done once, but for a few scalars of each step.
/// </remarks>
/// <typeparam name="V">The lanes.</typeparam>
public readonly unsafe struct WideNoise<V> where V : unmanaged, IWide<V>
{
    private const ulong Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57, Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85, Low = 0xFFFFFFFF;
    private const int Rounds = 10;
    private readonly V first, third, fourth;
    private readonly ulong seed, upper, rest; // of the products with the step's upper half and with the block

    /// <summary>The numbers of a block of some steps.</summary>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="worker">Worker of lane 0, from 0; at most 2²³.</param>
    /// <param name="stream">Purpose of the draws.</param>
    /// <param name="step">A step from 0; all with the same upper 32 bits are served.</param>
    /// <param name="block">The block, from 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public WideNoise(ulong seed, int worker, NoiseStream stream, long step, uint block = 0)
    {
        ulong blocks = Multiplier0 * block, steps = Multiplier1 * ((ulong)step >> 32);
        (this.seed, upper, rest) = (seed, steps >> 32, blocks & Low);
        var last = V.Create((ulong)stream << 24) | (V.AddBits(V.Indices, V.Create((ulong)worker)) & V.Create(0xFFFFFFUL));
        var product = V.Product(last ^ V.Create((blocks >> 32) ^ Key1(0)), V.Create(Multiplier1));
        fourth = V.Product((product >>> 32) ^ V.Create(steps ^ Key0(1)), V.Create(Multiplier0));
        (first, third) = (product ^ V.Create(Key0(2)), (fourth >>> 32) ^ V.Create(Key1(2)));
    }

    /// <summary>64 random bits of the draws 2b and 2b + 1 of block b.</summary>
    /// <param name="step">The step.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public (V Even, V Odd) Block(long step)
    {
        ulong* keys = stackalloc ulong[2 * Rounds];
        FillKeys(keys);
        return Block((ulong)step, keys);
    }

    // A loop that is compiled alone is compiled best.
    /// <summary>64 random bits for each of successive steps' draws 2b and 2b + 1.</summary>
    /// <param name="step">The first step.</param>
    /// <param name="bits">Receives them, two for each step.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Fill(long step, Span<V> bits)
    {
        ulong* keys = stackalloc ulong[2 * Rounds];
        FillKeys(keys);
        for (int k = 0; k + 1 < bits.Length; k += 2) (bits[k], bits[k + 1]) = Block((ulong)step++, keys);
    }

    /// <summary>
    /// Turns pairs of 64 random bits into pairs of independent standard normal numbers, r cos φ and r sin φ (Box and Muller's
    /// transform).
    /// </summary>
    /// <remarks>
    /// r² = −2 log u with u in (0, 1] from the first's uppermost 52 bits. The second's give an angle within an eighth of a turn
    /// of 0; its lowest bit decides whether the coordinates change places, the next the sign of the longer one.
    /// </remarks>
    /// <param name="numbers">Bits, and then numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void ToNormal(Span<V> numbers)
    {
        // In two loops, so that the processor sees more of what is independent.
        for (int k = 0; k < numbers.Length; k += 2)
            numbers[k] = V.Sqrt(WideMath<V>.Log(V.Create(2.0) - WideMath<V>.OneAndFraction(numbers[k])) * V.Create(-2.0));
        for (int k = 0; k + 1 < numbers.Length; k += 2)
        {
            V radius = numbers[k], bits = numbers[k + 1];
            var (sine, cosine) = WideMath<V>.SinCosOfQuarterTurns(WideMath<V>.OneAndFraction(bits) - V.Create(1.5));
            V swap = bits << 63, longer = (radius * cosine) ^ ((bits << 62) & V.Create(1UL << 63)), shorter = radius * sine;
            (numbers[k], numbers[k + 1]) = (V.Select(swap, shorter, longer), V.Select(swap, longer, shorter));
        }
    }

    /// <summary>Uniform integers in [0, bound), as numbers.</summary>
    /// <param name="bits">64 random bits.</param>
    /// <param name="bound">Exclusive upper end, from 1 to 2³¹.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Integer(V bits, int bound)
    {
        // The upper 64 bits of bits · bound.
        var factor = V.Create((ulong)bound);
        return WideMath<V>.Whole(V.AddBits(V.Product(bits >>> 32, factor), V.Product(bits, factor) >>> 32) >>> 32) - WideMath<V>.Whole(default);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (V, V) Block(ulong step, ulong* keys)
    {
        // Every 64-bit element carries one 32-bit word, of the counter as of the key. Products read the lower halves only, so
        // the upper halves may hold anything between rounds; they are masked at the end.
        ulong p0 = Multiplier0 * ((step ^ upper ^ Key0(0)) & Low), p1 = Multiplier1 * (((p0 >> 32) ^ rest ^ Key1(1)) & Low);
        V a = first ^ V.Create(p1 >> 32), b = V.Create(p1), c = third ^ V.Create(p0), d = fourth;
        V m0 = V.Create(Multiplier0), m1 = V.Create(Multiplier1);
        Round(ref a, ref b, ref c, ref d, m0, m1, keys + 6);
        Round(ref a, ref b, ref c, ref d, m0, m1, keys + 8);
        Round(ref a, ref b, ref c, ref d, m0, m1, keys + 10);
        Round(ref a, ref b, ref c, ref d, m0, m1, keys + 12);
        Round(ref a, ref b, ref c, ref d, m0, m1, keys + 14);
        Round(ref a, ref b, ref c, ref d, m0, m1, keys + 16);
        Round(ref a, ref b, ref c, ref d, m0, m1, keys + 18);
        var low = V.Create(Low);
        return ((a << 32) | (b & low), (c << 32) | (d & low));
    }

    /// <summary>A round of Philox.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(ref V a, ref V b, ref V c, ref V d, V m0, V m1, ulong* keys)
    {
        V p0 = V.Product(a, m0), p1 = V.Product(c, m1);
        a = (p1 >>> 32) ^ (b ^ V.Create(keys[0]));
        c = (p0 >>> 32) ^ (d ^ V.Create(keys[1]));
        (b, d) = (p1, p0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void FillKeys(ulong* keys)
    {
        for (ulong round = 0; round < Rounds; round++) (keys[2 * round], keys[2 * round + 1]) = (Key0(round), Key1(round));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Key0(ulong round) => seed + round * Weyl0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Key1(ulong round) => (seed >> 32) + round * Weyl1;
}
