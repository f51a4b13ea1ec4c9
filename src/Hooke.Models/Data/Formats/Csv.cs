using System.Globalization;

namespace Hooke.Models.Data;

/// <summary>
/// Reads tables of numbers: fields divided by tabs, semicolons, bars, commas or spaces, one column of labels or values to be
/// predicted, the others features. A first line whose label is none, or where no feature is a number, holds the columns' names; columns
/// of test examples are found by name.
/// </summary>
public static class Csv
{
    private static readonly string[] Labels = ["label", "class", "target"];

    /// <summary>Reads a file, or two.</summary>
    /// <param name="path">The file; a tenth of its rows are test examples if there is no other.</param>
    /// <param name="testPath">A file of test examples with the same columns, or null.</param>
    /// <param name="name">Name of the data set.</param>
    /// <param name="options">The target's column, what it is taken for, and whether there is a header.</param>
    /// <param name="notice">Told what may surprise, if not null.</param>
    /// <exception cref="InvalidDataSetException">A file is missing or damaged; the message names line and column.</exception>
    public static DataSet Read(string path, string? testPath, string name, TextOptions options, Action<string>? notice = null)
    {
        Table table = new(name, $"table {path}");
        Columns columns = ReadFile(path, null, table, options);
        if (testPath is not null) ReadFile(testPath, columns, table, options);
        TargetColumn target = columns.ForMessages(path);
        table.Names = new() { Features = columns.FeatureNames, Target = target.Option };
        return table.ToDataSet(columns.Width - 1, testPath is not null, target, options.Task, asksFractions: true, notice);
    }

    // Rows of training examples, or of test examples if the columns of training examples are known.
    private static Columns ReadFile(string path, Columns? train, Table table, TextOptions options)
    {
        int before = table.Count;
        FirstLine? first = null;
        List<string> fields = [];
        try
        {
            foreach (var (number, text) in Lines.Of(path))
            {
                if (string.IsNullOrWhiteSpace(text)) continue;
                if (first is null)
                {
                    char divider = FieldText.FindDivider(text);
                    FieldText.Divide(path, number, text, divider, fields);
                    if (fields.Count < 2)
                        throw new InvalidDataSetException($"{path}, line {number}: there is 1 column; expected at least 2, "
                            + $"features and a label, divided by commas, semicolons, tabs, bars or spaces");
                    first = new(path, number, [.. fields], divider, options, train);
                    continue;
                }
                FieldText.Divide(path, number, text, first.Divider, fields);
                if (fields.Count != first.Fields.Length)
                    throw new InvalidDataSetException($"{path}, line {number}: there "
                        + $"{(fields.Count == 1 ? "is 1 column" : $"are {fields.Count} columns")}; "
                        + $"expected {first.Fields.Length}{Divided(first, fields.Count)}");
                table.Add(first.Row(fields, number));
            }
        }
        catch (InvalidDataSetException)
        {
            // What is wrong in the first line is said first.
            if (first is not null && !first.IsHeader(table, before)) _ = first.Row([.. first.Fields], first.Line);
            throw;
        }
        if (first is null) throw new InvalidDataSetException($"{path}: there are no rows; expected one for each example");
        bool isHeader = first.IsHeader(table, before);
        Columns columns = first.Names(isHeader);
        if (!isHeader) table.Insert(before, first.Row([.. first.Fields], first.Line));
        if (table.Count == before)
            throw new InvalidDataSetException($"{path}: there are no rows but the header; expected one for each example");
        return columns;
    }

    // Where commas divide columns, decimal commas make more of them.
    private static string Divided(FirstLine first, int found) => first.Divider != ',' ? $", divided by {FieldText.NameOf(first.Divider)}"
        : found > first.Fields.Length ? ", divided by commas; decimal points must be points" : "";

    /// <summary>Which column is what.</summary>
    /// <param name="Names">Names in the file's order; none without a header.</param>
    /// <param name="Width">How many there are.</param>
    /// <param name="Target">Which is the target.</param>
    private sealed record Columns(string[] Names, int Width, int Target)
    {
        /// <summary>None without a header.</summary>
        public string[] FeatureNames => [.. Names.Where((_, c) => c != Target)];

        public string TargetName => Names.Length > 0 ? Names[Target] : "";

        public TargetColumn ForMessages(string path) => Names.Length > 0 ? new(path, TargetName, TargetName)
            : new(path, $"column {Target + 1}", Target == 0 ? "first" : "last");
    }

    /// <summary>A file's first line, of which the last one tells whether it is a header, and how rows are read.</summary>
    private sealed class FirstLine
    {
        private readonly string path;
        private readonly TextOptions options;
        private readonly Columns? train;
        private readonly int target;
        private readonly int[] order; // the column of each feature

        public FirstLine(string path, int line, string[] fields, char divider, TextOptions options, Columns? train)
        {
            (this.path, Line, Fields, Divider, this.options, this.train) = (path, line, fields, divider, options, train);
            bool isNamed = train is { Names.Length: > 0 }
                && (fields.Contains(train.TargetName) || fields.Any(train.Names.Contains) && !fields.Any(field => Table.IsNumber(field, out _)));
            if (isNamed)
            {
                order = Match(train!, out target);
                return;
            }
            if (train is not null && fields.Length != train.Width)
                throw new InvalidDataSetException($"{path}, line {line}: there are {fields.Length} columns; "
                    + $"expected {train.Width} as in the file of training examples");
            target = train?.Target ?? Column();
            order = [.. Enumerable.Range(0, fields.Length).Where(c => c != target)];
        }

        public int Line { get; }

        public string[] Fields { get; }

        public char Divider { get; }

        /// <summary>Reads a row.</summary>
        public Table.Row Row(List<string> fields, int line)
        {
            float[] features = new float[order.Length];
            for (int k = 0; k < order.Length; k++)
                if (!Table.IsNumber(fields[order[k]], out features[k])) throw Bad(line, order[k], fields[order[k]], "a finite number");
            string label = fields[target];
            if (options.Task == TargetTask.Numbers && !Table.IsNumber(label, out _)) throw Bad(line, target, label, "a finite number");
            if (FieldText.IsMissing(label)) throw Bad(line, target, label, "a label");
            return new(null, features, Targets.Canonical(label), line, train is not null);
        }

        /// <summary>Whether the first line holds names: its label is none of the labels of other rows, or no feature is a number.</summary>
        /// <exception cref="InvalidDataSetException">It can be read both ways.</exception>
        public bool IsHeader(Table table, int before)
        {
            if (options.Header is { } said) return said;
            bool isNamed = train is { Names.Length: > 0 } ? Fields.Contains(train.TargetName)
                : options.Column is null ? KnownLabel(Fields) >= 0 : options.Column is not ("first" or "last");
            if (isNamed) return true;
            string[] features = [.. order.Select(c => Fields[c])];
            int numbers = features.Count(field => Table.IsNumber(field, out _)), missing = features.Count(FieldText.IsMissing);
            if (numbers == 0 && missing < features.Length) return true;
            string label = Targets.Canonical(Fields[target]);
            HashSet<string> labels = [.. table.Labels.Skip(train is null ? before : 0)];
            bool isNumber = Table.IsNumber(label, out _), recurs = labels.Contains(label);
            bool areNumbers = options.Task == TargetTask.Numbers || labels.All(text => Table.IsNumber(text, out _));
            bool isData = numbers + missing == features.Length; // else it could not be read as a row
            if (!isNumber && areNumbers && labels.Count > 0 && !FieldText.IsMissing(label)) return true;
            if (!isNumber && !recurs && labels.Count > 0 && !FieldText.IsMissing(label)) return isData ? throw Ambiguous() : true;
            if (isNumber && !areNumbers && !recurs) return isData ? throw Ambiguous() : true;
            if (isData && missing == 0 && isNumber && CountsUp(recurs)) throw Ambiguous();
            return false;
        }

        /// <summary>The columns, with their names if the first line has them.</summary>
        public Columns Names(bool isHeader)
        {
            if (isHeader && train is { Names.Length: 0 })
                throw new InvalidDataSetException($"{path}, line {Line}: there are names of columns; "
                    + $"the file of training examples has none");
            if (!isHeader && train is { Names.Length: > 0 })
                throw new InvalidDataSetException($"{path}, line {Line}: there are no names of columns; "
                    + $"expected {string.Join(", ", train.Names)}, as in the file of training examples");
            if (isHeader && train is { Names.Length: > 0 } && !Fields.Contains(train.TargetName)) throw Missing(train, [train.TargetName]);
            return new(isHeader ? Fields : [], Fields.Length, target);
        }

        private InvalidDataSetException Ambiguous()
            => new($"{path}, line {Line}: it can be read as names of columns and as a row "
                + $"(\"{string.Join(Divider == '\0' ? ' ' : Divider, Fields)}\"); :header=true "
                + $"or :header=false behind the file's name says which it is");

        private InvalidDataSetException Bad(int line, int column, string found, string expected)
        {
            string hint = FieldText.IsMissing(found) ? " (missing values must be filled in, or their rows left out)"
                : FieldText.WithPoint(found) is { } number ? $" with a decimal point, {number}"
                : line == Line && options.Header is null ? " (if the line holds names of columns, :header=true says so)" : "";
            bool named = line != Line && KnownNames();
            return new($"{path}, line {line}, column {column + 1}{(named ? $" ({Fields[column]})" : "")}: found \"{found}\"; "
                + $"expected {expected}{hint}");
        }

        // Whether the first line is surely a header, whatever rows follow.
        private bool KnownNames()
            => options.Header ?? (KnownLabel(Fields) >= 0 || !Fields.Any(field => Table.IsNumber(field, out _) || FieldText.IsMissing(field)));

        // Whole numbers that rise from column to column are years, bins or places as often as a row: where labels don't recur, or steps are
        // equal.
        private bool CountsUp(bool recurs)
        {
            double[] all = [.. Fields.Select(field => double.Parse(field, CultureInfo.InvariantCulture))];
            if (all.Length < 3 || all.Any(value => value != Math.Round(value))) return false;
            double[] steps = [.. all.Skip(1).Zip(all, (next, before) => next - before)];
            if (steps.Any(step => step <= 0)) return false;
            bool equal = steps.All(step => step == steps[0]), predicts = options.Task is TargetTask.Numbers or TargetTask.NumbersUnlessTwo;
            return equal ? all.Length > 3 || !recurs && !predicts : !recurs && !predicts;
        }

        private int Column()
        {
            switch (options.Column)
            {
                case "first": return 0;
                case "last": return Fields.Length - 1;
                case null:
                    int known = options.Header == false ? -1 : KnownLabel(Fields);
                    return known >= 0 ? known : Fields.Length - 1;
            }
            int at = Array.IndexOf(Fields, options.Column);
            if (Array.LastIndexOf(Fields, options.Column) > at)
                throw new InvalidDataSetException($"{path}, line {Line}: there are several columns {options.Column}; "
                    + $"the target's name must be there once");
            if (at < 0)
                throw new InvalidDataSetException($"{path}, line {Line}: there is no column {options.Column}; "
                    + $"there are {string.Join(", ", Fields)}");
            if (options.Header == false)
                throw new InvalidDataSetException($"{path}: the target is {options.Column} and header is false; "
                    + $"without names of columns it must be first or last");
            return at;
        }

        private int KnownLabel(string[] names)
        {
            int[] known = [.. Enumerable.Range(0, names.Length).Where(c => Labels.Contains(names[c], StringComparer.OrdinalIgnoreCase))];
            if (known.Length > 1)
                throw new InvalidDataSetException($"{path}, line {Line}: the columns "
                    + $"{string.Join(" and ", known.Select(c => names[c]))} could all be the label; "
                    + $":label=NAME or :target=NAME behind the file's name says which");
            return known.Length == 1 ? known[0] : -1;
        }

        // Where the columns of the training examples are in this file.
        private int[] Match(Columns train, out int target)
        {
            string[] lacking = [.. train.Names.Except(Fields)], strange = [.. Fields.Except(train.Names)];
            if (lacking.Length > 0) throw Missing(train, lacking);
            if (strange.Length > 0)
                throw new InvalidDataSetException($"{path}, line {Line}: the file of training examples "
                    + $"has no column {string.Join(", ", strange)}; it has {string.Join(", ", train.Names)}");
            if (Fields.Length != train.Width || train.Names.Distinct().Count() != train.Width)
            {
                string twice = Fields.Concat(train.Names).GroupBy(name => name).First(same => same.Count() > 2).Key;
                throw new InvalidDataSetException($"{path}, line {Line}: there are several columns {twice}; columns are found by name, "
                    + $"so each name must be there once");
            }
            target = Array.IndexOf(Fields, train.TargetName);
            return [.. train.FeatureNames.Select(name => Array.IndexOf(Fields, name))];
        }

        private InvalidDataSetException Missing(Columns train, string[] lacking)
            => new($"{path}, line {Line}: there is no column {string.Join(", ", lacking)}; expected {string.Join(", ", train.Names)}, "
                + $"in any order, as in the file of training examples");
    }
}
