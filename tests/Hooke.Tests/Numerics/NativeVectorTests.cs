using System.Runtime.InteropServices;
using Hooke.Numerics;
using Xunit;

namespace Hooke.Tests.Numerics;

public unsafe class NativeVectorTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(1000)]
    [InlineData(100_003)]
    public void A_new_vector_is_aligned_and_zero_with_64_readable_bytes_after_it(int length)
    {
        // Memory that was used before, so that zeros are no accident.
        for (int i = 0; i < 20; i++)
        {
            using var used = new NativeVector<float>(length);
            used.Span.Fill(float.NaN);
        }
        using var vector = new NativeVector<float>(length);
        Assert.Equal(length, vector.Length);
        Assert.Equal(length, vector.Span.Length);
        Assert.Equal(0UL, (nuint)vector.Pointer % 64);
        Assert.True(vector.Pointer == (float*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref MemoryMarshal.GetReference(vector.Span)));
        Assert.Equal(-1, new ReadOnlySpan<byte>(vector.Pointer, length * sizeof(float) + 64).IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void A_copy_holds_the_values_and_is_independent()
    {
        double[] values = [1, -2, 3.5];
        using var vector = new NativeVector<double>(values);
        values[0] = 9;
        Assert.Equal([1, -2, 3.5], vector.Span.ToArray());
    }

    [Fact]
    public void Access_after_disposal_is_refused_and_a_second_disposal_does_nothing()
    {
        var vector = new NativeVector<double>(4);
        vector.Dispose();
        vector.Dispose();
        Assert.Throws<ObjectDisposedException>(() => vector.Span[0]);
        Assert.True(vector.Pointer == null);
    }

    [Fact]
    public void A_negative_length_is_refused()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new NativeVector<float>(-1));
        Assert.Equal("length", error.ParamName);
        Assert.Equal(-1, error.ActualValue);
    }
}
