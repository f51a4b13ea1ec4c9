using Hooke.Numerics;

namespace Hooke.Models.Data;

/// <summary>
/// A generated data set: figures of a few strokes, 28×28 gray, in ten classes, at random places, sizes, angles, widths and
/// contrasts, with noise. Every example is a pure function of the seed and its index, so it is the same on every machine that
/// computes sines alike, and needs no file.
/// </summary>
public static class Glyphs
{
    /// <summary>Side of an image in pixels.</summary>
    public const int Side = 28;

    internal const string Description = "glyphs: generated stroke figures, 28x28 gray";

    private const int Classes = 10, Maximum = 1_000_000;

    // Strokes in the square [−1, 1]², as polylines x0 y0 x1 y1 ….
    internal static readonly float[][][] Figures =
    [
        [Strokes.Arc(0, 2 * MathF.PI, 14)],                       // ring
        [[0, -1, 0, 1]],                                                      // bar
        [[0, -1, 0, 1], [-1, 0, 1, 0]],                                       // cross
        [[-0.8f, -1, 0.8f, -0.33f, -0.8f, 0.33f, 0.8f, 1]],                   // zigzag
        [[-0.9f, 0.8f, 0.9f, 0.8f, 0, -0.9f, -0.9f, 0.8f]],                   // triangle
        [[-0.8f, -0.8f, 0.8f, -0.8f, 0.8f, 0.8f, -0.8f, 0.8f, -0.8f, -0.8f]], // square
        [Strokes.Arc(0, 4.2f, 10)],                                                   // open ring
        [[-0.9f, -0.9f, 0.9f, -0.9f], [0, -0.9f, 0, 1]],                      // T
        [[-0.7f, -1, -0.7f, 1], [0.7f, -1, 0.7f, 1], [-0.7f, 0, 0.7f, 0]],    // H
        [[-0.8f, -0.9f, 0, 0.9f, 0.8f, -0.9f]],                               // V
    ];

    /// <summary>Generates the data set.</summary>
    /// <param name="train">Number of training examples, from 1 to 1,000,000; 60,000 by default.</param>
    /// <param name="test">Number of test examples, from 1 to 1,000,000; 10,000 by default.</param>
    /// <param name="seed">Seed.</param>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public static DataSet Generate(int train = 60_000, int test = 10_000, ulong seed = 1)
    {
        if (train is < 1 or > Maximum) throw new ArgumentException($"training examples is {train}; it must be from 1 to {Maximum}");
        if (test is < 1 or > Maximum) throw new ArgumentException($"test examples is {test}; it must be from 1 to {Maximum}");
        var (trainPixels, trainLabels) = Draw(seed, 0, train);
        // Indices of test examples start where no training set reaches, so the test set does not depend on the training set's size.
        var (testPixels, testLabels) = Draw(seed, Maximum, test);
        return new(DataCatalog.GlyphsName, Description, new(Side, Side, 1), Classes, trainPixels, trainLabels, testPixels, testLabels);
    }

    private static (byte[] Pixels, byte[] Labels) Draw(ulong seed, int first, int count)
    {
        byte[] pixels = new byte[count * Side * Side], labels = new byte[count];
        float[] distances = new float[Side * Side];
        for (int k = 0; k < count; k++)
        {
            Noise noise = new(seed, first + k, 0, NoiseStream.Generation);
            labels[k] = (byte)noise.Integer(0, Classes);
            Draw(noise, Figures[labels[k]], pixels.AsSpan(k * Side * Side, Side * Side), distances);
        }
        return (pixels, labels);
    }

    private static void Draw(Noise noise, float[][] figure, Span<byte> pixels, Span<float> distances)
    {
        float Between(int index, double low, double high) => (float)(low + (high - low) * noise.Uniform(index));
        float angle = Between(1, -0.6, 0.6), scale = Between(2, 5, 10), stretch = Between(3, 0.7, 1.3), slant = Between(4, -0.35, 0.35);
        float centerX = 13.5f + Between(5, -4, 4), centerY = 13.5f + Between(6, -4, 4), half = Between(7, 0.5, 1.6), contrast = Between(8, 90, 230);
        var (sine, cosine) = MathF.SinCos(angle);
        float xx = scale * (stretch * cosine), xy = scale * (slant * cosine - sine), yx = scale * (stretch * sine), yy = scale * (slant * sine + cosine);

        // The squared distance from each pixel to the nearest stroke, as far as it can matter.
        distances.Fill(float.MaxValue);
        float reach = half + 1;
        foreach (float[] line in figure)
        {
            float x0 = 0, y0 = 0;
            for (int k = 0; k < line.Length; k += 2)
            {
                float x1 = centerX + xx * line[k] + xy * line[k + 1], y1 = centerY + yx * line[k] + yy * line[k + 1];
                if (k > 0) Strokes.Add(distances, Side, x0, y0, x1, y1, reach);
                (x0, y0) = (x1, y1);
            }
        }

        // Ink fades over one pixel at a stroke's edge; sixteen pixels share a block of random bits, uniform in ±24 around 24.
        for (int k = 0; k < pixels.Length; k += 16)
        {
            var (a, b, c, d) = noise.Block(16 + (uint)k / 16);
            ReadOnlySpan<uint> words = [a, b, c, d];
            for (int j = 0; j < 16; j++)
            {
                float ink = distances[k + j] < reach * reach ? Math.Clamp(half + 0.5f - MathF.Sqrt(distances[k + j]), 0, 1) : 0;
                uint random = words[j / 4] >> 8 * (j % 4) & 255;
                pixels[k + j] = (byte)Math.Clamp(contrast * ink + random * (48f / 255), 0, 255);
            }
        }
    }
}
