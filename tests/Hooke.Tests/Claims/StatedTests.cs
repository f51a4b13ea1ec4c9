using System.Text.RegularExpressions;
using Hooke.Claims;
using Xunit;

namespace Hooke.Tests.Claims;

/// <summary>No figure stands on a page without a row of bench/claims, a test that holds it, or a word on why it is not repeated.</summary>
public sealed partial class StatedTests
{
    private static readonly string root = CommittedTests.Root();
    private static readonly IReadOnlyList<Row> rows = RowFiles.Read(Path.Combine(root, "bench", "rows"));

    private static IEnumerable<string> Pages
        => [Path.Combine(root, "README.md"), Path.Combine(root, "bench", "README.md"), .. Directory.GetFiles(Path.Combine(root, "docs"), "*.md")];

    /// <summary>A part of a page between empty lines.</summary>
    private sealed record Block(string Page, string Heading, string Text, string Next);

    private static IEnumerable<Block> Blocks(string page)
    {
        string[] blocks = [.. Regex.Split(File.ReadAllText(page), @"\n\s*\n").Select(block => block.Trim())];
        string heading = "";
        for (int k = 0; k < blocks.Length; k++)
        {
            if (blocks[k].StartsWith("##", StringComparison.Ordinal) || blocks[k].StartsWith("**", StringComparison.Ordinal)) heading = blocks[k];
            yield return new(Path.GetRelativePath(root, page), heading, blocks[k], k + 1 < blocks.Length ? blocks[k + 1] : "");
        }
    }

    /// <summary>Whether a text names a row or a test that there is, or says why neither does.</summary>
    private static bool IsBacked(string text)
        => text.Contains("not repeated:", StringComparison.Ordinal)
        || Name().Matches(text).Any(name => rows.Any(row => Matches(name.Groups[1].Value, row.Id)) || typeof(StatedTests).Assembly.GetTypes().Any(type => type.Name == name.Groups[1].Value && type.Name.EndsWith("Tests")));

    private static bool Matches(string name, string id) => Regex.IsMatch(id, $"^{Regex.Escape(name).Replace("\\*", ".*")}$");

    [Fact]
    public void Every_line_of_the_table_of_measurements_names_its_rows()
    {
        var table = Blocks(Path.Combine(root, "bench", "README.md")).Single(block => block.Text.StartsWith("| command |", StringComparison.Ordinal));
        string[] lines = table.Text.Split('\n');
        Assert.EndsWith("| rows |", lines[0]);
        foreach (string line in lines.Skip(2)) Assert.True(IsBacked(Cells(line)[^1]), $"this line names no row of bench/rows: {line}");
    }

    [Fact]
    public void Every_table_of_figures_and_every_output_that_is_shown_names_its_rows()
    {
        int figures = 0;
        foreach (var block in Pages.SelectMany(Blocks).Where(IsFigures))
        {
            figures++;
            Assert.True(block.Next.StartsWith("Rows: ", StringComparison.Ordinal) && IsBacked(block.Next), $"{block.Page}: behind these figures must stand \"Rows: \" and names of rows or tests\n{block.Text}");
        }
        Assert.True(figures > 10, $"only {figures} tables of figures were found");
    }

    [Fact]
    public void Every_experiment_of_the_page_of_measurements_names_its_rows()
    {
        var longer = Blocks(Path.Combine(root, "bench", "README.md")).SkipWhile(block => block.Text != "## Longer experiments").Skip(1).GroupBy(block => block.Heading);
        Assert.All(longer, experiment => Assert.True(experiment.Any(block => block.Text.StartsWith("Rows: ", StringComparison.Ordinal) && IsBacked(block.Text)), $"no rows are named under {experiment.Key}"));
    }

    [Fact]
    public void Every_name_of_a_row_on_a_page_is_one_and_every_row_is_named_where_it_is_stated()
    {
        foreach (var block in Pages.SelectMany(Blocks).Where(block => block.Text.StartsWith("Rows: ", StringComparison.Ordinal)))
            foreach (Match name in Name().Matches(block.Text)) Assert.True(IsBacked(name.Value), $"{block.Page} names {name.Value}, which is neither a row nor a test");
        foreach (var row in rows)
            Assert.True(Name().Matches(File.ReadAllText(Path.Combine(root, row.Stated))).Any(name => Matches(name.Groups[1].Value, row.Id)), $"{row.Stated} does not name the row {row.Id}, which says that it is stated there");
    }

    /// <summary>A table with a column of numbers beside its first column, or an output with numbers.</summary>
    private static bool IsFigures(Block block)
    {
        if (block.Text.StartsWith("```text", StringComparison.Ordinal)) return block.Text.Any(char.IsAsciiDigit);
        string[] lines = block.Text.Split('\n');
        if (lines.Length < 3 || !lines[1].StartsWith("|---", StringComparison.Ordinal) || lines[0].EndsWith("| rows |", StringComparison.Ordinal)) return false;
        string[][] cells = [.. lines.Skip(2).Select(Cells)];
        return Enumerable.Range(1, cells.Min(line => line.Length) - 1).Any(column => cells.All(line => line[column].Length == 0 || Figure().IsMatch(line[column])) && cells.Any(line => line[column].Length > 0));
    }

    private static string[] Cells(string line) => [.. line.Trim().Trim('|').Split('|').Select(cell => cell.Trim())];

    [GeneratedRegex("`([A-Za-z0-9.*-]+)`")]
    private static partial Regex Name();

    [GeneratedRegex(@"^(never|not in|\*{0,2}[−+-]?\d)")]
    private static partial Regex Figure();
}
