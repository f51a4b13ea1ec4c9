using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hooke.Numerics;

namespace Hooke.Models.Linear;

/// <summary>
/// The loops of <see cref="DenseKernel{TData, TModel}"/> for one width of hardware vectors. They run over the zeros that rows and
/// models are padded with: those move nothing and add nothing.
/// </summary>
/// <remarks>Each loop is compiled by itself: inside of others, the compiler gives up on inlining what it is made of.</remarks>
internal static unsafe class DenseVectors<L, V, TData, TModel> where L : struct, IRowLanes<V> where V : unmanaged where TData : unmanaged where TModel : unmanaged
{
    /// <summary>Partial sums of floats: the number at k belongs to the one at k mod 64, those behind the last 64 to the first 16.</summary>
    private const int Sums = 64, Rest = 16;

    /// <summary>Pairs of vectors whose products 32 bits can add: those of 8-bit numbers are below 2²³, halves of 16-bit ones below 2¹⁶.</summary>
    private const int LongestSum = 128;

    /// <summary>How far ahead rows are asked for, in bytes: a step computes so much for each that the processor does not look ahead far enough by itself.</summary>
    private const int Ahead = 2048;

    /// <summary>⟨w, x⟩ in floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Dot(TData* x, TModel* w, nint count)
    {
        V s0 = L.Zero, s1 = L.Zero, s2 = L.Zero, s3 = L.Zero, s4 = L.Zero, s5 = L.Zero, s6 = L.Zero, s7 = L.Zero;
        nint k = 0;
        for (; k + Sums <= count; k += Sums)
        {
            s0 = Dot(x, w, k, s0);
            s1 = Dot(x, w, k + L.Floats, s1);
            s2 = Dot(x, w, k + 2 * L.Floats, s2);
            s3 = Dot(x, w, k + 3 * L.Floats, s3);
            if (L.Floats >= Rest) continue;
            s4 = Dot(x, w, k + 4 * L.Floats, s4);
            s5 = Dot(x, w, k + 5 * L.Floats, s5);
            s6 = Dot(x, w, k + 6 * L.Floats, s6);
            s7 = Dot(x, w, k + 7 * L.Floats, s7);
        }
        for (; k < count; k += Rest)
        {
            s0 = Dot(x, w, k, s0);
            if (L.Floats < Rest) s1 = Dot(x, w, k + L.Floats, s1);
        }
        return L.Sum(s0, s1, s2, s3, s4, s5, s6, s7);
    }

    /// <summary>w ← w + a x, and ⟨w, x'⟩ in the order of <see cref="Dot(TData*, TModel*, nint)"/>, for models of floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float AddAndDot(TData* x, TData* next, float* w, nint count, float factor)
    {
        var a = L.Create(factor);
        V s0 = L.Zero, s1 = L.Zero, s2 = L.Zero, s3 = L.Zero, s4 = L.Zero, s5 = L.Zero, s6 = L.Zero, s7 = L.Zero;
        nint k = 0;
        for (; k + Sums <= count; k += Sums)
        {
            s0 = AddAndDot(x, next, w, k, a, s0);
            s1 = AddAndDot(x, next, w, k + L.Floats, a, s1);
            s2 = AddAndDot(x, next, w, k + 2 * L.Floats, a, s2);
            s3 = AddAndDot(x, next, w, k + 3 * L.Floats, a, s3);
            if (L.Floats >= Rest) continue;
            s4 = AddAndDot(x, next, w, k + 4 * L.Floats, a, s4);
            s5 = AddAndDot(x, next, w, k + 5 * L.Floats, a, s5);
            s6 = AddAndDot(x, next, w, k + 6 * L.Floats, a, s6);
            s7 = AddAndDot(x, next, w, k + 7 * L.Floats, a, s7);
        }
        for (; k < count; k += Rest)
        {
            s0 = AddAndDot(x, next, w, k, a, s0);
            if (L.Floats < Rest) s1 = AddAndDot(x, next, w, k + L.Floats, a, s1);
        }
        return L.Sum(s0, s1, s2, s3, s4, s5, s6, s7);
    }

    /// <summary>w ← w + a x for models of floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(TData* x, float* w, nint count, float factor)
    {
        var a = L.Create(factor);
        for (nint k = 0; k < count; k += L.Floats) L.Store(L.MultiplyAdd(a, L.FromCells(x + k), L.Load(w + k)), w + k);
    }

    /// <summary>w ← w + ⌊a x + r⌋ for data of floats and a fixed-point model.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddRounded(TData* x, TModel* w, nint count, float factor, in RoundingNoise noise)
    {
        var a = L.Create(factor);
        L.Randoms(noise, out V r0, out V r1, out V change0, out V change1);
        for (nint k = 0; k < count; k += 4 * L.Floats)
        {
            AddRounded(x, w, k, count, a, r0);
            AddRounded(x, w, k + 2 * L.Floats, count, a, r1);
            (r0, r1) = (L.AddShorts(r0, change0), L.AddShorts(r1, change1));
        }
    }

    /// <summary>⟨w, x⟩ in whole numbers, for data and a model in fixed point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static long Whole(TData* x, TModel* w, nint count)
    {
        long sum = 0;
        nint k = 0;
        while (k < count)
        {
            Sum s = new(L.Zero, L.Zero);
            nint end = Math.Min(count, k + LongestSum * 2 * L.Floats);
            for (; k < end; k += 2 * L.Floats) s.Add(L.Shorts(x + k), L.Shorts(w + k));
            sum += s.Total;
        }
        return sum;
    }

    /// <summary>Makes a <see cref="FixedStep"/>, for data and a model in fixed point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Move(TData* x, TModel* w, nint count, FixedStep step, in RoundingNoise noise)
    {
        Mover mover = new(step);
        L.Randoms(noise, out V r0, out V r1, out V change0, out V change1);
        for (nint k = 0; k < count; k += 4 * L.Floats)
        {
            mover.Move(x + k, w + k, r0);
            if (k + 2 * L.Floats < count) mover.Move(x + k + 2 * L.Floats, w + k + 2 * L.Floats, r1);
            (r0, r1) = (L.AddShorts(r0, change0), L.AddShorts(r1, change1));
        }
    }

    /// <summary><see cref="Move"/>, and the <see cref="Whole"/> of the next row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static long MoveAndWhole(TData* x, TData* next, TModel* w, nint count, FixedStep step, in RoundingNoise noise)
    {
        Mover mover = new(step);
        L.Randoms(noise, out V r0, out V r1, out V change0, out V change1);
        long sum = 0;
        nint k = 0;
        while (k < count)
        {
            Sum s = new(L.Zero, L.Zero), t = new(L.Zero, L.Zero);
            nint end = Math.Min(count, k + LongestSum * 4 * L.Floats), whole = end - (end - k) % (4 * L.Floats);
            for (; k < whole; k += 4 * L.Floats)
            {
                Prefetch(next + k);
                s.Add(mover.Move(x + k, w + k, r0), L.Shorts(next + k));
                t.Add(mover.Move(x + k + 2 * L.Floats, w + k + 2 * L.Floats, r1), L.Shorts(next + k + 2 * L.Floats));
                (r0, r1) = (L.AddShorts(r0, change0), L.AddShorts(r1, change1));
            }
            for (V r = r0; k < end; k += 2 * L.Floats, r = r1) s.Add(mover.Move(x + k, w + k, r), L.Shorts(next + k));
            sum += s.Total + t.Total;
        }
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(TData* at)
    {
        if (Sse.IsSupported) Sse.Prefetch0((byte*)at + Ahead);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Dot(TData* x, TModel* w, nint k, V sum) => L.MultiplyAdd(L.FromCells(x + k), L.FromCells(w + k), sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V AddAndDot(TData* x, TData* next, float* w, nint k, V factor, V sum)
    {
        V moved = L.MultiplyAdd(factor, L.FromCells(x + k), L.Load(w + k));
        L.Store(moved, w + k);
        return L.MultiplyAdd(L.FromCells(next + k), moved, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRounded(TData* x, TModel* w, nint k, nint count, V factor, V random)
    {
        if (k < count) L.AddRounded(w + k, L.MultiplyAdd(factor, L.FromCells(x + k), L.Zero), random, upper: false);
        if (k + L.Floats < count) L.AddRounded(w + k + L.Floats, L.MultiplyAdd(factor, L.FromCells(x + k + L.Floats), L.Zero), random, upper: true);
    }

    /// <summary>A <see cref="FixedStep"/> on vectors of 16-bit numbers.</summary>
    private readonly struct Mover(FixedStep step)
    {
        private readonly V multiplier = L.Create(step.Multiplier);
        private readonly Vector128<short> bits = Vector128.CreateScalar((ulong)step.Bits).AsInt16(), spare = Vector128.CreateScalar(16UL - (ulong)step.Bits).AsInt16();

        /// <summary>Moves the model, and gives where it has come to.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Move(TData* x, TModel* w, V random)
            => L.Move(w, L.ShiftSigned(L.AddShorts(L.MultiplyRound(L.Wide(x), multiplier), L.ShiftUnsigned(random, spare)), bits));
    }

    /// <summary>A sum of products of 16-bit numbers. Pairs of 16-bit data and model fill all 32 bits, and are added half by half.</summary>
    private struct Sum(V first, V second)
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(V a, V b)
        {
            V pairs = L.Pairs(a, b);
            if (sizeof(TData) == 1 || sizeof(TModel) == 1)
            {
                first = L.AddInts(first, pairs);
                return;
            }
            first = L.AddInts(first, L.Low(pairs));
            second = L.AddInts(second, L.High(pairs));
        }

        public readonly long Total => L.SumInts(first) + (sizeof(TData) == 1 || sizeof(TModel) == 1 ? 0 : L.SumInts(second) << 16);
    }
}
