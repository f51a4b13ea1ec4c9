using Hooke.Models.Data;
using Xunit;

namespace Hooke.Tests.Models;

/// <summary>What folders of images from the field hold, and what becomes of it.</summary>
public sealed class ImageBorderTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hooke-folders-").FullName;
    private readonly List<string> notices = [];

    public void Dispose() => Directory.Delete(folder, true);

    [Fact]
    public void Images_in_deeper_folders_are_found()
    {
        Images("cat", 20);
        Images("dog/more", 10);
        Images("dog/more/still/deeper", 10);
        var data = DataCatalog.Load(folder, notices.Add);
        Assert.Equal((36, 4, 2), (data.TrainCount, data.TestCount, data.Classes));
        Assert.Equal(["cat", "dog"], data.Names.Classes);
        Assert.Equal((18, 18), (data.TrainLabels.ToArray().Count(label => label == 0), data.TrainLabels.ToArray().Count(label => label == 1)));
        Assert.Empty(notices);
    }

    [Theory]
    [InlineData(null, "the folder is empty")]
    [InlineData("docs/readme.md", "1 file is left out (1 .md), for example readme.md")]
    [InlineData("docs/deep/1.JPEG,docs/2.jpeg,docs/3.webp", "3 files are left out (2 .jpeg, 1 .webp), for example 2.jpeg")]
    public void A_class_without_images_is_refused_by_name(string? files, string part)
    {
        Images("cat", 20);
        Images("dog", 20);
        Directory.CreateDirectory(At("docs"));
        foreach (string file in files?.Split(',') ?? []) Put(file);
        Assert.Equal($"{At("docs")}: class docs has no images; {part}; PNG, PPM and PGM images are read, and a folder without them must not lie among the classes", Message());
    }

    [Fact]
    public void Files_that_are_left_out_are_counted_and_one_is_named()
    {
        Images("cat", 20);
        Images("dog", 20);
        foreach (string file in (string[])["cat/a.jpg", "cat/deep/b.JPG", "dog/c.bmp", "dog/d.gif", "dog/e.webp", "cat/notes.txt", "labels.csv", "dog/LICENSE"]) Put(file);
        DataCatalog.Load(folder, notices.Add);
        Assert.Equal($"{folder}: 8 files are left out (1 .bmp, 1 .csv, 1 .gif, 2 .jpg, 1 .txt, 1 .webp, 1 files without an ending), for example labels.csv; read are PNG, PPM and PGM images in a subfolder for each class", Assert.Single(notices));
    }

    [Fact]
    public void What_systems_and_archives_leave_behind_is_no_class_and_no_file()
    {
        Images("cat", 20);
        Images("dog", 20);
        foreach (string file in (string[])["__MACOSX/cat/._1.png", "__MACOSX/1.png", ".git/x.png", ".DS_Store", "cat/.DS_Store", "cat/._1.png", "dog/Thumbs.db", "dog/__MACOSX/1.png", "dog/.ipynb_checkpoints/1.png"]) Put(file);
        Assert.Equal(2, DataCatalog.Load(folder, notices.Add).Classes);
        Assert.Empty(notices);
    }

    [Theory]
    [InlineData("Train", "TEST")]
    [InlineData("training", "validation")]
    [InlineData("train", "val")]
    public void Parts_are_known_by_several_names(string train, string test)
    {
        foreach (string part in (string[])[train, test])
        {
            Images($"{part}/cat", 4);
            Images($"{part}/dog/deep", 4);
        }
        Images("extra/cat", 3);
        var data = DataCatalog.Load(folder, notices.Add);
        Assert.Equal((8, 8, 2), (data.TrainCount, data.TestCount, data.Classes));
        Assert.Contains("3 files are left out (3 .png), for example extra/cat/0.png", Assert.Single(notices));
    }

    [Fact]
    public void One_class_is_refused_and_where_the_classes_may_be_is_said()
    {
        Images("images/cat", 20);
        Images("images/dog", 20);
        Assert.Equal($"{folder}: there is one class, images; there must be at least 2, a subfolder each (are they in {At("images")}?)", Message());
        Images("train/cat", 5);
        Images("test/cat", 5);
        Assert.Equal($"{Path.GetFileName(folder)}: all 5 training examples are of class cat; there must be training examples of at least 2 classes", Message());
    }

    [Fact]
    public void A_class_that_the_test_part_lacks_is_said()
    {
        foreach (string sub in (string[])["train/cat", "train/dog", "test/cat"]) Images(sub, 4);
        Put("test/dog/1.jpg");
        DataCatalog.Load(folder, notices.Add);
        Assert.Equal(2, notices.Count);
        Assert.Contains("1 file is left out (1 .jpg), for example test/dog/1.jpg", notices[0]);
        Assert.Equal($"{Path.GetFileName(folder)}: there are no test examples of class dog, so the test error says nothing of it", notices[1]);
    }

    [Fact]
    public void A_folder_of_images_of_other_kinds_is_one_of_images()
    {
        foreach (string file in (string[])["cat/1.jpg", "cat/2.jpg", "dog/1.jpg"]) Put(file);
        Assert.StartsWith($"{At("cat")}: class cat has no images; 2 files are left out (2 .jpg), for example 1.jpg; PNG, PPM and PGM images are read", Message());
    }

    private void Images(string sub, int count)
    {
        Directory.CreateDirectory(At(sub));
        for (int k = 0; k < count; k++) File.WriteAllBytes(At($"{sub}/{k}.png"), ImageFolderTests.PngFile(3, 3, 0, ImageFolderTests.Bytes(9, k)));
    }

    private void Put(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(file))!);
        File.WriteAllText(At(file), "x");
    }

    private string Message() => Assert.Throws<InvalidDataSetException>(() => DataCatalog.Load(folder)).Message;

    private string At(string name) => Path.Combine(folder, name);
}
