using System.Diagnostics;
using System.Text.Json;

namespace Hooke.Claims;

/// <summary>Runs the rows that are not done on this commit. Rows with the same command share its runs.</summary>
/// <param name="rows">All rows.</param>
/// <param name="ledger">Keeps the values.</param>
/// <param name="commit">Gives the state of the sources, which must stay the same meanwhile.</param>
/// <param name="play">Runs a command and gives its document.</param>
/// <param name="lacks">Of what a row needs, what is not installed; null if nothing.</param>
/// <param name="say">Tells what happens.</param>
internal sealed class Campaign(IReadOnlyList<Row> rows, Ledger ledger, Func<string> commit, Func<Job, JsonElement> play, Func<Row, string?> lacks, Action<string> say)
{
    private readonly DateTime started = DateTime.UtcNow;

    /// <summary>A folder for what rows make once and use again.</summary>
    public required string Scratch { get; init; }

    /// <summary>Where this is.</summary>
    public required Machine Machine { get; init; }


    /// <summary>Runs what is not done of the chosen rows.</summary>
    /// <param name="chosen">Rows, in the order of their turns.</param>
    /// <param name="again">Whether what is done on this commit is done once more.</param>
    /// <param name="atMost">Nothing starts that would end later, by its estimate.</param>
    /// <param name="stop">Ends the command that runs; what is done is kept.</param>
    public void Run(IReadOnlyList<Row> chosen, bool again, TimeSpan atMost, CancellationToken stop)
    {
        string on = commit();
        var clock = Stopwatch.StartNew();
        var turns = Turns(chosen, again, on);
        HashSet<Row> renewed = [];
        for (int turn = 0; turn < turns.Count && !stop.IsCancellationRequested; turn++)
        {
            var (row, seed) = turns[turn];
            if (clock.Elapsed + TimeSpan.FromMinutes(row.Minutes) > atMost) continue;
            // What is done again is forgotten not before its turn has come, so that a kill costs one row at most.
            foreach (var each in again && !renewed.Contains(row) ? Same(row) : [])
                if (renewed.Add(each)) ledger.Forget(each, on);
            // The run of another row may have brought this value, or a failure of the command.
            if (Has(row, seed, on) || ledger.On(row, on) is { Failure: not null } failed && failed.At >= started) continue;
            say($"{turn + 1}/{turns.Count}  {row.Part}  {row.Id}{(row.Seeds.Count > 1 ? $", seed {seed}" : "")}, about {row.Minutes:0.#} min");
            One(row, seed, on);
            if (commit() != on) throw new BadRowsException("the sources changed while they were measured; values of before are kept, run it again");
        }
    }

    private List<(Row Row, int Seed)> Turns(IReadOnlyList<Row> chosen, bool again, string on)
    {
        List<(Row, int)> turns = [];
        foreach (var row in chosen.Where(row => again || ledger.On(row, on)?.IsComplete(row) != true))
        {
            if (lacks(row) is { } missing) say($"{row.Id} is not run: needs {missing}");
            else turns.AddRange(row.Seeds.Where(seed => again || !Has(row, seed, on)).Select(seed => (row, seed)));
        }
        return turns;
    }

    /// <summary>The rows that a row's command serves, itself among them.</summary>
    private IEnumerable<Row> Same(Row row) => rows.Where(other => other.Run == row.Run && other.Busy == row.Busy);

    private bool Has(Row row, int seed, string on) => ledger.On(row, on)?.Values.ContainsKey(seed) == true;

    /// <summary>Runs a command, and takes from its document the values of all rows that have it.</summary>
    private void One(Row row, int seed, string on)
    {
        var clock = Stopwatch.StartNew();
        double load = Machine.Load();
        Row[] same = [.. Same(row).Where(other => other.Seeds.Contains(seed) && !Has(other, seed, on))];
        JsonElement document;
        try
        {
            document = play(row.Job(seed, Scratch));
        }
        catch (JobException trouble)
        {
            say($"    {trouble.Message}");
            foreach (var each in same) Keep(each, seed, on, load, clock.Elapsed, null, trouble.Message);
            return;
        }
        foreach (var each in same)
        {
            try
            {
                double value = Expression.Of(each.Value, document);
                say($"    {each.Id}: {Bound.Text(value)}");
                // JSON has no word for what is no number.
                if (double.IsFinite(value)) Keep(each, seed, on, load, clock.Elapsed, value, null);
                else Keep(each, seed, on, load, clock.Elapsed, null, $"{each.Value} is {value}");
            }
            catch (FormatException trouble)
            {
                say($"    {each.Id}: {trouble.Message}");
                Keep(each, seed, on, load, clock.Elapsed, null, trouble.Message);
            }
        }
    }

    private void Keep(Row row, int seed, string on, double load, TimeSpan time, double? value, string? failure)
    {
        var before = ledger.On(row, on);
        var values = before?.Values.ToDictionary() ?? [];
        if (value is { } number) values[seed] = number;
        ledger.Keep(new(row.Id, row.Fingerprint, on, DateTime.UtcNow, Machine.Name, Math.Round(Math.Max(load, before?.Load ?? 0), 1),
            Math.Round((before?.Seconds ?? 0) + time.TotalSeconds, 1), values, failure), rows);
    }
}
