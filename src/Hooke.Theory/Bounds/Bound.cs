using Hooke.Methods.Catalog;

namespace Hooke.Theory.Bounds;

/// <summary>An argument of a formula.</summary>
/// <param name="Name">Its name, in lower case with dashes.</param>
/// <param name="Symbol">Its symbol in the paper.</param>
/// <param name="Meaning">What it is.</param>
/// <param name="Range">What it may be.</param>
/// <param name="Default">Its value where none is given; NaN if it must be given.</param>
public sealed record Argument(string Name, string Symbol, string Meaning, Interval Range, double Default = double.NaN)
{
    /// <summary>A finite number above 0.</summary>
    public static Argument Positive(string name, string symbol, string meaning) => new(name, symbol, meaning, new(0, double.PositiveInfinity));

    /// <summary>A finite number, at least 0.</summary>
    public static Argument NonNegative(string name, string symbol, string meaning) => new(name, symbol, meaning, new(0, double.PositiveInfinity, LowIncluded: true));

    /// <summary>A whole number, at least 1 or more.</summary>
    public static Argument Count(string name, string symbol, string meaning, int least = 1) => new(name, symbol, meaning, new(least, double.PositiveInfinity, LowIncluded: true, Whole: true));
}

/// <summary>The largest value of an argument, where it depends on others.</summary>
/// <param name="Argument">The argument's name.</param>
/// <param name="Text">The limit, in the arguments' names.</param>
/// <param name="Value">The limit; it gets the arguments' values in their order.</param>
/// <param name="Included">Whether the limit itself is allowed.</param>
public sealed record Limit(string Argument, string Text, Func<IReadOnlyList<double>, double> Value, bool Included = true)
{
    /// <summary>How far a value may be above a limit that is included: as much as writing both down in decimals can cost.</summary>
    private const double Rounding = 1e-12;

    /// <inheritdoc/>
    public override string ToString() => $"{(Included ? "at most" : "below")} {Text}";

    internal bool Allows(double value, double limit) => Included ? value <= limit * (1 + Rounding) : value < limit;
}

/// <summary>A formula of a paper by name: a bound, a rate, a moment, an optimum.</summary>
/// <param name="Name">Its name on the command line, such as <c>zhang16-5.27</c>.</param>
/// <param name="Title">What it says, in a line.</param>
/// <param name="Reference">Where it stands.</param>
/// <param name="Arguments">What it depends on.</param>
/// <param name="Value">The formula; it gets the arguments' values in their order, each within its range.</param>
public sealed record Bound(string Name, string Title, string Reference, IReadOnlyList<Argument> Arguments, Func<IReadOnlyList<double>, double> Value)
{
    /// <summary>Limits of arguments that depend on others.</summary>
    public IReadOnlyList<Limit> Limits { get; init; } = [];

    /// <summary>What an argument may be, in words: its range, and its limits.</summary>
    /// <param name="argument">One of the arguments.</param>
    public string RangeOf(Argument argument) => string.Join(", ", Limits.Where(limit => limit.Argument == argument.Name).Select(limit => $"{limit}").Prepend($"{argument.Range}"));

    /// <summary>Finds an argument by its name or its symbol.</summary>
    /// <param name="key">Name or symbol.</param>
    public Argument? Find(string key) => Arguments.FirstOrDefault(argument => argument.Name == key) ?? Arguments.FirstOrDefault(argument => argument.Symbol == key);

    /// <summary>Evaluates the formula.</summary>
    /// <param name="values">Arguments by name or symbol; the others take their defaults.</param>
    /// <exception cref="ArgumentException">An argument that the formula does not have, one that is missing or given twice, or a value out of range.</exception>
    public double At(IReadOnlyDictionary<string, double> values)
    {
        var given = new Dictionary<Argument, double>();
        foreach (var (key, value) in values)
        {
            var argument = Find(key) ?? throw new ArgumentException($"{key} is not an argument of {Name}; it has {string.Join(", ", Arguments.Select(a => a.Name))}");
            if (!given.TryAdd(argument, value)) throw new ArgumentException($"{argument.Name} is given twice, by its name and as {argument.Symbol}; it must be given once");
        }
        var ordered = new double[Arguments.Count];
        for (int k = 0; k < ordered.Length; k++)
        {
            var argument = Arguments[k];
            bool isGiven = given.TryGetValue(argument, out double value);
            if (!isGiven) value = argument.Default;
            if (!isGiven && double.IsNaN(value)) throw new ArgumentException($"{argument.Name} is missing; {Name} needs it: {argument.Meaning}, {RangeOf(argument)}");
            if (!argument.Range.Contains(value)) throw new ArgumentException(FormattableString.Invariant($"{argument.Name} is {value}; it must be {argument.Range}"));
            ordered[k] = value;
        }
        foreach (var limit in Limits)
        {
            double value = ordered[Arguments.TakeWhile(argument => argument.Name != limit.Argument).Count()], highest = limit.Value(ordered);
            if (!limit.Allows(value, highest)) throw new ArgumentException(FormattableString.Invariant($"{limit.Argument} is {value}; it must be {limit}, here {highest}"));
        }
        return Value(ordered);
    }

    /// <summary>Evaluates the formula.</summary>
    /// <param name="values">Arguments by name or symbol; the others take their defaults.</param>
    /// <exception cref="ArgumentException">An argument that the formula does not have, one that is missing or given twice, or a value out of range.</exception>
    public double At(params ReadOnlySpan<(string Name, double Value)> values)
    {
        var given = new Dictionary<string, double>();
        foreach (var (name, value) in values)
            if (!given.TryAdd(name, value)) throw new ArgumentException($"{name} is given twice; it must be given once");
        return At(given);
    }
}
