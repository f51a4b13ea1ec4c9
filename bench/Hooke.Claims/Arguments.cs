using System.Globalization;
using System.Text.RegularExpressions;

namespace Hooke.Claims;

/// <summary>What the command line asks for.</summary>
/// <param name="Root">The project's folder.</param>
/// <param name="Words">Parts and rows; none are all.</param>
internal sealed record Arguments(string Root, IReadOnlyList<string> Words)
{
    /// <summary>What <c>--help</c> prints.</summary>
    public const string Help = """
        Runs the figures that README, docs and bench/README.md state, and prints a table: claim, bound, today, holds.

        ./bench/claims [PART | ROW ...] [options]      parts: quick accuracy speed failures papers; none: all
                                                       a row by its id, or several as in 'mlp-*'

          --list              names rows, commands and minutes by estimate, and runs nothing
          --status            prints the table as it stands, and runs nothing
          --at-most MINUTES   starts nothing that would end later, by its estimate
          --again             runs rows that are done on this commit as well
          --json              one JSON document on standard output, all else on standard error

        A row that is done on this commit is not run again, so a run that was cut off goes on where it was. Values are kept in
        bench/claims.jsonl, the table is bench/claims.md; rows and bounds are in bench/rows. Exit codes: 0 all that was asked for and has
        values holds; 1 something does not hold or failed; 2 bad input.
        """;

    /// <summary>Only names rows.</summary>
    public bool List { get; private init; }

    /// <summary>Only prints the table.</summary>
    public bool Status { get; private init; }

    /// <summary>One document on standard output.</summary>
    public bool Json { get; private init; }

    /// <summary>Runs what is done, too.</summary>
    public bool Again { get; private init; }

    /// <summary>Only explains itself.</summary>
    public bool Explain { get; private init; }

    /// <summary>Until when something may start.</summary>
    public TimeSpan AtMost { get; private init; } = TimeSpan.FromDays(365);

    /// <summary>Reads the command line.</summary>
    /// <exception cref="BadRowsException">It has something else.</exception>
    public static Arguments Parse(string[] words)
    {
        Arguments read = new("", []);
        for (int k = 0; k < words.Length; k++)
        {
            string Value() => ++k < words.Length ? words[k] : throw new BadRowsException($"{words[k - 1]} needs a value");
            read = words[k] switch
            {
                "--root" => read with { Root = Value() },
                "--list" => read with { List = true },
                "--status" => read with { Status = true },
                "--json" => read with { Json = true },
                "--again" => read with { Again = true },
                "--help" or "-h" => read with { Explain = true },
                "--at-most" => read with { AtMost = Minutes(Value()) },
                var word when word.StartsWith('-') => throw new BadRowsException($"{word} is no option; --help names them"),
                var word => read with { Words = [.. read.Words, word] },
            };
        }
        return read;
    }

    /// <summary>The rows that the words name, in the order of the files.</summary>
    /// <exception cref="BadRowsException">A word names no row.</exception>
    public IReadOnlyList<Row> Choose(IReadOnlyList<Row> rows)
    {
        if (Words.Count == 0) return rows;
        HashSet<Row> chosen = [];
        foreach (string word in Words)
        {
            Row[] named = [.. rows.Where(row => Names(word, row))];
            if (named.Length == 0) throw new BadRowsException($"{word} is neither a part nor a row; parts are {RowFiles.Quick}, {string.Join(", ", RowFiles.Parts)}, and --list names the rows");
            chosen.UnionWith(named);
        }
        return [.. rows.Where(chosen.Contains)];
    }

    private static bool Names(string word, Row row)
        => word == row.Part || (word == RowFiles.Quick && row.Quick) || Regex.IsMatch(row.Id, $"^{Regex.Escape(word).Replace("\\*", ".*")}$");

    private static TimeSpan Minutes(string text)
        => double.TryParse(text, CultureInfo.InvariantCulture, out double minutes) && minutes is > 0 and <= 100_000 ? TimeSpan.FromMinutes(minutes)
            : throw new BadRowsException($"at-most is {text}; it must be a number of minutes, above 0 and at most 100000");
}
