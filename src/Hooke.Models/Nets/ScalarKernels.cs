namespace Hooke.Models.Nets;

/// <summary>Kernels without vectors, against which the others are checked.</summary>
internal sealed unsafe class ScalarKernels : IKernels
{
    public void Multiply(int rows, int columns, int depth, float* a, nint aRow, nint aStep, float* b, nint bRow, float* c, nint cRow, float* start, nint startRow, float scale)
    {
        for (int r = 0; r < rows; r++)
            for (int j = 0; j < columns; j++)
            {
                float sum = 0;
                for (int p = 0; p < depth; p++) sum = MathF.FusedMultiplyAdd(a[r * aRow + p * aStep], b[p * bRow + j], sum);
                c[r * cRow + j] = start != null ? MathF.FusedMultiplyAdd(scale, start[r * startRow + j], sum) : sum;
            }
    }

    public void Gather(int count, int columns, int segments, int run, nint segment, float* a, int* from, float* b, float* c, int* to, float* start)
    {
        for (int r = 0; r < count; r++)
            for (int j = 0; j < columns; j++)
            {
                float sum = 0;
                for (int s = 0; s < segments; s++)
                    for (int k = 0; k < run; k++) sum = MathF.FusedMultiplyAdd(a[from[r] + s * segment + k], b[(s * run + k) * columns + j], sum);
                c[to[r] + j] = (start != null ? start[j] : c[to[r] + j]) + sum;
            }
    }

    public void Scatter(int rows, int columns, int count, float* a, int* from, float* d, float* c, float* start, float scale)
    {
        for (int r = 0; r < rows; r++)
            for (int j = 0; j < columns; j++)
            {
                float sum = 0;
                for (int p = 0; p < count; p++) sum = MathF.FusedMultiplyAdd(a[from[p] + r], d[p * columns + j], sum);
                c[r * columns + j] = start != null ? MathF.FusedMultiplyAdd(scale, start[r * columns + j], sum) : sum;
            }
    }

    public void Pool(int windows, int channels, int size, float* a, nint row, nint step, float* c, float* index, bool rectify)
        => PoolChannels(0, windows, channels, size, a, row, step, c, index, rectify);

    public void Unpool(int windows, int channels, int size, float* c, float* index, float* a, nint row, nint step, bool overlapping)
        => UnpoolChannels(0, windows, channels, size, c, index, a, row, step, overlapping);

    /// <summary>Pools the channels from one on.</summary>
    public static void PoolChannels(int first, int windows, int channels, int size, float* a, nint row, nint step, float* c, float* index, bool rectify)
    {
        for (int p = 0; p < windows; p++)
            for (int j = first; j < channels; j++)
            {
                float* w = a + p * step + j;
                float best = *w;
                int place = 0;
                for (int k = 1; k < size * size; k++)
                    if (w[k / size * row + k % size * channels] is var value && (value > best || float.IsNaN(value))) (best, place) = (value, k);
                bool zero = rectify && best <= 0;
                c[p * channels + j] = zero ? 0 : best;
                index[p * channels + j] = zero ? -1 : place;
            }
    }

    /// <summary>Unpools the channels from one on.</summary>
    public static void UnpoolChannels(int first, int windows, int channels, int size, float* c, float* index, float* a, nint row, nint step, bool overlapping)
    {
        for (int p = 0; p < windows; p++)
            for (int j = first; j < channels; j++)
                for (int k = 0; k < size * size; k++)
                {
                    float* to = a + p * step + k / size * row + k % size * channels + j;
                    *to = (overlapping ? *to : 0) + (index[p * channels + j] == k ? c[p * channels + j] : 0);
                }
    }

    public void Descend(Activation activation, float* d, float* f, int count)
    {
        for (int i = 0; i < count; i++)
        {
            d[i] *= activation switch { Activation.Relu => f[i] <= 0 ? 0 : 1, Activation.Tanh => 1 - f[i] * f[i], _ => f[i] * (1 - f[i]) };
            d[i] = NotTiny(d[i]);
        }
    }

    public void Bernoulli(float* z, float* t, float* losses, int count, float factor)
    {
        for (int i = 0; i < count; i++)
        {
            float e = MathF.Exp(-MathF.Abs(z[i])), sigma = (z[i] <= 0 ? e : 1) / (1 + e);
            losses[i] = (z[i] <= 0 ? 0 : z[i]) - z[i] * t[i] + MathF.Log(1 + e);
            z[i] = NotTiny(factor * (sigma - t[i]));
        }
    }

    public void SumRows(int rows, int columns, float* a, nint aRow, float* sums)
    {
        for (int j = 0; j < columns; j++)
        {
            float s0 = 0, s1 = 0, s2 = 0, s3 = 0;
            int whole = rows & ~3;
            for (int r = 0; r < whole; r += 4)
            {
                s0 += a[r * aRow + j];
                s1 += a[(r + 1) * aRow + j];
                s2 += a[(r + 2) * aRow + j];
                s3 += a[(r + 3) * aRow + j];
            }
            for (int r = whole; r < rows; r++) s0 += a[r * aRow + j];
            sums[j] = s0 + s1 + (s2 + s3);
        }
    }

    public void Standardize(byte* from, float* to, int count, float s, float t)
    {
        for (int i = 0; i < count; i++) to[i] = MathF.FusedMultiplyAdd(from[i], s, t);
    }

    public void Activate(Activation activation, float* z, int count)
    {
        for (int i = 0; i < count; i++) z[i] = Value(activation, z[i]);
    }

    public void Activate(Activation activation, float* z, float* slope, int count, bool masked)
    {
        for (int i = 0; i < count; i++)
        {
            float f = Value(activation, z[i]), d = activation switch { Activation.Relu => f <= 0 ? 0 : 1, Activation.Tanh => 1 - f * f, _ => f * (1 - f) };
            z[i] = masked ? f * slope[i] : f;
            slope[i] = masked ? d * slope[i] : d;
        }
    }

    public void MultiplyInPlace(float* a, float* b, int count)
    {
        for (int i = 0; i < count; i++) a[i] = NotTiny(a[i] * b[i]);
    }

    public void Exponentiate(float* z, int count)
    {
        for (int i = 0; i < count; i++) z[i] = MathF.Exp(z[i]);
    }

    private static float Value(Activation activation, float z) => activation switch
    {
        Activation.Relu => z <= 0 ? 0 : z,
        Activation.Tanh => MathF.Tanh(z),
        _ => NotTiny(1 / (1 + MathF.Exp(-z))),
    };

    private static float NotTiny(float number) => MathF.Abs(number) < Kernels.Least ? 0 : number;
}
