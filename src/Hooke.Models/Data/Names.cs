using System.Globalization;

namespace Hooke.Models.Data;

/// <summary>What a data set calls its classes and columns, so that whoever has a saved model knows what goes in and what comes out.</summary>
public sealed record Names
{
    /// <summary>Nothing has a name.</summary>
    public static Names None { get; } = new();

    /// <summary>The classes in the order of their numbers, as the data have them; none where they are only numbered, from 0.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>The features in the order of an input; none where they have no names.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>The column of labels, or of numbers to be predicted; null where it has no name.</summary>
    public string? Target { get; init; }

    /// <summary>Of sparse text, the index of the first feature; null elsewhere.</summary>
    public int? IndexBase { get; init; }

    /// <summary>The names of so many classes, numbers where they have no names.</summary>
    /// <param name="count">How many there are.</param>
    public IReadOnlyList<string> ClassesOf(int count) => Classes.Count > 0 ? Classes : [.. Enumerable.Range(0, count).Select(number => number.ToString(CultureInfo.InvariantCulture))];

    /// <summary>Refuses names that do not fit.</summary>
    internal void Check(string data, int classes, int features)
    {
        if (Classes.Count > 0 && Classes.Count != classes) throw new InvalidDataSetException($"{data}: there are names of {Classes.Count} classes; there must be one for each of {classes}");
        if (Features.Count > 0 && Features.Count != features) throw new InvalidDataSetException($"{data}: there are names of {Features.Count} features; there must be one for each of {features}");
    }
}
