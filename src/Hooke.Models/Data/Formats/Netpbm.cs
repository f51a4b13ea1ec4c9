namespace Hooke.Models.Data;

/// <summary>Reads binary PGM (P5, gray) and PPM (P6, color) images of 8 bits a channel: magic, width, height and greatest value as text, one white space, then the samples.</summary>
internal static class Netpbm
{
    /// <summary>Bytes within which the text of a header must end.</summary>
    public const int HeaderSize = 4096;

    /// <summary>Whether a file is such an image.</summary>
    public static bool Is(ReadOnlySpan<byte> file) => file.Length > 2 && file[0] == 'P' && file[1] is (byte)'5' or (byte)'6' && IsSpace(file[2]);

    /// <summary>Size of an image, with 1 or 3 channels.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="file">Its first bytes.</param>
    /// <param name="start">Receives where the samples start.</param>
    public static Shape Size(string path, ReadOnlySpan<byte> file, out int start)
    {
        start = 2;
        int width = Number(path, file, "width", ref start), height = Number(path, file, "height", ref start), greatest = Number(path, file, "greatest value", ref start);
        start++;
        if (greatest != 255) throw new InvalidDataSetException($"{path}: the greatest value is {greatest}; it must be 255");
        Shape shape = new(height, width, file[1] == '5' ? 1 : 3);
        if (!shape.IsValid) throw new InvalidDataSetException($"{path}: the size is {height}x{width}; each must be at least 1, and all samples together at most {Shape.MaximumCount}");
        return shape;
    }

    /// <summary>Reads an image.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="file">Its bytes.</param>
    /// <returns>Its size and samples, [row][column][channel].</returns>
    public static (Shape Shape, byte[] Samples) Read(string path, ReadOnlySpan<byte> file)
    {
        Shape shape = Size(path, file, out int start);
        int found = Math.Max(0, file.Length - start);
        if (found < shape.Count) throw new InvalidDataSetException($"{path}: the file is truncated: it has {found} of the {shape.Count} samples that its header ({shape}) announces");
        return (shape, file.Slice(start, shape.Count).ToArray());
    }

    private static int Number(string path, ReadOnlySpan<byte> file, string name, ref int at)
    {
        // White space and comments, which end with the line.
        while (at < file.Length && (IsSpace(file[at]) || file[at] == '#'))
            if (file[at] == '#') while (at < file.Length && file[at] != '\n') at++;
            else at++;
        int first = at, value = 0;
        for (; at < file.Length && file[at] is >= (byte)'0' and <= (byte)'9' && at - first < 9; at++) value = 10 * value + file[at] - '0';
        if (at == first || at >= file.Length || !IsSpace(file[at])) throw new InvalidDataSetException($"{path}: the header has no {name} at byte {first}; expected a whole number");
        return value;
    }

    private static bool IsSpace(byte b) => b is 32 or >= 9 and <= 13;
}
