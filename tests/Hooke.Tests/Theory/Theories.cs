using Hooke.Methods;
using Hooke.Methods.Catalog;
using Hooke.Theory.LinearMaps;
using Xunit;

namespace Hooke.Tests.Theory;

/// <summary>Methods and matrices for the theory's tests.</summary>
internal static class Theories
{
    /// <summary>Every closed form is tried for these p.</summary>
    public static readonly int[] Workers = [1, 2, 3, 1000, 1_000_000];

    public static Method Method(string name, int workers, TimingChoice? timing, params ReadOnlySpan<(string Name, double Value)> values)
    {
        var recipe = AllMethods.Find(name);
        var given = new Dictionary<string, double>();
        foreach (var (key, value) in values) given[key] = value;
        if (recipe.Parameters.Any(p => p.Name == "period")) given.TryAdd("period", 1);
        return recipe.Create(new(workers) { Timing = timing, Values = given });
    }

    public static SynchronousRound Synchronous(string name, int workers, params ReadOnlySpan<(string Name, double Value)> values)
        => (SynchronousRound)Round.Of(Method(name, workers, AllMethods.Find(name).IsSequential ? null : TimingChoice.Synchronous, values), workers);

    public static void AssertEqual(MathNet.Numerics.LinearAlgebra.Matrix<double> expected, MathNet.Numerics.LinearAlgebra.Matrix<double> actual, double tolerance = 1e-9)
    {
        Assert.Equal((expected.RowCount, expected.ColumnCount), (actual.RowCount, actual.ColumnCount));
        for (int i = 0; i < expected.RowCount; i++)
            for (int j = 0; j < expected.ColumnCount; j++) Assert.Equal(expected[i, j], actual[i, j], tolerance * Math.Max(1, Math.Abs(expected[i, j])));
    }

    /// <summary>The same eigenvalues, in any order.</summary>
    public static void AssertSame(IEnumerable<System.Numerics.Complex> expected, IEnumerable<System.Numerics.Complex> actual, double tolerance = 1e-9)
    {
        var left = actual.ToList();
        foreach (var value in expected)
        {
            Assert.NotEmpty(left);
            var nearest = left.MinBy(z => (z - value).Magnitude);
            Assert.InRange((nearest - value).Magnitude, 0, tolerance * Math.Max(1, value.Magnitude));
            left.Remove(nearest);
        }
        Assert.Empty(left);
    }
}
