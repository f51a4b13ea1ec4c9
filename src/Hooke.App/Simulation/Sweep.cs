using Hooke.App.Commands;
using Hooke.App.Terminal;
using Hooke.App.Training;

namespace Hooke.App.Simulation;

/// <summary>The same run with several numbers of workers, each in a folder of its own within the sweep's.</summary>
internal static class Sweep
{
    public static int Run(Invocation invocation, IReadOnlyList<Resolution> runs, Scenario scenario, string? place, CancellationToken stop)
    {
        place = RunFolder.Place(place, runs[0]);
        var done = new List<Simulated>();
        int common = invocation.Screen.Warnings.Count;
        foreach (var run in runs)
        {
            if (stop.IsCancellationRequested) break;
            using var folder = RunFolder.Create(Path.Combine(place, $"workers-{run.Workers}"), run, invocation.Screen.Warn, simulated: true);
            var simulated = SimulationSession.Run(run, scenario, folder, invocation.View($"{run.Workers} workers", common), stop);
            if (!simulated.Result.Stopped) done.Add(simulated);
            invocation.Screen.Line();
        }
        string picture = Path.Combine(place, "sweep.svg");
        try
        {
            RunFolder.WriteText(picture, SimulationPictures.Sweep($"{runs[0].Method.Name}, {runs[0].Network.Spec.Name} on {runs[0].Data.Name}, {scenario.Cluster.Name}", done));
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            invocation.Screen.Lose($"picture {picture} can't be written: {trouble.Message}");
        }
        ClusterSummary.Table(invocation.Screen, done);
        invocation.Screen.Line($"sweep       {place}");
        invocation.Print(new { cluster = scenario.Cluster.Name, stopped = done.Count < runs.Count, run = place, warnings = invocation.Screen.Warnings, runs = done.Select(each => each.Result) });
        return done.Any(each => each.Result.Diverged is not null) ? ExitCode.Diverged : done.Any(each => each.Result.Lost) ? ExitCode.Other : ExitCode.Done;
    }
}
