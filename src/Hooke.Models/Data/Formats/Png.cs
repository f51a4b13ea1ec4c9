using System.Buffers.Binary;
using System.IO.Compression;

namespace Hooke.Models.Data;

/// <summary>Reads PNG images of 8 bits a channel that are not interlaced: gray, color or palette; an alpha channel is ignored. [W3C, "Portable Network Graphics", 2nd edition]</summary>
internal static class Png
{
    /// <summary>Bytes that hold the signature and the header.</summary>
    public const int HeaderSize = 33;

    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(n =>
    {
        uint c = (uint)n;
        for (int k = 0; k < 8; k++) c = (c & 1) != 0 ? 0xEDB88320 ^ c >> 1 : c >> 1;
        return c;
    })];

    private static ReadOnlySpan<byte> Signature => [137, 80, 78, 71, 13, 10, 26, 10];

    /// <summary>Whether a file is a PNG image.</summary>
    public static bool Is(ReadOnlySpan<byte> file) => file.StartsWith(Signature);

    /// <summary>Size of an image, with 1 or 3 channels.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="file">Its first bytes.</param>
    public static Shape Size(string path, ReadOnlySpan<byte> file)
    {
        if (file.Length < HeaderSize) throw new InvalidDataSetException($"{path}: the file has {file.Length} bytes; a PNG image has more");
        var (type, header) = Chunk(path, file, 8, out _);
        if (!type.SequenceEqual("IHDR"u8) || header.Length != 13) throw new InvalidDataSetException($"{path}: the first chunk is no PNG header");
        int width = BinaryPrimitives.ReadInt32BigEndian(header), height = BinaryPrimitives.ReadInt32BigEndian(header[4..]);
        if (header[8] != 8) throw new InvalidDataSetException($"{path}: a sample has {header[8]} bits; it must have 8");
        if (header[9] is not (0 or 2 or 3 or 4 or 6)) throw new InvalidDataSetException($"{path}: the color type is {header[9]}; it must be 0, 2, 3, 4 or 6");
        if (header[12] != 0) throw new InvalidDataSetException($"{path}: the image is interlaced; it must not be");
        Shape shape = new(height, width, header[9] is 0 or 4 ? 1 : 3);
        if (!shape.IsValid) throw new InvalidDataSetException($"{path}: the size is {height}x{width}; each must be at least 1, and all samples together at most {Shape.MaximumCount}");
        return shape;
    }

    /// <summary>Decodes an image.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="file">Its bytes.</param>
    /// <returns>Its size and samples, [row][column][channel].</returns>
    public static (Shape Shape, byte[] Samples) Read(string path, ReadOnlySpan<byte> file)
    {
        Shape shape = Size(path, file);
        int kind = file[25], stored = kind switch { 0 or 3 => 1, 2 => 3, 4 => 2, _ => 4 };
        ReadOnlySpan<byte> palette = [];
        using MemoryStream packed = new();
        bool ended = false;
        for (int at = 8; !ended;)
        {
            var (type, data) = Chunk(path, file, at, out at);
            if (type.SequenceEqual("PLTE"u8)) palette = data;
            else if (type.SequenceEqual("IDAT"u8)) packed.Write(data);
            else ended = type.SequenceEqual("IEND"u8);
        }
        byte[] samples = Unfilter(path, packed, shape, stored);
        return (shape, Pick(path, samples, shape, kind, stored, palette));
    }

    private static byte[] Unfilter(string path, MemoryStream packed, Shape shape, int stored)
    {
        int run = shape.Width * stored;
        byte[] samples = new byte[(long)shape.Height * run], none = new byte[run];
        packed.Position = 0;
        try
        {
            using ZLibStream plain = new(packed, CompressionMode.Decompress);
            for (int y = 0; y < shape.Height; y++)
            {
                int filter = plain.ReadByte();
                Span<byte> row = samples.AsSpan(y * run, run), above = y > 0 ? samples.AsSpan((y - 1) * run, run) : none;
                if (filter < 0 || plain.ReadAtLeast(row, run, false) < run) throw new InvalidDataSetException($"{path}: the image is truncated in row {y} of {shape.Height}");
                if (filter > 4) throw new InvalidDataSetException($"{path}: row {y} has filter {filter}; it must be from 0 to 4");
                for (int i = 0; i < run; i++)
                {
                    int left = i >= stored ? row[i - stored] : 0, up = above[i], corner = i >= stored ? above[i - stored] : 0;
                    row[i] += (byte)(filter switch { 0 => 0, 1 => left, 2 => up, 3 => (left + up) / 2, _ => Nearest(left, up, corner) });
                }
            }
            // The checksum comes behind the last row.
            if (plain.ReadByte() >= 0) throw new InvalidDataSetException($"{path}: there are more samples than {shape.Height} rows of {shape.Width} have");
        }
        catch (InvalidDataException cause)
        {
            throw new InvalidDataSetException($"{path}: the compressed image is corrupt ({cause.Message})", cause);
        }
        return samples;
    }

    // Drops alpha and looks colors up.
    private static byte[] Pick(string path, byte[] samples, Shape shape, int kind, int stored, ReadOnlySpan<byte> palette)
    {
        if (kind is 0 or 2) return samples;
        byte[] picked = new byte[shape.Count];
        for (int i = 0, to = 0; to < picked.Length; i += stored, to += shape.Channels)
            if (kind != 3) samples.AsSpan(i, shape.Channels).CopyTo(picked.AsSpan(to));
            else if (3 * samples[i] + 3 > palette.Length) throw new InvalidDataSetException($"{path}: a pixel has color {samples[i]}; the palette has {palette.Length / 3}");
            else palette.Slice(3 * samples[i], 3).CopyTo(picked.AsSpan(to));
        return picked;
    }

    // Paeth's predictor: of three neighbors the one nearest to left + up − corner.
    private static int Nearest(int left, int up, int corner)
    {
        int guess = left + up - corner, a = Math.Abs(guess - left), b = Math.Abs(guess - up), c = Math.Abs(guess - corner);
        return a <= b && a <= c ? left : b <= c ? up : corner;
    }

    private static Piece Chunk(string path, ReadOnlySpan<byte> file, int at, out int next)
    {
        if (file.Length - at < 12) throw new InvalidDataSetException($"{path}: the file is truncated: it ends at byte {file.Length}, before the end of the image");
        uint length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
        if (length > file.Length - at - 12) throw new InvalidDataSetException($"{path}: the file is truncated: a chunk at byte {at} has {length} bytes, the file {file.Length}");
        var covered = file.Slice(at + 4, (int)length + 4);
        uint check = ~0u;
        foreach (byte b in covered) check = Table[(check ^ b) & 255] ^ check >> 8;
        next = at + 12 + (int)length;
        if (~check != BinaryPrimitives.ReadUInt32BigEndian(file[(next - 4)..])) throw new InvalidDataSetException($"{path}: the chunk at byte {at} is corrupt: its checksum is not the one that the file announces");
        return new(covered[..4], covered[4..]);
    }

    private readonly ref struct Piece(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        private readonly ReadOnlySpan<byte> type = type, data = data;

        public void Deconstruct(out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> data)
        {
            type = this.type;
            data = this.data;
        }
    }
}
