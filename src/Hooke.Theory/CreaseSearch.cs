using Hooke.Numerics;

namespace Hooke.Theory;

/// <summary>
/// Minimizes a continuous function without slopes over a box of one to three dimensions: a grid, and from its best points golden
/// sections in one dimension, or Nelder and Mead's simplex. A simplex can come to rest on a crease, along which the minimum of a
/// largest eigenvalue mostly lies, so it is started again, turned and small, until that leads no further down.
/// </summary>
/// <param name="low">Lower ends; they and the upper ones are not tried.</param>
/// <param name="high">Upper ends.</param>
/// <param name="function">The function.</param>
internal sealed class CreaseSearch(double[] low, double[] high, Func<double[], double> function)
{
    private const int MostRestarts = 40, Patience = 6;
    private const double Precision = 1e-11, Progress = 1e-11;

    /// <summary>Searches.</summary>
    /// <param name="isThorough">Whether many points of a fine grid are followed; else one of a coarse grid, once.</param>
    public (double[] Point, double Value) Least(bool isThorough)
    {
        int n = low.Length, cells = (n, isThorough) switch { (1, true) => 257, (1, false) => 65, (2, true) => 41, (2, false) => 17, (_, true) => 17, _ => 9 };
        double[] side = [.. Enumerable.Range(0, cells).Select(k => (k + 0.5) / cells)];
        IEnumerable<double[]> grid = [[]];
        for (int k = 0; k < n; k++) grid = grid.SelectMany(point => side.Select(value => (double[])[.. point, value]));
        var starts = new List<(double[] Point, double Value)>();
        foreach (var candidate in grid.Select(point => (Point: point, Value: At(point))).OrderBy(each => each.Value))
        {
            if (starts.Count == (isThorough ? 6 : 1)) break;
            if (starts.All(start => Enumerable.Range(0, n).Any(k => Math.Abs(start.Point[k] - candidate.Point[k]) > 2.5 / cells))) starts.Add(candidate);
        }
        var best = starts.Select(start => n == 1 ? Section(start.Point[0], 1.0 / cells) : Descend(start, 1.0 / cells, isThorough)).MinBy(each => each.Value);
        return ([.. best.Point.Select((u, k) => low[k] + u * (high[k] - low[k]))], best.Value);
    }

    /// <summary>The function at a point of the unit cube; what is outside is never the least.</summary>
    private double At(double[] u)
    {
        foreach (double value in u)
            if (value is not (> 0 and < 1)) return double.PositiveInfinity;
        double at = function([.. u.Select((value, k) => low[k] + value * (high[k] - low[k]))]);
        return double.IsNaN(at) ? double.PositiveInfinity : at;
    }

    private (double[] Point, double Value) Section(double middle, double width)
    {
        double golden = (Math.Sqrt(5) - 1) / 2, a = Math.Max(0, middle - width), b = Math.Min(1, middle + width);
        double x = b - golden * (b - a), y = a + golden * (b - a), fx = At([x]), fy = At([y]);
        while (b - a > Precision)
            if (fx <= fy) { (b, y, fy) = (y, x, fx); x = b - golden * (b - a); fx = At([x]); }
            else { (a, x, fx) = (x, y, fy); y = a + golden * (b - a); fy = At([y]); }
        return fx <= fy ? ([x], fx) : ([y], fy);
    }

    private (double[] Point, double Value) Descend((double[] Point, double Value) best, double width, bool isThorough)
    {
        int idle = 0;
        for (int restart = 0; restart < (isThorough ? MostRestarts : 1) && idle < Patience; restart++)
        {
            // Sizes from the cell's down to a thousandth of it, again and again.
            var next = Simplex(best, width * Math.Pow(10, -(restart % 4)), restart);
            idle = next.Value < best.Value - Progress ? 0 : idle + 1;
            if (next.Value < best.Value) best = next;
        }
        return best;
    }

    private (double[] Point, double Value) Simplex((double[] Point, double Value) start, double size, int number)
    {
        int n = low.Length;
        var corners = new (double[] Point, double Value)[n + 1];
        corners[0] = start;
        var noise = new Noise(1, 0, number, NoiseStream.Generation);
        for (int k = 0; k < n; k++)
        {
            double[] direction = [.. Enumerable.Range(0, n).Select(i => number == 0 ? (i == k ? 1 : 0) : noise.Gaussian(k * n + i))];
            double length = Math.Sqrt(direction.Sum(d => d * d));
            double[] point = [.. start.Point.Select((u, i) => u + size * direction[i] / length is > 0 and < 1 and var inside ? inside : u - size * direction[i] / length)];
            corners[k + 1] = (point, At(point));
        }
        for (int step = 0; step < 300 * n; step++)
        {
            Array.Sort(corners, (a, b) => a.Value.CompareTo(b.Value));
            if (Enumerable.Range(0, n).All(i => corners.Max(c => c.Point[i]) - corners.Min(c => c.Point[i]) < Precision)) break;
            double[] middle = [.. Enumerable.Range(0, n).Select(i => corners[..n].Average(c => c.Point[i]))];
            (double[] Point, double Value) Try(double factor)
            {
                double[] point = [.. middle.Select((m, i) => m + factor * (corners[n].Point[i] - m))];
                return (point, At(point));
            }
            var reflected = Try(-1);
            if (reflected.Value < corners[0].Value)
            {
                var expanded = Try(-2);
                corners[n] = expanded.Value < reflected.Value ? expanded : reflected;
            }
            else if (reflected.Value < corners[n - 1].Value) corners[n] = reflected;
            else
            {
                var contracted = Try(reflected.Value < corners[n].Value ? -0.5 : 0.5);
                if (contracted.Value < Math.Min(reflected.Value, corners[n].Value)) corners[n] = contracted;
                else
                    for (int c = 1; c <= n; c++)
                    {
                        double[] point = [.. corners[c].Point.Select((u, i) => (u + corners[0].Point[i]) / 2)];
                        corners[c] = (point, At(point));
                    }
            }
        }
        return corners.MinBy(c => c.Value);
    }
}
