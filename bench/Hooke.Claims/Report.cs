using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Hooke.Claims;

/// <summary>The table, for people, for the repository and for programs.</summary>
internal static class Report
{
    /// <summary>Processes that may run when a row starts without a word about it.</summary>
    private const double Quiet = 2;

    private static readonly JsonSerializerOptions form = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The table in Markdown: a function of the rows and of the values that are kept, and of nothing else.</summary>
    public static string Markdown(IReadOnlyList<Standing> all)
    {
        var text = new StringBuilder("""
            # Claims

            Written by `./bench/claims`, which [README.md](README.md#claims) explains: every figure that a page states, its bound, its last value (of several seeds the
            smallest and the largest as well), whether it holds, the commit that it was measured on, and how many processes ran beside it. Values are in `claims.jsonl`, rows and bounds in `rows/`.

            """);
        text.AppendLine().AppendLine(Counts(all));
        foreach (var part in all.GroupBy(standing => standing.Row.Part))
        {
            text.AppendLine().AppendLine($"## {part.Key}").AppendLine().AppendLine("| row | claim | bound | value | holds | commit | load |").AppendLine("|---|---|---|---|---|---|---|");
            foreach (var each in part)
                text.AppendLine($"| `{each.Row.Id}` | {Cell(each.Row.Claim)} | {each.Row.Bound} | {each.Figure} | {Cell(each.Word)} | {each.Entry?.Commit} | {each.Entry?.Load.ToString(CultureInfo.InvariantCulture)} |");
        }
        var machines = all.Where(each => each.Entry is not null).GroupBy(each => each.Entry!.Machine).OrderByDescending(same => same.Count()).ToArray();
        if (machines.Length > 0) text.AppendLine().AppendLine($"Measured on {string.Join("; ", machines.Select(same => $"{same.Key} ({same.Count()} rows)"))}.");
        return text.ToString();
    }

    /// <summary>The table in columns.</summary>
    /// <param name="some">Rows to show.</param>
    /// <param name="commit">Now; values of other commits show theirs.</param>
    /// <param name="lacks">What a row needs and has not.</param>
    public static string Text(IReadOnlyList<Standing> some, string commit, Func<Row, string?> lacks)
    {
        string[][] lines =
        [
            ["row", "claim", "bound", "today", "holds"],
            .. some.Select(each =>
            {
                bool today = each.Entry?.Commit == commit;
                string missing = !today && lacks(each.Row) is { } need ? $"not run: needs {need}" : "";
                string holds = each.Failure is not null || today ? each.Word.Replace("**", "") : missing.Length > 0 ? missing : "not run";
                // Speeds of a busy machine are its neighbors' as well.
                string busy = today && each.Entry!.Load > Quiet ? $"at a load of {each.Entry.Load.ToString(CultureInfo.InvariantCulture)}" : "";
                string last = !today && each.Value is not null ? $"last {each.Figure} on {each.Entry!.Commit}, {(each.Row.Bound.Holds(each.Value.Value) ? "held" : "did not hold")}" : "";
                return (string[])[each.Row.Id, each.Row.Claim, $"{each.Row.Bound}", today ? each.Figure : "", string.Join("; ", new[] { holds, busy, last }.Where(word => word.Length > 0))];
            }),
        ];
        int[] widths = [.. Enumerable.Range(0, 4).Select(column => lines.Max(line => line[column].Length))];
        var text = new StringBuilder();
        foreach (string[] line in lines) text.AppendLine($"{string.Join("  ", line.Take(4).Select((cell, column) => cell.PadRight(widths[column])))}  {line[4]}".TrimEnd());
        return text.Append(Counts(some)).AppendLine().ToString();
    }

    /// <summary>One document.</summary>
    public static string Json(IReadOnlyList<Standing> some, string commit, Func<Row, string?> lacks) => JsonSerializer.Serialize(new
    {
        commit,
        counts = new { hold = Count(some, true), broken = Count(some, false), notRun = Count(some, null), today = some.Count(each => each.Entry?.Commit == commit) },
        rows = some.Select(each => new
        {
            id = each.Row.Id,
            part = each.Row.Part,
            quick = each.Row.Quick,
            claim = each.Row.Claim,
            stated = each.Row.Stated,
            bound = new { atLeast = each.Row.Bound.AtLeast, atMost = each.Row.Bound.AtMost },
            value = each.Value,
            values = each.Entry?.Values,
            holds = each.Holds,
            commit = each.Entry?.Commit,
            today = each.Entry?.Commit == commit,
            at = each.Entry?.At,
            seconds = each.Entry?.Seconds,
            load = each.Entry?.Load,
            machine = each.Entry?.Machine,
            failure = each.Failure,
            needs = lacks(each.Row),
            minutes = each.Row.Minutes * each.Row.Seeds.Count,
        }),
    }, form);

    private static string Counts(IReadOnlyList<Standing> all) => $"{all.Count} rows: {Count(all, true)} hold, {Count(all, false)} don't, {Count(all, null)} were never run.";

    private static int Count(IReadOnlyList<Standing> all, bool? holds) => all.Count(each => each.Holds == holds);

    private static string Cell(string text) => text.Replace("|", "\\|");
}
