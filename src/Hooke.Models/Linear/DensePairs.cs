using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hooke.Models.Linear;

/// <summary>What a pass tells of two rows x and x'.</summary>
/// <param name="First">⟨w, x⟩.</param>
/// <param name="Second">⟨w, x'⟩, with the w of <paramref name="First"/>.</param>
/// <param name="Product">⟨x, x'⟩.</param>
internal readonly record struct PairScores(float First, float Second, float Product);

/// <summary>
/// Dense rows of floats two by two: one pass makes two steps and takes the scores of the next two. The model goes through the
/// processor once for two rows, and memory waits for half as many sums. The second step of a pair moves the model by b x', and
/// finds ⟨w + a x, x'⟩ as ⟨w, x'⟩ + a⟨x, x'⟩: what sequential SGD does, up to the rounding of that sum.
/// </summary>
internal readonly unsafe struct DensePairs(Rows rows)
{
    /// <summary>Rows with fewer numbers are as fast one by one.</summary>
    public const int FewestFeatures = 2048;

    /// <summary>How far ahead rows are asked for, in numbers: a step has so much else to load that the processor does not look ahead far enough by itself.</summary>
    private const int Ahead = 64;

    private readonly byte* data = rows.Data.Pointer;
    private readonly long stride = rows.Stride;
    private readonly int features = rows.Features;

    /// <summary>The scores of two rows.</summary>
    public PairScores Score(int first, int second, float* model) => Avx512BW.IsSupported
        ? Score<RowLanes512, Vector512<byte>>(At(first), At(second), model, features)
        : Score<RowLanes256, Vector256<byte>>(At(first), At(second), model, features);

    /// <summary>w ← (w + a x) + b x', then the scores of two other rows.</summary>
    public PairScores AddAndScore(int first, float a, int second, float b, float* model, int nextFirst, int nextSecond) => Avx512BW.IsSupported
        ? AddAndScore<RowLanes512, Vector512<byte>>(At(first), a, At(second), b, model, At(nextFirst), At(nextSecond), features)
        : AddAndScore<RowLanes256, Vector256<byte>>(At(first), a, At(second), b, model, At(nextFirst), At(nextSecond), features);

    // Sixteen partial sums of each, whatever the width.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static PairScores Score<L, V>(float* x, float* y, float* w, nint count) where L : struct, IRowLanes<V> where V : unmanaged
    {
        V s0 = L.Zero, s1 = L.Zero, t0 = L.Zero, t1 = L.Zero, g0 = L.Zero, g1 = L.Zero;
        for (nint k = 0; k < count; k += 16)
        {
            V m = L.Load(w + k), p = L.Load(x + k), q = L.Load(y + k);
            s0 = L.MultiplyAdd(p, m, s0);
            t0 = L.MultiplyAdd(q, m, t0);
            g0 = L.MultiplyAdd(p, q, g0);
            if (L.Floats == 16) continue;
            m = L.Load(w + k + 8);
            p = L.Load(x + k + 8);
            q = L.Load(y + k + 8);
            s1 = L.MultiplyAdd(p, m, s1);
            t1 = L.MultiplyAdd(q, m, t1);
            g1 = L.MultiplyAdd(p, q, g1);
        }
        return new(L.Sum(s0, s1), L.Sum(t0, t1), L.Sum(g0, g1));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static PairScores AddAndScore<L, V>(float* first, float a, float* second, float b, float* w, float* x, float* y, nint count) where L : struct, IRowLanes<V> where V : unmanaged
    {
        V va = L.Create(a), vb = L.Create(b);
        float* xAhead = x + Ahead, yAhead = y + Ahead;
        V s0 = L.Zero, s1 = L.Zero, t0 = L.Zero, t1 = L.Zero, g0 = L.Zero, g1 = L.Zero;
        for (nint k = 0; k < count; k += 16)
        {
            if (Sse.IsSupported)
            {
                Sse.Prefetch0(xAhead + k);
                Sse.Prefetch0(yAhead + k);
            }
            V m = L.MultiplyAdd(L.Load(second + k), vb, L.MultiplyAdd(L.Load(first + k), va, L.Load(w + k))), p = L.Load(x + k), q = L.Load(y + k);
            L.Store(m, w + k);
            s0 = L.MultiplyAdd(p, m, s0);
            t0 = L.MultiplyAdd(q, m, t0);
            g0 = L.MultiplyAdd(p, q, g0);
            if (L.Floats == 16) continue;
            m = L.MultiplyAdd(L.Load(second + k + 8), vb, L.MultiplyAdd(L.Load(first + k + 8), va, L.Load(w + k + 8)));
            p = L.Load(x + k + 8);
            q = L.Load(y + k + 8);
            L.Store(m, w + k + 8);
            s1 = L.MultiplyAdd(p, m, s1);
            t1 = L.MultiplyAdd(q, m, t1);
            g1 = L.MultiplyAdd(p, q, g1);
        }
        return new(L.Sum(s0, s1), L.Sum(t0, t1), L.Sum(g0, g1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float* At(int row) => (float*)(data + row * stride);
}
