using Hooke.Numerics;
using Xunit;

namespace Hooke.Tests.LockFree;

/// <summary>Fixed-point arithmetic: random bits, and steps that are right on average.</summary>
public sealed class RoundingTests
{
    [Fact]
    public void The_blocks_hold_the_bits_of_their_coordinates()
    {
        RoundingNoise noise = new(3, 1, Rounding.Unbiased);
        noise.Start(77);
        var block = noise.First;
        for (int b = 0; b < 5; b++, block += noise.Difference)
            for (int lane = 0; lane < RoundingNoise.BlockSize; lane++) Assert.Equal(noise.At(b * RoundingNoise.BlockSize + lane), block[lane]);
    }

    [Fact]
    public void The_bits_of_a_coordinate_are_uniform_over_steps_and_independent_of_its_neighbors()
    {
        const int Steps = 20_000;
        RoundingNoise noise = new(5, 0, Rounding.Unbiased);
        double[] sum = new double[96], products = new double[96];
        for (int step = 0; step < Steps; step++)
        {
            noise.Start(step);
            for (int k = 0; k < 96; k++)
            {
                double centered = noise.At(k) / 65536.0 - 0.5;
                sum[k] += centered;
                products[k] += centered * (noise.At((k + 1) % 96) / 65536.0 - 0.5);
            }
        }
        // Means have standard error √(1/12/n), products 1/12/√n; 192 comparisons at 4.5 standard errors fail once in a thousand seeds.
        for (int k = 0; k < 96; k++)
        {
            Assert.InRange(sum[k] / Steps, -4.5 * Math.Sqrt(1.0 / 12 / Steps), 4.5 * Math.Sqrt(1.0 / 12 / Steps));
            Assert.InRange(products[k] / Steps, -4.5 / 12 / Math.Sqrt(Steps), 4.5 / 12 / Math.Sqrt(Steps));
        }
    }

    [Theory]
    [InlineData(0.3f, 20000)]
    [InlineData(1e-3f, 77)]
    [InlineData(-1.5e-6f, 32767)]
    [InlineData(2e-5f, -300)]
    [InlineData(0.4999f, 32767)]
    public void A_step_moves_by_its_factor_on_average(float factor, int q)
    {
        const int Steps = 40_000;
        RoundingNoise noise = new(11, 2, Rounding.Unbiased);
        double sum = 0, squares = 0;
        for (int step = 0; step < Steps; step++)
        {
            noise.Start(step);
            double move = new FixedStep(factor, noise.Single).Move(q, noise.At(step % 64));
            sum += move;
            squares += move * move;
        }
        double mean = sum / Steps, error = Math.Sqrt(Math.Max(squares / Steps - mean * mean, 1e-12) / Steps), wanted = (double)factor * q;
        // t is itself rounded to 2^−s of a step, at most 2⁻¹⁴ for small factors.
        Assert.InRange(mean, wanted - 4.5 * error - Math.Max(4e-5, Math.Abs(wanted) * 1e-4), wanted + 4.5 * error + Math.Max(4e-5, Math.Abs(wanted) * 1e-4));
    }

    [Fact]
    public void Rounding_to_the_nearest_loses_small_steps()
    {
        RoundingNoise noise = new(1, 0, Rounding.Nearest);
        noise.Start(9);
        Assert.Equal(0, new FixedStep(0.001f, noise.Single).Move(400, noise.At(0)));
        Assert.Equal(1, new FixedStep(0.001f, noise.Single).Move(600, noise.At(0)));
        Assert.Equal(-1, new FixedStep(0.001f, noise.Single).Move(-600, noise.At(0)));
    }

    [Fact]
    public void Factors_out_of_range_are_cut_off() => Assert.InRange(new FixedStep(1e30f, 65535).Move(32767, 0), 16380, 16383);
}
