using System.Globalization;
using System.Text;

namespace Hooke.Fuzz;

/// <summary>What a line of a table or of sparse text says.</summary>
/// <param name="Label">The label.</param>
/// <param name="Numbers">The features.</param>
internal sealed record PlainRow(string Label, float[] Numbers);

/// <summary>Readers of text in a few lines, which take what is beyond doubt and nothing else: null is "who knows".</summary>
internal static class PlainText
{
    /// <summary>A table of numbers that is divided by commas, with one name of a column for each, the label last.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="header">The first line.</param>
    public static List<PlainRow>? Table(byte[] bytes, string header)
    {
        string[]? lines = Lines(bytes);
        if (lines is null || lines.Length < 2 || lines[0] != header) return null;
        List<PlainRow> rows = [];
        foreach (string line in lines.Skip(1))
        {
            if (line.Trim().Length == 0) continue;
            string[] fields = line.Split(',');
            if (fields.Length != header.Split(',').Length || line.IndexOfAny(['"', '\t', ';', '|']) >= 0) return null;
            float[] numbers = new float[fields.Length - 1];
            for (int k = 0; k < numbers.Length; k++)
                if (!float.TryParse(fields[k], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[k]) || !float.IsFinite(numbers[k])) return null;
            rows.Add(new(fields[^1].Trim(), numbers));
        }
        return rows;
    }

    /// <summary>Sparse text: a label, then pairs index:value with rising indices from 1; # starts a comment.</summary>
    public static List<PlainRow>? Sparse(byte[] bytes)
    {
        string[]? lines = Lines(bytes);
        if (lines is null) return null;
        List<(string Label, SortedDictionary<int, float> Numbers)> rows = [];
        int features = 0;
        foreach (string line in lines)
        {
            string[] words = line.Split('#')[0].Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0) continue;
            SortedDictionary<int, float> numbers = [];
            int last = 0;
            foreach (string word in words[1..])
            {
                string[] pair = word.Split(':');
                if (pair.Length != 2 || !int.TryParse(pair[0], NumberStyles.None, CultureInfo.InvariantCulture, out int index) || index <= last || index > 1 << 20) return null;
                if (!float.TryParse(pair[1], NumberStyles.Float, CultureInfo.InvariantCulture, out float value) || !float.IsFinite(value)) return null;
                numbers.Add(last = index, value);
            }
            features = Math.Max(features, last);
            rows.Add((words[0], numbers));
        }
        return [.. rows.Select(row =>
        {
            float[] dense = new float[features];
            foreach (var (index, value) in row.Numbers) dense[index - 1] = value;
            return new PlainRow(row.Label, dense);
        })];
    }

    /// <summary>Compares what was read with what a plain reader read, in any order, classes by whatever name or number.</summary>
    /// <returns>Null if it is the same.</returns>
    public static string? Compare(List<PlainRow> expected, IReadOnlyList<(string Class, float[] Numbers)> found)
    {
        if (expected.Count != found.Count) return $"{found.Count} examples were read of {expected.Count} rows";
        int width = expected.Max(row => row.Numbers.Length);
        string Key(float[] numbers) => string.Join(' ', numbers.Concat(new float[Math.Max(0, width - numbers.Length)]).Select(x => (x + 0f).ToString("R", CultureInfo.InvariantCulture)));
        // A label that stands for one class in one row must do so in all: rows are compared with names of their classes.
        var byNumbers = found.GroupBy(row => Key(row.Numbers)).ToDictionary(group => group.Key, group => group.Select(row => row.Class).Order().ToList());
        Dictionary<string, string> classes = [];
        foreach (var group in expected.GroupBy(row => Key(row.Numbers)))
        {
            if (!byNumbers.TryGetValue(group.Key, out var theirs) || theirs.Count != group.Count()) return $"the row {group.Key} was not read";
            if (group.Select(row => Same(row.Label)).Distinct().Count() > 1) continue; // equal rows of several classes
            if (theirs.Distinct().Count() > 1) return $"the row {group.Key} was read with several classes";
            string label = Same(group.First().Label);
            if (classes.TryGetValue(label, out string? known) && known != theirs[0]) return $"label {label} is of class {known}, and of {theirs[0]}";
            classes[label] = theirs[0];
        }
        return classes.Count == classes.Values.Distinct().Count() ? null : "two labels are one class";
    }

    // Numbers are labels by their value.
    private static string Same(string label)
        => double.TryParse(label, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && Math.Abs(number) < 1L << 53 ? (number + 0.0).ToString("R", CultureInfo.InvariantCulture) : label;

    private static string[]? Lines(byte[] bytes)
    {
        if (bytes.Any(b => b is > 126 or < 32 and not (10 or 9))) return null;
        string text = Encoding.ASCII.GetString(bytes);
        return text.TrimEnd('\n').Split('\n');
    }
}
