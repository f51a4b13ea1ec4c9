using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hooke.Models.Nets;

/// <summary>Transposes blocks of a matrix. Only elements move, so every way gives the same bits.</summary>
internal static unsafe class Transposition
{
    /// <summary>to[j·toRow + i] = from[i·fromRow + j] for i below rows, j below columns.</summary>
    public static void Copy(int rows, int columns, float* from, int fromRow, float* to, int toRow)
    {
        for (int i = 0; i < rows; i += 16)
            for (int j = 0; j < columns; j += 16)
            {
                float* source = from + i * fromRow + j, target = to + (nint)j * toRow + i;
                int height = Math.Min(16, rows - i), width = Math.Min(16, columns - j);
                if (Avx512F.IsSupported && height == 16 && width == 16) Square(source, fromRow, target, toRow);
                else
                    for (int k = 0; k < width; k++)
                        for (int l = 0; l < height; l++) target[k * toRow + l] = source[l * fromRow + k];
            }
    }

    /// <summary>
    /// Sixteen by sixteen. Two rounds of unpacking transpose 4×4 blocks within lanes of 128 bits: q(g, k) holds in its lane L the rows
    /// 4g…4g+3 of column 4L + k. Two rounds of shuffling whole lanes then transpose the 4×4 lanes of q(0…3, k).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Square(float* from, int fromRow, float* to, int toRow)
    {
        Quarter(from, fromRow, out var q00, out var q01, out var q02, out var q03);
        Quarter(from + 4 * fromRow, fromRow, out var q10, out var q11, out var q12, out var q13);
        Quarter(from + 8 * fromRow, fromRow, out var q20, out var q21, out var q22, out var q23);
        Quarter(from + 12 * fromRow, fromRow, out var q30, out var q31, out var q32, out var q33);
        Lanes(q00, q10, q20, q30, to, toRow);
        Lanes(q01, q11, q21, q31, to + toRow, toRow);
        Lanes(q02, q12, q22, q32, to + 2 * toRow, toRow);
        Lanes(q03, q13, q23, q33, to + 3 * toRow, toRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarter(float* from, int row, out Vector512<float> q0, out Vector512<float> q1, out Vector512<float> q2, out Vector512<float> q3)
    {
        Vector512<float> r0 = Vector512.Load(from), r1 = Vector512.Load(from + row), r2 = Vector512.Load(from + 2 * row), r3 = Vector512.Load(from + 3 * row);
        Vector512<double> a = Avx512F.UnpackLow(r0, r1).AsDouble(), b = Avx512F.UnpackHigh(r0, r1).AsDouble(), c = Avx512F.UnpackLow(r2, r3).AsDouble(), d = Avx512F.UnpackHigh(r2, r3).AsDouble();
        (q0, q1) = (Avx512F.UnpackLow(a, c).AsSingle(), Avx512F.UnpackHigh(a, c).AsSingle());
        (q2, q3) = (Avx512F.UnpackLow(b, d).AsSingle(), Avx512F.UnpackHigh(b, d).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Lanes(Vector512<float> q0, Vector512<float> q1, Vector512<float> q2, Vector512<float> q3, float* to, int row)
    {
        Vector512<float> even = Avx512F.Shuffle4x128(q0, q1, 0x88), odd = Avx512F.Shuffle4x128(q0, q1, 0xDD);
        Vector512<float> even2 = Avx512F.Shuffle4x128(q2, q3, 0x88), odd2 = Avx512F.Shuffle4x128(q2, q3, 0xDD);
        Avx512F.Shuffle4x128(even, even2, 0x88).Store(to);
        Avx512F.Shuffle4x128(odd, odd2, 0x88).Store(to + 4 * row);
        Avx512F.Shuffle4x128(even, even2, 0xDD).Store(to + 8 * row);
        Avx512F.Shuffle4x128(odd, odd2, 0xDD).Store(to + 12 * row);
    }
}
