using System.Formats.Tar;
using System.IO.Compression;
using System.Globalization;

namespace Hooke.Models.Data;

/// <summary>Recognizes what is at a path, and finds sets by name where they are kept.</summary>
internal static class DataLocation
{
    /// <summary>What paths may lead to.</summary>
    public const string Accepted = "a folder of four IDX files in MNIST's format, of CIFAR-10's binary files or of images (a subfolder a class), or a .csv, .svm, .libsvm or .hooke file";

    /// <summary>Opens what is at a path.</summary>
    /// <param name="path">A folder; or a file, for .csv perhaps with <c>:label=first|last|NAME</c> or <c>:target=first|last|NAME</c>, for .svm with <c>:dimension=N</c>.</param>
    /// <returns>A reader, or null if nothing is there.</returns>
    public static ExampleReader? Open(string path)
    {
        string option = "", value = "";
        if (path.LastIndexOf(':') is > 0 and var colon && path.IndexOf('=', colon) is > 0 and var equals && !Path.Exists(path))
            (path, option, value) = (path[..colon], path[(colon + 1)..equals], path[(equals + 1)..]);
        if (Directory.Exists(path) && option.Length == 0) return OpenFolder(path);
        if (!File.Exists(path)) return null;
        string name = Path.GetFileNameWithoutExtension(path);
        switch (Path.GetExtension(path).ToLowerInvariant())
        {
            case ".csv" or ".tsv": return ExampleReader.Of(ReadTable(path, null, name, option, value));
            case ".svm" or ".libsvm" or ".svmlight": return ExampleReader.Of(ReadSparse(path, null, name, option, value));
            case MappedFile.Extension when option.Length == 0: return ExampleReader.Of(MappedFile.Open(path));
        }
        throw new InvalidDataSetException($"{path}: the kind of file is unknown; expected {Accepted}");
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
    public static ExampleReader? FindKept(string name)
    {
        foreach (string folder in Download.Folders(name))
        {
            if (File.Exists(folder + MappedFile.Extension)) return ExampleReader.Of(MappedFile.Open(folder + MappedFile.Extension));
            if (Directory.Exists(folder) && ImageFolder.Is(folder)) return new ImageFolder(folder, name);
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

    private static ExampleReader OpenFolder(string folder)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        if (name.Length == 0) name = folder;
        if (Cifar.Is(folder)) return ExampleReader.Of(Cifar.ReadFolder(folder));
        foreach (string kind in (string[])[".csv", ".tsv", ".svm", ".libsvm", ".svmlight"])
            if (Path.Combine(folder, "train" + kind) is var train && File.Exists(train))
            {
                string test = Path.Combine(folder, "test" + kind);
                return ExampleReader.Of(kind is ".csv" or ".tsv" ? ReadTable(train, test, name, "", "") : ReadSparse(train, test, name, "", ""));
            }
        if (ImageFolder.Is(folder)) return new ImageFolder(folder, name);
        return ExampleReader.Of(Idx.ReadFolder(folder, name, $"IDX files of {folder}"));
    }

    private static DataSet ReadTable(string path, string? test, string name, string option, string value) => option switch
    {
        "" => Csv.Read(path, test, name),
        "label" => Csv.Read(path, test, name, value),
        "target" => Csv.Read(path, test, name, value, true),
        _ => throw new InvalidDataSetException($"{path}: the option is {option}; it must be label or target"),
    };

    private static DataSet ReadSparse(string path, string? test, string name, string option, string value) => option switch
    {
        "" => LibSvm.Read(path, test, name),
        "dimension" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int dimension) && dimension > 0 => LibSvm.Read(path, test, name, dimension),
        _ => throw new InvalidDataSetException($"{path}: the option is {option}={value}; it must be dimension and a number from 1 to {LibSvm.MaximumDimension}"),
    };
}
