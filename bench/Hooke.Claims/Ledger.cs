using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hooke.Claims;

/// <summary>The values of a row on one commit.</summary>
/// <param name="Row">The row's id.</param>
/// <param name="Fingerprint">What was measured: <see cref="Claims.Row.Fingerprint"/>.</param>
/// <param name="Commit">On which sources.</param>
/// <param name="At">When the last value was measured, UTC.</param>
/// <param name="Machine">Where.</param>
/// <param name="Load">Processes that ran beside it when it started, on average over a minute.</param>
/// <param name="Seconds">What all values took.</param>
/// <param name="Values">The value of every seed that is done.</param>
/// <param name="Failure">Why a command gave no figure, or null.</param>
internal sealed record Entry(
    string Row, string Fingerprint, string Commit, DateTime At, string Machine, double Load, double Seconds, IReadOnlyDictionary<int, double> Values, string? Failure)
{
    /// <summary>Whether it has all that the row asks for.</summary>
    public bool IsComplete(Row row) => Row == row.Id && Fingerprint == row.Fingerprint && Failure is null && row.Seeds.All(Values.ContainsKey);
}

/// <summary>
/// Values that are kept, a line of JSON for each: of a row the last complete ones, and what is begun or failed since. The file is replaced
/// as a whole at every change, so a kill at any moment loses at most the repetition that runs.
/// </summary>
internal sealed class Ledger
{
    private static readonly JsonSerializerOptions form = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectRequiredConstructorParameters = false,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly string path;
    private readonly List<Entry> entries = [];

    /// <summary>Reads what is there.</summary>
    /// <exception cref="BadRowsException">A line is no entry.</exception>
    public Ledger(string path)
    {
        this.path = path;
        int number = 0;
        foreach (string line in File.Exists(path) ? File.ReadLines(path) : [])
        {
            number++;
            try
            {
                if (JsonSerializer.Deserialize<Entry>(line, form) is { Row: not null, Fingerprint: not null, Commit: not null, Values: not null } entry) entries.Add(entry);
                else throw new JsonException("row, fingerprint, commit or values are missing");
            }
            catch (JsonException trouble)
            {
                throw new BadRowsException($"{path}, line {number}, holds no values of a row: {trouble.Message} Restore the file, or remove the line.");
            }
        }
    }

    /// <summary>The last complete values of a row, or null.</summary>
    public Entry? Last(Row row) => entries.Where(entry => entry.IsComplete(row)).MaxBy(entry => entry.At);

    /// <summary>What there is of a row on a commit, complete or not, or null.</summary>
    public Entry? On(Row row, string commit) => entries.FirstOrDefault(entry => entry.Row == row.Id && entry.Fingerprint == row.Fingerprint && entry.Commit == commit);

    /// <summary>The failure of a row since its last complete values, or null.</summary>
    public Entry? Failure(Row row)
        => entries.Where(entry => entry.Row == row.Id && entry.Fingerprint == row.Fingerprint && entry.Failure is not null && !(entry.At < Last(row)?.At)).MaxBy(entry => entry.At);

    /// <summary>Takes away what there is of a row on a commit; the file keeps it until a new value comes.</summary>
    public void Forget(Row row, string commit) => entries.RemoveAll(entry => entry.Row == row.Id && entry.Commit == commit);

    /// <summary>Puts an entry in the place of what it replaces, and writes the file.</summary>
    public void Keep(Entry entry, IReadOnlyList<Row> rows)
    {
        var row = rows.Single(row => row.Id == entry.Row);
        // The last complete values stay until there are new ones; of what is begun only the newest counts.
        var last = Last(row);
        entries.RemoveAll(old => old.Row == row.Id && (entry.IsComplete(row) || old != last || old.Commit == entry.Commit));
        entries.Add(entry);
        var order = rows.Select((each, k) => (each.Id, k)).ToDictionary(pair => pair.Id, pair => pair.k);
        var lines = entries.Where(each => order.ContainsKey(each.Row)).OrderBy(each => order[each.Row]).ThenBy(each => each.At).Select(each => JsonSerializer.Serialize(each, form));
        Replace(path, string.Concat(lines.Select(line => line + "\n")));
    }

    /// <summary>Writes a file so that at any moment the old or the new one is there, whole.</summary>
    public static void Replace(string path, string text)
    {
        string fresh = path + ".new";
        using (var stream = new FileStream(fresh, FileMode.Create))
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }
        File.Move(fresh, path, overwrite: true);
    }
}
