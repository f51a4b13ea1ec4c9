using System.CommandLine;
using Hooke.App.Terminal;
using Hooke.App.Training;
using Spectre.Console;

namespace Hooke.App.Commands;

/// <summary>The options that describe a run, on every command that runs one, and where such a command writes.</summary>
internal sealed class RunOptions
{
    private readonly Dictionary<string, Option<string?>> options = [];
    private readonly Argument<string?> file = new("run-file") { Description = "JSON run file; options override it", Arity = ArgumentArity.ZeroOrOne };

    public static Option<bool> Json { get; } = new("--json") { Description = "print one JSON document on standard output, and text for people on standard error", Recursive = true };

    /// <summary>Adds the options to a command, except some that it has its own of.</summary>
    public RunOptions(Command command, bool takesFile, params string[] except)
    {
        if (takesFile) command.Arguments.Add(file);
        foreach (var setting in Setting.All.Where(s => !except.Contains(s.Name)))
        {
            var option = new Option<string?>($"--{setting.Name}") { Description = setting.Meaning };
            options[setting.Name] = option;
            command.Options.Add(option);
        }
    }

    /// <summary>What the user said.</summary>
    public RunFile Read(ParseResult parsed)
    {
        var said = parsed.CommandResult.Command.Arguments.Contains(file) && parsed.GetValue(file) is { } path ? RunFile.Load(path) : new RunFile();
        var line = new RunFile();
        foreach (var (name, option) in options)
            if (parsed.GetValue(option) is { } value) line[name] = value;
        said.Override(line);
        return said;
    }

    /// <summary>The console for people: standard error when standard output carries JSON.</summary>
    public static IAnsiConsole Console(bool json) => AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(json ? System.Console.Error : System.Console.Out) });

    /// <summary>The view for a run: live on a terminal, lines elsewhere.</summary>
    public static RunView View(bool json)
    {
        var console = Console(json);
        bool live = !json && !System.Console.IsOutputRedirected && console.Profile.Capabilities.Interactive;
        if (System.Console.IsOutputRedirected || json) console.Profile.Width = 160;
        return live ? new LiveView(console) : new PlainView(console);
    }
}
