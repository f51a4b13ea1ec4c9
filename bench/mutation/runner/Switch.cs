namespace Mutants;

/// <summary>What the mutated code asks at every mutant. Stryker's own answer keeps lists under a lock, which is too slow for loops.</summary>
public static class Switch
{
    /// <summary>The mutant that is on; −1 for none.</summary>
    public static int Active = -1;

    /// <summary>Whether each mutant was passed, while that is recorded.</summary>
    public static bool[]? Passed;

    /// <summary>Whether a mutant is on.</summary>
    /// <param name="id">Its number.</param>
    public static bool IsActive(int id)
    {
        if (Passed is { } passed) passed[id] = true;
        return id == Active;
    }
}
