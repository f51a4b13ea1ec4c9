using System.Security.Cryptography;

namespace Hooke.Models.Data;

/// <summary>Where data sets are kept, and how they get there.</summary>
internal static class Download
{
    /// <summary>The user's cache of a data set: <c>$XDG_CACHE_HOME/hooke/NAME</c>, or under <c>~/.cache</c>.</summary>
    public static string CacheFolder(string name) => Path.Combine(Folder("XDG_CACHE_HOME", ".cache"), "hooke", name);

    /// <summary>Where a data set may be, in the order of search: the user's data (<c>$XDG_DATA_HOME/hooke/NAME</c>, or under <c>~/.local/share</c>), the system's, the cache.</summary>
    public static string[] Folders(string name)
        => [Path.Combine(Folder("XDG_DATA_HOME", Path.Combine(".local", "share")), "hooke", name), Path.Combine("/usr/share/datasets", name), CacheFolder(name)];

    /// <summary>Downloads a file, compares its checksum and puts it in its place; nobody ever sees half a file.</summary>
    /// <param name="address">Where from.</param>
    /// <param name="path">Where to; its folder is created if necessary.</param>
    /// <param name="md5">MD5 that its authors publish: it shows damage, not malice.</param>
    /// <param name="notice">Told about it, if not null.</param>
    /// <exception cref="InvalidDataSetException">The download failed or is damaged.</exception>
    public static void Fetch(string address, string path, string md5, Action<string>? notice)
    {
        string temporary = $"{path}.{Environment.ProcessId}.part";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            notice?.Invoke($"downloading {address} to {path}");
            using SocketsHttpHandler handler = new() { ConnectTimeout = TimeSpan.FromSeconds(20) };
            using HttpClient client = new(handler) { Timeout = TimeSpan.FromMinutes(30) };
            using HttpRequestMessage request = new(HttpMethod.Get, address);
            using HttpResponseMessage response = client.Send(request, HttpCompletionOption.ResponseHeadersRead);
            response.EnsureSuccessStatusCode();
            using (FileStream file = File.Create(temporary)) response.Content.ReadAsStream().CopyTo(file);
            Accept(temporary, path, md5);
        }
        catch (Exception cause) when (cause is HttpRequestException or OperationCanceledException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataSetException($"{Path.GetFileName(path)} cannot be downloaded from {address}: {cause.Message}", cause);
        }
        finally
        {
            if (File.Exists(temporary)) File.Delete(temporary);
        }
    }

    /// <summary>Moves a complete file to its place if its checksum is right.</summary>
    internal static void Accept(string temporary, string path, string md5)
    {
        string found;
        using (FileStream file = File.OpenRead(temporary)) found = Convert.ToHexStringLower(MD5.HashData(file));
        if (found != md5) throw new InvalidDataSetException($"{Path.GetFileName(path)}: the download has {new FileInfo(temporary).Length} bytes with MD5 {found}; expected {md5}");
        File.Move(temporary, path, true);
    }

    private static string Folder(string variable, string underHome)
        => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } folder ? folder : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), underHome);
}
