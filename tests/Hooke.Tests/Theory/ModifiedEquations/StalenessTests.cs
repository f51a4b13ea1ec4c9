using Hooke.Numerics;
using Hooke.Theory.ModifiedEquations;
using Xunit;

namespace Hooke.Tests.Theory.ModifiedEquations;

public class StalenessTests
{
    [Theory]
    [InlineData("0")]
    [InlineData("0.9")]
    [InlineData("0.3:0.5,0.7:0.95")]
    public void Draws_have_the_law(string text)
    {
        var law = StalenessLaw.Parse(text);
        Draws(law);
        Draws(StalenessLaw.Of(law.Probabilities));
        Assert.Equal(1, law.Probabilities.Sum(), 1e-12);
        Assert.Equal(law.Mean, law.Probabilities.Select((p, l) => p * l).Sum(), 1e-9);
    }

    /// <summary>Every frequency within 5 standard errors: with some hundred of them a right law fails with probability below 10⁻⁴.</summary>
    private static void Draws(StalenessLaw law)
    {
        const int Count = 200_000;
        var counts = new int[law.Maximum + 1];
        for (int k = 0; k < Count; k++) counts[law.Draw(new Noise(3, 0, k, NoiseStream.Sampling).Uniform(0))]++;
        for (int l = 0; l < counts.Length; l++)
        {
            double p = law.Probabilities[l];
            Assert.Equal(p, (double)counts[l] / Count, 5 * Math.Sqrt(p * (1 - p) / Count) + 3e-5);
        }
    }

    [Fact]
    public void The_ends_of_the_interval_are_the_ends_of_the_law()
    {
        var law = StalenessLaw.Geometric(0.9);
        Assert.Equal((0, law.Maximum), (law.Draw(0), law.Draw(Math.BitDecrement(1.0))));
        Assert.Equal(0, StalenessLaw.Geometric(0).Draw(Math.BitDecrement(1.0)));
    }

    [Fact]
    public void A_fit_finds_the_law_that_made_the_histogram()
    {
        var geometric = StalenessFit.Geometric(9, Histogram(StalenessLaw.Geometric(0.9)));
        Assert.Equal(0.9, geometric.Law.Exponentials[0].Staleness, 1e-12);
        Assert.InRange(geometric.Distance, 0, 1e-3);
        var law = StalenessLaw.Parse("0.3:0.4,0.7:0.95");
        var fitted = StalenessFit.Mixture(law.Mean, Histogram(law), 2);
        Assert.InRange(fitted.Distance, 0, 1e-3);
        Assert.Equal(0.7, fitted.Law.Exponentials[0].Weight, 0.01);
        Assert.Equal((0.95, 0.4), (Math.Round(fitted.Law.Exponentials[0].Staleness, 2), Math.Round(fitted.Law.Exponentials[1].Staleness, 2)));
        Assert.InRange(StalenessFit.Geometric(law.Mean, Histogram(law)).Distance, 0.1, 1);
    }

    [Fact]
    public void A_full_histogram_holds_all_that_is_older_in_its_last_bucket()
    {
        var law = StalenessLaw.Geometric(0.995);
        long[] histogram = Histogram(law), full = histogram[..Hooke.Runs.Staleness.Buckets];
        full[^1] += histogram[Hooke.Runs.Staleness.Buckets..].Sum();
        var fitted = StalenessFit.Mixture(law.Mean, full, 2);
        Assert.InRange(fitted.Distance, 0, 1e-3);
        Assert.Equal(law.Mean, fitted.Law.Mean, 2.0);
    }

    [Fact]
    public void Constant_staleness_is_no_sum_of_exponentials_and_the_distance_says_so()
    {
        var fitted = StalenessFit.Mixture(3, [0, 0, 0, 1000], 2);
        Assert.Single(fitted.Law.Exponentials);
        Assert.Equal(0.75, fitted.Law.EffectiveStaleness, 1e-9);
        Assert.InRange(fitted.Distance, 0.5, 1);
    }

    private static long[] Histogram(StalenessLaw law) => [.. law.Probabilities.Select(p => (long)Math.Round(1e8 * p))];
}
