using Hooke.Numerics;
using Xunit;

namespace Hooke.Tests.Numerics;

public class PermutationTests
{
    private static Noise Epoch(long epoch) => new(42, -1, epoch, NoiseStream.Sampling);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(1000)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(60000)]
    public void Every_position_has_its_own_image(int size)
    {
        var permutation = new Permutation(Epoch(3), size);
        var hit = new bool[size];
        for (int i = 0; i < size; i++)
        {
            long image = permutation[i];
            Assert.InRange(image, 0, size - 1);
            Assert.False(hit[image]);
            hit[image] = true;
        }
    }

    [Fact]
    public void A_range_beyond_32_bits_keeps_its_images_inside_and_apart()
    {
        const long Size = (1L << 40) + 12345;
        var permutation = new Permutation(Epoch(0), Size);
        var images = new HashSet<long>();
        for (int i = 0; i < 10_000; i++)
        {
            long image = permutation[Size - 1 - i];
            Assert.InRange(image, 0, Size - 1);
            Assert.True(images.Add(image));
        }
    }

    // Two random permutations agree in a number of positions that is nearly Poisson of mean 1: above 12 with probability 10⁻¹⁰.
    [Fact]
    public void Epochs_seeds_and_streams_have_different_orders()
    {
        var one = new Permutation(Epoch(0), 1000);
        foreach (var other in (ReadOnlySpan<Noise>)[Epoch(1), Epoch(0) with { Seed = 43 }, Epoch(0) with { Stream = NoiseStream.Generation }])
        {
            var permutation = new Permutation(other, 1000);
            int same = 0;
            for (int i = 0; i < 1000; i++)
                if (one[i] == permutation[i]) same++;
            Assert.InRange(same, 0, 12);
        }
    }

    [Fact]
    public void The_same_draws_give_the_same_order()
    {
        Permutation one = new(Epoch(5), 100), other = new(Epoch(5), 100);
        for (int i = 0; i < 100; i++) Assert.Equal(one[i], other[i]);
    }

    // χ² within 4 standard errors, see Sample.
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(100)]
    public void The_first_image_is_uniform_over_epochs(int size)
    {
        var counts = new long[size];
        for (int epoch = 0; epoch < 20_000; epoch++) counts[new Permutation(Epoch(epoch), size)[0]]++;
        Sample.AssertUniform(counts);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(10)]
    public void The_first_two_images_are_jointly_uniform_over_epochs(int size)
    {
        var counts = new long[size * (size - 1)];
        for (int epoch = 0; epoch < 20_000; epoch++)
        {
            var permutation = new Permutation(Epoch(epoch), size);
            long first = permutation[0], second = permutation[1];
            counts[first * (size - 1) + (second > first ? second - 1 : second)]++;
        }
        Sample.AssertUniform(counts);
    }

    [Fact]
    public void An_order_is_not_correlated_with_the_stored_one()
    {
        const int Size = 60_000;
        var permutation = new Permutation(Epoch(8), Size);
        double product = 0, middle = (Size - 1) / 2.0;
        for (int i = 0; i < Size; i++) product += (i - middle) * (permutation[i] - middle);
        // The rank correlation has standard error 1/√(n − 1).
        Assert.InRange(product / (Size * ((double)Size * Size - 1) / 12) * Math.Sqrt(Size - 1), -4, 4);
    }

    [Fact]
    public void A_size_below_one_is_refused()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new Permutation(Epoch(0), 0));
        Assert.Equal("size", error.ParamName);
        Assert.Equal(0L, error.ActualValue);
    }
}
