using System.Globalization;
using Hooke.App.Training;
using Hooke.Runs;
using Progress = Hooke.Runs.Progress;

namespace Hooke.App.Terminal;

/// <summary>Shows a run while it goes on, and sums it up.</summary>
internal abstract class RunView(Screen screen)
{
    private static readonly string[] Shown = ["timing", "learning-rate", "moving-rate", "center-rate", "momentum", "period", "penalty", "batch", "schedule", "sampling", "crop", "flip", "precision", "l2", "merge-every"];

    private readonly int first = screen.Warnings.Count;

    public Screen Screen { get; } = screen;

    /// <summary>Of a run among several: what its warnings begin with.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Of a run among several: how many warnings concern all of them.</summary>
    public int? Common { get; init; }

    /// <summary>What was warned of that concerns this run.</summary>
    public virtual IReadOnlyList<string> Warnings => Common is { } common ? [.. Screen.Warnings.Take(common), .. Screen.Warnings.Skip(first)] : Screen.Warnings;

    protected RunTitle? Run { get; private set; }

    /// <summary>The points so far.</summary>
    public virtual IReadOnlyList<TracePoint> Trace => Points;

    protected List<TracePoint> Points { get; } = [];

    /// <summary>What a run is made of, in one line.</summary>
    public static string Describe(RunTitle run)
        => $"{run.Workers} worker{(run.Workers == 1 ? "" : "s")}, {run.File["epochs"]} epoch{(run.File["epochs"] == "1" ? "" : "s")}, seed {run.Seed}, "
            + string.Join(", ", Shown.Where(option => (option, run.File[option]) is not ((_, null) or ("crop", "0") or ("flip", "false"))).Select(option => $"{option} {run.File[option]}"));

    /// <summary>The run is about to start.</summary>
    public virtual void Begin(RunTitle run, string? folder, IReadOnlyList<TracePoint> earlier)
    {
        Run = run;
        Points.AddRange(earlier);
        Screen.Line($"{run.Method} trains {run.Model} ({run.Parameters.ToString("N0", CultureInfo.InvariantCulture)} parameters) on {run.Data}");
        foreach (string line in Paragraph.Wrap(Describe(run), Screen.Width - 3)) Screen.Line("  " + line);
        if (folder is not null) Screen.Line($"  run folder {folder}");
    }

    /// <summary>Runs the body while the view is on the screen.</summary>
    public virtual TResult Show<TResult>(Func<TResult> body) => body();

    public virtual void Tick(Progress progress) { }

    public virtual void Point(TracePoint point) => Points.Add(point);

    /// <summary>Shows what is seen of the run now, and may be gone at its end.</summary>
    public virtual void Tell(string message) => Screen.ShowWarning(Prefix + message);

    /// <summary>Tells of what is to be said of the run at its end.</summary>
    public virtual void Find(string message) => Screen.Warn(Prefix + message, isOfEnd: true);

    /// <summary>Tells of something that the run goes on after.</summary>
    public virtual void Warn(string message) => Screen.Warn(Prefix + message);

    public virtual void End(RunResult result, IReadOnlyList<TracePoint> points) => Summary.Write(Screen, result, points);
}

/// <summary>A line a point, for logs and pipes.</summary>
internal sealed class PlainView(Screen screen) : RunView(screen)
{
    public override void Point(TracePoint point)
    {
        base.Point(point);
        Screen.Line(string.Create(CultureInfo.InvariantCulture,
            $"  epoch {point.Epochs,6:f2}  {point.Seconds,7:f2} s  train loss {point.TrainLoss:f4}  test loss {point.TestLoss:f4}{(point.TestError is { } error ? $"  test error {Units.Percent(error)}" : "")}  consensus {point.Consensus:g3}  staleness {point.StalenessMean:f2}  {Units.Bytes(point.Bytes)}"));
    }
}
