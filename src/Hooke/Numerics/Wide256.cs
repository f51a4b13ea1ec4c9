using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hooke.Numerics;

/// <summary>Eight elements in two vectors of 256 bits.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct Wide256 : IWide<Wide256>
{
    private readonly Vector256<double> low, high;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Wide256(Vector256<double> low, Vector256<double> high) => (this.low, this.high) = (low, high);

    /// <inheritdoc/>
    public static int Count => 8;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 Create(double value)
    {
        var all = Vector256.Create(value);
        return new(all, all);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 Create(ulong bits)
    {
        var all = Vector256.Create(bits).AsDouble();
        return new(all, all);
    }

    /// <inheritdoc/>
    public static Wide256 Indices
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector256<ulong>.Indices.AsDouble(), (Vector256<ulong>.Indices + Vector256.Create(4UL)).AsDouble());
    }

    /// <inheritdoc/>
    public double this[int lane] => lane < 4 ? low[lane] : high[lane - 4];

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 operator +(Wide256 x, Wide256 y) => new(x.low + y.low, x.high + y.high);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 operator -(Wide256 x, Wide256 y) => new(x.low - y.low, x.high - y.high);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 operator *(Wide256 x, Wide256 y) => new(x.low * y.low, x.high * y.high);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 operator *(Wide256 x, double y) => x * Create(y);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 operator /(Wide256 x, Wide256 y) => new(x.low / y.low, x.high / y.high);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 operator -(Wide256 x) => new(-x.low, -x.high);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 operator &(Wide256 x, Wide256 y) => new(x.low & y.low, x.high & y.high);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 operator |(Wide256 x, Wide256 y) => new(x.low | y.low, x.high | y.high);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 operator ^(Wide256 x, Wide256 y) => new(x.low ^ y.low, x.high ^ y.high);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 operator <<(Wide256 x, int by) => new((x.low.AsUInt64() << by).AsDouble(), (x.high.AsUInt64() << by).AsDouble());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 operator >>>(Wide256 x, int by) => new((x.low.AsUInt64() >>> by).AsDouble(), (x.high.AsUInt64() >>> by).AsDouble());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 MultiplyAdd(Wide256 x, Wide256 y, Wide256 z) => new(Vector256.FusedMultiplyAdd(x.low, y.low, z.low), Vector256.FusedMultiplyAdd(x.high, y.high, z.high));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 SubtractProduct(Wide256 z, Wide256 x, Wide256 y) => new(SubtractProduct(z.low, x.low, y.low), SubtractProduct(z.high, x.high, y.high));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 Sqrt(Wide256 x) => new(Vector256.Sqrt(x.low), Vector256.Sqrt(x.high));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 Max(Wide256 x, Wide256 y) => new(Vector256.MaxNative(x.low, y.low), Vector256.MaxNative(x.high, y.high));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 Min(Wide256 x, Wide256 y) => new(Vector256.MinNative(x.low, y.low), Vector256.MinNative(x.high, y.high));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 Floor(Wide256 x) => new(Vector256.Floor(x.low), Vector256.Floor(x.high));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 Less(Wide256 x, Wide256 y) => new(Vector256.LessThan(x.low, y.low), Vector256.LessThan(x.high, y.high));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 Select(Wide256 mask, Wide256 x, Wide256 y) => new(Select(mask.low, x.low, y.low), Select(mask.high, x.high, y.high));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 AddBits(Wide256 x, Wide256 y) => new((x.low.AsUInt64() + y.low.AsUInt64()).AsDouble(), (x.high.AsUInt64() + y.high.AsUInt64()).AsDouble());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 Product(Wide256 x, Wide256 y) => new(Product(x.low, y.low), Product(x.high, y.high));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 Gather(ref double numbers, ref readonly long places)
    {
        ref long at = ref Unsafe.AsRef(in places);
        return new(
            Vector256.Create(Unsafe.Add(ref numbers, (nint)Unsafe.Add(ref at, 0)), Unsafe.Add(ref numbers, (nint)Unsafe.Add(ref at, 1)), Unsafe.Add(ref numbers, (nint)Unsafe.Add(ref at, 2)), Unsafe.Add(ref numbers, (nint)Unsafe.Add(ref at, 3))),
            Vector256.Create(Unsafe.Add(ref numbers, (nint)Unsafe.Add(ref at, 4)), Unsafe.Add(ref numbers, (nint)Unsafe.Add(ref at, 5)), Unsafe.Add(ref numbers, (nint)Unsafe.Add(ref at, 6)), Unsafe.Add(ref numbers, (nint)Unsafe.Add(ref at, 7))));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 AddTo(Wide256 totals, Wide256 values) => totals + values;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> SubtractProduct(Vector256<double> z, Vector256<double> x, Vector256<double> y)
        => Fma.IsSupported ? Fma.MultiplyAddNegated(x, y, z) : Vector256.FusedMultiplyAdd(-x, y, z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Select(Vector256<double> mask, Vector256<double> x, Vector256<double> y)
        => Avx.IsSupported ? Avx.BlendVariable(y, x, mask) : Vector256.ConditionalSelect(Vector256.LessThan(mask.AsInt64(), default).AsDouble(), x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Product(Vector256<double> x, Vector256<double> y)
        => (Avx2.IsSupported ? Avx2.Multiply(x.AsUInt32(), y.AsUInt32()) : (x.AsUInt64() & Vector256.Create(0xFFFFFFFFUL)) * (y.AsUInt64() & Vector256.Create(0xFFFFFFFFUL))).AsDouble();
}
