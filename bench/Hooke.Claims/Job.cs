using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hooke.Claims;

/// <summary>A command that prints one JSON document.</summary>
/// <param name="Words">Program and arguments.</param>
/// <param name="Minutes">What it takes by estimate; ten times that and five minutes more are its bound.</param>
/// <param name="Busy">Processes that keep the machine busy meanwhile.</param>
internal sealed record Job(IReadOnlyList<string> Words, double Minutes, int Busy)
{
    private const int Terminate = 15;

    /// <summary>How long it may take.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(10 * Minutes + 5);

    /// <summary>How long it may take to tidy up when it is asked to end, and its output to close when it has ended.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Runs it in a folder of its own, which is gone afterwards, and gives the document. If that names a run folder with a trace, the
    /// trace's points are in it as <c>trace</c>.
    /// </summary>
    /// <param name="root">Where the project is: the program <c>hooke</c> and paths such as <c>bench/curves.sh</c> are there.</param>
    /// <param name="stop">Ends the command.</param>
    /// <exception cref="JobException">It could not be started, took too long, failed, or printed something else.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public JsonElement Run(string root, CancellationToken stop)
    {
        string folder = Directory.CreateTempSubdirectory("hooke-claims-").FullName;
        List<Process> busy = [];
        try
        {
            for (int k = 0; k < Busy; k++) busy.Add(Start("/bin/sh", ["-c", "while :; do :; done"], folder));
            return Document(Play(root, folder, stop), folder);
        }
        finally
        {
            foreach (var process in busy) End(process);
            Directory.Delete(folder, true);
        }
    }

    private string Play(string root, string folder, CancellationToken stop)
    {
        string program = Words[0] == "hooke" || Words[0].Contains('/') ? Path.Combine(root, Words[0]) : Words[0];
        using var process = Start(program, Words.Skip(1), folder);
        // Both streams are read at once, so that neither fills up and stops the command.
        Task<string> output = process.StandardOutput.ReadToEndAsync(CancellationToken.None), error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Limit);
        try
        {
            process.WaitForExitAsync(limit.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            End(process);
            stop.ThrowIfCancellationRequested();
            throw new JobException($"did not end within {Limit.TotalMinutes:0.#} minutes");
        }
        // A process that was left behind may hold the streams open.
        if (!Task.WaitAll([output, error], Grace)) throw new JobException("ended, but left a process that holds its output open");
        if (process.ExitCode != 0) throw new JobException($"{Ending(process.ExitCode)}: {LastLine(error.Result)}");
        return output.Result;
    }

    private static Process Start(string program, IEnumerable<string> arguments, string folder)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8 };
        try
        {
            return Process.Start(start) ?? throw new JobException($"{program} did not start");
        }
        catch (Win32Exception trouble)
        {
            throw new JobException($"{program} did not start: {trouble.Message}");
        }
    }

    /// <summary>Asks a process to end, so that scripts tidy up, and after a while ends it and all that it started.</summary>
    private void End(Process process)
    {
        if (!process.HasExited)
        {
            Native.Kill(process.Id, Terminate);
            if (!process.WaitForExit(Grace)) process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
    }

    private static JsonElement Document(string output, string folder)
    {
        try
        {
            var document = JsonNode.Parse(output);
            if (document is JsonObject result && result["run"] is JsonValue run && run.TryGetValue(out string? name)
                && Path.Combine(folder, name, "trace.jsonl") is var trace && File.Exists(trace))
                result["trace"] = new JsonArray([.. File.ReadLines(trace).Select(line => JsonNode.Parse(line))]);
            return JsonSerializer.SerializeToElement(document);
        }
        catch (JsonException trouble)
        {
            throw new JobException($"printed no JSON document: {trouble.Message}");
        }
    }

    private static string Ending(int code) => code > 128 ? $"was ended by signal {code - 128}" : $"exit code {code}";

    private static string LastLine(string error) => error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "it said nothing";
}

/// <summary>Why a command gave no figure.</summary>
/// <param name="message">In a few words.</param>
internal sealed class JobException(string message) : Exception(message);
