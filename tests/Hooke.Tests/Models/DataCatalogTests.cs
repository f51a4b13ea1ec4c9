using System.Formats.Tar;
using System.IO.Compression;
using Hooke.Models.Data;
using Xunit;

namespace Hooke.Tests.Models;

public sealed class DataCatalogTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hooke-catalog-").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    [Theory]
    [InlineData("")]
    [InlineData("cifar-10-batches-bin")]
    public void A_folder_of_cifars_binary_files_is_read_with_interleaved_channels(string inside)
    {
        WriteCifar(Path.Combine(folder, inside));
        var data = DataCatalog.Load(folder);
        Assert.Equal(("cifar-10", 10, 3, new Shape(32, 32, 3), 10), (data.Name, data.TrainCount, data.TestCount, data.Shape, data.Classes));
        Assert.Equal([0, 1, 1, 2, 2, 3, 3, 4, 4, 5], data.TrainLabels.ToArray());
        Assert.Equal([5, 6, 7], data.TestLabels.ToArray());
        byte[] record = Record(3, 4);
        for (int k = 0; k < 1024; k++)
            for (int c = 0; c < 3; c++)
                Assert.Equal(record[1 + 1024 * c + k], data.TrainPixels[7 * 3072 + 3 * k + c]);
    }

    [Fact]
    public void Damaged_cifar_files_are_named()
    {
        WriteCifar(folder);
        string batch = Path.Combine(folder, "data_batch_3.bin");
        byte[] bytes = File.ReadAllBytes(batch);
        File.WriteAllBytes(batch, bytes[..^1]);
        Assert.Equal($"{batch}: the file has 6145 bytes; expected a multiple of 3073, a label and 3 x 32 x 32 samples each", Message(folder));
        bytes[3073] = 10;
        File.WriteAllBytes(batch, bytes);
        Assert.Equal($"{batch}: label 1, at byte 3073, is 10; it must be below 10", Message(folder));
        File.Delete(batch);
        Assert.Equal($"{batch}: there is no such file; expected data_batch_1.bin, data_batch_2.bin, data_batch_3.bin, data_batch_4.bin, data_batch_5.bin, test_batch.bin", Message(folder));
    }

    [Fact]
    public void Cifars_archive_is_unpacked_and_a_damaged_one_refused()
    {
        string inside = Path.Combine(folder, "in"), outside = Directory.CreateDirectory(Path.Combine(folder, "out")).FullName, archive = Path.Combine(folder, "c.tar.gz");
        WriteCifar(Path.Combine(inside, "cifar-10-batches-bin"));
        File.WriteAllText(Path.Combine(inside, "cifar-10-batches-bin", "readme.html"), "x");
        using (GZipStream zip = new(File.Create(archive), CompressionLevel.Fastest)) TarFile.CreateFromDirectory(inside, zip, false);
        DataLocation.Unpack(archive, outside);
        Assert.Equal(6, Directory.GetFiles(outside).Length);
        Assert.Equal(DataCatalog.Load(inside).TrainPixels.ToArray(), DataCatalog.Load(outside).TrainPixels.ToArray());
        File.WriteAllBytes(archive, File.ReadAllBytes(archive)[..500]);
        Assert.StartsWith($"{archive}: it cannot be unpacked: ", Assert.Throws<InvalidDataSetException>(() => DataLocation.Unpack(archive, outside)).Message);
    }

    [Fact]
    public void A_set_that_cannot_be_had_is_replaced_under_another_name_with_a_notice()
    {
        List<string> notices = [];
        var data = DataCatalog.LoadFound("cifar-10", notices.Add, _ => throw new InvalidDataSetException("it is nowhere"));
        Assert.Equal("color-glyphs", data.Name);
        Assert.StartsWith("it is nowhere; the generated data set color-glyphs stands in for it", Assert.Single(notices));
    }

    [Fact]
    public void Damaged_files_are_an_error_and_not_replaced()
    {
        WriteCifar(folder);
        File.WriteAllBytes(Path.Combine(folder, "test_batch.bin"), [1]);
        Assert.Throws<InvalidDataSetException>(() => DataCatalog.LoadFound("cifar-10", null, _ => folder));
    }

    [Theory]
    [InlineData("curves", "28x28x1 to be reproduced")]
    [InlineData("adding", "80x1x2 with targets of 1x1x1")]
    [InlineData("memory-5bit", "200x1x4 with targets of 5x1x2")]
    [InlineData("memory-20bit", "80x1x7 with targets of 10x1x5")]
    public void Generated_sets_are_loaded_by_name(string name, string end)
    {
        var data = DataCatalog.Load(name);
        Assert.Equal(name, data.Name);
        Assert.EndsWith(end, data.ToString());
        Assert.NotNull(DataCatalog.Entries.Single(entry => entry.Name == name).Description);
    }

    [Fact]
    public void Files_of_an_unknown_kind_are_refused()
    {
        string path = Path.Combine(folder, "x.parquet");
        File.WriteAllText(path, "x");
        Assert.Equal($"{path}: the kind of file is unknown; expected {DataLocation.Accepted}", Message(path));
        Assert.EndsWith("expected four IDX files in MNIST's format", Message(folder));
    }

    private static string Message(string path) => Assert.Throws<InvalidDataSetException>(() => DataCatalog.Load(path)).Message;

    private static byte[] Record(int file, int label) => [(byte)label, .. Enumerable.Range(0, 3072).Select(k => (byte)(k * 7 + file * 31 + label))];

    private static void WriteCifar(string folder)
    {
        Directory.CreateDirectory(folder);
        for (int k = 0; k < 5; k++) File.WriteAllBytes(Path.Combine(folder, $"data_batch_{k + 1}.bin"), [.. Record(k, k), .. Record(k, k + 1)]);
        File.WriteAllBytes(Path.Combine(folder, "test_batch.bin"), [.. Record(9, 5), .. Record(9, 6), .. Record(9, 7)]);
    }
}
