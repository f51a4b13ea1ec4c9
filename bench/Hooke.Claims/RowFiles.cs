using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Hooke.Claims;

/// <summary>
/// Rows and bounds as they stand in <c>bench/rows</c>: a file a part, with groups of rows. A group says what its rows have in common; a row
/// says its name and what is its own. A property that is none of a row's replaces <c>{property}</c> in the texts.
/// </summary>
internal static partial class RowFiles
{
    /// <summary>The parts that have files, in the order of the table.</summary>
    public static readonly string[] Parts = ["accuracy", "speed", "failures", "papers"];

    /// <summary>The part that is made of the rows of others that say so.</summary>
    public const string Quick = "quick";

    private static readonly string[] texts = ["claim", "stated", "run", "value", "seeds", "take", "needs"], numbers = ["minutes", "atMost", "atLeast", "busy"];

    /// <summary>Reads all parts.</summary>
    /// <exception cref="BadRowsException">A file is missing, is no JSON, or says what can't be: with file, row and reason.</exception>
    public static IReadOnlyList<Row> Read(string folder)
    {
        Row[] all = [.. Parts.SelectMany(part => Read(folder, part))];
        var twice = all.GroupBy(row => row.Id).FirstOrDefault(same => same.Count() > 1);
        return twice is null ? all : throw new BadRowsException($"{folder}: the id {twice.Key} stands there {twice.Count()} times; ids are given once");
    }

    private static IEnumerable<Row> Read(string folder, string part)
    {
        string path = Path.Combine(folder, part + ".json");
        if (!File.Exists(path)) throw new BadRowsException($"{path} is missing; it has the rows of {part}");
        return Parse(File.ReadAllText(path), path, part);
    }

    /// <summary>Reads the rows of a part.</summary>
    public static IReadOnlyList<Row> Parse(string json, string path, string part)
    {
        try
        {
            using var file = JsonDocument.Parse(json, new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (file.RootElement.ValueKind != JsonValueKind.Array) throw new BadRowsException($"{path} must be an array of groups");
            return [.. file.RootElement.EnumerateArray().SelectMany(group => Group(group, path, part))];
        }
        catch (JsonException trouble)
        {
            throw new BadRowsException($"{path} is not JSON: {trouble.Message}");
        }
    }

    private static IEnumerable<Row> Group(JsonElement group, string path, string part)
    {
        if (group.ValueKind != JsonValueKind.Object || !group.TryGetProperty("rows", out var rows) || rows.ValueKind != JsonValueKind.Array)
            throw new BadRowsException($"{path}: every group must be an object with an array \"rows\"");
        return rows.EnumerateArray().Select(row => new Reader(path, part, group, row).Row());
    }

    /// <summary>Puts a row together of what its group says and what it says itself.</summary>
    private sealed class Reader
    {
        private readonly string path, part;
        private readonly Dictionary<string, JsonElement> said = [];
        private readonly HashSet<string> used = [];

        public Reader(string path, string part, JsonElement group, JsonElement row)
        {
            (this.path, this.part) = (path, part);
            if (row.ValueKind != JsonValueKind.Object) throw new BadRowsException($"{path}: a row must be an object, not {row}");
            foreach (var property in group.EnumerateObject().Where(property => property.Name != "rows")) said[property.Name] = property.Value;
            foreach (var property in row.EnumerateObject()) said[property.Name] = property.Value;
        }

        private string Id => said.TryGetValue("id", out var id) ? id.ToString() : "(without id)";

        public Row Row()
        {
            if (!IdForm().IsMatch(Id)) throw Wrong("id", "must be letters, digits, dots and dashes");
            Bound bound = new(Number("atLeast"), Number("atMost"));
            if (bound is { AtLeast: null, AtMost: null } || bound.AtLeast > bound.AtMost) throw Wrong("atMost", "must be given, or atLeast, and not below it");
            var row = new Row
            {
                Id = Id,
                Part = part,
                Quick = said.TryGetValue("quick", out var quick) && quick.ValueKind == JsonValueKind.True,
                Claim = Text("claim"),
                Stated = Text("stated"),
                Run = Text("run"),
                Value = Text("value"),
                Bound = bound,
                Seeds = Seeds(),
                Take = said.ContainsKey("take") ? Enum.TryParse<Take>(Text("take"), ignoreCase: true, out var take) ? take : throw Wrong("take", "must be median, mean, min or max") : Take.Median,
                Minutes = Number("minutes") is { } minutes and > 0 and <= 90 ? minutes : throw Wrong("minutes", "must be above 0 and at most 90"),
                Needs = said.ContainsKey("needs") ? Text("needs").Split(' ', StringSplitOptions.RemoveEmptyEntries) : [],
                Busy = Number("busy") is null ? 0 : Number("busy") is { } busy and >= 0 and <= 64 && busy == Math.Floor(busy) ? (int)busy : throw Wrong("busy", "must be a whole number from 0 to 64"),
            };
            string[] known = ["id", "quick", .. texts, .. numbers];
            if (said.Keys.Except(known).Except(used).FirstOrDefault() is { } strange) throw Wrong(strange, $"is no property of a row, and no text has {{{strange}}}");
            return row;
        }

        private BadRowsException Wrong(string name, string what) => new($"{path}, row {Id}: {name} {(said.TryGetValue(name, out var value) ? $"is {value}; it " : "")}{what}");

        private string Text(string name)
        {
            if (!said.TryGetValue(name, out var value)) throw Wrong(name, "is missing");
            if (value.ValueKind != JsonValueKind.String || value.GetString() is not { Length: > 0 } text) throw Wrong(name, "must be a text");
            return Placeholder().Replace(text, match =>
            {
                string key = match.Groups[1].Value;
                if (key is "seed" or "scratch") return match.Value;
                used.Add(key);
                return said.TryGetValue(key, out var part) ? part.ToString() : throw Wrong(name, $"has {match.Value}, which neither row nor group gives");
            });
        }

        private double? Number(string name)
            => !said.TryGetValue(name, out var value) ? null : value.ValueKind == JsonValueKind.Number ? value.GetDouble() : throw Wrong(name, "must be a number");

        /// <summary>One number, or the first and the last as in 1..3.</summary>
        private int[] Seeds()
        {
            if (!said.ContainsKey("seeds")) return [1];
            var ends = SeedForm().Match(Text("seeds"));
            int Whole(int k) => int.Parse(ends.Groups[k].Value, CultureInfo.InvariantCulture);
            if (!ends.Success || Whole(1) > Whole(2)) throw Wrong("seeds", "must be the first and the last, as in 1..3");
            return [.. Enumerable.Range(Whole(1), Whole(2) - Whole(1) + 1)];
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9.-]*$")]
    private static partial Regex IdForm();

    [GeneratedRegex(@"^(\d{1,3})\.\.(\d{1,3})$")]
    private static partial Regex SeedForm();

    [GeneratedRegex(@"\{([a-zA-Z]+)\}")]
    private static partial Regex Placeholder();
}
