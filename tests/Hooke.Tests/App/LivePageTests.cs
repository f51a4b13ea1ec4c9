using Hooke.App.Terminal;
using Hooke.Runs;
using Xunit;

namespace Hooke.Tests.App;

public sealed class LivePageTests
{
    [Theory]
    [InlineData(79, 23, 2)]
    [InlineData(119, 39, 2)]
    [InlineData(79, 23, 64)]
    [InlineData(40, 12, 8)]
    [InlineData(20, 5, 1)]
    public void The_page_fits_the_terminal(int width, int height, int workers)
    {
        var page = LivePage.Draw(width, height, new(123_456_789, 987_654_321, 12345.6, Evaluating: false), 60_000, [Point(0, workers), Point(1, workers), Point(2, workers)], ["a disk is full, in a folder with a long name that says nothing new to anyone who reads it"]);
        Assert.InRange(page.Count, 1, height);
        Assert.All(page, line => Assert.InRange(line.Length, 0, width));
    }

    [Fact]
    public void An_ordinary_terminal_shows_everything_that_matters()
    {
        string page = string.Join('\n', LivePage.Draw(79, 23, new(30_000, 60_000, 2, Evaluating: false), 60_000, [Point(0, 2), Point(1, 2)], ["the disk is full"]));
        foreach (string part in (string[])["50.0 %", "0.50 epochs", "2 s left", "15,000 samples/s", "test error, %", "train loss", "best", "distance", "staleness", "% communication", "worker", "compute", "waiting", "warning: the disk is full"]) Assert.Contains(part, page);
        Assert.Contains("\n     1", page);
    }

    [Fact]
    public void A_run_that_has_not_begun_has_a_page() => Assert.Single(LivePage.Draw(79, 23, default, 60_000, [], []));

    [Fact]
    public void Charts_survive_few_equal_and_infinite_values()
    {
        foreach ((double, double)[] points in ((double, double)[][])[[], [(1, 2)], [(0, 3), (1, 3)], [(0, double.NaN), (1, double.PositiveInfinity)]])
            Assert.All(Chart.Draw("title", points, 30, 4), line => Assert.Equal(Chart.Margin + 30, line.Length));
        System.Xml.Linq.XDocument.Parse(Curves.Draw([], "a < b", "c & d"));
        System.Xml.Linq.XDocument.Parse(Curves.Draw([Point(0, 1), Point(1, 1)], "title", "subtitle"));
    }

    private static TracePoint Point(int k, int workers) => new()
    {
        Seconds = 100 * k,
        WallSeconds = 110 * k,
        Samples = 1_000_000L * k,
        Epochs = k,
        Updates = k,
        TrainLoss = 1.0 / (k + 1),
        TestLoss = 1.1 / (k + 1),
        TestError = 0.1 / (k + 1),
        Consensus = 0.01,
        Exchanges = 1_000_000 * k,
        Dropped = 123,
        Bytes = 123_456_789_012 * k,
        StalenessMean = 1.5,
        StalenessMax = 12,
        Workers = [.. Enumerable.Range(0, workers).Select(w => new WorkerAccount(w, 1_000_000, 128_000_000, 0.5, 0.001, 1000, 10, 10, 10, 100_000, 123_456_789_012))],
    };
}
