using Hooke.Models.Nets;
using Hooke.Numerics;
using Xunit;

namespace Hooke.Tests.Models;

public sealed unsafe class KernelTests
{
    [Theory]
    [InlineData(1, 32, 1)]
    [InlineData(8, 16, 5)]
    [InlineData(13, 32, 40)]
    [InlineData(23, 16, 7)]
    [InlineData(4, 32, 0)]
    public void Products_have_the_same_bits_with_all_kernels(int rows, int columns, int depth)
    {
        using NativeVector<float> a = Random(24 * 50, 1), b = Random(50 * 40, 2), s = Random(24 * 40, 3);
        foreach (var (aRow, aStep) in ((int, int)[])[(50, 1), (1, 24)])
            foreach (int startRow in (int[])[40, 0, -1])
            {
                float[][] results = [.. new[] { Kernels.Scalar, Kernels.Wide512, Kernels.Wide256 }.Select(kernels =>
                {
                    using NativeVector<float> c = new(24 * 40);
                    c.Span.Fill(7);
                    kernels.Multiply(rows, columns, depth, a.Pointer, aRow, aStep, b.Pointer, 40, c.Pointer, 40, startRow < 0 ? null : s.Pointer, startRow, 0.3f);
                    return c.Span.ToArray();
                })];
                Assert.Equal(results[0], results[1]);
                Assert.Equal(results[0], results[2]);
                Assert.Equal(7, results[1][rows * 40 - 40 + columns]); // nothing is written beside the product
            }
    }

    [Fact]
    public void Elementwise_kernels_agree_with_the_scalar_ones()
    {
        foreach (var kernels in (IKernels[])[Kernels.Wide512, Kernels.Wide256])
        {
            foreach (var activation in Enum.GetValues<Activation>())
                foreach (bool masked in (bool[])[false, true])
                {
                    using NativeVector<float> z = Random(160, 1), slope = Random(160, 2), z2 = new(z.Span), slope2 = new(slope.Span), z3 = new(z.Span);
                    Kernels.Scalar.Activate(activation, z.Pointer, slope.Pointer, 160, masked);
                    kernels.Activate(activation, z2.Pointer, slope2.Pointer, 160, masked);
                    kernels.Activate(activation, z3.Pointer, 160);
                    for (int i = 0; i < 160; i++)
                    {
                        // Dropout factors here are as large as 6 and multiply the errors.
                        Assert.Equal(z.Span[i], z2.Span[i], 5e-6f);
                        Assert.Equal(slope.Span[i], slope2.Span[i], 5e-6f);
                        if (!masked) Assert.Equal(z2.Span[i], z3.Span[i]);
                    }
                }
            using NativeVector<float> a = Random(13 * 48, 4), sums = new(48), expected = new(48);
            kernels.SumRows(13, 48, a.Pointer, 48, sums.Pointer);
            Kernels.Scalar.SumRows(13, 48, a.Pointer, 48, expected.Pointer);
            Assert.Equal(expected.Span.ToArray(), sums.Span.ToArray());
            byte[] bytes = [.. Enumerable.Range(0, 256).Select(k => (byte)k)];
            using NativeVector<float> pixels = new(256), same = new(256);
            fixed (byte* from = bytes)
            {
                kernels.Standardize(from, pixels.Pointer, 253, 0.1f, -3);
                Kernels.Scalar.Standardize(from, same.Pointer, 253, 0.1f, -3);
            }
            Assert.Equal(same.Span.ToArray(), pixels.Span.ToArray());
        }
    }

    [Fact]
    public void Saturated_activations_and_derivatives_are_never_subnormal_and_what_is_not_a_number_shows()
    {
        float[] extremes = [-1000, -104, -95, -89, -87.5f, -87, -80, -75, -69, 0, 69, 80, 89, 1000, float.NegativeInfinity, float.PositiveInfinity];
        foreach (var kernels in (IKernels[])[Kernels.Scalar, Kernels.Wide512, Kernels.Wide256])
        {
            foreach (var activation in Enum.GetValues<Activation>())
            {
                using NativeVector<float> value = new(extremes), slope = new(16), derivative = new(16), product = new(16);
                kernels.Activate(activation, value.Pointer, slope.Pointer, 16, false);
                derivative.Span.Fill(1e-20f);
                product.Span.Fill(1e-15f);
                kernels.Descend(activation, derivative.Pointer, value.Pointer, 16);
                kernels.MultiplyInPlace(product.Pointer, slope.Pointer, 16);
                kernels.MultiplyInPlace(product.Pointer, product.Pointer, 16);
                foreach (float number in (float[])[.. value.Span, .. derivative.Span, .. product.Span]) Assert.True(number == 0 || MathF.Abs(number) >= 1e-30f, $"{activation} leaves {number}");
                derivative.Span.Fill(float.NaN);
                kernels.Descend(activation, derivative.Pointer, value.Pointer, 16);
                foreach (float number in derivative.Span) Assert.True(float.IsNaN(number));
            }
            using NativeVector<float> z = new(extremes[..14]), targets = new(16), losses = new(16);
            using NativeVector<float> padded = new(16);
            z.Span.CopyTo(padded.Span);
            kernels.Bernoulli(padded.Pointer, targets.Pointer, losses.Pointer, 16, 1e-2f);
            foreach (float number in padded.Span) Assert.True(number == 0 || MathF.Abs(number) >= 1e-30f, $"the cross-entropy leaves {number}");
        }
    }

    [Fact]
    public void The_exponential_is_accurate_to_3e_7()
    {
        foreach (var kernels in (IKernels[])[Kernels.Wide512, Kernels.Wide256])
        {
            using NativeVector<float> z = new(16 * 1000);
            for (int i = 0; i < z.Length; i++) z.Span[i] = -87 + 175f * i / z.Length;
            float[] at = z.Span.ToArray();
            kernels.Exponentiate(z.Pointer, z.Length);
            for (int i = 0; i < at.Length; i++) Assert.True(Math.Abs(z.Span[i] / Math.Exp(at[i]) - 1) < 3e-7, $"exp({at[i]}) is {z.Span[i]}");
        }
    }

    [Fact]
    public void Dropout_uses_the_blocks_of_the_noise_and_drops_at_its_rate()
    {
        Noise noise = new(0x123456789ABCDEF0, 77, 1L << 40 | 5, NoiseStream.Dropout);
        var (ab, cd) = Dropout.Blocks(noise, 4_000_000_001);
        for (int k = 0; k < 8; k++)
        {
            var (a, b, c, d) = noise.Block(4_000_000_001 + (uint)k);
            Assert.Equal(a | (ulong)b << 32, ab[k]);
            Assert.Equal(c | (ulong)d << 32, cd[k]);
        }
        Dropout dropout = new(0.3, 8, 400);
        float[] factors = new float[1001 * 100];
        for (int k = 0; k < 100; k++) dropout.Fill(noise, k, factors.AsSpan(k * 1001, 1001));
        Assert.All(factors, f => Assert.True(f == 0 || f == dropout.Scale));
        Assert.Equal(1, dropout.Scale * (1 - 0.3), 1e-4);
        // Five standard errors.
        Assert.Equal(0.3, factors.Count(f => f == 0) / 100_100.0, 5 * Math.Sqrt(0.21 / 100_100));
    }

    private static NativeVector<float> Random(int length, int worker)
    {
        NativeVector<float> values = new(length);
        new Noise(1, worker, 0, NoiseStream.Generation).FillGaussian(values.Span, 2);
        return values;
    }
}
