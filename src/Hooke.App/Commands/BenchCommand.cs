using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Hooke.App.Training;

namespace Hooke.App.Commands;

/// <summary><c>hooke bench</c>: ratios against a limit or a peer, measured in the same run.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var command = new Command("bench", "measure against the machine's limits, as ratios within one run");
        command.Subcommands.Add(Bench("exchange", "the fused exchange beside memory speed", "--parameters", 10_000_000, "--rounds", 31, BenchExchange.Run));
        command.Subcommands.Add(Bench("workers", "samples per second of all cores' workers beside one's", "--steps", 1500, "--rounds", 7, BenchWorkers.Run));
        return command;
    }

    private static Command Bench(string name, string description, string sizeOption, int size, string roundsOption, int rounds, Func<int, int, object> run)
    {
        var command = new Command(name, description);
        var first = new Option<int>(sizeOption) { DefaultValueFactory = _ => size };
        var second = new Option<int>(roundsOption) { DefaultValueFactory = _ => rounds };
        command.Options.Add(first);
        command.Options.Add(second);
        command.SetAction(parsed => ExitCode.Of(parsed, json =>
        {
            foreach (var option in (Option<int>[])[first, second])
                if (parsed.GetValue(option) < 1) throw new BadInputException($"{option.Name.TrimStart('-')} is {parsed.GetValue(option)}; it must be at least 1");
            var result = JsonSerializer.SerializeToElement(run(parsed.GetValue(first), parsed.GetValue(second)), Json.Indented);
            if (json) Console.WriteLine(JsonSerializer.Serialize(result, Json.Indented));
            else
                foreach (var property in result.EnumerateObject())
                    Console.WriteLine($"{property.Name,-32}{(property.Value.ValueKind == JsonValueKind.Number ? property.Value.GetDouble().ToString("g6", CultureInfo.InvariantCulture) : property.Value.ToString())}");
            return ExitCode.Done;
        }));
        return command;
    }
}
