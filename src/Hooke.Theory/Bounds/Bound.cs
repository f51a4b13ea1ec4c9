using Hooke.Methods.Catalog;

namespace Hooke.Theory.Bounds;

/// <summary>An argument of a formula.</summary>
/// <param name="Name">Its name, in lower case with dashes.</param>
/// <param name="Symbol">Its symbol in the paper.</param>
/// <param name="Meaning">What it is.</param>
/// <param name="Range">What it may be.</param>
/// <param name="Default">Its value where none is given; NaN if it must be given.</param>
public sealed record Argument(string Name, string Symbol, string Meaning, Interval Range, double Default = double.NaN);

/// <summary>A formula of a paper by name: a bound, a rate, a moment, an optimum.</summary>
/// <param name="Name">Its name on the command line, such as <c>zhang16-5.27</c>.</param>
/// <param name="Title">What it says, in a line.</param>
/// <param name="Reference">Where it stands.</param>
/// <param name="Arguments">What it depends on.</param>
/// <param name="Value">The formula; it gets the arguments' values in their order, each within its range.</param>
public sealed record Bound(string Name, string Title, string Reference, IReadOnlyList<Argument> Arguments, Func<IReadOnlyList<double>, double> Value)
{
    /// <summary>Evaluates the formula.</summary>
    /// <param name="values">Arguments by name; the others take their defaults.</param>
    /// <exception cref="ArgumentException">An argument that the formula does not have, one that is missing, or a value out of range.</exception>
    public double At(IReadOnlyDictionary<string, double> values)
    {
        foreach (string name in values.Keys)
            if (!Arguments.Any(a => a.Name == name)) throw new ArgumentException($"{name} is not an argument of {Name}; it has {string.Join(", ", Arguments.Select(a => a.Name))}");
        var ordered = new double[Arguments.Count];
        for (int k = 0; k < ordered.Length; k++)
        {
            var argument = Arguments[k];
            double value = values.TryGetValue(argument.Name, out double given) ? given : argument.Default;
            if (double.IsNaN(value) && !values.ContainsKey(argument.Name)) throw new ArgumentException($"{argument.Name} is missing; {Name} needs it: {argument.Meaning}, {argument.Range}");
            if (!argument.Range.Contains(value)) throw new ArgumentException(FormattableString.Invariant($"{argument.Name} is {value}; it must be {argument.Range}"));
            ordered[k] = value;
        }
        return Value(ordered);
    }
}

/// <summary>All formulas, by name.</summary>
public static class AllBounds
{
    /// <summary>Every formula.</summary>
    public static IReadOnlyList<Bound> List { get; } = [];

    /// <summary>Finds a formula.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static Bound Find(string name) => List.FirstOrDefault(b => b.Name == name)
        ?? throw new ArgumentException($"bound is {name}; it must be one of {string.Join(", ", List.Select(b => b.Name))}");
}
