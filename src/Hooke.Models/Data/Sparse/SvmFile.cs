using System.Buffers;

namespace Hooke.Models.Data;

/// <summary>A LIBSVM file in pieces that end with lines, of some megabytes each, so that it is never in memory as a whole.</summary>
internal sealed class SvmFile : IRowSource, IDisposable
{
    private readonly string path;
    private readonly int dimension;
    private readonly FileStream file;
    private readonly long[] starts;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="dimension">Greatest index that is allowed; 0 for any.</param>
    /// <param name="pieceSize">Bytes in a piece, about.</param>
    public SvmFile(string path, int dimension, int pieceSize = 8 << 20)
    {
        (this.path, this.dimension) = (path, dimension);
        if (!File.Exists(path)) throw new InvalidDataSetException($"{path}: there is no such file");
        try
        {
            file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1);
            starts = Starts(file, pieceSize);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataSetException($"{path}: it cannot be read: {cause.Message}", cause);
        }
    }

    public int Pieces => starts.Length - 1;

    /// <summary>Where a piece starts, in bytes.</summary>
    public long StartOf(int piece) => starts[piece];

    public void Read<TSink>(int piece, TSink sink) where TSink : IRowSink
    {
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
            var all = text.AsSpan(0, length);
            if (piece == 0 && all.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) all = all[3..];
            SvmText.Read(all, dimension, sink);
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

    public void Dispose() => file.Dispose();

    private long LinesBefore(int piece)
    {
        byte[] text = new byte[1 << 20];
        long count = 0;
        for (long at = 0; at < starts[piece];)
        {
            int got = RandomAccess.Read(file.SafeFileHandle, text.AsSpan(0, (int)Math.Min(text.Length, starts[piece] - at)), at);
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
