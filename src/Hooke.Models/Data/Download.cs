using System.Security.Cryptography;

namespace Hooke.Models.Data;

/// <summary>A file that is downloaded.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Digest">Its SHA-256, or its MD5 where its authors publish no other: that shows damage, not malice.</param>
/// <param name="MostBytes">Most bytes that are fetched for it.</param>
internal sealed record RemoteFile(string Name, string Digest, long MostBytes);

/// <summary>Where data sets are kept, and how they get there.</summary>
internal static class Download
{
    /// <summary>What a cache folder notes of the files that were made there, in the format of sha256sum.</summary>
    public const string Sums = "SHA256SUMS";

    private const int Md5Digits = 32, PatienceMinutes = 30;

    /// <summary>The user's cache of a data set: <c>$XDG_CACHE_HOME/hooke/NAME</c>, or under <c>~/.cache</c>.</summary>
    public static string CacheFolder(string name) => Path.Combine(Folder("XDG_CACHE_HOME", ".cache"), "hooke", name);

    /// <summary>Where a data set may be, in the order of search: the user's data (<c>$XDG_DATA_HOME/hooke/NAME</c>, or under <c>~/.local/share</c>), the system's, the cache.</summary>
    public static string[] Folders(string name)
        => [Path.Combine(Folder("XDG_DATA_HOME", Path.Combine(".local", "share")), "hooke", name), Path.Combine("/usr/share/datasets", name), CacheFolder(name)];

    /// <summary>Downloads a file, compares its checksum and puts it in its place; nobody ever sees half a file.</summary>
    /// <param name="source">Address of its folder, with a slash at its end; by https, unless it is this machine.</param>
    /// <param name="file">What it is.</param>
    /// <param name="folder">Where to; created if necessary.</param>
    /// <param name="notice">Told about it, if not null.</param>
    /// <exception cref="InvalidDataSetException">The download failed, is larger than it may be, or is damaged.</exception>
    public static void Fetch(string source, RemoteFile file, string folder, Action<string>? notice)
    {
        Uri address = new(source + file.Name);
        if (address.Scheme != Uri.UriSchemeHttps && !address.IsLoopback) throw new ArgumentException($"address is {address}; it must be one of https");
        string path = Path.Combine(folder, file.Name);
        using PartFile part = new(path);
        try
        {
            Directory.CreateDirectory(folder);
            notice?.Invoke($"downloading {address} to {folder}");
            // All of the answer is awaited, so that the time limit holds for all of it.
            using SocketsHttpHandler handler = new() { ConnectTimeout = TimeSpan.FromSeconds(20) };
            using HttpClient client = new(handler) { Timeout = TimeSpan.FromMinutes(PatienceMinutes), MaxResponseContentBufferSize = file.MostBytes };
            using HttpRequestMessage request = new(HttpMethod.Get, address);
            using HttpResponseMessage response = client.Send(request);
            response.EnsureSuccessStatusCode();
            using (FileStream to = File.Create(part.Path)) response.Content.ReadAsStream().CopyTo(to);
            Accept(part.Path, path, file.Digest);
        }
        catch (HttpRequestException large) when (large.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new InvalidDataSetException($"{file.Name} cannot be downloaded from {address}: it has more than {file.MostBytes} bytes, the most that are fetched", large);
        }
        catch (Exception cause) when (cause is HttpRequestException or OperationCanceledException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataSetException($"{file.Name} cannot be downloaded from {address}: {cause.Message}", cause);
        }
    }

    /// <summary>Moves a complete file to its place if its checksum is right.</summary>
    internal static void Accept(string temporary, string path, string digest)
    {
        string found = Digest(temporary, digest.Length);
        if (found != digest) throw new InvalidDataSetException($"{Path.GetFileName(path)}: the download has {new FileInfo(temporary).Length} bytes with {Kind(digest)} {found}; expected {digest}");
        File.Move(temporary, path, true);
    }

    /// <summary>Makes sure that what was downloaded is still what it was, where a folder is the cache.</summary>
    /// <param name="folder">Where the set was found; what the user or the system put elsewhere is theirs.</param>
    /// <param name="name">The set.</param>
    /// <param name="files">What was downloaded.</param>
    /// <exception cref="InvalidDataSetException">A file has changed.</exception>
    public static void CheckCache(string folder, string name, IEnumerable<RemoteFile> files)
    {
        if (!IsCache(folder, name)) return;
        foreach (var file in files) Check(Path.Combine(folder, file.Name), file.Digest);
    }

    /// <summary>Notes the checksums of files that were made in a cache folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="names">Their names.</param>
    public static void NoteSums(string folder, params IEnumerable<string> names)
        => File.WriteAllLines(Path.Combine(folder, Sums), names.Select(name => $"{Digest(Path.Combine(folder, name), 2 * SHA256.HashSizeInBytes)}  {name}"));

    /// <summary>Makes sure that the files of a cache folder are still what they were when they were made, if that was noted.</summary>
    /// <param name="folder">Where the set was found.</param>
    /// <param name="name">The set.</param>
    /// <exception cref="InvalidDataSetException">A file has changed.</exception>
    public static void CheckSums(string folder, string name)
    {
        string sums = Path.Combine(folder, Sums);
        if (!IsCache(folder, name) || !File.Exists(sums)) return;
        try
        {
            foreach (string line in File.ReadLines(sums))
            {
                string[] parts = line.Split("  ", 2);
                if (parts.Length != 2 || parts[0].Length != 2 * SHA256.HashSizeInBytes) throw new InvalidDataSetException($"{sums}: a line is {line}; it must be a SHA-256 and a name. {Remedy(folder)}");
                Check(Path.Combine(folder, Path.GetFileName(parts[1])), parts[0]);
            }
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataSetException($"{sums}: it cannot be read: {cause.Message}", cause);
        }
    }

    private static void Check(string path, string digest)
    {
        if (!File.Exists(path)) return; // who reads it says so
        string found;
        try
        {
            found = Digest(path, digest.Length);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataSetException($"{path}: it cannot be read: {cause.Message}", cause);
        }
        if (found != digest) throw new InvalidDataSetException($"{path}: its {Kind(digest)} is {found}; it must be {digest}, as when it came there. {Remedy(path)}");
    }

    private static string Remedy(string path) => $"Delete {path}, and it is made anew";

    private static bool IsCache(string folder, string name) => Path.GetFullPath(folder) == Path.GetFullPath(CacheFolder(name));

    private static string Kind(string digest) => digest.Length == Md5Digits ? "MD5" : "SHA-256";

    private static string Digest(string path, int digits)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(digits == Md5Digits ? MD5.HashData(file) : SHA256.HashData(file));
    }

    private static string Folder(string variable, string underHome)
        => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } folder ? folder : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), underHome);
}
