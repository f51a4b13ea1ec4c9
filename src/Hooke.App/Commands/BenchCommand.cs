using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Hooke.App.Training;

namespace Hooke.App.Commands;

/// <summary><c>hooke bench</c>: ratios against a limit or a peer, measured in the same run.</summary>
internal static class BenchCommand
{
    /// <summary>A size of a benchmark that the user can change.</summary>
    private sealed record Size(string Name, string Meaning, int Default);

    public static Command Create() => new("bench", "Measure against the machine's limits, as ratios within one run.")
    {
        Bench("exchange", "The fused elastic exchange, beside a copy and an addition of the same vectors.",
            new("parameters", "length of the vectors", 10_000_000), new("steps", "timed exchanges", 31), BenchExchange.Run),
        Bench("workers", "Samples per second of all cores' workers, beside one worker's.",
            new("steps", "steps of a worker in a round", 1500), new("rounds", "rounds; the medians count", 7), BenchWorkers.Run),
    };

    private static Command Bench(string name, string description, Size first, Size second, Func<int, int, object> run)
    {
        var command = new Command(name, description);
        TextOption[] options = [.. new[] { first, second }.Select(size => new TextOption(size.Name, "Size", "number", size.Meaning, size.Default.ToString(CultureInfo.InvariantCulture)))];
        foreach (var option in options) command.Options.Add(option);
        command.SetBody(invocation =>
        {
            int[] sizes = [.. options.Select(option => (int)Setting.Whole(option.Name[2..], invocation[option] ?? option.Standard!, 1, 1 << 28))];
            var result = JsonSerializer.SerializeToElement(run(sizes[0], sizes[1]), Json.Indented);
            foreach (var property in result.EnumerateObject()) invocation.Screen.Line($"{property.Name,-32}{Text(property.Value)}");
            invocation.Print(result);
            return ExitCode.Done;
        });
        return command;
    }

    private static string Text(JsonElement value) => value.ValueKind != JsonValueKind.Number ? value.ToString()
        : value.TryGetInt64(out long whole) ? whole.ToString("N0", CultureInfo.InvariantCulture) : value.GetDouble().ToString("g5", CultureInfo.InvariantCulture);
}
