using System.Runtime.CompilerServices;

namespace Hooke.Models.Nets;

/// <summary>
/// Kernels on hardware vectors. A product is cut into register tiles: 12×2 or 8×2 vectors where there are 32 vector registers
/// (4×2 for what remains), 4×2 where there are 16. Either has at least as many independent accumulators as two multiply-add units of four cycles' latency
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
        // What fills no tile of eight may still fill one of four.
        for (int tile; (tile = TileRows(rows - r, columns)) > 0 || (tile = rows - r >= 4 && columns == 32 ? 4 : 0) > 0; r += tile)
            Tiles(tile, columns, depth, new Strided(a + r * aRow, aRow, aStep), b, bRow, c + r * cRow, cRow, start != null ? start + r * startRow : null, startRow, scale);
        for (; r < rows; r++)
            for (int j = 0; j < columns; j += L.Count)
                Tile1x1(depth, a + r * aRow, aStep, b + j, bRow, c + r * cRow + j, start != null ? start + r * startRow + j : null, scale);
    }

    /// <summary>Rows of the next tile; 0 if those that are left fill none.</summary>
    private static int TileRows(int left, int columns)
    {
        if (L.Count < 16) return left >= 4 ? 4 : 0;
        // Thirteen to sixteen rows are two tiles of eight.
        if (columns == 32 && (left == 12 || left > 16)) return 12;
        return left >= 8 ? 8 : 0;
    }

    /// <summary>Computes some rows of a product, as many as a tile has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tiles<W>(int rows, int columns, int depth, W walk, float* b, nint bRow, float* c, nint cRow, float* start, nint startRow, float scale) where W : struct, IWalk
    {
        if (rows == 12) Tile12x2(depth, walk, b, bRow, c, cRow, start, startRow, scale);
        else if (rows == 8 && columns == 32) Tile8x2(depth, walk, b, bRow, c, cRow, start, startRow, scale);
        else if (rows == 8) Tile8x1(depth, walk, b, bRow, c, cRow, start, startRow, scale);
        else
            for (int j = 0; j < columns; j += 2 * L.Count) Tile4x2(depth, walk, b + j, bRow, c + j, cRow, start != null ? start + j : null, startRow, scale);
    }

    /// <summary>Where the first of a tile's elements of A lies, step by step.</summary>
    private interface IWalk
    {
        /// <summary>From one of a step's elements to the next.</summary>
        nint Row { get; }

        float* Next();
    }

    /// <summary>Through a matrix.</summary>
    private struct Strided(float* a, nint row, nint step) : IWalk
    {
        public readonly nint Row => row;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public float* Next()
        {
            float* at = a;
            a += step;
            return at;
        }
    }

    /// <summary>Through windows anywhere, whose elements are neighbors.</summary>
    private struct Scattered(float* a, int* from) : IWalk
    {
        public readonly nint Row => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public float* Next() => a + *from++;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile12x2<W>(nint depth, W walk, float* b, nint bRow, float* c, nint cRow, float* start, nint startRow, float scale) where W : struct, IWalk
    {
        V c00 = L.Zero, c10 = c00, c20 = c00, c30 = c00, c40 = c00, c50 = c00, c60 = c00, c70 = c00, c80 = c00, c90 = c00, c100 = c00, c110 = c00;
        V c01 = c00, c11 = c00, c21 = c00, c31 = c00, c41 = c00, c51 = c00, c61 = c00, c71 = c00, c81 = c00, c91 = c00, c101 = c00, c111 = c00;
        // Every third row has a base of its own, from which its neighbors are reached without arithmetic.
        nint aRow = walk.Row, row3 = 3 * aRow, row6 = 6 * aRow, row9 = 9 * aRow;
        for (; depth > 0; depth--, b += bRow)
        {
            float* a = walk.Next(), a3 = a + row3, a6 = a + row6, a9 = a + row9;
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
        }
        if (start == null) startRow = 0;
        V s = L.Create(scale);
        Finish(c00, c01, c, start, s); c += cRow; start += startRow;
        Finish(c10, c11, c, start, s); c += cRow; start += startRow;
        Finish(c20, c21, c, start, s); c += cRow; start += startRow;
        Finish(c30, c31, c, start, s); c += cRow; start += startRow;
        Finish(c40, c41, c, start, s); c += cRow; start += startRow;
        Finish(c50, c51, c, start, s); c += cRow; start += startRow;
        Finish(c60, c61, c, start, s); c += cRow; start += startRow;
        Finish(c70, c71, c, start, s); c += cRow; start += startRow;
        Finish(c80, c81, c, start, s); c += cRow; start += startRow;
        Finish(c90, c91, c, start, s); c += cRow; start += startRow;
        Finish(c100, c101, c, start, s); c += cRow; start += startRow;
        Finish(c110, c111, c, start, s);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8x2<W>(nint depth, W walk, float* b, nint bRow, float* c, nint cRow, float* start, nint startRow, float scale) where W : struct, IWalk
    {
        V c00 = L.Zero, c10 = c00, c20 = c00, c30 = c00, c40 = c00, c50 = c00, c60 = c00, c70 = c00;
        V c01 = c00, c11 = c00, c21 = c00, c31 = c00, c41 = c00, c51 = c00, c61 = c00, c71 = c00;
        nint aRow = walk.Row, row3 = 3 * aRow, row6 = 6 * aRow;
        for (; depth > 0; depth--, b += bRow)
        {
            float* a = walk.Next(), a3 = a + row3, a6 = a + row6;
            V b0 = L.Load(b), b1 = L.Load(b + L.Count), x;
            x = L.Create(*a); c00 = L.MultiplyAdd(x, b0, c00); c01 = L.MultiplyAdd(x, b1, c01);
            x = L.Create(a[aRow]); c10 = L.MultiplyAdd(x, b0, c10); c11 = L.MultiplyAdd(x, b1, c11);
            x = L.Create(a[2 * aRow]); c20 = L.MultiplyAdd(x, b0, c20); c21 = L.MultiplyAdd(x, b1, c21);
            x = L.Create(*a3); c30 = L.MultiplyAdd(x, b0, c30); c31 = L.MultiplyAdd(x, b1, c31);
            x = L.Create(a3[aRow]); c40 = L.MultiplyAdd(x, b0, c40); c41 = L.MultiplyAdd(x, b1, c41);
            x = L.Create(a3[2 * aRow]); c50 = L.MultiplyAdd(x, b0, c50); c51 = L.MultiplyAdd(x, b1, c51);
            x = L.Create(*a6); c60 = L.MultiplyAdd(x, b0, c60); c61 = L.MultiplyAdd(x, b1, c61);
            x = L.Create(a6[aRow]); c70 = L.MultiplyAdd(x, b0, c70); c71 = L.MultiplyAdd(x, b1, c71);
        }
        if (start == null) startRow = 0;
        V s = L.Create(scale);
        Finish(c00, c01, c, start, s); c += cRow; start += startRow;
        Finish(c10, c11, c, start, s); c += cRow; start += startRow;
        Finish(c20, c21, c, start, s); c += cRow; start += startRow;
        Finish(c30, c31, c, start, s); c += cRow; start += startRow;
        Finish(c40, c41, c, start, s); c += cRow; start += startRow;
        Finish(c50, c51, c, start, s); c += cRow; start += startRow;
        Finish(c60, c61, c, start, s); c += cRow; start += startRow;
        Finish(c70, c71, c, start, s);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8x1<W>(nint depth, W walk, float* b, nint bRow, float* c, nint cRow, float* start, nint startRow, float scale) where W : struct, IWalk
    {
        V c0 = L.Zero, c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0;
        nint aRow = walk.Row, row3 = 3 * aRow, row6 = 6 * aRow;
        for (; depth > 0; depth--, b += bRow)
        {
            float* a = walk.Next(), a3 = a + row3, a6 = a + row6;
            V b0 = L.Load(b);
            c0 = L.MultiplyAdd(L.Create(*a), b0, c0);
            c1 = L.MultiplyAdd(L.Create(a[aRow]), b0, c1);
            c2 = L.MultiplyAdd(L.Create(a[2 * aRow]), b0, c2);
            c3 = L.MultiplyAdd(L.Create(*a3), b0, c3);
            c4 = L.MultiplyAdd(L.Create(a3[aRow]), b0, c4);
            c5 = L.MultiplyAdd(L.Create(a3[2 * aRow]), b0, c5);
            c6 = L.MultiplyAdd(L.Create(*a6), b0, c6);
            c7 = L.MultiplyAdd(L.Create(a6[aRow]), b0, c7);
        }
        if (start == null) startRow = 0;
        V s = L.Create(scale);
        Finish(c0, c, start, s); c += cRow; start += startRow;
        Finish(c1, c, start, s); c += cRow; start += startRow;
        Finish(c2, c, start, s); c += cRow; start += startRow;
        Finish(c3, c, start, s); c += cRow; start += startRow;
        Finish(c4, c, start, s); c += cRow; start += startRow;
        Finish(c5, c, start, s); c += cRow; start += startRow;
        Finish(c6, c, start, s); c += cRow; start += startRow;
        Finish(c7, c, start, s);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4x2<W>(nint depth, W walk, float* b, nint bRow, float* c, nint cRow, float* start, nint startRow, float scale) where W : struct, IWalk
    {
        V c00 = L.Zero, c10 = c00, c20 = c00, c30 = c00;
        V c01 = c00, c11 = c00, c21 = c00, c31 = c00;
        nint aRow = walk.Row, row3 = 3 * aRow;
        for (; depth > 0; depth--, b += bRow)
        {
            float* a = walk.Next(), a3 = a + row3;
            V b0 = L.Load(b), b1 = L.Load(b + L.Count), x;
            x = L.Create(*a); c00 = L.MultiplyAdd(x, b0, c00); c01 = L.MultiplyAdd(x, b1, c01);
            x = L.Create(a[aRow]); c10 = L.MultiplyAdd(x, b0, c10); c11 = L.MultiplyAdd(x, b1, c11);
            x = L.Create(a[2 * aRow]); c20 = L.MultiplyAdd(x, b0, c20); c21 = L.MultiplyAdd(x, b1, c21);
            x = L.Create(*a3); c30 = L.MultiplyAdd(x, b0, c30); c31 = L.MultiplyAdd(x, b1, c31);
        }
        if (start == null) startRow = 0;
        V s = L.Create(scale);
        Finish(c00, c01, c, start, s); c += cRow; start += startRow;
        Finish(c10, c11, c, start, s); c += cRow; start += startRow;
        Finish(c20, c21, c, start, s); c += cRow; start += startRow;
        Finish(c30, c31, c, start, s);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1x1(nint depth, float* a, nint aStep, float* b, nint bRow, float* c, float* start, float scale)
    {
        V sum = L.Zero;
        for (; depth > 0; depth--, a += aStep, b += bRow) sum = L.MultiplyAdd(L.Create(*a), L.Load(b), sum);
        L.Store(start != null ? L.MultiplyAdd(L.Create(scale), L.Load(start), sum) : sum, c);
    }

    /// <summary>Stores a tile's row: the sums, and s·S if there is an S.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(V sum0, V sum1, float* c, float* start, V scale)
    {
        Finish(sum0, c, start, scale);
        Finish(sum1, c + L.Count, start != null ? start + L.Count : null, scale);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(V sum, float* c, float* start, V scale) => L.Store(start != null ? L.MultiplyAdd(scale, L.Load(start), sum) : sum, c);
}
