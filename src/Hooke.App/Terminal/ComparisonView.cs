using Hooke.App.Training;
using Hooke.Runs;
using Progress = Hooke.Runs.Progress;

namespace Hooke.App.Terminal;

/// <summary>Shows the runs of a comparison: a line each, and on a terminal one that moves.</summary>
internal sealed class ComparisonView(Screen screen, string name) : RunView(screen)
{
    private readonly List<string> findings = [];

    /// <summary>What there was to say at the run's end. Of a rate that was only tried it is no news.</summary>
    public IReadOnlyList<string> Findings => findings;

    public override IReadOnlyList<string> Warnings => [.. base.Warnings, .. findings];

    public override void Tell(string message) { }

    public override void Find(string message) => findings.Add(Prefix + message);

    public override void Begin(RunTitle run, string? folder, IReadOnlyList<TracePoint> earlier) { }

    public override void Tick(Progress progress) => Screen.Moving($"{name}  {Units.Fixed(progress.Total == 0 ? 0 : 100.0 * progress.Samples / progress.Total, 0)} %");

    public override void Warn(string message)
    {
        Screen.Moving("");
        base.Warn(message);
    }

    public override void End(RunResult result, IReadOnlyList<TracePoint> points)
    {
        Screen.Moving("");
        Screen.Line(name + (result.Diverged is { } where ? $"diverged at {where}"
            : $"{Yardstick.Of(result).Name} {Yardstick.Of(result).Text(Yardstick.Of(result).Last(result))}, best {Yardstick.Of(result).Text(Yardstick.Of(result).Best(result))}, {Units.Fixed(result.Seconds, 2)} s{(result.Stopped ? ", stopped" : "")}"));
    }
}
