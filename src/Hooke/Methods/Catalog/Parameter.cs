using System.Globalization;

namespace Hooke.Methods.Catalog;

/// <summary>The values that a parameter may take.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
/// <param name="LowIncluded">Whether the lower end is allowed.</param>
/// <param name="HighIncluded">Whether the upper end is allowed.</param>
/// <param name="Whole">Whether only whole numbers are.</param>
public readonly record struct Interval(double Low, double High, bool LowIncluded = false, bool HighIncluded = false, bool Whole = false)
{
    /// <summary>Whether a value is allowed.</summary>
    /// <param name="value">The value.</param>
    public bool Contains(double value) =>
        (LowIncluded ? value >= Low : value > Low) && (HighIncluded ? value <= High : value < High) && (!Whole || value == Math.Floor(value));

    /// <inheritdoc/>
    public override string ToString()
    {
        string low = Low.ToString(CultureInfo.InvariantCulture), high = High.ToString(CultureInfo.InvariantCulture);
        string text = double.IsNegativeInfinity(Low) && double.IsPositiveInfinity(High) ? "finite"
            : double.IsPositiveInfinity(High) ? (LowIncluded ? $"at least {low}" : $"above {low}")
            : $"{(LowIncluded ? $"at least {low}" : $"above {low}")} and {(HighIncluded ? $"at most {high}" : $"below {high}")}";
        return Whole ? $"a whole number, {text}" : text;
    }
}

/// <summary>A parameter's value where none is given.</summary>
/// <param name="Text">For people: a number or a formula in p.</param>
/// <param name="For">The value for p workers.</param>
public sealed record Default(string Text, Func<int, double> For)
{
    /// <summary>The value that follows from other parameters; NaN if the method then has no such parameter.</summary>
    public Func<Ingredients, double>? Follows { get; init; }

    /// <summary>Names of the parameters that it follows.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>A value that follows from other parameters.</summary>
    /// <param name="text">For people.</param>
    /// <param name="follows">The value; NaN if the method then has no such parameter.</param>
    /// <param name="sources">Names of the others.</param>
    public static Default From(string text, Func<Ingredients, double> follows, params IReadOnlyList<string> sources) => new(text, _ => double.NaN) { Follows = follows, Sources = sources };

    /// <summary>A number for any p.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator Default(double value) => new(value.ToString(CultureInfo.InvariantCulture), _ => value);
}

/// <summary>A number that tunes a method.</summary>
/// <param name="Name">Its name, as on the command line without the dashes.</param>
/// <param name="Symbol">Its symbol in the papers.</param>
/// <param name="Meaning">What it is.</param>
/// <param name="Range">What it may be.</param>
/// <param name="Default">What it is if not given.</param>
public sealed record Parameter(string Name, string Symbol, string Meaning, Interval Range, Default Default)
{
    /// <summary>α, by default 0.9/p.</summary>
    public static Parameter MovingRate { get; } = new("moving-rate", "α", "fraction of its difference from the center that a worker moves by", new(-1, 2), new("0.9/p", p => 0.9 / p));

    /// <summary>κ = β/p, by default α.</summary>
    public static Parameter CenterRate { get; } = new("center-rate", "κ = β/p", "fraction of a worker's difference that the center moves by", new(0, double.PositiveInfinity, LowIncluded: true), Default.From("moving-rate", c => c["moving-rate"], "moving-rate"));

    /// <summary>δ, by default 0.99 [Zhang16, sec. 4.2], or what a model is known to learn well with.</summary>
    public static Parameter Momentum { get; } = new("momentum", "δ", "fraction of the velocity that is kept", new(0, 1, LowIncluded: true), Default.From("0.99, or the model's", c => c.Scale.Momentum));

    /// <summary>τ.</summary>
    public static Parameter Period(int value) => new("period", "τ", "local steps between exchanges", new(1, int.MaxValue, true, true, Whole: true), value);

    /// <summary>Rate of a moving average, by default 0.001. [Zhang16, sec. 4.2]</summary>
    public static Parameter AverageRate { get; } = new("average-rate", "α", "rate of the moving average", new(0, 1, HighIncluded: true), 0.001);

    /// <summary>Center update at which averaging starts.</summary>
    public static Parameter AverageFrom { get; } = new("average-from", "", "center update at which averaging starts", new(0, long.MaxValue, true, true, Whole: true), 0);

    /// <summary>ρ, by default 1.</summary>
    public static Parameter Penalty { get; } = new("penalty", "ρ", "strength of the quadratic penalty", new(0, double.PositiveInfinity), 1);

    /// <summary>Largest age of a gradient that is used, by default unbounded.</summary>
    public static Parameter StalenessBound { get; } = new("staleness-bound", "", "a gradient older than this many center updates is dropped", new(0, double.PositiveInfinity, true, true), new("none", _ => double.PositiveInfinity));
}
