using System.Buffers.Binary;
using System.Security.Cryptography;
using Hooke.Models.Data;
using Hooke.Problems;
using Xunit;

namespace Hooke.Tests.Models;

public sealed unsafe class MappedFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hooke-mapped-").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    private string Target => Path.Combine(folder, "set.hooke");

    public static TheoryData<string> Kinds => ["images", "colored", "curves", "adding", "labels", "memory"];

    [Theory, MemberData(nameof(Kinds))]
    public void A_mapped_file_reads_the_same_bits_as_memory(string kind)
    {
        DataSet memory = Make(kind);
        MappedFile.Write(Target, ExampleReader.Of(memory));
        Assert.Equal([Target], Directory.GetFiles(folder));
        DataSet mapped = DataCatalog.Load(Target);
        Assert.Equal((memory.Name, memory.Description, memory.Shape, memory.Element, memory.Target, memory.TargetShape, memory.Classes, memory.TrainCount, memory.TestCount, memory.Standardized),
            (mapped.Name, mapped.Description, mapped.Shape, mapped.Element, mapped.Target, mapped.TargetShape, mapped.Classes, mapped.TrainCount, mapped.TestCount, mapped.Standardized));
        Assert.Equal(memory.ChannelMeans.ToArray(), mapped.ChannelMeans.ToArray());
        Assert.Equal(memory.ChannelDeviations.ToArray(), mapped.ChannelDeviations.ToArray());
        Assert.Equal((memory.Mean, memory.Deviation), (mapped.Mean, mapped.Deviation));
        if (kind == "colored") (memory, mapped) = (memory.Cropped(5, 6, true), mapped.Cropped(5, 6, true));
        foreach (var split in Enum.GetValues<Split>())
            for (int k = 0; k < (split switch { Split.Test => memory.TestCount, Split.Training => memory.TrainCount, _ => memory.ValidationCount }); k++)
            {
                Assert.Equal(DataSetTests.Read(memory, split, k), DataSetTests.Read(mapped, split, k));
                if (memory.Target == TargetKind.Values) Assert.Equal(Targets(memory, split, k), Targets(mapped, split, k));
            }
        Draw draw = new(3, 1, 5, 0, 4);
        Assert.Equal(DataSetTests.Read(memory, 2, draw, 3), DataSetTests.Read(mapped, 2, draw, 3));
        if (memory.Target == TargetKind.Label) Assert.Equal(memory.TrainLabels.ToArray(), mapped.TrainLabels.ToArray());
    }

    [Fact]
    public void Images_are_imported_one_by_one_with_the_same_statistics_as_in_memory()
    {
        string images = Path.Combine(folder, "images");
        for (int k = 0; k < 12; k++)
        {
            string sub = Directory.CreateDirectory(Path.Combine(images, k % 2 == 0 ? "even" : "odd")).FullName;
            File.WriteAllBytes(Path.Combine(sub, $"{k:D2}.png"), ImageFolderTests.PngFile(6, 5, 2, ImageFolderTests.Bytes(90, k)));
        }
        List<string> notices = [];
        DataSet memory = DataCatalog.Load(images), mapped = DataImport.Run(images, Target, notices.Add);
        Assert.Equal(memory.TrainPixels.ToArray(), mapped.TrainPixels.ToArray());
        Assert.Equal(memory.TestPixels.ToArray(), mapped.TestPixels.ToArray());
        Assert.Equal(memory.TrainLabels.ToArray(), mapped.TrainLabels.ToArray());
        Assert.Equal(memory.ChannelMeans.ToArray(), mapped.ChannelMeans.ToArray());
        Assert.Equal(memory.ChannelDeviations.ToArray(), mapped.ChannelDeviations.ToArray());
        Assert.Equal("images", DataImport.Open(Target, true).Name);
        Assert.Equal($"{Target}: images: 11 training and 1 test examples of 6x5x3 in 2 classes, {new FileInfo(Target).Length} bytes", notices[^1]);
    }

    [Fact]
    public void Truncated_and_extended_files_are_refused()
    {
        byte[] good = Good();
        for (int length = 0; length < good.Length; length += length < 300 ? 1 : 37)
        {
            File.WriteAllBytes(Target, good[..length]);
            string message = Message(false);
            Assert.StartsWith(Target + ": ", message);
            if (length > 300) Assert.Contains($"it has {length} bytes", message);
        }
        File.WriteAllBytes(Target, [.. good, 0]);
        Assert.Equal($"{Target}: the file has {good.Length + 1} bytes; its header announces {good.Length}", Message(false));
    }

    [Fact]
    public void Every_damaged_byte_is_noticed()
    {
        byte[] good = Good();
        for (int k = 0; k < good.Length; k += k < 400 ? 1 : 11)
        {
            byte[] damaged = [.. good];
            damaged[k] ^= 0x10;
            File.WriteAllBytes(Target, damaged);
            Assert.StartsWith(Target + ": ", Message(true));
        }
    }

    [Theory]
    [InlineData(0, double.NaN, "mean of channel 0 is NaN; it must be a finite")]
    [InlineData(0, 1e300, "mean of channel 0 is 1E+300; it must be a finite")]
    [InlineData(1, 0.0, "standard deviation of channel 0 is 0; it must be finite and so far above 0")]
    [InlineData(1, -0.5, "standard deviation of channel 0 is -0.5; it must be")]
    [InlineData(1, double.NaN, "standard deviation of channel 0 is NaN; it must be")]
    [InlineData(1, double.PositiveInfinity, "standard deviation of channel 0 is Infinity; it must be")]
    [InlineData(5, 1e-300, "standard deviation of channel 2 is 1E-300; it must be")]
    public void Statistics_that_nothing_can_be_standardized_with_are_refused(int place, double value, string message)
    {
        byte[] good = Good();
        // A mean and a deviation of each channel follow the 13 fields.
        BinaryPrimitives.WriteDoubleLittleEndian(good.AsSpan(80 + 13 * 4 + 8 * place), value);
        int header = BinaryPrimitives.ReadInt32LittleEndian(good.AsSpan(12));
        System.Security.Cryptography.SHA256.HashData(good.AsSpan(48, header - 48), good.AsSpan(16, 32));
        File.WriteAllBytes(Target, good);
        Assert.StartsWith($"{Target}: the {message}", Message());
    }

    [Fact]
    public void A_file_that_is_too_large_to_be_compared_every_time_says_so_and_is_compared_when_it_is_asked_for()
    {
        byte[] damaged = Good();
        int input = BinaryPrimitives.ReadInt32LittleEndian(damaged.AsSpan(12)); // behind the header
        damaged[input] ^= 1;
        File.WriteAllBytes(Target, damaged);
        var notices = new List<string>();
        MappedFile.Open(Target, null, notices.Add, checkedSize: damaged.Length - 1);
        Assert.Equal($"{Target}: its 0 GB are not compared with their checksum; hooke data check compares them", notices.Single());
        var printed = App.Cli.Run("data", "check", Target);
        Assert.Equal((2, $"hooke: {Target}: the data are corrupt: their checksum is not the one that the header announces"), (printed.Code, printed.Error.Trim()));
        damaged[input] ^= 1;
        File.WriteAllBytes(Target, damaged);
        Assert.Equal(0, App.Cli.Run("data", "check", Target).Code);
    }

    [Fact]
    public void Another_kind_of_file_and_another_version_are_named()
    {
        byte[] good = Good();
        File.WriteAllBytes(Target, new byte[200]);
        Assert.Equal($"{Target}: the file starts with 0x0000000000000000; expected 0x486F6F6B65536574, a mapped data set of Hooke", Message());
        BinaryPrimitives.WriteInt32LittleEndian(good.AsSpan(8), 2);
        File.WriteAllBytes(Target, good);
        Assert.Equal($"{Target}: the format's version is 2; expected 1", Message());
        File.Delete(Target);
        Assert.Equal($"{Target}: there is no such file", Message());
    }

    [Theory]
    [InlineData(80)] // element
    [InlineData(84)] // target
    [InlineData(92)] // classes
    [InlineData(96)] // height
    [InlineData(104)] // channels
    [InlineData(108)] // target height
    [InlineData(120)] // training examples
    [InlineData(124)] // test examples
    public void A_header_that_is_signed_but_absurd_is_refused(int field)
    {
        byte[] good = Good();
        int header = BinaryPrimitives.ReadInt32LittleEndian(good.AsSpan(12));
        foreach (int absurd in (int[])[-1, 0, int.MaxValue, int.MinValue])
        {
            // An autoencoder's or a label's shape of targets of 1 and kind 0 are not absurd.
            if (field is 84 && absurd == 0) continue;
            byte[] damaged = [.. good];
            BinaryPrimitives.WriteInt32LittleEndian(damaged.AsSpan(field), absurd);
            SHA256.HashData(damaged.AsSpan(48, header - 48), damaged.AsSpan(16));
            File.WriteAllBytes(Target, damaged);
            Assert.Throws<InvalidDataSetException>(() => MappedFile.Open(Target, false));
        }
    }

    [Fact]
    public void A_label_out_of_range_is_refused()
    {
        byte[] good = Good();
        int header = BinaryPrimitives.ReadInt32LittleEndian(good.AsSpan(12)), labels = header + (10 * 4 * 4 + 63) / 64 * 64;
        BinaryPrimitives.WriteInt32LittleEndian(good.AsSpan(labels + 8), 3);
        File.WriteAllBytes(Target, good);
        Assert.Equal($"{Target}: images: training label 2 is 3; it must be below the number of classes, 3", Message(false));
    }

    [Fact]
    public void A_file_that_cannot_be_written_leaves_nothing_behind()
    {
        string nowhere = Path.Combine(folder, "no", "where.hooke");
        Assert.StartsWith($"{nowhere}: it cannot be written: ", Assert.Throws<InvalidDataSetException>(() => DataImport.Run("curves", nowhere)).Message);
        Assert.Equal($"the file to write is x.bin; its name must end with .hooke", Assert.Throws<InvalidDataSetException>(() => DataImport.Run("curves", "x.bin")).Message);
        string images = Path.Combine(folder, "images");
        for (int k = 0; k < 4; k++)
            File.WriteAllBytes(Path.Combine(Directory.CreateDirectory(Path.Combine(images, k < 3 ? "a" : "b")).FullName, $"{k}.png"), ImageFolderTests.PngFile(6, 5, 0, ImageFolderTests.Bytes(k == 1 ? 12 : 30, k)));
        Assert.Contains("1.png: the image is truncated in row 2 of 6", Assert.Throws<InvalidDataSetException>(() => DataImport.Run(images, Target)).Message);
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact]
    public void Examples_beyond_two_gigabytes_are_read()
    {
        // Zero pages of native memory cost nothing until they are touched.
        const int Count = 1100, Side = 1448;
        Layout layout = new() { Name = "large", Description = "large", Shape = new(Side, Side, 1), Classes = 1 };
        Region inputs = Region.Allocate(Count * layout.InputBytes);
        Assert.True(inputs.Length > int.MaxValue);
        inputs.Writable<byte>((Count - 1) * layout.InputBytes, 3)[1] = 255;
        DataSet data = new(layout, new(Count, inputs, Region.Pin(new int[Count])), new(1, inputs.Slice(0, layout.InputBytes), Region.Pin(new int[1])), new([0], [1]));
        float[] row = DataSetTests.Read(data.Cropped(1448, 1000, false), Split.Training, Count - 1), whole = DataSetTests.Read(data, Split.Training, Count - 1);
        Assert.Equal(1, whole[1]);
        Assert.Equal(1, whole.Sum());
        Assert.Equal(0, row.Sum());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Regions_of_arrays_give_spans_that_keep_the_array(bool pinned)
    {
        Region region = pinned ? Region.Pin(new int[] { 1, 2, 3, 4 }) : Region.Allocate(16);
        if (!pinned) ((ReadOnlySpan<int>)[1, 2, 3, 4]).CopyTo(region.Writable<int>(0, 4));
        ReadOnlySpan<int> part = region.Slice(4, 8).Span<int>();
        GC.Collect(2, GCCollectionMode.Forced, true, true);
        GC.WaitForPendingFinalizers();
        Assert.Equal([2, 3], part.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => region.Slice(8, 9));
        Assert.Throws<ArgumentOutOfRangeException>(() => { region.Writable<int>(4, 4); });
    }

    private byte[] Good()
    {
        MappedFile.Write(Target, ExampleReader.Of(DataSetTests.Images(2, 2, 4)));
        return File.ReadAllBytes(Target);
    }

    private string Message(bool? check = null) => Assert.Throws<InvalidDataSetException>(() => MappedFile.Open(Target, check)).Message;

    private static float[] Targets(DataSet data, Split split, int index)
    {
        float[] row = new float[data.TargetShape.Count];
        fixed (float* at = row) data.ReadTargets(split, [index], at, row.Length);
        return row;
    }

    private static DataSet Make(string kind) => kind switch
    {
        "images" => DataSetTests.Images(5, 7, 1),
        "colored" => DataSetTests.Images(9, 8, 3),
        "curves" => Curves.Generate(6, 3),
        "adding" => Sequences.Adding(20, 7, 3),
        "memory" => Sequences.Memory(3, 4, 20, 7, 3),
        _ => DataSet.FromFloats("floats", "öäü", new(1, 1, 3), 400, [1, 2, 3, 4, 5, 6, 7, 8, 10], [0, 399, 2], [1, 2, 3], [398]),
    };
}
