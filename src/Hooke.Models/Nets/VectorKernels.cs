using System.Runtime.CompilerServices;

namespace Hooke.Models.Nets;

/// <summary>
/// Kernels on hardware vectors. A product is cut into register tiles: 12×2 or 8×2 vectors where there are 32 vector registers,
/// 4×2 where there are 16. Either has at least as many independent accumulators as two multiply-add units of four cycles' latency
/// keep busy, and fewer loads (14 for 24, 10 for 16, 6 for 8) than multiply-adds, so the loop runs at the units' speed as long as B's
/// rows come from the first-level cache.
/// </summary>
/// <typeparam name="L">Operations on a vector.</typeparam>
/// <typeparam name="V">The vector.</typeparam>
internal sealed unsafe partial class VectorKernels<L, V> : IKernels where L : struct, ILanes<V> where V : unmanaged
{
    public void Multiply(int rows, int columns, int depth, float* a, nint aRow, nint aStep, float* b, nint bRow, float* c, nint cRow, float* start, nint startRow, float scale)
    {
        int r = 0;
        if (L.Count == 16)
        {
            // Thirteen to sixteen rows are two tiles of eight.
            for (; columns == 32 && (rows - r == 12 || rows - r > 16); r += 12)
                Tile12x2(depth, a + r * aRow, aRow, aStep, b, bRow, c + r * cRow, cRow, start != null ? start + r * startRow : null, startRow, scale);
            for (; r + 8 <= rows; r += 8)
            {
                float* s = start != null ? start + r * startRow : null;
                if (columns == 32) Tile8x2(depth, a + r * aRow, aRow, aStep, b, bRow, c + r * cRow, cRow, s, startRow, scale);
                else Tile8x1(depth, a + r * aRow, aRow, aStep, b, bRow, c + r * cRow, cRow, s, startRow, scale);
            }
        }
        else
        {
            for (; r + 4 <= rows; r += 4)
                for (int j = 0; j < columns; j += 2 * L.Count)
                    Tile4x2(depth, a + r * aRow, aRow, aStep, b + j, bRow, c + r * cRow + j, cRow, start != null ? start + r * startRow + j : null, startRow, scale);
        }
        for (; r < rows; r++)
            for (int j = 0; j < columns; j += L.Count)
                Tile1x1(depth, a + r * aRow, aStep, b + j, bRow, c + r * cRow + j, start != null ? start + r * startRow + j : null, scale);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile12x2(nint depth, float* a, nint aRow, nint aStep, float* b, nint bRow, float* c, nint cRow, float* start, nint startRow, float scale)
    {
        V c00 = L.Zero, c10 = c00, c20 = c00, c30 = c00, c40 = c00, c50 = c00, c60 = c00, c70 = c00, c80 = c00, c90 = c00, c100 = c00, c110 = c00;
        V c01 = c00, c11 = c00, c21 = c00, c31 = c00, c41 = c00, c51 = c00, c61 = c00, c71 = c00, c81 = c00, c91 = c00, c101 = c00, c111 = c00;
        float* a3 = a + 3 * aRow, a6 = a + 6 * aRow, a9 = a + 9 * aRow;
        for (; depth > 0; depth--)
        {
            V b0 = L.Load(b), b1 = L.Load(b + L.Count), x;
            x = L.Create(*a); c00 = L.MultiplyAdd(x, b0, c00); c01 = L.MultiplyAdd(x, b1, c01);
            x = L.Create(a[aRow]); c10 = L.MultiplyAdd(x, b0, c10); c11 = L.MultiplyAdd(x, b1, c11);
            x = L.Create(a[2 * aRow]); c20 = L.MultiplyAdd(x, b0, c20); c21 = L.MultiplyAdd(x, b1, c21);
            x = L.Create(*a3); c30 = L.MultiplyAdd(x, b0, c30); c31 = L.MultiplyAdd(x, b1, c31);
            x = L.Create(a3[aRow]); c40 = L.MultiplyAdd(x, b0, c40); c41 = L.MultiplyAdd(x, b1, c41);
            x = L.Create(a3[2 * aRow]); c50 = L.MultiplyAdd(x, b0, c50); c51 = L.MultiplyAdd(x, b1, c51);
            x = L.Create(*a6); c60 = L.MultiplyAdd(x, b0, c60); c61 = L.MultiplyAdd(x, b1, c61);
            x = L.Create(a6[aRow]); c70 = L.MultiplyAdd(x, b0, c70); c71 = L.MultiplyAdd(x, b1, c71);
            x = L.Create(a6[2 * aRow]); c80 = L.MultiplyAdd(x, b0, c80); c81 = L.MultiplyAdd(x, b1, c81);
            x = L.Create(*a9); c90 = L.MultiplyAdd(x, b0, c90); c91 = L.MultiplyAdd(x, b1, c91);
            x = L.Create(a9[aRow]); c100 = L.MultiplyAdd(x, b0, c100); c101 = L.MultiplyAdd(x, b1, c101);
            x = L.Create(a9[2 * aRow]); c110 = L.MultiplyAdd(x, b0, c110); c111 = L.MultiplyAdd(x, b1, c111);
            a += aStep; a3 += aStep; a6 += aStep; a9 += aStep; b += bRow;
        }
        if (start != null)
        {
            V s = L.Create(scale);
            c00 = L.MultiplyAdd(s, L.Load(start), c00); c01 = L.MultiplyAdd(s, L.Load(start + L.Count), c01); start += startRow;
            c10 = L.MultiplyAdd(s, L.Load(start), c10); c11 = L.MultiplyAdd(s, L.Load(start + L.Count), c11); start += startRow;
            c20 = L.MultiplyAdd(s, L.Load(start), c20); c21 = L.MultiplyAdd(s, L.Load(start + L.Count), c21); start += startRow;
            c30 = L.MultiplyAdd(s, L.Load(start), c30); c31 = L.MultiplyAdd(s, L.Load(start + L.Count), c31); start += startRow;
            c40 = L.MultiplyAdd(s, L.Load(start), c40); c41 = L.MultiplyAdd(s, L.Load(start + L.Count), c41); start += startRow;
            c50 = L.MultiplyAdd(s, L.Load(start), c50); c51 = L.MultiplyAdd(s, L.Load(start + L.Count), c51); start += startRow;
            c60 = L.MultiplyAdd(s, L.Load(start), c60); c61 = L.MultiplyAdd(s, L.Load(start + L.Count), c61); start += startRow;
            c70 = L.MultiplyAdd(s, L.Load(start), c70); c71 = L.MultiplyAdd(s, L.Load(start + L.Count), c71); start += startRow;
            c80 = L.MultiplyAdd(s, L.Load(start), c80); c81 = L.MultiplyAdd(s, L.Load(start + L.Count), c81); start += startRow;
            c90 = L.MultiplyAdd(s, L.Load(start), c90); c91 = L.MultiplyAdd(s, L.Load(start + L.Count), c91); start += startRow;
            c100 = L.MultiplyAdd(s, L.Load(start), c100); c101 = L.MultiplyAdd(s, L.Load(start + L.Count), c101); start += startRow;
            c110 = L.MultiplyAdd(s, L.Load(start), c110); c111 = L.MultiplyAdd(s, L.Load(start + L.Count), c111);
        }
        L.Store(c00, c); L.Store(c01, c + L.Count); c += cRow;
        L.Store(c10, c); L.Store(c11, c + L.Count); c += cRow;
        L.Store(c20, c); L.Store(c21, c + L.Count); c += cRow;
        L.Store(c30, c); L.Store(c31, c + L.Count); c += cRow;
        L.Store(c40, c); L.Store(c41, c + L.Count); c += cRow;
        L.Store(c50, c); L.Store(c51, c + L.Count); c += cRow;
        L.Store(c60, c); L.Store(c61, c + L.Count); c += cRow;
        L.Store(c70, c); L.Store(c71, c + L.Count); c += cRow;
        L.Store(c80, c); L.Store(c81, c + L.Count); c += cRow;
        L.Store(c90, c); L.Store(c91, c + L.Count); c += cRow;
        L.Store(c100, c); L.Store(c101, c + L.Count); c += cRow;
        L.Store(c110, c); L.Store(c111, c + L.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8x2(nint depth, float* a, nint aRow, nint aStep, float* b, nint bRow, float* c, nint cRow, float* start, nint startRow, float scale)
    {
        V c00 = L.Zero, c10 = c00, c20 = c00, c30 = c00, c40 = c00, c50 = c00, c60 = c00, c70 = c00;
        V c01 = c00, c11 = c00, c21 = c00, c31 = c00, c41 = c00, c51 = c00, c61 = c00, c71 = c00;
        // Three bases let eight rows be addressed as base + {0, 1, 2}·stride without arithmetic.
        float* a3 = a + 3 * aRow, a6 = a + 6 * aRow;
        for (; depth > 0; depth--)
        {
            V b0 = L.Load(b), b1 = L.Load(b + L.Count), x;
            x = L.Create(*a); c00 = L.MultiplyAdd(x, b0, c00); c01 = L.MultiplyAdd(x, b1, c01);
            x = L.Create(a[aRow]); c10 = L.MultiplyAdd(x, b0, c10); c11 = L.MultiplyAdd(x, b1, c11);
            x = L.Create(a[2 * aRow]); c20 = L.MultiplyAdd(x, b0, c20); c21 = L.MultiplyAdd(x, b1, c21);
            x = L.Create(*a3); c30 = L.MultiplyAdd(x, b0, c30); c31 = L.MultiplyAdd(x, b1, c31);
            x = L.Create(a3[aRow]); c40 = L.MultiplyAdd(x, b0, c40); c41 = L.MultiplyAdd(x, b1, c41);
            x = L.Create(a3[2 * aRow]); c50 = L.MultiplyAdd(x, b0, c50); c51 = L.MultiplyAdd(x, b1, c51);
            x = L.Create(*a6); c60 = L.MultiplyAdd(x, b0, c60); c61 = L.MultiplyAdd(x, b1, c61);
            x = L.Create(a6[aRow]); c70 = L.MultiplyAdd(x, b0, c70); c71 = L.MultiplyAdd(x, b1, c71);
            a += aStep; a3 += aStep; a6 += aStep; b += bRow;
        }
        if (start != null)
        {
            V s = L.Create(scale);
            float* t = start + L.Count;
            c00 = L.MultiplyAdd(s, L.Load(start), c00); c01 = L.MultiplyAdd(s, L.Load(t), c01); start += startRow; t += startRow;
            c10 = L.MultiplyAdd(s, L.Load(start), c10); c11 = L.MultiplyAdd(s, L.Load(t), c11); start += startRow; t += startRow;
            c20 = L.MultiplyAdd(s, L.Load(start), c20); c21 = L.MultiplyAdd(s, L.Load(t), c21); start += startRow; t += startRow;
            c30 = L.MultiplyAdd(s, L.Load(start), c30); c31 = L.MultiplyAdd(s, L.Load(t), c31); start += startRow; t += startRow;
            c40 = L.MultiplyAdd(s, L.Load(start), c40); c41 = L.MultiplyAdd(s, L.Load(t), c41); start += startRow; t += startRow;
            c50 = L.MultiplyAdd(s, L.Load(start), c50); c51 = L.MultiplyAdd(s, L.Load(t), c51); start += startRow; t += startRow;
            c60 = L.MultiplyAdd(s, L.Load(start), c60); c61 = L.MultiplyAdd(s, L.Load(t), c61); start += startRow; t += startRow;
            c70 = L.MultiplyAdd(s, L.Load(start), c70); c71 = L.MultiplyAdd(s, L.Load(t), c71);
        }
        float* d = c + L.Count;
        L.Store(c00, c); L.Store(c01, d); c += cRow; d += cRow;
        L.Store(c10, c); L.Store(c11, d); c += cRow; d += cRow;
        L.Store(c20, c); L.Store(c21, d); c += cRow; d += cRow;
        L.Store(c30, c); L.Store(c31, d); c += cRow; d += cRow;
        L.Store(c40, c); L.Store(c41, d); c += cRow; d += cRow;
        L.Store(c50, c); L.Store(c51, d); c += cRow; d += cRow;
        L.Store(c60, c); L.Store(c61, d); c += cRow; d += cRow;
        L.Store(c70, c); L.Store(c71, d);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8x1(nint depth, float* a, nint aRow, nint aStep, float* b, nint bRow, float* c, nint cRow, float* start, nint startRow, float scale)
    {
        V c0 = L.Zero, c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0;
        float* a3 = a + 3 * aRow, a6 = a + 6 * aRow;
        for (; depth > 0; depth--)
        {
            V b0 = L.Load(b);
            c0 = L.MultiplyAdd(L.Create(*a), b0, c0);
            c1 = L.MultiplyAdd(L.Create(a[aRow]), b0, c1);
            c2 = L.MultiplyAdd(L.Create(a[2 * aRow]), b0, c2);
            c3 = L.MultiplyAdd(L.Create(*a3), b0, c3);
            c4 = L.MultiplyAdd(L.Create(a3[aRow]), b0, c4);
            c5 = L.MultiplyAdd(L.Create(a3[2 * aRow]), b0, c5);
            c6 = L.MultiplyAdd(L.Create(*a6), b0, c6);
            c7 = L.MultiplyAdd(L.Create(a6[aRow]), b0, c7);
            a += aStep; a3 += aStep; a6 += aStep; b += bRow;
        }
        if (start != null)
        {
            V s = L.Create(scale);
            c0 = L.MultiplyAdd(s, L.Load(start), c0); start += startRow;
            c1 = L.MultiplyAdd(s, L.Load(start), c1); start += startRow;
            c2 = L.MultiplyAdd(s, L.Load(start), c2); start += startRow;
            c3 = L.MultiplyAdd(s, L.Load(start), c3); start += startRow;
            c4 = L.MultiplyAdd(s, L.Load(start), c4); start += startRow;
            c5 = L.MultiplyAdd(s, L.Load(start), c5); start += startRow;
            c6 = L.MultiplyAdd(s, L.Load(start), c6); start += startRow;
            c7 = L.MultiplyAdd(s, L.Load(start), c7);
        }
        L.Store(c0, c); c += cRow;
        L.Store(c1, c); c += cRow;
        L.Store(c2, c); c += cRow;
        L.Store(c3, c); c += cRow;
        L.Store(c4, c); c += cRow;
        L.Store(c5, c); c += cRow;
        L.Store(c6, c); c += cRow;
        L.Store(c7, c);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4x2(nint depth, float* a, nint aRow, nint aStep, float* b, nint bRow, float* c, nint cRow, float* start, nint startRow, float scale)
    {
        V c00 = L.Zero, c10 = c00, c20 = c00, c30 = c00, c01 = c00, c11 = c00, c21 = c00, c31 = c00;
        float* a3 = a + 3 * aRow;
        for (; depth > 0; depth--)
        {
            V b0 = L.Load(b), b1 = L.Load(b + L.Count), x;
            x = L.Create(*a); c00 = L.MultiplyAdd(x, b0, c00); c01 = L.MultiplyAdd(x, b1, c01);
            x = L.Create(a[aRow]); c10 = L.MultiplyAdd(x, b0, c10); c11 = L.MultiplyAdd(x, b1, c11);
            x = L.Create(a[2 * aRow]); c20 = L.MultiplyAdd(x, b0, c20); c21 = L.MultiplyAdd(x, b1, c21);
            x = L.Create(*a3); c30 = L.MultiplyAdd(x, b0, c30); c31 = L.MultiplyAdd(x, b1, c31);
            a += aStep; a3 += aStep; b += bRow;
        }
        if (start != null)
        {
            V s = L.Create(scale);
            float* t = start + L.Count;
            c00 = L.MultiplyAdd(s, L.Load(start), c00); c01 = L.MultiplyAdd(s, L.Load(t), c01); start += startRow; t += startRow;
            c10 = L.MultiplyAdd(s, L.Load(start), c10); c11 = L.MultiplyAdd(s, L.Load(t), c11); start += startRow; t += startRow;
            c20 = L.MultiplyAdd(s, L.Load(start), c20); c21 = L.MultiplyAdd(s, L.Load(t), c21); start += startRow; t += startRow;
            c30 = L.MultiplyAdd(s, L.Load(start), c30); c31 = L.MultiplyAdd(s, L.Load(t), c31);
        }
        float* d = c + L.Count;
        L.Store(c00, c); L.Store(c01, d); c += cRow; d += cRow;
        L.Store(c10, c); L.Store(c11, d); c += cRow; d += cRow;
        L.Store(c20, c); L.Store(c21, d); c += cRow; d += cRow;
        L.Store(c30, c); L.Store(c31, d);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1x1(nint depth, float* a, nint aStep, float* b, nint bRow, float* c, float* start, float scale)
    {
        V sum = L.Zero;
        for (; depth > 0; depth--, a += aStep, b += bRow) sum = L.MultiplyAdd(L.Create(*a), L.Load(b), sum);
        L.Store(start != null ? L.MultiplyAdd(L.Create(scale), L.Load(start), sum) : sum, c);
    }
}
