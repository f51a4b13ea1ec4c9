using Hooke.Numerics;
using Xunit;

namespace Hooke.Tests.Numerics;

/// <summary>Eight workers' numbers at once are what each worker draws alone.</summary>
public class WideNoiseTests
{
    public static TheoryData<ulong, int, long, NoiseStream> Cases => new()
    {
        { 1, 0, 0, NoiseStream.Sampling },
        { ulong.MaxValue, 8_388_600, 77, NoiseStream.Gradient },
        { 0x123456789ABCDEF, 13, (1L << 40) + 5, NoiseStream.Network },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_lane_draws_the_bits_of_its_worker(ulong seed, int worker, long step, NoiseStream stream)
    {
        var wide = new WideNoise(seed, worker, step, stream);
        foreach (uint block in new[] { 0u, 1u, 12345u })
        {
            var (even, odd) = wide.Block(block);
            var (cosine, sine) = wide.Gaussian(block);
            for (int lane = 0; lane < WideNoise.Lanes; lane++)
            {
                var noise = new Noise(seed, worker + lane, step, stream);
                Assert.Equal((noise.Bits(2L * block), noise.Bits(2L * block + 1)), (even[lane], odd[lane]));
                Assert.Equal(noise.Uniform(2L * block), WideNoise.Uniform(even)[lane]);
                foreach (int bound in new[] { 1, 2, 100, int.MaxValue }) Assert.Equal(noise.Integer(2L * block + 1, bound), WideNoise.Integer(odd, bound)[lane]);
                Assert.Equal(noise.Gaussian(2L * block), cosine[lane], 1e-14);
                Assert.Equal(noise.Gaussian(2L * block + 1), sine[lane], 1e-14);
            }
        }
    }

    [Fact]
    public void Normal_numbers_agree_to_rounding_everywhere()
    {
        double worst = 0;
        for (int step = 0; step < 20_000; step++)
        {
            var (cosine, sine) = new WideNoise(5, 0, step, NoiseStream.Gradient).Gaussian(0);
            for (int lane = 0; lane < WideNoise.Lanes; lane++)
            {
                var noise = new Noise(5, lane, step, NoiseStream.Gradient);
                worst = Math.Max(worst, Math.Max(Math.Abs(cosine[lane] - noise.Gaussian(0)), Math.Abs(sine[lane] - noise.Gaussian(1))));
            }
        }
        Assert.InRange(worst, 0, 1e-14);
    }
}
