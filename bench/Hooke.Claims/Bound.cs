using System.Globalization;

namespace Hooke.Claims;

/// <summary>What a figure must keep to; both ends are allowed values, and at least one is given.</summary>
/// <param name="AtLeast">The smallest value that holds.</param>
/// <param name="AtMost">The largest value that holds.</param>
internal readonly record struct Bound(double? AtLeast, double? AtMost)
{
    /// <summary>Whether a value keeps to it; what is no number does not.</summary>
    public bool Holds(double value) => !double.IsNaN(value) && !(value < AtLeast) && !(value > AtMost);

    /// <summary>Whether some value keeps to this bound that did not keep to an older one.</summary>
    public bool IsLooserThan(Bound older)
        => (AtLeast ?? double.NegativeInfinity) < (older.AtLeast ?? double.NegativeInfinity) || (AtMost ?? double.PositiveInfinity) > (older.AtMost ?? double.PositiveInfinity);

    /// <inheritdoc/>
    public override string ToString() => (AtLeast, AtMost) switch
    {
        ({ } low, null) => $"≥ {Text(low)}",
        (null, { } high) => $"≤ {Text(high)}",
        ({ } low, { } high) when low == high => $"= {Text(low)}",
        ({ } low, { } high) => $"{Text(low)} to {Text(high)}",
        _ => "none",
    };

    /// <summary>A number with four digits that count, or all of its whole part.</summary>
    public static string Text(double value)
        => Math.Abs(value) is >= 10_000 and < 1e15 ? value.ToString("N0", CultureInfo.InvariantCulture) : value.ToString("G4", CultureInfo.InvariantCulture);
}
