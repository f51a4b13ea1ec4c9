using System.Text;
using System.Text.RegularExpressions;

namespace Hooke.Models.Data;

/// <summary>Kinds of data that paths lead to.</summary>
public enum SourceKind
{
    /// <summary>A file that is none of the others.</summary>
    Unknown,
    /// <summary>A table of numbers with a column of targets.</summary>
    Table,
    /// <summary>Sparse text as LIBSVM has it.</summary>
    Sparse,
    /// <summary>Hooke's own mapped file.</summary>
    Mapped,
    /// <summary>A folder of images, of IDX files or of CIFAR-10's files.</summary>
    Folder,
}

/// <summary>What a path leads to, by names and, where these say nothing, by a look at the first line.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Path">The file or folder.</param>
/// <param name="TestPath">A file of test examples beside a file of training examples in a folder; else null.</param>
/// <param name="Name">Name of the data set.</param>
/// <param name="Options">What was said of a text file.</param>
public sealed partial record DataSource(SourceKind Kind, string Path, string? TestPath, string Name, TextOptions Options)
{
    private const int Looked = 1 << 16;

    private static readonly string[] TableEndings = [".csv", ".tsv"], SparseEndings = [".svm", ".libsvm", ".svmlight"];

    /// <summary>Finds out what a path leads to.</summary>
    /// <param name="path">A folder or a file, perhaps with options behind it, <c>PATH:name=value:name=value</c>.</param>
    /// <param name="options">What was said elsewhere of text files.</param>
    /// <returns>Null if nothing is there.</returns>
    /// <exception cref="InvalidDataSetException">Options are wrong, or the file cannot be read.</exception>
    public static DataSource? Find(string path, TextOptions? options = null)
    {
        (path, var said) = Divide(path);
        string name = System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path)));
        if (Directory.Exists(path))
        {
            if (!Cifar.Is(path))
                foreach (string ending in TableEndings.Concat(SparseEndings))
                    if (Text(path, "train" + ending) is { } train)
                        return Of(KindOf(ending), train, Text(path, "test" + ending) ?? System.IO.Path.Combine(path, "test" + ending));
            return Of(SourceKind.Folder, path, null);
        }
        if (!File.Exists(path)) return null;
        name = System.IO.Path.GetFileNameWithoutExtension(Compressed.PlainName(path));
        string kind = System.IO.Path.GetExtension(Compressed.PlainName(path)).ToLowerInvariant();
        return Of(KindOf(kind) is var known and not SourceKind.Unknown ? known : Look(path), path, null);

        DataSource Of(SourceKind kind, string file, string? test)
        {
            if (options?.IndexBase is { } first && kind != SourceKind.Sparse)
                throw new InvalidDataSetException($"index-base is {first}; {path} is no sparse text");
            if (options?.TestPath is { } testData)
            {
                if (test is not null || kind is not (SourceKind.Table or SourceKind.Sparse))
                    throw new InvalidDataSetException($"test-data is {testData}; {path} has test examples of its own, "
                        + $"or is neither a table nor sparse text");
                test = testData;
            }
            if (kind is not (SourceKind.Table or SourceKind.Sparse))
                return said.Count == 0 ? new(kind, file, test, name.Length > 0 ? name : file, new())
                    : throw new InvalidDataSetException($"{path}: the option {said[0].Name} is given; "
                        + $"only tables and sparse text have options");
            var own = TextOptions.Parse(path, said, kind == SourceKind.Table);
            return new(kind, file, test, name, own with
            {
                IndexBase = own.IndexBase ?? options?.IndexBase,
                Task = own.Task != TargetTask.Unsaid ? own.Task : options?.Task ?? TargetTask.Unsaid,
            });
        }
    }

    private static SourceKind KindOf(string ending) => TableEndings.Contains(ending) ? SourceKind.Table
        : SparseEndings.Contains(ending) ? SourceKind.Sparse
        : ending == MappedFile.Extension ? SourceKind.Mapped : SourceKind.Unknown;

    // The path ends where a file or folder is and ":name=" follows.
    private static (string Path, List<(string Name, string Value)> Said) Divide(string path)
    {
        if (System.IO.Path.Exists(path)) return (path, []);
        foreach (Match start in Option().Matches(path).Cast<Match>())
        {
            if (start.Index == 0 || !System.IO.Path.Exists(path[..start.Index])) continue;
            string rest = path[start.Index..];
            Match[] options = [.. Option().Matches(rest).Cast<Match>()];
            int[] ends = [.. options.Skip(1).Select(next => next.Index), rest.Length];
            return (path[..start.Index], [.. options.Zip(ends, (option, end) => (option.Groups[1].Value, rest[(option.Index + option.Length)..end]))]);
        }
        return (path, []);
    }

    private static string? Text(string folder, string file)
        => Compressed.Endings.Prepend("").Select(ending => System.IO.Path.Combine(folder, file + ending)).FirstOrDefault(File.Exists);

    // Sparse text and tables come with all kinds of endings, or with none.
    private static SourceKind Look(string path)
    {
        byte[] bytes = new byte[Looked];
        try
        {
            using Stream stream = Compressed.Open(path);
            bytes = bytes[..stream.ReadAtLeast(bytes, bytes.Length, false)];
        }
        catch (InvalidDataException cause)
        {
            throw Compressed.Damaged(path, cause);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataSetException($"{path}: it cannot be read: {cause.Message}", cause);
        }
        if (bytes.Contains((byte)0)) return SourceKind.Unknown;
        string[] lines = [.. Encoding.UTF8.GetString(bytes).Split('\n')
            .Select(line => line.Trim('\r', '\uFEFF')).Where(line => line.Trim().Length > 0 && line[0] != '#')];
        // The last line was cut.
        if (bytes.Length == Looked) lines = lines.Length > 1 ? lines[..^1] : [lines[0][..Math.Max(0, lines[0].LastIndexOf(' '))]];
        if (lines.Length > 0 && lines.Take(10).All(line => SparseRow().IsMatch(line)) && lines.Any(line => line.Contains(':')))
            return SourceKind.Sparse;
        List<string> fields = [];
        int width = 0;
        foreach (string line in lines.Take(10))
        {
            FieldText.Divide(path, 1, line, FieldText.FindDivider(lines[0]), fields);
            if (fields.Count < 2 || width > 0 && fields.Count != width || width > 0 && !fields.Any(field => Table.IsNumber(field, out _)))
                return SourceKind.Unknown;
            width = fields.Count;
        }
        return width > 0 && lines.Length > 1 ? SourceKind.Table : SourceKind.Unknown;
    }

    [GeneratedRegex(":([a-z-]+)=", RegexOptions.CultureInvariant)]
    private static partial Regex Option();

    [GeneratedRegex(@"^\s*[-+.0-9eE]+(\s+(qid:\S+|[0-9]+:[-+.0-9eE]+))*\s*(#.*)?$", RegexOptions.CultureInvariant)]
    private static partial Regex SparseRow();
}
