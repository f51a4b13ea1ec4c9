using System.Globalization;

namespace Hooke.Models.Data;

/// <summary>What targets that are numbers are taken for.</summary>
public enum TargetTask
{
    /// <summary>Classes, unless they look like numbers to be predicted: then it is asked.</summary>
    Unsaid,
    /// <summary>Each different one is a class.</summary>
    Classes,
    /// <summary>They are predicted as numbers.</summary>
    Numbers,
    /// <summary>They are predicted as numbers, but for two different ones, which are two classes: what a squared loss takes.</summary>
    NumbersUnlessTwo,
}

/// <summary>Where targets come from, for messages.</summary>
/// <param name="Where">The file.</param>
/// <param name="Name">The column, or "the label" of sparse text.</param>
/// <param name="Option">What stands for it in <c>:label=</c> and <c>:target=</c>.</param>
/// <param name="Unit">What rows are counted in: lines, or rows where some lines are none.</param>
internal sealed record TargetColumn(string Where, string Name, string Option, string Unit = "line")
{
    /// <summary>What sparse text calls its targets.</summary>
    public static TargetColumn First(string where) => new(where, "the label", "first", "row");

    /// <summary>"price has 1,500 different numbers in 1,500 rows".</summary>
    public string Count(long distinct, long rows) => string.Create(CultureInfo.InvariantCulture, $"{Where}: "
        + $"{Name} has {distinct:N0} different numbers in {rows:N0} rows");

    /// <summary>The question what numbers are, with the answers.</summary>
    public InvalidDataSetException Ask(long distinct, long rows, string more = "")
        => new($"{Count(distinct, rows)}; :target={Option} predicts them, :label={Option} takes each for a class{more}");
}

/// <summary>What a set's targets are: classes, or numbers to be predicted.</summary>
internal sealed class Targets
{
    /// <summary>Up to so many different whole numbers are classes, whatever the number of rows.</summary>
    private const int FewClasses = 10;

    /// <summary>More different whole numbers are never taken for classes unless somebody says so.</summary>
    private const int MostClasses = 64;

    /// <summary>Rows that a class has on average where there are more than a few.</summary>
    private const int RowsOfAClass = 20;

    /// <summary>Whole numbers that are all exact as doubles: longer ones are names.</summary>
    private const double LargestExact = 1L << 53;

    private readonly Dictionary<string, int> numbers = [];

    private Targets(IReadOnlyList<string> classes)
    {
        Classes = classes;
        for (int c = 0; c < classes.Count; c++) numbers.Add(classes[c], c);
    }

    /// <summary>Names of the classes: in the order of numbers if all are numbers, else of text. None where numbers are predicted.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Whether numbers are predicted.</summary>
    public bool AreNumbers => Classes.Count == 0;

    /// <summary>The class of a label.</summary>
    public int ClassOf(string label) => numbers[label];

    /// <summary>
    /// Whether so many different whole numbers look like numbers to be predicted: more than 64, or more than ten with fewer than
    /// twenty rows each.
    /// </summary>
    public static bool AreMany(long distinct, long rows)
        => distinct > MostClasses || distinct > FewClasses && distinct > rows / RowsOfAClass;

    /// <summary>A label as classes are told apart: numbers by their value, so that 1, 1.0, 01, +1 and 1e0 are one class.</summary>
    public static string Canonical(string label)
    {
        label = label.Trim();
        return double.TryParse(label, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && Math.Abs(value) < LargestExact
            ? (value + 0.0).ToString("R", CultureInfo.InvariantCulture) // −0 + 0 is 0
            : label;
    }

    /// <summary>Decides what targets are.</summary>
    /// <param name="column">Where they come from.</param>
    /// <param name="texts">All of them, as <see cref="Canonical"/> has them.</param>
    /// <param name="lines">The line of each.</param>
    /// <param name="task">What was said.</param>
    /// <param name="asksFractions">Whether numbers with fractions are asked about, too; else they are predicted.</param>
    /// <param name="notice">Told what looks like the other kind, if not null.</param>
    /// <exception cref="InvalidDataSetException">It has to be asked, or there is nothing to predict.</exception>
    public static Targets Decide(
        TargetColumn column, IReadOnlyList<string> texts, IReadOnlyList<int> lines, TargetTask task, bool asksFractions, Action<string>? notice)
    {
        string[] distinct = [.. texts.Distinct()];
        if (!distinct.All(IsNumber)) return OfTexts(column, texts, lines, distinct, task);
        int fraction = texts.ToList().FindIndex(text => !IsWhole(text));
        bool many = fraction >= 0 || AreMany(distinct.Length, texts.Count);
        bool predicts = task switch
        {
            TargetTask.Numbers => true,
            TargetTask.NumbersUnlessTwo => distinct.Length != 2 || fraction >= 0,
            TargetTask.Unsaid => fraction >= 0 && !asksFractions,
            _ => false,
        };
        string example = fraction >= 0 ? $"{texts[fraction]} in {column.Unit} {lines[fraction]}" : "";
        if (predicts)
        {
            if (distinct.Length == 1)
                throw new InvalidDataSetException($"{column.Where}: {column.Name} is {distinct[0]} in every row; "
                    + $"there must be at least 2 different numbers to predict");
            if (distinct.Length <= FewClasses && texts.Count >= RowsOfAClass * distinct.Length)
                notice?.Invoke($"{column.Count(distinct.Length, texts.Count)}, and they are predicted "
                    + $"as numbers{(fraction >= 0 ? $", since {example} is not whole" : "")}; :label={column.Option} takes each for a class");
            return new([]);
        }
        if (task == TargetTask.Unsaid && many)
        {
            bool few = fraction >= 0 && texts.Count(IsWhole) > texts.Count / 2;
            throw column.Ask(distinct.Length, texts.Count, few ? $" (the first that is not whole is {example})" : "");
        }
        if (many)
            notice?.Invoke($"{column.Count(distinct.Length, texts.Count)}, and each is taken for a class; "
                + $":target={column.Option} predicts them");
        return Limit(column, new([.. distinct.OrderBy(label => double.Parse(label, CultureInfo.InvariantCulture))]));
    }

    // A column of names, or of numbers of which some are missing, is no column of classes.
    private static Targets OfTexts(
        TargetColumn column, IReadOnlyList<string> texts, IReadOnlyList<int> lines, string[] distinct, TargetTask task)
    {
        if (task == TargetTask.NumbersUnlessTwo && distinct.Length > 2)
            throw new InvalidDataSetException($"{column.Where}: {column.Name} has {distinct.Length} "
                + $"different labels that are not all numbers (the first is \"{texts.First(label => !IsNumber(label))}\"); "
                + $"a squared loss takes numbers, or two classes");
        int text = texts.ToList().FindIndex(text => !IsNumber(text)), amount = distinct.Count(IsNumber);
        bool many = AreMany(amount, texts.Count) || distinct.Length > texts.Count / 2;
        if (task == TargetTask.Unsaid && distinct.Length > FewClasses && many)
            throw new InvalidDataSetException(string.Create(CultureInfo.InvariantCulture,
                $"{column.Where}: {column.Name} has {distinct.Length:N0} different labels in {texts.Count:N0} rows, "
                    + $"of which {amount:N0} are numbers and \"{texts[text]}\" in {column.Unit} {lines[text]} is not; "
                    + $":label={column.Option} takes each for a class"));
        return Limit(column, new([.. distinct.Order(StringComparer.Ordinal)]));
    }

    private static Targets Limit(TargetColumn column, Targets targets) => targets.Classes.Count <= DataSet.MaximumClasses ? targets
        : throw new InvalidDataSetException($"{column.Where}: there are {targets.Classes.Count} different labels; "
            + $"there must be at most {DataSet.MaximumClasses}");

    private static bool IsNumber(string text) => Table.IsNumber(text, out _);

    private static bool IsWhole(string text) => double.Parse(text, CultureInfo.InvariantCulture) is var value && value == Math.Round(value);
}
