using System.Runtime.CompilerServices;
using Hooke.Numerics;

namespace Hooke.Models.Data;

/// <summary>The part of a stored input that a model sees: in training at a random place, perhaps mirrored; else the center.</summary>
/// <param name="Height">Rows of it.</param>
/// <param name="Width">Columns of it.</param>
/// <param name="Flips">Whether half of the training examples are mirrored left to right.</param>
internal readonly unsafe record struct View(int Height, int Width, bool Flips)
{
    /// <summary>Whether an input is seen as it is stored.</summary>
    public bool IsWhole(Shape shape) => Height == shape.Height && Width == shape.Width && !Flips;

    /// <summary>Scales what is seen of an input.</summary>
    /// <param name="scaler">Factors and offsets.</param>
    /// <param name="shape">Shape of the stored input.</param>
    /// <param name="from">The stored input.</param>
    /// <param name="to">Receives what is seen.</param>
    /// <param name="window">Where it is.</param>
    /// <typeparam name="T">Byte or float.</typeparam>
    public void Read<T>(Scaler scaler, Shape shape, T* from, float* to, Window window) where T : unmanaged
    {
        int run = Width * shape.Channels;
        from += ((long)window.Top * shape.Width + window.Left) * shape.Channels;
        for (int y = 0; y < Height; y++, from += (long)shape.Width * shape.Channels, to += run)
        {
            if (typeof(T) == typeof(byte))
            {
                if (window.Mirrored) scaler.ScaleMirrored((byte*)from, to, run);
                else scaler.Scale((byte*)from, to, run);
            }
            else if (window.Mirrored) scaler.ScaleMirrored((float*)from, to, run);
            else scaler.Scale((float*)from, to, run);
        }
    }

    /// <summary>The center; where a margin is odd, the smaller half is above or left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Window Center(Shape shape) => new((shape.Height - Height) / 2, (shape.Width - Width) / 2, false);

    /// <summary>A window uniform over all places, mirrored with probability ½ if there are flips.</summary>
    /// <param name="shape">Shape of the stored input.</param>
    /// <param name="noise">Random numbers of the step.</param>
    /// <param name="example">Which example of the step's batch, from 0.</param>
    public Window Random(Shape shape, Noise noise, int example)
    {
        var (top, left, flip, _) = noise.Block((uint)example);
        return new(Below(top, shape.Height - Height + 1), Below(left, shape.Width - Width + 1), Flips && (flip & 1) != 0);
    }

    private static int Below(uint bits, int bound) => (int)((ulong)bits * (uint)bound >> 32);
}

/// <summary>A place in a stored input.</summary>
/// <param name="Top">First row.</param>
/// <param name="Left">First column.</param>
/// <param name="Mirrored">Whether rows are read from right to left.</param>
internal readonly record struct Window(int Top, int Left, bool Mirrored);
