using System.Globalization;
using System.Security;
using System.Text;
using Hooke.App.Training;
using Hooke.Runs;

namespace Hooke.App.Terminal;

/// <summary>A run's picture: test error and losses against seconds of training, as SVG.</summary>
internal static class Curves
{
    private const int Width = 900, Height = 350, Left = 62, Top = 84, PanelWidth = 318, PanelHeight = 206, Gap = 110, MostDots = 60;
    private const string Ink = SvgPage.Ink, Muted = SvgPage.Muted, Grid = "#e5e8eb", First = "#1f6f8b", Second = "#c8553d";

    /// <summary>A line of a panel.</summary>
    private sealed record Line(string Name, string Color, IReadOnlyList<(double X, double Y)> Points);

    /// <summary>Draws the picture.</summary>
    /// <param name="points">The trace.</param>
    /// <param name="title">What ran.</param>
    /// <param name="subtitle">How it ran.</param>
    public static string Draw(IReadOnlyList<TracePoint> points, string title, string subtitle)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{Height}" viewBox="0 0 {Width} {Height}" font-family="Helvetica, Arial, sans-serif" font-size="11" fill="{Muted}">""");
        text.Append(CultureInfo.InvariantCulture, $"""<rect width="100%" height="100%" fill="white"/><text x="{Left}" y="26" font-size="15" font-weight="bold" fill="{Ink}">{SecurityElement.Escape(title)}</text>""");
        foreach (var (line, k) in Halves(subtitle).Select((line, k) => (line, k))) text.Append(CultureInfo.InvariantCulture, $"""<text x="{Left}" y="{42 + 14 * k}" font-size="10">{SecurityElement.Escape(line)}</text>""");
        var yardstick = Yardstick.Of(points);
        Line train = new("train", First, [.. points.Select(point => (point.Seconds, point.TrainLoss))]), test = new("test", Second, [.. points.Select(point => (point.Seconds, point.TestLoss))]);
        Panel(text, 0, yardstick.Title, [new("", First, [.. points.Select(point => (point.Seconds, yardstick.Shown(point)))])]);
        // Where the test loss has a panel of its own, the other is the training loss's.
        if (yardstick.IsFraction) Panel(text, 1, "loss", [train, test]);
        else Panel(text, 1, "train loss", [train with { Name = "" }]);
        return text.Append("</svg>\n").ToString();
    }

    private static void Panel(StringBuilder text, int number, string title, Line[] lines)
    {
        int left = Left + number * (PanelWidth + Gap), bottom = Top + PanelHeight;
        lines = [.. lines.Select(line => line with { Points = [.. line.Points.Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y))] }).Where(line => line.Points.Count > 1)];
        text.Append(CultureInfo.InvariantCulture, $"""<text x="{left}" y="{Top - 8}" fill="{Ink}">{title}</text>""");
        if (lines.Length == 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"""<text x="{left}" y="{Top + 20}">too few points</text>""");
            return;
        }
        // The first point is the untrained model, which would flatten everything else: the line comes in from above.
        var shown = lines.SelectMany(line => line.Points.Skip(line.Points.Count > 2 ? 1 : 0)).ToArray();
        double right = Math.Max(lines.Max(line => line.Points[^1].X), 1e-9), low = shown.Min(point => point.Y), high = shown.Max(point => point.Y);
        double margin = Math.Max((high - low) * 0.08, 1e-6 * Math.Max(1, Math.Abs(high)));
        (low, high) = (low - margin, high + margin);
        double X(double x) => left + PanelWidth * x / right;
        double Y(double y) => Top + PanelHeight * (high - y) / (high - low);

        foreach (double tick in Ticks(0, right))
            text.Append(CultureInfo.InvariantCulture, $"""<path d="M{X(tick):f1} {Top}V{bottom}" stroke="{Grid}"/><text x="{X(tick):f1}" y="{bottom + 17}" text-anchor="middle">{tick:g4}</text>""");
        foreach (double tick in Ticks(low, high))
            text.Append(CultureInfo.InvariantCulture, $"""<path d="M{left} {Y(tick):f1}H{left + PanelWidth}" stroke="{Grid}"/><text x="{left - 8}" y="{Y(tick) + 4:f1}" text-anchor="end">{tick:g4}</text>""");
        text.Append(CultureInfo.InvariantCulture, $"""<path d="M{left} {bottom}H{left + PanelWidth}" stroke="{Muted}"/><text x="{left + PanelWidth}" y="{bottom + 34}" text-anchor="end">seconds of training</text>""");
        text.Append(CultureInfo.InvariantCulture, $"""<clipPath id="panel{number}"><rect x="{left - 4}" y="{Top}" width="{PanelWidth + 8}" height="{PanelHeight + 4}"/></clipPath><g clip-path="url(#panel{number})">""");
        foreach (var line in lines)
        {
            string path = string.Join('L', line.Points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.X):f1} {Y(point.Y):f1}")));
            text.Append(CultureInfo.InvariantCulture, $"""<path fill="none" stroke="{line.Color}" stroke-width="2" stroke-linejoin="round" d="M{path}"/>""");
            if (line.Points.Count <= MostDots)
                foreach (var (x, y) in line.Points.Where(point => point.Y <= high)) text.Append(CultureInfo.InvariantCulture, $"""<circle cx="{X(x):f1}" cy="{Y(y):f1}" r="2.4" fill="{line.Color}"/>""");
        }
        text.Append("</g>");
        // Each line says its name and last value at its end; where two ends meet, the labels keep a distance.
        double above = double.NegativeInfinity;
        foreach (var line in lines.OrderByDescending(line => line.Points[^1].Y))
        {
            double y = above = Math.Max(Y(line.Points[^1].Y) + 4, above + 13);
            text.Append(CultureInfo.InvariantCulture, $"""<text x="{left + PanelWidth + 8}" y="{y:f1}" fill="{line.Color}">{(line.Name.Length > 0 ? line.Name + " " : "")}{line.Points[^1].Y:g4}</text>""");
        }
    }

    /// <summary>A long line broken at a comma near its middle.</summary>
    private static string[] Halves(string text)
    {
        int at = text.Length < 110 ? -1 : text.IndexOf(", ", text.Length / 2, StringComparison.Ordinal);
        return at < 0 ? [text] : [text[..(at + 1)], text[(at + 2)..]];
    }

    /// <summary>Round numbers within a range, about five.</summary>
    public static IEnumerable<double> Ticks(double low, double high)
    {
        double raw = Math.Max((high - low) / 5, 1e-12), power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        double step = new[] { 1.0, 2, 5, 10 }.First(multiple => multiple * power >= raw * 0.999) * power;
        for (double tick = Math.Ceiling(low / step) * step; tick <= high * (1 + 1e-12); tick += step) yield return Math.Round(tick, 12);
    }
}
