using System.CommandLine;
using System.CommandLine.Parsing;

namespace Hooke.App.Commands;

/// <summary>Says in one line what is wrong with what was typed.</summary>
internal static class ParseProblem
{
    /// <summary>The first problem, or null.</summary>
    public static string? First(ParseResult parsed)
    {
        var result = parsed.CommandResult;
        string help = $"{FullName(result.Command)} --help lists what there is";
        foreach (var given in result.Children.OfType<OptionResult>().Where(given => given.Option is IDescribedOption))
        {
            if (given.IdentifierTokenCount > 1) return $"{given.Option.Name} is given {given.IdentifierTokenCount} times; it must be given once";
            // The parser takes whatever comes next as the value, also another option.
            if (given.Option is TextOption && given.IdentifierTokenCount == 1 && (given.Tokens.Count == 0 || given.Tokens[0].Value.StartsWith("--"))) return $"{given.Option.Name} has no value; it must be followed by one: {given.Option.Description}";
        }
        // An unknown option would pass for the optional run file.
        var strangers = result.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value)
            .Where(value => value.StartsWith('-')).Concat(parsed.UnmatchedTokens).ToArray();
        if (strangers.FirstOrDefault(value => value.StartsWith('-')) is { } option)
            return $"option {option} is not known{Suggest(option, Options(result.Command))}; {help}";
        if (strangers.FirstOrDefault() is { } word)
            return result.Command.Subcommands.Count > 0
                ? $"command {word} is not known; it must be one of {string.Join(", ", result.Command.Subcommands.Where(command => !command.Hidden).Select(command => command.Name))}"
                : $"argument {word} is one too many; {help}";
        if (result.Command.Arguments.FirstOrDefault(argument => argument.Arity.MinimumNumberOfValues > 0 && result.GetResult(argument) is not { Tokens.Count: > 0 }) is { } missing)
            return $"{missing.Name} is missing; it must be given: {missing.Description}";
        return parsed.Errors.Count > 0 && result.Command.Subcommands.Count == 0 ? parsed.Errors[0].Message : null;
    }

    /// <summary>A command's name with those of the commands above it.</summary>
    public static string FullName(Command command)
    {
        string above = command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? FullName(parent) + " " : "";
        return above + (command is RootCommand ? "hooke" : command.Name);
    }

    private static IEnumerable<string> Options(Command command) => command.Options.Select(option => option.Name).Append(Invocation.JsonOption.Name);

    /// <summary>The nearest name, if one is near, as a question to go on a message.</summary>
    public static string Suggest(string wrong, IEnumerable<string> names)
    {
        string? nearest = names.MinBy(name => Distance(wrong, name));
        return nearest is not null && Distance(wrong, nearest) <= Math.Max(1, wrong.Length / 4) ? $"; did you mean {nearest}?" : "";
    }

    /// <summary>Levenshtein's distance: how many letters to insert, delete or replace.</summary>
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
        }
        return row[b.Length];
    }
}
