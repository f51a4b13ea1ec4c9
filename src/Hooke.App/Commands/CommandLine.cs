using System.CommandLine;
using System.CommandLine.Help;

namespace Hooke.App.Commands;

/// <summary>The whole command line: arguments in, an exit code out.</summary>
internal static class CommandLine
{
    private const string Pitch = "Hooke: parallel and asynchronous SGD. Workers train one model, tied to a center by elastic force.";

    /// <summary>Runs one command.</summary>
    /// <param name="args">What the user typed.</param>
    /// <param name="output">Standard output: the result.</param>
    /// <param name="error">Standard error: errors, and with --json all text for people.</param>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        var root = Tree();
        // "@file" is no argument of ours, and "-ab" is not "-a -b".
        var parsed = root.Parse(args, new() { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
        var invocation = new Invocation(parsed, output, error, json: args.Contains(Invocation.JsonOption.Name));
        // Who asks for help or the version gets it, whatever else was typed.
        bool isAnswered = parsed.Action is HelpPage or VersionLine && parsed.Action != parsed.CommandResult.Command.Action;
        if (!isAnswered && ParseProblem.First(parsed) is { } problem) return invocation.Fail(problem, ExitCode.BadInput);
        // Signals and errors are handled here, not by the parser's library.
        return parsed.Invoke(new() { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    private static RootCommand Tree()
    {
        var root = new RootCommand(Pitch)
        {
            Invocation.JsonOption,
            TrainCommand.Create(),
            ResumeCommand.Create(),
            CompareCommand.Create(),
            SimulateCommand.Create(),
            TheoryCommand.Create(),
            SmeCommand.Create(),
            LaunchCommand.Create(),
            DoctorCommand.Create(),
            RankCommand.Create(),
            ListCommands.Methods(),
            ModelsCommand.Create(),
            ListCommands.Data(),
            BenchCommand.Create(),
            FigureCommand.Create(),
        };
        foreach (var option in root.Options)
        {
            if (option is HelpOption help) (help.Action, help.Description) = (new HelpPage(), "show this help");
            if (option is VersionOption version) (version.Action, version.Description) = (new VersionLine(), "show the version");
        }
        // A command that only has commands explains itself.
        foreach (Command command in root.Subcommands.Append(root))
            if (command.Subcommands.Count > 0 && command.Action is null) command.Action = new HelpPage();
        return root;
    }
}
