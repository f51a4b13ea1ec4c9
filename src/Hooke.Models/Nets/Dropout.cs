using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hooke.Numerics;

namespace Hooke.Models.Nets;

/// <summary>
/// Inverted dropout of one layer: factors 0 with probability q, else 1/(1 − q). A factor is a pure function of (seed, worker,
/// step), the example's place in the batch and the unit.
/// </summary>
/// <remarks>
/// Sixteen random bits decide about a unit, so a Philox block serves eight units. Eight blocks are computed at once, one in
/// each lane of 64 bits: unit u of a group of 64 takes word (u ≥ 32 ? 2 : 0) + u % 4 / 2 of the group's block u % 32 / 4, its
/// low half if u is even.
/// </remarks>
internal sealed class Dropout
{
    private readonly int firstBlock, blocksPerExample;
    private readonly uint threshold;

    /// <summary>Creates the dropout of a layer.</summary>
    /// <param name="rate">q, 0 &lt; q &lt; 1, rounded to a multiple of 2⁻¹⁶.</param>
    /// <param name="firstBlock">Where the layer's blocks start among an example's.</param>
    /// <param name="blocksPerExample">Blocks that all layers use for an example.</param>
    public Dropout(double rate, int firstBlock, int blocksPerExample)
    {
        threshold = (uint)Math.Clamp(Math.Round(rate * 65536), 1, 65535);
        Scale = 65536f / (65536 - threshold);
        this.firstBlock = firstBlock;
        this.blocksPerExample = blocksPerExample;
    }

    /// <summary>1/(1 − q).</summary>
    public float Scale { get; }

    /// <summary>Blocks that a layer uses for an example.</summary>
    /// <param name="units">The layer's units.</param>
    public static int Blocks(int units) => (units + 63) / 64 * 8;

    /// <summary>Writes the factors of an example.</summary>
    /// <param name="noise">The step's random numbers.</param>
    /// <param name="example">The example's place in the batch.</param>
    /// <param name="factors">Receives a factor for each unit.</param>
    public void Fill(Noise noise, int example, Span<float> factors)
    {
        uint block = (uint)example * (uint)blocksPerExample + (uint)firstBlock;
        for (; factors.Length >= 64; factors = factors[64..], block += 8) Fill(noise, block, ref factors[0]);
        if (factors.Length == 0) return;
        Span<float> last = stackalloc float[64];
        Fill(noise, block, ref last[0]);
        last[..factors.Length].CopyTo(factors);
    }

    private void Fill(Noise noise, uint block, ref float factors)
    {
        var (ab, cd) = Blocks(noise, block);
        Decide(ab.AsUInt16(), ref factors);
        Decide(cd.AsUInt16(), ref Unsafe.Add(ref factors, 32));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Decide(Vector512<ushort> bits, ref float factors)
    {
        Vector512<uint> limit = Vector512.Create(threshold);
        Vector512<float> scale = Vector512.Create(Scale);
        var (lower, upper) = Vector512.Widen(bits);
        (scale & Vector512.GreaterThanOrEqual(lower, limit).AsSingle()).StoreUnsafe(ref factors);
        (scale & Vector512.GreaterThanOrEqual(upper, limit).AsSingle()).StoreUnsafe(ref factors, 16);
    }

    /// <summary>Eight blocks of <see cref="Noise.Block"/>: words A and B of each in one vector, C and D in the other.</summary>
    /// <param name="noise">The generator.</param>
    /// <param name="block">The first block.</param>
    internal static (Vector512<ulong> AB, Vector512<ulong> CD) Blocks(Noise noise, uint block)
    {
        Vector512<ulong> word = Vector512.Create((ulong)uint.MaxValue), multiplier0 = Vector512.Create(0xD2511F53ul), multiplier1 = Vector512.Create(0xCD9E8D57ul);
        Vector512<ulong> a = Vector512.Create((ulong)block) + Vector512.Create(0ul, 1, 2, 3, 4, 5, 6, 7) & word;
        Vector512<ulong> b = Vector512.Create((ulong)(uint)noise.Step), c = Vector512.Create((ulong)(uint)(noise.Step >> 32));
        Vector512<ulong> d = Vector512.Create((ulong)((uint)noise.Stream << 24 | (uint)noise.Worker & 0xFFFFFF));
        uint key0 = (uint)noise.Seed, key1 = (uint)(noise.Seed >> 32);
        for (int round = 0; round < 10; round++, key0 += 0x9E3779B9, key1 += 0xBB67AE85)
        {
            Vector512<ulong> p0 = Product(a, multiplier0), p1 = Product(c, multiplier1);
            (a, b, c, d) = (p1 >>> 32 ^ b ^ Vector512.Create((ulong)key0), p1 & word, p0 >>> 32 ^ d ^ Vector512.Create((ulong)key1), p0 & word);
        }
        return (a | b << 32, c | d << 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Product(Vector512<ulong> a, Vector512<ulong> b)
    {
        if (Avx512F.IsSupported) return Avx512F.Multiply(a.AsUInt32(), b.AsUInt32());
        if (Avx2.IsSupported)
            return Vector512.Create(Avx2.Multiply(a.GetLower().AsUInt32(), b.GetLower().AsUInt32()), Avx2.Multiply(a.GetUpper().AsUInt32(), b.GetUpper().AsUInt32()));
        return a * b;
    }
}
