using System.Globalization;
using System.Security;
using System.Text;
using Hooke.Runs;

namespace Hooke.App.Terminal;

/// <summary>A run's picture: test error and losses against seconds of training, as SVG.</summary>
internal static class Curves
{
    private const int Width = 760, Height = 300, Left = 60, Top = 46, PanelWidth = 300, PanelHeight = 200, Gap = 80;
    private static readonly string[] Colors = ["#1f6f8b", "#c8553d"];

    /// <summary>A line of a panel.</summary>
    private sealed record Line(string Name, IReadOnlyList<(double X, double Y)> Points);

    /// <summary>Draws the picture.</summary>
    public static string Draw(IReadOnlyList<TracePoint> points, string title)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{Height}" viewBox="0 0 {Width} {Height}" font-family="sans-serif" font-size="11"><rect width="100%" height="100%" fill="white"/><text x="{Width / 2}" y="20" text-anchor="middle" font-size="14">{SecurityElement.Escape(title)}</text>""");
        Panel(text, Left, "test error, %", [new("", [.. points.Where(p => p.TestError is not null).Select(p => (p.Seconds, 100 * p.TestError!.Value))])]);
        Panel(text, Left + PanelWidth + Gap, "loss", [new("train", [.. points.Select(p => (p.Seconds, p.TrainLoss))]), new("test", [.. points.Select(p => (p.Seconds, p.TestLoss))])]);
        return text.Append("</svg>\n").ToString();
    }

    private static void Panel(StringBuilder text, int left, string title, Line[] lines)
    {
        lines = [.. lines.Select(line => line with { Points = [.. line.Points.Where(p => double.IsFinite(p.X) && double.IsFinite(p.Y))] }).Where(line => line.Points.Count > 1)];
        if (lines.Length == 0) return;
        // The first point is the untrained model, which would flatten everything else.
        var shown = lines.SelectMany(line => line.Points.Skip(line.Points.Count > 2 ? 1 : 0)).ToArray();
        double right = lines.Max(line => line.Points[^1].X), low = shown.Min(p => p.Y), high = shown.Max(p => p.Y);
        double margin = Math.Max((high - low) * 0.06, 1e-9);
        (low, high) = (low - margin, high + margin);
        double X(double x) => left + PanelWidth * x / Math.Max(right, 1e-9);
        double Y(double y) => Top + PanelHeight * (high - y) / (high - low);
        foreach (double tick in Ticks(0, right))
            text.Append(CultureInfo.InvariantCulture, $"""<path d="M{X(tick):f1} {Top}V{Top + PanelHeight}" stroke="#ddd"/><text x="{X(tick):f1}" y="{Top + PanelHeight + 16}" text-anchor="middle">{tick:g4}</text>""");
        foreach (double tick in Ticks(low, high))
            text.Append(CultureInfo.InvariantCulture, $"""<path d="M{left} {Y(tick):f1}H{left + PanelWidth}" stroke="#ddd"/><text x="{left - 6}" y="{Y(tick) + 4:f1}" text-anchor="end">{tick:g4}</text>""");
        for (int k = 0; k < lines.Length; k++)
        {
            var visible = lines[k].Points.Where(p => p.Y <= high).ToArray();
            text.Append(CultureInfo.InvariantCulture, $"""<path fill="none" stroke="{Colors[k]}" stroke-width="1.8" d="M{string.Join('L', visible.Select(p => string.Create(CultureInfo.InvariantCulture, $"{X(p.X):f1} {Y(p.Y):f1}")))}"/>""");
            if (lines[k].Name.Length > 0)
                text.Append(CultureInfo.InvariantCulture, $"""<path d="M{left + PanelWidth - 70} {Top + 14 + 16 * k}h18" stroke="{Colors[k]}" stroke-width="1.8"/><text x="{left + PanelWidth - 46}" y="{Top + 18 + 16 * k}">{lines[k].Name}</text>""");
        }
        text.Append(CultureInfo.InvariantCulture, $"""<rect x="{left}" y="{Top}" width="{PanelWidth}" height="{PanelHeight}" fill="none" stroke="#888"/><text x="{left + PanelWidth / 2}" y="{Top - 8}" text-anchor="middle">{title}</text><text x="{left + PanelWidth / 2}" y="{Top + PanelHeight + 34}" text-anchor="middle">seconds of training</text>""");
    }

    private static IEnumerable<double> Ticks(double low, double high)
    {
        double raw = Math.Max((high - low) / 5, 1e-12), power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        double step = new[] { 1.0, 2, 5, 10 }.First(m => m * power >= raw * 0.999) * power;
        for (double tick = Math.Ceiling(low / step) * step; tick <= high * (1 + 1e-12); tick += step) yield return Math.Round(tick, 12);
    }
}
