using Hooke.Methods.Catalog;
using Hooke.Theory.ClosedForms;

namespace Hooke.Theory;

/// <summary>Where a spectral radius is smallest.</summary>
/// <param name="Values">The parameters that were varied.</param>
/// <param name="Radius">The radius there.</param>
/// <param name="Formula">The closed form that says so, where there is one.</param>
public sealed record Optimum(IReadOnlyDictionary<string, double> Values, double Radius, string? Formula = null)
{
    private const int MostWhole = 20_000, MostMixed = 2_000, Followed = 6;

    /// <summary>Finds the parameters with the smallest spectral radius.</summary>
    /// <remarks>
    /// A radius is a maximum of moduli: continuous, with creases along which its minimum mostly lies, so the search uses no slopes. Whole
    /// numbers are tried all; for the best of them the other parameters are searched thoroughly. As any search it may miss a valley that is
    /// narrower than its grid.
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
        int most = real.Length == 0 ? MostWhole : MostMixed;
        if (combinations > most) throw new ArgumentException($"over has {combinations} combinations of whole numbers; it must have at most {most}");
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
            points[number] = numbers;
            radii[number] = Search(setup, whole, numbers, real, isThorough: false).Radius;
        });
        var best = Enumerable.Range(0, points.Length).OrderBy(k => radii[k]).Take(Followed).AsParallel().AsOrdered().Select(k => Search(setup, whole, points[k], real, isThorough: true)).ToList().MinBy(each => each.Radius);
        Axis[] order = [.. whole, .. real];
        return new(axes.ToDictionary(axis => axis.Name, axis => best.Values[Array.IndexOf(order, axis)]), best.Radius);
    }

    /// <summary>Whole numbers with the other parameters at their best.</summary>
    private static (double[] Values, double Radius) Search(Setup setup, Axis[] whole, double[] numbers, Axis[] real, bool isThorough)
    {
        var at = At(setup, whole, numbers);
        if (real.Length == 0) return (numbers, at.Radius());
        var (point, radius) = new CreaseSearch([.. real.Select(axis => axis.Low)], [.. real.Select(axis => axis.High)], x => At(at, real, x).Radius()).Least(isThorough);
        return ([.. numbers, .. point], radius);
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
            ("msgd", "momentum") when setup.Gamma is null && rate > 0 => (AdditiveNoise.OptimalMomentum(rate), "[Zhang16, after eq. 5.8]"),
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
}
