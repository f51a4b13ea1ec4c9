using System.Text;

namespace Hooke.Models.Data;

/// <summary>The lines of a text file, which may be compressed.</summary>
internal static class Lines
{
    /// <summary>Longest line that is read, in characters.</summary>
    public const int Longest = 1 << 24;

    /// <summary>The lines of a file, counted from 1; they end with LF, CR LF or CR.</summary>
    /// <exception cref="InvalidDataSetException">The file is missing, damaged, or cannot be read, or a line has no end.</exception>
    public static IEnumerable<(int Number, string Text)> Of(string path)
    {
        using StreamReader reader = new(Compressed.Open(path));
        char[] text = new char[1 << 14];
        StringBuilder line = new();
        int number = 1;
        for (bool afterReturn = false; Read(path, reader, text) is > 0 and var count;)
            for (int at = 0; at < count;)
            {
                if (afterReturn && text[at] == '\n') at++;
                afterReturn = false;
                int end = text.AsSpan(at, count - at).IndexOfAny('\r', '\n');
                line.Append(text, at, end < 0 ? count - at : end);
                if (line.Length > Longest)
                    throw new InvalidDataSetException($"{path}, line {number}: it has more than {Longest} characters; this is no table");
                if (end < 0) break;
                yield return (number++, line.ToString());
                line.Clear();
                afterReturn = text[at + end] == '\r';
                at += end + 1;
            }
        if (line.Length > 0) yield return (number, line.ToString());
    }

    private static int Read(string path, StreamReader reader, char[] text)
    {
        try
        {
            return reader.Read(text);
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
}
