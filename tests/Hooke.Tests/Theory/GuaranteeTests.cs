using Hooke.Theory.Bounds;
using Xunit;

namespace Hooke.Tests.Theory;

/// <summary>The guarantees of BhardwajCong17 against minima found without formulas, and against what SGD does on quadratics, exactly.</summary>
public sealed class GuaranteeTests
{
    private const int Trials = 60;

    /// <summary>L, σ², D_f, S or K, M, N.</summary>
    private static IEnumerable<(double L, double V, double D, double S, long M, long N)> Draws(ulong seed)
    {
        var dice = new Dice(seed);
        for (int k = 0; k < Trials; k++)
            yield return (dice.Magnitude(0.01, 100), dice.Magnitude(1e-4, 1e4), dice.Magnitude(0.1, 100), dice.Magnitude(10, 1e8), dice.Count(10_000), dice.Count(10_000));
    }

    [Fact]
    public void Theorem_2_is_the_least_of_lemma_1()
    {
        foreach (var (l, v, d, s, m, _) in Draws(1))
        {
            double limit = 2 / (l * m);
            var (at, value) = BruteForce.Least(rate => MiniBatchBounds.Lemma1(rate, l, v, d, s, m), 1e-12 * limit, limit * (1 - 1e-12));
            double exact = MiniBatchBounds.Theorem2(l, v, d, s, m), best = MiniBatchBounds.Theorem2OptimalRate(l, v, d, s, m);
            Assert.Equal(1, exact / value, 1e-9);
            Assert.Equal(1, best / at, 1e-4);
            Assert.Equal(1, MiniBatchBounds.Lemma1(best, l, v, d, s, m) / exact, 1e-12);
            // As the paper and its errata write it.
            double alpha = Math.Sqrt(s * v / (l * d)), small = m / alpha, unit = Math.Sqrt(d * l * v / s);
            Assert.Equal(1, (small + Math.Sqrt(small * small + 2)) * unit / exact, 1e-12);
            Assert.Equal(1, 2 / (small + Math.Sqrt(small * small + 2)) * Math.Sqrt(d / (s * l * v)) / best, 1e-12);
            // Equation (4).
            double c = 0.3 * limit / Math.Sqrt(d / (s * l * v));
            Assert.Equal(1, (1 / c + c / 2) / (1 - c * small / 2) * unit / MiniBatchBounds.Lemma1(0.3 * limit, l, v, d, s, m), 1e-12);
        }
        Assert.Equal(double.PositiveInfinity, MiniBatchBounds.Lemma1(1, 2, 1, 1, 1, 1));
        // Without noise the best step is Newton's on the steepest quadratic.
        Assert.Equal(1.0 / (2 * 5), MiniBatchBounds.Theorem2OptimalRate(2, 0, 3, 100, 5), 1e-15);
    }

    [Fact]
    public void Theorem_3_has_as_many_samples_as_theorem_2_needs_and_more_for_larger_batches()
    {
        foreach (var (l, v, d, _, m, n) in Draws(2))
        {
            double tolerance = 1.0 / n, samples = MiniBatchBounds.Theorem3(l, v, d, tolerance, m);
            Assert.Equal(1, MiniBatchBounds.Theorem2(l, v, d, samples, m) / tolerance, 1e-12);
            Assert.Equal(1, BruteForce.Meets(s => MiniBatchBounds.Theorem2(l, v, d, s, m), tolerance, 1e-9, 1e30) / samples, 1e-9);
            Assert.Equal(1, MiniBatchBounds.Theorem2OptimalRate(l, v, d, samples, m) / MiniBatchBounds.Theorem3OptimalRate(l, v, tolerance, m), 1e-12);
            Assert.True(MiniBatchBounds.Theorem3(l, v, d, tolerance, m + 1) > samples);
            Assert.True(MiniBatchBounds.Theorem2(l, v, d, samples, m + 1) > tolerance);
        }
    }

    [Theory]
    [InlineData(4, 4)]
    [InlineData(16, 16)]
    [InlineData(100, 100)]
    public void Theorem_2s_ratio_is_approximate(double below, double above)
    {
        // α = 400: M_l = α/below, M_h = above·α.
        long small = (long)(400 / below), large = (long)(400 * above);
        double exact = MiniBatchBounds.Theorem2Ratio(1, 1, 1, 160_000, small, large), approximate = MiniBatchBounds.Theorem2RatioApproximate(1, 1, 1, 160_000, small, large);
        Assert.InRange(approximate / exact, 0.95, 1.01);
        if (below == 100) Assert.Equal(1, approximate / exact, 1e-3);
    }

    [Fact]
    public void Theorem_4_is_the_least_of_7_under_8()
    {
        int bounded = 0;
        foreach (var (l, v, d, k, m, n) in Draws(3))
        {
            double largest = AsynchronousBounds.LargestRate(l, m, n), step = l * m * largest;
            Assert.Equal(1, step + 2 * step * step * n * n, 1e-12);
            Assert.Equal(1, (Math.Sqrt(1 + 8.0 * n * n) - 1) / (4.0 * n * n) / step, 1e-7); // as printed; the difference cancels
            var (at, value) = BruteForce.Least(rate => AsynchronousBounds.Guarantee(rate, l, v, d, k, m, n), 1e-12 * largest, largest);
            double best = AsynchronousBounds.Theorem4OptimalRate(l, v, d, k, m, n);
            Assert.Equal(1, AsynchronousBounds.Theorem4(l, v, d, k, m, n) / value, 1e-9);
            Assert.Equal(1, best / at, 1e-4);
            double alpha = Math.Sqrt(k * v / (m * l * d)), c = best / Math.Sqrt(d / (m * k * l * v));
            if (best < largest) Assert.Equal(1, (4 * n * c * c * c + alpha * c * c) / (2 * alpha), 1e-9); // (21)
            else bounded++;
            // Equation (18).
            Assert.Equal(1, (2 / c + c + 2 * n * c * c / alpha) / alpha * v / m / AsynchronousBounds.Theorem4(l, v, d, k, m, n), 1e-9);
        }
        Assert.InRange(bounded, 10, Trials - 10);
        Assert.Equal(double.PositiveInfinity, AsynchronousBounds.Guarantee(1.01 * AsynchronousBounds.LargestRate(2, 3, 4), 2, 1, 1, 100, 3, 4));
    }

    [Theory]
    [InlineData(16, 16)]
    [InlineData(16, 1000)]
    [InlineData(100, 100_000)]
    [InlineData(1000, 1000)]
    public void Theorem_4s_ratio_is_approximate(double alpha, long workers)
    {
        double exact = AsynchronousBounds.Theorem4Ratio(1, 1, 1, alpha * alpha, 1, workers), approximate = AsynchronousBounds.Theorem4RatioApproximate(1, 1, 1, alpha * alpha, 1, workers);
        // (22) and (23) keep one term each, so "approximately" is within a factor, and better the more workers there are.
        Assert.InRange(exact / approximate, 0.9, workers > 10 * alpha ? 1.15 : 2.2);
    }

    [Fact]
    public void Theorem_5_has_as_many_samples_as_theorem_4_needs_and_more_for_more_workers()
    {
        foreach (var (l, v, d, s, m, n) in Draws(4))
        {
            double tolerance = 1e4 / s, samples = AsynchronousBounds.Theorem5(l, v, d, tolerance, m, n);
            Assert.Equal(1, BruteForce.Meets(k => AsynchronousBounds.Theorem4(l, v, d, k, m, n), tolerance, 1e-12, 1e40) * m / samples, 1e-9);
            Assert.Equal(1, AsynchronousBounds.Theorem4OptimalRate(l, v, d, samples / m, m, n) / AsynchronousBounds.Theorem5OptimalRate(l, v, tolerance, m, n), 1e-6);
            Assert.True(AsynchronousBounds.Theorem5(l, v, d, tolerance, m, n + 1) > samples);
        }
    }

    /// <summary>
    /// x ← x − γ Σ g over M gradients hx(k−τ) + σξ: (1/K) Σ E(h x_k)² is known without sampling, from the start's response and
    /// that of each noise. x before the start is the start.
    /// </summary>
    private static double Exact(double rate, double h, double variance, double start, int updates, long batch, int delay)
    {
        double[] mean = new double[updates], impulse = new double[updates];
        for (int k = 0; k < updates; k++)
        {
            double Stale(double[] x, double before) => k - 1 - delay >= 0 ? x[k - 1 - delay] : before;
            mean[k] = k == 0 ? start : mean[k - 1] - rate * batch * h * Stale(mean, start);
            impulse[k] = k == 0 ? 1 : impulse[k - 1] - rate * batch * h * Stale(impulse, 0);
        }
        double sum = 0, spread = 0;
        for (int k = 0; k < updates; k++)
        {
            sum += h * h * (mean[k] * mean[k] + rate * rate * batch * variance * spread);
            spread += impulse[k] * impulse[k];
        }
        return sum / updates;
    }

    [Fact]
    public void Sgd_on_quadratics_keeps_the_guarantees()
    {
        var dice = new Dice(5);
        double closest = 0;
        for (int trial = 0; trial < 400; trial++)
        {
            double h = dice.Magnitude(0.1, 10), v = dice.Magnitude(1e-3, 1e3), start = dice.Magnitude(0.1, 10), gap = h * start * start / 2;
            long batch = dice.Count(50);
            int updates = (int)dice.Count(200), workers = (int)dice.Count(20), delay = dice.Below(workers + 1);
            double rate = dice.Between(0.01, 0.99) * 2 / (h * batch);
            double exact = Exact(rate, h, v, start, updates, batch, 0), bound = MiniBatchBounds.Lemma1(rate, h, v, gap, updates * (double)batch, batch);
            Assert.InRange(exact, 0, bound);
            closest = Math.Max(closest, exact / bound);
            rate = dice.Between(0.01, 1) * AsynchronousBounds.LargestRate(h, batch, workers);
            Assert.InRange(Exact(rate, h, v, start, updates, batch, delay), 0, AsynchronousBounds.Guarantee(rate, h, v, gap, updates, batch, workers));
        }
        Assert.True(closest > 0.5, "the bound is not even nearly reached, so this test would miss a wrong factor");
    }
}
