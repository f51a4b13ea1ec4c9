using Hooke.Numerics;

namespace Hooke.Models.Data;

/// <summary>Generated drawings of faces for autoencoders, 25×25 gray, for the shape of the Survey's Faces set where that cannot be had: heads, eyes, noses and mouths at random places and in random light.</summary>
public static class DrawnFaces
{
    /// <summary>Side of an image in pixels.</summary>
    public const int Side = 25;

    internal const string Name = "drawn-faces", Description = "drawn-faces: generated drawings of faces, 25x25 gray, to be reproduced";

    private static readonly float[] Head = Strokes.Arc(0, 2 * MathF.PI, 20);

    /// <summary>Generates the data set.</summary>
    /// <param name="train">Number of training examples, from 1 to 1,000,000; 40,000 by default.</param>
    /// <param name="test">Number of test examples, from 1 to 1,000,000; 10,000 by default.</param>
    /// <param name="seed">Seed.</param>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public static DataSet Generate(int train = 40_000, int test = 10_000, ulong seed = 1)
    {
        float[] distances = new float[Side * Side];
        Layout layout = new() { Name = Name, Description = Description, Shape = new(Side, Side, 1), Target = TargetKind.Input, Standardized = false };
        return Generated.Generate<byte, float>(layout, train, test, seed, (noise, _, pixels, _) => Draw(noise, pixels, distances));
    }

    private static void Draw(Noise noise, Span<byte> pixels, Span<float> distances)
    {
        float Between(int index, double low, double high) => (float)(low + (high - low) * noise.Uniform(index));
        float x = Between(0, 10.5, 13.5), y = Between(1, 10.5, 13.5), width = Between(2, 7, 9.5), height = Between(3, 9.5, 12), turn = Between(4, -0.25, 0.25);
        float eyes = Between(5, 0.3, 0.45), brow = Between(6, -0.4, -0.2), open = Between(7, 0.08, 0.2), mouth = Between(8, 0.4, 0.6), smile = Between(9, -0.15, 0.2);
        var (sine, cosine) = MathF.SinCos(turn);
        distances.Fill(float.MaxValue);
        Span<float> canvas = distances;
        void Line(Span<float> on, ReadOnlySpan<float> points, float scaleX, float scaleY, float moveX, float moveY)
        {
            float x0 = 0, y0 = 0;
            for (int k = 0; k < points.Length; k += 2)
            {
                float u = width * (moveX + scaleX * points[k]), v = height * (moveY + scaleY * points[k + 1]);
                float x1 = x + cosine * u - sine * v, y1 = y + sine * u + cosine * v;
                if (k > 0) Strokes.Add(on, Side, x0, y0, x1, y1, 2);
                (x0, y0) = (x1, y1);
            }
        }
        Line(canvas, Head, 1, 1, 0, 0);
        Line(canvas, Head, 0.14f, open, -eyes, -0.1f);
        Line(canvas, Head, 0.14f, open, eyes, -0.1f);
        Line(canvas, [-0.2f, 0, 0.2f, 0], 1, 1, -eyes, brow);
        Line(canvas, [-0.2f, 0, 0.2f, 0], 1, 1, eyes, brow);
        Line(canvas, [0, -0.1f, 0.08f, 0.2f, -0.05f, 0.22f], 1, 1, 0, 0);
        Line(canvas, [-1, -1, -0.5f, 0.3f, 0, 0.7f, 0.5f, 0.3f, 1, -1], mouth / 2, smile, 0, mouth);

        // Skin within the head, a background outside, light that falls across.
        float skin = Between(10, 120, 220), ground = Between(11, 20, 110), slopeX = Between(12, -3, 3), slopeY = Between(13, -3, 3), ink = Between(14, 0.5, 0.9);
        for (int k = 0; k < pixels.Length; k++)
        {
            float dx = k % Side - x, dy = k / Side - y, u = (cosine * dx + sine * dy) / width, v = (cosine * dy - sine * dx) / height;
            float inside = Math.Clamp((1 - MathF.Sqrt(u * u + v * v)) * width + 0.5f, 0, 1);
            float value = (ground + (skin - ground) * inside + slopeX * dx + slopeY * dy) * (1 - ink * Strokes.Ink(distances[k], 0.5f));
            pixels[k] = (byte)Math.Clamp(value, 0, 255);
        }
    }
}
