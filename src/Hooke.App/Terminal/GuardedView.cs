using System.Runtime.ExceptionServices;
using Hooke.App.Training;
using Hooke.Runs;
using Progress = Hooke.Runs.Progress;

namespace Hooke.App.Terminal;

/// <summary>A view whose errors end nothing: the first is told in a line, and the run goes on without the view.</summary>
internal sealed class GuardedView(RunView view) : RunView(view.Screen)
{
    private bool hasFailed;

    public override IReadOnlyList<TracePoint> Trace => view.Trace;

    public override IReadOnlyList<string> Warnings => view.Warnings;

    public override void Begin(RunTitle run, string? folder, IReadOnlyList<TracePoint> earlier) => Attempt(() => view.Begin(run, folder, earlier));

    public override TResult Show<TResult>(Func<TResult> body)
    {
        TResult? result = default;
        bool hasRun = false;
        ExceptionDispatchInfo? failure = null;
        TResult Run()
        {
            hasRun = true;
            try
            {
                return result = body();
            }
            catch (Exception trouble)
            {
                // Of the run, not of the view, which is not to hide it.
                failure = ExceptionDispatchInfo.Capture(trouble);
                return default!;
            }
        }
        Attempt(() => view.Show(Run));
        if (!hasRun) Run();
        failure?.Throw();
        return result!;
    }

    public override void Tick(Progress progress) => Attempt(() => view.Tick(progress));

    public override void Point(TracePoint point) => Attempt(() => view.Point(point));

    public override void Tell(string message) => Attempt(() => view.Tell(message));

    public override void Find(string message)
    {
        if (hasFailed) Screen.Warn(message, isOfEnd: true);
        else Attempt(() => view.Find(message));
    }

    public override void Warn(string message)
    {
        if (hasFailed) Screen.Warn(message);
        else Attempt(() => view.Warn(message));
    }

    public override void End(RunResult result, IReadOnlyList<TracePoint> points) => Attempt(() => view.End(result, points));

    private void Attempt(Action show)
    {
        if (hasFailed) return;
        try
        {
            show();
        }
        catch (Exception trouble) when (trouble is not OutOfMemoryException)
        {
            if (hasFailed) return; // what shows it fails with what it shows
            hasFailed = true;
            Screen.Lose($"the view failed and is off, {trouble.GetType().Name}: {trouble.Message.ReplaceLineEndings(" ")}; the run goes on");
        }
    }
}
