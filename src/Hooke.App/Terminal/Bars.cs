using System.Globalization;
using System.Security;

namespace Hooke.App.Terminal;

/// <summary>A picture of horizontal bars in groups.</summary>
/// <param name="title">Its title.</param>
/// <param name="subtitle">What the lengths are.</param>
/// <param name="bars">Group, label and length of each, at least 0; a group's bars follow each other.</param>
internal sealed class Bars(string title, string subtitle, IReadOnlyList<(string Group, string Label, double Length)> bars)
{
    private const int Width = 640, Left = 150, Right = 60, Top = 60, Bar = 16, Line = 22, Gap = 10;
    private static readonly string[] colors = ["#0969da", "#1a7f37", "#9a6700", "#8250df"];

    /// <summary>Draws it.</summary>
    public string Svg()
    {
        string[] groups = [.. bars.Select(bar => bar.Group).Distinct()];
        int height = Top + bars.Count * Line + groups.Length * Gap + 30;
        double most = bars.Max(bar => bar.Length), scale = most > 0 ? (Width - Left - Right) / most : 0;
        var text = SvgPage.Begin(Width, height, title, subtitle);
        foreach (double tick in Curves.Ticks(0, most))
            text.Append(CultureInfo.InvariantCulture, $"""<path d="M{Left + tick * scale:f1} {Top - 4}V{height - 24}" stroke="#d0d7de"/><text x="{Left + tick * scale:f1}" y="{height - 8}" text-anchor="middle">{Units.Digits(tick, 6)}</text>""");
        int y = Top;
        for (int k = 0; k < bars.Count; k++, y += Line)
        {
            var (group, label, length) = bars[k];
            if (k == 0 || bars[k - 1].Group != group)
            {
                if (k > 0) y += Gap;
                text.Append(CultureInfo.InvariantCulture, $"""<text x="20" y="{y + Bar - 4}" fill="{SvgPage.Ink}">{SecurityElement.Escape(group)}</text>""");
            }
            text.Append(CultureInfo.InvariantCulture, $"""<text x="{Left - 8}" y="{y + Bar - 4}" text-anchor="end">{SecurityElement.Escape(label)}</text><rect x="{Left}" y="{y}" width="{length * scale:f1}" height="{Bar}" fill="{colors[Array.IndexOf(groups, group) % colors.Length]}"/><text x="{Left + length * scale + 6:f1}" y="{y + Bar - 4}" fill="{SvgPage.Ink}">{Units.Digits(length, 3)}</text>""");
        }
        return text.Append("</svg>\n").ToString();
    }
}
