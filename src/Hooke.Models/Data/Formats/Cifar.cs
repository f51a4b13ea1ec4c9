namespace Hooke.Models.Data;

/// <summary>
/// Reads the binary version of CIFAR-10: data_batch_1.bin to data_batch_5.bin and test_batch.bin, records of a label and 32×32
/// samples of red, of green and of blue. [Krizhevsky, "Learning multiple layers of features from tiny images", 2009]
/// </summary>
public static class Cifar
{
    /// <summary>Name of the data set in <see cref="DataCatalog"/>.</summary>
    public const string Name = "cifar-10";

    internal const string Description = "CIFAR-10: photographs of animals and vehicles, 32x32 color";

    internal const string Address = "https://www.cs.toronto.edu/~kriz/";

    /// <summary>The archive, with its MD5 as its author publishes it.</summary>
    internal static readonly RemoteFile Archive = new("cifar-10-binary.tar.gz", "c32a1d4ab5d03f1284b67883e8d87530", 256 << 20);

    private const int Side = 32, Pixels = Side * Side, Record = 1 + 3 * Pixels;

    internal static readonly string[] Files = [.. Enumerable.Range(1, 5).Select(k => $"data_batch_{k}.bin"), "test_batch.bin"];

    /// <summary>Reads a folder with the six files.</summary>
    /// <param name="folder">The folder, or one that has the folder of the archive, cifar-10-batches-bin.</param>
    /// <exception cref="InvalidDataSetException">A file is missing or damaged.</exception>
    public static DataSet ReadFolder(string folder)
    {
        if (Inside(folder) is { } inside) folder = inside;
        Records[] batches = [.. Files.Select(file => ReadFile(Path.Combine(folder, file)))];
        var (pixels, labels) = batches[5];
        return new(Name, Description, new(Side, Side, 3), 10, [.. batches[..5].SelectMany(b => b.Pixels)], [.. batches[..5].SelectMany(b => b.Labels)], pixels, labels);
    }

    /// <summary>Reads the folder where the set was found by its name.</summary>
    internal static DataSet Read(string folder)
    {
        Download.CheckSums(folder, Name);
        return ReadFolder(folder);
    }

    /// <summary>Whether a folder has one of the files.</summary>
    internal static bool Is(string folder) => Inside(folder) is not null || Files.Any(file => File.Exists(Path.Combine(folder, file)));

    /// <summary>Whether a folder has all files.</summary>
    internal static bool IsComplete(string folder) => Files.All(file => File.Exists(Path.Combine(Inside(folder) ?? folder, file)));

    private static string? Inside(string folder) => Path.Combine(folder, "cifar-10-batches-bin") is var inside && Directory.Exists(inside) ? inside : null;

    private static Records ReadFile(string path)
    {
        if (!File.Exists(path)) throw new InvalidDataSetException($"{path}: there is no such file; expected {string.Join(", ", Files)}");
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataSetException($"{path}: it cannot be read: {cause.Message}", cause);
        }
        if (bytes.Length == 0 || bytes.Length % Record != 0) throw new InvalidDataSetException($"{path}: the file has {bytes.Length} bytes; expected a multiple of {Record}, a label and 3 x {Side} x {Side} samples each");
        byte[] pixels = new byte[bytes.Length / Record * 3 * Pixels], labels = new byte[bytes.Length / Record];
        for (int r = 0; r < labels.Length; r++)
        {
            var record = bytes.AsSpan(r * Record, Record);
            labels[r] = record[0] < 10 ? record[0] : throw new InvalidDataSetException($"{path}: label {r}, at byte {(long)r * Record}, is {record[0]}; it must be below 10");
            var to = pixels.AsSpan(r * 3 * Pixels, 3 * Pixels);
            for (int k = 0; k < Pixels; k++)
                for (int c = 0; c < 3; c++) to[3 * k + c] = record[1 + c * Pixels + k];
        }
        return new(pixels, labels);
    }

    private readonly record struct Records(byte[] Pixels, byte[] Labels);
}
