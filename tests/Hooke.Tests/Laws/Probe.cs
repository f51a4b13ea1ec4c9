using System.Numerics;
using Hooke.Methods;
using Hooke.Problems;
using Hooke.Runs;

namespace Hooke.Tests.Laws;

/// <summary>
/// The linear map of one round, τ iterations of every worker, on F(x) = ½ h x² in one dimension, read off the method's own
/// rules by playing unit states. The state is all that a run saves: positions, velocities, memories, center, report.
/// </summary>
internal sealed class Probe
{
    private readonly Method method;
    private readonly int workers;
    private readonly double curvature;
    private readonly string[] names;
    private readonly int[] lengths;

    public Probe(Method method, int workers, double curvature)
    {
        (this.method, this.workers, this.curvature) = (method, workers, curvature);
        using var star = New<double>();
        Turns.Run(star, method.Schedule.Period);
        var vectors = MemoryArchive<double>.Of(star).Vectors;
        names = [.. vectors.Keys];
        lengths = [.. vectors.Values.Select(v => v.Length)];
    }

    /// <summary>Numbers in a state.</summary>
    public int Size => lengths.Sum();

    public Star<T> New<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(method, new Quadratic<T>([curvature], start: [1]), workers);

    /// <summary>An archive that puts a fresh run into a state.</summary>
    public MemoryArchive<T> At<T>(ReadOnlySpan<double> state) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var archive = new MemoryArchive<T> { Restores = true };
        for (int v = 0; v < names.Length; v++)
        {
            archive.Vectors[names[v]] = [.. state[..lengths[v]].ToArray().Select(T.CreateChecked)];
            state = state[lengths[v]..];
        }
        return archive;
    }

    public double[] Read<T>(Star<T> star) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var vectors = MemoryArchive<T>.Of(star).Vectors;
        return [.. names.SelectMany((name, v) => vectors.TryGetValue(name, out var values) ? values : new T[lengths[v]]).Select(double.CreateChecked)];
    }

    /// <summary>The state after a round in turns.</summary>
    public double[] Play<T>(ReadOnlySpan<double> state) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var star = New<T>();
        star.Archive(At<T>(state));
        Turns.Run(star, method.Schedule.Period);
        return Read(star);
    }

    /// <summary>The map; column e is where the unit state e leads.</summary>
    public double[,] Map()
    {
        var map = new double[Size, Size];
        for (int e = 0; e < Size; e++)
        {
            var unit = new double[Size];
            unit[e] = 1;
            var image = Play<double>(unit);
            for (int r = 0; r < Size; r++) map[r, e] = image[r];
        }
        return map;
    }

    public static double[] Apply(double[,] map, double[] state)
        => [.. Enumerable.Range(0, state.Length).Select(r => Enumerable.Range(0, state.Length).Sum(c => map[r, c] * state[c]))];

    /// <summary>Spectral radius, lim ‖Aⁿ‖^(1/n) by repeated squaring.</summary>
    public static double SpectralRadius(double[,] a)
    {
        int n = a.GetLength(0);
        double logarithm = 0, weight = 1;
        for (int squaring = 0; squaring < 40; squaring++, weight /= 2)
        {
            double norm = a.Cast<double>().Max(Math.Abs);
            if (norm == 0) return 0;
            logarithm += weight * Math.Log(norm);
            var square = new double[n, n];
            for (int i = 0; i < n; i++)
                for (int j = 0; j < n; j++)
                    for (int k = 0; k < n; k++)
                        square[i, j] += a[i, k] / norm * (a[k, j] / norm);
            a = square;
        }
        return Math.Exp(logarithm);
    }
}
