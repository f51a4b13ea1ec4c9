using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace Hooke.Fuzz;

/// <summary>An array of bytes with its extents.</summary>
/// <param name="Extents">The extents, the slowest first.</param>
/// <param name="Bytes">The elements.</param>
internal sealed record PlainArray(int[] Extents, byte[] Bytes)
{
    public bool Is(IReadOnlyList<int> extents, ReadOnlySpan<byte> bytes) => Extents.SequenceEqual(extents) && bytes.SequenceEqual(Bytes);
}

/// <summary>Readers of images and arrays in a few lines; null is "this is none".</summary>
internal static partial class PlainImages
{
    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(n =>
    {
        uint crc = (uint)n;
        for (int k = 0; k < 8; k++) crc = (crc & 1) != 0 ? 0xEDB88320 ^ crc >> 1 : crc >> 1;
        return crc;
    })];

    /// <summary>IDX: two zero bytes, 8 for bytes, the number of dimensions, each of them, the elements.</summary>
    public static PlainArray? Idx(byte[] file)
    {
        if (file.Length < 4 || file[0] != 0 || file[1] != 0 || file[2] != 8 || file.Length < 4 + 4 * file[3]) return null;
        int[] extents = [.. Enumerable.Range(0, file[3]).Select(k => BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(4 + 4 * k)))];
        long count = extents.Aggregate(1L, (product, extent) => extent < 0 || product > int.MaxValue ? long.MaxValue / 2 : product * extent);
        byte[] elements = file[(4 + 4 * extents.Length)..];
        return count == elements.Length ? new(extents, elements) : null;
    }

    /// <summary>A gzip file of one member, with its checksum and length.</summary>
    public static byte[]? Gunzip(byte[] file)
    {
        if (file.Length < 18 || file[0] != 0x1F || file[1] != 0x8B || file[2] != 8 || (file[3] & 0xE0) != 0) return null;
        int at = 10;
        if ((file[3] & 4) != 0) at += 2 + BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(at));
        foreach (int flag in (int[])[8, 16]) // a name, a comment
            if ((file[3] & flag) != 0) at = at < file.Length && Array.IndexOf(file, (byte)0, at) is >= 0 and var end ? end + 1 : file.Length;
        if ((file[3] & 2) != 0) at += 2;
        if (at > file.Length - 8) return null;
        byte[]? plain = Inflate(file[at..^8], stream => new DeflateStream(stream, CompressionMode.Decompress));
        bool isWhole = plain is not null && Crc(plain) == BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(file.Length - 8))
            && (uint)plain.Length == BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(file.Length - 4));
        return isWhole ? plain : null;
    }

    /// <summary>PNG of 8 bits a channel, [row][column][channel], without alpha.</summary>
    public static PlainArray? Png(byte[] file)
    {
        if (file.Length < 33) return null;
        int width = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(16)), height = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(20)), kind = file[25];
        if (file[24] != 8 || kind is not (0 or 2 or 3 or 4 or 6) || file[28] != 0 || width < 1 || height < 1 || (long)width * height > 1 << 26) return null;
        int stored = kind switch { 0 or 3 => 1, 2 => 3, 4 => 2, _ => 4 }, shown = kind is 0 or 4 ? 1 : 3, run = width * stored;
        byte[] palette = [];
        List<byte> packed = [];
        for (int at = 8; at + 12 <= file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            if (length < 0 || length > file.Length - at - 12) return null;
            string type = Encoding.Latin1.GetString(file, at + 4, 4);
            if (Crc(file.AsSpan(at + 4, length + 4)) != BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + length))) return null;
            if (type == "PLTE") palette = file[(at + 8)..(at + 8 + length)];
            if (type == "IDAT") packed.AddRange(file[(at + 8)..(at + 8 + length)]);
            if (type == "IEND") break;
            at += 12 + length;
        }
        byte[]? rows = Inflate([.. packed], stream => new ZLibStream(stream, CompressionMode.Decompress));
        if (rows is null || rows.Length < height * (run + 1)) return null;
        byte[] all = new byte[height * run], image = new byte[width * height * shown];
        for (int y = 0; y < height; y++)
            for (int x = 0; x < run; x++)
            {
                int a = x < stored ? 0 : all[y * run + x - stored], b = y == 0 ? 0 : all[(y - 1) * run + x], c = x < stored || y == 0 ? 0 : all[(y - 1) * run + x - stored];
                int guess = rows[y * (run + 1)] switch { 0 => 0, 1 => a, 2 => b, 3 => (a + b) / 2, 4 => Paeth(a, b, c), _ => -1 };
                if (guess < 0) return null;
                all[y * run + x] = (byte)(rows[y * (run + 1) + 1 + x] + guess);
            }
        for (int k = 0; k < width * height; k++)
            for (int c = 0; c < shown; c++)
            {
                int from = kind == 3 ? 3 * all[k] + c : k * stored + c;
                if (kind == 3 && from >= palette.Length) return null;
                image[k * shown + c] = kind == 3 ? palette[from] : all[from];
            }
        return new([height, width, shown], image);
    }

    /// <summary>Binary PGM or PPM of 8 bits a channel.</summary>
    public static PlainArray? Netpbm(byte[] file)
    {
        var header = NetpbmHeader().Match(Encoding.Latin1.GetString(file));
        if (!header.Success || header.Groups[4].Value != "255") return null;
        int width = int.Parse(header.Groups[2].Value), height = int.Parse(header.Groups[3].Value), channels = header.Groups[1].Value == "5" ? 1 : 3;
        long count = (long)width * height * channels;
        return count > 0 && file.Length - header.Length >= count ? new([height, width, channels], file[header.Length..(header.Length + (int)count)]) : null;
    }

    /// <summary>CRC-32 of gzip and PNG.</summary>
    public static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = ~0u;
        foreach (byte b in bytes) crc = CrcTable[(byte)(crc ^ b)] ^ crc >> 8;
        return ~crc;
    }

    private static int Paeth(int a, int b, int c)
    {
        int p = a + b - c, pa = Math.Abs(p - a), pb = Math.Abs(p - b), pc = Math.Abs(p - c);
        return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
    }

    private static byte[]? Inflate(byte[] packed, Func<Stream, Stream> open)
    {
        try
        {
            using var stream = open(new MemoryStream(packed));
            using MemoryStream plain = new();
            byte[] buffer = new byte[4096];
            for (int got; (got = stream.Read(buffer)) > 0 && plain.Length < 1 << 27;) plain.Write(buffer, 0, got);
            return plain.ToArray();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    // White space and comments come between the numbers, one white space behind the last.
    [GeneratedRegex(@"^P([56])\s(?:\s|#[^\n]*\n)*0*(\d{1,9})(?:\s|#[^\n]*\n)+0*(\d{1,9})(?:\s|#[^\n]*\n)+0*(\d{1,9})\s", RegexOptions.ECMAScript)]
    private static partial Regex NetpbmHeader();
}
