using System.CommandLine;
using System.CommandLine.Help;
using Hooke.App.Terminal;

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
        using var interruption = new Interruption();
        return Run(args, new GuardedWriter(output, isTerminal: false), new GuardedWriter(error, isTerminal: false), interruption);
    }

    /// <summary>Runs one command.</summary>
    /// <param name="args">What the user typed.</param>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="interruption">Tells of the user's wish to stop.</param>
    public static int Run(string[] args, GuardedWriter output, GuardedWriter error, Interruption interruption)
    {
        output.Lost = reason => error.WriteLine($"hooke: standard output can't be written: {reason}; the command goes on");
        int code = Perform(args, output, error, interruption);
        output.Flush();
        error.Flush();
        return code == ExitCode.Done && (output.HasLost || error.HasLost) ? ExitCode.Other : code;
    }

    private static int Perform(string[] args, GuardedWriter output, GuardedWriter error, Interruption interruption)
    {
        var root = Tree();
        // "@file" is no argument of ours, and "-ab" is not "-a -b".
        var parsed = root.Parse(args, new() { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
        var invocation = new Invocation(parsed, output, error, json: args.Contains(Invocation.JsonOption.Name), interruption);
        interruption.Tell = message => invocation.Fail(message, ExitCode.Other);
        // Who asks for help or the version gets it, whatever else was typed.
        bool isAnswered = parsed.Action is HelpPage or VersionLine && parsed.Action != parsed.CommandResult.Command.Action;
        if (!isAnswered && ParseProblem.First(parsed) is { } problem) return invocation.Fail(problem, ExitCode.BadInput);
        // Signals and errors are handled here, not by the parser's library.
        int code = parsed.Invoke(new Use(invocation) { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        return code == ExitCode.Done && invocation.HasLost ? ExitCode.Other : code;
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

    /// <summary>Carries the invocation to the command's body.</summary>
    private sealed class Use(Invocation invocation) : InvocationConfiguration
    {
        public Invocation Invocation => invocation;
    }

    /// <summary>The use of the command that was parsed.</summary>
    public static Invocation InvocationOf(ParseResult parsed) => ((Use)parsed.InvocationConfiguration).Invocation;
}
