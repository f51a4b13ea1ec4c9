using System.Globalization;
using System.Security;
using System.Text;
using Hooke.Theory;
using Spectre.Console;

namespace Hooke.App.Terminal;

/// <summary>A map's picture: colors over two parameters, with the boundary of stability.</summary>
/// <param name="map">What is shown.</param>
/// <param name="isRadius">Whether it is a spectral radius, stable below 1; else a variance, shown by its logarithm.</param>
/// <param name="title">Its title.</param>
/// <param name="subtitle">What it is of.</param>
internal sealed class HeatMap(StabilityMap map, bool isRadius, string title, string subtitle)
{
    private const int Width = 640, Left = 74, Top = 62, Side = 400, Bar = 18, Levels = 48, MostColumns = 100, MostLines = 24;
    private const string Ink = SvgPage.Ink, Muted = SvgPage.Muted, Shades = " .:-=+*#%@";
    private static readonly (int R, int G, int B)[] Cool = [(38, 24, 74), (49, 76, 140), (35, 132, 142), (84, 184, 112), (247, 226, 92)], Warm = [(236, 140, 100), (150, 30, 40), (70, 10, 20)];

    private readonly (double Low, double High) scale = ScaleOf(map, isRadius);

    /// <summary>Shows it in the terminal, smaller than it is where it must be.</summary>
    public void Show(Screen screen)
    {
        int columns = Math.Min(map.XValues.Length, Math.Min(MostColumns, Math.Max(20, screen.Width - 14)));
        bool colors = screen.IsLive;
        // In color a character is two cells high.
        int high = colors ? 2 : 1, lines = Math.Min((map.YValues.Length + high - 1) / high, MostLines);
        double Value(int column, int row, int rows) => map.Values[(int)((rows - 1 - row + 0.5) * map.YValues.Length / rows)][(int)((column + 0.5) * map.XValues.Length / columns)];
        screen.Line($"{title}: {subtitle}");
        for (int line = 0; line < lines; line++)
        {
            string label = line == 0 ? Units.Digits(map.Y.High, 4) : line == lines - 1 ? Units.Digits(map.Y.Low, 4) : line == lines / 2 ? map.Y.Name : "";
            string margin = $"{(label.Length > 12 ? label[..12] : label),12} ";
            if (!colors)
            {
                screen.Line((margin + string.Concat(Enumerable.Range(0, columns).Select(column => Shade(Value(column, line, lines))))).TrimEnd());
                continue;
            }
            var text = new Spectre.Console.Paragraph(margin);
            for (int column = 0; column < columns; column++) text.Append("▀", new Style(Shown(Value(column, 2 * line, 2 * lines)), Shown(Value(column, 2 * line + 1, 2 * lines))));
            screen.Console.Write(text);
            screen.Line();
        }
        string from = Units.Digits(map.X.Low, 4), to = Units.Digits(map.X.High, 4);
        int between = Math.Max(columns - from.Length - to.Length, map.X.Name.Length + 2);
        screen.Line($"{"",13}{from}{map.X.Name.PadLeft((between + map.X.Name.Length) / 2).PadRight(between)}{to}");
        if (!colors) screen.Line($"{"",13}{(isRadius ? $"'{Shades[0]}' {Units.Digits(scale.Low, 3)} … '{Shades[^1]}' 1: stable, × unstable" : $"'{Shades[0]}' {Units.Digits(Math.Pow(10, scale.Low), 3)} … '{Shades[^1]}' {Units.Digits(Math.Pow(10, scale.High), 3)}, × none")}");
        var least = map.Least();
        screen.Line(double.IsInfinity(least.Value) ? "least       none: nowhere stable" : $"least       {Units.Digits(least.Value, 6)} at {map.X.Name} {Units.Digits(least.X, 5)}, {map.Y.Name} {Units.Digits(least.Y, 5)}");
        long stable = map.Values.Sum(row => row.LongCount(value => isRadius ? value < 1 : double.IsFinite(value)));
        screen.Line($"stable      {Units.Percent((double)stable / (map.XValues.Length * map.YValues.Length))} of the cells");
    }

    /// <summary>Draws it.</summary>
    public string Svg()
    {
        var text = SvgPage.Begin(Width, Top + Side + 58, title, subtitle);
        Cells(text);
        Boundary(text);
        var least = map.Least();
        if (double.IsFinite(least.Value))
            text.Append(CultureInfo.InvariantCulture, $"""<circle cx="{X(least.X):f1}" cy="{Y(least.Y):f1}" r="4" fill="none" stroke="white" stroke-width="1.6"/><text x="{Left + Side}" y="{Top - 6}" text-anchor="end">○ least {Units.Digits(least.Value, 5)} at {Units.Digits(least.X, 4)}, {Units.Digits(least.Y, 4)}</text>""");
        foreach (double tick in Curves.Ticks(map.X.Low, map.X.High))
            text.Append(CultureInfo.InvariantCulture, $"""<path d="M{X(tick):f1} {Top + Side}v5" stroke="{Muted}"/><text x="{X(tick):f1}" y="{Top + Side + 18}" text-anchor="middle">{Units.Digits(tick, 6)}</text>""");
        foreach (double tick in Curves.Ticks(map.Y.Low, map.Y.High))
            text.Append(CultureInfo.InvariantCulture, $"""<path d="M{Left} {Y(tick):f1}h-5" stroke="{Muted}"/><text x="{Left - 8}" y="{Y(tick) + 4:f1}" text-anchor="end">{Units.Digits(tick, 6)}</text>""");
        text.Append(CultureInfo.InvariantCulture, $"""<text x="{Left + Side / 2}" y="{Top + Side + 38}" text-anchor="middle" fill="{Ink}">{SecurityElement.Escape(map.X.Name)}</text><text transform="translate(18 {Top + Side / 2}) rotate(-90)" text-anchor="middle" fill="{Ink}">{SecurityElement.Escape(map.Y.Name)}</text>""");
        ColorBar(text);
        return text.Append("</svg>\n").ToString();
    }

    /// <summary>Runs of equal colors, a path a color.</summary>
    private void Cells(StringBuilder text)
    {
        var paths = new Dictionary<string, StringBuilder>();
        double wide = (double)Side / map.XValues.Length, high = (double)Side / map.YValues.Length;
        for (int j = 0; j < map.YValues.Length; j++)
            for (int i = 0, end; i < map.XValues.Length; i = end)
            {
                string color = Hex(ColorOf(map.Values[j][i]));
                for (end = i + 1; end < map.XValues.Length && Hex(ColorOf(map.Values[j][end])) == color; end++) { }
                if (!paths.TryGetValue(color, out var path)) paths.Add(color, path = new());
                path.Append(CultureInfo.InvariantCulture, $"M{Left + i * wide:0.##} {Top + Side - (j + 1) * high:0.##}h{(end - i) * wide:0.##}v{high:0.##}h{-(end - i) * wide:0.##}z");
            }
        text.Append("""<g shape-rendering="crispEdges">""");
        foreach (var (color, path) in paths) text.Append(CultureInfo.InvariantCulture, $"""<path fill="{color}" d="{path}"/>""");
        text.Append("</g>");
    }

    /// <summary>Where a radius is 1, by linear interpolation within the squares between four cells.</summary>
    private void Boundary(StringBuilder text)
    {
        if (!isRadius) return;
        var path = new StringBuilder();
        for (int j = 0; j + 1 < map.YValues.Length; j++)
            for (int i = 0; i + 1 < map.XValues.Length; i++)
            {
                (double X, double Y, double V)[] corners = [Corner(i, j), Corner(i + 1, j), Corner(i + 1, j + 1), Corner(i, j + 1)];
                var cuts = new List<(double X, double Y)>();
                for (int k = 0; k < 4; k++)
                {
                    var (a, b) = (corners[k], corners[(k + 1) % 4]);
                    if (a.V < 1 == b.V < 1 || !double.IsFinite(a.V) || !double.IsFinite(b.V)) continue;
                    double at = (1 - a.V) / (b.V - a.V);
                    cuts.Add((a.X + at * (b.X - a.X), a.Y + at * (b.Y - a.Y)));
                }
                for (int k = 0; k + 1 < cuts.Count; k += 2) path.Append(CultureInfo.InvariantCulture, $"M{cuts[k].X:0.#} {cuts[k].Y:0.#}L{cuts[k + 1].X:0.#} {cuts[k + 1].Y:0.#}");
            }
        text.Append(CultureInfo.InvariantCulture, $"""<path d="{path}" fill="none" stroke="white" stroke-width="1.5"/>""");

        (double, double, double) Corner(int i, int j) => (Left + (i + 0.5) * Side / map.XValues.Length, Top + Side - (j + 0.5) * Side / map.YValues.Length, map.Values[j][i]);
    }

    /// <summary>Its lower part is for what is stable, however far beyond the rest goes.</summary>
    private void ColorBar(StringBuilder text)
    {
        const double StableShare = 0.62;
        int left = Left + Side + 26;
        bool isSplit = isRadius && scale.High > 1;
        double high = isRadius ? Math.Max(1, scale.High) : scale.High;
        double Share(double value) => !isSplit ? (value - scale.Low) / (high - scale.Low) : value < 1 ? StableShare * (value - scale.Low) / (1 - scale.Low) : StableShare + (1 - StableShare) * (value - 1) / (high - 1);
        double Value(double share) => !isSplit ? scale.Low + share * (high - scale.Low) : share < StableShare ? scale.Low + share / StableShare * (1 - scale.Low) : 1 + (share - StableShare) / (1 - StableShare) * (high - 1);
        double At(double value) => Top + Side * (1 - Share(value));
        for (int k = 0; k < 100; k++)
            text.Append(CultureInfo.InvariantCulture, $"""<rect x="{left}" y="{Top + Side - (k + 1) * Side / 100.0:0.##}" width="{Bar}" height="{Side / 100.0 + 0.5:0.##}" fill="{Hex(ColorOf(isRadius ? Value((k + 0.5) / 100) : Math.Pow(10, Value((k + 0.5) / 100))))}"/>""");
        foreach (double tick in isSplit ? Curves.Ticks(scale.Low, 1).Concat(Curves.Ticks(1, high).Where(tick => tick > 1)) : Curves.Ticks(scale.Low, high))
            text.Append(CultureInfo.InvariantCulture, $"""<path d="M{left + Bar} {At(tick):f1}h4" stroke="{Muted}"/><text x="{left + Bar + 8}" y="{At(tick) + 4:f1}">{Units.Digits(isRadius ? tick : Math.Pow(10, tick), 4)}</text>""");
        if (isSplit) text.Append(CultureInfo.InvariantCulture, $"""<text x="{left}" y="{Top - 6}">and above</text>""");
        if (!isRadius) text.Append(CultureInfo.InvariantCulture, $"""<rect x="{left}" y="{Top + Side + 14}" width="{Bar}" height="10" fill="{Hex(ColorOf(double.PositiveInfinity))}"/><text x="{left + Bar + 8}" y="{Top + Side + 23}">unstable</text>""");
        if (isSplit) text.Append(CultureInfo.InvariantCulture, $"""<path d="M{left - 3} {At(1):f1}h{Bar + 6}" stroke="white" stroke-width="1.5"/><text x="{left + Bar + 32}" y="{At(1) - 6:f1}">unstable</text><text x="{left + Bar + 32}" y="{At(1) + 15:f1}">stable</text>""");
    }

    private double X(double x) => Left + Side * Place(map.X, map.XValues, x);

    private double Y(double y) => Top + Side * (1 - Place(map.Y, map.YValues, y));

    /// <summary>Where a value is within its axis, from 0 to 1; whole numbers are in the middles of their cells.</summary>
    private static double Place(Axis axis, double[] values, double at)
        => axis.IsWhole ? (0.5 + (values.Length - 1) * (axis.High > axis.Low ? (at - axis.Low) / (axis.High - axis.Low) : 0)) / values.Length : (at - axis.Low) / (axis.High - axis.Low);

    private static (double Low, double High) ScaleOf(StabilityMap map, bool isRadius)
    {
        double[] finite = [.. map.Values.SelectMany(row => row).Where(value => double.IsFinite(value) && (isRadius || value > 0)).Order()];
        if (finite.Length == 0) return (0, 1);
        // Few cells that are far off must not take all colors.
        if (isRadius) return (Math.Min(Math.Floor(10 * finite[0]) / 10, 0.9), Math.Clamp(finite[(int)(0.98 * (finite.Length - 1))], 1, 3));
        double low = Math.Floor(2 * Math.Log10(finite[0])) / 2, high = Math.Ceiling(2 * Math.Log10(finite[(int)(0.98 * (finite.Length - 1))])) / 2;
        return (low, Math.Max(high, low + 0.5));
    }

    private Color Shown(double value)
    {
        var (r, g, b) = ColorOf(value);
        return new((byte)r, (byte)g, (byte)b);
    }

    private (int R, int G, int B) ColorOf(double value)
    {
        if (isRadius && value >= 1 || !double.IsFinite(value)) return Mix(Warm, double.IsFinite(value) && isRadius ? (value - 1) / Math.Max(scale.High - 1, 1e-9) : 1);
        double top = isRadius ? 1 : scale.High, at = isRadius ? value : Math.Log10(value);
        return Mix(Cool, (at - scale.Low) / (top - scale.Low));
    }

    private char Shade(double value)
    {
        if (!double.IsFinite(value) || isRadius && value >= 1) return '×';
        double top = isRadius ? 1 : scale.High, at = isRadius ? value : Math.Log10(value);
        return Shades[(int)Math.Clamp((at - scale.Low) / (top - scale.Low) * Shades.Length, 0, Shades.Length - 1)];
    }

    private static (int R, int G, int B) Mix((int R, int G, int B)[] colors, double at)
    {
        at = Math.Round(Math.Clamp(at, 0, 1) * Levels) / Levels * (colors.Length - 1);
        int k = Math.Min((int)at, colors.Length - 2);
        double part = at - k;
        int Between(int a, int b) => (int)Math.Round(a + part * (b - a));
        return (Between(colors[k].R, colors[k + 1].R), Between(colors[k].G, colors[k + 1].G), Between(colors[k].B, colors[k + 1].B));
    }

    private static string Hex((int R, int G, int B) color) => $"#{color.R:x2}{color.G:x2}{color.B:x2}";
}
