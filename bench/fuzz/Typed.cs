using System.Text.Json;
using Hooke.App.Commands;
using Hooke.App.Training;

namespace Hooke.Fuzz;

/// <summary>A use of the command line within this process.</summary>
internal static class Typed
{
    /// <summary>Types a command that must end with one of some exit codes, with one line of an error for bad input, and with one JSON document if it is asked for.</summary>
    /// <param name="args">The command.</param>
    /// <param name="also">Exit codes beside 0, 2 and 3 that are right.</param>
    /// <exception cref="BadInputException">It was refused; the error's line.</exception>
    /// <exception cref="InvalidOperationException">It ended otherwise.</exception>
    public static int Run(string[] args, params int[] also)
    {
        StringWriter output = new(), error = new();
        int code = CommandLine.Run(args, output, error);
        string[] errors = [.. error.ToString().Split('\n').Where(line => line.StartsWith("hooke: ", StringComparison.Ordinal))];
        string last = errors.Length > 0 ? errors[^1] : "";
        if (error.ToString().Contains("internal error", StringComparison.Ordinal)) throw new InvalidOperationException(last);
        if (error.ToString().Contains("\n   at ", StringComparison.Ordinal)) throw new InvalidOperationException($"a stack trace is printed: {error}");
        if (args.Contains("--json") && !args.Contains("--help")) CheckDocument(output.ToString(), code);
        if (code == ExitCode.BadInput)
            throw errors.Length == 1 ? new BadInputException(last) : new InvalidOperationException($"exit code 2 with {errors.Length} lines of errors: {string.Join(" / ", errors)}");
        if (code is not (ExitCode.Done or ExitCode.Diverged) && !also.Contains(code)) throw new InvalidOperationException($"exit code {code}: {last}");
        return code;
    }

    private static void CheckDocument(string text, int code)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
        }
        catch (JsonException wrong)
        {
            throw new InvalidOperationException($"exit code {code}, and standard output is not one JSON document: {wrong.Message}");
        }
    }
}
