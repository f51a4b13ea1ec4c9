using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Hooke.App.Terminal;

namespace Hooke.App.Commands;

/// <summary>A command's help: its options in groups, with the defaults that are fixed.</summary>
internal sealed class HelpPage : SynchronousCommandLineAction
{
    private const string General = "General";
    private const int TextColumn = 32, LineWidth = 100;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var invocation = CommandLine.InvocationOf(parsed);
        Write(command, invocation.Screen.Line);
        invocation.Print(new
        {
            command = ParseProblem.FullName(command),
            description = command.Description,
            commands = command.Subcommands.Where(each => !each.Hidden).Select(each => new { name = each.Name, description = each.Description }),
            options = Options(command).Select(option => new { name = option.Name, group = GroupOf(option), description = option.Description, @default = (option as IDescribedOption)?.Standard }),
        });
        return ExitCode.Done;
    }

    private static void Write(Command command, Action<string> line)
    {
        line($"{ParseProblem.FullName(command)}{string.Concat(command.Arguments.Select(NameOf))}{(command.Subcommands.Count > 0 ? " <command>" : "")} [options]");
        line("");
        foreach (string part in Paragraph.Wrap(command.Description ?? "", LineWidth - 2)) line("  " + part);
        if (command.Arguments.Count > 0) Section("Arguments", command.Arguments.Select(argument => (NameOf(argument).Trim(), argument.Description ?? "")));
        if (command.Subcommands.Count > 0) Section("Commands", command.Subcommands.Where(each => !each.Hidden).Select(each => (each.Name, each.Description ?? "")));
        foreach (var group in Options(command).GroupBy(GroupOf)) Section(group.Key, group.Select(option => (NameOf(option), MeaningOf(option))));
        if (command is RootCommand)
        {
            line("");
            line("hooke <command> --help explains a command. Exit codes: 0 done, 2 bad input, 3 diverged, 1 anything else.");
        }

        void Section(string title, IEnumerable<(string Name, string Meaning)> rows)
        {
            line("");
            line(title);
            foreach (var (name, meaning) in rows)
            {
                string[] parts = [.. Paragraph.Wrap(meaning, LineWidth - TextColumn)];
                bool fits = name.Length + 3 <= TextColumn;
                if (!fits) line("  " + name);
                line((fits ? "  " + name : "").PadRight(TextColumn) + parts[0]);
                foreach (string part in parts[1..]) line(new string(' ', TextColumn) + part);
            }
        }
    }

    private static IEnumerable<Option> Options(Command command)
    {
        var inherited = command.Parents.OfType<Command>().SelectMany(Options).Where(option => option.Recursive);
        return command.Options.Concat(inherited).OrderBy(option => option is IDescribedOption ? 0 : 1);
    }

    private static string GroupOf(Option option) => option is IDescribedOption described ? described.Group : General;

    private static string NameOf(Argument argument) => argument.Arity.MinimumNumberOfValues == 0 ? $" [<{argument.Name}>]" : $" <{argument.Name}>";

    private static string NameOf(Option option) => option switch
    {
        FlagOption flag => $"{flag.Name} [{flag.Placeholder}]",
        TextOption text => $"{text.Name} <{text.Placeholder}>",
        HelpOption => "--help, -h",
        _ => option.Name,
    };

    private static string MeaningOf(Option option) => option.Description + (option is IDescribedOption { Standard: { } standard } ? $" [{standard}]" : "");
}
