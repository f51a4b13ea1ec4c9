using System.CommandLine;
using System.Text.Json;
using Hooke.App.Training;
using Hooke.Engine.Checkpoints;
using Hooke.Models.Data;

namespace Hooke.App.Commands;

/// <summary>How commands end.</summary>
internal static class ExitCode
{
    public const int Done = 0, Other = 1, BadInput = 2, Diverged = 3;

    /// <summary>Runs a command's body; an error becomes one line and an exit code.</summary>
    public static int Of(ParseResult parsed, Func<bool, int> body)
    {
        bool json = parsed.GetValue(RunOptions.Json);
        try
        {
            return body(json);
        }
        catch (Exception wrong) when (wrong is BadInputException or InvalidFileException or InvalidDataSetException or ArgumentException)
        {
            return Report(wrong.Message, BadInput, json);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException or TimeoutException)
        {
            return Report(trouble.Message, Other, json);
        }
    }

    /// <summary>Prints an error.</summary>
    public static int Report(string message, int code, bool json)
    {
        Console.Error.WriteLine($"hooke: {message.ReplaceLineEndings(" ")}");
        if (json) Console.WriteLine(JsonSerializer.Serialize(new { error = message, exitCode = code }, Json.Indented));
        return code;
    }
}
