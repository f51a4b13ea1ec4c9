using System.Numerics;
using Hooke.Numerics;

namespace Hooke.Problems;

/// <summary>
/// F(x) = ½ E[u²] Σ_k x_k² with the stochastic gradient u_k² x_k, where u_k² ~ Γ(λ, ω), of mean λ/ω and variance λ/ω²,
/// independently in every component. The noise vanishes with x. [Zhang16, eqs. 5.22 and 5.23]
/// </summary>
/// <remarks>
/// The thesis writes the objective as E[(xu)²], whose gradient is 2u²x, and steps by η u² x: its η absorbs the 2. Here the ½
/// is in F, so a learning rate here is the thesis's η. The mean over a batch of b draws is Γ(bλ, bω) [Zhang16, eq. 5.24] and
/// is drawn as one number of that law. Gaussian u of variance σ² is λ = 1/2, ω = 1/(2σ²).
/// </remarks>
/// <typeparam name="T">Number type.</typeparam>
public sealed class MultiplicativeNoise<T> : IClosedForm<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int MostComponents = 1 << 25; // as many as Noise.Gamma has indices
    private readonly T[] start;

    /// <summary>Creates the problem; its dimension n is the number of start values.</summary>
    /// <param name="shape">λ &gt; 0.</param>
    /// <param name="rate">ω &gt; 0.</param>
    /// <param name="start">Where runs start: n finite numbers, n from 1 to 2²⁵.</param>
    /// <exception cref="ArgumentException">An argument outside its range, with its value.</exception>
    public MultiplicativeNoise(double shape, double rate, params ReadOnlySpan<double> start)
    {
        Shape = Require.Positive(shape, nameof(shape));
        Rate = Require.Positive(rate, nameof(rate));
        if (start.Length > MostComponents) throw new ArgumentException($"start has {start.Length} entries; it must have 1 to {MostComponents}");
        this.start = Require.Finite<T>(start, nameof(start));
    }

    /// <summary>n.</summary>
    public int Dimension => start.Length;

    /// <summary>λ.</summary>
    public double Shape { get; }

    /// <summary>ω.</summary>
    public double Rate { get; }

    /// <inheritdoc/>
    public ReadOnlySpan<T> Start => start;

    /// <inheritdoc/>
    public double Loss(ReadOnlySpan<T> x)
    {
        double sum = 0;
        for (int k = 0; k < start.Length; k++) sum += double.CreateTruncating(x[k] * x[k]);
        return Shape / Rate * sum / 2;
    }

    /// <inheritdoc/>
    public double Gradient(ReadOnlySpan<T> x, Span<T> gradient, in Draw draw)
    {
        bool full = draw.Count == Draw.Full;
        double sum = 0;
        var noise = draw.Noise(NoiseStream.Gradient);
        for (int k = 0; k < start.Length; k++)
        {
            T square = T.CreateTruncating(full ? Shape / Rate : noise.Gamma(k, draw.Count * Shape, draw.Count * Rate));
            gradient[k] = square * x[k];
            sum += double.CreateTruncating(gradient[k] * x[k]);
        }
        return sum / 2;
    }
}
