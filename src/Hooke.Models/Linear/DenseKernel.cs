using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hooke.Numerics;

namespace Hooke.Models.Linear;

/// <summary>
/// Dense rows: a step reads and writes all coordinates, a hardware vector at a time. The write of a step and the score of the next
/// are one pass: the model goes through the processor once a step, and memory, which brings the next row in, never rests.
/// </summary>
/// <typeparam name="TData">Number type of the data.</typeparam>
/// <typeparam name="TModel">Number type of the model.</typeparam>
internal readonly unsafe struct DenseKernel<TData, TModel>(Rows rows) : IRowKernel<TModel> where TData : unmanaged where TModel : unmanaged
{
    private const int Width = 32, Half = 16;

    /// <summary>Numbers whose products 32 bits can add: they are below 2²², their pairs below 2²³.</summary>
    private const int LongestSum = 128 * Width;

    private readonly byte* data = rows.Data.Pointer;
    private readonly float* targets = (float*)(rows.Data.Pointer + rows.Count * rows.Stride);
    private readonly long stride = rows.Stride;
    private readonly int features = rows.Features;
    private readonly float scale = rows.Scale;

    // A step asks for its successor's successor itself.
    public void Prefetch(int row) { }

    public float Target(int row) => targets[row];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public float Score(int row, in Place<TModel> model)
    {
        TData* x = At(row);
        TModel* w = Model(model);
        return scale * model.Scale * (Cell.IsFixed<TData>() && Cell.IsFixed<TModel>() ? Whole(x, w) : Dot(x, w));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(int row, float factor, in Place<TModel> model, in RoundingNoise noise)
    {
        TData* x = At(row);
        TModel* w = Model(model);
        float steps = factor * scale / model.Scale;
        if (Cell.IsFixed<TData>() && Cell.IsFixed<TModel>()) Move(x, w, new(sizeof(TData) == 1 ? steps / 256 : steps, noise.Single), noise);
        else AddFloats(x, w, steps, noise);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public float AddAndScore(int row, float factor, in Place<TModel> model, in RoundingNoise noise, int next, int after)
    {
        TModel* w = Model(model);
        float steps = factor * scale / model.Scale;
        if (!Cell.IsFixed<TModel>()) return scale * model.Scale * AddAndDot(At(row), At(next), (float*)w, steps, (byte*)At(after));
        if (Cell.IsFixed<TData>() && Avx512BW.IsSupported) return scale * model.Scale * MoveAndWhole(At(row), At(next), w, new(sizeof(TData) == 1 ? steps / 256 : steps, noise.Single), noise, (byte*)At(after));
        Add(row, factor, model, noise);
        return Score(next, model);
    }

    // Asks for the line of a row that holds a number.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Ask(byte* row, int k)
    {
        if (Sse.IsSupported) Sse.Prefetch0(row + (long)k * sizeof(TData));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TData* At(int row) => (TData*)(data + row * stride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TModel* Model(in Place<TModel> model) => model.Hot > 0 ? model.Own : model.Shared;

    // In the order of Dot, to the bit.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float AddAndDot(TData* x, TData* next, float* w, float factor, byte* ahead)
    {
        var scaled = Vector512.Create(factor);
        Vector512<float> a = default, b = default, c = default, d = default;
        int k = 0;
        for (; k + 2 * Width <= features; k += 2 * Width)
        {
            Ask(ahead, k);
            if (sizeof(TData) > 1) Ask(ahead, k + Width);
            if (sizeof(TData) == 4)
            {
                Ask(ahead, k + Half);
                Ask(ahead, k + Width + Half);
            }
            a = AddAndDot(x + k, next + k, w + k, scaled, a);
            b = AddAndDot(x + k + Half, next + k + Half, w + k + Half, scaled, b);
            c = AddAndDot(x + k + Width, next + k + Width, w + k + Width, scaled, c);
            d = AddAndDot(x + k + Width + Half, next + k + Width + Half, w + k + Width + Half, scaled, d);
        }
        for (; k + Half <= features; k += Half) a = AddAndDot(x + k, next + k, w + k, scaled, a);
        float rest = 0;
        for (; k < features; k++)
        {
            w[k] = MathF.FusedMultiplyAdd(factor, Cell.Float(x + k), w[k]);
            rest = MathF.FusedMultiplyAdd(Cell.Float(next + k), w[k], rest);
        }
        return Vector512.Sum(a + b + (c + d)) + rest;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> AddAndDot(TData* x, TData* next, float* w, Vector512<float> factor, Vector512<float> sum)
    {
        var moved = Vector512.FusedMultiplyAdd(factor, Floats(x), Vector512.Load(w));
        moved.Store(w);
        return Vector512.FusedMultiplyAdd(Floats(next), moved, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float MoveAndWhole(TData* x, TData* next, TModel* w, FixedStep step, in RoundingNoise noise, byte* ahead)
    {
        var mover = new Mover(step);
        var r = noise.First;
        long sum = 0;
        int k = 0;
        while (k + Width <= features)
        {
            Vector512<int> pairs = default;
            Vector512<long> wide = default;
            int end = Math.Min(features, k + LongestSum);
            for (; k + Width <= end; k += Width, r += noise.Difference)
            {
                if (sizeof(TData) > 1 || (k & Width) == 0) Ask(ahead, k);
                var products = Avx512BW.MultiplyAddAdjacent(mover.Move(x + k, w + k, r), Shorts(next + k));
                if (sizeof(TData) == 1 || sizeof(TModel) == 1) pairs += products;
                else wide += Vector512.WidenLower(products) + Vector512.WidenUpper(products);
            }
            sum += Vector512.Sum(Vector512.WidenLower(pairs) + Vector512.WidenUpper(pairs) + wide);
        }
        for (; k < features; k++)
        {
            Cell.Step(w + k, step.Move(Cell.Wide(x + k), noise.At(k)));
            sum += Cell.Whole(w + k) * Cell.Whole(next + k);
        }
        return sum;
    }

    /// <summary>A <see cref="FixedStep"/> on 32 numbers.</summary>
    private readonly struct Mover(FixedStep step)
    {
        private readonly Vector512<short> multiplier = Vector512.Create(step.Multiplier);
        private readonly Vector128<short> bits = Vector128.CreateScalar((ulong)step.Bits).AsInt16();
        private readonly Vector128<ushort> spare = Vector128.CreateScalar(16UL - (ulong)step.Bits).AsUInt16();

        /// <summary>Moves the model, and gives where it has come to.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<short> Move(TData* x, TModel* w, Vector512<ushort> random)
        {
            var q = sizeof(TData) == 1 ? Shorts(x) << 8 : Shorts(x);
            var t = Avx512BW.MultiplyHighRoundScale(q, multiplier) + Avx512BW.ShiftRightLogical(random, spare).AsInt16();
            var move = Avx512BW.ShiftRightArithmetic(t, bits);
            // The smallest number is left out, for symmetry.
            if (sizeof(TModel) == 1)
            {
                var moved = Vector256.Max(Vector256.AddSaturate(Avx512BW.ConvertToVector256SByteWithSaturation(move), Vector256.Load((sbyte*)w)), Vector256.Create((sbyte)-sbyte.MaxValue));
                moved.Store((sbyte*)w);
                return Avx512BW.ConvertToVector512Int16(moved);
            }
            var wide = Vector512.Max(Vector512.AddSaturate(move, Vector512.Load((short*)w)), Vector512.Create((short)-short.MaxValue));
            wide.Store((short*)w);
            return wide;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float Dot(TData* x, TModel* w)
    {
        Vector512<float> a = default, b = default, c = default, d = default;
        int k = 0;
        for (; k + 2 * Width <= features; k += 2 * Width)
        {
            a = Vector512.FusedMultiplyAdd(Floats(x + k), Floats(w + k), a);
            b = Vector512.FusedMultiplyAdd(Floats(x + k + Half), Floats(w + k + Half), b);
            c = Vector512.FusedMultiplyAdd(Floats(x + k + Width), Floats(w + k + Width), c);
            d = Vector512.FusedMultiplyAdd(Floats(x + k + Width + Half), Floats(w + k + Width + Half), d);
        }
        for (; k + Half <= features; k += Half) a = Vector512.FusedMultiplyAdd(Floats(x + k), Floats(w + k), a);
        float rest = 0;
        for (; k < features; k++) rest = MathF.FusedMultiplyAdd(Cell.Float(x + k), Cell.Float(w + k), rest);
        return Vector512.Sum(a + b + (c + d)) + rest;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float Whole(TData* x, TModel* w)
    {
        int k = 0;
        long sum = 0;
        if (Avx512BW.IsSupported)
        {
            if (sizeof(TData) == 1 || sizeof(TModel) == 1)
                while (k + Width <= features)
                {
                    Vector512<int> a = default, b = default;
                    int end = Math.Min(features, k + LongestSum);
                    for (; k + 2 * Width <= end; k += 2 * Width)
                    {
                        a += Avx512BW.MultiplyAddAdjacent(Shorts(x + k), Shorts(w + k));
                        b += Avx512BW.MultiplyAddAdjacent(Shorts(x + k + Width), Shorts(w + k + Width));
                    }
                    if (k + Width <= end)
                    {
                        a += Avx512BW.MultiplyAddAdjacent(Shorts(x + k), Shorts(w + k));
                        k += Width;
                    }
                    sum += Vector512.Sum(Vector512.WidenLower(a) + Vector512.WidenUpper(a) + Vector512.WidenLower(b) + Vector512.WidenUpper(b));
                }
            else
            {
                // A pair of products needs all 32 bits.
                Vector512<long> a = default;
                for (; k + Width <= features; k += Width)
                {
                    var pairs = Avx512BW.MultiplyAddAdjacent(Shorts(x + k), Shorts(w + k));
                    a += Vector512.WidenLower(pairs) + Vector512.WidenUpper(pairs);
                }
                sum = Vector512.Sum(a);
            }
        }
        for (; k < features; k++) sum += Cell.Whole(x + k) * Cell.Whole(w + k);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddFloats(TData* x, TModel* w, float factor, in RoundingNoise noise)
    {
        int k = 0;
        if (!Cell.IsFixed<TModel>())
        {
            var a = Vector512.Create(factor);
            for (; k + Width <= features; k += Width)
            {
                Vector512.FusedMultiplyAdd(a, Floats(x + k), Vector512.Load((float*)w + k)).Store((float*)w + k);
                Vector512.FusedMultiplyAdd(a, Floats(x + k + Half), Vector512.Load((float*)w + k + Half)).Store((float*)w + k + Half);
            }
            for (; k < features; k++) ((float*)w)[k] = MathF.FusedMultiplyAdd(factor, Cell.Float(x + k), ((float*)w)[k]);
            return;
        }
        var scaled = Vector512.Create(factor);
        var r = noise.First;
        for (; k + Width <= features; k += Width, r += noise.Difference)
        {
            Put(w + k, Moved(scaled * Floats(x + k), Vector512.WidenLower(r)) + Wholes(w + k));
            Put(w + k + Half, Moved(scaled * Floats(x + k + Half), Vector512.WidenUpper(r)) + Wholes(w + k + Half));
        }
        for (; k < features; k++) Cell.Add(w + k, factor * Cell.Float(x + k), noise.At(k));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Move(TData* x, TModel* w, FixedStep step, in RoundingNoise noise)
    {
        int k = 0;
        if (Avx512BW.IsSupported)
        {
            var mover = new Mover(step);
            var r = noise.First;
            for (; k + Width <= features; k += Width, r += noise.Difference) mover.Move(x + k, w + k, r);
        }
        for (; k < features; k++) Cell.Step(w + k, step.Move(Cell.Wide(x + k), noise.At(k)));
    }

    // ⌊x + r/2¹⁶⌋.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Moved(Vector512<float> x, Vector512<uint> random)
        => Vector512.ConvertToInt32(Vector512.Floor(Vector512.Clamp(x, Vector512.Create(-65536f), Vector512.Create(65536f)) + Vector512.ConvertToSingle(random.AsInt32()) * Vector512.Create(1f / 65536)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Floats<T>(T* from) where T : unmanaged
        => typeof(T) == typeof(float) ? Vector512.Load((float*)from) : Vector512.ConvertToSingle(Wholes(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Wholes<T>(T* from) where T : unmanaged
    {
        if (sizeof(T) == 2)
        {
            var half = Vector256.Load((short*)from);
            return Vector512.Create(Vector256.WidenLower(half), Vector256.WidenUpper(half));
        }
        var quarter = Vector128.Load((sbyte*)from);
        var wide = Vector256.Create(Vector128.WidenLower(quarter), Vector128.WidenUpper(quarter));
        return Vector512.Create(Vector256.WidenLower(wide), Vector256.WidenUpper(wide));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Shorts<T>(T* from) where T : unmanaged
        => sizeof(T) == 2 ? Vector512.Load((short*)from) : Avx512BW.ConvertToVector512Int16(Vector256.Load((sbyte*)from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(TModel* to, Vector512<int> steps)
    {
        int largest = Cell.Largest<TModel>();
        steps = Vector512.Clamp(steps, Vector512.Create(-largest), Vector512.Create(largest));
        var half = Vector256.Narrow(steps.GetLower(), steps.GetUpper());
        if (sizeof(TModel) == 2) half.Store((short*)to);
        else Vector128.Narrow(half.GetLower(), half.GetUpper()).Store((sbyte*)to);
    }
}
