using Hooke.Methods.Catalog;
using Hooke.Problems;
using Hooke.Runs;
using Hooke.Tests.Numerics;
using Xunit;

namespace Hooke.Tests.Laws;

/// <summary>
/// Law 5: moments of runs on a noisy quadratic agree with exact ones. 4000 independent components are 4000 runs; all are
/// Gaussian, so mean and variance have their textbook standard errors. Every assertion is at 4 standard errors: it rejects a
/// right implementation with probability 6·10⁻⁵ over the choice of its seed, and seeds are fixed.
/// </summary>
public class MomentLaws
{
    private const int Runs = 4000;
    private const double Curvature = 1.5, Deviation = 0.8, Eta = 0.2;

    [Fact]
    public void Sgd_has_its_stationary_variance()
    {
        // Var = η σ²/(h (2 − ηh)); after 100 steps the start is forgotten: 0.7¹⁰⁰ = 3·10⁻¹⁶.
        using var star = Start("sgd", 1, null, batch: 1);
        Check(star.Center, 0, Eta * Deviation * Deviation / (Curvature * (2 - Eta * Curvature)));
        using var batches = Start("sgd", 1, null, batch: 4);
        Check(batches.Center, 0, Eta * Deviation * Deviation / 4 / (Curvature * (2 - Eta * Curvature)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Synchronous_easgd_has_its_center_variance_and_mean_at_all_times(int workers)
    {
        const double Alpha = 0.15;
        double beta = workers * Alpha;
        using var star = Start("easgd", workers, TimingChoice.Synchronous, batch: 1, steps: 0, ("moving-rate", Alpha), ("period", 1));
        // u = (mean of x, x̃): u ← A u + (ηξ̄, 0), Var ξ̄ = σ²/p.
        var exact = new Moments(new[,] { { 1 - Alpha - Eta * Curvature, Alpha }, { beta, 1 - beta } }, [Eta, 0], Deviation * Deviation / workers, [1, 1]);
        foreach (int steps in new[] { 1, 4, 15, 80 })
        {
            Turns.Run(star, steps);
            exact.Step(steps);
            var (mean, variance) = exact.Of(0, 1);
            Check(star.Center, mean, variance);
        }
    }

    [Fact]
    public void Msgd_has_its_variance_and_mean_at_all_times()
    {
        const double Delta = 0.6;
        using var star = Start("msgd", 1, null, batch: 1, steps: 0, ("momentum", Delta));
        // v ← δ(1 − ηh) v − ηh x + ηξ; x ← x + v.
        double keep = Delta * (1 - Eta * Curvature), pull = -Eta * Curvature;
        var exact = new Moments(new[,] { { keep, pull }, { keep, 1 + pull } }, [Eta, Eta], Deviation * Deviation, [0, 1]);
        foreach (int steps in new[] { 1, 4, 15, 80 })
        {
            Turns.Run(star, steps);
            exact.Step(steps);
            var (mean, variance) = exact.Of(0, 1);
            Check(star.Center, mean, variance);
        }
    }

    private static Star<double> Start(string name, int workers, TimingChoice? timing, int batch, int steps = 100, params (string Name, double Value)[] values)
    {
        var method = AllMethods.Find(name).Create(new(workers) { Timing = timing, Values = values.Append(("learning-rate", Eta)).ToDictionary(v => v.Item1, v => v.Item2) });
        var curvature = new double[Runs];
        curvature.AsSpan().Fill(Curvature);
        var star = new Star<double>(method, new Quadratic<double>(curvature, start: [1], deviation: Deviation), workers, seed: 11);
        Turns.Run(star, steps, batch);
        return star;
    }

    private static void Check(ReadOnlySpan<double> x, double mean, double variance)
    {
        // Where only the start is seen there is no variance to be tested.
        if (variance == 0)
        {
            foreach (double value in x) Assert.Equal(mean, value, 1e-12);
            return;
        }
        var sample = new Sample();
        foreach (double value in x) sample.Add(value);
        sample.AssertMoments(mean, variance);
    }

    /// <summary>m ← A m and C ← A C Aᵀ + s b bᵀ in two dimensions.</summary>
    private sealed class Moments(double[,] a, double[] b, double s, double[] m)
    {
        private double[,] covariance = new double[2, 2];

        public void Step(int steps)
        {
            for (; steps > 0; steps--)
            {
                m = [a[0, 0] * m[0] + a[0, 1] * m[1], a[1, 0] * m[0] + a[1, 1] * m[1]];
                var next = new double[2, 2];
                for (int i = 0; i < 2; i++)
                    for (int j = 0; j < 2; j++)
                    {
                        next[i, j] = s * b[i] * b[j];
                        for (int k = 0; k < 2; k++)
                            for (int l = 0; l < 2; l++) next[i, j] += a[i, k] * covariance[k, l] * a[j, l];
                    }
                covariance = next;
            }
        }

        /// <summary>Mean and variance of wᵀu.</summary>
        public (double Mean, double Variance) Of(params double[] w)
            => (w[0] * m[0] + w[1] * m[1], w[0] * w[0] * covariance[0, 0] + 2 * w[0] * w[1] * covariance[0, 1] + w[1] * w[1] * covariance[1, 1]);
    }
}
