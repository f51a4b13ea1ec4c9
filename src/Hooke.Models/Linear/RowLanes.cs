using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Hooke.Numerics;

namespace Hooke.Models.Linear;

/// <summary>
/// What dense kernels do with one hardware vector of floats, 32-bit or 16-bit whole numbers, so that they are written once for all
/// widths. Whole numbers are exact and floats are added in one order, so the width changes no bit.
/// </summary>
/// <typeparam name="V">The hardware vector.</typeparam>
internal unsafe interface IRowLanes<V> where V : unmanaged
{
    /// <summary>Floats in a vector; of 16-bit numbers there are twice as many.</summary>
    static abstract int Floats { get; }

    static abstract V Zero { get; }

    static abstract V Create(float value);

    static abstract V Create(short value);

    static abstract V Load(void* from);

    static abstract void Store(V values, void* to);

    /// <summary>Numbers of data or model as floats.</summary>
    static abstract V FromCells<T>(T* from) where T : unmanaged;

    /// <summary>Steps of a grid as 16-bit numbers.</summary>
    static abstract V Shorts<T>(T* from) where T : unmanaged;

    /// <summary>Floats: a·b + c, rounded once.</summary>
    static abstract V MultiplyAdd(V a, V b, V c);

    /// <summary>
    /// The sum of 64 partial sums, which the kernel keeps in 64/<see cref="Floats"/> vectors: the four sums of the numbers at
    /// equal places modulo 16 first, then halves upon halves.
    /// </summary>
    static abstract float Sum(V s0, V s1, V s2, V s3, V s4, V s5, V s6, V s7);

    /// <summary>The sum of 16 partial sums, which the kernel keeps in 16/<see cref="Floats"/> vectors: halves upon halves.</summary>
    static abstract float Sum(V s0, V s1);

    /// <summary>Steps of a grid on the 16-bit grid that <see cref="FixedStep"/> multiplies: 8-bit ones times 2⁸.</summary>
    static abstract V Wide<T>(T* from) where T : unmanaged;

    /// <summary>16 bits: (a·b + 2¹⁴) ⌊/2¹⁵⌋.</summary>
    static abstract V MultiplyRound(V a, V b);

    static abstract V AddShorts(V a, V b);

    /// <summary>16 bits without a sign: ⌊a/2ⁿ⌋ for n from 1 to 16.</summary>
    static abstract V ShiftUnsigned(V a, Vector128<short> n);

    /// <summary>16 bits: ⌊a/2ⁿ⌋.</summary>
    static abstract V ShiftSigned(V a, Vector128<short> n);

    /// <summary>Moves steps of the model's grid as <see cref="Cell.Step"/> does, and gives where they have come to.</summary>
    static abstract V Move<T>(T* model, V by) where T : unmanaged;

    /// <summary>Products of 16-bit numbers, each with its neighbor's added, in 32 bits.</summary>
    static abstract V Pairs(V a, V b);

    /// <summary>32 bits: a + b.</summary>
    static abstract V AddInts(V a, V b);

    /// <summary>32 bits: ⌊a/2¹⁶⌋.</summary>
    static abstract V High(V a);

    /// <summary>32 bits: a mod 2¹⁶.</summary>
    static abstract V Low(V a);

    /// <summary>The sum of 32-bit numbers.</summary>
    static abstract long SumInts(V a);

    /// <summary>Random bits of two vectors of coordinates, and by how much they change from one pair of vectors to the next.</summary>
    static abstract void Randoms(in RoundingNoise noise, out V first, out V second, out V firstChange, out V secondChange);

    /// <summary>Adds ⌊x + r/2¹⁶⌋ to steps of the model's grid, as <see cref="Cell.Add"/> does.</summary>
    /// <param name="model">Where the steps are.</param>
    /// <param name="x">Floats.</param>
    /// <param name="random">16-bit random bits of twice as many coordinates.</param>
    /// <param name="upper">Whether the coordinates are the upper half of those.</param>
    static abstract void AddRounded<T>(T* model, V x, V random, bool upper) where T : unmanaged;
}

/// <summary>Vectors of 512 bits.</summary>
internal readonly unsafe struct RowLanes512 : IRowLanes<Vector512<byte>>
{
    public static int Floats => 16;

    public static Vector512<byte> Zero => Vector512<byte>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Create(float value) => Vector512.Create(value).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Create(short value) => Vector512.Create(value).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Load(void* from) => Vector512.Load((byte*)from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<byte> values, void* to) => values.Store((byte*)to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> FromCells<T>(T* from) where T : unmanaged
        => typeof(T) == typeof(float) ? Load(from) : Vector512.ConvertToSingle(Wholes(from)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Shorts<T>(T* from) where T : unmanaged
        => sizeof(T) == 2 ? Load(from) : Avx512BW.ConvertToVector512Int16(Vector256.Load((sbyte*)from)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> MultiplyAdd(Vector512<byte> a, Vector512<byte> b, Vector512<byte> c) => Vector512.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), c.AsSingle()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector512<byte> s0, Vector512<byte> s1, Vector512<byte> s2, Vector512<byte> s3, Vector512<byte> s4, Vector512<byte> s5, Vector512<byte> s6, Vector512<byte> s7)
    {
        return Sum((s0.AsSingle() + s1.AsSingle() + (s2.AsSingle() + s3.AsSingle())).AsByte(), Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector512<byte> s0, Vector512<byte> s1) => RowLanes256.Sum(s0.AsSingle().GetLower() + s0.AsSingle().GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Wide<T>(T* from) where T : unmanaged => sizeof(T) == 2 ? Load(from) : (Shorts(from).AsInt16() << 8).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> MultiplyRound(Vector512<byte> a, Vector512<byte> b) => Avx512BW.MultiplyHighRoundScale(a.AsInt16(), b.AsInt16()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> AddShorts(Vector512<byte> a, Vector512<byte> b) => (a.AsInt16() + b.AsInt16()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> ShiftUnsigned(Vector512<byte> a, Vector128<short> n) => Avx512BW.ShiftRightLogical(a.AsInt16(), n).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> ShiftSigned(Vector512<byte> a, Vector128<short> n) => Avx512BW.ShiftRightArithmetic(a.AsInt16(), n).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Move<T>(T* model, Vector512<byte> by) where T : unmanaged
    {
        if (sizeof(T) == 1)
        {
            var moved = Vector256.AddSaturate(Avx512BW.ConvertToVector256SByteWithSaturation(by.AsInt16()), Vector256.Load((sbyte*)model));
            moved.Store((sbyte*)model);
            return Avx512BW.ConvertToVector512Int16(moved).AsByte();
        }
        var wide = Vector512.AddSaturate(by.AsInt16(), Vector512.Load((short*)model));
        wide.Store((short*)model);
        return wide.AsByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Pairs(Vector512<byte> a, Vector512<byte> b) => Avx512BW.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> AddInts(Vector512<byte> a, Vector512<byte> b) => (a.AsInt32() + b.AsInt32()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> High(Vector512<byte> a) => (a.AsInt32() >> 16).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Low(Vector512<byte> a) => (a.AsInt32() & Vector512.Create(0xFFFF)).AsByte();

    public static long SumInts(Vector512<byte> a) => Vector512.Sum(Vector512.WidenLower(a.AsInt32()) + Vector512.WidenUpper(a.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Randoms(in RoundingNoise noise, out Vector512<byte> first, out Vector512<byte> second, out Vector512<byte> firstChange, out Vector512<byte> secondChange)
    {
        (first, second) = (noise.First.AsByte(), (noise.First + noise.Difference).AsByte());
        firstChange = secondChange = (noise.Difference + noise.Difference).AsByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddRounded<T>(T* model, Vector512<byte> x, Vector512<byte> random, bool upper) where T : unmanaged
    {
        var r = Vector512.ConvertToSingle((upper ? Vector512.WidenUpper(random.AsUInt16()) : Vector512.WidenLower(random.AsUInt16())).AsInt32());
        var by = Vector512.ConvertToInt32(Vector512.Floor(Vector512.FusedMultiplyAdd(r, Vector512.Create(1f / 65536), Vector512.Clamp(x.AsSingle(), Vector512.Create(-65536f), Vector512.Create(65536f)))));
        int largest = Cell.Largest<T>();
        var moved = Vector512.Clamp(Wholes(model) + by, Vector512.Create(~largest), Vector512.Create(largest));
        if (sizeof(T) == 2) Avx512F.ConvertToVector256Int16(moved).Store((short*)model);
        else Avx512F.ConvertToVector128SByte(moved).Store((sbyte*)model);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Wholes<T>(T* from) where T : unmanaged
        => sizeof(T) == 2 ? Avx512F.ConvertToVector512Int32(Vector256.Load((short*)from)) : Avx512F.ConvertToVector512Int32(Vector128.Load((sbyte*)from));
}

/// <summary>Vectors of 256 bits, or what .NET makes of them where there are none.</summary>
internal readonly unsafe struct RowLanes256 : IRowLanes<Vector256<byte>>
{
    public static int Floats => 8;

    public static Vector256<byte> Zero => Vector256<byte>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Create(float value) => Vector256.Create(value).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Create(short value) => Vector256.Create(value).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Load(void* from) => Vector256.Load((byte*)from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<byte> values, void* to) => values.Store((byte*)to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> FromCells<T>(T* from) where T : unmanaged
        => typeof(T) == typeof(float) ? Load(from) : Vector256.ConvertToSingle(Wholes(from)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Shorts<T>(T* from) where T : unmanaged => sizeof(T) == 2 ? Load(from) : Widened(Vector128.Load((sbyte*)from)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> MultiplyAdd(Vector256<byte> a, Vector256<byte> b, Vector256<byte> c) => Vector256.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), c.AsSingle()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector256<byte> s0, Vector256<byte> s1, Vector256<byte> s2, Vector256<byte> s3, Vector256<byte> s4, Vector256<byte> s5, Vector256<byte> s6, Vector256<byte> s7)
    {
        var lower = s0.AsSingle() + s2.AsSingle() + (s4.AsSingle() + s6.AsSingle());
        var upper = s1.AsSingle() + s3.AsSingle() + (s5.AsSingle() + s7.AsSingle());
        return Sum(lower + upper);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector256<byte> s0, Vector256<byte> s1) => Sum(s0.AsSingle() + s1.AsSingle());

    /// <summary>The sum of eight floats, halves upon halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector256<float> eight)
    {
        var four = eight.GetLower() + eight.GetUpper();
        return four[0] + four[2] + (four[1] + four[3]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Wide<T>(T* from) where T : unmanaged
    {
        if (sizeof(T) == 2) return Load(from);
        if (!Avx2.IsSupported) return (Shorts(from).AsInt16() << 8).AsByte();
        // One shuffle: 8 bits of zero, then the number's.
        return Avx2.Shuffle(Avx2.BroadcastVector128ToVector256((byte*)from), Vector256.Create((byte)0x80, 0, 0x80, 1, 0x80, 2, 0x80, 3, 0x80, 4, 0x80, 5, 0x80, 6, 0x80, 7, 0x80, 8, 0x80, 9, 0x80, 10, 0x80, 11, 0x80, 12, 0x80, 13, 0x80, 14, 0x80, 15));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> MultiplyRound(Vector256<byte> a, Vector256<byte> b)
    {
        if (Avx2.IsSupported) return Avx2.MultiplyHighRoundScale(a.AsInt16(), b.AsInt16()).AsByte();
        var (lower, upper) = Products(a, b);
        return Vector256.Narrow(lower + Vector256.Create(1 << 14) >> 15, upper + Vector256.Create(1 << 14) >> 15).AsByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> AddShorts(Vector256<byte> a, Vector256<byte> b) => (a.AsInt16() + b.AsInt16()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> ShiftUnsigned(Vector256<byte> a, Vector128<short> n) => (Avx2.IsSupported ? Avx2.ShiftRightLogical(a.AsInt16(), n) : a.AsInt16() >>> n[0] - 1 >>> 1).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> ShiftSigned(Vector256<byte> a, Vector128<short> n) => (Avx2.IsSupported ? Avx2.ShiftRightArithmetic(a.AsInt16(), n) : a.AsInt16() >> n[0]).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Move<T>(T* model, Vector256<byte> by) where T : unmanaged
    {
        if (sizeof(T) == 1)
        {
            var moved = Vector128.AddSaturate(Vector128.NarrowWithSaturation(by.AsInt16().GetLower(), by.AsInt16().GetUpper()), Vector128.Load((sbyte*)model));
            moved.Store((sbyte*)model);
            return Widened(moved).AsByte();
        }
        var wide = Vector256.AddSaturate(by.AsInt16(), Vector256.Load((short*)model));
        wide.Store((short*)model);
        return wide.AsByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Pairs(Vector256<byte> a, Vector256<byte> b)
    {
        if (Avx2.IsSupported) return Avx2.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16()).AsByte();
        var (lower, upper) = Products(a, b);
        return (lower + upper).AsByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> AddInts(Vector256<byte> a, Vector256<byte> b) => (a.AsInt32() + b.AsInt32()).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> High(Vector256<byte> a) => (a.AsInt32() >> 16).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Low(Vector256<byte> a) => (a.AsInt32() & Vector256.Create(0xFFFF)).AsByte();

    public static long SumInts(Vector256<byte> a) => Vector256.Sum(Vector256.WidenLower(a.AsInt32()) + Vector256.WidenUpper(a.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Randoms(in RoundingNoise noise, out Vector256<byte> first, out Vector256<byte> second, out Vector256<byte> firstChange, out Vector256<byte> secondChange)
    {
        (first, second) = (noise.First.GetLower().AsByte(), noise.First.GetUpper().AsByte());
        (firstChange, secondChange) = (noise.Difference.GetLower().AsByte(), noise.Difference.GetUpper().AsByte());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddRounded<T>(T* model, Vector256<byte> x, Vector256<byte> random, bool upper) where T : unmanaged
    {
        var r = Vector256.ConvertToSingle((upper ? Vector256.WidenUpper(random.AsUInt16()) : Vector256.WidenLower(random.AsUInt16())).AsInt32());
        var by = Vector256.ConvertToInt32(Vector256.Floor(Vector256.FusedMultiplyAdd(r, Vector256.Create(1f / 65536), Vector256.Clamp(x.AsSingle(), Vector256.Create(-65536f), Vector256.Create(65536f)))));
        int largest = Cell.Largest<T>();
        var moved = Vector256.Clamp(Wholes(model) + by, Vector256.Create(~largest), Vector256.Create(largest));
        var half = Vector128.Narrow(moved.GetLower(), moved.GetUpper());
        if (sizeof(T) == 2) half.Store((short*)model);
        else *(long*)model = Vector128.Narrow(half, half).AsInt64()[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Wholes<T>(T* from) where T : unmanaged
    {
        if (sizeof(T) == 1 && Avx2.IsSupported) return Avx2.ConvertToVector256Int32(Vector128.CreateScalarUnsafe(*(long*)from).AsSByte());
        var half = sizeof(T) == 2 ? Vector128.Load((short*)from) : Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(long*)from).AsSByte());
        return Avx2.IsSupported ? Avx2.ConvertToVector256Int32(half) : Vector256.Create(Vector128.WidenLower(half), Vector128.WidenUpper(half));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Widened(Vector128<sbyte> bytes) => Avx2.IsSupported ? Avx2.ConvertToVector256Int16(bytes) : Vector256.Create(Vector128.WidenLower(bytes), Vector128.WidenUpper(bytes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<int> Lower, Vector256<int> Upper) Products(Vector256<byte> a, Vector256<byte> b)
        => (Vector256.WidenLower(a.AsInt16()) * Vector256.WidenLower(b.AsInt16()), Vector256.WidenUpper(a.AsInt16()) * Vector256.WidenUpper(b.AsInt16()));
}
