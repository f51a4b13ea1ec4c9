using System.IO.Compression;
using Hooke.Models.Data;
using Xunit;

namespace Hooke.Tests.Models;

public sealed class DataTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hooke-data-").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_folder_of_four_files_is_read_plain_or_gzipped(bool zipped)
    {
        WriteFolder(zipped);
        var data = DataCatalog.Load(folder);
        Assert.Equal(Path.GetFileName(folder), data.Name);
        Assert.Equal((3, 2, new Shape(2, 4, 1), 3), (data.TrainCount, data.TestCount, data.Shape, data.Classes));
        Assert.Equal(Enumerable.Range(0, 24).Select(k => (byte)k), data.TrainPixels.ToArray());
        Assert.Equal([0, 1, 2], data.TrainLabels.ToArray());
        double[] pixels = [.. Enumerable.Range(0, 24).Select(k => k / 255.0)];
        Assert.Equal(pixels.Average(), data.Mean, 1e-12);
        Assert.Equal(Math.Sqrt(pixels.Average(p => p * p) - pixels.Average() * pixels.Average()), data.Deviation, 1e-12);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        WriteFolder(false);
        File.Delete(Images);
        Assert.Equal($"{Images}: there is no such file, nor train-images-idx3-ubyte.gz; expected four IDX files in MNIST's format", Message());
    }

    [Fact]
    public void A_truncated_file_is_named_with_its_size()
    {
        WriteFolder(false);
        File.WriteAllBytes(Images, File.ReadAllBytes(Images)[..^5]);
        Assert.Equal($"{Images}: the file is truncated: it has 19 of the 24 elements that its header (3 x 2 x 4) announces", Message());
        File.WriteAllBytes(Images, [0, 0]);
        Assert.Equal($"{Images}: the file has 2 bytes; an IDX header has 16", Message());
        File.WriteAllBytes(Images, [0, 0, 8, 3, 0, 0]);
        Assert.Equal($"{Images}: the file has 6 bytes; an IDX header has 16", Message());
        File.WriteAllBytes(Images, [0, 0, 8, 3, 0, 0, 0, 1, 127, 255, 255, 255, 0, 0, 0, 1]);
        Assert.StartsWith($"{Images}: dimension 1 is 2147483647; it must be", Message());
    }

    [Fact]
    public void A_wrong_magic_number_is_shown_with_the_right_one()
    {
        WriteFolder(false);
        File.WriteAllBytes(Images, [0, 0, 13, 3, .. new byte[40]]);
        Assert.Equal($"{Images}: the magic number is 0x00000D03; expected 0x00000803 (unsigned bytes in 3 dimensions)", Message());
    }

    [Fact]
    public void Corrupt_or_cut_gzip_data_are_named()
    {
        WriteFolder(true);
        string path = Images + ".gz";
        byte[] bytes = File.ReadAllBytes(path);
        byte[] damaged = [.. bytes];
        damaged[^6] ^= 255; // the check sum
        File.WriteAllBytes(path, damaged);
        Assert.StartsWith($"{path}: the gzip data are corrupt", Message());
        damaged = [.. bytes];
        damaged.AsSpan(10, 8).Fill(255);
        File.WriteAllBytes(path, damaged);
        Assert.StartsWith($"{path}: the gzip data are corrupt", Message());
        File.WriteAllBytes(path, bytes[..^14]);
        Assert.StartsWith($"{path}: the ", Message());
    }

    [Fact]
    public void Bytes_after_the_last_element_are_refused()
    {
        WriteFolder(false);
        File.WriteAllBytes(Labels, [.. File.ReadAllBytes(Labels), 1]);
        Assert.Equal($"{Labels}: there are bytes after the 3 elements that the header (3) announces; expected the end of the file", Message());
    }

    [Fact]
    public void Labels_must_be_as_many_as_images_and_below_the_number_of_classes()
    {
        WriteFolder(false);
        File.WriteAllBytes(Labels, [0, 0, 8, 1, 0, 0, 0, 2, 0, 1]);
        Assert.Equal($"{Labels}: there are 2 labels; expected 3, one for each image", Message());
        File.WriteAllBytes(Labels, [0, 0, 8, 1, 0, 0, 0, 3, 0, 1, 10]);
        Assert.Equal($"{Labels}: label 2 is 10; it must be below the number of classes, 10",
            Assert.Throws<InvalidDataSetException>(() => Idx.ReadFolder(folder, "x", "x", 10)).Message);
        Assert.Equal("x: test label 1 is 3; it must be below the number of classes, 3",
            Assert.Throws<InvalidDataSetException>(() => new DataSet("x", "x", new(1, 1, 1), 3, [1], [0], [1, 2], [0, 3])).Message);
    }

    [Fact]
    public void An_unknown_name_lists_the_known_ones()
    {
        string message = Assert.Throws<InvalidDataSetException>(() => DataCatalog.Load("emnist")).Message;
        Assert.StartsWith("data is emnist; it must be fashion-mnist, mnist, cifar-10, ", message);
        Assert.EndsWith(", or a folder of four IDX files in MNIST's format, of CIFAR-10's binary files or of images (a subfolder a class), or a .csv, .svm, .libsvm or .hooke file", message);
    }

    [Fact]
    public void Data_that_cannot_be_had_are_replaced_with_a_notice_and_another_name()
    {
        List<string> notices = [];
        var data = DataCatalog.LoadFound("fashion-mnist", notices.Add, _ =>
        {
            FashionMnist.Download(folder, null, "http://127.0.0.1:1/"); // nobody listens there
            return folder;
        });
        Assert.Equal("glyphs", data.Name);
        string notice = Assert.Single(notices);
        Assert.Contains("glyphs stands in", notice);
        Assert.Contains("apt-get install dataset-fashion-mnist", notice);
        Assert.Equal((60_000, 10_000, 10), (data.TrainCount, data.TestCount, data.Classes));
    }

    [Fact]
    public void Damaged_files_of_fashion_mnist_are_an_error_and_not_replaced()
    {
        WriteFolder(false);
        File.WriteAllBytes(Images, [1, 2, 3]);
        Assert.Equal($"{Images}: the file has 3 bytes; an IDX header has 16", Assert.Throws<InvalidDataSetException>(() => DataCatalog.LoadFound("fashion-mnist", null, _ => folder)).Message);
    }

    [Fact]
    public void The_installed_fashion_mnist_is_what_its_authors_describe()
    {
        Assert.SkipUnless(FashionMnist.IsComplete(FashionMnist.SystemFolder), "the package dataset-fashion-mnist is not installed");
        var data = DataCatalog.Load("fashion-mnist");
        Assert.Equal("fashion-mnist", data.Name);
        Assert.Equal((60_000, 10_000, 10, new Shape(28, 28, 1)), (data.TrainCount, data.TestCount, data.Classes, data.Shape));
        Assert.All(data.TrainLabels.ToArray().CountBy(l => l), pair => Assert.Equal(6000, pair.Value));
        Assert.Equal(0.2860, data.Mean, 1e-4);
        Assert.Equal(0.3530, data.Deviation, 1e-4);
    }

    [Fact]
    public void Glyphs_are_the_same_every_time_and_differ_by_seed()
    {
        DataSet one = Glyphs.Generate(50, 20), two = Glyphs.Generate(30, 20), three = Glyphs.Generate(50, 20, 2);
        Assert.Equal(one.TrainPixels[..(30 * 784)].ToArray(), two.TrainPixels.ToArray());
        Assert.Equal(one.TestPixels.ToArray(), two.TestPixels.ToArray());
        Assert.NotEqual(one.TrainPixels.ToArray(), three.TrainPixels.ToArray());
        Assert.NotEqual(one.TrainPixels[..(20 * 784)].ToArray(), one.TestPixels.ToArray());
        Assert.All(Enumerable.Range(0, 10), label => Assert.Contains(label, one.TrainLabels.ToArray()));
    }

    private string Images => Path.Combine(folder, "train-images-idx3-ubyte");

    private string Labels => Path.Combine(folder, "train-labels-idx1-ubyte");

    private string Message() => Assert.Throws<InvalidDataSetException>(() => DataCatalog.Load(folder)).Message;

    private void WriteFolder(bool zipped)
    {
        byte[] pixels = [.. Enumerable.Range(0, 24).Select(k => (byte)k)];
        Write("train-images-idx3-ubyte", [0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 4, .. pixels]);
        Write("train-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 3, 0, 1, 2]);
        Write("t10k-images-idx3-ubyte", [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 4, .. pixels.AsSpan(0, 16)]);
        Write("t10k-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 2, 2, 0]);

        void Write(string name, byte[] bytes)
        {
            string path = Path.Combine(folder, name + (zipped ? ".gz" : ""));
            using Stream file = zipped ? new GZipStream(File.Create(path), CompressionLevel.Fastest) : File.Create(path);
            file.Write(bytes);
        }
    }
}
