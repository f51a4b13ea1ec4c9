using Xunit;

namespace Hooke.Tests.Numerics;

/// <summary>Moments of a sample, and how many standard errors they are from what they should be.</summary>
/// <remarks>
/// A test at 4 standard errors rejects a right implementation with probability 6·10⁻⁵ over the choice of its seed; seeds are
/// fixed, so a test that passed once always passes. The exception is the variance of two equally likely values, κ = −2: it is
/// σ²(1 − χ²/n), and the probability is 10⁻².
/// </remarks>
internal sealed class Sample
{
    private double mean, squares;

    public long Count { get; private set; }

    public double Mean => mean;

    public double Variance => squares / (Count - 1);

    /// <summary>Takes a number in, by Welford's update.</summary>
    public void Add(double value)
    {
        Count++;
        double before = value - mean;
        mean += before / Count;
        squares += before * (value - mean);
    }

    /// <summary>Asserts mean and variance within 4 standard errors.</summary>
    /// <param name="expectedMean">The true mean.</param>
    /// <param name="expectedVariance">The true variance σ².</param>
    /// <param name="excess">The true excess kurtosis κ: the variance's standard error is σ²√(κ/n + 2/(n − 1)), exactly.</param>
    public void AssertMoments(double expectedMean, double expectedVariance, double excess = 0)
    {
        double meanError = Math.Sqrt(expectedVariance / Count), varianceError = expectedVariance * Math.Sqrt(excess / Count + 2.0 / (Count - 1));
        Assert.InRange((mean - expectedMean) / meanError, -4, 4);
        Assert.InRange((Variance - expectedVariance) / varianceError, -4, 4);
    }

    /// <summary>Asserts a number of hits within 4 standard errors of its binomial law.</summary>
    public static void AssertFraction(long hits, long count, double probability)
        => Assert.InRange((hits - count * probability) / Math.Sqrt(count * probability * (1 - probability)), -4, 4);

    /// <summary>Asserts Pearson's χ² of counts against equal probabilities.</summary>
    public static void AssertUniform(ReadOnlySpan<long> counts)
    {
        var probabilities = new double[counts.Length];
        probabilities.AsSpan().Fill(1.0 / counts.Length);
        AssertCounts(counts, probabilities);
    }

    /// <summary>Asserts Pearson's χ² of counts, made standard normal by Wilson and Hilferty's cube root, within ±4.</summary>
    public static void AssertCounts(ReadOnlySpan<long> counts, ReadOnlySpan<double> probabilities)
    {
        long total = 0;
        foreach (long count in counts) total += count;
        double statistic = 0, spread = 2.0 / (9 * (counts.Length - 1));
        for (int i = 0; i < counts.Length; i++)
        {
            double expected = total * probabilities[i];
            Assert.True(expected >= 5, "too few draws for the χ² approximation");
            statistic += (counts[i] - expected) * (counts[i] - expected) / expected;
        }
        Assert.InRange((Math.Cbrt(statistic / (counts.Length - 1)) - (1 - spread)) / Math.Sqrt(spread), -4, 4);
    }
}
