namespace Hooke.Models.Data;

/// <summary>
/// Reads tables of numbers: fields divided by commas, semicolons or tabs, one column of labels or values to be predicted, the
/// others features. A first line that has a feature which is no number holds the columns' names.
/// </summary>
public static class Csv
{
    private static readonly string[] Labels = ["label", "class", "target"];

    /// <summary>Reads a file, or two.</summary>
    /// <param name="path">The file; every tenth of its rows is a test example if there is no other.</param>
    /// <param name="testPath">A file of test examples with the same columns, or null.</param>
    /// <param name="name">Name of the data set.</param>
    /// <param name="column">The target's column: first, last, or a name; by default a column named label, class or target, else the last.</param>
    /// <param name="values">Whether the target is a number to be predicted; else a class.</param>
    /// <exception cref="InvalidDataSetException">A file is missing or damaged; the message names line and column.</exception>
    public static DataSet Read(string path, string? testPath, string name, string? column = null, bool values = false)
    {
        Table table = new(name, $"table {path}");
        int width = 0;
        foreach (string file in testPath is null ? (string[])[path] : [path, testPath]) Read(file, file != path, table, column, values, ref width);
        return table.ToDataSet(width - 1, testPath is not null, values);
    }

    private static void Read(string path, bool test, Table table, string? column, bool values, ref int width)
    {
        char divider = '\0';
        int target = -1, before = table.Count;
        List<string> names = [], fields = [];
        foreach (var (number, text) in Lines.Of(path))
        {
            if (string.IsNullOrWhiteSpace(text)) continue;
            if (divider == '\0')
            {
                divider = text.Contains('\t') ? '\t' : text.Contains(';') ? ';' : ',';
                Divide(path, number, text, divider, fields);
                if (fields.Count < 2) throw new InvalidDataSetException($"{path}, line {number}: there is 1 column; expected at least 2, features and a label");
                if (width > 0 && fields.Count != width) throw new InvalidDataSetException($"{path}, line {number}: there are {fields.Count} columns; expected {width} as in the file of training examples");
                width = fields.Count;
                bool named = IsHeader(fields, column);
                if (named) names = [.. fields];
                target = Column(path, number, names, width, column);
                if (!test) table.Names = new() { Features = [.. names.Where((_, c) => c != target)], Target = named ? names[target] : target == 0 ? "first" : "last" };
                if (named) continue;
            }
            else Divide(path, number, text, divider, fields);
            if (fields.Count != width) throw new InvalidDataSetException($"{path}, line {number}: there are {fields.Count} columns; expected {width}");
            float[] features = new float[width - 1];
            for (int c = 0, to = 0; c < width; c++)
            {
                if (c == target)
                {
                    if (values ? !Table.IsNumber(fields[c], out _) : fields[c].Length == 0) throw Bad(path, number, c, names, fields[c], values ? "a finite number" : "a label");
                    continue;
                }
                if (!Table.IsNumber(fields[c], out features[to++])) throw Bad(path, number, c, names, fields[c], "a finite number");
            }
            table.Add(features, fields[target], test);
        }
        if (table.Count == before) throw new InvalidDataSetException($"{path}: there are no rows; expected one for each example");
    }

    private static InvalidDataSetException Bad(string path, int line, int column, List<string> names, string found, string expected)
        => new($"{path}, line {line}, column {column + 1}{(names.Count > 0 ? $" ({names[column]})" : "")}: found \"{found}\"; expected {expected}");

    private static bool IsHeader(List<string> fields, string? column)
    {
        if (column is not (null or "first" or "last")) return true;
        int skip = column == "first" ? 0 : fields.Count - 1; // labels may be text
        return fields.Where((_, c) => c != skip).Any(field => !Table.IsNumber(field, out _)) && !fields.All(field => Table.IsNumber(field, out _));
    }

    private static int Column(string path, int line, List<string> names, int width, string? column)
    {
        switch (column)
        {
            case "first": return 0;
            case "last": return width - 1;
            case null:
                int known = names.FindIndex(name => Labels.Contains(name, StringComparer.OrdinalIgnoreCase));
                return known >= 0 ? known : width - 1;
        }
        int at = names.IndexOf(column);
        return at >= 0 ? at : throw new InvalidDataSetException($"{path}, line {line}: there is no column {column}; there are {string.Join(", ", names)}");
    }

    // Fields may be quoted; two quotes inside stand for one.
    private static void Divide(string path, int number, string line, char divider, List<string> fields)
    {
        fields.Clear();
        for (int at = 0; at <= line.Length; at++)
        {
            int start = at;
            while (at < line.Length && line[at] is ' ') at++;
            if (at < line.Length && line[at] == '"')
            {
                int end = at + 1;
                while (end < line.Length && (line[end] != '"' || end + 1 < line.Length && line[end + 1] == '"')) end += line[end] == '"' ? 2 : 1;
                if (end >= line.Length) throw new InvalidDataSetException($"{path}, line {number}, column {fields.Count + 1}: a quote is not closed; expected \" before the end of the line");
                fields.Add(line[(at + 1)..end].Replace("\"\"", "\"", StringComparison.Ordinal));
                at = line.IndexOf(divider, end);
            }
            else
            {
                at = line.IndexOf(divider, start);
                fields.Add(line[start..(at < 0 ? line.Length : at)].Trim());
            }
            if (at < 0) break;
        }
    }
}
