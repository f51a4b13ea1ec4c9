using System.Globalization;
using System.Security;
using System.Text;

namespace Hooke.App.Terminal;

/// <summary>How pictures begin.</summary>
internal static class SvgPage
{
    /// <summary>Color of titles and names.</summary>
    public const string Ink = "#24292f";

    /// <summary>Color of all other text.</summary>
    public const string Muted = "#6e7781";

    /// <summary>A white page with a title and a subtitle in its first 50 pixels; what ends it is left to the caller.</summary>
    public static StringBuilder Begin(int width, int height, string title, string subtitle)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" font-family="Helvetica, Arial, sans-serif" font-size="11" fill="{Muted}"><rect width="100%" height="100%" fill="white"/>""");
        text.Append(CultureInfo.InvariantCulture, $"""<text x="20" y="24" font-size="14" font-weight="bold" fill="{Ink}">{SecurityElement.Escape(title)}</text><text x="20" y="42">{SecurityElement.Escape(subtitle)}</text>""");
        return text;
    }
}
