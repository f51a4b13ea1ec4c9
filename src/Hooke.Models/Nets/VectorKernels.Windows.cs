using System.Runtime.CompilerServices;

namespace Hooke.Models.Nets;

/// <content>
/// Products over windows of images. A window of height h, width w over c channels, channels last, is h runs of w·c neighboring
/// elements, so nothing has to be unrolled into a matrix: a tile's rows are windows anywhere in memory, each behind a pointer, and
/// one offset walks through all of them. The tiles are those of <see cref="Multiply"/>.
/// </content>
internal sealed unsafe partial class VectorKernels<L, V>
{
    public void Gather(int count, int columns, int segments, int run, nint segment, float* a, int* from, float* b, float* c, int* to, float* start)
    {
        if (L.Count == 16)
            for (int r = 0; r < count; r += 8)
            {
                if (columns == 32) Gather8x2(columns, segments, run, segment, a, from + r, b, c, to + r, start);
                else Gather8x1(columns, segments, run, segment, a, from + r, b, c, to + r, start);
            }
        else
            for (int r = 0; r < count; r += 4)
                for (int j = 0; j < columns; j += 2 * L.Count) Gather4x2(columns, segments, run, segment, a, from + r, b + j, c + j, to + r, start != null ? start + j : null);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather8x2(nint bRow, int segments, nint run, nint segment, float* a, int* from, float* b, float* c, int* to, float* start)
    {
        float* a0 = a + from[0], a1 = a + from[1], a2 = a + from[2], a3 = a + from[3], a4 = a + from[4], a5 = a + from[5], a6 = a + from[6], a7 = a + from[7];
        V c00 = L.Zero, c10 = c00, c20 = c00, c30 = c00, c40 = c00, c50 = c00, c60 = c00, c70 = c00;
        V c01 = c00, c11 = c00, c21 = c00, c31 = c00, c41 = c00, c51 = c00, c61 = c00, c71 = c00;
        for (nint at = 0; segments > 0; segments--, at += segment - run)
            for (nint end = at + run; at < end; at++, b += bRow)
            {
                V b0 = L.Load(b), b1 = L.Load(b + L.Count), x;
                x = L.Create(a0[at]); c00 = L.MultiplyAdd(x, b0, c00); c01 = L.MultiplyAdd(x, b1, c01);
                x = L.Create(a1[at]); c10 = L.MultiplyAdd(x, b0, c10); c11 = L.MultiplyAdd(x, b1, c11);
                x = L.Create(a2[at]); c20 = L.MultiplyAdd(x, b0, c20); c21 = L.MultiplyAdd(x, b1, c21);
                x = L.Create(a3[at]); c30 = L.MultiplyAdd(x, b0, c30); c31 = L.MultiplyAdd(x, b1, c31);
                x = L.Create(a4[at]); c40 = L.MultiplyAdd(x, b0, c40); c41 = L.MultiplyAdd(x, b1, c41);
                x = L.Create(a5[at]); c50 = L.MultiplyAdd(x, b0, c50); c51 = L.MultiplyAdd(x, b1, c51);
                x = L.Create(a6[at]); c60 = L.MultiplyAdd(x, b0, c60); c61 = L.MultiplyAdd(x, b1, c61);
                x = L.Create(a7[at]); c70 = L.MultiplyAdd(x, b0, c70); c71 = L.MultiplyAdd(x, b1, c71);
            }
        // S is one row for all, or C's own rows.
        nint own = start != null ? 0 : 1;
        if (start == null) start = c;
        Accumulate(c00, c01, c + to[0], start + own * to[0]);
        Accumulate(c10, c11, c + to[1], start + own * to[1]);
        Accumulate(c20, c21, c + to[2], start + own * to[2]);
        Accumulate(c30, c31, c + to[3], start + own * to[3]);
        Accumulate(c40, c41, c + to[4], start + own * to[4]);
        Accumulate(c50, c51, c + to[5], start + own * to[5]);
        Accumulate(c60, c61, c + to[6], start + own * to[6]);
        Accumulate(c70, c71, c + to[7], start + own * to[7]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather8x1(nint bRow, int segments, nint run, nint segment, float* a, int* from, float* b, float* c, int* to, float* start)
    {
        float* a0 = a + from[0], a1 = a + from[1], a2 = a + from[2], a3 = a + from[3], a4 = a + from[4], a5 = a + from[5], a6 = a + from[6], a7 = a + from[7];
        V c00 = L.Zero, c10 = c00, c20 = c00, c30 = c00, c40 = c00, c50 = c00, c60 = c00, c70 = c00;
        for (nint at = 0; segments > 0; segments--, at += segment - run)
            for (nint end = at + run; at < end; at++, b += bRow)
            {
                V b0 = L.Load(b);
                c00 = L.MultiplyAdd(L.Create(a0[at]), b0, c00);
                c10 = L.MultiplyAdd(L.Create(a1[at]), b0, c10);
                c20 = L.MultiplyAdd(L.Create(a2[at]), b0, c20);
                c30 = L.MultiplyAdd(L.Create(a3[at]), b0, c30);
                c40 = L.MultiplyAdd(L.Create(a4[at]), b0, c40);
                c50 = L.MultiplyAdd(L.Create(a5[at]), b0, c50);
                c60 = L.MultiplyAdd(L.Create(a6[at]), b0, c60);
                c70 = L.MultiplyAdd(L.Create(a7[at]), b0, c70);
            }
        // S is one row for all, or C's own rows.
        nint own = start != null ? 0 : 1;
        if (start == null) start = c;
        Accumulate(c00, c + to[0], start + own * to[0]);
        Accumulate(c10, c + to[1], start + own * to[1]);
        Accumulate(c20, c + to[2], start + own * to[2]);
        Accumulate(c30, c + to[3], start + own * to[3]);
        Accumulate(c40, c + to[4], start + own * to[4]);
        Accumulate(c50, c + to[5], start + own * to[5]);
        Accumulate(c60, c + to[6], start + own * to[6]);
        Accumulate(c70, c + to[7], start + own * to[7]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather4x2(nint bRow, int segments, nint run, nint segment, float* a, int* from, float* b, float* c, int* to, float* start)
    {
        float* a0 = a + from[0], a1 = a + from[1], a2 = a + from[2], a3 = a + from[3];
        V c00 = L.Zero, c10 = c00, c20 = c00, c30 = c00;
        V c01 = c00, c11 = c00, c21 = c00, c31 = c00;
        for (nint at = 0; segments > 0; segments--, at += segment - run)
            for (nint end = at + run; at < end; at++, b += bRow)
            {
                V b0 = L.Load(b), b1 = L.Load(b + L.Count), x;
                x = L.Create(a0[at]); c00 = L.MultiplyAdd(x, b0, c00); c01 = L.MultiplyAdd(x, b1, c01);
                x = L.Create(a1[at]); c10 = L.MultiplyAdd(x, b0, c10); c11 = L.MultiplyAdd(x, b1, c11);
                x = L.Create(a2[at]); c20 = L.MultiplyAdd(x, b0, c20); c21 = L.MultiplyAdd(x, b1, c21);
                x = L.Create(a3[at]); c30 = L.MultiplyAdd(x, b0, c30); c31 = L.MultiplyAdd(x, b1, c31);
            }
        // S is one row for all, or C's own rows.
        nint own = start != null ? 0 : 1;
        if (start == null) start = c;
        Accumulate(c00, c01, c + to[0], start + own * to[0]);
        Accumulate(c10, c11, c + to[1], start + own * to[1]);
        Accumulate(c20, c21, c + to[2], start + own * to[2]);
        Accumulate(c30, c31, c + to[3], start + own * to[3]);
    }

    /// <summary>Stores a tile's row: S plus the sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate(V sum0, V sum1, float* c, float* start)
    {
        V s0 = L.Load(start), s1 = L.Load(start + L.Count);
        L.Store(L.Add(s0, sum0), c);
        L.Store(L.Add(s1, sum1), c + L.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate(V sum, float* c, float* start) => L.Store(L.Add(L.Load(start), sum), c);

    public void Scatter(int rows, int columns, int count, float* a, int* from, float* d, float* c, float* start, float scale)
    {
        int r = 0;
        for (int tile; (tile = TileRows(rows - r, columns)) > 0; r += tile)
            Tiles(tile, columns, count, new Scattered(a + r, from), d, columns, c + r * columns, columns, start != null ? start + r * columns : null, columns, scale);
        if (r == rows) return;

        // A tile that is not filled reads what lies behind the run and writes aside; its first rows are kept.
        float* aside = stackalloc float[8 * 32];
        Tiles(L.Count == 16 ? 8 : 4, columns, count, new Scattered(a + r, from), d, columns, aside, columns, null, 0, 0);
        for (int i = r * columns, k = 0; i < rows * columns; i += L.Count, k += L.Count)
            L.Store(start != null ? L.MultiplyAdd(L.Create(scale), L.Load(start + i), L.Load(aside + k)) : L.Load(aside + k), c + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Pool(int windows, int channels, int size, float* a, nint row, nint step, float* c, float* index, bool rectify)
    {
        int whole = channels / L.Count * L.Count;
        V none = L.Create(-1);
        for (int p = 0; p < windows; p++)
            for (int j = 0; j < whole; j += L.Count)
            {
                float* w = a + p * step + j;
                V best = L.Load(w), place = L.Zero;
                for (int y = 0, k = 0; y < size; y++)
                    for (int x = 0; x < size; x++, k++)
                    {
                        if (k == 0) continue;
                        V value = L.Load(w + y * row + x * channels);
                        place = L.WhereGreater(value, best, L.Create((float)k), place);
                        best = L.WhereGreater(value, best, value, best);
                    }
                if (rectify)
                {
                    place = L.WhereGreater(best, L.Zero, place, none);
                    best = L.WherePositive(best, best);
                }
                L.Store(best, c + p * channels + j);
                L.Store(place, index + p * channels + j);
            }
        if (whole < channels) ScalarKernels.PoolChannels(whole, windows, channels, size, a, row, step, c, index, rectify);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Unpool(int windows, int channels, int size, float* c, float* index, float* a, nint row, nint step, bool overlapping)
    {
        int whole = channels / L.Count * L.Count;
        for (int p = 0; p < windows; p++)
            for (int j = 0; j < whole; j += L.Count)
            {
                float* w = a + p * step + j;
                V derivative = L.Load(c + p * channels + j), place = L.Load(index + p * channels + j);
                for (int y = 0, k = 0; y < size; y++)
                    for (int x = 0; x < size; x++, k++)
                    {
                        float* to = w + y * row + x * channels;
                        V part = L.WhereEqual(place, L.Create((float)k), derivative);
                        L.Store(overlapping ? L.Add(L.Load(to), part) : part, to);
                    }
            }
        if (whole < channels) ScalarKernels.UnpoolChannels(whole, windows, channels, size, c, index, a, row, step, overlapping);
    }
}
