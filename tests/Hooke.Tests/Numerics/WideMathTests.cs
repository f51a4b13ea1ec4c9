using Hooke.Numerics;
using Xunit;

namespace Hooke.Tests.Numerics;

/// <summary>Elementary functions on vectors against the scalar ones, whose own relative error is about 2⁻⁵³.</summary>
public class WideMathTests
{
    private static readonly double Unit = Math.ScaleB(1, -53);

    [Fact]
    public void Logarithms_are_right_within_two_units_in_the_last_place()
    {
        for (int k = 0; k < 200_000; k++)
        {
            var noise = new Noise(1, 0, k, NoiseStream.Generation);
            double x = Math.ScaleB(1 + noise.Uniform(0), k % 3 == 0 ? -1 : (int)noise.Integer(1, 2040) - 1020), exact = Math.Log(x);
            Assert.Equal(exact, WideMath<Wide256>.Log(Wide256.Create(x))[0], 2 * (Math.BitIncrement(Math.Abs(exact)) - Math.Abs(exact)));
        }
        Assert.Equal((0, Math.Log(Math.ScaleB(1, -1022))), (WideMath<Wide256>.Log(Wide256.Create(1.0))[0], WideMath<Wide256>.Log(Wide256.Create(Math.ScaleB(1, -1022)))[0]));
    }

    [Fact]
    public void Exponentials_have_the_stated_relative_error()
    {
        for (int k = 0; k < 200_000; k++)
        {
            double u = new Noise(2, 0, k, NoiseStream.Generation).Uniform(0), x = k % 2 == 0 ? 4 * u - 2 : 1400 * u - 700, exact = Math.Exp(x);
            Assert.InRange(WideMath<Wide256>.ExpOfMinus(Wide256.Create(-x))[0] / exact - 1, -(6 + Math.Abs(x) / 2) * Unit, (6 + Math.Abs(x) / 2) * Unit);
        }
        Assert.Equal(1, WideMath<Wide256>.ExpOfMinus(default(Wide256))[0]);
        Assert.InRange(WideMath<Wide256>.ExpOfMinus(Wide256.Create(double.MaxValue))[0], 0, 1e-307);
    }

    [Fact]
    public void Sines_and_cosines_have_the_stated_error()
    {
        for (int k = 0; k <= 100_000; k++)
        {
            double t = k / 100_000.0 - 0.5;
            var (sine, cosine) = WideMath<Wide256>.SinCosOfQuarterTurns(Wide256.Create(t));
            var (s, c) = Math.SinCos(t * (Math.PI / 2));
            Assert.Equal(s, sine[0], 3e-16);
            Assert.Equal(c, cosine[0], 3e-16);
        }
    }

    /// <summary>Vectors of 512 bits are emulated where the hardware has none: the bits are those of 256 everywhere.</summary>
    [Fact]
    public void All_widths_compute_the_same_bits()
    {
        var (narrow, wide) = (new Wide256[128], new Wide512[64]);
        for (int half = 0; half < 2; half++)
        {
            var part = new Wide256[64];
            new WideNoise<Wide256>(3, half * Wide256.Count, NoiseStream.Gradient, 0).Fill(0, part);
            WideNoise<Wide256>.ToNormal(part);
            part.CopyTo(narrow, 64 * half);
        }
        new WideNoise<Wide512>(3, 0, NoiseStream.Gradient, 0).Fill(0, wide);
        WideNoise<Wide512>.ToNormal(wide);
        for (int k = 0; k < wide.Length; k++)
        {
            var numbers = wide[k];
            var powers = WideMath<Wide512>.ExpOfMinus(Wide512.Floor(numbers * 100) / Wide512.Max(numbers, Wide512.Create(0.5)));
            var chosen = Wide512.Select(Wide512.Less(numbers, powers), Wide512.Min(numbers, powers), -numbers);
            for (int half = 0; half < 2; half++)
            {
                var same = narrow[64 * half + k];
                var power = WideMath<Wide256>.ExpOfMinus(Wide256.Floor(same * 100) / Wide256.Max(same, Wide256.Create(0.5)));
                var choice = Wide256.Select(Wide256.Less(same, power), Wide256.Min(same, power), -same);
                for (int lane = 0; lane < Wide256.Count; lane++)
                    Assert.Equal((same[lane], power[lane], choice[lane]), (numbers[8 * half + lane], powers[8 * half + lane], chosen[8 * half + lane]));
            }
        }
    }
}
