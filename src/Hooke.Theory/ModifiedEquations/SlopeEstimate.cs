using System.Numerics;
using Hooke.Problems;

namespace Hooke.Theory.ModifiedEquations;

/// <summary>
/// What an objective is like where runs start, along its gradient: the one dimension that the first steps go in, as the
/// optimal batch needs it.
/// </summary>
/// <param name="Curvature">a ≈ |gᵀ∇²F g|/‖g‖², from gradients at both ends of a step of the learning rate on the same examples.</param>
/// <param name="Noise">Σ, the variance of one example's gradient along g.</param>
public readonly record struct SlopeEstimate(double Curvature, double Noise)
{
    private const int Batches = 32;

    /// <summary>Estimates from 32 batches.</summary>
    /// <param name="objective">The objective.</param>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="batch">Examples in a batch, at least 1.</param>
    /// <param name="learningRate">η.</param>
    /// <typeparam name="T">Number type.</typeparam>
    /// <exception cref="ArgumentException">The gradient is 0 or not finite.</exception>
    public static SlopeEstimate Of<T>(IObjective<T> objective, ulong seed, int batch, double learningRate) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = objective.Dimension;
        using Numerics.NativeVector<T> here = new(n), there = new(n), mean = new(n), gradient = new(n);
        objective.Initialize(here.Span, new(seed, -1, 0, Numerics.NoiseStream.Initialization));
        using var oracle = objective.Open();
        mean.Span.Clear();
        for (int k = 0; k < Batches; k++)
        {
            Compute(here.Span, k);
            for (int i = 0; i < n; i++) mean.Span[i] += gradient.Span[i] / T.CreateChecked(Batches);
        }
        double norm = Math.Sqrt(Product(mean.Span, mean.Span));
        if (!(norm > 0) || !double.IsFinite(norm)) throw new ArgumentException(FormattableString.Invariant($"the gradient at the start has norm {norm}; it must be finite and above 0"));
        T rate = T.CreateChecked(learningRate);
        for (int i = 0; i < n; i++) there.Span[i] = here.Span[i] - rate * mean.Span[i];
        double change = 0, squares = 0;
        for (int k = 0; k < Batches; k++)
        {
            Compute(here.Span, k);
            double slope = Product(gradient.Span, mean.Span) / norm;
            squares += (slope - norm) * (slope - norm);
            Compute(there.Span, k);
            change += (slope - Product(gradient.Span, mean.Span) / norm) / Batches;
        }
        return new(Math.Abs(change) / (learningRate * norm), squares / (Batches - 1) * batch);

        void Compute(ReadOnlySpan<T> at, int k)
        {
            var draw = new Draw(seed, -1, k, (long)k * batch, batch);
            oracle.Load(draw);
            oracle.Gradient(at, gradient.Span, draw);
        }
    }

    private static double Product<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++) sum += double.CreateTruncating(x[i]) * double.CreateTruncating(y[i]);
        return sum;
    }
}
