namespace Hooke.Models.Data;

/// <summary>Strokes on a square canvas, kept as the squared distance from each pixel to the nearest one.</summary>
internal static class Strokes
{
    /// <summary>Adds a line.</summary>
    /// <param name="distances">The canvas: squared distances, at most updated.</param>
    /// <param name="side">Its side in pixels.</param>
    /// <param name="x0">Where the line starts.</param>
    /// <param name="y0">Where the line starts.</param>
    /// <param name="x1">Where it ends.</param>
    /// <param name="y1">Where it ends.</param>
    /// <param name="reach">Distance beyond which it does not matter.</param>
    public static void Add(Span<float> distances, int side, float x0, float y0, float x1, float y1, float reach)
    {
        int left = Math.Max(0, (int)MathF.Ceiling(MathF.Min(x0, x1) - reach)), right = Math.Min(side - 1, (int)MathF.Floor(MathF.Max(x0, x1) + reach));
        int top = Math.Max(0, (int)MathF.Ceiling(MathF.Min(y0, y1) - reach)), bottom = Math.Min(side - 1, (int)MathF.Floor(MathF.Max(y0, y1) + reach));
        float dx = x1 - x0, dy = y1 - y0, inverse = 1 / MathF.Max(dx * dx + dy * dy, 1e-6f);
        for (int y = top; y <= bottom; y++)
            for (int x = left; x <= right; x++)
            {
                float px = x - x0, py = y - y0, along = Math.Clamp((px * dx + py * dy) * inverse, 0, 1);
                px -= along * dx;
                py -= along * dy;
                ref float distance = ref distances[y * side + x];
                distance = MathF.Min(distance, px * px + py * py);
            }
    }

    /// <summary>How much ink a stroke leaves on a pixel, from 0 to 1: it fades over one pixel at the stroke's edge.</summary>
    /// <param name="distance">Squared distance from the pixel to the stroke's middle.</param>
    /// <param name="half">Half the stroke's width.</param>
    public static float Ink(float distance, float half) => distance < (half + 1) * (half + 1) ? Math.Clamp(half + 0.5f - MathF.Sqrt(distance), 0, 1) : 0;

    /// <summary>A part of the unit circle as a line x0 y0 x1 y1 ….</summary>
    public static float[] Arc(float from, float to, int pieces)
    {
        float[] line = new float[2 * (pieces + 1)];
        for (int k = 0; k <= pieces; k++) (line[2 * k + 1], line[2 * k]) = MathF.SinCos(from + (to - from) * k / pieces);
        return line;
    }
}
