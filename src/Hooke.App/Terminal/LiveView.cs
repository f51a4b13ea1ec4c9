using System.Globalization;
using Hooke.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;
using Progress = Hooke.Engine.Progress;

namespace Hooke.App.Terminal;

/// <summary>A live page in the terminal: progress, curves, the center's state, where the time goes, and every worker.</summary>
internal sealed class LiveView(IAnsiConsole console) : RunView(console)
{
    private readonly List<string> warnings = [];
    private LiveDisplayContext? context;
    private Progress progress;

    public override TResult Show<TResult>(Func<TResult> body)
    {
        TResult? result = default;
        Console.Live(Page()).AutoClear(true).Overflow(VerticalOverflow.Crop).Start(live =>
        {
            context = live;
            result = body();
            context = null;
        });
        foreach (string warning in warnings) base.Warn(warning);
        return result!;
    }

    public override void Tick(Progress progress)
    {
        this.progress = progress;
        context?.UpdateTarget(Page());
    }

    public override void Point(TracePoint point)
    {
        base.Point(point);
        context?.UpdateTarget(Page());
    }

    public override void Warn(string message)
    {
        if (context is null) base.Warn(message);
        else warnings.Add(message);
    }

    private IRenderable Page()
    {
        var rows = new List<IRenderable> { Bar() };
        if (Points.Count > 0)
        {
            var last = Points[^1];
            int width = Math.Clamp(Console.Profile.Width / 2 - 14, 20, 60);
            rows.Add(new Columns(
                new Text(Chart.Draw("test error %", Points.Select(p => (p.Seconds, 100 * p.TestError ?? double.NaN)), width, 6)),
                new Text(Chart.Draw("train loss", Points.Select(p => (p.Seconds, p.TrainLoss)), width, 6))));
            rows.Add(new Text(string.Create(CultureInfo.InvariantCulture,
                $"center     loss {last.TrainLoss:f4} train, {last.TestLoss:f4} test   error {100 * last.TestError:f2} %   best {100 * Points.Min(p => p.TestError):f2} %   updates {last.Updates:n0}")));
            rows.Add(new Text(string.Create(CultureInfo.InvariantCulture,
                $"exchange   consensus distance {last.Consensus:g3}   staleness {last.StalenessMean:f2} (max {last.StalenessMax})   {last.Exchanges:n0} messages, {Units.Bytes(last.Bytes)}{(last.Dropped > 0 ? $", {last.Dropped} dropped" : "")}")));
            rows.Add(new Text("time       " + Summary.Breakdown(last.Workers)));
            rows.Add(Workers(last));
        }
        foreach (string warning in warnings) rows.Add(new Text($"warning: {warning}", new Style(Color.Yellow)));
        return new Rows(rows);
    }

    private Text Bar()
    {
        const int Width = 40;
        double part = progress.Total == 0 ? 0 : (double)progress.Samples / progress.Total;
        int full = (int)(part * Width);
        double left = part > 0 ? progress.Seconds * (1 - part) / part : 0;
        return new(string.Create(CultureInfo.InvariantCulture,
            $"{new string('━', full)}{new string('─', Width - full)} {100 * part,5:f1} %   {progress.Samples / (double)(Run?.Network.Examples ?? 1):f2} epochs   {progress.Seconds:f1} s{(progress.Evaluating ? ", evaluating" : $", {left:f0} s left")}   {(progress.Seconds > 0 ? progress.Samples / progress.Seconds : 0):n0} samples/s"));
    }

    private static Table Workers(TracePoint point)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (string column in (string[])["worker", "steps", "samples", "loss", "rate", "exchanges", "bytes", "compute", "data", "communication", "waiting"])
            table.AddColumn(new TableColumn(column).RightAligned());
        foreach (var w in point.Workers.Take(16))
            table.AddRow([.. new[] { $"{w.Worker}", $"{w.Steps}", $"{w.Samples}", Format(w.Loss, "f4"), Format(w.LearningRate, "g3"), $"{w.Exchanges}", Units.Bytes(w.Bytes), Format(w.Compute, "f2"), Format(w.Data, "f2"), Format(w.Communication, "f2"), Format(w.Waiting, "f2") }.Select(cell => new Text(cell))]);
        return table;
    }

    private static string Format(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
