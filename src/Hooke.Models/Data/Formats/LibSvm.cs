using System.Globalization;

namespace Hooke.Models.Data;

/// <summary>
/// Reads LIBSVM's (SVMlight's) sparse text: a label, then index:value for features that are not zero, indices rising from 1. Whole
/// numbers are classes, others values to be predicted. Features become dense rows. [Chang, Lin, "LIBSVM", 2011]
/// </summary>
public static class LibSvm
{
    /// <summary>Greatest index of a feature.</summary>
    public const int MaximumDimension = Shape.MaximumCount;

    /// <summary>Reads a file, or two.</summary>
    /// <param name="path">The file; every tenth of its rows is a test example if there is no other.</param>
    /// <param name="testPath">A file of test examples, or null.</param>
    /// <param name="name">Name of the data set.</param>
    /// <param name="dimension">Number of features; 0 for the greatest index.</param>
    /// <exception cref="InvalidDataSetException">A file is missing or damaged; the message names line and column.</exception>
    public static DataSet Read(string path, string? testPath, string name, int dimension = 0)
    {
        if (dimension is < 0 or > MaximumDimension) throw new InvalidDataSetException($"{path}: the dimension is {dimension}; it must be from 1 to {MaximumDimension}");
        Table table = new(name, $"sparse rows of {path}");
        int greatest = 0;
        bool whole = true;
        List<(int Index, float Value)> pairs = [];
        foreach (string file in testPath is null ? (string[])[path] : [path, testPath])
        {
            int before = table.Count;
            foreach (var (number, text) in Lines.Of(file))
            {
                string? label = Row(file, number, text, dimension, pairs);
                if (label is null) continue;
                float[] features = new float[pairs.Count > 0 ? pairs[^1].Index : 0];
                foreach (var (index, value) in pairs) features[index - 1] = value;
                greatest = Math.Max(greatest, features.Length);
                float target = float.Parse(label, NumberStyles.Float, CultureInfo.InvariantCulture);
                whole &= target == MathF.Round(target) && MathF.Abs(target) < 1 << 24;
                // +1 and 1 are one class.
                table.Add(features, target.ToString("R", CultureInfo.InvariantCulture), file != path);
            }
            if (table.Count == before) throw new InvalidDataSetException($"{file}: there are no rows; expected one for each example");
        }
        if (dimension == 0 && greatest == 0) throw new InvalidDataSetException($"{path}: no row has a feature; expected index:value after a label");
        return table.ToDataSet(dimension > 0 ? dimension : greatest, testPath is not null, !whole);
    }

    // Gives the label, or null for a line without an example.
    private static string? Row(string path, int number, string line, int dimension, List<(int Index, float Value)> pairs)
    {
        pairs.Clear();
        string? label = null;
        int end = line.IndexOf('#') is >= 0 and var comment ? comment : line.Length;
        for (int at = 0; at < end;)
        {
            if (char.IsWhiteSpace(line[at]))
            {
                at++;
                continue;
            }
            int start = at;
            while (at < end && !char.IsWhiteSpace(line[at])) at++;
            var word = line.AsSpan(start, at - start);
            InvalidDataSetException Bad(string found, string expected) => new($"{path}, line {number}, column {start + 1}: found \"{found}\"; expected {expected}");
            if (label is null)
            {
                label = Table.IsNumber(word, out _) ? word.ToString() : throw Bad(word.ToString(), "a label that is a finite number");
                continue;
            }
            if (word.StartsWith("qid:")) continue;
            int colon = word.IndexOf(':');
            if (colon < 1 || !int.TryParse(word[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out int index) || !Table.IsNumber(word[(colon + 1)..], out float value))
                throw Bad(word.ToString(), "index:value with a whole and a finite number");
            int limit = dimension > 0 ? dimension : MaximumDimension;
            if (index < 1 || index > limit) throw Bad(word.ToString(), $"an index from 1 to {limit}");
            if (pairs.Count > 0 && index <= pairs[^1].Index) throw Bad(word.ToString(), $"an index above {pairs[^1].Index}, the one before");
            pairs.Add((index, value));
        }
        return label;
    }
}
