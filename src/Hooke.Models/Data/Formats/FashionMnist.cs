using System.Security.Cryptography;

namespace Hooke.Models.Data;

/// <summary>
/// Fashion-MNIST: 60,000 + 10,000 images of clothes, 28×28 gray, ten classes, under the MIT license. [Xiao, Rasul, Vollgraf,
/// "Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms", arXiv:1708.07747]
/// </summary>
/// <remarks>
/// It is taken from the user's data (<c>$XDG_DATA_HOME/hooke/fashion-mnist</c>), else from the folder of Debian's package
/// dataset-fashion-mnist, else from the user's cache, else downloaded into that cache from its authors' address. Downloads are checked against SHA-256 of the authors' files; these are the
/// ones whose MD5 the authors publish (Debian's differ in the gzip header only).
/// </remarks>
public static class FashionMnist
{
    /// <summary>The authors' address.</summary>
    public const string Source = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/";

    /// <summary>Where Debian's package puts the files.</summary>
    public const string SystemFolder = "/usr/share/datasets/fashion-mnist";

    internal const string Description = "Fashion-MNIST: photographs of clothes, 28x28 gray";

    /// <summary>The authors' files and their SHA-256.</summary>
    internal static readonly (string Name, string Sha256)[] Files =
    [
        ("train-labels-idx1-ubyte.gz", "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
        ("t10k-labels-idx1-ubyte.gz", "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
        ("t10k-images-idx3-ubyte.gz", "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
        ("train-images-idx3-ubyte.gz", "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
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

    internal static DataSet Read(string folder) => Idx.ReadFolder(folder, DataCatalog.FashionMnistName, Description, 10);

    internal static bool IsComplete(string folder) => Files.All(file => File.Exists(Idx.Locate(folder, Path.GetFileNameWithoutExtension(file.Name))));

    /// <summary>Downloads what a folder lacks.</summary>
    /// <param name="folder">The folder; created if necessary.</param>
    /// <param name="notice">Told about each file.</param>
    /// <param name="source">Where from.</param>
    internal static void Download(string folder, Action<string>? notice, string source = Source)
    {
        try
        {
            Directory.CreateDirectory(folder);
            using SocketsHttpHandler handler = new() { ConnectTimeout = TimeSpan.FromSeconds(20) };
            using HttpClient client = new(handler) { Timeout = TimeSpan.FromMinutes(5) };
            foreach (var (name, sha256) in Files)
            {
                string path = Path.Combine(folder, name);
                if (File.Exists(path)) continue;
                notice?.Invoke($"downloading {source}{name} to {folder}");
                using HttpRequestMessage request = new(HttpMethod.Get, source + name);
                using HttpResponseMessage response = client.Send(request);
                response.EnsureSuccessStatusCode();
                using MemoryStream content = new();
                response.Content.ReadAsStream().CopyTo(content);
                Store(path, content.ToArray(), sha256);
            }
        }
        catch (Exception cause) when (cause is HttpRequestException or OperationCanceledException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataSetException($"fashion-mnist is not installed and cannot be downloaded from {source}: {cause.Message}", cause);
        }
    }

    /// <summary>Checks a downloaded file and puts it in its place; nobody ever sees half a file.</summary>
    internal static void Store(string path, byte[] content, string sha256)
    {
        string found = Convert.ToHexStringLower(SHA256.HashData(content));
        if (found != sha256) throw new InvalidDataSetException($"{Path.GetFileName(path)}: the download has {content.Length} bytes with SHA-256 {found}; expected {sha256}");
        string temporary = $"{path}.{Environment.ProcessId}.part";
        try
        {
            File.WriteAllBytes(temporary, content);
            File.Move(temporary, path, true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
