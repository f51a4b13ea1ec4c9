using Hooke.Claims;
using Xunit;

namespace Hooke.Tests.Claims;

/// <summary>The rows, values and table that are committed.</summary>
public sealed class CommittedTests
{
    private static readonly string bench = Path.Combine(Root(), "bench");

    [Fact]
    public void The_table_is_what_rows_and_values_give()
    {
        var ledger = new Ledger(Path.Combine(bench, "claims.jsonl"));
        string table = Report.Markdown([.. RowFiles.Read(Path.Combine(bench, "rows")).Select(row => Standing.Of(row, ledger))]);
        Assert.True(table == File.ReadAllText(Path.Combine(bench, "claims.md")), "bench/claims.md is not what rows and values give; ./bench/claims --status writes it");
    }

    [Fact]
    public void Every_need_of_a_row_has_a_probe() => _ = new Needs(Path.Combine(bench, "rows", "needs.json"), RowFiles.Read(Path.Combine(bench, "rows")));

    [Fact]
    public void Quick_has_rows_and_ends_within_twenty_minutes_by_estimate_and_every_part_within_ninety()
    {
        var rows = RowFiles.Read(Path.Combine(bench, "rows"));
        Assert.InRange(Minutes(rows.Where(row => row.Quick)), 1, 20);
        foreach (string part in RowFiles.Parts) Assert.InRange(Minutes(rows.Where(row => row.Part == part)), 0, 90);
    }

    [Fact]
    public void The_command_line_lists_chooses_and_refuses()
    {
        (int Code, string Output, string Error) Use(params string[] words)
        {
            StringWriter output = new(), error = new();
            return (Entrance.Run(["--root", Root(), .. words], output, error), output.ToString(), error.ToString());
        }
        Assert.Contains("--at-most MINUTES", Use("--help").Output);
        Assert.Contains("mlp-eamsgd  3 × ", Use("--list", "quick").Output);
        Assert.Equal(4, Use("--list", "mlp-eamsgd", "softmax-sgd", "mlp-eamsg*3-epochs").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal((2, "claims: fast is neither a part nor a row; parts are quick, accuracy, speed, failures, papers, and --list names the rows"), (Use("fast").Code, Use("fast").Error.Trim()));
        Assert.Equal((2, "claims: at-most is 0; it must be a number of minutes, above 0 and at most 100000"), (Use("--at-most", "0").Code, Use("--at-most", "0").Error.Trim()));
        Assert.Equal((2, "claims: --at-most needs a value"), (Use("--at-most").Code, Use("--at-most").Error.Trim()));
        Assert.Equal(2, Use("--quick").Code);
    }

    [Fact]
    public void Two_at_once_are_refused_and_the_table_can_be_looked_at_meanwhile()
    {
        string project = Directory.CreateTempSubdirectory("hooke-claims-twice-").FullName;
        try
        {
            string rows = Directory.CreateDirectory(Path.Combine(project, "bench", "rows")).FullName, scratch = Directory.CreateDirectory(Path.Combine(project, "artifacts", "claims")).FullName;
            foreach (string part in RowFiles.Parts) File.WriteAllText(Path.Combine(rows, part + ".json"), "[]");
            File.WriteAllText(Path.Combine(rows, "needs.json"), "{}");
            using var other = new FileStream(Path.Combine(scratch, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            StringWriter error = new();
            Assert.Equal(1, Entrance.Run(["--root", project], TextWriter.Null, error));
            Assert.StartsWith("claims: another ./bench/claims is running rows here", error.ToString());
            Assert.Equal(0, Entrance.Run(["--root", project, "--list"], TextWriter.Null, TextWriter.Null));
        }
        finally
        {
            Directory.Delete(project, true);
        }
    }

    private static double Minutes(IEnumerable<Row> rows) => rows.GroupBy(row => (row.Run, row.Busy)).Sum(same => same.Max(row => row.Minutes * row.Seeds.Count));

    internal static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Hooke.slnx"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("the tests are not within the project's folder");
    }
}
