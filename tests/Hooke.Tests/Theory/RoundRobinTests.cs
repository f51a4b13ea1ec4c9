using Hooke.Methods.Catalog;
using Hooke.Theory;
using Hooke.Theory.ClosedForms;
using Hooke.Theory.LinearMaps;
using MathNet.Numerics.LinearAlgebra;
using Xunit;

namespace Hooke.Tests.Theory;

/// <summary>What is read off methods in turns equals the thesis's maps. [Zhang16, sec. 3.3]</summary>
public class RoundRobinTests
{
    public static TheoryData<int> Workers => [1, 2, 3, 8, 30];

    [Theory, MemberData(nameof(Workers))]
    public void A_round_of_easgd_is_the_product_of_the_turns(int p)
    {
        double eta = 0.7, alpha = 0.4;
        var expected = Matrix<double>.Build.DenseIdentity(p + 1);
        for (int i = 0; i < p; i++) expected = RoundRobin.EasgdTurn(eta, alpha, p, i) * expected;
        Theories.AssertEqual(expected, Turns("easgd", p, ("learning-rate", eta), ("moving-rate", alpha)).Drift(1));
    }

    // Ours keeps x̃ by differences, so the two agree where x̃ is the mean of x − λ, which a turn keeps.
    [Theory, MemberData(nameof(Workers))]
    public void A_round_of_admm_is_the_product_of_the_turns(int p)
    {
        double eta = 0.05, rho = 1.5;
        var round = Turns("admm", p, ("learning-rate", eta), ("penalty", rho));
        var draws = new Dice((ulong)p);
        var theirs = Vector<double>.Build.Dense(2 * p + 1, _ => draws.Between(-1, 1));
        theirs[2 * p] = Enumerable.Range(0, p).Average(i => theirs[2 * i + 1] - theirs[2 * i]);
        var ours = Vector<double>.Build.Dense(2 * p + 1, k => k == 2 * p ? theirs[k] : theirs[k ^ 1]); // (x, λ) here, (λ, x) there
        ours = round.Drift(1) * ours;
        for (int i = 0; i < p; i++) theirs = RoundRobin.AdmmTurn(eta, eta * rho, p, i) * theirs;
        for (int k = 0; k < 2 * p; k++) Assert.Equal(theirs[k], ours[k ^ 1], 1e-9);
        Assert.Equal(theirs[2 * p], ours[2 * p], 1e-9);
    }

    // What a turn does to its worker and the center is all that depends on p.
    [Theory]
    [InlineData(1000)]
    [InlineData(1_000_000)]
    public void A_turn_of_many_workers_is_the_thesis_s(int p)
    {
        var easgd = Turn("easgd", p, ("learning-rate", 0.7), ("moving-rate", 0.4));
        Theories.AssertEqual(RoundRobin.EasgdTurn(0.7, 0.4, 1, 0), easgd.Drift(1));
        // (x, λ, x̃): x and λ move as with one worker, x̃ by 1/p of how far x − λ moves.
        var admm = Turn("admm", p, ("learning-rate", 0.05), ("penalty", 1.5)).Drift(1);
        var alone = RoundRobin.AdmmTurn(0.05, 0.05 * 1.5, 1, 0);
        int[] order = [1, 0, 2];
        var expected = Matrix<double>.Build.Dense(3, 3, (r, c) => r < 2 ? alone[order[r], order[c]]
            : (c == 2 ? 1 : 0) + (alone[1, order[c]] - alone[0, order[c]] - (c == 0 ? 1 : 0) + (c == 1 ? 1 : 0)) / p);
        Theories.AssertEqual(expected, admm, 1e-15);

        static RandomMap Turn(string name, int p, params ReadOnlySpan<(string, double)> values)
        {
            var map = WorkerMap.Of(Theories.Method(name, p, TimingChoice.RoundRobin, values));
            return map.Together(map.Iterations[0], messages: 1);
        }
    }

    // Figure 3.2 and erratum 10.
    [Theory]
    [InlineData(3, 1.000974)]
    [InlineData(8, 1.002258)]
    public void Admm_is_unstable_at_a_small_rate(int p, double radius)
        => Assert.Equal(radius, Turns("admm", p, ("learning-rate", 0.001), ("penalty", 2.5)).Radius(GradientNoise.None(1)), 5e-7);

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    public void Where_admm_is_unstable_is_told_by_the_largest_eigenvalue_of_the_thesis_s_map(int p)
    {
        int unstable = 0;
        foreach (double eta in new[] { 0.0005, 0.003, 0.008, 0.3 })
            foreach (double rho in new[] { 0.5, 2.5, 6, 9.5 })
            {
                var map = Matrix<double>.Build.DenseIdentity(2 * p + 1);
                for (int i = 0; i < p; i++) map = RoundRobin.AdmmTurn(eta, eta * rho, p, i) * map;
                double expected = Spectrum.Radius(Spectrum.Of(map)), actual = Turns("admm", p, ("learning-rate", eta), ("penalty", rho)).Radius(GradientNoise.None(1));
                Assert.Equal(expected, actual, 1e-9);
                if (actual > 1) unstable++;
            }
        Assert.InRange(unstable, 3, 13);
    }

    [Fact]
    public void Easgd_is_stable_up_to_the_thesis_s_moving_rate_and_for_odd_p_not_beyond()
    {
        foreach (double eta in new[] { 0.1, 0.6, 1, 1.7 })
            foreach (int p in new[] { 1, 2, 3, 4, 7 })
            {
                double most = RoundRobin.LargestMovingRate(eta);
                double Radius(double alpha) => Turns("easgd", p, ("learning-rate", eta), ("moving-rate", alpha)).Radius(GradientNoise.None(1));
                Assert.True(Radius(most * (1 - 1e-6)) < 1);
                Assert.True(Radius(most) <= 1 + 1e-9);
                if (p % 2 == 1) Assert.True(Radius(most * (1 + 1e-6)) > 1);
                else Assert.True(Radius(most * (1 + 1e-6)) < 1);
            }
    }

    internal static TurnSequence Turns(string name, int p, params ReadOnlySpan<(string, double)> values)
        => (TurnSequence)Round.Of(Theories.Method(name, p, TimingChoice.RoundRobin, values), p);
}
