using System.Text;

namespace Hooke.App.Training;

/// <summary>Text files that somebody names: read whole, but not without end, whatever the name leads to.</summary>
internal static class TextFile
{
    /// <summary>Longest file that people write by hand.</summary>
    private const int Longest = 16 << 20;

    /// <summary>Reads a file, or what a device or a pipe gives.</summary>
    /// <param name="path">Where.</param>
    /// <param name="longest">Most bytes.</param>
    /// <exception cref="IOException">It can't be read, or is longer.</exception>
    public static string Read(string path, int longest = Longest)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        using var bytes = new MemoryStream();
        byte[] room = new byte[1 << 16];
        for (int count; (count = file.Read(room)) > 0;)
        {
            bytes.Write(room, 0, count);
            if (bytes.Length > longest) throw new IOException($"{path} has more than {longest} bytes, the most that are read of it");
        }
        bytes.Position = 0;
        using var text = new StreamReader(bytes, Encoding.UTF8);
        return text.ReadToEnd();
    }
}
