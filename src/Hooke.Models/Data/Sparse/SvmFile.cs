using System.Buffers;

namespace Hooke.Models.Data;

/// <summary>
/// A LIBSVM file in pieces that end with lines, of some megabytes each, so that it is never in memory as a whole. A compressed
/// file is one piece, which is unpacked as often as it is read.
/// </summary>
internal sealed class SvmFile : IRowSource, IDisposable
{
    /// <summary>Longest line that is read, in bytes.</summary>
    private const int LongestLine = 1 << 28;

    private readonly string path;
    private readonly int dimension, indexBase, pieceSize;
    private readonly FileStream? file; // null if it is compressed
    private readonly long[] starts;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="dimension">Greatest number of features that is allowed; 0 for any.</param>
    /// <param name="indexBase">Index of the first feature, 0 or 1.</param>
    /// <param name="pieceSize">Bytes in a piece, about.</param>
    public SvmFile(string path, int dimension, int indexBase = 1, int pieceSize = 8 << 20)
    {
        (this.path, this.dimension, this.indexBase, this.pieceSize) = (path, dimension, indexBase, pieceSize);
        Stream stream = Compressed.Open(path);
        try
        {
            if (stream is FileStream plain)
            {
                file = plain;
                starts = Starts(file, pieceSize);
                return;
            }
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataSetException($"{path}: it cannot be read: {cause.Message}", cause);
        }
        stream.Dispose();
        starts = [0, 0];
    }

    public int Pieces => starts.Length - 1;

    /// <summary>Where a piece starts, in bytes.</summary>
    public long StartOf(int piece) => starts[piece];

    public void Read<TSink>(int piece, TSink sink) where TSink : IRowSink
    {
        if (file is null)
        {
            Unpack(sink);
            return;
        }
        int length = checked((int)(starts[piece + 1] - starts[piece]));
        byte[] text = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            for (int at = 0; at < length;)
            {
                int got = RandomAccess.Read(file.SafeFileHandle, text.AsSpan(at, length - at), starts[piece] + at);
                if (got == 0) throw new InvalidDataSetException($"{path}: it became shorter while it was read");
                at += got;
            }
            SvmText.Read(WithoutMark(text.AsSpan(0, length), piece == 0), dimension, indexBase, sink);
        }
        catch (BadLineException bad)
        {
            // Pieces before this one may not have been read yet.
            throw new InvalidDataSetException($"{path}, line {LinesBefore(piece) + bad.Line}, {bad.Message}", bad);
        }
        catch (IOException cause)
        {
            throw new InvalidDataSetException($"{path}: it cannot be read: {cause.Message}", cause);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(text);
        }
    }

    public void Dispose() => file?.Dispose();

    // Line by line, with room for some of them, or for one that is longer.
    private void Unpack<TSink>(TSink sink) where TSink : IRowSink
    {
        long lines = 0;
        try
        {
            using Stream plain = Compressed.Open(path);
            byte[] text = new byte[Math.Min(pieceSize, 1 << 20)];
            bool first = true;
            for (int kept = 0, got = 1; got > 0;)
            {
                if (kept == text.Length)
                {
                    if (text.Length >= LongestLine) throw new InvalidDataSetException($"{path}, line {lines + 1}: it has more than {LongestLine} bytes; this is no sparse text");
                    Array.Resize(ref text, 2 * text.Length);
                }
                got = plain.Read(text.AsSpan(kept));
                int length = kept + got, end = got == 0 ? length : text.AsSpan(0, length).LastIndexOf((byte)'\n') + 1;
                if (end > 0)
                {
                    lines += SvmText.Read(WithoutMark(text.AsSpan(0, end), first), dimension, indexBase, sink);
                    first = false;
                }
                kept = length - end;
                text.AsSpan(end, kept).CopyTo(text);
            }
        }
        catch (BadLineException bad)
        {
            throw new InvalidDataSetException($"{path}, line {lines + bad.Line}, {bad.Message}", bad);
        }
        catch (InvalidDataException cause)
        {
            throw Compressed.Damaged(path, cause);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataSetException($"{path}: it cannot be read: {cause.Message}", cause);
        }
    }

    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> text, bool first) => first && text.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? text[3..] : text;

    private long LinesBefore(int piece)
    {
        byte[] text = new byte[1 << 20];
        long count = 0;
        for (long at = 0; at < starts[piece];)
        {
            int got = RandomAccess.Read(file!.SafeFileHandle, text.AsSpan(0, (int)Math.Min(text.Length, starts[piece] - at)), at);
            if (got == 0) break;
            count += text.AsSpan(0, got).Count((byte)'\n');
            at += got;
        }
        return count;
    }

    // A piece ends with the first line that reaches its size.
    private static long[] Starts(FileStream file, int pieceSize)
    {
        List<long> starts = [0];
        byte[] window = new byte[1 << 16];
        long length = file.Length;
        while (starts[^1] + pieceSize < length)
        {
            long at = starts[^1] + pieceSize, end = -1;
            while (end < 0 && at < length)
            {
                int got = RandomAccess.Read(file.SafeFileHandle, window, at);
                if (got == 0) break;
                int found = window.AsSpan(0, got).IndexOf((byte)'\n');
                if (found >= 0) end = at + found + 1;
                at += got;
            }
            if (end < 0 || end >= length) break;
            starts.Add(end);
        }
        starts.Add(length);
        return [.. starts];
    }
}
