using Hooke.Methods.Catalog;
using Hooke.Theory.ClosedForms;

namespace Hooke.Theory;

/// <summary>Where a spectral radius is smallest.</summary>
/// <param name="Values">The parameters that were varied.</param>
/// <param name="Radius">The radius there.</param>
/// <param name="Formula">The closed form that says so, where there is one.</param>
public sealed record Optimum(IReadOnlyDictionary<string, double> Values, double Radius, string? Formula = null)
{
    private const int MostWhole = 100_000, Starts = 4;
    private const double Precision = 1e-10; // of a range

    /// <summary>Finds the parameters with the smallest spectral radius.</summary>
    /// <remarks>
    /// A radius is a maximum of moduli: continuous, with creases along which its minimum mostly lies. So the search uses no slopes: whole
    /// numbers are tried all; for each, a grid over the other ranges, from whose best points smaller and smaller grids follow the creases down.
    /// </remarks>
    /// <param name="setup">What stays the same.</param>
    /// <param name="axes">What varies: up to three parameters of any value, and whole ones.</param>
    /// <exception cref="ArgumentException">A parameter that there is not, a range out of range, or too many.</exception>
    public static Optimum Of(Setup setup, params IReadOnlyList<Axis> axes)
    {
        if (axes.Count == 0) throw new ArgumentException("over has 0 parameters; it must have at least 1");
        if (axes.GroupBy(axis => axis.Name).FirstOrDefault(group => group.Count() > 1) is { } twice) throw new ArgumentException($"{twice.Key} is given {twice.Count()} times; it must be given once");
        Axis[] whole = [.. axes.Where(axis => axis.IsWhole)], real = [.. axes.Where(axis => !axis.IsWhole)];
        if (real.Length > 3) throw new ArgumentException($"over has {real.Length} parameters that are not whole; it must have at most 3");
        double combinations = whole.Aggregate(1.0, (product, axis) => product * (axis.High - axis.Low + 1));
        if (combinations > MostWhole) throw new ArgumentException($"over has {combinations} combinations of whole numbers; it must have at most {MostWhole}");
        foreach (var axis in axes) axis.Cells(2).ToList().ForEach(value => setup.With(axis.Name, value));
        if (whole.Length == 0 && real.Length == 1 && Known(setup, real[0]) is { } known) return known;

        var points = new double[(int)combinations][];
        var radii = new double[points.Length];
        // Errors that only show when the method is made are told before the loop.
        At(setup, whole, [.. whole.Select(axis => axis.Low)]).With(axes[^1].Name, axes[^1].Cells(3)[^1]).Radius();
        Parallel.For(0, points.Length, number =>
        {
            var numbers = new double[whole.Length];
            long rest = number;
            for (int k = 0; k < whole.Length; k++)
            {
                long count = (long)(whole[k].High - whole[k].Low + 1);
                numbers[k] = whole[k].Low + rest % count;
                rest /= count;
            }
            var at = At(setup, whole, numbers);
            double[] best = real.Length == 0 ? [] : Search(real, x => At(at, real, x).Radius());
            points[number] = [.. numbers, .. best];
            radii[number] = At(at, real, best).Radius();
        });
        int least = 0;
        for (int k = 1; k < radii.Length; k++)
            if (radii[k] < radii[least]) least = k;
        Axis[] order = [.. whole, .. real];
        return new(axes.ToDictionary(axis => axis.Name, axis => points[least][Array.IndexOf(order, axis)]), radii[least]);
    }

    /// <summary>The ranges of a parameter in which a radius is below 1, their ends found by bisection.</summary>
    /// <param name="setup">What stays the same.</param>
    /// <param name="axis">What varies.</param>
    /// <param name="samples">Points at which ranges are looked for; what is narrower than their distance may be missed.</param>
    /// <exception cref="ArgumentException">A parameter that there is not, or a range out of range.</exception>
    public static IReadOnlyList<(double Low, double High)> StableRanges(Setup setup, Axis axis, int samples = 1000)
    {
        double[] at = axis.Cells(samples);
        setup.With(axis.Name, at[^1]).Radius();
        var stable = new bool[at.Length];
        Parallel.For(0, at.Length, k => stable[k] = IsStable(at[k]));
        var ranges = new List<(double, double)>();
        for (int k = 0; k < at.Length; k++)
        {
            if (!stable[k]) continue;
            double low = k == 0 ? axis.Low : End(at[k], at[k - 1]);
            while (k + 1 < at.Length && stable[k + 1]) k++;
            ranges.Add((low, k + 1 == at.Length ? axis.High : End(at[k], at[k + 1])));
        }
        return ranges;

        bool IsStable(double value) => setup.With(axis.Name, value).Radius() < 1;

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

    /// <summary>A closed form where one is known for just this question, if it lies in the range.</summary>
    private static Optimum? Known(Setup setup, Axis axis)
    {
        double Value(string name, double standard = double.NaN) => setup.Values.TryGetValue(name, out var quantity) && double.IsFinite(setup.Workers) ? quantity.For((int)setup.Workers) : standard;
        double beta = setup.Workers * Value("center-rate"), rate = Value("learning-rate") * setup.Curvature;
        bool steps = Value("period", 1) == 1 && setup.EffectiveTiming is null or TimingChoice.Synchronous;
        (double At, string Formula)? known = (setup.Recipe.Name, axis.Name) switch
        {
            ("sgd" or "minibatch-sgd", "learning-rate") when setup is { Gamma: var (shape, gammaRate), Moment: 2 } => (MultiplicativeNoise.OptimalRate(setup.Workers, shape, gammaRate), "[Zhang16, eq. 5.27]"),
            ("msgd", "momentum") when setup.Gamma is null && rate > 0 && rate != 1 => (AdditiveNoise.OptimalMomentum(rate), "[Zhang16, after eq. 5.8]"),
            ("easgd", "moving-rate") when steps && setup.Gamma is null && setup.Workers > 1 && beta is > 0 and < 1 && rate > 0 => (AdditiveNoise.OptimalMovingRate(rate, beta), "[Zhang16, after eq. 5.19; errata 1]"),
            _ => null,
        };
        return known is var (at, formula) && at >= axis.Low && at <= axis.High && setup.RangeOf(axis.Name)!.Value.Contains(at)
            ? new(new Dictionary<string, double> { [axis.Name] = at }, setup.With(axis.Name, at).Radius(), formula) : null;
    }

    private static Setup At(Setup setup, Axis[] axes, double[] values)
    {
        for (int k = 0; k < axes.Length; k++) setup = setup.With(axes[k].Name, values[k]);
        return setup;
    }

    private static double[] Search(Axis[] axes, Func<double[], double> radius)
    {
        int cells = axes.Length switch { 1 => 129, 2 => 41, _ => 17 };
        double[][] sides = [.. axes.Select(axis => axis.Cells(cells))];
        (double[] Point, double Value)[] grid = [.. Product(sides).Select(point => (point, radius(point)))];
        // The best points that are not next to each other.
        var starts = new List<(double[] Point, double Value)>();
        foreach (var candidate in grid.OrderBy(each => each.Value))
        {
            if (starts.Count == Starts) break;
            if (starts.All(start => Enumerable.Range(0, axes.Length).Any(k => Math.Abs(start.Point[k] - candidate.Point[k]) > 2.5 * (axes[k].High - axes[k].Low) / cells))) starts.Add(candidate);
        }
        return starts.Select(start => Descend(axes, start, radius, 1.0 / cells)).MinBy(each => each.Value).Point;
    }

    /// <summary>Moves a grid of five points a side to its best point, and halves it where that is its center.</summary>
    private static (double[] Point, double Value) Descend(Axis[] axes, (double[] Point, double Value) best, Func<double[], double> radius, double width)
    {
        const int Most = 400;
        for (int step = 0; step < Most && width > Precision; step++)
        {
            double[][] sides = [.. axes.Select((axis, k) => Enumerable.Range(-2, 5).Select(offset => best.Point[k] + offset * width / 2 * (axis.High - axis.Low)).Where(value => value > axis.Low && value < axis.High).ToArray())];
            var next = best;
            foreach (double[] point in Product(sides))
            {
                double value = radius(point);
                if (value < next.Value) next = (point, value);
            }
            if (next.Value < best.Value) best = next;
            else width /= 2;
        }
        return best;
    }

    private static IEnumerable<double[]> Product(double[][] sides)
        => sides.Aggregate((IEnumerable<double[]>)[[]], (points, side) => points.SelectMany(point => side.Select(value => (double[])[.. point, value])));
}
