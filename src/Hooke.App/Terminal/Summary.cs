using Hooke.App.Training;
using Hooke.Runs;
using Spectre.Console;

namespace Hooke.App.Terminal;

/// <summary>What is printed when a run is over. Lines fit in 80 columns.</summary>
internal static class Summary
{
    public static void Write(Screen screen, RunResult result, IReadOnlyList<TracePoint> points)
    {
        var yardstick = Yardstick.Of(result);
        void Line(string name, string value) => screen.Line($"{name,-12}{value}");
        if (result.Diverged is { } where)
        {
            screen.Line($"diverged at {where}", Color.Red);
            Line("so far", $"{Units.Fixed(result.Epochs, 2)} epochs, {yardstick.Name} {yardstick.Text(yardstick.Best(result))} at best");
            if (result.Run is not null) Line("run folder", $"{result.Run}, with the last finite checkpoint; try a smaller rate");
            return;
        }
        if (points.Count > 2) DrawCharts(screen, points);
        screen.Line();
        Line(result.Stopped ? "stopped at" : "trained", $"{Units.Fixed(result.Epochs, 2)} epochs in {Units.Fixed(result.Seconds, 2)} {(result.Cluster is null ? "s" : "virtual s")} ({Units.Fixed(result.WallSeconds, 2)} s {(result.Cluster is null ? "with evaluation" : "of real time")})");
        Line("samples", $"{Units.Count(result.Samples)}, {(result.Seconds > 0 ? Units.Count(result.Samples / result.Seconds) : "–")} a second");
        Line("model", $"{result.Model} on {result.Data}");
        Line(yardstick.Name, $"{yardstick.Text(yardstick.Last(result))} at the end, {yardstick.Text(yardstick.Best(result))} at best");
        if (result.ChosenBy == Yardstick.Validation)
        {
            var choosing = Yardstick.Choosing(yardstick.IsFraction, validates: true);
            Line("validation", $"{choosing.Text(choosing.Last(result))} at the end, {choosing.Text(choosing.Best(result))} at best, with {yardstick.Name} {yardstick.Text(yardstick.IsFraction ? result.ChosenTestError : result.ChosenTestLoss)}");
        }
        Line("loss", $"{Units.Fixed(result.TrainLoss, 4)} train, {Units.Fixed(result.TestLoss, 4)} test ({result.Loss})");
        if (result.Exchanges > 0)
        {
            Line("exchanges", $"{Units.Count(result.Exchanges)} messages, {Units.Bytes(result.Bytes)}, consensus distance {Units.Digits(result.Consensus, 3)}");
            Line("staleness", $"{Units.Fixed(result.Staleness.Mean, 2)} center updates on average, {result.Staleness.Max} at most{(result.Dropped > 0 ? $", {Units.Count(result.Dropped)} dropped" : "")}");
        }
        if (result.Shared is { } shared)
        {
            Line("numbers", $"{Units.Digits(shared.NumbersPerSecond / 1e9, 3)} billion a second, {shared.Precision}{(shared.ModelRange is { } range ? $", weights from -{Units.Digits(range, 3)} to {Units.Digits(range, 3)}" : "")}");
            if (shared.WatchedSteps > 0) Line("delay", $"{Units.Fixed(result.Staleness.Mean, 2)} steps of others on average, {result.Staleness.Max} at most; {Units.Percent(shared.ConflictRate)} of coordinates written meanwhile");
        }
        if (points.Count > 0) Line("time", Breakdown(points[^1].Workers));
        if (points.Count > 0 && points[^1].Workers.Count > 1) Line("workers", $"{string.Join(", ", points[^1].Workers.Take(6).Select(worker => Units.Count(worker.Steps)))}{(points[^1].Workers.Count > 6 ? ", …" : "")} steps");
        foreach (string warning in result.Warnings)
            foreach (var (k, line) in Paragraph.Wrap(warning, Math.Max(20, Math.Min(screen.Width, 80) - 13)).Index()) screen.Line($"{(k == 0 ? "warning" : ""),-12}{line}", Color.Yellow);
        if (result.Run is not null) Line("run folder", result.Run);
        if (result is { Stopped: true, Continuation: { } command }) Line("continue", command);
    }

    /// <summary>Shares of the workers' time.</summary>
    public static string Breakdown(IReadOnlyList<WorkerAccount> workers)
    {
        double all = workers.Sum(worker => worker.Compute + worker.Data + worker.Communication + worker.Waiting);
        string Part(string name, Func<WorkerAccount, double> part) => $"{Units.Fixed(all > 0 ? 100 * workers.Sum(part) / all : 0, 1)} % {name}";
        return string.Join(", ", Part("compute", worker => worker.Compute), Part("data", worker => worker.Data), Part("communication", worker => worker.Communication), Part("waiting", worker => worker.Waiting));
    }

    private static void DrawCharts(Screen screen, IReadOnlyList<TracePoint> points)
    {
        int width = Math.Clamp(screen.Width - 16, 20, 66);
        var yardstick = Yardstick.Of(points);
        // The first point is the untrained model, which would flatten everything else.
        string[][] charts =
        [
            Chart.Draw(yardstick.Title, points.Skip(1).Select(point => (point.Seconds, yardstick.Shown(point))), width, 7),
            Chart.Draw("train loss", points.Skip(1).Select(point => (point.Seconds, point.TrainLoss)), width, 5),
        ];
        foreach (string[] chart in charts)
        {
            screen.Line();
            foreach (string line in chart) screen.Line(line);
        }
    }
}
