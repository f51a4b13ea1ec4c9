using Hooke.Methods.Catalog;
using Hooke.Theory;
using Hooke.Theory.ClosedForms;
using Hooke.Theory.LinearMaps;
using Xunit;

namespace Hooke.Tests.Theory;

/// <summary>EASGD under multiplicative noise: many workers, and what the thesis quotes of its figures. [Zhang16, sec. 5.2.3]</summary>
public class MultiplicativeNoiseTests
{
    [Fact]
    public void Infinitely_many_workers_are_the_limit_of_many_and_have_the_thesis_s_eigenvalues()
    {
        for (int trial = 0; trial < 40; trial++)
        {
            var draws = new Dice((ulong)trial);
            double eta = draws.Between(0.01, 1.5), lambda = draws.Between(0.1, 5), omega = draws.Between(0.3, 5), alpha = draws.Between(-0.9, 1.5), beta = draws.Between(0.01, 1.9);
            Round Limit(Func<int, double> moving) => Round.Of(p => Theories.Method("easgd", p, TimingChoice.Synchronous, ("learning-rate", eta), ("moving-rate", moving(p)), ("center-rate", beta / p)), double.PositiveInfinity);
            var noise = GradientNoise.Gamma(lambda, omega);
            var apart = Limit(_ => alpha);
            Theories.AssertSame(MultiplicativeNoise.EasgdLimitEigenvalues(eta, alpha, beta, lambda, omega), apart.Eigenvalues(noise, 2).Select(e => e.Value), 1e-7);
            Theories.AssertSame(MultiplicativeNoise.EasgdLimitEigenvalues(eta, 0, beta, lambda, omega), Limit(p => beta / p).Eigenvalues(noise, 2).Select(e => e.Value), 1e-7);
            double many = Theories.Synchronous("easgd", 1_000_000_000, ("learning-rate", eta), ("moving-rate", alpha), ("center-rate", beta / 1e9)).Radius(noise, 2);
            Assert.Equal(1, apart.Radius(noise, 2) / many, 1e-6);
        }
    }

    [Fact]
    public void The_regions_of_many_workers_end_where_the_eigenvalues_leave_the_unit_circle()
    {
        for (int trial = 0; trial < 200; trial++)
        {
            var draws = new Dice((ulong)trial);
            double lambda = draws.Between(0.1, 5), omega = draws.Between(0.3, 5), alpha = draws.Between(0, 1), beta = draws.Between(0.01, 0.99);
            double most = MultiplicativeNoise.EasgdLargestRate(alpha, beta, lambda, omega);
            double Radius(double eta) => MultiplicativeNoise.EasgdLimitEigenvalues(eta, alpha, beta, lambda, omega).Max(z => z.Magnitude);
            Assert.True(Radius(most * 0.9999) < 1);
            Assert.True(Radius(most * 1.0001) > 1);
        }
        // "The maximal value ω/√λ is achieved at α = 1 − √λ"; with α = β/p the region is SGD's.
        foreach (double lambda in new[] { 0.2, 0.5, 0.9 })
        {
            double best = MultiplicativeNoise.WidestMovingRate(lambda);
            Assert.Equal(0.7 / Math.Sqrt(lambda), MultiplicativeNoise.EasgdLargestRate(best, 0.9, lambda, 0.7), 1e-12);
            for (double alpha = 0; alpha < 1; alpha += 0.01) Assert.True(MultiplicativeNoise.EasgdLargestRate(alpha, 0.9, lambda, 0.7) <= 0.7 / Math.Sqrt(lambda) + 1e-12);
            Assert.Equal(2 * 0.7 / (lambda + 1), MultiplicativeNoise.EasgdLargestRate(0, 0.5, lambda, 0.7), 1e-12);
        }
    }

    [Fact]
    public void A_center_that_moves_ever_further_has_no_limit()
    {
        var error = Assert.Throws<ArgumentException>(() => Round.Of(p => Theories.Method("downpour", p, TimingChoice.Synchronous), double.PositiveInfinity));
        Assert.Contains("workers is infinity", error.Message);
    }
}
