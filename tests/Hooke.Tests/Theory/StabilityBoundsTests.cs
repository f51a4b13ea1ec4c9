using Hooke.Theory.Bounds;
using Xunit;

namespace Hooke.Tests.Theory;

/// <summary>The lemmas of the Survey's section 4 against gradient steps, its theorems against their proofs.</summary>
public sealed class StabilityBoundsTests
{
    private const int Trials = 2000;

    /// <summary>The most that a step of a random regularized logistic loss, or of a quadratic, moved and stretched, in terms of the lemmas.</summary>
    private static (double Moved, double Smooth, double Convex, double Strong) Most(ulong seed, bool quadratic)
    {
        var dice = new Dice(seed);
        double moved = 0, smooth = 0, convex = 0, strong = 0;
        for (int trial = 0; trial < Trials; trial++)
        {
            double gamma = dice.Magnitude(0.01, 1), beta = gamma * dice.Magnitude(1, 100), radius = dice.Magnitude(0.1, 10);
            // Curvature γ along one axis, from γ to β along the other: ½γ‖w‖² + 4(β − γ) log(1 + e^w₂) or a quadratic.
            double[] Gradient(double[] w) => [gamma * w[0], gamma * w[1] + (beta - gamma) * (quadratic ? w[1] : 4 / (1 + Math.Exp(-w[1])))];
            double[] Step(double[] w, double rate) { double[] g = Gradient(w); return [w[0] - rate * g[0], w[1] - rate * g[1]]; }
            double[] u = [dice.Between(-radius, radius), dice.Between(-radius, radius)], v = [dice.Between(-radius, radius), dice.Between(-radius, radius)];
            double Stretch(double rate) => Distance(Step(u, rate), Step(v, rate)) / Distance(u, v);
            double rate = dice.Between(0, 1), gradient = Distance(Gradient(u), [0, 0]);
            moved = Math.Max(moved, Distance(Step(u, rate), u) / StabilityBounds.Lemma6(rate, gradient));
            smooth = Math.Max(smooth, Stretch(rate) / StabilityBounds.Lemma7(rate, beta));
            convex = Math.Max(convex, Stretch(2 * rate / beta) / StabilityBounds.Lemma7Convex);
            double slow = rate * 2 / (beta + gamma), factor = StabilityBounds.Lemma7StronglyConvex(slow, beta, gamma);
            strong = Math.Max(strong, Stretch(slow) / factor);
            // 1 − αγ, which Theorem 10's proof needs, is the best factor, and below Lemma 7's.
            Assert.InRange(MomentumRates.GradientDescentContraction(slow, gamma, beta), Stretch(slow) - 1e-12, factor + 1e-12);
            Assert.Equal(1 - slow * gamma, MomentumRates.GradientDescentContraction(slow, gamma, beta), 1e-12);
        }
        return (moved, smooth, convex, strong);
    }

    [Theory]
    [InlineData(21, true)]
    [InlineData(22, false)]
    public void Gradient_steps_keep_lemmas_6_and_7(ulong seed, bool quadratic)
    {
        var (moved, smooth, convex, strong) = Most(seed, quadratic);
        Assert.Equal(1, moved, 1e-9);
        Assert.InRange(smooth, 0, 1 + 1e-12);
        Assert.InRange(convex, 0.9, 1 + 1e-12);
        Assert.InRange(strong, 0.9, 1 + 1e-12);
    }

    [Fact]
    public void Lemma_7_is_reached_by_a_concave_quadratic_and_its_printed_contraction_is_not_kept()
    {
        // −½βw² stretches by 1 + αβ.
        Assert.Equal(1 + 0.3 * 2, StabilityBounds.Lemma7(0.3, 2), 1e-15);
        // At α = 2/(β + γ) a quadratic contracts by (β − γ)/(β + γ), more than the factor without its root.
        double beta = 5, gamma = 1, rate = 2 / (beta + gamma), contraction = (beta - gamma) / (beta + gamma);
        Assert.Equal(contraction, StabilityBounds.Lemma7StronglyConvex(rate, beta, gamma), 1e-12);
        Assert.True(contraction > 1 - 2 * rate * beta * gamma / (beta + gamma) + 0.1);
    }

    [Fact]
    public void Runs_of_random_updates_keep_lemma_8()
    {
        var dice = new Dice(23);
        double same = 0, different = 0;
        for (int trial = 0; trial < Trials; trial++)
        {
            // w ← w − s(w), with |s| ≤ σ by clipping: η-expansive with η = max(|1 − a|, 1) if it clips, |1 − a| where it does not.
            double a = dice.Between(0, 3), size = dice.Between(0.1, 2), eta = Math.Max(1, Math.Abs(1 - a));
            double Update(double w) => w - Math.Clamp(a * w, -size, size);
            double Other(double w) => w + size * (trial % 2 == 0 ? 1 : Math.Sin(w));
            double u = dice.Between(-3, 3), v = dice.Between(-3, 3), delta = Math.Abs(u - v);
            Assert.InRange(Math.Abs(Update(u) - Update(v)), 0, StabilityBounds.Lemma8(delta, eta) + 1e-12);
            Assert.InRange(Math.Abs(Update(u) - Other(v)), 0, StabilityBounds.Lemma8Different(delta, eta, size) + 1e-12);
            same = Math.Max(same, Math.Abs(Update(u) - Update(v)) / StabilityBounds.Lemma8(delta, eta));
            different = Math.Max(different, Math.Abs(Update(u) - Other(v)) / StabilityBounds.Lemma8Different(delta, eta, size));
        }
        Assert.True(same > 0.9 && different > 0.9);
        // A contraction helps where the updates differ.
        Assert.Equal(0.5 * 3 + 2 * 0.1, StabilityBounds.Lemma8Different(3, 0.5, 0.1), 1e-15);
    }

    [Fact]
    public void Theorems_9_and_10_unravel_the_growth_recursion()
    {
        const double L = 1.3, Gamma = 0.2, Beta = 2;
        const int N = 40;
        double convex = 0, strong = 0, sum = 0;
        for (int t = 0; t < 20_000; t++)
        {
            double rate = t % 3 == 0 ? 0.3 : 0.1;
            sum += rate;
            convex = StabilityBounds.ExpectedGrowth(convex, rate, L, StabilityBounds.Lemma7Convex, N);
            strong = StabilityBounds.ExpectedGrowth(strong, 0.3, L, MomentumRates.GradientDescentContraction(0.3, Gamma, Beta), N);
            Assert.InRange(strong, 0, StabilityBounds.Theorem10Distance(L, N, Gamma) * (1 + 1e-9));
        }
        Assert.Equal(1, StabilityBounds.Theorem9Distance(L, N, sum) / convex, 1e-9);
        Assert.Equal(1, StabilityBounds.Theorem10Distance(L, N, Gamma) / strong, 1e-9);
        Assert.Equal(L * convex, StabilityBounds.Theorem9(L, N, sum), 1e-6);
        Assert.Equal(L * strong, StabilityBounds.Theorem10(L, N, Gamma), 1e-9);
    }

    [Fact]
    public void Theorem_11_is_the_best_start_of_the_growth()
    {
        var dice = new Dice(24);
        for (int trial = 0; trial < 50; trial++)
        {
            double l = dice.Magnitude(0.1, 3), beta = dice.Magnitude(0.1, 3), c = dice.Magnitude(0.1, 3), t = dice.Magnitude(10, 1e6);
            long n = 2 + dice.Count(1000);
            // Until t₀ the differing example has not come, but for a probability of t₀/n; from then on the distance grows.
            var (_, least) = BruteForce.Least(t0 => t0 / (n - 1) + 2 * l * l / (beta * (n - 1)) * Math.Pow(t / t0, beta * c), 1e-9, 1e12);
            Assert.Equal(1, StabilityBounds.Theorem11(l, beta, c, n, t) / least, 1e-9);
        }
    }

    private static double Distance(double[] a, double[] b) => Math.Sqrt((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]));
}
