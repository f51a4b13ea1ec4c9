namespace Hooke.Theory.Bounds;

/// <summary>All formulas, by name.</summary>
public static class AllBounds
{
    /// <summary>Every formula.</summary>
    public static IReadOnlyList<Bound> List { get; } = [.. ThesisFormulas.All, .. MiniBatchBounds.All, .. AsynchronousBounds.All, .. MomentumRates.All, .. StabilityBounds.All, .. LockFreeBounds.All];

    /// <summary>Finds a formula.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static Bound Find(string name) => List.FirstOrDefault(b => b.Name == name)
        ?? throw new ArgumentException($"bound is {name}; it must be one of {string.Join(", ", List.Select(b => b.Name))}");
}
