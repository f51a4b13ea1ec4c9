using System.Runtime.CompilerServices;
using Hooke.Numerics;

namespace Hooke.Theory.ModifiedEquations;

/// <summary>Symmetric and lower triangular matrices of vectors, row by row.</summary>
internal static class Triangle
{
    /// <summary>Entries of a triangle of d rows.</summary>
    public static int Length(int d) => d * (d + 1) / 2;

    /// <summary>Cholesky's factor L of A = LLᵀ in A's place. Where A is singular, or negative by rounding, the column is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Root<V>(Span<V> a, int d) where V : unmanaged, IWide<V>
    {
        if (d == 1) a[0] = V.Sqrt(V.Max(a[0], default));
        else RootOfMany(a, d);
    }

    /// <summary>The factor of a multiple of Cov_i ∇f_i(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RootOfCovariance<TObjective, V>(TObjective objective, ReadOnlySpan<V> x, double multiple, Span<V> factor) where TObjective : IPathObjective where V : unmanaged, IWide<V>
    {
        int d = x.Length;
        Span<V> gradient = new V[d];
        objective.Mean(x, gradient, factor);
        for (int r = 0, entry = 0; r < d; r++)
            for (int c = 0; c <= r; c++, entry++) factor[entry] = (factor[entry] - gradient[r] * gradient[c]) * multiple;
        Root(factor, d);
    }

    private static void RootOfMany<V>(Span<V> a, int d) where V : unmanaged, IWide<V>
    {
        for (int c = 0; c < d; c++)
        {
            int column = Length(c);
            var scale = a[column + c];
            var pivot = scale;
            for (int k = 0; k < c; k++) pivot -= a[column + k] * a[column + k];
            // Beyond this the rest is rounding: what rows below would be divided by is no number of the problem's.
            var holds = V.Less(V.Max(scale, -scale) * 1e-14, pivot);
            pivot = V.Sqrt(V.Select(holds, pivot, default));
            a[column + c] = pivot;
            for (int r = c + 1; r < d; r++)
            {
                int row = Length(r);
                var sum = a[row + c];
                for (int k = 0; k < c; k++) sum -= a[row + k] * a[column + k];
                a[row + c] = V.Select(holds, sum / pivot, default);
            }
        }
    }
}
