using System.Runtime.CompilerServices;
using Hooke.Numerics;

namespace Hooke.Models.Linear;

/// <summary>
/// A number of data or model: a float, or a 16- or 8-bit step of a grid. The type is known when a kernel is compiled, so the
/// other cases cost nothing.
/// </summary>
internal static unsafe class Cell
{
    /// <summary>Whether it is a step of a grid.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsFixed<T>() where T : unmanaged => typeof(T) != typeof(float);

    /// <summary>Largest step; the smallest is one further from zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Largest<T>() where T : unmanaged => sizeof(T) == 1 ? sbyte.MaxValue : short.MaxValue;

    /// <summary>A step as a whole number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Whole<T>(T* at) where T : unmanaged => sizeof(T) == 1 ? *(sbyte*)at : *(short*)at;

    /// <summary>The number as a float, the grid's scale left out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Float<T>(T* at) where T : unmanaged => typeof(T) == typeof(float) ? *(float*)at : Whole(at);

    /// <summary>A step on the 16-bit grid that <see cref="FixedStep"/> multiplies.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Wide<T>(T* at) where T : unmanaged => sizeof(T) == 1 ? *(sbyte*)at << 8 : *(short*)at;

    /// <summary>Moves a step by so many, and no further than the grid reaches.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Move<T>(T* at, int by) where T : unmanaged => Put(at, Whole(at) + by);

    /// <summary>Makes a step of a multiplication; as in hardware, it is brought into the type's range before it is added.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Step<T>(T* at, int by) where T : unmanaged => Move(at, sizeof(T) == 1 ? Math.Clamp(by, sbyte.MinValue, sbyte.MaxValue) : by);

    /// <summary>Writes a step, or the nearest that the grid has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put<T>(T* at, int value) where T : unmanaged
    {
        value = Math.Clamp(value, ~Largest<T>(), Largest<T>());
        if (sizeof(T) == 1) *(sbyte*)at = (sbyte)value;
        else *(short*)at = (short)value;
    }

    /// <summary>Adds to a number of the model: x, in steps if it is fixed point, then ⌊x + r/2¹⁶⌋.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add<T>(T* at, float x, ushort random) where T : unmanaged
    {
        if (typeof(T) == typeof(float)) *(float*)at += x;
        else Move(at, (int)MathF.Floor(Math.Clamp(x, -65536f, 65536f) + random * (1f / 65536)));
    }
}
