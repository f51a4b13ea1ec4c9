namespace Hooke.App.Terminal;

/// <summary>Small line charts of braille dots: two dots by four in a character.</summary>
internal static class Chart
{
    /// <summary>Columns of the axis's labels, left of the chart.</summary>
    public const int Margin = 9;

    /// <summary>Draws points joined by lines.</summary>
    /// <param name="title">Above the chart.</param>
    /// <param name="points">x and y; points that are not finite are left out.</param>
    /// <param name="width">Characters, the margin left out.</param>
    /// <param name="height">Lines, title and axis left out; at least 2.</param>
    /// <param name="unit">Of x.</param>
    /// <returns>Lines of one length; title, chart, axis.</returns>
    public static string[] Draw(string title, IEnumerable<(double X, double Y)> points, int width, int height, string unit = "s")
    {
        (double X, double Y)[] shown = [.. points.Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y))];
        double left = shown.Length == 0 ? 0 : shown.Min(point => point.X), right = shown.Length == 0 ? 1 : shown.Max(point => point.X);
        double low = shown.Length == 0 ? 0 : shown.Min(point => point.Y), high = shown.Length == 0 ? 1 : shown.Max(point => point.Y);
        bool[,] dots = Trace(shown, (left, right), (low, high), 2 * width, 4 * height);

        var lines = new List<string> { "".PadLeft(Margin) + title };
        for (int row = 0; row < height; row++)
        {
            string label = shown.Length == 0 ? "" : row == 0 ? Units.Digits(high, 4) : row == height - 1 ? Units.Digits(low, 4) : "";
            lines.Add($"{label,Margin - 2} │" + string.Concat(Enumerable.Range(0, width).Select(column => Braille(dots, 2 * column, 4 * row))));
        }
        string from = Units.Digits(left, 3), to = $"{Units.Digits(right, 4)} {unit}";
        lines.Add("".PadLeft(Margin - 1) + "└" + from + to.PadLeft(Math.Max(1, width - from.Length)));
        return [.. lines.Select(line => line.PadRight(Margin + width))];
    }

    private static bool[,] Trace((double X, double Y)[] points, (double Low, double High) x, (double Low, double High) y, int width, int height)
    {
        var dots = new bool[width, height];
        // Where all values are equal the line is at the bottom, or the left.
        double Part(double value, (double Low, double High) range) => range.High > range.Low ? (value - range.Low) / (range.High - range.Low) : 0;
        (int X, int Y) Place((double X, double Y) point) => ((int)Math.Round(Part(point.X, x) * (width - 1)), (int)Math.Round((1 - Part(point.Y, y)) * (height - 1)));
        for (int k = 0; k < points.Length; k++)
        {
            var (x0, y0) = Place(points[Math.Max(k - 1, 0)]);
            var (x1, y1) = Place(points[k]);
            int steps = Math.Max(1, Math.Max(Math.Abs(x1 - x0), Math.Abs(y1 - y0)));
            for (int s = 0; s <= steps; s++) dots[x0 + (x1 - x0) * s / steps, y0 + (y1 - y0) * s / steps] = true;
        }
        return dots;
    }

    private static char Braille(bool[,] dots, int x, int y)
    {
        // Unicode numbers the dots 1 2 3 7 down the left and 4 5 6 8 down the right.
        ReadOnlySpan<int> left = [0x01, 0x02, 0x04, 0x40], right = [0x08, 0x10, 0x20, 0x80];
        int bits = 0;
        for (int k = 0; k < 4; k++)
        {
            if (dots[x, y + k]) bits |= left[k];
            if (dots[x + 1, y + k]) bits |= right[k];
        }
        return (char)(0x2800 + bits);
    }
}
