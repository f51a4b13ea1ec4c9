namespace Hooke.Numerics;

/// <summary>
/// Some elements of 64 bits, numbers or bits, in two hardware vectors: code is written once for vectors of any width, and two of
/// them at once keep a processor busy where one would wait for itself. Element by element all widths compute the same bits.
/// </summary>
/// <remarks>Shifts, &amp;, |, ^, <see cref="AddBits"/> and <see cref="Product"/> act on the elements' bits as whole numbers, all other operations on them as numbers.</remarks>
/// <typeparam name="V">The type itself.</typeparam>
public interface IWide<V> where V : unmanaged, IWide<V>
{
    /// <summary>Number of elements; a multiple of <see cref="Wide256"/>'s.</summary>
    static abstract int Count { get; }

    /// <summary>A number in all elements.</summary>
    /// <param name="value">The number.</param>
    static abstract V Create(double value);

    /// <summary>Bits in all elements.</summary>
    /// <param name="bits">The bits.</param>
    static abstract V Create(ulong bits);

    /// <summary>The whole numbers 0, 1, 2, … as bits.</summary>
    static abstract V Indices { get; }

    /// <summary>An element, as a number.</summary>
    /// <param name="lane">Which, from 0.</param>
    double this[int lane] { get; }

    /// <summary>Sums.</summary>
    static abstract V operator +(V x, V y);

    /// <summary>Differences.</summary>
    static abstract V operator -(V x, V y);

    /// <summary>Products.</summary>
    static abstract V operator *(V x, V y);

    /// <summary>Multiples.</summary>
    static abstract V operator *(V x, double y);

    /// <summary>Quotients.</summary>
    static abstract V operator /(V x, V y);

    /// <summary>Numbers of the other sign.</summary>
    static abstract V operator -(V x);

    /// <summary>Bits of both.</summary>
    static abstract V operator &(V x, V y);

    /// <summary>Bits of either.</summary>
    static abstract V operator |(V x, V y);

    /// <summary>Bits of one but not the other.</summary>
    static abstract V operator ^(V x, V y);

    /// <summary>Bits moved up.</summary>
    static abstract V operator <<(V x, int by);

    /// <summary>Bits moved down, after zeros.</summary>
    static abstract V operator >>>(V x, int by);

    /// <summary>xy + z, rounded once.</summary>
    static abstract V MultiplyAdd(V x, V y, V z);

    /// <summary>z − xy, rounded once.</summary>
    static abstract V SubtractProduct(V z, V x, V y);

    /// <summary>Square roots.</summary>
    static abstract V Sqrt(V x);

    /// <summary>The larger numbers.</summary>
    static abstract V Max(V x, V y);

    /// <summary>The smaller numbers.</summary>
    static abstract V Min(V x, V y);

    /// <summary>The largest whole numbers that are not above.</summary>
    static abstract V Floor(V x);

    /// <summary>All bits where x &lt; y, no bits elsewhere.</summary>
    static abstract V Less(V x, V y);

    /// <summary>x where the mask's uppermost bit is set, and y elsewhere.</summary>
    static abstract V Select(V mask, V x, V y);

    /// <summary>x + y modulo 2⁶⁴.</summary>
    static abstract V AddBits(V x, V y);

    /// <summary>The product of the lower halves.</summary>
    static abstract V Product(V x, V y);

    /// <summary>Numbers from memory.</summary>
    /// <param name="numbers">The memory.</param>
    /// <param name="places">Where each element is, from 0; not checked.</param>
    static abstract V Gather(ref double numbers, ref readonly long places);

    /// <summary>Totals with element j added to total j mod 8, in order.</summary>
    /// <param name="totals">The totals.</param>
    /// <param name="values">The numbers.</param>
    static abstract Wide256 AddTo(Wide256 totals, V values);
}
