namespace Hooke.Models.Data;

/// <summary>
/// Fashion-MNIST: 60,000 + 10,000 images of clothes, 28×28 gray, ten classes, under the MIT license. [Xiao, Rasul, Vollgraf,
/// "Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms", arXiv:1708.07747]
/// </summary>
/// <remarks>
/// It is taken from the user's data (<c>$XDG_DATA_HOME/hooke/fashion-mnist</c>), else from the folder of Debian's package
/// dataset-fashion-mnist, else from the user's cache, else downloaded into that cache from its authors' repository. Downloads, and
/// what lies in the cache whenever it is used, are checked against SHA-256 of the authors' files (Debian's differ in the gzip header only).
/// </remarks>
public static class FashionMnist
{
    /// <summary>The authors' repository, as it is since 2017.</summary>
    public const string Source = "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/b2617bb6d3ffa2e429640350f613e3291e10b141/data/fashion/";

    /// <summary>Where Debian's package puts the files.</summary>
    public const string SystemFolder = "/usr/share/datasets/fashion-mnist";

    internal const string Description = "Fashion-MNIST: photographs of clothes, 28x28 gray";

    /// <summary>The authors' files, their SHA-256 and their sizes.</summary>
    internal static readonly RemoteFile[] Files =
    [
        new("train-labels-idx1-ubyte.gz", "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845", 29_515),
        new("t10k-labels-idx1-ubyte.gz", "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5", 5_148),
        new("t10k-images-idx3-ubyte.gz", "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073", 4_422_102),
        new("train-images-idx3-ubyte.gz", "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84", 26_421_880),
    ];

    /// <summary>The user's cache: <c>$XDG_CACHE_HOME/hooke/fashion-mnist</c>, or under <c>~/.cache</c>.</summary>
    public static string CacheFolder => Data.Download.CacheFolder(DataCatalog.FashionMnistName);

    /// <summary>Loads the data set, downloading it if necessary.</summary>
    /// <param name="notice">Told about a download, if not null.</param>
    /// <exception cref="InvalidDataSetException">The files are damaged, or missing and cannot be downloaded.</exception>
    public static DataSet Load(Action<string>? notice = null) => Read(Find(notice));

    /// <summary>The first folder that has the files; they are downloaded if none has.</summary>
    internal static string Find(Action<string>? notice)
    {
        string? folder = Data.Download.Folders(DataCatalog.FashionMnistName).FirstOrDefault(IsComplete);
        if (folder is null) Download(folder = CacheFolder, notice);
        return folder;
    }

    internal static DataSet Read(string folder)
    {
        Data.Download.CheckCache(folder, DataCatalog.FashionMnistName, Files);
        return Idx.ReadFolder(folder, DataCatalog.FashionMnistName, Description, 10);
    }

    internal static bool IsComplete(string folder) => Files.All(file => File.Exists(Idx.Locate(folder, Path.GetFileNameWithoutExtension(file.Name))));

    /// <summary>Downloads what a folder lacks.</summary>
    /// <param name="folder">The folder; created if necessary.</param>
    /// <param name="notice">Told about each file.</param>
    /// <param name="source">Where from.</param>
    internal static void Download(string folder, Action<string>? notice, string source = Source)
    {
        try
        {
            foreach (var file in Files)
                if (!File.Exists(Path.Combine(folder, file.Name))) Data.Download.Fetch(source, file, folder, notice);
        }
        catch (InvalidDataSetException cause)
        {
            throw new InvalidDataSetException($"fashion-mnist is not installed, and {cause.Message}", cause);
        }
    }
}
