using System.Runtime.CompilerServices;
using Hooke.Models.Data;

namespace Hooke.Models.Linear;

/// <summary>
/// Examples of a linear model as its kernels read them: rows of numbers q that stand for scale·q, each with its target. A sparse
/// row is one run of memory: the target, the values, and their indices in rising order with 16 bits where those suffice. A dense
/// row starts at a multiple of 64 bytes; targets follow all rows.
/// </summary>
internal sealed unsafe class Rows
{
    private const int TargetBytes = sizeof(float), Alignment = 64;

    private Rows(Region data, int count, int features, int valueBytes, int indexBytes, float scale)
        => (Data, Count, Features, ValueBytes, IndexBytes, Scale) = (data, count, features, valueBytes, indexBytes, scale);

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>Numbers in a row, zeros included.</summary>
    public int Features { get; }

    /// <summary>Bytes of a value: 4 for floats, 2 or 1 for fixed point.</summary>
    public int ValueBytes { get; }

    /// <summary>Bytes of an index; 0 for dense rows.</summary>
    public int IndexBytes { get; }

    /// <summary>What one step of a fixed-point value is worth; 1 for floats.</summary>
    public float Scale { get; }

    /// <summary>Whether zeros are left out.</summary>
    public bool IsSparse => IndexBytes > 0;

    /// <summary>Everything.</summary>
    public Region Data { get; }

    /// <summary>Bytes from one dense row to the next.</summary>
    public long Stride => Aligned((long)Features * ValueBytes);

    /// <summary>Where sparse rows start, and where the last one ends, in bytes from the beginning.</summary>
    public long* Starts => (long*)Data.Pointer;

    /// <summary>Numbers that are stored.</summary>
    public long Stored => IsSparse ? (Starts[Count] - Starts[0] - (long)Count * TargetBytes) / (ValueBytes + IndexBytes) : (long)Count * Features;

    /// <summary>Bytes that sparse rows take.</summary>
    /// <param name="counts">Numbers in each row.</param>
    /// <param name="valueBytes">Bytes of a value.</param>
    /// <param name="indexBytes">Bytes of an index.</param>
    public static long SparseSize(ReadOnlySpan<int> counts, int valueBytes, int indexBytes)
    {
        long size = Aligned(sizeof(long) * (counts.Length + 1L));
        foreach (int count in counts) size += RowSize(count, valueBytes, indexBytes);
        return size;
    }

    /// <summary>Lays sparse rows out in memory that has <see cref="SparseSize"/> bytes; they are to be filled in.</summary>
    public static Rows Sparse(Region data, ReadOnlySpan<int> counts, int features, int valueBytes, int indexBytes, float scale = 1)
    {
        Rows rows = new(data, counts.Length, features, valueBytes, indexBytes, scale);
        long at = Aligned(sizeof(long) * (counts.Length + 1L));
        for (int k = 0; k < counts.Length; k++)
        {
            rows.Starts[k] = at;
            at += RowSize(counts[k], valueBytes, indexBytes);
        }
        rows.Starts[counts.Length] = at;
        return rows;
    }

    /// <summary>Sparse rows that are laid out already.</summary>
    public static Rows Sparse(Region data, int count, int features, int valueBytes, int indexBytes) => new(data, count, features, valueBytes, indexBytes, 1);

    /// <summary>Whether the starts of sparse rows that somebody else has laid out rise through the whole memory, so that rows can be looked at.</summary>
    public bool HasSoundStarts()
    {
        if (Starts[0] != Aligned(sizeof(long) * (Count + 1L)) || Starts[Count] != Data.Length) return false;
        for (int row = 0; row < Count; row++)
        {
            long bytes = Starts[row + 1] - Starts[row];
            // Checked before any sum of starts could overflow: all lie between the first and the last.
            if (Starts[row] < 0 || Starts[row + 1] > Data.Length || bytes < TargetBytes || bytes > int.MaxValue) return false;
        }
        return true;
    }

    /// <summary>Whether a row of floats is one that kernels may read: its length, indices that rise below the number of features, finite numbers, and its target.</summary>
    /// <param name="row">Which; <see cref="HasSoundStarts"/> holds.</param>
    /// <param name="classes">Number of classes; 0 where targets are numbers.</param>
    public bool IsSound(int row, int classes)
    {
        long bytes = Starts[row + 1] - Starts[row];
        int length = Length(row), last = -1;
        if (bytes != RowSize(length, ValueBytes, IndexBytes)) return false;
        float target = Target(row);
        if (classes > 0 ? !(target >= 0 && target < classes && target == (int)target) : !float.IsFinite(target)) return false;
        foreach (float value in new ReadOnlySpan<float>(Values(row), length))
            if (!float.IsFinite(value)) return false;
        for (int k = 0; k < length; k++)
        {
            int index = Index(row, k);
            if (index <= last || index >= Features) return false;
            last = index;
        }
        return true;
    }

    /// <summary>Zero dense rows, to be filled in.</summary>
    public static Rows Dense(int count, int features, int valueBytes, float scale = 1)
        => new(Region.AllocateNative(count * (Aligned((long)features * valueBytes) + TargetBytes)), count, features, valueBytes, 0, scale);

    /// <summary>Bytes of an index below a number of features.</summary>
    public static int IndexBytesFor(int features) => features <= 1 << 16 ? sizeof(ushort) : sizeof(int);

    /// <summary>The target of a row.</summary>
    public ref float Target(int row)
    {
        if ((uint)row >= (uint)Count) throw new ArgumentOutOfRangeException(nameof(row), $"row is {row}; it must be from 0 to {Count - 1}");
        return ref *(float*)(IsSparse ? Data.Pointer + Starts[row] : Data.Pointer + Count * Stride + (long)row * TargetBytes);
    }

    /// <summary>Numbers stored of a row.</summary>
    public int Length(int row) => IsSparse ? LengthOf(Starts[row + 1] - Starts[row], ValueBytes, IndexBytes) : Features;

    /// <summary>The values of a row.</summary>
    public void* Values(int row) => IsSparse ? Data.Pointer + Starts[row] + TargetBytes : Data.Pointer + row * Stride;

    /// <summary>Where the indices of a sparse row start.</summary>
    public byte* Indices(int row) => (byte*)Values(row) + (long)Length(row) * ValueBytes;

    /// <summary>The index of a number that is stored.</summary>
    public int Index(int row, int position) => IndexBytes switch
    {
        0 => position,
        2 => Unsafe.ReadUnaligned<ushort>(Indices(row) + 2L * position),
        _ => Unsafe.ReadUnaligned<int>(Indices(row) + 4L * position),
    };

    /// <summary>Fills a sparse row of floats in.</summary>
    public void Fill(int row, float target, ReadOnlySpan<int> indices, ReadOnlySpan<float> values)
    {
        Target(row) = target;
        values.CopyTo(new(Values(row), values.Length));
        FillIndices(row, indices);
    }

    /// <summary>The numbers in fixed point: q = x/scale to the nearest, where scale is the largest |x| divided by 127 or 32767.</summary>
    /// <param name="bytes">Bytes of a value, 1 or 2.</param>
    /// <param name="count">Rows to take, from the first.</param>
    public Rows Quantize(int bytes, int count)
    {
        int steps = bytes == 1 ? sbyte.MaxValue : short.MaxValue;
        float largest = 0;
        for (int row = 0; row < count; row++)
            foreach (float value in new ReadOnlySpan<float>(Values(row), Length(row))) largest = Math.Max(largest, Math.Abs(value));
        float scale = largest > 0 ? largest / steps : 1;
        Rows fixedPoint;
        if (IsSparse)
        {
            int[] counts = [.. Enumerable.Range(0, count).Select(Length)];
            fixedPoint = Sparse(Region.AllocateNative(SparseSize(counts, bytes, IndexBytes)), counts, Features, bytes, IndexBytes, scale);
        }
        else fixedPoint = Dense(count, Features, bytes, scale);
        for (int row = 0; row < count; row++)
        {
            int length = Length(row);
            float* from = (float*)Values(row);
            void* to = fixedPoint.Values(row);
            for (int k = 0; k < length; k++)
            {
                int q = (int)MathF.Round(from[k] / scale);
                if (bytes == 1) ((sbyte*)to)[k] = (sbyte)q;
                else ((short*)to)[k] = (short)q;
            }
            if (IsSparse) new ReadOnlySpan<byte>(Indices(row), length * IndexBytes).CopyTo(new(fixedPoint.Indices(row), length * IndexBytes));
            fixedPoint.Target(row) = Target(row);
        }
        return fixedPoint;
    }

    /// <summary>Numbers in a row of so many bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LengthOf(long bytes, int valueBytes, int indexBytes) => (int)((uint)(bytes - TargetBytes) / (uint)(valueBytes + indexBytes));

    // Rows start at even addresses; the odd byte is too little to be taken for a number.
    private static long RowSize(int count, int valueBytes, int indexBytes) => TargetBytes + (long)count * (valueBytes + indexBytes) + 1 & ~1L;

    private void FillIndices(int row, ReadOnlySpan<int> indices)
    {
        byte* to = Indices(row);
        for (int k = 0; k < indices.Length; k++)
            if (IndexBytes == 2) Unsafe.WriteUnaligned(to + 2L * k, (ushort)indices[k]);
            else Unsafe.WriteUnaligned(to + 4L * k, indices[k]);
    }

    private static long Aligned(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment;
}
