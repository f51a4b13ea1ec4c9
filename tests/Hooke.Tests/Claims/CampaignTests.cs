using System.Text.Json;
using Hooke.Claims;
using Xunit;

namespace Hooke.Tests.Claims;

/// <summary>What is run, what is kept by commit, and how a run goes on that was cut off.</summary>
public sealed class CampaignTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hooke-claims-test-").FullName;
    private readonly List<string> played = [];
    private readonly List<string> said = [];
    private string commit = "aaaa";
    private Func<string, string> answer = _ => """{ "error": 10, "speed": 3 }""";

    private string LedgerFile => Path.Combine(folder, "claims.jsonl");

    public void Dispose() => Directory.Delete(folder, true);

    private static Row Row(string id, string value = "error", string run = "hooke train --seed {seed}", double atMost = 12, int seeds = 2) => new()
    {
        Id = id,
        Part = "accuracy",
        Claim = id,
        Stated = "README.md",
        Run = run,
        Value = value,
        Bound = new(null, atMost),
        Seeds = [.. Enumerable.Range(1, seeds)],
        Minutes = 1,
    };

    /// <summary>Runs rows in a process of its own, so to speak: all that it knows is in the file.</summary>
    private Ledger Run(IReadOnlyList<Row> rows, IReadOnlyList<Row>? chosen = null, bool again = false, double minutes = 1000, Func<Row, string?>? lacks = null)
    {
        var ledger = new Ledger(LedgerFile);
        new Campaign(rows, ledger, () => commit, Play, lacks ?? (_ => null), said.Add) { Scratch = folder, Machine = new("a machine", () => 0.5) }
            .Run(chosen ?? rows, again, TimeSpan.FromMinutes(minutes), CancellationToken.None);
        return new(LedgerFile);
    }

    private JsonElement Play(Job job)
    {
        string command = string.Join(' ', job.Words);
        played.Add(command);
        return JsonDocument.Parse(answer(command)).RootElement;
    }

    [Fact]
    public void A_row_that_is_done_on_this_commit_is_not_run_again()
    {
        Row[] rows = [Row("one")];
        Run(rows);
        Assert.Equal(["hooke train --seed 1", "hooke train --seed 2"], played);
        Run(rows);
        Assert.Equal(2, played.Count);
        Run(rows, again: true);
        Assert.Equal(4, played.Count);
        commit = "bbbb";
        Run(rows);
        Assert.Equal(6, played.Count);
    }

    [Fact]
    public void A_run_that_was_cut_off_goes_on_with_the_seed_that_is_missing()
    {
        Row[] rows = [Row("one", seeds: 3)];
        answer = command => command.EndsWith('2') ? throw new OperationCanceledException() : """{ "error": 10 }""";
        Assert.Throws<OperationCanceledException>(() => Run(rows));
        Assert.Equal("not run", Standing.Of(rows[0], new(LedgerFile)).Word);
        answer = _ => """{ "error": 11 }""";
        played.Clear();
        var standing = Standing.Of(rows[0], Run(rows));
        Assert.Equal(["hooke train --seed 2", "hooke train --seed 3"], played);
        Assert.Equal("11 (10 to 11)", standing.Figure);
        Assert.True(standing.Holds);
    }

    [Fact]
    public void Until_a_row_is_done_its_last_complete_value_and_commit_are_shown()
    {
        Row[] rows = [Row("one")];
        Run(rows);
        commit = "bbbb";
        answer = command => command.EndsWith('2') ? throw new OperationCanceledException() : """{ "error": 99 }""";
        Assert.Throws<OperationCanceledException>(() => Run(rows));
        var standing = Standing.Of(rows[0], new(LedgerFile));
        Assert.Equal(("aaaa", 10.0), (standing.Entry!.Commit, standing.Value));
        Assert.Contains("not run; last 10 (10 to 10) on aaaa, held", Report.Text([standing], "bbbb", _ => null));
    }

    [Fact]
    public void Rows_with_the_same_command_share_its_runs()
    {
        Row[] rows = [Row("one"), Row("two", value: "speed"), Row("three", run: "hooke bench"), Row("four", value: "2 * speed", seeds: 1)];
        var ledger = Run(rows, chosen: [rows[0]]);
        Assert.Equal(2, played.Count);
        Assert.Equal([10, 3, 6], new[] { 0, 1, 3 }.Select(k => Standing.Of(rows[k], ledger).Value));
        Assert.Null(Standing.Of(rows[2], ledger).Value);
        Run(rows);
        Assert.Equal(["hooke bench", "hooke bench"], played.Skip(2));
    }

    [Fact]
    public void A_command_that_fails_keeps_to_no_bound_and_is_tried_again_the_next_time()
    {
        Row[] rows = [Row("one"), Row("two", value: "speed")];
        Run(rows);
        commit = "bbbb";
        answer = _ => throw new JobException("was ended by signal 9: it said nothing");
        played.Clear();
        var ledger = Run(rows);
        // One failure is enough for all rows of the command and for all seeds.
        Assert.Single(played);
        foreach (var row in rows)
        {
            var standing = Standing.Of(row, ledger);
            Assert.Equal((false, "failed on bbbb: was ended by signal 9: it said nothing", "aaaa"), (standing.Holds, standing.Word, standing.Entry!.Commit));
        }
        answer = _ => """{ "error": 13, "speed": 3 }""";
        ledger = Run(rows);
        Assert.Equal((false, "**no**", "bbbb"), (Standing.Of(rows[0], ledger).Holds, Standing.Of(rows[0], ledger).Word, Standing.Of(rows[0], ledger).Entry!.Commit));
        Assert.True(Standing.Of(rows[1], ledger).Holds);
    }

    [Fact]
    public void A_document_without_the_figure_is_a_failure_of_that_row_alone()
    {
        Row[] rows = [Row("one", value: "accuracy"), Row("two"), Row("three", value: "error / (speed - 3)")];
        var ledger = Run(rows);
        Assert.Equal("failed on aaaa: accuracy: the document has no accuracy", Standing.Of(rows[0], ledger).Word);
        Assert.Equal("yes", Standing.Of(rows[1], ledger).Word);
        Assert.Contains("is Infinity", Standing.Of(rows[2], ledger).Word);
    }

    [Fact]
    public void Another_bound_needs_no_new_value_and_another_command_or_formula_does()
    {
        var row = Row("one");
        var ledger = Run([row]);
        Assert.False(Standing.Of(row with { Bound = new(null, 9) }, ledger).Holds);
        Assert.Null(Standing.Of(row with { Run = "hooke simulate --seed {seed}" }, ledger).Holds);
        Assert.Null(Standing.Of(row with { Value = "speed" }, ledger).Holds);
        Run([row with { Seeds = [1, 2, 3] }]);
        Assert.Equal(3, played.Count);
    }

    [Fact]
    public void What_is_not_installed_is_said_and_not_run()
    {
        Row[] rows = [Row("one") with { Needs = ["torch"] }, Row("two", run: "hooke bench")];
        Run(rows, lacks: row => row.Needs.Count > 0 ? "python3-torch" : null);
        Assert.Equal(["hooke bench", "hooke bench"], played);
        Assert.Contains("one is not run: needs python3-torch", said);
        Assert.Contains("not run: needs python3-torch", Report.Text([Standing.Of(rows[0], new(LedgerFile))], commit, _ => "python3-torch"));
    }

    [Fact]
    public void Nothing_starts_that_would_end_too_late()
    {
        Row[] rows = [Row("long", run: "hooke long", seeds: 1) with { Minutes = 30 }, Row("short", seeds: 1)];
        Run(rows, minutes: 10);
        Assert.Equal(["hooke train --seed 1"], played);
    }

    [Fact]
    public void Sources_that_change_meanwhile_end_it()
    {
        answer = _ =>
        {
            commit = "bbbb";
            return """{ "error": 10 }""";
        };
        Assert.Contains("the sources changed", Assert.Throws<BadRowsException>(() => Run([Row("one")])).Message);
        Assert.Single(played);
    }

    [Fact]
    public void A_damaged_line_of_values_is_refused_by_its_number()
    {
        Run([Row("one")]);
        File.AppendAllText(LedgerFile, "{\"row\":\"two\"}\n");
        Assert.Contains("claims.jsonl, line 2, holds no values", Assert.Throws<BadRowsException>(() => new Ledger(LedgerFile)).Message);
        File.WriteAllText(LedgerFile, "half a li");
        Assert.Contains("line 1", Assert.Throws<BadRowsException>(() => new Ledger(LedgerFile)).Message);
    }

    [Fact]
    public void The_table_is_a_function_of_rows_and_values_alone()
    {
        Row[] rows = [Row("one"), Row("two", atMost: 9), Row("three", run: "hooke | bench")];
        Run(rows, chosen: rows[..2]);
        string Table() => Report.Markdown([.. rows.Select(row => Standing.Of(row, new(LedgerFile)))]);
        string table = Table();
        commit = "cccc";
        Assert.Equal(table, Table());
        Assert.Contains("3 rows: 1 hold, 1 don't, 1 were never run.", table);
        Assert.Contains("| `one` | one | ≤ 12 | 10 (10 to 10) | yes | aaaa | 0.5 |", table);
        Assert.Contains("| `two` | two | ≤ 9 | 10 (10 to 10) | **no** | aaaa | 0.5 |", table);
        Assert.Contains("| `three` | three | ≤ 12 |  | not run |  |  |", table);
    }

    [Fact]
    public void The_document_for_programs_has_every_row()
    {
        Row[] rows = [Row("one"), Row("two", run: "hooke bench")];
        Run(rows, chosen: rows[..1]);
        var document = JsonDocument.Parse(Report.Json([.. rows.Select(row => Standing.Of(row, new(LedgerFile)))], commit, _ => null)).RootElement;
        Assert.Equal((1, 0, 1), (document.GetProperty("counts").GetProperty("hold").GetInt32(), document.GetProperty("counts").GetProperty("broken").GetInt32(), document.GetProperty("counts").GetProperty("notRun").GetInt32()));
        var first = document.GetProperty("rows")[0];
        Assert.Equal(("one", 10.0, true, "aaaa", true), (first.GetProperty("id").GetString(), first.GetProperty("value").GetDouble(), first.GetProperty("holds").GetBoolean(), first.GetProperty("commit").GetString(), first.GetProperty("today").GetBoolean()));
        Assert.Equal(JsonValueKind.Null, document.GetProperty("rows")[1].GetProperty("holds").ValueKind);
    }
}
