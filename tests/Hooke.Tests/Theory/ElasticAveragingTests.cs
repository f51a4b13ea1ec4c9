using Complex = System.Numerics.Complex;
using Hooke.Theory;
using Hooke.Theory.ClosedForms;
using Hooke.Theory.LinearMaps;
using MathNet.Numerics.LinearAlgebra;
using Xunit;

namespace Hooke.Tests.Theory;

/// <summary>What is read off synchronous EASGD and EAMSGD equals the thesis's matrices, at random rates.</summary>
public class ElasticAveragingTests
{
    private const int Trials = 40;
    private static readonly TheoryData<int> All = [.. Theories.Workers];

    public static TheoryData<int> Workers => All;

    [Theory, MemberData(nameof(Workers))]
    public void The_drift_of_easgd_is_5_18_and_its_reduction_5_10(int p)
        => ForRates(p, (eta, h, alpha, beta, round) =>
        {
            Theories.AssertEqual(Of(new[,] { { 1 - eta * h - alpha, alpha }, { beta, 1 - beta } }), round.Drift(h));
            Theories.AssertEqual(Of(new[,] { { 1 - eta * h - alpha } }), round.DifferenceDrift(h));
            if (p <= 3) Theories.AssertEqual(AdditiveNoise.EasgdDrift(eta * h, alpha, beta, p), Whole(round, h, p));
        });

    [Theory, MemberData(nameof(Workers))]
    public void The_eigenvalues_of_easgd_are_5_19(int p)
        => ForRates(p, (eta, h, alpha, beta, round) =>
        {
            var expected = AdditiveNoise.EasgdDriftEigenvalues(eta * h, alpha, beta)[(p > 1 ? 0 : 1)..];
            var actual = round.Eigenvalues(GradientNoise.None(h));
            Theories.AssertSame(expected, actual.Select(e => e.Value), 1e-7);
            Assert.Equal(p + 1, actual.Sum(e => e.Multiplicity));
            Assert.Equal(expected.Max(z => z.Magnitude), round.Radius(GradientNoise.None(h)), 1e-9);
        });

    [Theory, MemberData(nameof(Workers))]
    public void The_second_moments_of_average_and_center_under_additive_noise_are_5_12_to_5_17(int p)
        => ForRates(p, (eta, h, alpha, beta, round) =>
        {
            var map = round.SecondMomentMap(GradientNoise.Additive(h, 1.7));
            Theories.AssertEqual(AdditiveNoise.EasgdMap(eta * h, alpha, beta), map.SubMatrix(0, 3, 0, 3));
            Theories.AssertSame(Spectrum.Of(map.SubMatrix(0, 3, 0, 3)), AdditiveNoise.EasgdEigenvalues(eta * h, alpha, beta), 1e-6);
            bool stable = AdditiveNoise.EasgdEigenvalues(eta * h, alpha, beta).Max(z => z.Magnitude) < 1;
            Assert.Equal(stable, AdditiveNoise.EasgdIsStable(eta * h, alpha, beta));
            if (!(round.Radius(GradientNoise.None(h)) < 0.999)) return;
            var noise = round.Stationary(GradientNoise.Additive(h, 1.7));
            var (average, _, center) = AdditiveNoise.EasgdMoments(eta * h / h, h, alpha, beta, p, 1.7);
            Assert.Equal(1, noise.Center.Variance / center, 1e-8);
            Assert.Equal(1, noise.Average.Variance / average, 1e-8);
        });

    [Theory, MemberData(nameof(Workers))]
    public void The_drift_of_eamsgd_is_5_20_and_its_characteristic_polynomial_5_21(int p)
    {
        for (int trial = 0; trial < Trials; trial++)
        {
            var draws = new Dice((ulong)trial);
            double eta = draws.Between(0.01, 1.5), h = draws.Between(0.3, 1.5), alpha = draws.Between(-0.9, 1.5), beta = draws.Between(0.01, 1.9), delta = draws.Between(0, 0.99);
            var round = Theories.Synchronous("eamsgd", p, ("learning-rate", eta), ("moving-rate", alpha), ("center-rate", beta / p), ("momentum", delta));
            double rate = eta * h, momentum = delta * (1 - rate);
            if (p <= 3) Theories.AssertEqual(AdditiveNoise.EamsgdDrift(rate, alpha, beta, momentum, p), Permuted(Whole(round, h, p), [.. Enumerable.Range(0, p).SelectMany(i => new[] { 2 * i + 1, 2 * i }), 2 * p]));
            foreach (var z in new Complex[] { new(0.3, 0.4), -0.7, new(1.1, -0.2) })
            {
                var (apart, together) = AdditiveNoise.EamsgdPolynomials(rate, alpha, beta, momentum, z);
                AssertNear(apart, Characteristic(round.DifferenceDrift(h), z));
                AssertNear(together, Characteristic(round.Drift(h), z));
            }
        }

        // det(M − z), from the eigenvalues.
        static Complex Characteristic(Matrix<double> m, Complex z) => Spectrum.Of(m).Aggregate(Complex.One, (product, eigenvalue) => product * (eigenvalue - z));
        static void AssertNear(Complex expected, Complex actual) => Assert.InRange((expected - actual).Magnitude, 0, 1e-9 * Math.Max(1, expected.Magnitude));
    }

    [Theory, MemberData(nameof(Workers))]
    public void The_second_moments_of_easgd_under_multiplicative_noise_are_5_34(int p)
    {
        for (int trial = 0; trial < Trials; trial++)
        {
            var draws = new Dice((ulong)trial);
            double eta = draws.Between(0.01, 1.5), lambda = draws.Between(0.1, 5), omega = draws.Between(0.3, 5), alpha = draws.Between(-0.9, 1.5), beta = draws.Between(0.01, 1.9);
            var round = Theories.Synchronous("easgd", p, ("learning-rate", eta), ("moving-rate", alpha), ("center-rate", beta / p));
            var noise = GradientNoise.Gamma(lambda, omega);
            var expected = MultiplicativeNoise.EasgdMap(eta, alpha, beta, p, lambda, omega);
            // (E x̃², mean E x², mean E x̃x, E x̄²) of (E x̄², E x̄x̃, E x̃², Δ); a lone worker has no Δ, and mean E x² = E x̄².
            var of = p > 1 ? Of(new[,] { { 0.0, 0, 1, 0 }, { 1, 0, 0, 1 }, { 0, 1, 0, 0 }, { 1, 0, 0, 0 } }) : Of(new[,] { { 0.0, 0, 1 }, { 1, 0, 0 }, { 0, 1, 0 }, { 1, 0, 0 } });
            Theories.AssertEqual(expected * of, of * round.SecondMomentMap(noise));
            if (p > 1) Assert.Equal(1, round.Radius(noise, 2) / Spectrum.Radius(Spectrum.Of(expected)), 1e-9);
        }
    }

    [Theory, MemberData(nameof(Workers))]
    public void Mean_and_variance_of_the_center_are_Lemma_3_1_1(int p)
    {
        for (int trial = 0; trial < Trials; trial++)
        {
            var draws = new Dice((ulong)trial);
            double eta = draws.Between(0.01, 1.8), h = draws.Between(0.3, 1), alpha = draws.Between(0.02, 1.5) / p, sigma = draws.Between(0.1, 3), start = draws.Between(-3, 3);
            var round = Theories.Synchronous("easgd", p, ("learning-rate", eta), ("moving-rate", alpha));
            var noise = GradientNoise.Additive(h, sigma);
            var (gamma, phi) = SynchronousEasgd.Roots(eta, h, alpha, p);
            Theories.AssertSame([gamma, phi], Spectrum.Of(round.Drift(h)));
            foreach (int t in new[] { 1, 2, 3, 10, 41 })
            {
                var after = round.After(noise, start, t);
                Assert.Equal(SynchronousEasgd.Mean(eta, h, alpha, p, start, start, t), after.Center.Mean, 1e-9 * Math.Max(1, Math.Abs(after.Center.Mean)));
                Assert.Equal(SynchronousEasgd.Variance(eta, h, alpha, p, sigma, t), after.Center.Variance, 1e-9 * Math.Max(1, after.Center.Variance));
            }
            bool together = Spectrum.Radius(Spectrum.Of(round.Drift(h))) < 1;
            Assert.Equal(together, SynchronousEasgd.IsStable(eta, h, alpha, p));
            if (round.Radius(noise) < 0.999) Assert.Equal(1, round.AveragedVariance(noise) / SynchronousEasgd.AveragedVariance(h, p, sigma), 1e-8);
        }
    }

    [Fact]
    public void Many_workers_have_the_mean_square_of_Corollary_3_1_1()
    {
        const int P = 1_000_000_000;
        double limit = SynchronousEasgd.MeanSquareTimesWorkers(0.3, 0.8, 0.9, 2);
        Assert.Equal(1, P * Theories.Synchronous("easgd", P, ("learning-rate", 0.3)).Stationary(GradientNoise.Additive(0.8, 2)).Center.Variance / limit, 1e-7);
    }

    [Fact]
    public void The_bound_for_strongly_convex_functions_holds_on_quadratics_and_is_exact_for_one_curvature()
    {
        for (int trial = 0; trial < Trials; trial++)
        {
            var draws = new Dice((ulong)trial);
            double mu = draws.Between(0.1, 1), l = mu * draws.Between(1, 5), alpha = draws.Between(0, 0.9), beta = draws.Between(0.05, 1), sigma = draws.Between(0.1, 2);
            double eta = draws.Between(0.1, 1) * SynchronousEasgd.StronglyConvexLargestRate(alpha, mu, l);
            const int P = 5;
            var (map, constant) = SynchronousEasgd.StronglyConvex(eta, alpha, beta, P, mu, l, sigma);
            double h = draws.Between(mu, l);
            var round = Theories.Synchronous("easgd", P, ("learning-rate", eta), ("moving-rate", alpha), ("center-rate", beta / P));
            var bound = Vector<double>.Build.Dense([4.0, 4.0, 4.0]);
            for (int t = 1; t <= 20; t++)
            {
                bound = map * bound + constant;
                var after = round.After(GradientNoise.Additive(h, sigma), 2, t);
                Assert.True(after.Average.SecondMoment <= bound[0] * (1 + 1e-12));
                Assert.True(after.Worker.SecondMoment <= bound[1] * (1 + 1e-12));
                Assert.True(after.Center.SecondMoment <= bound[2] * (1 + 1e-12));
            }
            Assert.True(map.ForAll(entry => entry >= -1e-12));
            Assert.InRange(Spectrum.Radius(Spectrum.Of(map)), 0, 1);
            var fixedPoint = (Matrix<double>.Build.DenseIdentity(3) - map).Solve(constant);
            Assert.Equal(fixedPoint[2], SynchronousEasgd.StronglyConvexLimit(eta, alpha, P, mu, l, sigma), 1e-9 * fixedPoint[2]);
        }
    }

    [Fact]
    public void The_optimal_moving_rates_minimize()
    {
        foreach (double beta in new[] { 0.3, 0.9 })
            foreach (double rate in new[] { 0.1, 0.5, 0.95, 1.03, 1.2, 1.5, 1.9 })
            {
                double Together(double a) => AdditiveNoise.EasgdEigenvalues(rate, a, beta).Max(z => z.Magnitude);
                double Drift(double a) => AdditiveNoise.EasgdDriftEigenvalues(rate, a, beta).Max(z => z.Magnitude);
                foreach (double off in new[] { -0.3, -0.01, -1e-4, 1e-4, 0.01, 0.3 })
                {
                    Assert.True(Together(AdditiveNoise.OptimalMovingRateOfAverage(rate, beta)) <= Together(AdditiveNoise.OptimalMovingRateOfAverage(rate, beta) + off) + 1e-7);
                    Assert.True(Drift(AdditiveNoise.OptimalMovingRate(rate, beta)) <= Drift(AdditiveNoise.OptimalMovingRate(rate, beta) + off) + 1e-7);
                }
            }
        // Erratum 1.
        Assert.Equal(-0.16334, AdditiveNoise.OptimalMovingRate(1.5, 0.9), 1e-5);
        Assert.Equal(0.33666, AdditiveNoise.EasgdDriftEigenvalues(1.5, -0.16334, 0.9).Max(z => z.Magnitude), 1e-5);
        Assert.Equal(0.4238, AdditiveNoise.EasgdDriftEigenvalues(1.5, AdditiveNoise.OptimalMovingRateOfAverage(1.5, 0.9), 0.9).Max(z => z.Magnitude), 1e-4);
    }

    // Erratum 6: with the α of (5.17) the workers' differences grow while their sum and the center do not.
    [Fact]
    public void The_unstable_mode_of_figure_5_3_leaves_the_center_alone()
    {
        double alpha = AdditiveNoise.OptimalMovingRateOfAverage(0.1, 0.9);
        var round = Theories.Synchronous("easgd", 4, ("learning-rate", 0.1), ("moving-rate", alpha), ("center-rate", 0.9 / 4));
        Assert.True(Spectrum.Radius(Spectrum.Of(round.Drift(1))) < 1);
        Assert.Equal(1 - alpha - 0.1, round.Radius(GradientNoise.None(1)), 1e-12);
        Assert.True(round.Radius(GradientNoise.None(1)) > 1);
    }

    private static void ForRates(int p, Action<double, double, double, double, SynchronousRound> check)
    {
        for (int trial = 0; trial < Trials; trial++)
        {
            var draws = new Dice((ulong)trial);
            double eta = draws.Between(0.01, 2.5), h = draws.Between(0.3, 1.5), alpha = draws.Between(-0.95, 1.95), beta = draws.Between(0.01, 2.2);
            check(eta, h, alpha, beta, Theories.Synchronous("easgd", p, ("learning-rate", eta), ("moving-rate", alpha), ("center-rate", beta / p)));
        }
    }

    /// <summary>The map of all workers and the center, of the blocks that exchangeability leaves.</summary>
    internal static Matrix<double> Whole(SynchronousRound round, double h, int p)
    {
        int k = round.WorkerStates, m = round.CenterStates;
        Matrix<double> drift = round.Drift(h), apart = round.DifferenceDrift(h);
        var whole = Matrix<double>.Build.Dense(p * k + m, p * k + m);
        for (int i = 0; i < p; i++)
        {
            whole.SetSubMatrix(i * k, i * k, apart);
            whole.SetSubMatrix(i * k, p * k, drift.SubMatrix(0, k, k, m));
            whole.SetSubMatrix(p * k, i * k, drift.SubMatrix(k, m, 0, k) / p);
        }
        whole.SetSubMatrix(p * k, p * k, drift.SubMatrix(k, m, k, m));
        return whole;
    }

    private static Matrix<double> Permuted(Matrix<double> m, int[] order) => Matrix<double>.Build.Dense(order.Length, order.Length, (r, c) => m[order[r], order[c]]);

    private static Matrix<double> Of(double[,] entries) => Matrix<double>.Build.DenseOfArray(entries);
}
