using System.Globalization;
using Hooke.App.Training;

namespace Hooke.App.Simulation;

/// <summary>A kind of number that may have a unit: its base unit, the units that it may be written in, and its range.</summary>
/// <param name="Base">What a number without a unit counts, for messages.</param>
/// <param name="Units">Units, and how many of the base unit each is.</param>
/// <param name="Most">The largest value; the least is 0.</param>
internal sealed record Quantity(string Base, IReadOnlyList<(string Unit, double Factor)> Units, double Most)
{
    public static Quantity Seconds { get; } = new("seconds", [("s", 1), ("ms", 1e-3), ("µs", 1e-6), ("us", 1e-6), ("ns", 1e-9)], 1e9);

    public static Quantity Bytes { get; } = new("bytes", [("B", 1), ("kB", 1e3), ("MB", 1e6), ("GB", 1e9)], 1e15);

    public static Quantity Bandwidth { get; } = new("bytes a second",
        [("Gb/s", 1e9 / 8), ("Mb/s", 1e6 / 8), ("kb/s", 1e3 / 8), ("b/s", 1.0 / 8), ("GB/s", 1e9), ("MB/s", 1e6), ("kB/s", 1e3), ("B/s", 1)], double.MaxValue);

    /// <summary>Reads a number, perhaps with a unit behind it.</summary>
    /// <param name="name">What it is of, for messages.</param>
    /// <param name="text">What was typed, which messages repeat.</param>
    /// <exception cref="BadInputException">It is no number, has another unit, or is out of range.</exception>
    public double Parse(string name, string text)
    {
        string typed = text.Trim();
        // The longest unit that the text ends with: "ms" ends with "s", too.
        var (unit, factor) = ("", 1.0);
        foreach (var each in Units)
            if (each.Unit.Length > unit.Length && typed.EndsWith(each.Unit, StringComparison.Ordinal)) (unit, factor) = each;
        string number = typed[..^unit.Length];
        if (double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
        {
            value *= factor;
            if (value >= 0 && value <= Most) return value;
        }
        string most = Most == double.MaxValue ? "at least 0" : FormattableString.Invariant($"from 0 to {Most:0e+0}").Replace("e+", "e");
        throw Setting.Wrong(name, text, $"a number of {Base} {most}, or a number and {Setting.Choice(Units.Select(each => each.Unit))}");
    }
}
