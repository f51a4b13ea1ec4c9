namespace Hooke.Theory;

/// <summary>A parameter that varies within a range.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end, above the lower.</param>
/// <param name="IsWhole">Whether it takes whole numbers only, both ends included.</param>
public sealed record Axis(string Name, double Low, double High, bool IsWhole = false)
{
    /// <summary>The whole numbers of the range, or the middles of equal cells.</summary>
    /// <param name="count">How many cells, at least 1.</param>
    public double[] Cells(int count)
    {
        if (IsWhole)
        {
            // As evenly as whole numbers are: at most one a cell.
            int most = (int)Math.Min(count, High - Low + 1);
            return [.. Enumerable.Range(0, most).Select(k => most == 1 ? Low : Math.Round(Low + (High - Low) * k / (most - 1)))];
        }
        double step = (High - Low) / count;
        return [.. Enumerable.Range(0, count).Select(k => Low + (k + 0.5) * step)];
    }
}

/// <summary>A quantity over two parameters.</summary>
/// <param name="X">The parameter across.</param>
/// <param name="Y">The parameter upwards.</param>
/// <param name="XValues">Its values.</param>
/// <param name="YValues">Its values.</param>
/// <param name="Values">values[j][i] at the i-th x and the j-th y; NaN where the parameters don't go together.</param>
public sealed record StabilityMap(Axis X, Axis Y, double[] XValues, double[] YValues, double[][] Values)
{
    /// <summary>Evaluates a quantity over a grid, on all cores.</summary>
    /// <param name="setup">What stays the same.</param>
    /// <param name="x">The parameter across, with its number of cells.</param>
    /// <param name="y">The parameter upwards, with its number of cells.</param>
    /// <param name="quantity">What is mapped, for example the spectral radius.</param>
    /// <exception cref="ArgumentException">A parameter that there is not, or a value out of range.</exception>
    public static StabilityMap Of(Setup setup, (Axis Axis, int Cells) x, (Axis Axis, int Cells) y, Func<Setup, double> quantity)
    {
        double[] across = x.Axis.Cells(x.Cells), upwards = y.Axis.Cells(y.Cells);
        // Wrong names and values are told once, by whoever asked.
        foreach (double value in (double[])[across[0], across[^1]]) setup.With(x.Axis.Name, value);
        foreach (double value in (double[])[upwards[0], upwards[^1]]) setup.With(y.Axis.Name, value);
        quantity(setup.With(x.Axis.Name, across[0]).With(y.Axis.Name, upwards[0]));
        var values = new double[upwards.Length][];
        Parallel.For(0, upwards.Length, j =>
        {
            var row = new double[across.Length];
            var above = setup.With(y.Axis.Name, upwards[j]);
            for (int i = 0; i < row.Length; i++) row[i] = quantity(above.With(x.Axis.Name, across[i]));
            values[j] = row;
        });
        return new(x.Axis, y.Axis, across, upwards, values);
    }

    /// <summary>The smallest value and where it is.</summary>
    public (double X, double Y, double Value) Least()
    {
        (double X, double Y, double Value) least = (double.NaN, double.NaN, double.PositiveInfinity);
        for (int j = 0; j < YValues.Length; j++)
            for (int i = 0; i < XValues.Length; i++)
                if (Values[j][i] < least.Value) least = (XValues[i], YValues[j], Values[j][i]);
        return least;
    }
}
