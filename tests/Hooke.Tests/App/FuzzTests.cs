using Hooke.Fuzz;
using Hooke.Tests.Engine;
using Xunit;

namespace Hooke.Tests.App;

/// <summary>A few changes of each input format; <c>bench/fuzz/run</c> makes a thousand of each.</summary>
public sealed class FuzzTests
{
    private const int Few = 25;

    // What is not mended yet.
    private static readonly string[] Open = ["cluster.json"];

    public static TheoryData<string> Formats => [.. AllFormats.Names.Except(Open)];

    [Theory, MemberData(nameof(Formats))]
    public void Changed_inputs_are_refused_by_name_or_read_right(string name)
    {
        var format = AllFormats.Find(name);
        using Folder folder = new();
        Directory.CreateDirectory(folder[""]);
        Assert.Equal(new(Verdict.Right, ""), Try(-1));
        // Rows are made of much text, and command lines make runs.
        int count = name switch { "rows" => 2, "options" => 15, _ => Few };
        for (long number = -1 - format.Special.Count; number < count; number++)
            if (Try(number) is { Verdict: Verdict.Wrong } wrong) Assert.Fail($"input {number}: {wrong.Text}");

        Outcome Try(long number)
        {
            var trying = Task.Run(() => format.Try(folder["."], format.Input(1, number)));
            Assert.True(trying.Wait(TimeSpan.FromSeconds(120), TestContext.Current.CancellationToken), $"input {number} hangs");
            return trying.Result;
        }
    }

    [Fact]
    public void A_seed_makes_the_same_inputs_every_time_and_another_seed_others()
    {
        var format = AllFormats.Find("csv");
        for (long number = 0; number < 50; number++) Assert.Equal(format.Input(3, number), AllFormats.Find("csv").Input(3, number));
        Assert.NotEqual(Enumerable.Range(0, 50).Select(number => Convert.ToHexString(format.Input(3, number))), Enumerable.Range(0, 50).Select(number => Convert.ToHexString(format.Input(4, number))));
    }

    [Theory]
    [InlineData("probe-exit", "the process ended with exit code 134")]
    [InlineData("probe-hang", "hangs")]
    [InlineData("probe-slow", " s")]
    [InlineData("probe-memory", " MB")]
    [InlineData("probe-native", "GB of memory")]
    [InlineData("probe-unnamed", "refused without naming x")]
    [InlineData("probe-error", "InvalidOperationException: inside")]
    [InlineData("probe-wrong", "other elements")]
    public void What_goes_wrong_is_seen_and_the_next_input_is_tried(string name, string text)
    {
        var tally = new Campaign(1, 2).Run(AllFormats.Find(name));
        Assert.Equal((3, 2, 0), (tally.Tried, tally.Right, tally.Refused));
        var finding = Assert.Single(tally.Findings);
        Assert.Equal((name, 0), (finding.Format, finding.Number));
        Assert.Contains(text, finding.Text);
    }
}
