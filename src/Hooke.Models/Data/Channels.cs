namespace Hooke.Models.Data;

/// <summary>Mean and standard deviation of each channel over all places of all training examples, in the units that models see without standardization.</summary>
/// <param name="Means">A mean for each channel.</param>
/// <param name="Deviations">A deviation for each channel; 1 where all values are equal.</param>
internal sealed unsafe record Channels(double[] Means, double[] Deviations)
{
    /// <summary>Refuses statistics that nothing can be standardized with.</summary>
    /// <param name="name">Where they are from.</param>
    /// <exception cref="InvalidDataSetException">A mean is not finite, or a deviation is not finite and above 0.</exception>
    public void Check(string name)
    {
        for (int c = 0; c < Means.Length; c++)
        {
            if (!float.IsFinite((float)Means[c])) throw Wrong("mean", Means[c], "a finite 32-bit float");
            if (!float.IsFinite((float)(1 / Deviations[c])) || !float.IsFinite((float)(Means[c] / Deviations[c])) || !(Deviations[c] > 0) || !double.IsFinite(Deviations[c]))
                throw Wrong("standard deviation", Deviations[c], "finite and so far above 0 that 32-bit floats can be divided by it (1 where all values are equal)");

            InvalidDataSetException Wrong(string what, double value, string range) => new(FormattableString.Invariant($"{name}: the {what} of channel {c} is {value}; it must be {range}"));
        }
    }

    /// <summary>Measures examples, in a fixed order, so that the same data give the same bits on every machine.</summary>
    public static Channels Measure(Layout layout, Examples examples)
    {
        long places = (long)examples.Count * layout.Shape.Height * layout.Shape.Width;
        if (layout.Element == Element.Byte)
        {
            PixelCounts counts = new(layout.Shape.Channels);
            counts.Add(examples.Inputs.Pointer, places);
            GC.KeepAlive(examples);
            return counts.Statistics();
        }
        double[] means = new double[layout.Shape.Channels], deviations = new double[layout.Shape.Channels];
        Floats((float*)examples.Inputs.Pointer, places, means, deviations);
        GC.KeepAlive(examples);
        return new(means, deviations);
    }

    private static void Floats(float* from, long places, double[] means, double[] deviations)
    {
        // Two passes: the difference of a mean square and a squared mean would lose features with large means.
        int channels = means.Length;
        for (long place = 0; place < places; place++)
            for (int c = 0; c < channels; c++) means[c] += from[place * channels + c];
        for (int c = 0; c < channels; c++) means[c] /= places;
        for (long place = 0; place < places; place++)
            for (int c = 0; c < channels; c++)
            {
                double difference = from[place * channels + c] - means[c];
                deviations[c] += difference * difference;
            }
        for (int c = 0; c < channels; c++) deviations[c] = Root(deviations[c] / places, 1e-24 * means[c] * means[c]);
    }

    /// <summary>The root of a variance, or 1: a constant channel carries nothing; leave it at zero rather than divide by it.</summary>
    internal static double Root(double variance, double negligible) => variance > negligible ? Math.Sqrt(variance) : 1;
}

/// <summary>How often each byte occurs in each channel: exact sums, whatever the order.</summary>
internal sealed unsafe class PixelCounts(int channels)
{
    private readonly long[] histograms = new long[256 * channels];
    private long places;

    /// <summary>Counts bytes.</summary>
    /// <param name="from">The first channel of the first place.</param>
    /// <param name="count">Number of places.</param>
    public void Add(byte* from, long count)
    {
        places += count;
        fixed (long* counts = histograms)
            for (; count > 0; count--, from += channels)
                for (int c = 0; c < channels; c++) counts[256 * c + from[c]]++;
    }

    /// <summary>Mean and deviation of byte/255 in each channel.</summary>
    public Channels Statistics()
    {
        double[] means = new double[channels], deviations = new double[channels];
        for (int c = 0; c < channels; c++)
        {
            double sum = 0, squares = 0;
            for (int p = 0; p < 256; p++)
            {
                sum += (double)histograms[256 * c + p] * p;
                squares += (double)histograms[256 * c + p] * p * p;
            }
            means[c] = sum / places / 255;
            deviations[c] = Channels.Root(squares / places / (255 * 255) - means[c] * means[c], 1e-12);
        }
        return new(means, deviations);
    }
}
