using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Hooke.Models.Data;

/// <summary>
/// A set of short texts in many classes: the descriptions of Debian's packages, each in the section that its package is in. A
/// feature is a word of at least three descriptions; its value is (1 + log n)·log(N/N_word), and rows have length 1.
/// </summary>
public sealed class DebianText
{
    /// <summary>Name of the data set.</summary>
    public const string Name = "debian-text";

    private const int FewestTexts = 3;
    private readonly SortedDictionary<string, string> sections = new(StringComparer.Ordinal); // by the description's MD5
    private readonly Dictionary<string, string> texts = [];

    /// <summary>Where the set is kept.</summary>
    public static string Folder => Download.CacheFolder(Name);

    /// <summary>The set's file.</summary>
    public static string File => Path.Combine(Folder, Name + ".svm");

    /// <summary>Descriptions, classes, words and words per description of what has been written.</summary>
    public sealed record Summary(int Descriptions, int Sections, int Words, double WordsPerDescription, string Sha256);

    /// <summary>Reads an index of packages or of translated descriptions: paragraphs of "Field: value" lines, which go on in lines that start with a space.</summary>
    /// <param name="index">The index.</param>
    public void Read(TextReader index)
    {
        string? hash = null, section = null;
        StringBuilder text = new();
        bool isText = false;
        void End()
        {
            if (hash is not null && section is not null) sections.TryAdd(hash, section);
            if (hash is not null && text.Length > 0) texts.TryAdd(hash, text.ToString());
            (hash, section) = (null, null);
            text.Clear();
        }
        while (index.ReadLine() is { } line)
        {
            if (line.Length == 0) End();
            else if (line[0] == ' ')
            {
                if (isText) text.Append(line);
            }
            else
            {
                isText = line.StartsWith("Description-en:", StringComparison.Ordinal);
                if (isText) text.Append(line.AsSpan("Description-en:".Length));
                else if (line.StartsWith("Description-md5:", StringComparison.Ordinal)) hash = line["Description-md5:".Length..].Trim();
                // "contrib/net" is net.
                else if (line.StartsWith("Section:", StringComparison.Ordinal)) section = line["Section:".Length..].Trim().Split('/')[^1];
            }
        }
        End();
    }

    /// <summary>Writes what was read as sparse text, with its classes and words beside it.</summary>
    /// <exception cref="InvalidDataSetException">There are no descriptions with a section, or they cannot be written.</exception>
    public Summary Write()
    {
        var documents = sections.Where(pair => texts.ContainsKey(pair.Key)).Select(pair => (Section: pair.Value, Counts: Count(texts[pair.Key]))).ToArray();
        if (documents.Length == 0) throw new InvalidDataSetException($"{Name}: no description has a section; expected Packages and Translation-en indices");
        SortedDictionary<string, int> frequencies = new(StringComparer.Ordinal);
        foreach (var (_, counts) in documents)
            foreach (string word in counts.Keys) frequencies[word] = frequencies.GetValueOrDefault(word) + 1;
        string[] words = [.. frequencies.Where(pair => pair.Value >= FewestTexts).Select(pair => pair.Key)], classes = [.. documents.Select(document => document.Section).Distinct().Order(StringComparer.Ordinal)];
        var numbers = words.Select((word, k) => (word, k)).ToDictionary(pair => pair.word, pair => pair.k + 1);
        long total = 0;
        try
        {
            Directory.CreateDirectory(Folder);
            using PartFile part = new(File);
            using (StreamWriter file = new(part.Path))
                foreach (var (section, counts) in documents)
                {
                    var row = counts.Where(pair => numbers.ContainsKey(pair.Key))
                        .Select(pair => (Index: numbers[pair.Key], Value: (1 + Math.Log(pair.Value)) * Math.Log((double)documents.Length / frequencies[pair.Key]))).OrderBy(number => number.Index).ToArray();
                    double norm = Math.Sqrt(row.Sum(number => number.Value * number.Value));
                    total += row.Length;
                    file.Write(Array.BinarySearch(classes, section, StringComparer.Ordinal).ToString(CultureInfo.InvariantCulture));
                    foreach (var (number, value) in row) file.Write(string.Create(CultureInfo.InvariantCulture, $" {number}:{value / norm:g6}"));
                    file.Write('\n');
                }
            part.Keep();
            System.IO.File.WriteAllLines(Path.Combine(Folder, "sections.txt"), classes);
            System.IO.File.WriteAllLines(Path.Combine(Folder, "words.txt"), words);
            Download.NoteSums(Folder, Name + ".svm");
            using var written = System.IO.File.OpenRead(File);
            return new(documents.Length, classes.Length, words.Length, (double)total / documents.Length, Convert.ToHexStringLower(SHA256.HashData(written)));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataSetException($"{File}: it cannot be written: {cause.Message}", cause);
        }
    }

    // Words are letters and digits, at least two, not all digits.
    private static Dictionary<string, int> Count(string text)
    {
        Dictionary<string, int> counts = [];
        string lower = text.ToLowerInvariant();
        for (int start = 0; start < lower.Length;)
        {
            if (!char.IsAsciiLetterOrDigit(lower[start]))
            {
                start++;
                continue;
            }
            int end = start;
            while (end < lower.Length && char.IsAsciiLetterOrDigit(lower[end])) end++;
            string word = lower[start..end];
            if (word.Length > 1 && word.Any(char.IsAsciiLetter)) counts[word] = counts.GetValueOrDefault(word) + 1;
            start = end;
        }
        return counts;
    }
}
