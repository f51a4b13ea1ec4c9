namespace Hooke.Models.Data;

/// <summary>MNIST: 60,000 + 10,000 images of handwritten digits, 28×28 gray. [LeCun, Cortes, Burges, "The MNIST database"]</summary>
internal static class Mnist
{
    public const string Name = "mnist", Description = "MNIST: handwritten digits, 28x28 gray";

    /// <summary>A mirror; the authors' own address no longer serves the files.</summary>
    public const string Address = "https://ossci-datasets.s3.amazonaws.com/mnist/";

    /// <summary>The files and their MD5.</summary>
    public static readonly RemoteFile[] Files =
    [
        new("train-labels-idx1-ubyte.gz", "d53e105ee54ea40749a09fcbcd1e9432", 1 << 20),
        new("t10k-labels-idx1-ubyte.gz", "ec29112dd5afa0611ce80d1b7f02629c", 1 << 20),
        new("t10k-images-idx3-ubyte.gz", "9fb629c4189551a2d022fa330f9573f3", 16 << 20),
        new("train-images-idx3-ubyte.gz", "f68b3c2dcbeaaa9fbdd348bbdeb94873", 16 << 20),
    ];

    public static bool IsComplete(string folder) => Files.All(file => File.Exists(Idx.Locate(folder, Path.GetFileNameWithoutExtension(file.Name))));

    public static DataSet Read(string folder)
    {
        Download.CheckCache(folder, Name, Files);
        return Idx.ReadFolder(folder, Name, Description, 10);
    }
}
