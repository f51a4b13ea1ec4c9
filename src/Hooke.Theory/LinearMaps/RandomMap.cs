using Hooke.Problems;
using MathNet.Numerics.LinearAlgebra;

namespace Hooke.Theory.LinearMaps;

/// <summary>z ← (T₀ + u T₁) z + t ξ: what a play with one gradient u y − ξ does to a state.</summary>
/// <param name="AtZero">T₀.</param>
/// <param name="PerCurvature">T₁; of rank one, with columns along t, for u and ξ act through the same gradient.</param>
/// <param name="PerNoise">t.</param>
internal sealed record RandomMap(Matrix<double> AtZero, Matrix<double> PerCurvature, Vector<double> PerNoise)
{
    /// <summary>T₀ + h T₁, the map of the means.</summary>
    /// <param name="curvature">h = E u.</param>
    public Matrix<double> Drift(double curvature) => AtZero + curvature * PerCurvature;
}

/// <summary>
/// The objective that probes play on: g(y) = u y − ξ, with u = 0 in the first half of the components and 1 in the second, and
/// ξ = 1 in the last component of the first half.
/// </summary>
internal sealed class UnitGradients : IClosedForm<double>
{
    private readonly int columns;
    private readonly double[] start;

    /// <summary>Creates it.</summary>
    /// <param name="columns">Components in each half.</param>
    /// <param name="start">Where all components start.</param>
    public UnitGradients(int columns, double start)
    {
        this.columns = columns;
        this.start = new double[2 * columns];
        this.start.AsSpan().Fill(start);
    }

    /// <inheritdoc/>
    public ReadOnlySpan<double> Start => start;

    /// <inheritdoc/>
    public double Loss(ReadOnlySpan<double> x) => 0;

    /// <inheritdoc/>
    public double Gradient(ReadOnlySpan<double> x, Span<double> gradient, in Draw draw)
    {
        gradient[..columns].Clear();
        x[columns..].CopyTo(gradient[columns..]);
        gradient[columns - 1]--;
        return 0;
    }
}
