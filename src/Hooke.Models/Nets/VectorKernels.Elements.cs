using System.Runtime.CompilerServices;

namespace Hooke.Models.Nets;

/// <content>Element by element.</content>
internal sealed unsafe partial class VectorKernels<L, V>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void SumRows(int rows, int columns, float* a, nint aRow, float* sums)
    {
        for (int j = 0; j < columns; j += L.Count)
        {
            V s0 = L.Zero, s1 = s0, s2 = s0, s3 = s0;
            float* p = a + j;
            int r = 0;
            for (; r + 4 <= rows; r += 4, p += 4 * aRow)
            {
                s0 = L.Add(s0, L.Load(p));
                s1 = L.Add(s1, L.Load(p + aRow));
                s2 = L.Add(s2, L.Load(p + 2 * aRow));
                s3 = L.Add(s3, L.Load(p + 3 * aRow));
            }
            for (; r < rows; r++, p += aRow) s0 = L.Add(s0, L.Load(p));
            L.Store(L.Add(L.Add(s0, s1), L.Add(s2, s3)), sums + j);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Standardize(byte* from, float* to, int count, float s, float t)
    {
        V scale = L.Create(s), offset = L.Create(t);
        int i = 0;
        for (; i + L.Count <= count; i += L.Count) L.Store(L.MultiplyAdd(L.FromBytes(from + i), scale, offset), to + i);
        for (; i < count; i++) to[i] = MathF.FusedMultiplyAdd(from[i], s, t);
    }

    public void Activate(Activation activation, float* z, int count)
    {
        switch (activation)
        {
            case Activation.Relu: Activate<Relu>(z, count); break;
            case Activation.Tanh: Activate<Tanh>(z, count); break;
            default: Activate<Sigmoid>(z, count); break;
        }
    }

    public void Activate(Activation activation, float* z, float* slope, int count, bool masked)
    {
        switch (activation)
        {
            case Activation.Relu: Activate<Relu>(z, slope, count, masked); break;
            case Activation.Tanh: Activate<Tanh>(z, slope, count, masked); break;
            default: Activate<Sigmoid>(z, slope, count, masked); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Activate<F>(float* z, int count) where F : struct, IFunction
    {
        for (int i = 0; i < count; i += L.Count) L.Store(F.Value(L.Load(z + i)), z + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Activate<F>(float* z, float* slope, int count, bool masked) where F : struct, IFunction
    {
        if (masked)
            for (int i = 0; i < count; i += L.Count)
            {
                V f = F.Value(L.Load(z + i)), m = L.Load(slope + i);
                L.Store(L.Multiply(f, m), z + i);
                L.Store(L.Multiply(F.Slope(f), m), slope + i);
            }
        else
            for (int i = 0; i < count; i += L.Count)
            {
                V f = F.Value(L.Load(z + i));
                L.Store(f, z + i);
                L.Store(F.Slope(f), slope + i);
            }
    }

    /// <summary>
    /// eᶻ within 2 units in the last place for −87 ≤ z ≤ 88, held constant outside: z = n·ln 2 + r with |r| ≤ ½ ln 2, and Taylor's
    /// polynomial of degree 7 of r, whose remainder is below 6e-9.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Exp(V z)
    {
        z = L.Clamp(z, -87, 88);
        V n = L.Round(L.Multiply(z, L.Create(1.44269504f)));
        // ln 2 in two parts; n times the first is exact.
        V r = L.MultiplyAdd(n, L.Create(-0.693359375f), z);
        r = L.MultiplyAdd(n, L.Create(2.12194440e-4f), r);
        V e = L.Create(1f / 5040);
        e = L.MultiplyAdd(e, r, L.Create(1f / 720));
        e = L.MultiplyAdd(e, r, L.Create(1f / 120));
        e = L.MultiplyAdd(e, r, L.Create(1f / 24));
        e = L.MultiplyAdd(e, r, L.Create(1f / 6));
        e = L.MultiplyAdd(e, r, L.Create(0.5f));
        e = L.MultiplyAdd(e, r, L.Create(1f));
        e = L.MultiplyAdd(e, r, L.Create(1f));
        return L.Multiply(e, L.PowerOfTwo(n));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void MultiplyInPlace(float* a, float* b, int count)
    {
        for (int i = 0; i < count; i += L.Count) L.Store(NotTiny(L.Multiply(L.Load(a + i), L.Load(b + i))), a + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Exponentiate(float* z, int count)
    {
        for (int i = 0; i < count; i += L.Count) L.Store(Exp(L.Load(z + i)), z + i);
    }

    public void Descend(Activation activation, float* d, float* f, int count)
    {
        switch (activation)
        {
            case Activation.Relu: Descend<Relu>(d, f, count); break;
            case Activation.Tanh: Descend<Tanh>(d, f, count); break;
            default: Descend<Sigmoid>(d, f, count); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Descend<F>(float* d, float* f, int count) where F : struct, IFunction
    {
        for (int i = 0; i < count; i += L.Count) L.Store(NotTiny(L.Multiply(L.Load(d + i), F.Slope(L.Load(f + i)))), d + i);
    }

    /// <summary>Zero for what is below <see cref="Kernels.Least"/>; what is not a number stays so.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V NotTiny(V numbers) => L.WhereGreater(L.Create(Kernels.Least), L.Abs(numbers), L.Zero, numbers);

    /// <summary>
    /// With e = e^−|z|, σ(z) = (z &gt; 0 ? 1 : e)/(1 + e), and log(1 + e) = 2 artanh(s), s = e/(2 + e) ≤ 1/3, by its series, whose remainder
    /// after s¹³ is below 1e-8.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Bernoulli(float* z, float* t, float* losses, int count, float factor)
    {
        V one = L.Create(1), two = L.Create(2), scale = L.Create(factor);
        for (int i = 0; i < count; i += L.Count)
        {
            V value = L.Load(z + i), target = L.Load(t + i);
            V e = Exp(L.Subtract(L.Zero, L.Abs(value))), s = L.Divide(e, L.Add(two, e)), q = L.Multiply(s, s);
            V log = L.Create(2f / 13);
            log = L.MultiplyAdd(log, q, L.Create(2f / 11));
            log = L.MultiplyAdd(log, q, L.Create(2f / 9));
            log = L.MultiplyAdd(log, q, L.Create(2f / 7));
            log = L.MultiplyAdd(log, q, L.Create(2f / 5));
            log = L.MultiplyAdd(log, q, L.Create(2f / 3));
            log = L.Multiply(s, L.MultiplyAdd(log, q, two));
            V sigma = L.Divide(L.WhereGreater(value, L.Zero, one, e), L.Add(one, e));
            L.Store(L.Add(L.Subtract(L.WherePositive(value, value), L.Multiply(value, target)), log), losses + i);
            L.Store(NotTiny(L.Multiply(scale, L.Subtract(sigma, target))), z + i);
        }
    }

    /// <summary>f, and its slope as a function of its value.</summary>
    private interface IFunction
    {
        static abstract V Value(V z);

        static abstract V Slope(V f);
    }

    private readonly struct Relu : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Value(V z) => L.WherePositive(z, z);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Slope(V f) => L.WherePositive(f, L.Create(1));
    }

    private readonly struct Tanh : IFunction
    {
        /// <summary>1 − 2/(e²ᶻ + 1): accurate to 1e-7 absolutely, which is what the next layer's sums see.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Value(V z) => L.Subtract(L.Create(1), L.Divide(L.Create(2), L.Add(Exp(L.Add(z, z)), L.Create(1))));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Slope(V f) => L.Subtract(L.Create(1), L.Multiply(f, f));
    }

    private readonly struct Sigmoid : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Value(V z) => NotTiny(L.Divide(L.Create(1), L.Add(L.Create(1), Exp(L.Subtract(L.Zero, z)))));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Slope(V f) => L.Multiply(f, L.Subtract(L.Create(1), f));
    }
}
