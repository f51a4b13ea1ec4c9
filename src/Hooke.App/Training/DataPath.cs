using System.Text.RegularExpressions;
using Hooke.Models.Linear;

namespace Hooke.App.Training;

/// <summary>
/// Where data are, as users say it: a name, or a path, perhaps with how it is read, as in <c>prices.csv:target=price</c>. A path means
/// the same wherever a run is continued: a relative one is resolved where it was said.
/// </summary>
internal static partial class DataPath
{
    /// <summary>Makes a relative path absolute, if there is something in one of the folders where it may have been said.</summary>
    /// <param name="text">What was said.</param>
    /// <param name="folders">The folders, in the order in which they are tried.</param>
    /// <returns>The same if it is a name, absolute already, or leads nowhere.</returns>
    public static string Resolve(string text, params IReadOnlyList<string> folders)
    {
        if (LinearDataCatalog.IsName(text) || Path.IsPathRooted(text) || text.Trim().Length == 0 || text.Contains('\0')) return text;
        foreach (string folder in folders)
        {
            string whole = Path.GetFullPath(text, Path.GetFullPath(folder));
            if (Path.Exists(whole)) return whole;
            var (path, reading) = Split(text);
            string full = Path.GetFullPath(path, Path.GetFullPath(folder));
            if (reading.Length > 0 && path.Length > 0 && Path.Exists(full)) return full + reading;
        }
        return text;
    }

    /// <summary>Where data are now: how they are read stays as it was unless it is said anew.</summary>
    /// <param name="before">What was said of them before.</param>
    /// <param name="now">Where they are now.</param>
    public static string Move(string? before, string now)
        => before is null || LinearDataCatalog.IsName(now) || !Path.Exists(now) || Path.Exists(before) ? now : now + Split(before).Reading;

    private static (string Path, string Reading) Split(string text)
        => Reading().Match(text) is { Success: true } match ? (text[..match.Index], text[match.Index..]) : (text, "");

    [GeneratedRegex(":[a-z][a-z-]*=")]
    private static partial Regex Reading();
}
