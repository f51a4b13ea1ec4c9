using Hooke.Claims;
using Xunit;

namespace Hooke.Tests.Claims;

/// <summary>A bound is loosened only in a commit of its own that says why: by the history of <c>bench/rows</c>.</summary>
public sealed class LoosenedTests
{
    private const int Commits = 60;

    private static readonly Sources sources = new(CommittedTests.Root());

    [Fact]
    public void A_commit_that_loosens_a_bound_changes_nothing_that_is_measured_and_says_why()
    {
        string[] commits;
        try
        {
            commits = Lines(sources.Git("log", "--no-merges", "--format=%H", "-n", $"{Commits}", "--", "bench/rows"));
        }
        catch (BadRowsException)
        {
            // An archive of the sources has no history.
            return;
        }
        foreach (string commit in commits.Where(commit => Lines(sources.Git("rev-list", "--parents", "-n", "1", commit))[0].Contains(' ')))
        {
            var before = At(commit + "^");
            string[] loosened = [.. At(commit).Where(row => before.Any(old => Loosens(row, old))).Select(row => row.Id)];
            if (loosened.Length == 0) continue;
            string[] others = [.. Lines(sources.Git("show", "--format=", "--name-only", commit)).Where(file => !file.StartsWith("bench/rows/", StringComparison.Ordinal) && !file.StartsWith("bench/claims.", StringComparison.Ordinal) && !file.EndsWith(".md"))];
            Assert.True(others.Length == 0, $"{commit} loosens {string.Join(", ", loosened)} and changes {string.Join(", ", others)}");
            Assert.True(Lines(sources.Git("show", "-s", "--format=%b", commit)).Length > 0, $"{commit} loosens {string.Join(", ", loosened)}; its message must say why");
        }
    }

    [Fact]
    public void Another_command_is_another_figure_and_a_tighter_bound_is_no_looser()
    {
        var row = new Row { Id = "one", Part = "speed", Claim = "c", Stated = "s", Run = "r", Value = "v", Bound = new(null, 12), Minutes = 1 };
        Assert.True(Loosens(row, row with { Bound = new(null, 11) }));
        Assert.False(Loosens(row, row with { Bound = new(null, 13) }));
        Assert.False(Loosens(row, row with { Bound = new(null, 11), Run = "q" }));
        Assert.False(Loosens(row, row with { Bound = new(null, 11), Id = "two" }));
    }

    private static bool Loosens(Row row, Row old) => row.Id == old.Id && row.Fingerprint == old.Fingerprint && row.Bound.IsLooserThan(old.Bound);

    /// <summary>The rows of a commit; a file that it has not, or whose form was another one then, has none.</summary>
    private static List<Row> At(string commit)
    {
        List<Row> rows = [];
        foreach (string part in RowFiles.Parts)
        {
            try
            {
                rows.AddRange(RowFiles.Parse(sources.Git("show", $"{commit}:bench/rows/{part}.json"), part, part));
            }
            catch (BadRowsException)
            {
                continue;
            }
        }
        return rows;
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
