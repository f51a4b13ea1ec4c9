namespace Hooke.Models.Data;

/// <summary>The fields of a line of a table.</summary>
internal static class FieldText
{
    /// <summary>Dividers, the first that occurs in a line divides it; spaces if none does.</summary>
    private const string Dividers = "\t;|,";

    private const char Spaces = '\0';

    private static readonly string[] Missing = ["", "?", "na", "n/a", "nan", "null", "#n/a"];

    /// <summary>Whether a field stands for a value that nobody knows.</summary>
    public static bool IsMissing(string field) => Missing.Contains(field.Trim(), StringComparer.OrdinalIgnoreCase);

    /// <summary>A number with a decimal comma as it is written with a decimal point; null if it is none.</summary>
    public static string? WithPoint(string field)
        => field.Count(c => c == ',') == 1 && field.Replace(',', '.') is var number && Table.IsNumber(number, out _) ? number : null;

    /// <summary>What divides the fields of a table with this first line.</summary>
    public static char FindDivider(string line)
    {
        bool quoted = false;
        string outside = string.Concat(line.Where(c => c == '"' ? (quoted = !quoted) && false : !quoted));
        return Dividers.FirstOrDefault(outside.Contains, Spaces);
    }

    /// <summary>What a divider is called.</summary>
    public static string NameOf(char divider)
        => divider switch { '\t' => "tabs", ';' => "semicolons", '|' => "bars", ',' => "commas", _ => "spaces" };

    /// <summary>Divides a line. Fields may be quoted; two quotes inside stand for one.</summary>
    public static void Divide(string path, int number, string line, char divider, List<string> fields)
    {
        fields.Clear();
        if (divider == Spaces)
        {
            fields.AddRange(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            return;
        }
        for (int at = 0; at <= line.Length; at++)
        {
            int start = at;
            while (at < line.Length && line[at] is ' ') at++;
            if (at < line.Length && line[at] == '"')
            {
                int end = at + 1;
                while (end < line.Length && (line[end] != '"' || end + 1 < line.Length && line[end + 1] == '"')) end += line[end] == '"' ? 2 : 1;
                if (end >= line.Length)
                    throw new InvalidDataSetException($"{path}, line {number}, column {fields.Count + 1}: a quote is not closed; "
                        + $"expected \" before the end of the line");
                fields.Add(line[(at + 1)..end].Replace("\"\"", "\"", StringComparison.Ordinal));
                at = line.IndexOf(divider, end);
                if (line.AsSpan(end + 1, (at < 0 ? line.Length : at) - end - 1).Trim() is { Length: > 0 } behind)
                    throw new InvalidDataSetException($"{path}, line {number}, column {fields.Count}: found {behind} behind a quote; "
                        + $"expected {NameOf(divider)} between columns");
            }
            else
            {
                at = line.IndexOf(divider, start);
                fields.Add(line[start..(at < 0 ? line.Length : at)].Trim());
            }
            if (at < 0) break;
        }
    }
}
