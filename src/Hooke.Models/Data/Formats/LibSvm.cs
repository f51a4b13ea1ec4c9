using System.Globalization;

namespace Hooke.Models.Data;

/// <summary>
/// Reads LIBSVM's (SVMlight's) sparse text as dense rows, for models that take nothing else. Whole numbers are classes, others
/// values to be predicted. [Chang, Lin, "LIBSVM", 2011]
/// </summary>
public static class LibSvm
{
    /// <summary>Greatest index of a feature.</summary>
    public const int MaximumDimension = SvmText.MaximumDimension;

    /// <summary>Reads a file, or two.</summary>
    /// <param name="path">The file; every tenth of its rows is a test example if there is no other.</param>
    /// <param name="testPath">A file of test examples, or null.</param>
    /// <param name="name">Name of the data set.</param>
    /// <param name="dimension">Number of features; 0 for the greatest index.</param>
    /// <exception cref="InvalidDataSetException">A file is missing or damaged; the message names line and column.</exception>
    public static DataSet Read(string path, string? testPath, string name, int dimension = 0)
    {
        if (dimension is < 0 or > MaximumDimension) throw new InvalidDataSetException($"{path}: the dimension is {dimension}; it must be from 1 to {MaximumDimension}");
        DenseRows rows = new(new(name, $"sparse rows of {path}") { Names = new() { IndexBase = 1 } });
        foreach (string part in testPath is null ? (string[])[path] : [path, testPath])
        {
            int before = rows.Table.Count;
            rows.IsTest = part != path;
            using SvmFile file = new(part, dimension);
            for (int piece = 0; piece < file.Pieces; piece++) file.Read(piece, rows);
            if (rows.Table.Count == before) throw new InvalidDataSetException($"{part}: there are no rows; expected one for each example");
        }
        if (dimension == 0 && rows.Greatest == 0) throw new InvalidDataSetException($"{path}: no row has a feature; expected index:value after a label");
        return rows.Table.ToDataSet(dimension > 0 ? dimension : rows.Greatest, testPath is not null, !rows.AreWhole);
    }

    private sealed class DenseRows(Table table) : IRowSink
    {
        public Table Table { get; } = table;

        public bool IsTest { get; set; }

        public int Greatest { get; private set; }

        public bool AreWhole { get; private set; } = true;

        public void Take(float label, ReadOnlySpan<int> indices, ReadOnlySpan<float> values)
        {
            float[] features = new float[indices.Length > 0 ? indices[^1] + 1 : 0];
            for (int k = 0; k < indices.Length; k++) features[indices[k]] = values[k];
            Greatest = Math.Max(Greatest, features.Length);
            AreWhole &= IsWhole(label);
            // +1 and 1 are one class.
            Table.Add(features, label.ToString("R", CultureInfo.InvariantCulture), IsTest);
        }
    }

    /// <summary>Whether a label may be that of a class.</summary>
    internal static bool IsWhole(float label) => label == MathF.Round(label) && MathF.Abs(label) < 1 << 24;
}
