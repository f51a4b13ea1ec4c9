using System.Buffers.Binary;

namespace Hooke.Models.Data;

/// <summary>
/// Reads IDX files, plain or gzipped: two zero bytes, the element type (8: unsigned byte), the number of dimensions, each
/// dimension as a big-endian 32-bit integer, then the elements. [LeCun, Cortes, Burges, "The MNIST database"]
/// </summary>
public static class Idx
{
    /// <summary>Greatest number of elements that is read, 1 GiB of bytes.</summary>
    public const int MaximumElements = 1 << 30;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file; gzip is recognized by its content.</param>
    /// <param name="dimensions">Number of dimensions that it must have: 3 for images, 1 for labels.</param>
    /// <returns>The sizes and the elements.</returns>
    /// <exception cref="InvalidDataSetException">The file is missing, truncated, corrupt, or of another kind.</exception>
    public static (int[] Sizes, byte[] Elements) Read(string path, int dimensions)
    {
        try
        {
            using Stream file = Compressed.Open(path);
            return Read(path, file, dimensions);
        }
        catch (InvalidDataException cause)
        {
            throw Compressed.Damaged(path, cause);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataSetException($"{path}: it cannot be read: {cause.Message}", cause);
        }
    }

    private static (int[] Sizes, byte[] Elements) Read(string path, Stream stream, int dimensions)
    {
        Span<byte> header = stackalloc byte[4 + 4 * dimensions];
        int got = stream.ReadAtLeast(header, 4, false);
        if (got < 4) throw new InvalidDataSetException($"{path}: the file has {got} bytes; an IDX header has {header.Length}");
        uint magic = BinaryPrimitives.ReadUInt32BigEndian(header), expected = 0x800u | (uint)dimensions;
        if (magic != expected) throw new InvalidDataSetException($"{path}: the magic number is 0x{magic:X8}; expected 0x{expected:X8} (unsigned bytes in {dimensions} dimension{(dimensions > 1 ? "s" : "")})");
        got += stream.ReadAtLeast(header[got..], header.Length - got, false);
        if (got < header.Length) throw new InvalidDataSetException($"{path}: the file has {got} bytes; an IDX header has {header.Length}");
        int[] sizes = new int[dimensions];
        long elements = 1;
        for (int k = 0; k < dimensions; k++)
        {
            uint size = BinaryPrimitives.ReadUInt32BigEndian(header[(4 + 4 * k)..]);
            if (size == 0 || size > MaximumElements || elements * size > MaximumElements)
                throw new InvalidDataSetException($"{path}: dimension {k} is {size}; it must be at least 1, and all elements together at most {MaximumElements}");
            sizes[k] = (int)size;
            elements *= size;
        }
        string shape = string.Join(" x ", sizes);
        // A header that promises more than a plain file holds is refused before memory is taken for it.
        if (stream is FileStream file && file.Length - header.Length < elements) throw Truncated(path, shape, elements, file.Length - header.Length);
        byte[] values = Elements(stream, (int)elements, out int read);
        if (read < elements) throw Truncated(path, shape, elements, read);
        if (stream.ReadByte() >= 0) throw new InvalidDataSetException($"{path}: there are bytes after the {elements} elements that the header ({shape}) announces; expected the end of the file");
        return (sizes, values);
    }

    // What a compressed file holds shows only as it is read: memory grows with what has come, not with what is promised.
    private static byte[] Elements(Stream stream, int count, out int read)
    {
        const int First = 1 << 20;
        byte[] values = new byte[stream is FileStream ? count : Math.Min(count, First)];
        for (read = 0; ;)
        {
            int got = stream.Read(values.AsSpan(read));
            read += got;
            if (got == 0 || read == count) return values;
            if (read == values.Length) Array.Resize(ref values, (int)Math.Min(count, 2L * values.Length));
        }
    }

    private static InvalidDataSetException Truncated(string path, string shape, long expected, long found)
        => new($"{path}: the file is truncated: it has {found} of the {expected} elements that its header ({shape}) announces");

    /// <summary>Reads the four files of a data set in MNIST's format, gzipped or not.</summary>
    /// <param name="folder">Where train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte are, plain or with .gz.</param>
    /// <param name="name">Name of the data set.</param>
    /// <param name="description">One line: what it is.</param>
    /// <param name="classes">Number of classes; 0 for one more than the greatest label.</param>
    /// <exception cref="InvalidDataSetException">A file is missing, truncated, corrupt, or does not fit the others.</exception>
    public static DataSet ReadFolder(string folder, string name, string description, int classes = 0)
    {
        var (trainPath, trainSizes, trainPixels) = Images(folder, "train");
        byte[] trainLabels = Labels(folder, "train", trainSizes[0]);
        var (testPath, testSizes, testPixels) = Images(folder, "t10k");
        byte[] testLabels = Labels(folder, "t10k", testSizes[0]);
        if (testSizes[1] != trainSizes[1] || testSizes[2] != trainSizes[2])
            throw new InvalidDataSetException($"{testPath}: images are {testSizes[1]}x{testSizes[2]}; expected {trainSizes[1]}x{trainSizes[2]} as in {trainPath}");
        if (classes == 0) classes = trainLabels.Max() + 1;
        CheckLabels(folder, "train", trainLabels, classes);
        CheckLabels(folder, "t10k", testLabels, classes);
        return new(name, description, new(trainSizes[1], trainSizes[2], 1), classes, trainPixels, trainLabels, testPixels, testLabels);
    }

    /// <summary>Path of a file of a data set, with .gz if only that exists.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The file's name without .gz.</param>
    internal static string Locate(string folder, string name)
    {
        string plain = Path.Combine(folder, name), zipped = plain + ".gz";
        return !File.Exists(plain) && File.Exists(zipped) ? zipped : plain;
    }

    private static (string Path, int[] Sizes, byte[] Pixels) Images(string folder, string set)
    {
        string path = Locate(folder, set + "-images-idx3-ubyte");
        if (!File.Exists(path)) throw new InvalidDataSetException($"{path}: there is no such file, nor {Path.GetFileName(path)}.gz; expected four IDX files in MNIST's format");
        var (sizes, pixels) = Read(path, 3);
        return (path, sizes, pixels);
    }

    private static byte[] Labels(string folder, string set, int expected)
    {
        string path = Locate(folder, set + "-labels-idx1-ubyte");
        if (!File.Exists(path)) throw new InvalidDataSetException($"{path}: there is no such file, nor {Path.GetFileName(path)}.gz; expected four IDX files in MNIST's format");
        var (_, labels) = Read(path, 1);
        if (labels.Length != expected) throw new InvalidDataSetException($"{path}: there are {labels.Length} labels; expected {expected}, one for each image");
        return labels;
    }

    private static void CheckLabels(string folder, string set, byte[] labels, int classes)
    {
        int bad = Array.FindIndex(labels, label => label >= classes);
        if (bad >= 0) throw new InvalidDataSetException($"{Locate(folder, set + "-labels-idx1-ubyte")}: label {bad} is {labels[bad]}; it must be below the number of classes, {classes}");
    }
}
