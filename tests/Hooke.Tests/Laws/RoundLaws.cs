using Hooke.Methods.Catalog;
using Xunit;

namespace Hooke.Tests.Laws;

/// <summary>Law 2: a round of real workers on a noiseless quadratic is a linear map, which probing reads off.</summary>
public class RoundLaws
{
    private const double Curvature = 1.5;

    [Theory, MemberData(nameof(Variants.Linear), MemberType = typeof(Variants))]
    public void A_round_of_workers_is_the_probed_map(string name)
    {
        var variant = Variants.Find(name);
        int workers = variant.Among(3);
        var probe = new Probe(variant.For(workers), workers, Curvature);
        var state = State(probe);
        var expected = Probe.Apply(probe.Map(), state);
        Assert.InRange(Play.Distance(expected, probe.Play<double>(state)), 0, 1e-12);
        Assert.InRange(Play.Distance(expected, probe.Play<float>(state)), 0, 1e-5);
    }

    // Elastic methods keep their difference in a memory that a fused exchange does not write; nobody reads it in the next round.
    [Theory, MemberData(nameof(Variants.DeterministicLinear), MemberType = typeof(Variants))]
    public void A_round_of_threads_is_the_probed_map(string name)
    {
        const int Workers = 3;
        var method = Variants.Find(name).For(Workers);
        var probe = new Probe(method, Workers, Curvature);
        var state = State(probe);
        var expected = Probe.Apply(probe.Map(), state);
        using var star = probe.New<double>();
        star.Archive(probe.At<double>(state));
        Play.Threads(star, Workers * method.Schedule.Period, batch: 1, fuse: false);
        Assert.InRange(Play.Distance(expected, probe.Read(star)), 0, 1e-12);
    }

    // Erratum 10 and section 3.3: slow, but unstable.
    [Theory]
    [InlineData(3, 1.000974)]
    [InlineData(8, 1.002258)]
    public void Round_robin_admm_is_unstable_at_a_small_rate(int workers, double radius)
    {
        var method = AllMethods.Find("admm").Create(new(workers) { Timing = TimingChoice.RoundRobin, Values = new Dictionary<string, double> { ["learning-rate"] = 0.001, ["penalty"] = 2.5 } });
        Assert.Equal(radius, Probe.SpectralRadius(new Probe(method, workers, 1).Map()), 5e-7);
    }

    // Erratum 3: the thesis's bound (4 − 2η)/(4 − η) = 0.66667 is not tight for even p.
    [Theory]
    [InlineData(2, 0.70711)]
    [InlineData(4, 0.67513)]
    [InlineData(8, 0.66874)]
    public void Round_robin_easgd_at_rate_1_is_marginal_where_the_errata_say(int workers, double alpha)
    {
        Assert.Equal(1, Radius(alpha), 1e-4);
        Assert.True(Radius(alpha - 0.001) < 1 - 1e-4);
        Assert.True(Radius(alpha + 0.001) > 1 + 1e-4);

        double Radius(double rate)
        {
            var method = AllMethods.Find("easgd").Create(new(workers) { Timing = TimingChoice.RoundRobin, Values = new Dictionary<string, double> { ["learning-rate"] = 1, ["moving-rate"] = rate, ["period"] = 1 } });
            return Probe.SpectralRadius(new Probe(method, workers, 1).Map());
        }
    }

    // The zeros of λ² − (2 − a)λ + 1 − a + c², a = ηh + (p + 1)α, c² = ηhpα, and 1 − α − ηh. [Zhang16, Lemma 3.1.1]
    [Theory]
    [InlineData(1, 0.3, 0.2)]
    [InlineData(4, 0.3, 0.2)]
    [InlineData(4, 1.1, 0.3)]
    public void Synchronous_easgd_has_the_eigenvalues_of_Lemma_3_1_1(int workers, double eta, double alpha)
    {
        var method = AllMethods.Find("easgd").Create(new(workers) { Timing = TimingChoice.Synchronous, Values = new Dictionary<string, double> { ["learning-rate"] = eta, ["moving-rate"] = alpha, ["period"] = 1 } });
        double a = eta + (workers + 1) * alpha, square = eta * workers * alpha, root = Math.Sqrt(a * a - 4 * square);
        double[] eigenvalues = [1 - (a - root) / 2, 1 - (a + root) / 2, .. workers > 1 ? [1 - alpha - eta] : Array.Empty<double>()];
        Assert.Equal(eigenvalues.Max(Math.Abs), Probe.SpectralRadius(new Probe(method, workers, 1).Map()), 1e-9);
    }

    private static double[] State(Probe probe)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, probe.Size).Select(_ => random.NextDouble() - 0.5)];
    }
}
