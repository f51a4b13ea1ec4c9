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

    /// <summary>So many features, or numbers in all dense rows, are always read.</summary>
    private const long AlwaysFeatures = 1 << 16, AlwaysNumbers = 1 << 26;

    /// <summary>Numbers of which so few are stored are not written out as dense rows beyond that.</summary>
    private const double Sparse = 0.01;

    /// <summary>Reads a file, or two.</summary>
    /// <param name="path">The file; a tenth of its rows are test examples if there is no other.</param>
    /// <param name="testPath">A file of test examples, or null.</param>
    /// <param name="name">Name of the data set.</param>
    /// <param name="options">Number of features, first index, and what labels are taken for.</param>
    /// <param name="notice">Told what may surprise, if not null.</param>
    /// <exception cref="InvalidDataSetException">A file is missing or damaged (the message names line and column), or too sparse for dense rows.</exception>
    public static DataSet Read(string path, string? testPath, string name, TextOptions options, Action<string>? notice = null)
    {
        SparseRows rows = new(new(name, $"sparse rows of {path}") { Names = new() { IndexBase = options.IndexBase ?? 1 } });
        foreach (string part in testPath is null ? (string[])[path] : [path, testPath])
        {
            int before = rows.Table.Count;
            rows.IsTest = part != path;
            using SvmFile file = new(part, options.Dimension, options.IndexBase ?? 1);
            for (int piece = 0; piece < file.Pieces; piece++) file.Read(piece, rows);
            if (rows.Table.Count == before) throw new InvalidDataSetException($"{part}: there are no rows; expected one for each example");
        }
        if (options.Dimension == 0 && rows.Greatest == 0)
            throw new InvalidDataSetException($"{path}: no row has a feature; expected index:value after a label");
        int features = options.Dimension > 0 ? options.Dimension : rows.Greatest;
        double numbers = (double)rows.Table.Count * features, density = rows.Table.Stored / numbers;
        if (density < Sparse && (features > AlwaysFeatures || numbers > AlwaysNumbers))
            throw new InvalidDataSetException(string.Create(CultureInfo.InvariantCulture,
                $"{path}: its {rows.Table.Count:N0} rows of {features:N0} features would be {numbers * sizeof(float) / 1e9:g3} "
                    + $"GB as dense rows, of which {100 * density:g2} % are stored; --model logistic (or hinge, "
                    + $"or least-squares) takes sparse rows as they are"));
        return rows.Table.ToDataSet(features, testPath is not null, TargetColumn.First(path), options.Task, asksFractions: false, notice);
    }

    /// <summary>Whether a label may be that of a class.</summary>
    internal static bool IsWhole(float label) => label == MathF.Round(label) && MathF.Abs(label) < 1 << 24;

    private sealed class SparseRows(Table table) : IRowSink
    {
        public Table Table { get; } = table;

        public bool IsTest { get; set; }

        public int Greatest { get; private set; }

        public void Take(float label, ReadOnlySpan<int> indices, ReadOnlySpan<float> values)
        {
            if (indices.Length > 0) Greatest = Math.Max(Greatest, indices[^1] + 1);
            // +1 and 1 are one class.
            string text = Targets.Canonical(label.ToString("R", CultureInfo.InvariantCulture));
            Table.Add(new(indices.ToArray(), values.ToArray(), text, Table.Count + 1, IsTest));
        }
    }
}
