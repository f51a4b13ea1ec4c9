using System.Formats.Tar;
using System.IO.Compression;

namespace Hooke.Models.Data;

/// <summary>Recognizes what is at a path, and finds sets by name where they are kept.</summary>
internal static class DataLocation
{
    /// <summary>What paths may lead to.</summary>
    public const string Accepted = "a folder of four IDX files in MNIST's format, of CIFAR-10's binary files or of images (a subfolder a class), or a .csv, .svm, .libsvm or .hooke file";

    /// <summary>Opens what is at a path.</summary>
    /// <param name="path">A folder or a file, perhaps with options behind it (<see cref="TextOptions.Accepted"/>).</param>
    /// <param name="options">What was said elsewhere of text files.</param>
    /// <param name="notice">Told what may surprise, if not null.</param>
    /// <returns>A reader, or null if nothing is there.</returns>
    public static ExampleReader? Open(string path, TextOptions? options = null, Action<string>? notice = null)
    {
        if (DataSource.Find(path, options) is not { } source) return null;
        return source.Kind switch
        {
            SourceKind.Table => ExampleReader.Of(Csv.Read(source.Path, source.TestPath, source.Name, source.Options, notice)),
            SourceKind.Sparse => ExampleReader.Of(LibSvm.Read(source.Path, source.TestPath, source.Name, source.Options, notice)),
            SourceKind.Mapped => ExampleReader.Of(MappedFile.Open(source.Path, notice: notice)),
            SourceKind.Folder => OpenFolder(source.Path, source.Name, notice),
            _ => throw new InvalidDataSetException($"{source.Path}: the kind of file is unknown; expected {Accepted}"),
        };
    }

    /// <summary>Finds CIFAR-10, or downloads it.</summary>
    public static string FindCifar(Action<string>? notice)
    {
        string[] folders = Download.Folders(Cifar.Name);
        if (folders.FirstOrDefault(Cifar.IsComplete) is { } found) return found;
        string cache = folders[^1], archive = Path.Combine(cache, Cifar.Archive.Name);
        try
        {
            if (!File.Exists(archive)) Download.Fetch(Cifar.Address, Cifar.Archive, cache, notice);
            Unpack(archive, cache);
            Download.NoteSums(cache, Cifar.Files);
            File.Delete(archive);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataSetException($"cifar-10 is in none of {string.Join(", ", folders)}, and {cache} cannot be written: {cause.Message}", cause);
        }
        catch (InvalidDataSetException cause)
        {
            throw new InvalidDataSetException($"cifar-10 is in none of {string.Join(", ", folders)}, and {cause.Message}", cause);
        }
        return cache;
    }

    /// <summary>Finds MNIST, or downloads it.</summary>
    public static string FindMnist(Action<string>? notice)
    {
        string[] folders = Download.Folders(Mnist.Name);
        if (folders.FirstOrDefault(Mnist.IsComplete) is { } found) return found;
        try
        {
            foreach (var file in Mnist.Files)
                if (!File.Exists(Path.Combine(folders[^1], file.Name))) Download.Fetch(Mnist.Address, file, folders[^1], notice);
        }
        catch (InvalidDataSetException cause)
        {
            throw new InvalidDataSetException($"mnist is in none of {string.Join(", ", folders)}, and {cause.Message}", cause);
        }
        return folders[^1];
    }

    /// <summary>Opens a set that only the user can have, from the folder or the mapped file where it is kept.</summary>
    public static ExampleReader? FindKept(string name, Action<string>? notice)
    {
        foreach (string folder in Download.Folders(name))
        {
            if (File.Exists(folder + MappedFile.Extension)) return ExampleReader.Of(MappedFile.Open(folder + MappedFile.Extension, notice: notice));
            if (Directory.Exists(folder) && ImageFolder.Is(folder)) return new ImageFolder(folder, name, notice);
        }
        return null;
    }

    /// <summary>Takes the six files out of CIFAR-10's archive.</summary>
    internal static void Unpack(string archive, string folder)
    {
        try
        {
            using GZipStream plain = new(File.OpenRead(archive), CompressionMode.Decompress);
            using TarReader entries = new(plain);
            while (entries.GetNextEntry() is { } entry)
                if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile && Cifar.Files.Contains(Path.GetFileName(entry.Name)))
                    entry.ExtractToFile(Path.Combine(folder, Path.GetFileName(entry.Name)), true);
        }
        catch (Exception cause) when (cause is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new InvalidDataSetException($"{archive}: it cannot be unpacked: {cause.Message}", cause);
        }
    }

    private static ExampleReader OpenFolder(string folder, string name, Action<string>? notice)
    {
        if (Cifar.Is(folder)) return ExampleReader.Of(Cifar.ReadFolder(folder));
        if (ImageFolder.Is(folder)) return new ImageFolder(folder, name, notice);
        return ExampleReader.Of(Idx.ReadFolder(folder, name, $"IDX files of {folder}"));
    }
}
