using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hooke.Numerics;

/// <summary>A formula z = f(x, y), element by element.</summary>
/// <typeparam name="T">Number type.</typeparam>
public interface IMap<T> where T : unmanaged
{
    /// <summary>
    /// Whether the result is a message, or part of one. A message keeps numbers below the smallest normal one, for they move what is just above
    /// it; whoever takes it in does not.
    /// </summary>
    static virtual bool IsMessage => false;

    /// <summary>The formula on one hardware vector.</summary>
    /// <param name="x">Elements of the first operand.</param>
    /// <param name="y">Elements of the second operand.</param>
    Vector<T> Apply(Vector<T> x, Vector<T> y);
}

/// <summary>A formula that changes two vectors at once, (x, y) ← f(x, y, z), element by element.</summary>
/// <typeparam name="T">Number type.</typeparam>
public interface IPairUpdate<T> where T : unmanaged
{
    /// <summary>The formula on one hardware vector.</summary>
    /// <param name="x">Elements of the first vector, changed in place.</param>
    /// <param name="y">Elements of the second vector, changed in place.</param>
    /// <param name="z">Elements of the third vector.</param>
    void Apply(ref Vector<T> x, ref Vector<T> y, Vector<T> z);
}

/// <summary>
/// Runs element-wise formulas in one pass over memory. A formula is written once, on hardware vectors, as a struct; the
/// compiler inlines it into these loops. Every element goes through the same IEEE operations whatever its position or the
/// machine's vector width, so slices give the same bits as the whole.
/// <para>What a pass would leave below the smallest normal number becomes zero, unless it is a message. A state that decays, as a velocity does
/// whose gradient has vanished, would else come to rest among the subnormal numbers, with which an operation takes a hundred cycles.</para>
/// </summary>
public static class Elementwise
{
    /// <summary>result[k] = f(x[k], y[k]). The result may be x or y itself.</summary>
    /// <param name="formula">f.</param>
    /// <param name="x">First operand.</param>
    /// <param name="y">Second operand, of the same length.</param>
    /// <param name="result">Receives the values, of the same length.</param>
    /// <typeparam name="T">Number type.</typeparam>
    /// <typeparam name="TFormula">The formula.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Map<T, TFormula>(TFormula formula, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result)
        where T : unmanaged where TFormula : struct, IMap<T>
    {
        CheckLengths(x.Length, y.Length, result.Length);
        ref T a = ref MemoryMarshal.GetReference(x), b = ref MemoryMarshal.GetReference(y), r = ref MemoryMarshal.GetReference(result);
        nuint width = (nuint)Vector<T>.Count, length = (nuint)x.Length, k = 0;
        for (; k + 4 * width <= length; k += 4 * width)
        {
            Vector<T> a0 = Vector.LoadUnsafe(ref a, k), a1 = Vector.LoadUnsafe(ref a, k + width), a2 = Vector.LoadUnsafe(ref a, k + 2 * width), a3 = Vector.LoadUnsafe(ref a, k + 3 * width);
            Vector<T> b0 = Vector.LoadUnsafe(ref b, k), b1 = Vector.LoadUnsafe(ref b, k + width), b2 = Vector.LoadUnsafe(ref b, k + 2 * width), b3 = Vector.LoadUnsafe(ref b, k + 3 * width);
            Settled<T, TFormula>(formula.Apply(a0, b0)).StoreUnsafe(ref r, k);
            Settled<T, TFormula>(formula.Apply(a1, b1)).StoreUnsafe(ref r, k + width);
            Settled<T, TFormula>(formula.Apply(a2, b2)).StoreUnsafe(ref r, k + 2 * width);
            Settled<T, TFormula>(formula.Apply(a3, b3)).StoreUnsafe(ref r, k + 3 * width);
        }
        for (; k + width <= length; k += width)
            Settled<T, TFormula>(formula.Apply(Vector.LoadUnsafe(ref a, k), Vector.LoadUnsafe(ref b, k))).StoreUnsafe(ref r, k);
        if (k == length) return;
        int rest = (int)k;
        Store(Settled<T, TFormula>(formula.Apply(Load(x[rest..]), Load(y[rest..]))), result[rest..]);
    }

    /// <summary>(x[k], y[k]) ← f(x[k], y[k], z[k]). z may be x or y itself.</summary>
    /// <param name="formula">f.</param>
    /// <param name="x">First vector, changed in place.</param>
    /// <param name="y">Second vector, of the same length, changed in place.</param>
    /// <param name="z">Third vector, of the same length.</param>
    /// <typeparam name="T">Number type.</typeparam>
    /// <typeparam name="TFormula">The formula.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Update<T, TFormula>(TFormula formula, Span<T> x, Span<T> y, ReadOnlySpan<T> z)
        where T : unmanaged where TFormula : struct, IPairUpdate<T>
    {
        CheckLengths(x.Length, y.Length, z.Length);
        ref T a = ref MemoryMarshal.GetReference(x), b = ref MemoryMarshal.GetReference(y), c = ref MemoryMarshal.GetReference(z);
        nuint width = (nuint)Vector<T>.Count, length = (nuint)x.Length, k = 0;
        for (; k + 4 * width <= length; k += 4 * width)
        {
            Vector<T> a0 = Vector.LoadUnsafe(ref a, k), a1 = Vector.LoadUnsafe(ref a, k + width), a2 = Vector.LoadUnsafe(ref a, k + 2 * width), a3 = Vector.LoadUnsafe(ref a, k + 3 * width);
            Vector<T> b0 = Vector.LoadUnsafe(ref b, k), b1 = Vector.LoadUnsafe(ref b, k + width), b2 = Vector.LoadUnsafe(ref b, k + 2 * width), b3 = Vector.LoadUnsafe(ref b, k + 3 * width);
            formula.Apply(ref a0, ref b0, Vector.LoadUnsafe(ref c, k));
            formula.Apply(ref a1, ref b1, Vector.LoadUnsafe(ref c, k + width));
            formula.Apply(ref a2, ref b2, Vector.LoadUnsafe(ref c, k + 2 * width));
            formula.Apply(ref a3, ref b3, Vector.LoadUnsafe(ref c, k + 3 * width));
            Normal(a0).StoreUnsafe(ref a, k); Normal(a1).StoreUnsafe(ref a, k + width); Normal(a2).StoreUnsafe(ref a, k + 2 * width); Normal(a3).StoreUnsafe(ref a, k + 3 * width);
            Normal(b0).StoreUnsafe(ref b, k); Normal(b1).StoreUnsafe(ref b, k + width); Normal(b2).StoreUnsafe(ref b, k + 2 * width); Normal(b3).StoreUnsafe(ref b, k + 3 * width);
        }
        for (; k + width <= length; k += width)
        {
            Vector<T> a0 = Vector.LoadUnsafe(ref a, k), b0 = Vector.LoadUnsafe(ref b, k);
            formula.Apply(ref a0, ref b0, Vector.LoadUnsafe(ref c, k));
            Normal(a0).StoreUnsafe(ref a, k);
            Normal(b0).StoreUnsafe(ref b, k);
        }
        if (k == length) return;
        int rest = (int)k;
        Vector<T> lastA = Load(x[rest..]), lastB = Load(y[rest..]), lastC = Load(z[rest..]);
        formula.Apply(ref lastA, ref lastB, lastC);
        Store(Normal(lastA), x[rest..]);
        Store(Normal(lastB), y[rest..]);
    }

    /// <summary>
    /// The numbers, but zero for those below the smallest normal one in magnitude. A formula that keeps in a register what another pass keeps in
    /// memory says so by this, for the same bits.
    /// </summary>
    /// <param name="numbers">The numbers; those that are neither float nor double stay as they are.</param>
    /// <typeparam name="T">Number type.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Normal<T>(Vector<T> numbers) where T : unmanaged
    {
        // Zero and the subnormal numbers are those whose exponent's bits are zero. Integer operations take no detour for them.
        if (typeof(T) == typeof(float))
        {
            var bits = numbers.As<T, int>();
            return Vector.ConditionalSelect(Vector.Equals(bits & new Vector<int>(0x7F80_0000), Vector<int>.Zero), Vector<int>.Zero, bits).As<int, T>();
        }
        if (typeof(T) == typeof(double))
        {
            var bits = numbers.As<T, long>();
            return Vector.ConditionalSelect(Vector.Equals(bits & new Vector<long>(0x7FF0_0000_0000_0000), Vector<long>.Zero), Vector<long>.Zero, bits).As<long, T>();
        }
        return numbers;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Settled<T, TFormula>(Vector<T> result) where T : unmanaged where TFormula : struct, IMap<T>
        => TFormula.IsMessage ? result : Normal(result);

    private static Vector<T> Load<T>(ReadOnlySpan<T> rest) where T : unmanaged
    {
        Span<T> full = stackalloc T[Vector<T>.Count];
        full.Clear();
        rest.CopyTo(full);
        return new(full);
    }

    private static void Store<T>(Vector<T> values, Span<T> rest) where T : unmanaged
    {
        for (int k = 0; k < rest.Length; k++) rest[k] = values[k];
    }

    private static void CheckLengths(int x, int y, int z)
    {
        if (x != y || x != z) throw new ArgumentException($"the vectors have lengths {x}, {y} and {z}; they must be equal");
    }
}

/// <summary>x + s y, for sums of messages.</summary>
/// <param name="scale">s.</param>
/// <typeparam name="T">Number type.</typeparam>
public readonly struct AddScaled<T>(T scale) : IMap<T> where T : unmanaged
{
    private readonly Vector<T> scale = new(scale);

    /// <inheritdoc/>
    public static bool IsMessage => true;

    /// <inheritdoc/>
    public Vector<T> Apply(Vector<T> x, Vector<T> y) => x + scale * y;
}

/// <summary>x + y, where y moves x.</summary>
/// <typeparam name="T">Number type.</typeparam>
public readonly struct Sum<T> : IMap<T> where T : unmanaged
{
    /// <inheritdoc/>
    public Vector<T> Apply(Vector<T> x, Vector<T> y) => x + y;
}
