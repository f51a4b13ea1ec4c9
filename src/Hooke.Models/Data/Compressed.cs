using System.IO.Compression;

namespace Hooke.Models.Data;

/// <summary>Opens files that may be compressed, which is recognized by their content, so that what is read is whole or refused.</summary>
internal static class Compressed
{
    /// <summary>Endings that say how a file is compressed.</summary>
    public static readonly string[] Endings = [".gz", ".bz2"];

    /// <summary>A file's name without an ending that says how it is compressed.</summary>
    public static string PlainName(string path)
        => Endings.Contains(Path.GetExtension(path).ToLowerInvariant()) ? path[..^Path.GetExtension(path).Length] : path;

    /// <summary>Whether a file is compressed.</summary>
    /// <exception cref="InvalidDataSetException">It cannot be read.</exception>
    public static bool Is(string path)
    {
        using FileStream file = File(path);
        return KindOf(file) != Kind.Plain;
    }

    /// <summary>Opens a file; what it reads has its own length only in plain files.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataSetException">It is not there, or cannot be read.</exception>
    /// <remarks>Reading throws <see cref="InvalidDataException"/> if it is damaged or cut.</remarks>
    public static Stream Open(string path)
    {
        FileStream file = File(path);
        return KindOf(file) switch
        {
            Kind.Gzip => new WholeGzip(file),
            Kind.Bzip2 => new Bzip2(file),
            _ => file,
        };
    }

    /// <summary>The error of a compressed file that is damaged.</summary>
    public static InvalidDataSetException Damaged(string path, InvalidDataException cause)
    {
        string kind = path.EndsWith(Endings[1], StringComparison.OrdinalIgnoreCase) ? "bzip2" : "gzip";
        return new($"{path}: the {kind} data are corrupt; expected an intact {kind} file ({cause.Message})", cause);
    }

    private static FileStream File(string path)
    {
        if (!System.IO.File.Exists(path)) throw new InvalidDataSetException($"{path}: there is no such file");
        try
        {
            FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            if (file.CanSeek) return file;
            file.Dispose();
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataSetException($"{path}: it cannot be read: {cause.Message}", cause);
        }
        throw new InvalidDataSetException($"{path}: it is a pipe or a device; data are read more than once, from a file");
    }

    private static Kind KindOf(FileStream file)
    {
        Span<byte> start = stackalloc byte[3];
        start = start[..file.ReadAtLeast(start, start.Length, false)];
        file.Position = 0;
        return start.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) ? Kind.Gzip : start.SequenceEqual("BZh"u8) ? Kind.Bzip2 : Kind.Plain;
    }

    private enum Kind
    {
        Plain,
        Gzip,
        Bzip2,
    }
}

/// <summary>
/// Unpacks a gzip file to its very end. .NET's reader accepts a file that was cut within its last eight bytes, the checksum. So
/// one more member, which is known, is put behind it: after a whole file it comes out, and a cut one takes its bytes for the checksum.
/// </summary>
internal sealed class WholeGzip : Stream
{
    private static readonly byte[] Sentinel = [0x9D, 0x17, 0xE4, 0x5B];
    private readonly GZipStream plain;
    private readonly byte[] held = new byte[Sentinel.Length]; // what may be the sentinel
    private int heldCount;

    /// <summary>Unpacks a file, which it closes in the end.</summary>
    public WholeGzip(FileStream file) => plain = new(new Followed(file, Member()), CompressionMode.Decompress);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (buffer.Length == 0) return 0;
        // A little buffer is filled through a larger one, so that something is left when the sentinel is held back.
        Span<byte> room = buffer.Length > held.Length ? buffer : stackalloc byte[2 * held.Length];
        while (true)
        {
            held.AsSpan(0, heldCount).CopyTo(room);
            int most = buffer.Length > held.Length ? room.Length - heldCount : Math.Min(buffer.Length, room.Length - heldCount);
            int got = plain.Read(room.Slice(heldCount, most));
            if (got == 0)
            {
                if (heldCount == held.Length && held.AsSpan().SequenceEqual(Sentinel)) return 0;
                throw new InvalidDataException("the file is truncated, or has other bytes behind its end");
            }
            int all = heldCount + got, free = Math.Max(0, all - held.Length);
            room[free..all].CopyTo(held);
            heldCount = all - free;
            if (free == 0) continue;
            if (buffer.Length <= held.Length) room[..free].CopyTo(buffer);
            return free;
        }
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) plain.Dispose();
        base.Dispose(disposing);
    }

    private static byte[] Member()
    {
        using MemoryStream packed = new();
        using (GZipStream zip = new(packed, CompressionLevel.Fastest, true)) zip.Write(Sentinel);
        return packed.ToArray();
    }

    /// <summary>A file, and bytes behind it, which are always read together with the file's last ones.</summary>
    private sealed class Followed(FileStream file, byte[] tail) : Stream
    {
        private int given;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            long left = file.Length - file.Position;
            if (left <= 0)
            {
                int rest = Math.Min(buffer.Length, tail.Length - given);
                tail.AsSpan(given, rest).CopyTo(buffer);
                given += rest;
                return rest;
            }
            if (left + tail.Length > buffer.Length) return file.Read(buffer[..(int)Math.Max(1, Math.Min(left - 1, buffer.Length))]);
            int got = file.ReadAtLeast(buffer[..(int)left], (int)left, false);
            if (got < left) throw new InvalidDataException("the file became shorter while it was read");
            tail.CopyTo(buffer[got..]);
            given = tail.Length;
            return got + tail.Length;
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) file.Dispose();
            base.Dispose(disposing);
        }
    }
}
