namespace Hooke.Models.Data;

/// <summary>What is in folders, without what systems and archives leave there.</summary>
internal static class Folders
{
    /// <summary>Deepest subfolder that is looked into.</summary>
    private const int Deepest = 16;

    private static readonly string[] Litter = 
        ["__MACOSX", "Thumbs.db", "desktop.ini", "$RECYCLE.BIN", "System Volume Information", "@eaDir"];

    /// <summary>The subfolders that are not hidden.</summary>
    /// <exception cref="InvalidDataSetException">The folder cannot be read.</exception>
    public static string[] Subfolders(string folder) => List(folder, Directory.GetDirectories);

    /// <summary>The files that are not hidden.</summary>
    /// <exception cref="InvalidDataSetException">The folder cannot be read.</exception>
    public static string[] Files(string folder) => List(folder, Directory.GetFiles);

    /// <summary>The files of a folder and of all below it; links to folders are followed as far as no circle arises.</summary>
    public static IEnumerable<string> Below(string folder) => Below(folder, 0);

    private static IEnumerable<string> Below(string folder, int depth)
    {
        foreach (string file in Files(folder)) yield return file;
        if (depth == Deepest) yield break;
        foreach (string sub in Subfolders(folder))
            if (depth == 0 || new DirectoryInfo(sub).LinkTarget is null)
                foreach (string file in Below(sub, depth + 1)) yield return file;
    }

    private static bool IsLitter(string name) => name[0] == '.' || Litter.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static string[] List(string folder, Func<string, string[]> get)
    {
        try
        {
            return [.. get(folder).Where(path => !IsLitter(Path.GetFileName(path)))];
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataSetException($"{folder}: it cannot be read: {cause.Message}", cause);
        }
    }
}

/// <summary>Files that are left out, counted by their endings.</summary>
/// <param name="folder">Where they are, for messages.</param>
internal sealed class LeftOut(string folder)
{
    private readonly SortedDictionary<string, int> endings = new(StringComparer.Ordinal);
    private string? first;

    /// <summary>How many there are.</summary>
    public int Count => endings.Values.Sum();

    /// <summary>Notes a file.</summary>
    public void Add(string path)
    {
        string ending = Path.GetExtension(path).ToLowerInvariant();
        if (ending.Length == 0) ending = "files without an ending";
        endings[ending] = endings.GetValueOrDefault(ending) + 1;
        first ??= path;
    }

    /// <summary>Notes those of another folder.</summary>
    public void Add(LeftOut other)
    {
        foreach (var (ending, count) in other.endings) endings[ending] = endings.GetValueOrDefault(ending) + count;
        first ??= other.first;
    }

    /// <summary>Notes the files of a folder, but not what is below it.</summary>
    public void Files(string where)
    {
        foreach (string path in Folders.Files(where)) Add(path);
    }

    /// <summary>Notes all files of a folder and below it.</summary>
    public void All(string where)
    {
        foreach (string path in Folders.Below(where)) Add(path);
    }

    /// <summary>Says how many there are, of which kinds, and names one.</summary>
    public void Say(Action<string>? notice)
    {
        if (Count > 0) notice?.Invoke($"{folder}: {this}; read are PNG, PPM and PGM images in a subfolder for each class");
    }

    /// <summary>"3 files are left out (2 .jpg, 1 .txt), for example cat/7.jpg".</summary>
    public override string ToString()
        => $"{Count} {(Count == 1 ? "file is" : "files are")} left out "
            + $"({string.Join(", ", endings.Select(pair => $"{pair.Value} {pair.Key}"))}), for "
            + $"example {Path.GetRelativePath(folder, first!)}";
}
