using Hooke.Numerics;
using Xunit;

namespace Hooke.Tests.Numerics;

/// <summary>Many workers' numbers at once are what each worker draws alone, on vectors of any width.</summary>
public class WideNoiseTests
{
    public static TheoryData<ulong, int, long, NoiseStream> Cases => new()
    {
        { 1, 0, 0, NoiseStream.Sampling },
        { ulong.MaxValue, 8_388_590, 77, NoiseStream.Gradient },
        { 0x123456789ABCDEF, 13, (1L << 40) + 5, NoiseStream.Network },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_lane_draws_the_bits_of_its_worker(ulong seed, int worker, long step, NoiseStream stream)
    {
        Draws<Wide256>(seed, worker, step, stream);
        Draws<Wide512>(seed, worker, step, stream);
    }

    private static void Draws<V>(ulong seed, int worker, long step, NoiseStream stream) where V : unmanaged, IWide<V>
    {
        foreach (uint block in new[] { 0u, 1u, 12345u })
        {
            var wide = new WideNoise<V>(seed, worker, stream, step, block);
            var bits = new V[6];
            wide.Fill(step, bits);
            for (int k = 0; k < bits.Length; k++)
                for (int lane = 0; lane < V.Count; lane++)
                {
                    var noise = new Noise(seed, worker + lane, step + k / 2, stream);
                    Assert.Equal(noise.Bits(2L * block + k % 2), BitConverter.DoubleToUInt64Bits(bits[k][lane]));
                    foreach (int bound in new[] { 1, 2, 100, int.MaxValue }) Assert.Equal(noise.Integer(2L * block + k % 2, bound), WideNoise<V>.Integer(bits[k], bound)[lane]);
                }
        }
    }

    [Fact]
    public void Normal_numbers_are_those_of_the_formula()
    {
        var numbers = new Wide256[2000];
        new WideNoise<Wide256>(5, 0, NoiseStream.Gradient, 0).Fill(0, numbers);
        WideNoise<Wide256>.ToNormal(numbers);
        for (int pair = 0; pair < numbers.Length / 2; pair++)
            for (int lane = 0; lane < Wide256.Count; lane++)
            {
                var noise = new Noise(5, lane, pair, NoiseStream.Gradient);
                ulong second = noise.Bits(1);
                double radius = Math.Sqrt(-2 * Math.Log(1 - Fraction(noise.Bits(0))));
                var (sine, cosine) = Math.SinCos((Fraction(second) - 0.5) * (Math.PI / 2));
                if ((second & 2) != 0) cosine = -cosine;
                if ((second & 1) != 0) (sine, cosine) = (cosine, sine);
                Assert.Equal(radius * cosine, numbers[2 * pair][lane], 5e-15);
                Assert.Equal(radius * sine, numbers[2 * pair + 1][lane], 5e-15);
            }

        static double Fraction(ulong bits) => (bits >> 12) * Math.ScaleB(1, -52);
    }

    /// <summary>Each at 4.5 standard errors: a right generator fails with probability 7·10⁻⁶ a line, over the choice of the seed.</summary>
    [Fact]
    public void They_are_standard_normal_and_pairs_independent()
    {
        const int Pairs = 32_768;
        var numbers = new Wide256[2 * Pairs];
        new WideNoise<Wide256>(6, 0, NoiseStream.Gradient, 0).Fill(0, numbers);
        WideNoise<Wide256>.ToNormal(numbers);
        double n = Pairs * Wide256.Count;
        Assert.Equal(0, Mean((x, y) => x), Error(1));
        Assert.Equal(0, Mean((x, y) => y), Error(1));
        Assert.Equal(1, Mean((x, y) => x * x), Error(2));
        Assert.Equal(1, Mean((x, y) => y * y), Error(2));
        Assert.Equal(0, Mean((x, y) => x * x * x), Error(15));
        Assert.Equal(3, Mean((x, y) => x * x * x * x), Error(96));
        Assert.Equal(3, Mean((x, y) => y * y * y * y), Error(96));
        Assert.Equal(0, Mean((x, y) => x * y), Error(1));
        Assert.Equal(1, Mean((x, y) => x * x * y * y), Error(8));
        Assert.Equal(0.0026998, Mean((x, y) => Math.Abs(x) > 3 ? 1 : 0), Error(0.0026998));

        double Error(double variance) => 4.5 * Math.Sqrt(variance / n);
        double Mean(Func<double, double, double> of)
        {
            double sum = 0;
            for (int pair = 0; pair < Pairs; pair++) for (int lane = 0; lane < Wide256.Count; lane++) sum += of(numbers[2 * pair][lane], numbers[2 * pair + 1][lane]);
            return sum / n;
        }
    }
}
