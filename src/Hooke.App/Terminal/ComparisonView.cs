using Hooke.App.Training;
using Hooke.Runs;
using Spectre.Console;
using Progress = Hooke.Runs.Progress;

namespace Hooke.App.Terminal;

/// <summary>Shows the runs of a comparison: a line each, and on a terminal one that moves.</summary>
internal sealed class ComparisonView(Screen screen, string name) : RunView(screen)
{
    private StatusContext? context;

    public override void Begin(RunTitle run, string? folder, IReadOnlyList<TracePoint> earlier) { }

    public override TResult Show<TResult>(Func<TResult> body)
    {
        if (!Screen.IsLive) return body();
        TResult? result = default;
        Screen.Console.Status().Start(name, status =>
        {
            context = status;
            try { result = body(); }
            finally { context = null; }
        });
        return result!;
    }

    public override void Tick(Progress progress)
    {
        if (context is not null) context.Status = $"{name}  {Units.Fixed(progress.Total == 0 ? 0 : 100.0 * progress.Samples / progress.Total, 0)} %";
    }

    public override void End(RunResult result, IReadOnlyList<TracePoint> points)
        => Screen.Line(name + (result.Diverged is { } where ? $"diverged at {where}"
            : $"{Yardstick.Of(result).Name} {Yardstick.Of(result).Text(Yardstick.Of(result).Last(result))}, best {Yardstick.Of(result).Text(Yardstick.Of(result).Best(result))}, {Units.Fixed(result.Seconds, 2)} s{(result.Stopped ? ", stopped" : "")}"));
}
