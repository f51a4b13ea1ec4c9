using Hooke.Numerics;

namespace Hooke.Models.Data;

/// <summary>
/// Generated color images of the figures of <see cref="Glyphs"/>, for the shapes of CIFAR-10 and ImageNet where the real sets
/// cannot be had: in ten classes by figure, or in 1000 by figure, ink and background.
/// </summary>
public static class ColorGlyphs
{
    internal const string Name = "color-glyphs", Description = "color-glyphs: generated stroke figures, 32x32 color, 10 classes";

    internal const string LargeName = "large-glyphs", LargeDescription = "large-glyphs: generated stroke figures, 256x256 color, 1000 classes by figure, ink and background";

    private const int Colors = 10;

    // Red, green and blue of each color.
    private static readonly byte[] Palette =
    [
        230, 60, 60, 70, 200, 80, 70, 90, 230, 240, 220, 70, 220, 80, 220,
        80, 220, 220, 245, 245, 245, 250, 150, 50, 150, 90, 50, 150, 150, 160,
    ];

    /// <summary>Generates a data set.</summary>
    /// <param name="side">Side of an image in pixels, from 8 to 1024; 32 by default.</param>
    /// <param name="classes">10 (by figure, the default) or 1000.</param>
    /// <param name="train">Number of training examples, from 1 to 1,000,000; 50,000 by default.</param>
    /// <param name="test">Number of test examples, from 1 to 1,000,000; 10,000 by default.</param>
    /// <param name="seed">Seed.</param>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public static DataSet Generate(int side = 32, int classes = 10, int train = 50_000, int test = 10_000, ulong seed = 1)
    {
        if (side is < 8 or > 1024) throw new ArgumentException($"side is {side}; it must be from 8 to 1024");
        if (classes is not (10 or 1000)) throw new ArgumentException($"classes is {classes}; it must be 10 or 1000");
        float[] distances = new float[side * side];
        bool large = classes > 10;
        Layout layout = new() { Name = large ? LargeName : Name, Description = large ? LargeDescription : Description, Shape = new(side, side, 3), Classes = classes };
        return Generated.Generate<byte, int>(layout, train, test, seed, (noise, _, pixels, label) =>
        {
            int figure = (int)noise.Integer(0, 10), ink = (int)noise.Integer(1, Colors), ground = (int)noise.Integer(2, Colors);
            label[0] = large ? (figure * Colors + ink) * Colors + ground : figure;
            Draw(noise, side, figure, ink, ground, pixels, distances);
        });
    }

    private static void Draw(Noise noise, int side, int figure, int ink, int ground, Span<byte> pixels, Span<float> distances)
    {
        float unit = side / 28f;
        float Between(int index, double low, double high) => (float)(low + (high - low) * noise.Uniform(index));
        float angle = Between(4, -0.6, 0.6), scale = unit * Between(5, 5, 10), stretch = Between(6, 0.7, 1.3), half = unit * Between(7, 0.6, 1.6), light = Between(8, 0.6, 1);
        float centerX = side / 2f + unit * Between(9, -4, 4), centerY = side / 2f + unit * Between(10, -4, 4);
        var (sine, cosine) = MathF.SinCos(angle);
        distances.Fill(float.MaxValue);
        foreach (float[] line in Glyphs.Figures[figure])
        {
            float x0 = 0, y0 = 0;
            for (int k = 0; k < line.Length; k += 2)
            {
                float x1 = centerX + scale * (stretch * cosine * line[k] - sine * line[k + 1]), y1 = centerY + scale * (stretch * sine * line[k] + cosine * line[k + 1]);
                if (k > 0) Strokes.Add(distances, side, x0, y0, x1, y1, half + 1);
                (x0, y0) = (x1, y1);
            }
        }
        // The background has two fifths of its color's brightness, so that no figure vanishes.
        Span<float> dark = stackalloc float[3], bright = stackalloc float[3];
        for (int c = 0; c < 3; c++) (dark[c], bright[c]) = (light * 0.4f * Palette[3 * ground + c], light * Palette[3 * ink + c]);
        for (int k = 0; k < distances.Length; k++)
        {
            float share = Strokes.Ink(distances[k], half);
            for (int c = 0; c < 3; c++) pixels[3 * k + c] = (byte)(dark[c] + share * (bright[c] - dark[c]));
        }
        // Noise is uniform in ±24; sixteen bytes share a block of random bits.
        for (int k = 0; k < pixels.Length; k += 16)
        {
            var (w0, w1, w2, w3) = noise.Block(16 + (uint)k / 16);
            Span<uint> words = [w0, w1, w2, w3];
            for (int j = 0; j < Math.Min(16, pixels.Length - k); j++)
            {
                int random = (int)((words[j / 4] >> 8 * (j % 4) & 255) * 49 >> 8) - 24;
                pixels[k + j] = (byte)Math.Clamp(pixels[k + j] + random, 0, 255);
            }
        }
    }
}
