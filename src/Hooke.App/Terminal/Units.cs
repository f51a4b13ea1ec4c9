using System.Globalization;

namespace Hooke.App.Terminal;

/// <summary>Numbers as text for people.</summary>
internal static class Units
{
    /// <summary>1.5 MB and the like.</summary>
    public static string Bytes(double bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB"];
        int unit = 0;
        for (; bytes >= 1000 && unit < units.Length - 1; unit++) bytes /= 1000;
        return $"{Fixed(bytes, bytes >= 100 || unit == 0 ? 0 : 1)} {units[unit]}";
    }

    /// <summary>A number with so many decimals; a dash if there is none.</summary>
    public static string Fixed(double? value, int decimals) => value is { } number && double.IsFinite(number) ? number.ToString($"f{decimals}", CultureInfo.InvariantCulture) : "–";

    /// <summary>A number with so many significant digits; a dash if there is none.</summary>
    public static string Digits(double? value, int digits) => value is { } number && double.IsFinite(number) ? number.ToString($"g{digits}", CultureInfo.InvariantCulture) : "–";

    /// <summary>A fraction in percent.</summary>
    public static string Percent(double? fraction) => Fixed(100 * fraction, 2) + " %";

    /// <summary>A whole number with separators.</summary>
    public static string Count(double value) => value.ToString("n0", CultureInfo.InvariantCulture);
}
