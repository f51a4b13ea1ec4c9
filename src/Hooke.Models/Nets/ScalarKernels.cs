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

    public void SumRows(int rows, int columns, float* a, nint aRow, float* sums)
    {
        for (int j = 0; j < columns; j++)
        {
            float sum = 0;
            for (int r = 0; r < rows; r++) sum += a[r * aRow + j];
            sums[j] = sum;
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
        for (int i = 0; i < count; i++) a[i] *= b[i];
    }

    public void Exponentiate(float* z, int count)
    {
        for (int i = 0; i < count; i++) z[i] = MathF.Exp(z[i]);
    }

    private static float Value(Activation activation, float z) => activation switch
    {
        Activation.Relu => z <= 0 ? 0 : z,
        Activation.Tanh => MathF.Tanh(z),
        _ => 1 / (1 + MathF.Exp(-z)),
    };
}
