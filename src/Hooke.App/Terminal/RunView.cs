using System.Globalization;
using Hooke.App.Training;
using Hooke.Runs;
using Spectre.Console;
using Progress = Hooke.Engine.Progress;

namespace Hooke.App.Terminal;

/// <summary>Shows a run while it goes on, and sums it up.</summary>
internal abstract class RunView(IAnsiConsole console)
{
    protected IAnsiConsole Console { get; } = console;

    protected Resolution? Run { get; private set; }

    protected List<TracePoint> Points { get; } = [];

    /// <summary>The run is about to start.</summary>
    public virtual void Begin(Resolution run, string? folder, IReadOnlyList<TracePoint> earlier)
    {
        Run = run;
        Points.AddRange(earlier);
        var file = run.File;
        Console.WriteLine($"{run.Method.Name} trains {run.Network.Spec.Name} ({run.Network.Dimension.ToString("N0", CultureInfo.InvariantCulture)} parameters) on {run.Data.Name} with {run.Workers} worker{(run.Workers == 1 ? "" : "s")}, {file["epochs"]} epochs, seed {run.Seed}");
        string[] shown = ["timing", "learning-rate", "moving-rate", "center-rate", "momentum", "period", "penalty", "batch", "schedule", "sampling"];
        Console.WriteLine("  " + string.Join(", ", shown.Where(option => file[option] is not null).Select(option => $"{option} {file[option]}")));
        if (folder is not null) Console.WriteLine($"  run folder {folder}");
    }

    /// <summary>Runs the body while the view is on the screen.</summary>
    public virtual TResult Show<TResult>(Func<TResult> body) => body();

    public virtual void Tick(Progress progress) { }

    public virtual void Point(TracePoint point) => Points.Add(point);

    public virtual void Warn(string message) => Console.MarkupLineInterpolated($"[yellow]warning: {message}[/]");

    public virtual void End(RunResult result, IReadOnlyList<TracePoint> points) => Summary.Write(Console, result, points);
}

/// <summary>A line a point, for logs and pipes.</summary>
internal sealed class PlainView(IAnsiConsole console) : RunView(console)
{
    public override void Point(TracePoint point)
    {
        base.Point(point);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  epoch {point.Epochs,6:f2}  {point.Seconds,7:f2} s  train loss {point.TrainLoss:f4}  test loss {point.TestLoss:f4}  test error {100 * point.TestError:f2} %  consensus {point.Consensus:g3}  staleness {point.StalenessMean:f2}  {Units.Bytes(point.Bytes)}"));
    }
}

/// <summary>Says nothing; for runs within a larger command.</summary>
internal sealed class SilentView(IAnsiConsole console) : RunView(console)
{
    public override void Begin(Resolution run, string? folder, IReadOnlyList<TracePoint> earlier) { }

    public override void End(RunResult result, IReadOnlyList<TracePoint> points) { }
}

/// <summary>Numbers with units.</summary>
internal static class Units
{
    /// <summary>1.5 MB and the like.</summary>
    public static string Bytes(double bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB"];
        int unit = 0;
        for (; bytes >= 1000 && unit < units.Length - 1; unit++) bytes /= 1000;
        return string.Create(CultureInfo.InvariantCulture, $"{(bytes >= 100 || unit == 0 ? bytes.ToString("f0", CultureInfo.InvariantCulture) : bytes.ToString("f1", CultureInfo.InvariantCulture))} {units[unit]}");
    }
}
