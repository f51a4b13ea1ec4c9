using System.Numerics;
using Hooke.Problems;

namespace Hooke.Tests.Laws;

/// <summary>
/// F(x) = (1/N) Σ_e ½ Σ_k h_k (x_k − a_e b_k)², a sum over N = 7 examples. A batch is a place in the stream of examples, so a
/// fabric that hands out another place, or another number, gives other bits. Runs start at x_k = 1 + k mod 5. Losses see the
/// first 8 components only, to be quick.
/// </summary>
internal sealed class ExampleQuadratic<T>(int dimension = 5) : IClosedForm<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly double[] Targets = [0.9, -0.4, 0.25, -1.1, 0.6, 0.05, -0.3];
    private readonly T[] start = Fill(dimension, k => 1 + k % 5), curvature = Fill(dimension, Curvature), direction = Fill(dimension, Direction);

    public int Dimension => start.Length;

    public long Examples => Targets.Length;

    public ReadOnlySpan<T> Start => start;

    public double Loss(ReadOnlySpan<T> x) => Distance(x, Targets.Average());

    public double Gradient(ReadOnlySpan<T> x, Span<T> gradient, in Draw draw)
    {
        double mean = Mean(draw.Position, draw.Count);
        T target = T.CreateChecked(mean);
        for (int k = 0; k < x.Length; k++) gradient[k] = curvature[k] * (x[k] - target * direction[k]);
        return Distance(x, mean);
    }

    /// <summary>h_k.</summary>
    private static double Curvature(int k) => 0.4 + 0.3 * (k & 3);

    /// <summary>b_k.</summary>
    private static double Direction(int k) => 1 + k % 3;

    private static T[] Fill(int dimension, Func<int, double> formula) => [.. Enumerable.Range(0, dimension).Select(k => T.CreateTruncating(formula(k)))];

    /// <summary>Mean of the targets of a batch.</summary>
    private static double Mean(long position, int count)
    {
        if (count == Draw.Full) return Targets.Average();
        double sum = 0;
        for (int j = 0; j < count; j++) sum += Targets[(int)((position + j) % Targets.Length)];
        return sum / count;
    }

    private static double Distance(ReadOnlySpan<T> x, double target)
    {
        double sum = 0;
        for (int k = 0; k < Math.Min(x.Length, 8); k++)
        {
            double d = double.CreateTruncating(x[k]) - target * Direction(k);
            sum += Curvature(k) * d * d;
        }
        return sum / 2;
    }
}
