using Hooke.Numerics;
using Xunit;

namespace Hooke.Tests.Numerics;

public class NoiseTests
{
    // Known answers of Random123's kat_vectors, philox4x32 with 10 rounds.
    [Theory]
    [InlineData(0x00000000u, 0x00000000u, 0x00000000u, 0x00000000u, 0x00000000u, 0x00000000u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Philox_gives_the_known_answers(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint r0, uint r1, uint r2, uint r3)
        => Assert.Equal((r0, r1, r2, r3), Noise.Philox((c0, c1, c2, c3), (k0, k1)));

    [Fact]
    public void A_block_is_philox_of_the_seed_and_the_documented_counter()
    {
        var noise = new Noise(0x299f31d0_a4093822, 0x707344, 0x13198a2e_85a308d3, NoiseStream.Gradient);
        Assert.Equal(Noise.Philox((7, 0x85a308d3, 0x13198a2e, 0x02_707344), (0xa4093822, 0x299f31d0)), noise.Block(7));
    }

    [Fact]
    public void Every_field_and_index_gives_its_own_draws()
    {
        var seen = new HashSet<ulong>();
        int draws = 0;
        foreach (ulong seed in (ReadOnlySpan<ulong>)[0, 1, 2, 1UL << 32, ulong.MaxValue])
            foreach (int worker in (ReadOnlySpan<int>)[-1, 0, 1, 2, 255, 256, 1 << 16, 1 << 23])
                foreach (long step in (ReadOnlySpan<long>)[0, 1, 2, 1L << 32, (1L << 32) + 1, long.MaxValue])
                    foreach (var stream in Enum.GetValues<NoiseStream>())
                        foreach (long index in (ReadOnlySpan<long>)[0, 1, 2, 3, 1L << 32])
                        {
                            seen.Add(new Noise(seed, worker, step, stream).Bits(index));
                            draws++;
                        }
        Assert.Equal(draws, seen.Count); // 64 random bits of 7200 draws coincide with probability 10⁻¹²
    }

    [Fact]
    public void A_draw_depends_on_nothing_but_its_name()
    {
        var noise = new Noise(5, 3, 9, NoiseStream.Sampling);
        double late = noise.Gaussian(1001), early = noise.Gaussian(4);
        Assert.Equal(early, new Noise(5, 3, 9, NoiseStream.Sampling).Gaussian(4));
        Assert.Equal(late, new Noise(5, 3, 9, NoiseStream.Sampling).Gaussian(1001));
    }

    // All distributions below: 4 standard errors, see Sample.
    [Fact]
    public void Uniform_numbers_fill_the_unit_interval_evenly()
    {
        var noise = new Noise(1, 0, 0, NoiseStream.Generation);
        var sample = new Sample();
        var counts = new long[100];
        for (int i = 0; i < 400_000; i++)
        {
            double u = noise.Uniform(i);
            Assert.InRange(u, 0, 1 - 1e-16);
            sample.Add(u);
            counts[(int)(100 * u)]++;
        }
        sample.AssertMoments(0.5, 1.0 / 12, -1.2);
        Sample.AssertUniform(counts);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(100)]
    public void Integers_below_a_bound_are_uniform(int bound)
    {
        var noise = new Noise(2, 0, 0, NoiseStream.Sampling);
        var counts = new long[bound];
        var sample = new Sample();
        for (int i = 0; i < 100_000; i++)
        {
            long drawn = noise.Integer(i, bound);
            counts[drawn]++;
            sample.Add(drawn);
        }
        if (bound == 1) return;
        double square = (double)bound * bound;
        sample.AssertMoments((bound - 1) / 2.0, (square - 1) / 12, -1.2 * (square + 1) / (square - 1));
        Sample.AssertUniform(counts);
    }

    [Fact]
    public void Integers_reach_both_halves_of_a_huge_range()
    {
        var noise = new Noise(2, 1, 0, NoiseStream.Sampling);
        long upper = 0;
        for (int i = 0; i < 10_000; i++)
        {
            long drawn = noise.Integer(i, long.MaxValue);
            Assert.InRange(drawn, 0, long.MaxValue - 1);
            if (drawn > long.MaxValue / 2) upper++;
        }
        Sample.AssertFraction(upper, 10_000, 0.5);
    }

    [Fact]
    public void Gaussian_numbers_have_the_normal_law_down_to_its_tails()
    {
        const int Count = 1_000_000;
        // Φ(k/2) − Φ((k − 1)/2), k = 1 … 6, and 1 − Φ(3).
        double[] half = [0.19146246127401, 0.14988228479452, 0.09184805266260, 0.04405706932067, 0.01654046649874, 0.00485976741737, 0.00134989803163];
        double[] probabilities = [.. half.Reverse(), .. half];
        var noise = new Noise(3, 0, 0, NoiseStream.Gradient);
        var counts = new long[14];
        var sample = new Sample();
        long beyond4 = 0;
        double product = 0, previous = 0, largest = 0;
        for (int i = 0; i < Count; i++)
        {
            double z = noise.Gaussian(i);
            sample.Add(z);
            counts[Math.Clamp((int)Math.Floor(2 * z), -7, 6) + 7]++;
            if (Math.Abs(z) > 4) beyond4++;
            largest = Math.Max(largest, Math.Abs(z));
            product += z * previous;
            previous = z;
        }
        sample.AssertMoments(0, 1);
        Sample.AssertCounts(counts, probabilities);
        Sample.AssertFraction(beyond4, Count, 6.33425e-5);
        // The largest of 10⁶ is beyond 4.2 and below 6.6, but for 10⁻⁵ in probability on either side.
        Assert.InRange(largest, 4.2, 6.6);
        Assert.InRange(product / Math.Sqrt(Count), -4, 4);
    }

    [Theory]
    [InlineData("step")]
    [InlineData("worker")]
    [InlineData("seed")]
    [InlineData("stream")]
    public void Neighboring_draws_are_uncorrelated(string field)
    {
        const int Count = 100_000;
        double product = 0;
        for (int i = 0; i < Count; i++)
        {
            var one = new Noise(11, 4, i, NoiseStream.Gradient);
            var other = field switch
            {
                "step" => one with { Step = i + 1 },
                "worker" => one with { Worker = 5 },
                "seed" => one with { Seed = 12 },
                _ => one with { Stream = NoiseStream.Dropout },
            };
            product += one.Gaussian(0) * other.Gaussian(0);
        }
        Assert.InRange(product / Math.Sqrt(Count), -4, 4);
    }

    // Γ(λ, ω): mean λ/ω, variance λ/ω², excess kurtosis 6/λ.
    [Theory]
    [InlineData(0.1, 1)]
    [InlineData(0.5, 0.5)]
    [InlineData(0.999, 2)]
    [InlineData(1, 1)]
    [InlineData(2.5, 3)]
    [InlineData(50, 0.01)]
    public void Gamma_numbers_have_the_stated_mean_and_variance(double shape, double rate)
    {
        var noise = new Noise(4, 0, 0, NoiseStream.Gradient);
        var sample = new Sample();
        for (int i = 0; i < 200_000; i++)
        {
            double g = noise.Gamma(i, shape, rate);
            Assert.True(g >= 0);
            sample.Add(g);
        }
        sample.AssertMoments(shape / rate, shape / (rate * rate), 6 / shape);
    }

    // P(Γ(½, ½) ≤ 1) = P(|u| ≤ 1) for a normal u; P(Γ(1, 1) ≤ 1) = 1 − 1/e; P(Γ(2, 1) ≤ 1) = 1 − 2/e.
    [Theory]
    [InlineData(0.5, 0.5, 0.68268949213709)]
    [InlineData(1, 1, 0.63212055882856)]
    [InlineData(2, 1, 0.26424111765712)]
    public void Gamma_numbers_have_the_stated_distribution(double shape, double rate, double probability)
    {
        const int Count = 200_000;
        var noise = new Noise(6, 0, 0, NoiseStream.Gradient);
        long below = 0;
        for (int i = 0; i < Count; i++)
            if (noise.Gamma(i, shape, rate) <= 1) below++;
        Sample.AssertFraction(below, Count, probability);
    }

    [Fact]
    public void A_filled_vector_holds_the_draws_by_index()
    {
        var noise = new Noise(7, 1, 2, NoiseStream.Initialization);
        var values = new float[33];
        noise.FillGaussian<float>(values, 0.25);
        for (int k = 0; k < values.Length; k++) Assert.Equal((float)(0.25 * noise.Gaussian(k)), values[k]);
    }
}
