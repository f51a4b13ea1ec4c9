using System.Globalization;
using Hooke.App.Training;
using Hooke.Runs;
using Spectre.Console;

namespace Hooke.App.Terminal;

/// <summary>What is printed when a run is over.</summary>
internal static class Summary
{
    public static void Write(IAnsiConsole console, RunResult result, IReadOnlyList<TracePoint> points)
    {
        if (result.Diverged is { } where)
        {
            console.MarkupLineInterpolated($"[red]diverged at {where}[/]");
            if (result.Run is not null) console.WriteLine($"the last finite checkpoint is kept in {result.Run}; a smaller learning rate or moving rate may help");
            return;
        }
        if (points.Count > 1)
        {
            int width = Math.Clamp(console.Profile.Width - 16, 20, 72);
            console.WriteLine();
            console.WriteLine(Chart.Draw("test error %", points.Skip(1).Select(p => (p.Seconds, 100 * p.TestError ?? double.NaN)), width, 7));
            console.WriteLine(Chart.Draw("train loss", points.Skip(1).Select(p => (p.Seconds, p.TrainLoss)), width, 5));
        }
        void Line(string name, FormattableString value) => console.WriteLine($"{name,-12}{FormattableString.Invariant(value)}");
        console.WriteLine();
        Line(result.Stopped ? "stopped at" : "trained", $"{result.Epochs:f2} epochs, {result.Samples:n0} samples, {result.Seconds:f2} s ({result.WallSeconds:f2} s with evaluation), {(result.Seconds > 0 ? result.Samples / result.Seconds : 0):n0} samples/s");
        Line("test error", $"{100 * result.TestError:f2} % at the end, {100 * result.BestTestError:f2} % at best");
        Line("loss", $"{result.TrainLoss:f4} train, {result.TestLoss:f4} test");
        if (result.Exchanges > 0) Line("exchanges", $"{result.Exchanges:n0} messages, {Units.Bytes(result.Bytes)}, staleness {result.Staleness.Mean:f2} (max {result.Staleness.Max}), consensus distance {result.Consensus:g3}{(result.Dropped > 0 ? $", {result.Dropped} dropped as too old" : "")}");
        if (points.Count > 0) Line("time", $"{Breakdown(points[^1].Workers)}");
        if (points.Count > 0 && points[^1].Workers.Count > 1) Line("workers", $"{string.Join(", ", points[^1].Workers.Take(8).Select(w => $"{w.Steps:n0}"))} steps{(points[^1].Workers.Count > 8 ? ", …" : "")}");
        if (result.Run is not null) Line("run folder", $"{result.Run}{(result.Stopped ? $" — continue with: hooke resume {result.Run}" : "")}");
    }

    /// <summary>Shares of the workers' time.</summary>
    public static string Breakdown(IReadOnlyList<WorkerAccount> workers)
    {
        double all = workers.Sum(w => w.Compute + w.Data + w.Communication + w.Waiting);
        string Part(string name, Func<WorkerAccount, double> part) => string.Create(CultureInfo.InvariantCulture, $"{(all > 0 ? 100 * workers.Sum(part) / all : 0):f1} % {name}");
        return string.Join(", ", Part("compute", w => w.Compute), Part("data", w => w.Data), Part("communication", w => w.Communication), Part("waiting", w => w.Waiting));
    }
}
