using System.Numerics;

namespace Hooke.Problems;

/// <summary>
/// F(x) = ½ Σ_k h_k (x_k − x*_k)², with the stochastic gradient g(x) = h(x − x*) − ξ, ξ ~ N(0, σ²) in every component and
/// N(0, σ²/b) for a batch of b; it is the gradient of f(x, ξ) = F(x) − ξ·x. [Zhang16, eq. 3.1]
/// </summary>
/// <remarks>
/// In the thesis's terms A = diag(h), b = A x* and Σ = σ² times the identity. A diagonal A is no loss of generality for linear
/// update rules with scalar rates, which commute with a change to A's eigenbasis.
/// </remarks>
/// <typeparam name="T">Number type.</typeparam>
public sealed class Quadratic<T> : IClosedForm<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] curvature, start, minimizer;
    private readonly AdditiveNoise<T> noise;

    /// <summary>Creates the problem; its dimension n is the number of curvatures.</summary>
    /// <param name="curvature">h, the Hessian's eigenvalues, each &gt; 0.</param>
    /// <param name="start">Where runs start: n finite numbers, or one for all components.</param>
    /// <param name="minimizer">x*: n finite numbers, or one for all components; the origin if left out.</param>
    /// <param name="deviation">σ, standard deviation of the gradient noise in each component, at least 0.</param>
    /// <exception cref="ArgumentException">An argument outside its range, with its value.</exception>
    public Quadratic(ReadOnlySpan<double> curvature, ReadOnlySpan<double> start, ReadOnlySpan<double> minimizer = default, double deviation = 0)
    {
        this.curvature = Require.Positive<T>(curvature, nameof(curvature));
        this.start = Require.Finite<T>(start, nameof(start), curvature.Length);
        this.minimizer = Require.Finite<T>(minimizer.IsEmpty ? [0.0] : minimizer, nameof(minimizer), curvature.Length);
        noise = new(deviation);
    }

    /// <summary>n.</summary>
    public int Dimension => start.Length;

    /// <summary>h.</summary>
    public ReadOnlySpan<T> Curvature => curvature;

    /// <inheritdoc/>
    public ReadOnlySpan<T> Start => start;

    /// <summary>x*.</summary>
    public ReadOnlySpan<T> Minimizer => minimizer;

    /// <summary>σ.</summary>
    public double Deviation => noise.Deviation;

    /// <inheritdoc/>
    public double Loss(ReadOnlySpan<T> x)
    {
        double sum = 0;
        for (int k = 0; k < start.Length; k++)
        {
            T d = x[k] - minimizer[k];
            sum += double.CreateTruncating(curvature[k] * d * d);
        }
        return sum / 2;
    }

    /// <inheritdoc/>
    public double Gradient(ReadOnlySpan<T> x, Span<T> gradient, in Draw draw)
    {
        for (int k = 0; k < start.Length; k++) gradient[k] = curvature[k] * (x[k] - minimizer[k]);
        return Loss(x) - noise.Subtract(gradient, x, draw);
    }
}
