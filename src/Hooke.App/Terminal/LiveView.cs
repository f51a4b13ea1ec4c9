using Hooke.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;
using Progress = Hooke.Runs.Progress;

namespace Hooke.App.Terminal;

/// <summary>A page in the terminal that follows a run, drawn over itself.</summary>
internal sealed class LiveView(Screen screen) : RunView(screen)
{
    private readonly List<string> warnings = [], told = [];
    private LiveDisplayContext? context;
    private Progress progress;

    public override TResult Show<TResult>(Func<TResult> body)
    {
        TResult? result = default;
        Screen.Console.Live(Page()).AutoClear(true).Overflow(VerticalOverflow.Crop).Start(live =>
        {
            context = live;
            try { result = body(); }
            finally { context = null; }
        });
        foreach (string warning in warnings) Screen.ShowWarning(warning);
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

    public override void Tell(string message)
    {
        told.Add(message);
        context?.UpdateTarget(Page());
    }

    public override void Warn(string message)
    {
        if (context is null)
        {
            base.Warn(message);
            return;
        }
        Screen.Record(Prefix + message); // told again when the page is gone
        warnings.Add(Prefix + message);
    }

    // A line as wide as the terminal makes some terminals wrap, and a page as high makes them scroll.
    private Rows Page()
    {
        var lines = LivePage.Draw(Screen.Width - 1, Screen.Height - 1, progress, Run?.Examples ?? 1, Points, [.. warnings, .. told]);
        return new((lines.Count > 0 ? lines : [""]).Select(line => (IRenderable)new Text(line)));
    }
}
