using System.CommandLine;
using Hooke.App.Training;

namespace Hooke.App.Commands;

/// <summary>The options that describe a run, on every command that runs one.</summary>
internal sealed class RunOptions
{
    private readonly Argument<string?> file = new("run-file") { Description = "JSON run file, for example run.json of an earlier run; options override it", Arity = ArgumentArity.ZeroOrOne };
    private readonly List<Option> options = [];

    /// <summary>Adds the options to a command, except some that it has its own of.</summary>
    public RunOptions(Command command, params string[] except)
    {
        command.Arguments.Add(file);
        foreach (var setting in Setting.All.Where(setting => !except.Contains(setting.Name)))
        {
            Option option = setting.IsFlag ? new FlagOption(setting.Name, setting.Group, setting.Placeholder, setting.Meaning)
                : new TextOption(setting.Name, setting.Group, setting.Placeholder, setting.Meaning, setting.Default);
            options.Add(option);
            command.Options.Add(option);
        }
    }

    /// <summary>What the user said, in a run file and over it on the command line.</summary>
    public RunFile Read(Invocation invocation)
    {
        var said = invocation.Parsed.GetValue(file) is { } path ? RunFile.Load(path) : new RunFile();
        var line = new RunFile();
        foreach (var option in options)
            if (Value(invocation, option) is { } value) line[option.Name[2..]] = value;
        line.ResolvePaths(".");
        said.Override(line);
        return said;
    }

    private static string? Value(Invocation invocation, Option option)
        => option is TextOption text ? invocation[text]
            : invocation.Parsed.GetResult(option) is null ? null
            : invocation.Parsed.GetValue((FlagOption)option) is false ? "false" : "true";
}
