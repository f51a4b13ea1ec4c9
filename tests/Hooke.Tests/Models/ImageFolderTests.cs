using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Hooke.Models.Data;
using Hooke.Numerics;
using Xunit;

namespace Hooke.Tests.Models;

public sealed class ImageFolderTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hooke-images-").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 1)]
    [InlineData(4, 2)]
    [InlineData(6, 4)]
    public void Png_images_of_every_kind_and_filter_are_read(int kind, int stored)
    {
        byte[] samples = Bytes(7 * 5 * stored, kind), palette = Bytes(768, 9);
        byte[] file = PngFile(7, 5, kind, samples, palette);
        var (shape, read) = Png.Read("x.png", file);
        byte[] expected = kind switch
        {
            3 => [.. samples.SelectMany(s => palette[(3 * s)..(3 * s + 3)])],
            4 => [.. samples.Where((_, i) => i % 2 == 0)],
            6 => [.. samples.Where((_, i) => i % 4 != 3)],
            _ => samples,
        };
        Assert.Equal(new Shape(7, 5, kind is 0 or 4 ? 1 : 3), shape);
        Assert.Equal(expected, read);
    }

    [Fact]
    public void Damaged_png_images_are_refused_with_a_reason()
    {
        byte[] good = PngFile(7, 5, 2, Bytes(105, 1));
        Check("is truncated", good[..^20]);
        Check("is truncated", good[..^12]);
        Check("has 20 bytes", good[..20]);
        byte[] damaged = [.. good];
        damaged[50] ^= 1;
        Check("is corrupt: its checksum", damaged);
        Check("a sample has 16 bits; it must have 8", PngFile(7, 5, 2, Bytes(105, 1), depth: 16));
        Check("the image is interlaced", PngFile(7, 5, 2, Bytes(105, 1), interlaced: 1));
        Check("the color type is 5", PngFile(7, 5, 5, Bytes(35, 1)));
        Check("truncated in row 5 of 7", PngFile(7, 5, 2, Bytes(75, 1)));
        Check("the palette has 2", PngFile(1, 1, 3, [2], new byte[6]));
        Check("each must be at least 1", PngFile(0, 5, 2, []));
        // No byte can be changed without the image being refused or read without fault.
        for (int k = 0; k < good.Length; k++)
        {
            damaged = [.. good];
            damaged[k] ^= 0x41;
            try
            {
                Png.Read("x.png", damaged);
            }
            catch (InvalidDataSetException)
            {
            }
        }

        static void Check(string part, byte[] file) => Assert.Contains(part, Assert.Throws<InvalidDataSetException>(() => Png.Read("x.png", file)).Message);
    }

    [Fact]
    public void Ppm_and_pgm_images_are_read_comments_and_all()
    {
        byte[] samples = Bytes(18, 2);
        var (shape, read) = Netpbm.Read("x.ppm", [.. "P6 # a comment\n3\t# another\n 2\n255\n"u8, .. samples]);
        Assert.Equal(new Shape(2, 3, 3), shape);
        Assert.Equal(samples, read);
        (shape, read) = Netpbm.Read("x.pgm", [.. "P5\n3 6\n255\n"u8, .. samples]);
        Assert.Equal(new Shape(6, 3, 1), shape);
        Assert.Equal(samples, read);
    }

    [Theory]
    [InlineData("P6\n3 2\n255\n12345", "it has 5 of the 18 samples that its header (2x3x3) announces")]
    [InlineData("P6\n3 2\n65535\n", "the greatest value is 65535; it must be 255")]
    [InlineData("P6\n3 x\n255\n", "the header has no height at byte 5; expected a whole number")]
    [InlineData("P6\n3 0\n255\n", "the size is 0x3")]
    [InlineData("P6\n99999999 99999999\n255\n", "the size is 99999999x99999999")]
    [InlineData("P6\n3", "the header has no width")]
    public void Damaged_ppm_images_are_refused_with_a_reason(string file, string part)
        => Assert.Contains(part, Assert.Throws<InvalidDataSetException>(() => Netpbm.Read("x.ppm", Encoding.ASCII.GetBytes(file))).Message);

    [Fact]
    public void Subfolders_are_classes_in_the_order_of_names_and_a_tenth_of_the_images_is_held_out()
    {
        for (int k = 0; k < 21; k++) Write(k < 15 ? "bird" : "ant", $"{k:D2}.{(k % 2 == 0 ? "png" : "ppm")}", 4, 6, 3, k);
        File.WriteAllText(Path.Combine(folder, "bird", "notes.txt"), "not an image");
        var data = DataCatalog.Load(folder);
        Assert.Equal((19, 2, 2, new Shape(4, 6, 3)), (data.TrainCount, data.TestCount, data.Classes, data.Shape));
        // Ants are 15 to 20, birds 0 to 14: of this order 1 and 13 are drawn.
        Assert.Equal([0, 1], data.TestLabels.ToArray());
        Assert.Equal([.. Bytes(72, 16), .. Bytes(72, 7)], data.TestPixels.ToArray());
        Assert.Equal(5, data.TrainLabels.ToArray().Count(label => label == 0));
        Assert.Equal(Bytes(72, 15), data.TrainPixels[..72].ToArray());
        Assert.Equal(data.TrainPixels.ToArray(), DataCatalog.Load(folder).TrainPixels.ToArray());
    }

    [Fact]
    public void Folders_train_and_test_divide_the_images_and_gray_ones_become_colored()
    {
        Write("train/a", "1.png", 3, 3, 1, 1);
        Write("train/b", "1.png", 3, 3, 3, 2);
        Write("test/b", "1.ppm", 3, 3, 1, 3);
        var data = DataCatalog.Load(folder);
        Assert.Equal((2, 1, new Shape(3, 3, 3)), (data.TrainCount, data.TestCount, data.Shape));
        Assert.Equal([1], data.TestLabels.ToArray());
        Assert.Equal([.. Bytes(9, 1).SelectMany(b => (byte[])[b, b, b]), .. Bytes(27, 2)], data.TrainPixels.ToArray());
    }

    [Fact]
    public void Folders_that_are_no_data_set_are_refused_with_a_reason()
    {
        Write("train/a", "1.png", 3, 3, 1, 1);
        Assert.Equal($"{folder}: there is a folder train but neither test nor val; expected one of them", Message());
        Write("test/a", "2.png", 3, 3, 1, 1);
        Write("test/c", "2.png", 3, 3, 1, 1);
        Assert.Equal($"{folder}/test/c: there is no such class in {folder}/train", Message());
        Directory.Delete(Path.Combine(folder, "test", "c"), true);
        Write("test/a", "3.ppm", 3, 4, 1, 1);
        Assert.Equal($"{folder}/test/a/3.ppm: the image has 3x4 pixels; expected 3x3 as in {folder}/train/a/1.png", Message());
        File.WriteAllText(Path.Combine(folder, "test", "a", "3.ppm"), "P3 3 3 255 0 0 0");
        Assert.Equal($"{folder}/test/a/3.ppm: the file starts with 0x50332033; expected a PNG image, or a binary PGM (P5) or PPM (P6) image", Message());
    }

    private string Message() => Assert.Throws<InvalidDataSetException>(() => DataCatalog.Load(folder)).Message;

    private void Write(string sub, string name, int height, int width, int channels, int seed)
    {
        string path = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, sub)).FullName, name);
        byte[] samples = Bytes(height * width * channels, seed);
        File.WriteAllBytes(path, name.EndsWith("png", StringComparison.Ordinal) ? PngFile(height, width, channels == 1 ? 0 : 2, samples)
            : [.. Encoding.ASCII.GetBytes($"P{(channels == 1 ? 5 : 6)}\n{width} {height}\n255\n"), .. samples]);
    }

    internal static byte[] Bytes(int count, int seed)
    {
        Noise noise = new(77, seed, 0, NoiseStream.Generation);
        return [.. Enumerable.Range(0, count).Select(k => (byte)noise.Integer(k, 256))];
    }

    /// <summary>Encodes an image, row y with filter y mod 5.</summary>
    internal static byte[] PngFile(int height, int width, int kind, byte[] samples, byte[]? palette = null, int depth = 8, int interlaced = 0)
    {
        int stored = kind switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 }, run = width * stored;
        using MemoryStream packed = new();
        using (ZLibStream zip = new(packed, CompressionLevel.Fastest, true))
            for (int y = 0; (y + 1) * run <= samples.Length && y < height; y++)
            {
                zip.WriteByte((byte)(y % 5));
                for (int i = 0; i < run; i++)
                {
                    int left = i >= stored ? samples[y * run + i - stored] : 0, up = y > 0 ? samples[(y - 1) * run + i] : 0, corner = i >= stored && y > 0 ? samples[(y - 1) * run + i - stored] : 0;
                    int guess = left + up - corner;
                    int paeth = new[] { left, up, corner }.MinBy(v => Math.Abs(guess - v));
                    zip.WriteByte((byte)(samples[y * run + i] - (y % 5) switch { 0 => 0, 1 => left, 2 => up, 3 => (left + up) / 2, _ => paeth }));
                }
            }
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = ((byte)depth, (byte)kind, (byte)interlaced);
        byte[] data = packed.ToArray();
        // The data in two chunks, as encoders do with large images.
        return [137, 80, 78, 71, 13, 10, 26, 10, .. Chunk("IHDR", header), .. palette is null ? [] : Chunk("PLTE", palette), .. Chunk("tEXt", [1, 2]),
            .. Chunk("IDAT", data[..(data.Length / 2)]), .. Chunk("IDAT", data[(data.Length / 2)..]), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string type, byte[] data)
    {
        byte[] covered = [.. Encoding.ASCII.GetBytes(type), .. data], length = new byte[4], check = new byte[4];
        uint crc = ~0u;
        foreach (byte b in covered)
        {
            crc ^= b;
            for (int k = 0; k < 8; k++) crc = (crc & 1) != 0 ? crc >> 1 ^ 0xEDB88320 : crc >> 1;
        }
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(check, ~crc);
        return [.. length, .. covered, .. check];
    }
}
