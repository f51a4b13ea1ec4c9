using System.Diagnostics;
using System.Text.Json;
using Hooke.App.Terminal;
using Hooke.App.Training;
using Hooke.Runs;
using Hooke.Simulator;

namespace Hooke.App.Simulation;

/// <summary>A simulated run, with its trace.</summary>
internal sealed record Simulated(RunResult Result, IReadOnlyList<TracePoint> Points);

/// <summary>Simulates: runs what was resolved in virtual time, keeps its folder, and shows it.</summary>
internal static class SimulationSession
{
    public static Simulated Run(Resolution run, Scenario scenario, RunFolder folder, RunView view, CancellationToken stop)
    {
        var cluster = scenario.Cluster;
        using var star = VirtualTime.Prepare(run.Method, run.Network, run.Workers, cluster, run.Seed, run.Initialization);
        var points = new List<TracePoint>();
        view.Begin(run, folder.Path, points);
        view.Screen.Line($"  in virtual time on {cluster.Name}{(cluster.Description.Length > 0 ? $": {cluster.Description}" : "")}");
        string described = ScenarioFile.Write(scenario);
        RunFolder.WriteText(Path.Combine(folder.Path, RunFolder.Cluster), described);
        var keeper = new Session.Keeper(run, folder, view, points);
        var clock = Stopwatch.StartNew();
        var plan = new SimulationPlan(run.Plan.Samples, run.Plan.Batch)
        {
            Batches = run.Plan.Batches,
            EvaluateEvery = run.Plan.EvaluateEvery,
            MeasureGradient = run.Plan.MeasureGradient,
            Faults = scenario.Faults,
            CheckpointEvery = scenario.CheckpointEvery,
            Together = static (count, perform) => Parallel.For(0, count, perform),
            WallClock = () => clock.Elapsed.TotalSeconds,
        };
        var outcome = view.Show(() => VirtualTime.Run(star, plan, cluster, keeper, () => stop.IsCancellationRequested));
        keeper.End(outcome.Run);
        var result = RunResult.Of(run, folder.Path, outcome.Run, points) with { Cluster = ClusterResult.Of(cluster, outcome), Warnings = [.. view.Warnings] };
        var output = new RunOutput(run, star.Reported, points);
        string? place = folder.Save(result, points, (path, final) =>
        {
            RunFolder.WriteText(Path.Combine(path, RunFolder.Cluster), described);
            Keep(path, final, outcome, points);
            output.Write(path, final); // the result is the last
        });
        result = result with { Run = place ?? folder.Path, Lost = place is null };
        view.End(result, points);
        ClusterSummary.Write(view.Screen, result);
        return new(result, points);
    }

    private static void Keep(string place, RunResult result, SimulationOutcome outcome, IReadOnlyList<TracePoint> points)
    {
        string title = $"{result.Method}, {result.Workers} workers on {result.Cluster!.Name}";
        RunFolder.WriteText(Path.Combine(place, "staleness.svg"), SimulationPictures.Staleness(title, result.Staleness));
        RunFolder.WriteText(Path.Combine(place, "utilization.svg"), SimulationPictures.Utilization(title, result, points.Count > 0 ? points[^1].Workers : []));
        if (outcome.Incidents.Count > 0)
            RunFolder.WriteText(Path.Combine(place, "faults.jsonl"), string.Concat(outcome.Incidents.Select(incident => JsonSerializer.Serialize(incident, Json.Compact) + "\n")));
    }
}
