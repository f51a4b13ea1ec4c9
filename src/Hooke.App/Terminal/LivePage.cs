using Hooke.App.Training;
using Hooke.Runs;
using Progress = Hooke.Runs.Progress;

namespace Hooke.App.Terminal;

/// <summary>The live page as lines that fit: progress, curves, the center's state, where the time goes, and every worker.</summary>
internal static class LivePage
{
    private const int ChartFrame = 2, FixedLines = 6, MinimumChart = 3, MaximumChart = 9;

    /// <summary>A column of the table of workers.</summary>
    private sealed record Column(string Title, int Width, Func<WorkerAccount, string> Cell);

    private static readonly Column[] Columns =
    [
        new("worker", 6, worker => $"{worker.Worker}"),
        new("steps", 9, worker => Units.Count(worker.Steps)),
        new("loss", 8, worker => Units.Fixed(worker.Loss, 4)),
        new("rate", 9, worker => Units.Digits(worker.LearningRate, 3)),
        new("sent", 8, worker => Units.Count(worker.Exchanges)),
        new("bytes", 9, worker => Units.Bytes(worker.Bytes)),
        new("compute", 9, worker => Units.Fixed(worker.Compute, 1)),
        new("data", 6, worker => Units.Fixed(worker.Data, 1)),
        new("comm.", 6, worker => Units.Fixed(worker.Communication, 1)),
        new("waiting", 8, worker => Units.Fixed(worker.Waiting, 1)),
    ];

    /// <summary>Draws the page.</summary>
    /// <param name="width">Columns that it may fill.</param>
    /// <param name="height">Lines that it may fill.</param>
    /// <param name="progress">How far the run is.</param>
    /// <param name="examples">Examples in an epoch.</param>
    /// <param name="points">The trace so far.</param>
    /// <param name="warnings">What went wrong so far; the last one is shown.</param>
    public static IReadOnlyList<string> Draw(int width, int height, Progress progress, long examples, IReadOnlyList<TracePoint> points, IReadOnlyList<string> warnings)
    {
        // The page shrinks with the terminal, to nothing if need be; the run goes on.
        if (width < 1 || height < 1) return [];
        var page = new List<string> { Bar(progress, examples, width) };
        if (points.Count > 0)
        {
            var last = points[^1];
            var yardstick = Yardstick.Of(points);
            int workers = Math.Min(last.Workers.Count, 16), warned = Math.Min(warnings.Count, 1);
            // Charts shrink before workers are left out.
            int room = height - FixedLines - ChartFrame - workers - warned, chart = Math.Clamp(room, MinimumChart, MaximumChart);
            page.AddRange(Charts(points, width, chart));
            page.Add($"center    loss {Units.Fixed(last.TrainLoss, 4)} train, {Units.Fixed(last.TestLoss, 4)} test; {yardstick.Name} {yardstick.Text(yardstick.At(last))}, best {yardstick.Text(points.Min(yardstick.At))}");
            page.Add($"exchange  {Units.Count(last.Exchanges)} messages, {Units.Bytes(last.Bytes)}; distance {Units.Digits(last.Consensus, 3)}; staleness {Units.Fixed(last.StalenessMean, 2)}, max {last.StalenessMax}{(last.Dropped > 0 ? $", {last.Dropped} dropped" : "")}");
            page.Add("time      " + Summary.Breakdown(last.Workers));
            page.Add("");
            page.AddRange(Table(last.Workers, Math.Max(1, height - page.Count - 1 - warned)));
        }
        if (warnings.Count > 0) page.Add($"warning: {warnings[^1]}");
        return [.. page.Take(height).Select(line => line.Length > width ? line[..(width - 1)] + "…" : line)];
    }

    private static string Bar(Progress progress, long examples, int width)
    {
        double part = progress.Total == 0 ? 0 : (double)progress.Samples / progress.Total;
        double left = part > 0 ? progress.Seconds * (1 - part) / part : 0;
        string text = $" {Units.Fixed(100 * part, 1),5} %  {Units.Fixed((double)progress.Samples / examples, 2)} epochs  {Units.Fixed(progress.Seconds, 1)} s, {(progress.Evaluating ? "evaluating" : $"{Units.Fixed(left, 0)} s left")}  {(progress.Seconds > 0 ? Units.Count(progress.Samples / progress.Seconds) : "–")} samples/s";
        int cells = Math.Clamp(width - text.Length, 8, 40), full = (int)(part * cells);
        return new string('━', full) + new string('─', cells - full) + text;
    }

    private static IEnumerable<string> Charts(IReadOnlyList<TracePoint> points, int width, int height)
    {
        // The untrained model would flatten everything else; it is shown until there are others.
        var shown = points.Skip(points.Count > 2 ? 1 : 0);
        int each = Math.Clamp(width / 2 - 1 - Chart.Margin, 10, 60);
        var yardstick = Yardstick.Of(points);
        string[] error = Chart.Draw(yardstick.Title, shown.Select(point => (point.Seconds, yardstick.Shown(point))), each, height);
        string[] loss = Chart.Draw("train loss", shown.Select(point => (point.Seconds, point.TrainLoss)), each, height);
        return error.Zip(loss, (left, right) => left + " " + right);
    }

    private static IEnumerable<string> Table(IReadOnlyList<WorkerAccount> workers, int rows)
    {
        yield return string.Concat(Columns.Select(column => column.Title.PadLeft(column.Width)));
        int shown = workers.Count <= rows ? workers.Count : Math.Max(0, rows - 1);
        foreach (var worker in workers.Take(shown)) yield return string.Concat(Columns.Select(column => column.Cell(worker).PadLeft(column.Width)));
        if (shown < workers.Count) yield return $"… and {workers.Count - shown} more workers";
    }
}
