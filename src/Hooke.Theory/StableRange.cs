using Hooke.Theory.LinearMaps;

namespace Hooke.Theory;

/// <summary>A range of a parameter in which a setup is stable.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct StableRange(double Low, double High)
{
    private const double Precision = 1e-10; // of the axis

    /// <summary>The ranges of a parameter in which a radius is below 1, their ends found by bisection.</summary>
    /// <param name="setup">What stays the same.</param>
    /// <param name="axis">What varies.</param>
    /// <param name="samples">Points at which ranges are looked for; what is narrower than their distance may be missed.</param>
    /// <exception cref="ArgumentException">A parameter that there is not, or a range out of range.</exception>
    public static IReadOnlyList<StableRange> Find(Setup setup, Axis axis, int samples = 1000)
    {
        if (axis.IsWhole) samples = (int)Math.Min(samples, axis.High - axis.Low + 1);
        double[] at = axis.Cells(samples);
        setup.With(axis.Name, at[^1]).Radius();
        var stable = new bool[at.Length];
        Parallel.For(0, at.Length, k => stable[k] = IsStable(at[k]));
        var ranges = new List<StableRange>();
        for (int k = 0; k < at.Length; k++)
        {
            if (!stable[k]) continue;
            double low = k == 0 ? axis.Low : End(at[k], at[k - 1]);
            while (k + 1 < at.Length && stable[k + 1]) k++;
            ranges.Add(new(low, k + 1 == at.Length ? axis.High : End(at[k], at[k + 1])));
        }
        return ranges;

        bool IsStable(double value) => Round.IsStable(setup.With(axis.Name, value).Radius());

        double End(double inside, double outside)
        {
            while (Math.Abs(outside - inside) > Precision * (axis.High - axis.Low))
            {
                double middle = axis.IsWhole ? Math.Floor((inside + outside) / 2) : (inside + outside) / 2;
                if (middle == inside || middle == outside) break;
                if (IsStable(middle)) inside = middle;
                else outside = middle;
            }
            return inside;
        }
    }
}
