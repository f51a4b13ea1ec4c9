using Hooke.Models.Linear;
using Hooke.Numerics;
using Xunit;

namespace Hooke.Tests.LockFree;

/// <summary>The kernels of all precisions against one number at a time.</summary>
public sealed unsafe class KernelTests
{
    public static TheoryData<int, int, int> Cases()
    {
        TheoryData<int, int, int> cases = [];
        foreach (var precision in Precision.All)
            foreach (int features in (int[])[1, 17, 54, 91, 128, 4200]) cases.Add(precision.DataBits, precision.ModelBits, features);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Dense_and_sparse_rows_score_and_move_as_written_out(int dataBits, int modelBits, int features)
    {
        var rows = Rows(features, dataBits, out var sparse);
        switch (modelBits)
        {
            case 32: CheckData<float>(rows, sparse, 1); break;
            case 16: CheckData<short>(rows, sparse, 1f / 8192); break;
            default: CheckData<sbyte>(rows, sparse, 1f / 32); break;
        }
    }

    private static void CheckData<TModel>(Rows rows, Rows sparse, float scale) where TModel : unmanaged
    {
        switch (rows.ValueBytes)
        {
            case 4: Check<float, TModel>(rows, sparse, scale); break;
            case 2: Check<short, TModel>(rows, sparse, scale); break;
            default: Check<sbyte, TModel>(rows, sparse, scale); break;
        }
    }

    private static void Check<TData, TModel>(Rows rows, Rows sparse, float scale) where TData : unmanaged where TModel : unmanaged
    {
        int features = rows.Features;
        using NativeVector<TModel> dense = new(features + 64), other = new(features + 64), fused = new(features + 64), byHand = new(features + 64);
        Noise random = new(1, 0, 0, NoiseStream.Generation);
        for (int j = 0; j < features; j++)
        {
            if (Cell.IsFixed<TModel>()) Cell.Put(byHand.Pointer + j, (int)(Cell.Largest<TModel>() * (2 * random.Uniform(j) - 1)));
            else *(float*)(byHand.Pointer + j) = (float)random.Gaussian(j);
        }
        byHand.Span.CopyTo(dense.Span);
        byHand.Span.CopyTo(other.Span);
        RoundingNoise noise = new(3, 0, Rounding.Unbiased);
        foreach (float factor in (float[])[0.5f, -0.01f, 3e-5f, 1e9f])
        {
            noise.Start(features);
            double score = 0;
            TData* x = (TData*)rows.Values(1);
            for (int j = 0; j < features; j++) score += (double)Cell.Float(x + j) * Cell.Float(byHand.Pointer + j);
            score *= (double)rows.Scale * scale;
            double size = 1e-5 * Math.Max(1, Enumerable.Range(0, features).Sum(j => Math.Abs((double)Cell.Float(x + j) * Cell.Float(byHand.Pointer + j))) * rows.Scale * scale);
            Assert.InRange(new DenseKernel<TData, TModel>(rows).Score(1, new(dense.Pointer, null, 0, scale)), score - size, score + size);
            Assert.InRange(new SparseKernel<ushort, TData, TModel>(sparse).Score(1, new(other.Pointer, null, 0, scale)), score - size, score + size);

            float steps = factor * rows.Scale / scale;
            for (int j = 0; j < features; j++)
            {
                TModel* w = byHand.Pointer + j;
                if (Cell.IsFixed<TData>() && Cell.IsFixed<TModel>()) Cell.Step(w, new FixedStep(sizeof(TData) == 1 ? steps / 256 : steps, noise.Single).Move(Cell.Wide(x + j), noise.At(j)));
                else Cell.Add(w, steps * Cell.Float(x + j), noise.At(j));
            }
            DenseKernel<TData, TModel> kernel = new(rows);
            dense.Span.CopyTo(fused.Span);
            kernel.Add(1, factor, new(dense.Pointer, null, 0, scale), noise);
            float next = kernel.AddAndScore(1, factor, new(fused.Pointer, null, 0, scale), noise, 2);
            Assert.Equal(kernel.Score(2, new(dense.Pointer, null, 0, scale)), next);
            Assert.True(dense.Span.SequenceEqual(fused.Span), $"one pass and two differ at factor {factor}");
            new SparseKernel<ushort, TData, TModel>(sparse).Add(1, factor, new(other.Pointer, null, 0, scale), noise);
            for (int j = 0; j < features; j++)
            {
                Same(byHand.Pointer + j, dense.Pointer + j, $"dense, factor {factor}, coordinate {j}, x {Cell.Float(x + j)}");
                Same(byHand.Pointer + j, other.Pointer + j, $"sparse, factor {factor}, coordinate {j}, x {Cell.Float(x + j)}");
            }
        }
    }

    // Fixed point to the bit; floats may be multiplied and added with one rounding or two.
    private static void Same<TModel>(TModel* wanted, TModel* found, string where) where TModel : unmanaged
    {
        if (Cell.IsFixed<TModel>()) Assert.True(Cell.Whole(wanted) == Cell.Whole(found), $"{where}: {Cell.Whole(found)}; expected {Cell.Whole(wanted)}");
        else Assert.InRange(*(float*)found, *(float*)wanted - 1e-5f * (1 + MathF.Abs(*(float*)wanted)), *(float*)wanted + 1e-5f * (1 + MathF.Abs(*(float*)wanted)));
    }

    private static Rows Rows(int features, int bits, out Rows sparse)
    {
        var dense = Hooke.Models.Linear.Rows.Dense(3, features, sizeof(float));
        int[] counts = [features, features, features];
        sparse = Hooke.Models.Linear.Rows.Sparse(Hooke.Models.Data.Region.AllocateNative(Hooke.Models.Linear.Rows.SparseSize(counts, sizeof(float), 2)), counts, features, sizeof(float), 2);
        for (int row = 0; row < 3; row++)
        {
            Noise random = new(2, 0, row, NoiseStream.Generation);
            Span<float> values = new(dense.Values(row), features);
            random.FillGaussian(values, 1);
            sparse.Fill(row, 1, [.. Enumerable.Range(0, features)], values);
        }
        if (bits == 32) return dense;
        sparse = sparse.Quantize(bits / 8, 3);
        return dense.Quantize(bits / 8, 3);
    }
}
