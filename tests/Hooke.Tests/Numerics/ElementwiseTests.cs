using System.Numerics;
using System.Runtime.InteropServices;
using Hooke.Numerics;
using Xunit;

namespace Hooke.Tests.Numerics;

public class ElementwiseTests
{
    private const int Longest = 200;

    [Fact]
    public void Map_equals_the_scalar_loop_in_every_bit_for_float() => MapEqualsTheLoop<float>();

    [Fact]
    public void Map_equals_the_scalar_loop_in_every_bit_for_double() => MapEqualsTheLoop<double>();

    [Fact]
    public void Update_equals_the_scalar_loop_in_every_bit_for_float() => UpdateEqualsTheLoop<float>();

    [Fact]
    public void Update_equals_the_scalar_loop_in_every_bit_for_double() => UpdateEqualsTheLoop<double>();

    [Fact]
    public void Slices_give_the_same_bits_as_the_whole_for_float() => SlicesEqualTheWhole<float>();

    [Fact]
    public void Slices_give_the_same_bits_as_the_whole_for_double() => SlicesEqualTheWhole<double>();

    [Fact]
    public void What_a_pass_leaves_is_never_subnormal_for_float() => LeavesNothingSubnormal<float>();

    [Fact]
    public void What_a_pass_leaves_is_never_subnormal_for_double() => LeavesNothingSubnormal<double>();

    [Theory]
    [InlineData(3, 4, 4)]
    [InlineData(4, 3, 4)]
    [InlineData(4, 4, 3)]
    [InlineData(0, 1, 1)]
    public void Unequal_lengths_are_refused(int first, int second, int third)
    {
        float[] x = new float[first], y = new float[second], z = new float[third];
        var map = Assert.Throws<ArgumentException>(() => Elementwise.Map(new Blend<float>(0.3f), x, y, z));
        var update = Assert.Throws<ArgumentException>(() => Elementwise.Update(new Swing<float>(0.3f), x, y, z));
        Assert.Contains($"{first}, {second} and {third}", map.Message);
        Assert.Contains($"{first}, {second} and {third}", update.Message);
    }

    private static void MapEqualsTheLoop<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T s = T.CreateChecked(0.3);
        var formula = new Blend<T>(s);
        for (int length = 0; length <= Longest; length++)
        {
            T[] x = Values<T>(1, length), y = Values<T>(2, length), expected = new T[length];
            for (int k = 0; k < length; k++) expected[k] = Normal(x[k] - s * (y[k] * y[k] + x[k]));

            // One element of room at either end shows writes outside the result.
            var room = new T[length + 2];
            Elementwise.Map(formula, x, y, room.AsSpan(1, length));
            AssertBits<T>(expected, room.AsSpan(1, length));
            Assert.True(T.IsZero(room[0]) && T.IsZero(room[^1]));

            T[] first = [.. x], second = [.. y];
            Elementwise.Map(formula, first, y, first);
            AssertBits<T>(expected, first);
            Elementwise.Map(formula, x, second, second);
            AssertBits<T>(expected, second);

            for (int k = 0; k < length; k++) expected[k] = Normal(x[k] - s * (x[k] * x[k] + x[k]));
            first = [.. x];
            Elementwise.Map(formula, first, first, first);
            AssertBits<T>(expected, first);
        }
    }

    private static void UpdateEqualsTheLoop<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T s = T.CreateChecked(0.3);
        var formula = new Swing<T>(s);
        for (int length = 0; length <= Longest; length++)
        {
            T[] x = Values<T>(3, length), y = Values<T>(4, length), z = Values<T>(5, length);
            // z is a vector of its own, then x, then y.
            foreach (int alias in (ReadOnlySpan<int>)[0, 1, 2])
            {
                T[] expectedX = [.. x], expectedY = [.. y], third = alias switch { 1 => x, 2 => y, _ => z };
                for (int k = 0; k < length; k++)
                {
                    T moved = s * y[k] - third[k] * x[k];
                    expectedY[k] = Normal(moved);
                    expectedX[k] = Normal(x[k] + moved);
                }
                T[] roomX = [T.Zero, .. x, T.Zero], roomY = [T.Zero, .. y, T.Zero];
                Span<T> a = roomX.AsSpan(1, length), b = roomY.AsSpan(1, length);
                Elementwise.Update(formula, a, b, alias switch { 1 => a, 2 => b, _ => z });
                AssertBits<T>(expectedX, a);
                AssertBits<T>(expectedY, b);
                Assert.True(T.IsZero(roomX[0]) && T.IsZero(roomX[^1]) && T.IsZero(roomY[0]) && T.IsZero(roomY[^1]));
            }
        }
    }

    private static void SlicesEqualTheWhole<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T s = T.CreateChecked(0.3);
        T[] x = Values<T>(6, Longest), y = Values<T>(7, Longest), z = Values<T>(8, Longest), mapped = new T[Longest], wholeX = [.. x], wholeY = [.. y];
        Elementwise.Map(new Blend<T>(s), x, y, mapped);
        Elementwise.Update(new Swing<T>(s), wholeX, wholeY, z);
        for (int cut = 0; cut <= Longest; cut++)
        {
            T[] parts = new T[Longest], partsX = [.. x], partsY = [.. y];
            foreach (var range in (ReadOnlySpan<Range>)[new(0, cut), new(cut, ^0)])
            {
                Elementwise.Map(new Blend<T>(s), x.AsSpan(range), y.AsSpan(range), parts.AsSpan(range));
                Elementwise.Update(new Swing<T>(s), partsX.AsSpan(range), partsY.AsSpan(range), z.AsSpan(range));
            }
            AssertBits<T>(mapped, parts);
            AssertBits<T>(wholeX, partsX);
            AssertBits<T>(wholeY, partsY);
        }
    }

    private static void LeavesNothingSubnormal<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T smallest = T.One;
        while (T.IsNormal(smallest / (T.One + T.One))) smallest /= T.One + T.One;
        T largestSubnormal = T.BitDecrement(smallest);
        T[] kept = [smallest, -smallest, T.BitIncrement(smallest), T.Zero, T.One, T.NaN, T.PositiveInfinity, T.NegativeInfinity], dropped = [T.Epsilon, -T.Epsilon, largestSubnormal, -largestSubnormal, T.NegativeZero];
        for (int length = 0; length <= Longest; length++)
        {
            // Every kind comes to every place: in the unrolled loop, in single vectors and in the rest.
            T[] values = [.. Enumerable.Range(0, length).Select(k => (k + length) % 2 == 0 ? kept[(k + length) / 2 % kept.Length] : dropped[(k + length) / 2 % dropped.Length])], zeros = new T[length];
            T[] expected = [.. values.Select((value, k) => (k + length) % 2 == 0 ? value : T.Zero)], result = new T[length], x = [.. values], y = [.. values];
            Elementwise.Map(new First<T>(), values, zeros, result);
            AssertBits<T>(expected, result);
            Elementwise.Update(new Stay<T>(), x, y, zeros);
            AssertBits<T>(expected, x);
            AssertBits<T>(expected, y);
            Elementwise.Map(new Message<T>(), values, zeros, result);
            AssertBits<T>(values, result);
        }
    }

    /// <summary>Normal numbers among which are zeros of both signs, huge, tiny and subnormal numbers.</summary>
    private static T[] Values<T>(int worker, int length) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var values = new T[length];
        new Noise(9, worker, length, NoiseStream.Generation).FillGaussian<T>(values, 1);
        ReadOnlySpan<T> special = [T.NegativeZero, T.CreateTruncating(1e15), T.Epsilon, T.CreateTruncating(-1e-20), T.Zero];
        for (int k = worker; k < length; k += 11) values[k] = special[(k + worker) % special.Length];
        return values;
    }

    private static T Normal<T>(T value) where T : unmanaged, IBinaryFloatingPointIeee754<T> => T.IsSubnormal(value) || T.IsZero(value) ? T.Zero : value;

    private static void AssertBits<T>(ReadOnlySpan<T> expected, ReadOnlySpan<T> actual) where T : unmanaged
        => Assert.True(MemoryMarshal.AsBytes(expected).SequenceEqual(MemoryMarshal.AsBytes(actual)), $"bits differ at length {expected.Length}");

    /// <summary>x − s (y² + x).</summary>
    private readonly struct Blend<T>(T scale) : IMap<T> where T : unmanaged
    {
        private readonly Vector<T> scale = new(scale);
        public Vector<T> Apply(Vector<T> x, Vector<T> y) => x - scale * (y * y + x);
    }

    /// <summary>(x, y) ← (x + y′, y′), y′ = s y − z x.</summary>
    private readonly struct Swing<T>(T scale) : IPairUpdate<T> where T : unmanaged
    {
        private readonly Vector<T> scale = new(scale);

        public void Apply(ref Vector<T> x, ref Vector<T> y, Vector<T> z)
        {
            y = scale * y - z * x;
            x += y;
        }
    }

    private readonly struct First<T> : IMap<T> where T : unmanaged
    {
        public Vector<T> Apply(Vector<T> x, Vector<T> y) => x;
    }

    private readonly struct Message<T> : IMap<T> where T : unmanaged
    {
        public static bool IsMessage => true;
        public Vector<T> Apply(Vector<T> x, Vector<T> y) => x;
    }

    private readonly struct Stay<T> : IPairUpdate<T> where T : unmanaged
    {
        public void Apply(ref Vector<T> x, ref Vector<T> y, Vector<T> z) { }
    }
}
