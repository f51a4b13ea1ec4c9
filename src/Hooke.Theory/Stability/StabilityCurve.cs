namespace Hooke.Theory.Stability;

/// <summary>What is measured, how often, how exactly.</summary>
/// <param name="Examples">n, at least 2.</param>
/// <param name="Steps">Steps of every worker, at least 1.</param>
/// <param name="Repetitions">Pairs of runs, each on a sample of its own; at least 2.</param>
/// <param name="Seed">Seed of all random numbers.</param>
public sealed record TwinPlan(int Examples, long Steps, int Repetitions, ulong Seed = 1)
{
    /// <summary>Points of the curve, evenly spaced; at least 1.</summary>
    public int Points { get; init; } = 20;

    /// <summary>Examples held out of every sample to estimate the risk; at least 1.</summary>
    public int HeldOut { get; init; } = 1000;

    internal void Check()
    {
        AtLeast(Examples, 2, "examples");
        AtLeast(Steps, 1, "steps");
        AtLeast(Repetitions, 2, "repetitions");
        AtLeast(Points, 1, "points");
        AtLeast(HeldOut, 1, "held-out");
    }

    private static void AtLeast(long value, long least, string name)
    {
        if (value < least) throw new ArgumentException($"{name} is {value}; it must be at least {least}");
    }
}

/// <summary>A mean over repetitions.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Error">Its standard error.</param>
public readonly record struct Estimate(double Mean, double Error)
{
    internal static Estimate Of(ReadOnlySpan<double> values)
    {
        double sum = 0, squares = 0;
        foreach (double value in values) sum += value;
        double mean = sum / values.Length;
        foreach (double value in values) squares += (value - mean) * (value - mean);
        return new(mean, Math.Sqrt(squares / (values.Length - 1.0) / values.Length));
    }
}

/// <summary>A point of the curve.</summary>
/// <param name="Step">Steps done by every worker.</param>
/// <param name="Distance">E‖w − w′‖, of the reported models of two runs with the same random numbers, whose samples differ in one example.</param>
/// <param name="DistanceBound">Its bound; NaN where none is proved.</param>
/// <param name="Gap">E[R(w) − R_S(w)], by examples held out.</param>
/// <param name="Replacement">The same by what replacing the example changes: by Theorem 3's proof both have one expectation.</param>
/// <param name="GapBound">The bound of the gap's size; NaN where none is proved.</param>
public sealed record StabilityPoint(long Step, Estimate Distance, double DistanceBound, Estimate Gap, Estimate Replacement, double GapBound);

/// <summary>Measured stability and generalization over time, beside the bounds.</summary>
/// <param name="Bound">Which theorem the bounds are of, or why there is none.</param>
/// <param name="Points">The curve.</param>
public sealed record StabilityCurve(string Bound, IReadOnlyList<StabilityPoint> Points);
