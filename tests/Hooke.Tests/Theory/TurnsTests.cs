using Hooke.Methods.Catalog;
using Hooke.Theory;
using Hooke.Theory.ClosedForms;
using Hooke.Theory.LinearMaps;
using Xunit;

namespace Hooke.Tests.Theory;

/// <summary>Rounds in turns and synchronous ones where they are the same, or where another way leads to the same number.</summary>
public sealed class TurnsTests
{
    private static Round Of(string name, int workers, TimingChoice timing, params ReadOnlySpan<(string, double)> values) => Round.Of(Theories.Method(name, workers, timing, values), workers);

    // A lone worker's turn is its synchronous round.
    [Theory]
    [InlineData("easgd", 1)]
    [InlineData("easgd", 3)]
    [InlineData("eamsgd", 2)]
    public void A_lone_worker_s_turns_are_its_rounds(string name, int period)
    {
        (string, double)[] values = [("learning-rate", 0.3), ("moving-rate", 0.35), ("period", period)];
        Round turns = Of(name, 1, TimingChoice.RoundRobin, values), rounds = Of(name, 1, TimingChoice.Synchronous, values);
        Assert.IsType<TurnSequence>(turns);
        foreach (var noise in new[] { GradientNoise.Additive(0.8, 1.3), new GradientNoise(0.8, 0.3, 0.7) })
        {
            Assert.Equal(1, turns.AveragedVariance(noise) / rounds.AveragedVariance(noise), 1e-9);
            RunMoments a = turns.Stationary(noise), b = rounds.Stationary(noise), c = turns.After(noise, 1.4, 7), d = rounds.After(noise, 1.4, 7);
            foreach (var (left, right) in new[] { (a.Center, b.Center), (a.Average, b.Average), (a.Worker, b.Worker), (c.Center, d.Center), (c.Average, d.Average), (c.Worker, d.Worker) })
            {
                Assert.Equal(right.Mean, left.Mean, 1e-12);
                Assert.Equal(1, left.Variance / right.Variance, 1e-9);
            }
            foreach (int moment in new[] { 1, 2 })
            {
                Theories.AssertSame(rounds.Eigenvalues(noise, moment).Select(e => e.Value), turns.Eigenvalues(noise, moment).Select(e => e.Value), 1e-6);
                Assert.Equal(rounds.Radius(noise, moment), turns.Radius(noise, moment), 1e-8);
            }
        }
    }

    // The sum over all lags is what noise that never changes would do: each worker's, times the center's answer to it.
    [Fact]
    public void The_averaged_variance_is_that_of_a_constant_force()
    {
        foreach (var (name, timing) in new[] { ("easgd", TimingChoice.Synchronous), ("easgd", TimingChoice.RoundRobin) })
        {
            const int P = 3;
            const double Rate = 0.3, Moving = 0.2;
            var round = Of(name, P, timing, ("learning-rate", Rate), ("moving-rate", Moving));
            double expected = 0;
            for (int forced = 0; forced < P; forced++)
            {
                double[] x = new double[P];
                double center = 0;
                for (int t = 0; t < 2000; t++)
                {
                    double sum = 0;
                    for (int i = 0; i < P; i++)
                    {
                        double difference = Moving * (x[i] - center);
                        x[i] -= Rate * (0.8 * x[i] - (i == forced ? 1 : 0)) + difference;
                        if (timing == TimingChoice.RoundRobin) center += difference;
                        else sum += difference;
                    }
                    center += sum;
                }
                expected += center * center;
            }
            Assert.Equal(1, round.AveragedVariance(GradientNoise.Additive(0.8, 1.5)) / (1.5 * 1.5 * expected), 1e-9);
        }
    }

    // (E x̃², the mean of E (xⁱ)², the mean of E x̃xⁱ, (1/p²) Σ E xⁱxʲ), round by round.
    [Fact]
    public void Moments_of_center_average_and_worker_follow_5_34()
    {
        const int P = 6;
        var map = MultiplicativeNoise.EasgdMap(rate: 0.7, moving: 0.2, beta: 0.5, workers: P, shape: 1.2, gammaRate: 1.5);
        var round = Of("easgd", P, TimingChoice.Synchronous, ("learning-rate", 0.7), ("moving-rate", 0.2), ("center-rate", 0.5 / P));
        var expected = MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense(4, 1.4 * 1.4);
        for (int t = 0; t < 8; t++, expected = map * expected)
        {
            var after = round.After(GradientNoise.Gamma(1.2, 1.5), 1.4, t);
            Assert.Equal(expected[0], after.Center.SecondMoment, 1e-12);
            Assert.Equal(expected[1], after.Worker.SecondMoment, 1e-12);
            Assert.Equal(expected[3], after.Average.SecondMoment, 1e-12);
        }
    }

    // What a worker has of its own: (1 − 1/p) η²σ² Σ (1 − α − ηh)²ᵏ; and without a tie all are on their own.
    [Fact]
    public void Workers_vary_more_than_their_average_by_noise_of_their_own()
    {
        var noise = GradientNoise.Additive(0.8, 1.3);
        double Own(double keep) => Math.Pow(0.3 * 1.3, 2) * Enumerable.Range(0, 5).Sum(k => Math.Pow(keep, 2 * k));
        var tied = Of("easgd", 4, TimingChoice.Synchronous, ("learning-rate", 0.3), ("moving-rate", 0.2)).After(noise, 1, 5);
        Assert.Equal(0.75 * Own(1 - 0.2 - 0.24), tied.Worker.Variance - tied.Average.Variance, 1e-12);
        foreach (var timing in new[] { TimingChoice.Synchronous, TimingChoice.RoundRobin })
        {
            var free = Of("easgd", 4, timing, ("learning-rate", 0.3), ("moving-rate", 0)).After(noise, 1, 5);
            Assert.Equal(Own(1 - 0.24), free.Worker.Variance, 1e-12);
            Assert.Equal(Own(1 - 0.24) / 4, free.Average.Variance, 1e-12);
            Assert.Equal(0, free.Center.Variance, 1e-12);
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(24)]
    public void The_radius_of_second_moments_is_how_they_grow(int workers)
    {
        var noise = GradientNoise.Gamma(0.7, 0.9);
        var round = Of("easgd", workers, TimingChoice.RoundRobin, ("learning-rate", 0.9), ("moving-rate", 0.3));
        // From few workers all eigenvalues are told, from many only the largest.
        Assert.Equal(workers == 3 ? 10 : 1, round.Eigenvalues(noise, 2).Count);
        double radius = round.Radius(noise, 2);
        Assert.Equal(radius, round.After(noise, 1, 101).Worker.SecondMoment / round.After(noise, 1, 100).Worker.SecondMoment, 1e-4 * radius);
    }

    [Fact]
    public void Eigenvalues_come_the_largest_first_and_of_second_moments_they_are_products()
    {
        var round = (SynchronousRound)Of("easgd", 4, TimingChoice.Synchronous, ("learning-rate", 0.3), ("moving-rate", 0.1), ("center-rate", 0.2));
        var first = round.Eigenvalues(GradientNoise.None(1));
        Assert.Equal(first.Select(e => e.Modulus).OrderDescending(), first.Select(e => e.Modulus));
        Assert.Equal([3.0], first.Where(e => Math.Abs(e.Value.Real - 0.6) < 1e-12).Select(e => e.Multiplicity));
        var together = Spectrum.Of(round.Drift(1));
        var second = round.Eigenvalues(GradientNoise.Additive(1, 1), 2);
        Theories.AssertSame([together[0] * together[0], together[0] * together[1], together[1] * together[1], 0.36], second.Select(e => e.Value));
        Assert.All(second, e => Assert.Equal(1, e.Multiplicity));
        Assert.Equal(Math.Pow(round.Radius(GradientNoise.None(1)), 2), round.Radius(GradientNoise.None(1), 2), 1e-12);
    }
}
