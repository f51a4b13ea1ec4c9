using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hooke.Numerics;

/// <summary>Sixteen elements in two vectors of 512 bits.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct Wide512 : IWide<Wide512>
{
    private readonly Vector512<double> low, high;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Wide512(Vector512<double> low, Vector512<double> high) => (this.low, this.high) = (low, high);

    /// <inheritdoc/>
    public static int Count => 16;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 Create(double value)
    {
        var all = Vector512.Create(value);
        return new(all, all);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 Create(ulong bits)
    {
        var all = Vector512.Create(bits).AsDouble();
        return new(all, all);
    }

    /// <inheritdoc/>
    public static Wide512 Indices
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Vector512<ulong>.Indices.AsDouble(), (Vector512<ulong>.Indices + Vector512.Create(8UL)).AsDouble());
    }

    /// <inheritdoc/>
    public double this[int lane] => lane < 8 ? low[lane] : high[lane - 8];

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 operator +(Wide512 x, Wide512 y) => new(x.low + y.low, x.high + y.high);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 operator -(Wide512 x, Wide512 y) => new(x.low - y.low, x.high - y.high);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 operator *(Wide512 x, Wide512 y) => new(x.low * y.low, x.high * y.high);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 operator *(Wide512 x, double y) => x * Create(y);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 operator /(Wide512 x, Wide512 y) => new(x.low / y.low, x.high / y.high);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 operator -(Wide512 x) => new(-x.low, -x.high);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 operator &(Wide512 x, Wide512 y) => new(x.low & y.low, x.high & y.high);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 operator |(Wide512 x, Wide512 y) => new(x.low | y.low, x.high | y.high);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 operator ^(Wide512 x, Wide512 y) => new(x.low ^ y.low, x.high ^ y.high);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 operator <<(Wide512 x, int by) => new((x.low.AsUInt64() << by).AsDouble(), (x.high.AsUInt64() << by).AsDouble());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 operator >>>(Wide512 x, int by) => new((x.low.AsUInt64() >>> by).AsDouble(), (x.high.AsUInt64() >>> by).AsDouble());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 MultiplyAdd(Wide512 x, Wide512 y, Wide512 z) => new(Vector512.FusedMultiplyAdd(x.low, y.low, z.low), Vector512.FusedMultiplyAdd(x.high, y.high, z.high));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 SubtractProduct(Wide512 z, Wide512 x, Wide512 y) => new(SubtractProduct(z.low, x.low, y.low), SubtractProduct(z.high, x.high, y.high));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 Sqrt(Wide512 x) => new(Vector512.Sqrt(x.low), Vector512.Sqrt(x.high));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 Max(Wide512 x, Wide512 y) => new(Vector512.MaxNative(x.low, y.low), Vector512.MaxNative(x.high, y.high));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 Min(Wide512 x, Wide512 y) => new(Vector512.MinNative(x.low, y.low), Vector512.MinNative(x.high, y.high));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 Floor(Wide512 x) => new(Vector512.Floor(x.low), Vector512.Floor(x.high));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 Less(Wide512 x, Wide512 y) => new(Vector512.LessThan(x.low, y.low), Vector512.LessThan(x.high, y.high));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 Select(Wide512 mask, Wide512 x, Wide512 y) => new(Select(mask.low, x.low, y.low), Select(mask.high, x.high, y.high));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 AddBits(Wide512 x, Wide512 y) => new((x.low.AsUInt64() + y.low.AsUInt64()).AsDouble(), (x.high.AsUInt64() + y.high.AsUInt64()).AsDouble());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 Product(Wide512 x, Wide512 y) => new(Product(x.low, y.low), Product(x.high, y.high));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 Gather(ref double numbers, ref readonly long places)
    {
        ref long at = ref Unsafe.AsRef(in places);
        return new(
            Vector512.Create(Unsafe.Add(ref numbers, (nint)Unsafe.Add(ref at, 0)), Unsafe.Add(ref numbers, (nint)Unsafe.Add(ref at, 1)), Unsafe.Add(ref numbers, (nint)Unsafe.Add(ref at, 2)), Unsafe.Add(ref numbers, (nint)Unsafe.Add(ref at, 3)), Unsafe.Add(ref numbers, (nint)Unsafe.Add(ref at, 4)), Unsafe.Add(ref numbers, (nint)Unsafe.Add(ref at, 5)), Unsafe.Add(ref numbers, (nint)Unsafe.Add(ref at, 6)), Unsafe.Add(ref numbers, (nint)Unsafe.Add(ref at, 7))),
            Vector512.Create(Unsafe.Add(ref numbers, (nint)Unsafe.Add(ref at, 8)), Unsafe.Add(ref numbers, (nint)Unsafe.Add(ref at, 9)), Unsafe.Add(ref numbers, (nint)Unsafe.Add(ref at, 10)), Unsafe.Add(ref numbers, (nint)Unsafe.Add(ref at, 11)), Unsafe.Add(ref numbers, (nint)Unsafe.Add(ref at, 12)), Unsafe.Add(ref numbers, (nint)Unsafe.Add(ref at, 13)), Unsafe.Add(ref numbers, (nint)Unsafe.Add(ref at, 14)), Unsafe.Add(ref numbers, (nint)Unsafe.Add(ref at, 15))));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 AddTo(Wide256 totals, Wide512 values) => Unsafe.BitCast<Vector512<double>, Wide256>(Unsafe.BitCast<Wide256, Vector512<double>>(totals) + values.low + values.high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> SubtractProduct(Vector512<double> z, Vector512<double> x, Vector512<double> y)
        => Avx512F.IsSupported ? Avx512F.FusedMultiplyAddNegated(x, y, z) : Vector512.FusedMultiplyAdd(-x, y, z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Select(Vector512<double> mask, Vector512<double> x, Vector512<double> y) => Vector512.ConditionalSelect(Vector512.LessThan(mask.AsInt64(), default).AsDouble(), x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Product(Vector512<double> x, Vector512<double> y)
        => (Avx512F.IsSupported ? Avx512F.Multiply(x.AsUInt32(), y.AsUInt32()) : (x.AsUInt64() & Vector512.Create(0xFFFFFFFFUL)) * (y.AsUInt64() & Vector512.Create(0xFFFFFFFFUL))).AsDouble();
}
