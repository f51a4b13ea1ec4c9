using System.Diagnostics;
using System.Text.Json;

namespace Hooke.Claims;

/// <summary>What rows need beside the project: by name a command that succeeds where it is installed, and how to install it.</summary>
internal sealed class Needs
{
    private static readonly TimeSpan limit = TimeSpan.FromMinutes(2);

    private sealed record Need(string[] Probe, string Install);

    private readonly Dictionary<string, Need> needs;
    private readonly Dictionary<string, bool> probed = [];

    /// <summary>Reads <c>needs.json</c>, and makes sure that it has all that rows name.</summary>
    /// <exception cref="BadRowsException">The file can't be read, or a row names something else.</exception>
    public Needs(string path, IEnumerable<Row> rows)
    {
        try
        {
            needs = JsonSerializer.Deserialize<Dictionary<string, Need>>(File.ReadAllText(path), new JsonSerializerOptions(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true })!;
        }
        catch (Exception trouble) when (trouble is JsonException or IOException)
        {
            throw new BadRowsException($"{path} must be an object with probe and install for every need: {trouble.Message}");
        }
        foreach (var row in rows)
            if (row.Needs.FirstOrDefault(need => !needs.ContainsKey(need)) is { } strange)
                throw new BadRowsException($"row {row.Id} needs {strange}; {path} has {string.Join(", ", needs.Keys)}");
    }

    /// <summary>How to install the first thing that a row needs and that is not there, or null.</summary>
    public string? Lacks(Row row) => row.Needs.Where(need => !Has(need)).Select(need => needs[need].Install).FirstOrDefault();

    private bool Has(string name)
    {
        if (!probed.TryGetValue(name, out bool has)) probed[name] = has = Try(needs[name].Probe);
        return has;
    }

    private static bool Try(string[] words)
    {
        try
        {
            using var probe = Process.Start(new ProcessStartInfo(words[0], words.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;
            // Nobody reads what it says, so it must be read away.
            probe.OutputDataReceived += (_, _) => { };
            probe.ErrorDataReceived += (_, _) => { };
            probe.BeginOutputReadLine();
            probe.BeginErrorReadLine();
            if (probe.WaitForExit(limit)) return probe.ExitCode == 0;
            probe.Kill(entireProcessTree: true);
            return false;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no such program.
            return false;
        }
    }
}
