using System.Globalization;

namespace Hooke.Models.Data;

/// <summary>Rows of features with a target each, as text files have them, on their way to a data set.</summary>
/// <param name="name">Name of the data set.</param>
/// <param name="description">One line: what it is.</param>
internal sealed class Table(string name, string description)
{
    private readonly List<float[]> rows = [];
    private readonly List<string> targets = [];
    private readonly List<bool> isTest = [];

    /// <summary>What columns are called, or where sparse rows begin to count.</summary>
    public Names Names { get; set; } = Names.None;

    /// <summary>Number of rows.</summary>
    public int Count => rows.Count;

    /// <summary>Adds a row.</summary>
    /// <param name="features">Its features; all rows have as many in the end.</param>
    /// <param name="target">Its label, or its value as text.</param>
    /// <param name="test">Whether it is in a file of test examples.</param>
    public void Add(float[] features, string target, bool test)
    {
        rows.Add(features);
        targets.Add(target);
        isTest.Add(test);
    }

    /// <summary>Makes a data set.</summary>
    /// <param name="features">Features of a row; shorter rows end with zeros.</param>
    /// <param name="divided">Whether rows are known to be training or test examples; else every tenth is a test example.</param>
    /// <param name="values">Whether targets are numbers to be predicted; else they are classes.</param>
    public DataSet ToDataSet(int features, bool divided, bool values)
    {
        if (!divided)
            for (int k = 0; k < Count; k++) isTest[k] = Examples.IsHeldOut(k, Count);
        int tests = isTest.Count(t => t);
        if (tests == 0 || tests == Count) throw new InvalidDataSetException($"{name}: there are {Count - tests} training and {tests} test rows; expected at least 1 of each");
        string[] classes = values ? [] : Classes();
        Layout layout = new()
        {
            Name = name, Description = description, Shape = new(1, 1, features), Element = Element.Float,
            Target = values ? TargetKind.Values : TargetKind.Label, Classes = classes.Length, Names = Names with { Classes = classes },
        };
        if (!layout.Shape.IsValid) throw new InvalidDataSetException($"{name}: there are {features} features; it must be from 1 to {Shape.MaximumCount}");
        Dictionary<string, int> numbers = [];
        for (int c = 0; c < classes.Length; c++) numbers.Add(classes[c], c);
        Examples Part(bool test)
        {
            int count = test ? tests : Count - tests;
            Region inputs = Region.Allocate(count * layout.InputBytes), answers = Region.Allocate(count * layout.TargetBytes);
            for (int k = 0, at = 0; k < Count; k++)
            {
                if (isTest[k] != test) continue;
                rows[k].CopyTo(inputs.Writable<float>(at * layout.InputBytes, features));
                if (values) answers.Writable<float>(4L * at, 1)[0] = float.Parse(targets[k], NumberStyles.Float, CultureInfo.InvariantCulture);
                else answers.Writable<int>(4L * at, 1)[0] = numbers[targets[k]];
                at++;
            }
            return new(count, inputs, answers);
        }
        return new(layout, Part(false), Part(true));
    }

    /// <summary>Whether a text is a finite number.</summary>
    public static bool IsNumber(ReadOnlySpan<char> text, out float value) => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && float.IsFinite(value);

    // Classes are numbered in the order of their labels: as numbers if all are, else as text.
    private string[] Classes()
    {
        string[] distinct = [.. targets.Distinct()];
        if (distinct.Length > DataSet.MaximumClasses) throw new InvalidDataSetException($"{name}: there are {distinct.Length} different labels; there must be at most {DataSet.MaximumClasses}");
        return distinct.All(label => IsNumber(label, out _))
            ? [.. distinct.OrderBy(label => double.Parse(label, CultureInfo.InvariantCulture)).ThenBy(label => label, StringComparer.Ordinal)]
            : [.. distinct.Order(StringComparer.Ordinal)];
    }
}

/// <summary>Opens text files.</summary>
internal static class Lines
{
    /// <summary>The lines of a file, counted from 1.</summary>
    public static IEnumerable<(int Number, string Text)> Of(string path)
    {
        if (!File.Exists(path)) throw new InvalidDataSetException($"{path}: there is no such file");
        StreamReader reader;
        try
        {
            reader = new(path);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataSetException($"{path}: it cannot be read: {cause.Message}", cause);
        }
        using (reader)
            for (int number = 1; reader.ReadLine() is { } line; number++) yield return (number, line);
    }
}
