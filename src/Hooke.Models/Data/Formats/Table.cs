using System.Globalization;

namespace Hooke.Models.Data;

/// <summary>Rows of features with a target each, as text files have them, on their way to a data set.</summary>
/// <param name="name">Name of the data set.</param>
/// <param name="description">One line: what it is.</param>
internal sealed class Table(string name, string description)
{
    private readonly List<Row> rows = [];

    /// <summary>Number of rows.</summary>
    public int Count => rows.Count;

    /// <summary>What columns are called, or where sparse rows begin to count.</summary>
    public Names Names { get; set; } = Names.None;

    /// <summary>The labels, as classes are told apart.</summary>
    public IEnumerable<string> Labels => rows.Select(row => row.Target);

    /// <summary>Numbers that the rows hold.</summary>
    public long Stored => rows.Sum(row => (long)row.Features.Length);

    /// <summary>Adds a row.</summary>
    public void Add(Row row) => rows.Add(row);

    /// <summary>Puts a row in its place among others.</summary>
    public void Insert(int index, Row row) => rows.Insert(index, row);

    /// <summary>Makes a data set.</summary>
    /// <param name="features">Features of a row; what a row does not have is zero.</param>
    /// <param name="divided">Whether rows are known to be training or test examples; else <see cref="Division"/> says it.</param>
    /// <param name="column">Where targets come from.</param>
    /// <param name="task">What targets are taken for.</param>
    /// <param name="asksFractions">Whether it is asked what numbers with fractions are.</param>
    /// <param name="notice">Told what may surprise, if not null.</param>
    public DataSet ToDataSet(int features, bool divided, TargetColumn column, TargetTask task, bool asksFractions, Action<string>? notice)
    {
        bool IsTest(int k) => divided ? rows[k].IsTest : Division.IsTest(k, Count);
        int tests = Enumerable.Range(0, Count).Count(IsTest);
        if (tests == 0 || tests == Count)
            throw new InvalidDataSetException($"{name}: there are {Count - tests} training and {tests} test rows; "
                + $"expected at least 1 of each");
        var targets = Targets.Decide(column, [.. Labels], [.. rows.Select(row => row.Line)], task, asksFractions, notice);
        Layout layout = new()
        {
            Name = name, Description = description, Shape = new(1, 1, features), Element = Element.Float,
            Target = targets.AreNumbers ? TargetKind.Values : TargetKind.Label,
            Classes = targets.Classes.Count, Names = Names with { Classes = targets.Classes },
        };
        if (!layout.Shape.IsValid)
            throw new InvalidDataSetException($"{name}: there are {features} features; it must be from 1 to {Shape.MaximumCount}");
        Examples Part(bool test)
        {
            int count = test ? tests : Count - tests;
            Region inputs = Region.Allocate(count * layout.InputBytes), answers = Region.Allocate(count * layout.TargetBytes);
            for (int k = 0, at = 0; k < Count; k++)
            {
                if (IsTest(k) != test) continue;
                rows[k].CopyTo(inputs.Writable<float>(at * layout.InputBytes, features));
                if (targets.AreNumbers)
                    answers.Writable<float>(4L * at, 1)[0] = float.Parse(rows[k].Target, NumberStyles.Float, CultureInfo.InvariantCulture);
                else answers.Writable<int>(4L * at, 1)[0] = targets.ClassOf(rows[k].Target);
                at++;
            }
            return new(count, inputs, answers);
        }
        return new(layout, Part(false), Part(true));
    }

    /// <summary>Whether a text is a finite number.</summary>
    public static bool IsNumber(ReadOnlySpan<char> text, out float value)
        => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && float.IsFinite(value);

    /// <summary>A row.</summary>
    /// <param name="Indices">Which features it has, from 0, rising; null for the first ones.</param>
    /// <param name="Features">Their values.</param>
    /// <param name="Target">Its label, or its value as text.</param>
    /// <param name="Line">Its line in the file, or its place among the rows where some lines are none, from 1.</param>
    /// <param name="IsTest">Whether it is in a file of test examples.</param>
    public sealed record Row(int[]? Indices, float[] Features, string Target, int Line, bool IsTest)
    {
        /// <summary>Fills a dense row in, which is zero.</summary>
        public void CopyTo(Span<float> dense)
        {
            if (Indices is null) Features.CopyTo(dense);
            else for (int k = 0; k < Indices.Length; k++) dense[Indices[k]] = Features[k];
        }
    }
}
