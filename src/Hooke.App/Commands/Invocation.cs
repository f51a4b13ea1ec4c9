using System.CommandLine;
using System.Text.Json;
using Hooke.App.Terminal;
using Hooke.App.Training;

namespace Hooke.App.Commands;

/// <summary>One use of a command: what was typed, and where its output goes.</summary>
internal sealed class Invocation
{
    private readonly GuardedWriter output, error;
    private readonly Interruption interruption;
    private int documents;

    public Invocation(ParseResult parsed, GuardedWriter output, GuardedWriter error, bool json, Interruption interruption)
    {
        (Parsed, this.output, this.error, IsJson, this.interruption) = (parsed, output, error, json, interruption);
        Screen = json ? new(error) : new(output, error);
    }

    public static Option<bool> JsonOption { get; } = new("--json") { Description = "print one JSON document on standard output, and text for people on standard error", Recursive = true };

    public ParseResult Parsed { get; }

    /// <summary>Whether standard output carries one JSON document and nothing else.</summary>
    public bool IsJson { get; }

    /// <summary>Where text for people goes: standard error when standard output carries JSON.</summary>
    public Screen Screen { get; }

    /// <summary>Whether something that was to be shown or written beside the result is lost.</summary>
    public bool HasLost => Screen.HasLost;

    /// <summary>From here on the command looks at the user's wish to stop, and comes to a result by itself.</summary>
    public CancellationToken Heed() => interruption.Heed();

    /// <summary>The view for a run: live on a terminal, lines elsewhere.</summary>
    public RunView View() => new GuardedView(Screen.IsLive && !IsJson ? new LiveView(Screen) : new PlainView(Screen));

    /// <summary>The view for a run among several.</summary>
    /// <param name="name">What its warnings begin with.</param>
    /// <param name="common">How many warnings concern all of them.</param>
    public RunView View(string name, int common) => new GuardedView(Screen.IsLive && !IsJson
        ? new LiveView(Screen) { Prefix = $"{name}: ", Common = common }
        : new PlainView(Screen) { Prefix = $"{name}: ", Common = common });

    /// <summary>An option's value, if it was given.</summary>
    public string? this[Option<string?> option] => Parsed.GetValue(option);

    /// <summary>Prints the result for programs, if they asked for it. Only the first document counts: there is to be one.</summary>
    public void Print(object document)
    {
        if (IsJson && Interlocked.Increment(ref documents) == 1) output.WriteLine(JsonSerializer.Serialize(document, Json.Indented));
    }

    /// <summary>Checks an option's file before long work: it is not to be lost for a folder that there is not.</summary>
    /// <exception cref="BadInputException">It can't be a file.</exception>
    public void DemandPlace(Option<string?> option)
    {
        if (this[option] is { } place && (Directory.Exists(place) || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(place)))))
            throw new BadInputException($"{option.Name[2..]} is {place}; it must be a file in a folder that exists");
    }

    /// <summary>Writes a picture to an option's file, if it was given.</summary>
    public void Write(Option<string?> option, Func<string> picture)
    {
        if (this[option] is not { } file) return;
        try
        {
            File.WriteAllText(file, picture());
            Screen.Line($"picture     {file}");
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            Screen.Lose($"picture {file} can't be written: {trouble.Message}");
        }
    }

    /// <summary>Prints an error, for people and, if they asked for it, for programs.</summary>
    public int Fail(string message, int code)
    {
        string line = message.ReplaceLineEndings(" ").Trim();
        error.WriteLine($"hooke: {line}");
        Print(new { error = line, exitCode = code });
        return code;
    }
}
