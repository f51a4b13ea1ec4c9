using System.Globalization;

namespace Hooke.Models.Data;

/// <summary>What may be said of a text file, behind its name as <c>:option=value</c>.</summary>
public sealed record TextOptions
{
    /// <summary>What options there are, for messages.</summary>
    public const string Accepted = ":label=NAME, :target=NAME or :header=true|false behind the name of a table, "
        + ":label=first, :target=first, :dimension=N or :index-base=0|1 behind that of sparse text";

    /// <summary>What targets are taken for.</summary>
    public TargetTask Task { get; init; }

    /// <summary>The target's column in a table: first, last, or a name; null for one named label, class or target, else the last.</summary>
    public string? Column { get; init; }

    /// <summary>Whether the first line of a table holds names; null to see.</summary>
    public bool? Header { get; init; }

    /// <summary>Number of features of sparse text; 0 for the greatest index.</summary>
    public int Dimension { get; init; }

    /// <summary>Index of the first feature of sparse text, 0 or 1; null for 1 if nothing is said.</summary>
    public int? IndexBase { get; init; }

    /// <summary>A file of test examples; null for a part of the others.</summary>
    public string? TestPath { get; init; }

    /// <summary>Refuses what no set with a name takes.</summary>
    /// <param name="name">The set.</param>
    /// <exception cref="InvalidDataSetException">A first index or a file of test examples is given.</exception>
    internal void RefuseFor(string name)
    {
        if (IndexBase is { } first) throw new InvalidDataSetException($"index-base is {first}; {name} is no sparse text");
        if (TestPath is { } test) throw new InvalidDataSetException($"test-data is {test}; {name} has test examples of its own");
    }

    /// <summary>Reads options.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="said">Names and values.</param>
    /// <param name="isTable">Whether the file is a table; else it is sparse text.</param>
    /// <exception cref="InvalidDataSetException">An option is unknown, or its value is out of its range.</exception>
    internal static TextOptions Parse(string path, IEnumerable<(string Name, string Value)> said, bool isTable)
    {
        TextOptions options = new();
        HashSet<string> seen = [];
        foreach (var (name, value) in said)
        {
            // Both say which column is the target.
            if (!seen.Add(name == "target" ? "label" : name))
                throw new InvalidDataSetException($"{path}: {name} is given twice, or label and target are both given; "
                    + $"each must be given once");
            options = (name, isTable) switch
            {
                ("label", true) => options with { Task = TargetTask.Classes, Column = value },
                ("target", true) => options with { Task = TargetTask.Numbers, Column = value },
                ("header", true) when value is "true" or "false" => options with { Header = value == "true" },
                ("label", false) when value == "first" => options with { Task = TargetTask.Classes },
                ("target", false) when value == "first" => options with { Task = TargetTask.Numbers },
                ("index-base", false) when value is "0" or "1" => options with { IndexBase = value[0] - '0' },
                ("dimension", false) when Dimensions(value) is { } dimension => options with { Dimension = dimension },
                _ => throw new InvalidDataSetException($"{path}: {Wrong(name, value, isTable)}"),
            };
        }
        return options;
    }

    private static int? Dimensions(string text)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value is > 0 and <= SvmText.MaximumDimension ? value : null;

    private static string Wrong(string name, string value, bool isTable) => (name, isTable) switch
    {
        ("header", true) => $"header is {value}; it must be true or false",
        ("label" or "target", false) => $"{name} is {value}; it must be first, the place of the label in sparse text",
        ("index-base", false) => $"index-base is {value}; it must be 0 or 1",
        ("dimension", false) => $"the option is dimension={value}; it must be dimension and a number from 1 to {SvmText.MaximumDimension}",
        (_, true) => $"the option is {name}; it must be label, target or header",
        _ => $"the option is {name}; it must be label, target, dimension or index-base",
    };
}
