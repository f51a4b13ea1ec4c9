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
        if (start != null)
        {
            V s0 = L.Load(start), s1 = L.Load(start + L.Count);
            c00 = L.Add(s0, c00); c01 = L.Add(s1, c01);
            c10 = L.Add(s0, c10); c11 = L.Add(s1, c11);
            c20 = L.Add(s0, c20); c21 = L.Add(s1, c21);
            c30 = L.Add(s0, c30); c31 = L.Add(s1, c31);
            c40 = L.Add(s0, c40); c41 = L.Add(s1, c41);
            c50 = L.Add(s0, c50); c51 = L.Add(s1, c51);
            c60 = L.Add(s0, c60); c61 = L.Add(s1, c61);
            c70 = L.Add(s0, c70); c71 = L.Add(s1, c71);
        }
        else
        {
            c00 = L.Add(L.Load(c + to[0]), c00); c01 = L.Add(L.Load(c + to[0] + L.Count), c01);
            c10 = L.Add(L.Load(c + to[1]), c10); c11 = L.Add(L.Load(c + to[1] + L.Count), c11);
            c20 = L.Add(L.Load(c + to[2]), c20); c21 = L.Add(L.Load(c + to[2] + L.Count), c21);
            c30 = L.Add(L.Load(c + to[3]), c30); c31 = L.Add(L.Load(c + to[3] + L.Count), c31);
            c40 = L.Add(L.Load(c + to[4]), c40); c41 = L.Add(L.Load(c + to[4] + L.Count), c41);
            c50 = L.Add(L.Load(c + to[5]), c50); c51 = L.Add(L.Load(c + to[5] + L.Count), c51);
            c60 = L.Add(L.Load(c + to[6]), c60); c61 = L.Add(L.Load(c + to[6] + L.Count), c61);
            c70 = L.Add(L.Load(c + to[7]), c70); c71 = L.Add(L.Load(c + to[7] + L.Count), c71);
        }
        L.Store(c00, c + to[0]); L.Store(c01, c + to[0] + L.Count);
        L.Store(c10, c + to[1]); L.Store(c11, c + to[1] + L.Count);
        L.Store(c20, c + to[2]); L.Store(c21, c + to[2] + L.Count);
        L.Store(c30, c + to[3]); L.Store(c31, c + to[3] + L.Count);
        L.Store(c40, c + to[4]); L.Store(c41, c + to[4] + L.Count);
        L.Store(c50, c + to[5]); L.Store(c51, c + to[5] + L.Count);
        L.Store(c60, c + to[6]); L.Store(c61, c + to[6] + L.Count);
        L.Store(c70, c + to[7]); L.Store(c71, c + to[7] + L.Count);
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
        if (start != null)
        {
            V s0 = L.Load(start);
            c00 = L.Add(s0, c00);
            c10 = L.Add(s0, c10);
            c20 = L.Add(s0, c20);
            c30 = L.Add(s0, c30);
            c40 = L.Add(s0, c40);
            c50 = L.Add(s0, c50);
            c60 = L.Add(s0, c60);
            c70 = L.Add(s0, c70);
        }
        else
        {
            c00 = L.Add(L.Load(c + to[0]), c00);
            c10 = L.Add(L.Load(c + to[1]), c10);
            c20 = L.Add(L.Load(c + to[2]), c20);
            c30 = L.Add(L.Load(c + to[3]), c30);
            c40 = L.Add(L.Load(c + to[4]), c40);
            c50 = L.Add(L.Load(c + to[5]), c50);
            c60 = L.Add(L.Load(c + to[6]), c60);
            c70 = L.Add(L.Load(c + to[7]), c70);
        }
        L.Store(c00, c + to[0]);
        L.Store(c10, c + to[1]);
        L.Store(c20, c + to[2]);
        L.Store(c30, c + to[3]);
        L.Store(c40, c + to[4]);
        L.Store(c50, c + to[5]);
        L.Store(c60, c + to[6]);
        L.Store(c70, c + to[7]);
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
        if (start != null)
        {
            V s0 = L.Load(start), s1 = L.Load(start + L.Count);
            c00 = L.Add(s0, c00); c01 = L.Add(s1, c01);
            c10 = L.Add(s0, c10); c11 = L.Add(s1, c11);
            c20 = L.Add(s0, c20); c21 = L.Add(s1, c21);
            c30 = L.Add(s0, c30); c31 = L.Add(s1, c31);
        }
        else
        {
            c00 = L.Add(L.Load(c + to[0]), c00); c01 = L.Add(L.Load(c + to[0] + L.Count), c01);
            c10 = L.Add(L.Load(c + to[1]), c10); c11 = L.Add(L.Load(c + to[1] + L.Count), c11);
            c20 = L.Add(L.Load(c + to[2]), c20); c21 = L.Add(L.Load(c + to[2] + L.Count), c21);
            c30 = L.Add(L.Load(c + to[3]), c30); c31 = L.Add(L.Load(c + to[3] + L.Count), c31);
        }
        L.Store(c00, c + to[0]); L.Store(c01, c + to[0] + L.Count);
        L.Store(c10, c + to[1]); L.Store(c11, c + to[1] + L.Count);
        L.Store(c20, c + to[2]); L.Store(c21, c + to[2] + L.Count);
        L.Store(c30, c + to[3]); L.Store(c31, c + to[3] + L.Count);
    }

    public void Scatter(int rows, int columns, int count, float* a, int* from, float* d, float* c, float* start, float scale)
    {
        int r = 0;
        if (L.Count == 16)
        {
            // Thirteen to sixteen rows are two tiles of eight.
            for (; columns == 32 && (rows - r == 12 || rows - r > 16); r += 12) Scatter12x2(count, a + r, from, d, columns, c + r * columns, start != null ? start + r * columns : null, scale);
            for (; r + 8 <= rows; r += 8) Scatter8(columns, count, a + r, from, d, c + r * columns, start != null ? start + r * columns : null, scale);
        }
        else
            for (; r + 4 <= rows; r += 4) Scatter4(columns, count, a + r, from, d, c + r * columns, start != null ? start + r * columns : null, scale);
        if (r == rows) return;

        // A tile that is not filled reads what lies behind the run and writes aside; its first rows are kept.
        float* aside = stackalloc float[8 * 32];
        if (L.Count == 16) Scatter8(columns, count, a + r, from, d, aside, null, 0);
        else Scatter4(columns, count, a + r, from, d, aside, null, 0);
        for (int i = r * columns, k = 0; i < rows * columns; i += L.Count, k += L.Count)
            L.Store(start != null ? L.MultiplyAdd(L.Create(scale), L.Load(start + i), L.Load(aside + k)) : L.Load(aside + k), c + i);
    }

    private static void Scatter8(int columns, nint count, float* a, int* from, float* d, float* c, float* start, float scale)
    {
        if (columns == 32) Scatter8x2(count, a, from, d, columns, c, start, scale);
        else Scatter8x1(count, a, from, d, columns, c, start, scale);
    }

    private static void Scatter4(int columns, nint count, float* a, int* from, float* d, float* c, float* start, float scale)
    {
        for (int j = 0; j < columns; j += 2 * L.Count) Scatter4x2(count, a, from, d + j, columns, c + j, start != null ? start + j : null, scale);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scatter12x2(nint count, float* a, int* from, float* d, nint row, float* c, float* start, float scale)
    {
        V c00 = L.Zero, c10 = c00, c20 = c00, c30 = c00, c40 = c00, c50 = c00, c60 = c00, c70 = c00, c80 = c00, c90 = c00, c100 = c00, c110 = c00;
        V c01 = c00, c11 = c00, c21 = c00, c31 = c00, c41 = c00, c51 = c00, c61 = c00, c71 = c00, c81 = c00, c91 = c00, c101 = c00, c111 = c00;
        for (; count > 0; count--, from++, d += row)
        {
            float* w = a + *from;
            V d0 = L.Load(d), d1 = L.Load(d + L.Count), x;
            x = L.Create(w[0]); c00 = L.MultiplyAdd(x, d0, c00); c01 = L.MultiplyAdd(x, d1, c01);
            x = L.Create(w[1]); c10 = L.MultiplyAdd(x, d0, c10); c11 = L.MultiplyAdd(x, d1, c11);
            x = L.Create(w[2]); c20 = L.MultiplyAdd(x, d0, c20); c21 = L.MultiplyAdd(x, d1, c21);
            x = L.Create(w[3]); c30 = L.MultiplyAdd(x, d0, c30); c31 = L.MultiplyAdd(x, d1, c31);
            x = L.Create(w[4]); c40 = L.MultiplyAdd(x, d0, c40); c41 = L.MultiplyAdd(x, d1, c41);
            x = L.Create(w[5]); c50 = L.MultiplyAdd(x, d0, c50); c51 = L.MultiplyAdd(x, d1, c51);
            x = L.Create(w[6]); c60 = L.MultiplyAdd(x, d0, c60); c61 = L.MultiplyAdd(x, d1, c61);
            x = L.Create(w[7]); c70 = L.MultiplyAdd(x, d0, c70); c71 = L.MultiplyAdd(x, d1, c71);
            x = L.Create(w[8]); c80 = L.MultiplyAdd(x, d0, c80); c81 = L.MultiplyAdd(x, d1, c81);
            x = L.Create(w[9]); c90 = L.MultiplyAdd(x, d0, c90); c91 = L.MultiplyAdd(x, d1, c91);
            x = L.Create(w[10]); c100 = L.MultiplyAdd(x, d0, c100); c101 = L.MultiplyAdd(x, d1, c101);
            x = L.Create(w[11]); c110 = L.MultiplyAdd(x, d0, c110); c111 = L.MultiplyAdd(x, d1, c111);
        }
        if (start != null)
        {
            V s = L.Create(scale);
            c00 = L.MultiplyAdd(s, L.Load(start), c00); c01 = L.MultiplyAdd(s, L.Load(start + L.Count), c01); start += row;
            c10 = L.MultiplyAdd(s, L.Load(start), c10); c11 = L.MultiplyAdd(s, L.Load(start + L.Count), c11); start += row;
            c20 = L.MultiplyAdd(s, L.Load(start), c20); c21 = L.MultiplyAdd(s, L.Load(start + L.Count), c21); start += row;
            c30 = L.MultiplyAdd(s, L.Load(start), c30); c31 = L.MultiplyAdd(s, L.Load(start + L.Count), c31); start += row;
            c40 = L.MultiplyAdd(s, L.Load(start), c40); c41 = L.MultiplyAdd(s, L.Load(start + L.Count), c41); start += row;
            c50 = L.MultiplyAdd(s, L.Load(start), c50); c51 = L.MultiplyAdd(s, L.Load(start + L.Count), c51); start += row;
            c60 = L.MultiplyAdd(s, L.Load(start), c60); c61 = L.MultiplyAdd(s, L.Load(start + L.Count), c61); start += row;
            c70 = L.MultiplyAdd(s, L.Load(start), c70); c71 = L.MultiplyAdd(s, L.Load(start + L.Count), c71); start += row;
            c80 = L.MultiplyAdd(s, L.Load(start), c80); c81 = L.MultiplyAdd(s, L.Load(start + L.Count), c81); start += row;
            c90 = L.MultiplyAdd(s, L.Load(start), c90); c91 = L.MultiplyAdd(s, L.Load(start + L.Count), c91); start += row;
            c100 = L.MultiplyAdd(s, L.Load(start), c100); c101 = L.MultiplyAdd(s, L.Load(start + L.Count), c101); start += row;
            c110 = L.MultiplyAdd(s, L.Load(start), c110); c111 = L.MultiplyAdd(s, L.Load(start + L.Count), c111);
        }
        L.Store(c00, c); L.Store(c01, c + L.Count); c += row;
        L.Store(c10, c); L.Store(c11, c + L.Count); c += row;
        L.Store(c20, c); L.Store(c21, c + L.Count); c += row;
        L.Store(c30, c); L.Store(c31, c + L.Count); c += row;
        L.Store(c40, c); L.Store(c41, c + L.Count); c += row;
        L.Store(c50, c); L.Store(c51, c + L.Count); c += row;
        L.Store(c60, c); L.Store(c61, c + L.Count); c += row;
        L.Store(c70, c); L.Store(c71, c + L.Count); c += row;
        L.Store(c80, c); L.Store(c81, c + L.Count); c += row;
        L.Store(c90, c); L.Store(c91, c + L.Count); c += row;
        L.Store(c100, c); L.Store(c101, c + L.Count); c += row;
        L.Store(c110, c); L.Store(c111, c + L.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scatter8x2(nint count, float* a, int* from, float* d, nint row, float* c, float* start, float scale)
    {
        V c00 = L.Zero, c10 = c00, c20 = c00, c30 = c00, c40 = c00, c50 = c00, c60 = c00, c70 = c00;
        V c01 = c00, c11 = c00, c21 = c00, c31 = c00, c41 = c00, c51 = c00, c61 = c00, c71 = c00;
        for (; count > 0; count--, from++, d += row)
        {
            float* w = a + *from;
            V d0 = L.Load(d), d1 = L.Load(d + L.Count), x;
            x = L.Create(w[0]); c00 = L.MultiplyAdd(x, d0, c00); c01 = L.MultiplyAdd(x, d1, c01);
            x = L.Create(w[1]); c10 = L.MultiplyAdd(x, d0, c10); c11 = L.MultiplyAdd(x, d1, c11);
            x = L.Create(w[2]); c20 = L.MultiplyAdd(x, d0, c20); c21 = L.MultiplyAdd(x, d1, c21);
            x = L.Create(w[3]); c30 = L.MultiplyAdd(x, d0, c30); c31 = L.MultiplyAdd(x, d1, c31);
            x = L.Create(w[4]); c40 = L.MultiplyAdd(x, d0, c40); c41 = L.MultiplyAdd(x, d1, c41);
            x = L.Create(w[5]); c50 = L.MultiplyAdd(x, d0, c50); c51 = L.MultiplyAdd(x, d1, c51);
            x = L.Create(w[6]); c60 = L.MultiplyAdd(x, d0, c60); c61 = L.MultiplyAdd(x, d1, c61);
            x = L.Create(w[7]); c70 = L.MultiplyAdd(x, d0, c70); c71 = L.MultiplyAdd(x, d1, c71);
        }
        if (start != null)
        {
            V s = L.Create(scale);
            c00 = L.MultiplyAdd(s, L.Load(start), c00); c01 = L.MultiplyAdd(s, L.Load(start + L.Count), c01); start += row;
            c10 = L.MultiplyAdd(s, L.Load(start), c10); c11 = L.MultiplyAdd(s, L.Load(start + L.Count), c11); start += row;
            c20 = L.MultiplyAdd(s, L.Load(start), c20); c21 = L.MultiplyAdd(s, L.Load(start + L.Count), c21); start += row;
            c30 = L.MultiplyAdd(s, L.Load(start), c30); c31 = L.MultiplyAdd(s, L.Load(start + L.Count), c31); start += row;
            c40 = L.MultiplyAdd(s, L.Load(start), c40); c41 = L.MultiplyAdd(s, L.Load(start + L.Count), c41); start += row;
            c50 = L.MultiplyAdd(s, L.Load(start), c50); c51 = L.MultiplyAdd(s, L.Load(start + L.Count), c51); start += row;
            c60 = L.MultiplyAdd(s, L.Load(start), c60); c61 = L.MultiplyAdd(s, L.Load(start + L.Count), c61); start += row;
            c70 = L.MultiplyAdd(s, L.Load(start), c70); c71 = L.MultiplyAdd(s, L.Load(start + L.Count), c71);
        }
        L.Store(c00, c); L.Store(c01, c + L.Count); c += row;
        L.Store(c10, c); L.Store(c11, c + L.Count); c += row;
        L.Store(c20, c); L.Store(c21, c + L.Count); c += row;
        L.Store(c30, c); L.Store(c31, c + L.Count); c += row;
        L.Store(c40, c); L.Store(c41, c + L.Count); c += row;
        L.Store(c50, c); L.Store(c51, c + L.Count); c += row;
        L.Store(c60, c); L.Store(c61, c + L.Count); c += row;
        L.Store(c70, c); L.Store(c71, c + L.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scatter8x1(nint count, float* a, int* from, float* d, nint row, float* c, float* start, float scale)
    {
        V c00 = L.Zero, c10 = c00, c20 = c00, c30 = c00, c40 = c00, c50 = c00, c60 = c00, c70 = c00;
        for (; count > 0; count--, from++, d += row)
        {
            float* w = a + *from;
            V d0 = L.Load(d);
            c00 = L.MultiplyAdd(L.Create(w[0]), d0, c00);
            c10 = L.MultiplyAdd(L.Create(w[1]), d0, c10);
            c20 = L.MultiplyAdd(L.Create(w[2]), d0, c20);
            c30 = L.MultiplyAdd(L.Create(w[3]), d0, c30);
            c40 = L.MultiplyAdd(L.Create(w[4]), d0, c40);
            c50 = L.MultiplyAdd(L.Create(w[5]), d0, c50);
            c60 = L.MultiplyAdd(L.Create(w[6]), d0, c60);
            c70 = L.MultiplyAdd(L.Create(w[7]), d0, c70);
        }
        if (start != null)
        {
            V s = L.Create(scale);
            c00 = L.MultiplyAdd(s, L.Load(start), c00); start += row;
            c10 = L.MultiplyAdd(s, L.Load(start), c10); start += row;
            c20 = L.MultiplyAdd(s, L.Load(start), c20); start += row;
            c30 = L.MultiplyAdd(s, L.Load(start), c30); start += row;
            c40 = L.MultiplyAdd(s, L.Load(start), c40); start += row;
            c50 = L.MultiplyAdd(s, L.Load(start), c50); start += row;
            c60 = L.MultiplyAdd(s, L.Load(start), c60); start += row;
            c70 = L.MultiplyAdd(s, L.Load(start), c70);
        }
        L.Store(c00, c); c += row;
        L.Store(c10, c); c += row;
        L.Store(c20, c); c += row;
        L.Store(c30, c); c += row;
        L.Store(c40, c); c += row;
        L.Store(c50, c); c += row;
        L.Store(c60, c); c += row;
        L.Store(c70, c);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scatter4x2(nint count, float* a, int* from, float* d, nint row, float* c, float* start, float scale)
    {
        V c00 = L.Zero, c10 = c00, c20 = c00, c30 = c00;
        V c01 = c00, c11 = c00, c21 = c00, c31 = c00;
        for (; count > 0; count--, from++, d += row)
        {
            float* w = a + *from;
            V d0 = L.Load(d), d1 = L.Load(d + L.Count), x;
            x = L.Create(w[0]); c00 = L.MultiplyAdd(x, d0, c00); c01 = L.MultiplyAdd(x, d1, c01);
            x = L.Create(w[1]); c10 = L.MultiplyAdd(x, d0, c10); c11 = L.MultiplyAdd(x, d1, c11);
            x = L.Create(w[2]); c20 = L.MultiplyAdd(x, d0, c20); c21 = L.MultiplyAdd(x, d1, c21);
            x = L.Create(w[3]); c30 = L.MultiplyAdd(x, d0, c30); c31 = L.MultiplyAdd(x, d1, c31);
        }
        if (start != null)
        {
            V s = L.Create(scale);
            c00 = L.MultiplyAdd(s, L.Load(start), c00); c01 = L.MultiplyAdd(s, L.Load(start + L.Count), c01); start += row;
            c10 = L.MultiplyAdd(s, L.Load(start), c10); c11 = L.MultiplyAdd(s, L.Load(start + L.Count), c11); start += row;
            c20 = L.MultiplyAdd(s, L.Load(start), c20); c21 = L.MultiplyAdd(s, L.Load(start + L.Count), c21); start += row;
            c30 = L.MultiplyAdd(s, L.Load(start), c30); c31 = L.MultiplyAdd(s, L.Load(start + L.Count), c31);
        }
        L.Store(c00, c); L.Store(c01, c + L.Count); c += row;
        L.Store(c10, c); L.Store(c11, c + L.Count); c += row;
        L.Store(c20, c); L.Store(c21, c + L.Count); c += row;
        L.Store(c30, c); L.Store(c31, c + L.Count);
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
