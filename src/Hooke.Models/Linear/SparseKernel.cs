using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hooke.Numerics;

namespace Hooke.Models.Linear;

/// <summary>
/// Sparse rows: a step touches the coordinates that the row has, one by one: single words are what a race leaves whole.
/// </summary>
/// <typeparam name="TIndex">16- or 32-bit indices.</typeparam>
/// <typeparam name="TData">Number type of the data.</typeparam>
/// <typeparam name="TModel">Number type of the model.</typeparam>
internal readonly unsafe struct SparseKernel<TIndex, TData, TModel>(Rows rows) : IRowKernel<TModel>
    where TIndex : unmanaged where TData : unmanaged where TModel : unmanaged
{
    private const int Line = 64;
    private readonly byte* data = rows.Data.Pointer;
    private readonly long* starts = rows.Starts;
    private readonly float scale = rows.Scale;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Prefetch(int row)
    {
        if (!Sse.IsSupported) return;
        byte* at = data + starts[row], end = data + starts[row + 1];
        for (; at < end; at += Line) Sse.Prefetch0(at);
    }

    public float Target(int row) => *(float*)(data + starts[row]);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public float Score(int row, in Place<TModel> model)
    {
        Find(row, out TData* values, out TIndex* indices, out int length);
        int hot = CountHot(indices, length, model.Hot);
        if (Cell.IsFixed<TData>() && Cell.IsFixed<TModel>())
            return (Whole(values, indices, 0, hot, model.Own) + Whole(values, indices, hot, length, model.Rest)) * (scale * model.Scale);
        return (Dot(values, indices, 0, hot, model.Own) + Dot(values, indices, hot, length, model.Rest)) * (scale * model.Scale);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(int row, float factor, in Place<TModel> model, in RoundingNoise noise)
    {
        Find(row, out TData* values, out TIndex* indices, out int length);
        int hot = CountHot(indices, length, model.Hot);
        float steps = factor * scale / model.Scale;
        if (Cell.IsFixed<TData>() && Cell.IsFixed<TModel>())
        {
            FixedStep step = new(sizeof(TData) == 1 ? steps / 256 : steps, noise.Single);
            Move(values, indices, 0, hot, model.Own, step, noise);
            Move(values, indices, hot, length, model.Rest, step, noise);
            return;
        }
        Add(values, indices, 0, hot, model.Own, steps, noise);
        Add(values, indices, hot, length, model.Rest, steps, noise);
    }

    public float AddAndScore(int row, float factor, in Place<TModel> model, in RoundingNoise noise, int next)
    {
        Add(row, factor, model, noise);
        return Score(next, model);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Find(int row, out TData* values, out TIndex* indices, out int length)
    {
        long start = starts[row];
        length = Rows.LengthOf(starts[row + 1] - start, sizeof(TData), sizeof(TIndex));
        values = (TData*)(data + start + sizeof(float));
        indices = (TIndex*)(values + length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nuint At(TIndex* indices, int k) => sizeof(TIndex) == 2 ? ((ushort*)indices)[k] : ((uint*)indices)[k];

    // Coordinates are numbered by how often they occur, so the hot ones of a row come first.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int CountHot(TIndex* indices, int length, int hot)
    {
        if (hot == 0) return 0;
        if (length > 0 && At(indices, length - 1) < (nuint)hot) return length;
        int count = 0;
        while (count < length && At(indices, count) < (nuint)hot) count++;
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Dot(TData* values, TIndex* indices, int from, int to, TModel* w)
    {
        // Four sums, so that additions need not wait for each other.
        var sums = Vector128<float>.Zero;
        values += from;
        indices += from;
        int left = to - from;
        for (; left >= 4; left -= 4, values += 4, indices += 4)
        {
            var model = Vector128.Create(Cell.Float(w + At(indices, 0)), Cell.Float(w + At(indices, 1)), Cell.Float(w + At(indices, 2)), Cell.Float(w + At(indices, 3)));
            var data = Cell.IsFixed<TData>() ? Vector128.Create(Cell.Float(values), Cell.Float(values + 1), Cell.Float(values + 2), Cell.Float(values + 3)) : Vector128.Load((float*)values);
            sums = Vector128.FusedMultiplyAdd(data, model, sums);
        }
        float sum = sums[0];
        for (; left > 0; left--, values++, indices++) sum = MathF.FusedMultiplyAdd(Cell.Float(values), Cell.Float(w + At(indices, 0)), sum);
        return sum + sums[1] + (sums[2] + sums[3]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Whole(TData* values, TIndex* indices, int from, int to, TModel* w)
    {
        long a = 0, b = 0;
        int k = from;
        for (; k + 2 <= to; k += 2)
        {
            a += Cell.Whole(values + k) * Cell.Whole(w + At(indices, k));
            b += Cell.Whole(values + k + 1) * Cell.Whole(w + At(indices, k + 1));
        }
        if (k < to) a += Cell.Whole(values + k) * Cell.Whole(w + At(indices, k));
        return a + b;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(TData* values, TIndex* indices, int from, int to, TModel* w, float factor, in RoundingNoise noise)
    {
        if (Cell.IsFixed<TModel>())
        {
            for (int k = from; k < to; k++) Cell.Add(w + At(indices, k), factor * Cell.Float(values + k), noise.At(k));
            return;
        }
        values += from;
        indices += from;
        int left = to - from;
        for (; left >= 4; left -= 4, values += 4, indices += 4)
        {
            Cell.Add(w + At(indices, 0), factor * Cell.Float(values), default);
            Cell.Add(w + At(indices, 1), factor * Cell.Float(values + 1), default);
            Cell.Add(w + At(indices, 2), factor * Cell.Float(values + 2), default);
            Cell.Add(w + At(indices, 3), factor * Cell.Float(values + 3), default);
        }
        for (; left > 0; left--, values++, indices++) Cell.Add(w + At(indices, 0), factor * Cell.Float(values), default);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Move(TData* values, TIndex* indices, int from, int to, TModel* w, FixedStep step, in RoundingNoise noise)
    {
        for (int k = from; k < to; k++) Cell.Step(w + At(indices, k), step.Move(Cell.Wide(values + k), noise.At(k)));
    }
}
