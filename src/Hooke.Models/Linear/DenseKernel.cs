using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hooke.Numerics;

namespace Hooke.Models.Linear;

/// <summary>
/// Dense rows: a step reads and writes all coordinates, a hardware vector at a time. The write of a step and the score of the next
/// are one pass: the model goes through the processor once a step, and memory, which brings the next row in, rests little.
/// </summary>
/// <remarks>The widest vectors that the processor has are used; the width changes no bit.</remarks>
/// <typeparam name="TData">Number type of the data.</typeparam>
/// <typeparam name="TModel">Number type of the model.</typeparam>
internal readonly unsafe struct DenseKernel<TData, TModel>(Rows rows) : IRowKernel<TModel> where TData : unmanaged where TModel : unmanaged
{
    private readonly byte* data = rows.Data.Pointer;
    private readonly float* targets = (float*)(rows.Data.Pointer + rows.Count * rows.Stride);
    private readonly long stride = rows.Stride;
    private readonly int features = rows.Features;
    private readonly float scale = rows.Scale;

    // Rows are read in order, and the processor asks for what comes next.
    public void Prefetch(int row) { }

    public float Target(int row) => targets[row];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Score(int row, in Place<TModel> model)
        => Avx512BW.IsSupported ? Score<RowLanes512, Vector512<byte>>(row, model) : Score<RowLanes256, Vector256<byte>>(row, model);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int row, float factor, in Place<TModel> model, in RoundingNoise noise)
    {
        if (Avx512BW.IsSupported) Add<RowLanes512, Vector512<byte>>(row, factor, model, noise);
        else Add<RowLanes256, Vector256<byte>>(row, factor, model, noise);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float AddAndScore(int row, float factor, in Place<TModel> model, in RoundingNoise noise, int next)
        => Avx512BW.IsSupported ? AddAndScore<RowLanes512, Vector512<byte>>(row, factor, model, noise, next) : AddAndScore<RowLanes256, Vector256<byte>>(row, factor, model, noise, next);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float Score<L, V>(int row, in Place<TModel> model) where L : struct, IRowLanes<V> where V : unmanaged
        => scale * model.Scale * (IsWhole ? DenseVectors<L, V, TData, TModel>.Whole(At(row), model.Whole, features) : DenseVectors<L, V, TData, TModel>.Dot(At(row), model.Whole, features));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add<L, V>(int row, float factor, in Place<TModel> model, in RoundingNoise noise) where L : struct, IRowLanes<V> where V : unmanaged
    {
        float steps = factor * scale / model.Scale;
        if (IsWhole) DenseVectors<L, V, TData, TModel>.Move(At(row), model.Whole, features, Step(steps, noise), noise);
        else if (Cell.IsFixed<TModel>()) DenseVectors<L, V, TData, TModel>.AddRounded(At(row), model.Whole, features, steps, noise);
        else DenseVectors<L, V, TData, TModel>.Add(At(row), (float*)model.Whole, features, steps);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float AddAndScore<L, V>(int row, float factor, in Place<TModel> model, in RoundingNoise noise, int next) where L : struct, IRowLanes<V> where V : unmanaged
    {
        float steps = factor * scale / model.Scale;
        if (IsWhole) return scale * model.Scale * DenseVectors<L, V, TData, TModel>.MoveAndWhole(At(row), At(next), model.Whole, features, Step(steps, noise), noise);
        if (!Cell.IsFixed<TModel>()) return scale * model.Scale * DenseVectors<L, V, TData, TModel>.AddAndDot(At(row), At(next), (float*)model.Whole, features, steps);
        Add<L, V>(row, factor, model, noise);
        return Score<L, V>(next, model);
    }

    private static bool IsWhole
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Cell.IsFixed<TData>() && Cell.IsFixed<TModel>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FixedStep Step(float steps, in RoundingNoise noise) => new(sizeof(TData) == 1 ? steps / 256 : steps, noise.Single);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TData* At(int row) => (TData*)(data + row * stride);
}
