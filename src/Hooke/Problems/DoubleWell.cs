using System.Numerics;

namespace Hooke.Problems;

/// <summary>
/// f(x) = Σ_k ¼ (1 − x_k²)², with minima at ±1 and a maximum at 0 in every component, and the stochastic gradient
/// (x² − 1) x − ξ, ξ ~ N(0, σ²/b) for a batch of b; it is the gradient of f(x) − ξ·x.
/// [Zhang16, eqs. 5.35 and 5.36, a worker's own term, without the coupling]
/// </summary>
/// <remarks>The thesis's objective has no noise, σ = 0.</remarks>
/// <typeparam name="T">Number type.</typeparam>
public sealed class DoubleWell<T> : IClosedForm<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] start;
    private readonly AdditiveNoise<T> noise;

    /// <summary>Creates the problem; its dimension n is the number of start values.</summary>
    /// <param name="start">Where runs start: n finite numbers, n at least 1.</param>
    /// <param name="deviation">σ, standard deviation of the gradient noise in each component, at least 0.</param>
    /// <exception cref="ArgumentException">An argument outside its range, with its value.</exception>
    public DoubleWell(ReadOnlySpan<double> start, double deviation = 0)
    {
        this.start = Require.Finite<T>(start, nameof(start));
        noise = new(deviation);
    }

    /// <summary>n.</summary>
    public int Dimension => start.Length;

    /// <inheritdoc/>
    public ReadOnlySpan<T> Start => start;

    /// <summary>σ.</summary>
    public double Deviation => noise.Deviation;

    /// <inheritdoc/>
    public double Loss(ReadOnlySpan<T> x)
    {
        double sum = 0;
        for (int k = 0; k < start.Length; k++)
        {
            T depth = T.One - x[k] * x[k];
            sum += double.CreateTruncating(depth * depth);
        }
        return sum / 4;
    }

    /// <inheritdoc/>
    public double Gradient(ReadOnlySpan<T> x, Span<T> gradient, in Draw draw)
    {
        for (int k = 0; k < start.Length; k++) gradient[k] = (x[k] * x[k] - T.One) * x[k];
        return Loss(x) - noise.Subtract(gradient, x, draw);
    }
}
