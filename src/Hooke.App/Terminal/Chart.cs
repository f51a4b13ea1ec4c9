using System.Globalization;
using System.Text;

namespace Hooke.App.Terminal;

/// <summary>Small line charts of braille dots: two dots by four in a character.</summary>
internal static class Chart
{
    /// <summary>Draws points joined by lines.</summary>
    /// <param name="title">Above the chart.</param>
    /// <param name="points">x and y; points that are not finite are left out.</param>
    /// <param name="width">Characters, the axis left out.</param>
    /// <param name="height">Lines, title and axis left out.</param>
    public static string Draw(string title, IEnumerable<(double X, double Y)> points, int width, int height)
    {
        (double X, double Y)[] shown = [.. points.Where(p => double.IsFinite(p.X) && double.IsFinite(p.Y))];
        var text = new StringBuilder($"{"",10}{title}\n");
        if (shown.Length == 0) return text.ToString();
        double left = shown.Min(p => p.X), right = shown.Max(p => p.X), low = shown.Min(p => p.Y), high = shown.Max(p => p.Y);
        if (right <= left) right = left + 1;
        if (high <= low) high = low + Math.Max(Math.Abs(low) * 0.01, 1e-9);
        var dots = new bool[2 * width, 4 * height];
        (int X, int Y) Place((double X, double Y) p) => ((int)Math.Round((p.X - left) / (right - left) * (2 * width - 1)), (int)Math.Round((high - p.Y) / (high - low) * (4 * height - 1)));
        for (int k = 0; k < shown.Length; k++)
        {
            var (x0, y0) = Place(shown[Math.Max(k - 1, 0)]);
            var (x1, y1) = Place(shown[k]);
            int steps = Math.Max(1, Math.Max(Math.Abs(x1 - x0), Math.Abs(y1 - y0)));
            for (int s = 0; s <= steps; s++) dots[x0 + (x1 - x0) * s / steps, y0 + (y1 - y0) * s / steps] = true;
        }
        for (int row = 0; row < height; row++)
        {
            double? label = row == 0 ? high : row == height - 1 ? low : null;
            text.Append(CultureInfo.InvariantCulture, $"{label?.ToString("g4", CultureInfo.InvariantCulture),8} │");
            for (int column = 0; column < width; column++) text.Append(Braille(dots, 2 * column, 4 * row));
            text.Append('\n');
        }
        text.Append(CultureInfo.InvariantCulture, $"{"",9}└{left.ToString("g3", CultureInfo.InvariantCulture)}{$"{right.ToString("g3", CultureInfo.InvariantCulture)} s".PadLeft(width - left.ToString("g3", CultureInfo.InvariantCulture).Length)}");
        return text.ToString();
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
