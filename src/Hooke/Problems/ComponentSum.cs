using System.Numerics;
using Hooke.Numerics;

namespace Hooke.Problems;

/// <summary>f_i(x).</summary>
/// <param name="component">i, from 0.</param>
/// <param name="x">Where, n parameters.</param>
/// <typeparam name="T">Number type.</typeparam>
public delegate double ComponentLoss<T>(int component, ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>Adds ∇f_i(x) to a sum. Adding, not writing, lets a batch sum its components without scratch memory.</summary>
/// <param name="component">i, from 0.</param>
/// <param name="x">Where, n parameters.</param>
/// <param name="sum">Has n elements, and receives n partial derivatives on top of what it holds.</param>
/// <typeparam name="T">Number type.</typeparam>
public delegate void ComponentGradient<T>(int component, ReadOnlySpan<T> x, Span<T> sum) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>
/// F(x) = (1/N) Σ_i f_i(x). A batch draws its components uniformly with replacement, wherever the run is in its stream of
/// examples; the stochastic gradient is their mean. [AnLuYing18, eqs. 1.1 and 4.1]
/// </summary>
/// <typeparam name="T">Number type.</typeparam>
public sealed class ComponentSum<T> : IClosedForm<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ComponentLoss<T> loss;
    private readonly ComponentGradient<T> gradient;
    private readonly T[] start;

    /// <summary>Creates the problem; its dimension n is the number of start values.</summary>
    /// <param name="components">N, at least 1.</param>
    /// <param name="loss">f_i; any number of threads may call it.</param>
    /// <param name="gradient">Adds ∇f_i; any number of threads may call it.</param>
    /// <param name="start">Where runs start: n finite numbers, n at least 1.</param>
    /// <exception cref="ArgumentException">An argument outside its range, with its value.</exception>
    public ComponentSum(int components, ComponentLoss<T> loss, ComponentGradient<T> gradient, params ReadOnlySpan<double> start)
    {
        if (components < 1) throw new ArgumentException($"components is {components}; it must be at least 1");
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(gradient);
        Components = components;
        this.loss = loss;
        this.gradient = gradient;
        this.start = Require.Finite<T>(start, nameof(start));
    }

    /// <summary>n.</summary>
    public int Dimension => start.Length;

    /// <summary>N.</summary>
    public int Components { get; }

    /// <summary>N: an epoch is as many draws as there are components.</summary>
    public long Examples => Components;

    /// <inheritdoc/>
    public ReadOnlySpan<T> Start => start;

    /// <inheritdoc/>
    public double Loss(ReadOnlySpan<T> x)
    {
        double sum = 0;
        for (int i = 0; i < Components; i++) sum += loss(i, x);
        return sum / Components;
    }

    /// <summary>f_i(x).</summary>
    /// <param name="component">i, from 0 to N−1.</param>
    /// <param name="x">Where, n parameters.</param>
    public double Loss(int component, ReadOnlySpan<T> x) => loss(component, x);

    /// <summary>Writes ∇f_i(x).</summary>
    /// <param name="component">i, from 0 to N−1.</param>
    /// <param name="x">Where, n parameters.</param>
    /// <param name="gradient">Receives n partial derivatives.</param>
    public void Gradient(int component, ReadOnlySpan<T> x, Span<T> gradient)
    {
        gradient.Clear();
        this.gradient(component, x, gradient);
    }

    /// <inheritdoc/>
    public double Gradient(ReadOnlySpan<T> x, Span<T> gradient, in Draw draw)
    {
        bool full = draw.Count == Draw.Full;
        int count = full ? Components : draw.Count;
        var noise = draw.Noise(NoiseStream.Sampling);
        double sum = 0;
        gradient.Clear();
        for (int j = 0; j < count; j++)
        {
            int component = full ? j : (int)noise.Integer(j, Components);
            sum += loss(component, x);
            this.gradient(component, x, gradient);
        }
        T divisor = T.CreateTruncating(count);
        for (int k = 0; k < gradient.Length; k++) gradient[k] /= divisor;
        return sum / count;
    }
}
