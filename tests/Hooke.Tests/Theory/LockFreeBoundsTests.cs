using Hooke.Numerics;
using Hooke.Tests.Numerics;
using Hooke.Theory.Bounds;
using Xunit;

namespace Hooke.Tests.Theory;

/// <summary>
/// The Survey's section 5 on ℓ(w; z) = ½(w − z)², z = ±1 with equal probability: γ = β = 1, w* = 0, and while |w| ≤ 1, where runs
/// stay, E(w − z)² = w² + 1 ≤ M² = 2.
/// </summary>
public sealed class LockFreeBoundsTests
{
    private const double Convexity = 1, Smoothness = 1, Tolerance = 0.05, Start = 1;
    private static readonly double Gradient = Math.Sqrt(2);

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void Corollary_16_is_theorem_15_of_the_supermartingale(double fraction)
    {
        const double Delay = 3;
        double rate = LockFreeBounds.Corollary16LearningRate(Convexity, Smoothness, Gradient, Delay, Tolerance, fraction);
        Assert.Equal(Convexity * Tolerance * fraction / (2 + 2 * Smoothness * Gradient * Delay * Math.Sqrt(Tolerance)), rate, 1e-15);
        double margin = 2 * rate * Convexity * Tolerance - rate * rate * Gradient * Gradient, h = 2 * Math.Sqrt(Tolerance) / margin;
        double start = LockFreeBounds.Supermartingale(rate, Convexity, Gradient, Tolerance, Start);
        double theorem = LockFreeBounds.Theorem15(start, h, rate * Smoothness, rate * Gradient, Delay, 1000);
        // The corollary drops a factor 1/(2 − ϑ) < 1.
        Assert.Equal(1, (2 - fraction) * theorem / LockFreeBounds.Corollary16(Convexity, Smoothness, Gradient, Delay, Tolerance, fraction, Start, 1000), 1e-12);
        Assert.Equal(LockFreeBounds.Theorem13(start, 1000), LockFreeBounds.Theorem15(start, h, rate * Smoothness, rate * Gradient, 0, 1000));
        // No rounding: Corollary 17 is Corollary 16. Rounding is as if gradients were larger.
        Assert.Equal(rate, LockFreeBounds.Corollary17LearningRate(Convexity, Smoothness, Gradient, Delay, Tolerance, fraction, 0));
        Assert.Equal(1, LockFreeBounds.Corollary16(Convexity, 0, Gradient * Math.Sqrt(1.09), 0, Tolerance, fraction, Start, 1000) / LockFreeBounds.Corollary17(Convexity, 0, Gradient, 0, Tolerance, fraction, Start, 0.3, 1000), 1e-12);
        Assert.Equal((2 * 1.09 + Smoothness * Gradient * Delay * 2.09 * Math.Sqrt(Tolerance)) / (Convexity * Convexity * Tolerance * fraction * 1000) * Math.Log(Math.E / Tolerance),
            LockFreeBounds.Corollary17(Convexity, Smoothness, Gradient, Delay, Tolerance, fraction, Start, 0.3, 1000), 1e-9);
    }

    [Fact]
    public void The_process_is_a_rate_supermartingale()
    {
        double rate = LockFreeBounds.Corollary16LearningRate(Convexity, Smoothness, Gradient, 0, Tolerance, 0.5);
        double S(double w) => LockFreeBounds.Supermartingale(rate, Convexity, Gradient, Tolerance, Math.Abs(w));
        for (double w = Math.Sqrt(Tolerance); w <= 1; w += 0.001)
        {
            Assert.True(S(w) >= 0);
            // E[S_{t+1}] ≤ S_t, S_t = S + t.
            Assert.True((S(w - rate * (w - 1)) + S(w - rate * (w + 1))) / 2 + 1 <= S(w));
        }
    }

    /// <summary>
    /// 2000 runs: the fraction that failed at times where the bound is 0.8, 0.5 and 0.2, and, because a supermartingale bounds it,
    /// too, the mean time of success, which is t times the bound at most. Means are asserted to be below plus 4 standard errors.
    /// </summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(4, 0)]
    [InlineData(0, 0.5)]
    [InlineData(4, 0.5)]
    public void Sgd_fails_less_often_than_the_corollaries_allow(int delay, double rounding)
    {
        const int Runs = 2000;
        const double Fraction = 0.5;
        double rate = LockFreeBounds.Corollary17LearningRate(Convexity, Smoothness, Gradient, delay, Tolerance, Fraction, rounding);
        double Bound(double t) => LockFreeBounds.Corollary17(Convexity, Smoothness, Gradient, delay, Tolerance, Fraction, Start, rounding, t);
        double[] times = [1.25 * Bound(1), 2 * Bound(1), 5 * Bound(1)], failures = new double[3];
        var successes = new Sample();
        for (int run = 0; run < Runs; run++)
        {
            long success = FirstSuccess(run, rate, delay, rounding, (long)times[^1]);
            successes.Add(success);
            for (int k = 0; k < times.Length; k++) if (success > times[k]) failures[k]++;
        }
        for (int k = 0; k < times.Length; k++) Assert.InRange(failures[k] / Runs, 0, Bound(times[k]));
        double error = Math.Sqrt(successes.Variance / Runs);
        Assert.InRange(successes.Mean, 0.2 * Bound(1), Bound(1) + 4 * error);
        Assert.InRange(successes.Mean, 0, Bound(1) / (2 - Fraction) + 4 * error); // without the factor that the corollaries drop
    }

    /// <summary>w ← w − Q(α(ŵ − z)), ŵ up to 2 · delay writes old, Q rounding up or down to a grid of ακM without bias.</summary>
    private static long FirstSuccess(int run, double rate, int delay, double rounding, long most)
    {
        var past = new double[2 * delay + 1];
        past.AsSpan().Fill(Start);
        double grid = rate * rounding * Gradient;
        for (long t = 1; t <= most; t++)
        {
            var noise = new Noise(31, run, t, NoiseStream.Gradient);
            double stale = past[(t - 1 + noise.Integer(0, past.Length)) % past.Length], z = noise.Integer(1, 2) == 0 ? 1 : -1, update = rate * (stale - z);
            if (grid > 0) update = grid * Math.Floor(update / grid + noise.Uniform(2));
            double w = past[(t - 1 + past.Length - 1) % past.Length] - update;
            if (w * w <= Tolerance) return t;
            past[(t - 1) % past.Length] = w;
        }
        return most + 1;
    }
}
