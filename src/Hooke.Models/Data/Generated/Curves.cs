using Hooke.Numerics;

namespace Hooke.Models.Data;

/// <summary>
/// Curves for autoencoders, 28×28 gray, each a parabola through three random points, so that six numbers make an image: built
/// like the Curves set of [Hinton, Salakhutdinov, "Reducing the dimensionality of data with neural networks", Science 2006]
/// and the Survey's table 1, whose 20,000 + 10,000 images these are not.
/// </summary>
public static class Curves
{
    /// <summary>Side of an image in pixels.</summary>
    public const int Side = 28;

    internal const string Name = "curves", Description = "curves through three random points, 28x28 gray, to be reproduced (generated)";

    private const int Pieces = 24;
    private const float Half = 0.8f;

    /// <summary>Generates the data set.</summary>
    /// <param name="train">Number of training examples, from 1 to 1,000,000; 20,000 by default.</param>
    /// <param name="test">Number of test examples, from 1 to 1,000,000; 10,000 by default.</param>
    /// <param name="seed">Seed.</param>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public static DataSet Generate(int train = 20_000, int test = 10_000, ulong seed = 1)
    {
        float[] distances = new float[Side * Side];
        Layout layout = new() { Name = Name, Description = Description, Shape = new(Side, Side, 1), Target = TargetKind.Input, Standardized = false };
        return Generated.Generate<byte, float>(layout, train, test, seed, (noise, _, pixels, _) => Draw(noise, pixels, distances));
    }

    private static void Draw(Noise noise, Span<byte> pixels, Span<float> distances)
    {
        float At(int index) => (float)(3.5 + 20 * noise.Uniform(index));
        float ax = At(0), ay = At(1), bx = At(2), by = At(3), cx = At(4), cy = At(5), x0 = ax, y0 = ay;
        distances.Fill(float.MaxValue);
        for (int k = 1; k <= Pieces; k++)
        {
            // Lagrange's parabola through the points at times 0, ½ and 1.
            float t = (float)k / Pieces, a = (1 - t) * (1 - 2 * t), b = 4 * t * (1 - t), c = t * (2 * t - 1);
            float x1 = a * ax + b * bx + c * cx, y1 = a * ay + b * by + c * cy;
            Strokes.Add(distances, Side, x0, y0, x1, y1, Half + 1);
            (x0, y0) = (x1, y1);
        }
        for (int k = 0; k < pixels.Length; k++) pixels[k] = (byte)(255 * Strokes.Ink(distances[k], Half) + 0.5f);
    }
}
