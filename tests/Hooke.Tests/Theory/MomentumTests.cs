using Hooke.Theory;
using Hooke.Theory.ClosedForms;
using Hooke.Theory.LinearMaps;
using MathNet.Numerics.LinearAlgebra;
using Xunit;

namespace Hooke.Tests.Theory;

/// <summary>What is read off SGD, mini-batch SGD, momentum SGD and Gauss–Seidel EASGD equals the thesis's formulas.</summary>
public class MomentumTests
{
    private const int Trials = 60;

    public static TheoryData<int> Workers => ElasticAveragingTests.Workers;

    [Fact]
    public void Second_moments_of_momentum_sgd_are_5_6_to_5_8()
    {
        ForMomenta((eta, h, delta, round) =>
        {
            double rate = eta * h, momentum = delta * (1 - rate);
            // Ours are (x², xv, v²), the thesis's (v², vx, x²).
            Theories.AssertEqual(Reversed(AdditiveNoise.MomentumMap(rate, momentum)), round.SecondMomentMap(GradientNoise.None(h)));
            double radius = AdditiveNoise.MomentumEigenvalues(rate, momentum).Max(z => z.Magnitude);
            Assert.Equal(radius, round.Radius(GradientNoise.None(h), 2), 1e-7 * Math.Max(1, radius));
            bool stable = Math.Abs(momentum) < 1 && rate > 0 && rate < 2 * (1 + momentum);
            Assert.Equal(stable, round.Radius(GradientNoise.None(h)) < 1);
            if (!(radius < 0.999)) return;
            var (velocity, mixed, position) = AdditiveNoise.MomentumMoments(eta, h, delta, 1.3);
            Assert.Equal(1, round.Stationary(GradientNoise.Additive(h, 1.3)).Center.Variance / position, 1e-8);
            Assert.Equal(velocity / 2, mixed, 1e-12 * mixed);
        });
    }

    [Fact]
    public void Second_moments_of_momentum_sgd_under_multiplicative_noise_are_5_30()
        => ForMomenta((eta, lambda, delta, round) =>
        {
            double omega = 2 * lambda;
            // (v², x², xv) there, (x², xv, v²) here.
            var order = new[] { 1, 2, 0 };
            var expected = MultiplicativeNoise.MomentumMap(eta, delta, lambda, omega);
            Theories.AssertEqual(Matrix<double>.Build.Dense(3, 3, (r, c) => expected[order[r], order[c]]), round.SecondMomentMap(GradientNoise.Gamma(lambda, omega)));
        });

    [Fact]
    public void The_optimal_momentum_minimizes_and_its_radius_is_the_momentum()
    {
        foreach (double rate in new[] { 0.01, 0.2, 0.25, 0.6, 1.5 })
        {
            double Radius(double delta) => AdditiveNoise.MomentumEigenvalues(rate, delta * (1 - rate)).Max(z => z.Magnitude);
            double best = AdditiveNoise.OptimalMomentum(rate);
            Assert.Equal(Math.Pow(Math.Sqrt(rate) - 1, 2), Radius(best), 1e-7);
            foreach (double off in new[] { -0.1, -1e-3, 1e-3, 0.1 }) Assert.True(Radius(best) < Radius(best + off));
        }
    }

    [Theory, MemberData(nameof(Workers))]
    public void Minibatch_sgd_has_the_rate_5_26_and_the_optimum_5_27(int p)
    {
        for (int trial = 0; trial < Trials; trial++)
        {
            var draws = new Dice((ulong)trial);
            double lambda = draws.Between(0.1, 4), omega = draws.Between(0.1, 4), eta = draws.Between(0.01, 2);
            double Radius(double rate) => Theories.Synchronous("minibatch-sgd", p, ("learning-rate", rate)).Radius(GradientNoise.Gamma(lambda, omega), 2);
            double expected = MultiplicativeNoise.SgdRate(eta, p, lambda, omega);
            Assert.Equal(expected, Radius(eta), 1e-9 * Math.Max(1, expected));
            double best = MultiplicativeNoise.OptimalRate(p, lambda, omega);
            Assert.Equal(1 / (p * lambda + 1), Radius(best), 1e-9);
            Assert.True(Radius(best) < Radius(best * 1.001) && Radius(best) < Radius(best * 0.999));
            double variance = Theories.Synchronous("minibatch-sgd", p, ("learning-rate", eta / 2)).Stationary(GradientNoise.Additive(1, 0.7)).Center.Variance;
            Assert.Equal(1, variance / AdditiveNoise.SgdVariance(eta / 2, 1, p, 0.7), 1e-9);
        }
    }

    [Theory, MemberData(nameof(Workers))]
    public void Gauss_seidel_easgd_is_6_5_with_the_polynomial_6_6(int p)
    {
        for (int trial = 0; trial < Trials; trial++)
        {
            var draws = new Dice((ulong)trial);
            double eta = draws.Between(0.01, 3), alpha = draws.Between(0.01, 1.95), beta = draws.Between(0.01, 3);
            var drift = Theories.Synchronous("easgd-gauss-seidel", p, ("learning-rate", eta), ("moving-rate", alpha), ("center-rate", beta / p)).Drift(1);
            Theories.AssertEqual(GaussSeidel.Drift(eta, alpha, beta), drift);
            var (b, c) = GaussSeidel.Polynomial(eta, alpha, beta);
            Assert.Equal(2 * b, drift.Trace(), 1e-9);
            Assert.Equal(c, drift.Determinant(), 1e-9);
            Assert.Equal(Spectrum.Radius(Spectrum.Of(drift)) < 1, GaussSeidel.RootsAreWithin(b, c));
        }
    }

    [Fact]
    public void The_ten_regions_of_Theorem_6_2_1_are_where_the_eigenvalues_are_within_the_unit_circle()
    {
        var seen = new HashSet<int>();
        double[] grid = [.. Enumerable.Range(0, 60).Select(k => 0.05 + 0.1 * k), 1, 2, 4];
        foreach (double eta in grid)
            foreach (double beta in grid)
                foreach (double alpha in grid.Append(1.02).Append(0.99))
                {
                    double radius = Spectrum.Radius(Spectrum.Of(GaussSeidel.Drift(eta, alpha, beta)));
                    if (Math.Abs(radius - 1) < 1e-9) continue;
                    int region = GaussSeidel.Region(eta, alpha, beta);
                    Assert.True(radius < 1 == region > 0, $"η {eta}, α {alpha}, β {beta}: radius {radius}, region {region}");
                    seen.Add(region);
                }
        Assert.Equal(Enumerable.Range(0, 11), seen.Order());
    }

    // "The stability condition for α = 1 and β = 16 is 0 < η < 1/8; there is no η > 0 for α = 0.9 and β = 16." [Zhang16, after Theorem 6.2.1]
    [Fact]
    public void Downpour_is_a_singleton_among_large_center_rates()
    {
        double Radius(string method, double eta, double alpha) => method == "downpour"
            ? Theories.Synchronous(method, 16, ("learning-rate", eta)).Radius(GradientNoise.None(1))
            : Theories.Synchronous(method, 16, ("learning-rate", eta), ("moving-rate", alpha), ("center-rate", 1)).Radius(GradientNoise.None(1));
        Assert.True(Radius("downpour", 0.1249, 1) < 1);
        Assert.True(Radius("downpour", 0.1251, 1) > 1);
        for (double eta = 0.001; eta < 5; eta *= 1.1) Assert.True(Radius("easgd-gauss-seidel", eta, 0.9) > 1);
    }

    private static void ForMomenta(Action<double, double, double, SynchronousRound> check)
    {
        for (int trial = 0; trial < Trials; trial++)
        {
            var draws = new Dice((ulong)trial);
            double eta = draws.Between(0.01, 2.5), h = draws.Between(0.3, 1.5), delta = draws.Between(0, 0.995);
            check(eta, h, delta, Theories.Synchronous("msgd", 1, ("learning-rate", eta), ("momentum", delta)));
        }
    }

    private static Matrix<double> Reversed(Matrix<double> m) => Matrix<double>.Build.Dense(m.RowCount, m.ColumnCount, (r, c) => m[m.RowCount - 1 - r, m.ColumnCount - 1 - c]);
}
