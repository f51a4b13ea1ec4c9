using Hooke.Problems;

namespace Hooke.Tests.Laws;

/// <summary>F = 0: nothing moves but by coupling.</summary>
internal sealed class Flat(int dimension) : IClosedForm<double>
{
    private readonly double[] start = new double[dimension];

    public int Dimension => dimension;

    public ReadOnlySpan<double> Start => start;

    public double Loss(ReadOnlySpan<double> x) => 0;

    public double Gradient(ReadOnlySpan<double> x, Span<double> gradient, in Draw draw)
    {
        gradient.Clear();
        return 0;
    }
}
