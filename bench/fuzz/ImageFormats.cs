using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Hooke.Models.Data;
using Hooke.Problems;

namespace Hooke.Fuzz;

/// <summary>Arrays and images.</summary>
internal static class ImageFormats
{
    private const int Count = 12, Height = 5, Width = 4, Records = 6;

    private static readonly byte[] Images = [0, 0, 8, 3, 0, 0, 0, Count, 0, 0, 0, Height, 0, 0, 0, Width, .. Noise(Count * Height * Width)];
    private static readonly byte[] Labels = [0, 0, 8, 1, 0, 0, 0, Count, .. Enumerable.Range(0, Count).Select(k => (byte)(k % 3))];

    /// <summary>An array of bytes.</summary>
    public static InputFormat Idx() => new("idx", "x-idx3-ubyte", Images, path => Judge(path, PlainImages.Idx(File.ReadAllBytes(path))))
    {
        Special =
        [
            [0, 0, 8, 3, 0x80, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 1], [0, 0, 8, 3, 0x40, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1], [], [0x1F, 0x8B], [0, 0, 8, 255],
        ],
    };

    /// <summary>An array of bytes, compressed.</summary>
    public static InputFormat ZippedIdx() => new("idx.gz", "x-idx3-ubyte.gz", Gzip(Images),
        path => Judge(path, PlainImages.Gunzip(File.ReadAllBytes(path)) is { } plain ? PlainImages.Idx(plain) : null))
    {
        // A header that promises a gigabyte, and one that promises 50 MB and has them.
        Special = [Gzip([0, 0, 8, 3, 0x40, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 2, 3]), Gzip([0, 0, 8, 3, 2, 0xFA, 0xF0, 0x80, 0, 0, 0, 1, 0, 0, 0, 1, .. new byte[50_000_000]]), Gzip([]), .. Enumerable.Range(1, 18).Select(cut => Gzip(Images)[..^cut])],
    };

    /// <summary>The training labels of four files in MNIST's format.</summary>
    public static InputFormat IdxFolder() => new("idx-folder", "set/train-labels-idx1-ubyte", Labels, path =>
    {
        var labels = PlainImages.Idx(File.ReadAllBytes(path));
        var data = DataCatalog.Load(Path.GetDirectoryName(path)!);
        return labels is not null && labels.Bytes.Select(label => (int)label).SequenceEqual(data.TrainLabels.ToArray()) && data.TrainPixels.SequenceEqual(Images.AsSpan(16)) ? null : "other labels were read";
    })
    {
        Prepare = folder =>
        {
            string set = Directory.CreateDirectory(Path.Combine(folder, "set")).FullName;
            File.WriteAllBytes(Path.Combine(set, "train-images-idx3-ubyte"), Images);
            File.WriteAllBytes(Path.Combine(set, "t10k-images-idx3-ubyte"), Images);
            File.WriteAllBytes(Path.Combine(set, "t10k-labels-idx1-ubyte"), Labels);
        },
    };

    /// <summary>One of CIFAR-10's six files.</summary>
    public static InputFormat Cifar()
    {
        const int Record = 3073, Plane = 1024;
        byte[] valid = Noise(Records * Record);
        for (int k = 0; k < Records; k++) valid[k * Record] = (byte)(k % 10);
        return new("cifar", "set/data_batch_3.bin", valid, path =>
        {
            byte[] bytes = File.ReadAllBytes(path);
            var data = DataCatalog.Load(Path.GetDirectoryName(path)!);
            if (bytes.Length % Record != 0 || data.TrainCount != 4 * Records + bytes.Length / Record) return "other examples were read";
            for (int k = 0; k < bytes.Length / Record; k++)
                for (int pixel = 0; pixel < 3 * Plane; pixel++)
                    if (data.TrainPixels[(2 * Records + k) * 3 * Plane + pixel] != bytes[k * Record + 1 + pixel % 3 * Plane + pixel / 3] || data.TrainLabels[2 * Records + k] != bytes[k * Record])
                        return $"other pixels were read of example {k}";
            return null;
        })
        {
            Prepare = folder =>
            {
                string set = Directory.CreateDirectory(Path.Combine(folder, "set")).FullName;
                foreach (string name in (string[])[.. Enumerable.Range(1, 5).Select(k => $"data_batch_{k}.bin"), "test_batch.bin"]) File.WriteAllBytes(Path.Combine(set, name), valid);
            },
        };
    }

    /// <summary>PNG, whose chunks have checksums.</summary>
    public static InputFormat Png() => new("png", "x.png", Png(7, 5, 2), path => Image(path, PlainImages.Png));

    /// <summary>PNG with checksums that are right again.</summary>
    public static InputFormat MendedPng() => new("png-mended", "x.png", Png(7, 5, 2), path => Image(path, PlainImages.Png))
    {
        Mend = MendChunks,
        Special =
        [
            Png(8192, 8192, 0, isBlack: true), MendChunks(With(Png(7, 5, 2), 16, [0, 0, 32, 0, 0, 0, 32, 0])), MendChunks(With(Png(7, 5, 2), 16, new byte[8])),
            MendChunks(With(Png(7, 5, 2), 16, [127, 255, 255, 255, 127, 255, 255, 255])), With(Png(7, 5, 2), 33, [255, 255, 255, 255]),
            MendChunks(With(With(Png(7, 5, 2), 16, [0, 0, 31, 255, 0, 0, 10, 170]), 25, [6])),
            MendChunks(With(Png(7, 5, 2), Png(7, 5, 2).Length - 17, [(byte)~Png(7, 5, 2)[^17]])), // the checksum behind the rows
        ],
    };

    /// <summary>PNG with a palette and checksums that are right again.</summary>
    public static InputFormat MendedPalette() => new("palette-mended", "x.png", Png(6, 6, 3), path => Image(path, PlainImages.Png)) { Mend = MendChunks };

    /// <summary>PPM.</summary>
    public static InputFormat Netpbm() => new("netpbm", "x.ppm", [.. Encoding.ASCII.GetBytes("P6 # note\n4 3\n255\n"), .. Noise(36)], path => Image(path, PlainImages.Netpbm))
    {
        Special = [Encoding.ASCII.GetBytes("P6 99999999 99999999 255\n"), Encoding.ASCII.GetBytes("P6 2147483648 2 255\n"), Encoding.ASCII.GetBytes("P5 1 1 255"), []],
    };

    /// <summary>One image of a folder, a subfolder a class.</summary>
    public static InputFormat Folder()
    {
        byte[][] others = [.. Enumerable.Range(0, 11).Select(k => Png(4, 4, 0, start: k + 1))];
        return new("image-folder", "set/a/5.png", Png(4, 4, 0), path =>
        {
            var expected = others.Append(File.ReadAllBytes(path)).Select(PlainImages.Png).ToList();
            var reader = DataCatalog.Open(Path.GetDirectoryName(Path.GetDirectoryName(path))!, null);
            byte[] input = new byte[reader.Layout.InputBytes];
            int[] extents = [reader.Layout.Shape.Height, reader.Layout.Shape.Width, reader.Layout.Shape.Channels];
            int count = 0;
            foreach (var split in (Split[])[Split.Training, Split.Test])
                for (int k = 0; k < reader.Count(split); k++, count++)
                {
                    reader.ReadInput(split, k, input);
                    // Where one image has colors all have.
                    if (!expected.Any(image => image is not null && Colored(image, extents[2]).Is(extents, input))) return $"{split} image {k} is none of the files";
                }
            return count == expected.Count ? null : $"{count} images were read of {expected.Count}";
        })
        {
            Mend = MendChunks,
            Prepare = folder =>
            {
                for (int k = 0; k < others.Length; k++)
                {
                    string set = Directory.CreateDirectory(Path.Combine(folder, "set", k % 2 == 0 ? "a" : "b")).FullName;
                    File.WriteAllBytes(Path.Combine(set, $"{k + 10}.png"), others[k]);
                }
            },
        };

        static PlainArray Colored(PlainArray image, int channels)
            => image.Extents[2] == channels ? image : image with { Extents = [.. image.Extents[..2], channels], Bytes = [.. image.Bytes.SelectMany(sample => Enumerable.Repeat(sample, channels))] };
    }

    private static string? Judge(string path, PlainArray? expected)
    {
        var (sizes, elements) = Models.Data.Idx.Read(path, 3);
        return expected is null ? "it was read though it is damaged" : expected.Is(sizes, elements) ? null : "other elements were read";
    }

    private static string? Image(string path, Func<byte[], PlainArray?> plain)
    {
        byte[] file = File.ReadAllBytes(path);
        bool isPng = Models.Data.Png.Is(file);
        if (!isPng && !Models.Data.Netpbm.Is(file)) throw new InvalidDataSetException($"{path}: it is no image");
        var (shape, samples) = isPng ? Models.Data.Png.Read(path, file) : Models.Data.Netpbm.Read(path, file);
        var expected = plain(file);
        return expected is null ? "it was read though it is damaged" : expected.Is([shape.Height, shape.Width, shape.Channels], samples) ? null : "other pixels were read";
    }

    private static byte[] Noise(int count, int start = 1)
    {
        Dice dice = new((ulong)start);
        return [.. Enumerable.Range(0, count).Select(_ => (byte)dice.Next())];
    }

    private static byte[] Gzip(byte[] plain)
    {
        using MemoryStream packed = new();
        using (GZipStream zip = new(packed, CompressionLevel.Optimal)) zip.Write(plain);
        return packed.ToArray();
    }

    // Rows take filters in turn.
    private static byte[] Png(int width, int height, byte kind, bool isBlack = false, int start = 1)
    {
        int run = width * (kind == 2 ? 3 : 1);
        byte[] rows = isBlack ? new byte[height * (run + 1)] : Noise(height * (run + 1), start);
        for (int y = 0; y < height; y++)
        {
            rows[y * (run + 1)] = (byte)(isBlack ? 0 : y % 5);
            if (kind == 3) rows.AsSpan(y * (run + 1), run + 1).Clear(); // a palette's first color, and no filter
            if (kind == 3) for (int x = 1; x <= run; x++) rows[y * (run + 1) + x] = (byte)((x + y) % 4);
        }
        using MemoryStream packed = new();
        using (ZLibStream zip = new(packed, CompressionLevel.Optimal)) zip.Write(rows);
        using MemoryStream file = new();
        file.Write([137, 80, 78, 71, 13, 10, 26, 10]);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, kind);
        Chunk("IHDR", header);
        if (kind == 3) Chunk("PLTE", Noise(12));
        Chunk("IDAT", packed.ToArray());
        Chunk("IEND", []);
        return MendChunks(file.ToArray());

        void Chunk(string type, byte[] data)
        {
            byte[] length = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
            file.Write([.. length, .. Encoding.ASCII.GetBytes(type), .. data, 0, 0, 0, 0]);
        }
    }

    private static byte[] MendChunks(byte[] png)
    {
        byte[] mended = [.. png];
        for (int at = 8; at + 12 <= mended.Length;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(mended.AsSpan(at));
            if (length > mended.Length - at - 12) break;
            BinaryPrimitives.WriteUInt32BigEndian(mended.AsSpan(at + 8 + (int)length), PlainImages.Crc(mended.AsSpan(at + 4, (int)length + 4)));
            at += 12 + (int)length;
        }
        return mended;
    }

    private static byte[] With(byte[] file, int at, byte[] bytes)
    {
        byte[] changed = [.. file];
        bytes.CopyTo(changed, at);
        return changed;
    }
}
