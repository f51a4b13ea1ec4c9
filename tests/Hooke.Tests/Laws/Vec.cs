namespace Hooke.Tests.Laws;

/// <summary>A vector on paper: plain arrays with operators, so that algorithms written by hand look as they are printed.</summary>
internal sealed class Vec(params double[] values)
{
    public double[] Values => values;

    public static Vec Zero(int dimension) => new(new double[dimension]);

    public static Vec operator +(Vec a, Vec b) => new([.. a.Values.Zip(b.Values, (x, y) => x + y)]);

    public static Vec operator -(Vec a, Vec b) => new([.. a.Values.Zip(b.Values, (x, y) => x - y)]);

    public static Vec operator *(double s, Vec a) => new([.. a.Values.Select(x => s * x)]);

    public static Vec operator /(Vec a, double s) => new([.. a.Values.Select(x => x / s)]);

    public static Vec Sum(IEnumerable<Vec> all) => all.Aggregate((a, b) => a + b);

    public static Vec Mean(IReadOnlyCollection<Vec> all) => Sum(all) / all.Count;
}
