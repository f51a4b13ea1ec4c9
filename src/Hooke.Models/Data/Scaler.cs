using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Hooke.Numerics;

namespace Hooke.Models.Data;

/// <summary>
/// Turns stored elements into what a model sees, y = s_c·x + t_c with a factor and an offset for each channel c. Every element is
/// one fused multiply-add, so the bits do not depend on the vector width.
/// </summary>
internal sealed unsafe class Scaler
{
    private readonly int channels, period;

    // Factors and offsets repeat with the channels and with the widest vector: 16 values of each channel, and 16 more so that a
    // vector may start anywhere in the period.
    private readonly NativeVector<float> factors, offsets;

    /// <summary>Prepares factors and offsets.</summary>
    /// <param name="layout">How elements are stored and whether they are standardized.</param>
    /// <param name="statistics">What they are standardized with.</param>
    public Scaler(Layout layout, Channels statistics)
    {
        channels = layout.Shape.Channels;
        // A row of features has a single place, and is never longer than the period.
        period = layout.Shape is { Height: 1, Width: 1 } ? channels : 16 * channels;
        (factors, offsets) = (new(period + 16), new(period + 16));
        double unit = layout.Element == Element.Byte ? 255 : 1;
        for (int k = 0; k < factors.Length; k++)
        {
            double mean = statistics.Means[k % channels], deviation = statistics.Deviations[k % channels];
            factors.Span[k] = (float)(layout.Standardized ? 1 / (unit * deviation) : 1 / unit);
            offsets.Span[k] = (float)(layout.Standardized ? -mean / deviation : 0);
        }
    }

    /// <summary>Scales a run of stored bytes that starts with channel 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Scale(byte* from, float* to, int count)
    {
        float* s = factors.Pointer, t = offsets.Pointer;
        int i = 0, k = 0;
        if (Vector512.IsHardwareAccelerated && count >= 16)
            for (; i < count; i += 16, k += 16)
            {
                if (k == period) k = 0;
                if (i > count - 16) (i, k) = (count - 16, (count - 16) % period); // the last vector overlaps the one before
                Vector128<byte> bytes = Vector128.Load(from + i);
                var (low, high) = Vector128.Widen(bytes);
                Vector512<int> wide = Vector512.Create(
                    Vector256.Create(Vector128.WidenLower(low), Vector128.WidenUpper(low)), Vector256.Create(Vector128.WidenLower(high), Vector128.WidenUpper(high))).AsInt32();
                Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(wide), Vector512.Load(s + k), Vector512.Load(t + k)).Store(to + i);
            }
        else if (Vector256.IsHardwareAccelerated && count >= 8)
            for (; i < count; i += 8, k += 8)
            {
                if (k == period) k = 0;
                if (i > count - 8) (i, k) = (count - 8, (count - 8) % period);
                Vector128<ushort> wide = Vector128.WidenLower(Vector128.CreateScalar(MemoryMarshal.Read<ulong>(new(from + i, 8))).AsByte());
                Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(Vector256.Create(Vector128.WidenLower(wide), Vector128.WidenUpper(wide)).AsInt32()), Vector256.Load(s + k), Vector256.Load(t + k)).Store(to + i);
            }
        else
            for (; i < count; i++) to[i] = MathF.FusedMultiplyAdd(from[i], s[i % period], t[i % period]);
    }

    /// <summary>Scales a run of stored floats that starts with channel 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Scale(float* from, float* to, int count)
    {
        float* s = factors.Pointer, t = offsets.Pointer;
        int i = 0, k = 0;
        if (Vector256.IsHardwareAccelerated && count >= 8)
            for (; i < count; i += 8, k += 8)
            {
                if (k == period) k = 0;
                if (i > count - 8) (i, k) = (count - 8, (count - 8) % period);
                Vector256.FusedMultiplyAdd(Vector256.Load(from + i), Vector256.Load(s + k), Vector256.Load(t + k)).Store(to + i);
            }
        else
            for (; i < count; i++) to[i] = MathF.FusedMultiplyAdd(from[i], s[i % period], t[i % period]);
    }

    /// <summary>Scales a row of pixels from its right end to its left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ScaleMirrored(byte* from, float* to, int count)
    {
        float* s = factors.Pointer, t = offsets.Pointer;
        for (from += count - channels; count > 0; count -= channels, from -= channels, to += channels)
            for (int c = 0; c < channels; c++) to[c] = MathF.FusedMultiplyAdd(from[c], s[c], t[c]);
    }

    /// <summary>Scales a row of places from its right end to its left.</summary>
    public void ScaleMirrored(float* from, float* to, int count)
    {
        float* s = factors.Pointer, t = offsets.Pointer;
        for (from += count - channels; count > 0; count -= channels, from -= channels, to += channels)
            for (int c = 0; c < channels; c++) to[c] = MathF.FusedMultiplyAdd(from[c], s[c], t[c]);
    }
}
