using Hooke.App.Simulation;
using Hooke.App.Training;
using Hooke.Simulator;
using Spectre.Console;

namespace Hooke.App.Terminal;

/// <summary>What is printed of a simulated cluster when a run is over.</summary>
internal static class ClusterSummary
{
    /// <summary>A sweep's runs, and the seconds to what all of them reach.</summary>
    public static void Table(Screen screen, IReadOnlyList<Simulated> runs)
    {
        if (runs.Count == 0) return;
        var yardstick = Yardstick.Of(runs[0].Result);
        double? level = runs.Max(run => yardstick.Best(run.Result));
        var table = new Table().Border(TableBorder.Simple);
        foreach (string column in (string[])["workers", "seconds", "samples/s", yardstick.Name, $"to {yardstick.Text(level)}", "staleness", "compute", "data", "communication", "waiting"])
            table.AddColumn(new TableColumn(column).RightAligned());
        foreach (var (result, points) in runs)
        {
            var time = result.Time;
            double? reached = points.FirstOrDefault(point => yardstick.At(point) <= level)?.Seconds;
            table.AddRow([$"{result.Workers}", Units.Fixed(result.Seconds, 2), Units.Count(result.Seconds > 0 ? result.Samples / result.Seconds : 0), yardstick.Text(yardstick.Last(result)), $"{Units.Fixed(reached, 2)} s",
                Units.Fixed(result.Staleness.Mean, 2), Units.Fixed(time.Compute, 2), Units.Fixed(time.Data, 2), Units.Fixed(time.Communication, 2), Units.Fixed(time.Waiting, 2)]);
        }
        screen.Table(table);
        screen.Line("Virtual seconds; the last four columns are a worker's mean.");
    }

    public static void Write(Screen screen, RunResult result)
    {
        if (result.Cluster is not { } cluster) return;
        void Line(string name, string value) => screen.Line($"{name,-14}{value}");
        Line("workers", $"{Units.Percent(cluster.Utilization.Mean)} of the time computing, from {Units.Percent(cluster.Utilization.Min)} to {Units.Percent(cluster.Utilization.Max)}");
        foreach (var link in cluster.Links.Where(link => link.MaxUtilization > 0))
            Line(link.Name, $"{Units.Percent(link.MeanUtilization)} busy{(link.Count > 1 ? $", {Units.Percent(link.MaxUtilization)} at most of {link.Count}" : "")}{(link.Bytes > 0 ? $", {Units.Bytes(link.Bytes)}" : $", wait {Units.Digits(link.MeanWait, 3)} s")}");
        if (cluster.Resent + cluster.Duplicates > 0) Line("messages", $"{Units.Count(cluster.Resent)} sent again, {Units.Count(cluster.Duplicates)} duplicates dropped");
        foreach (var incident in cluster.Incidents.Take(8))
            Line("fault", $"{Units.Fixed(incident.Seconds, 3)} s: {Tell(incident)}{(incident.Updates > 0 ? $", {incident.Updates} updates lost" : "")}");
        if (cluster.Incidents.Count > 8) Line("", $"and {cluster.Incidents.Count - 8} more in faults.jsonl");
        Line("events", Units.Count(cluster.Events));
    }

    private static string Tell(Incident incident) => incident.Kind switch
    {
        IncidentKind.Died => $"worker {incident.Worker} dies, {Units.Count(incident.Samples)} samples are lost",
        IncidentKind.CameBack => $"worker {incident.Worker} comes back",
        IncidentKind.Joined => $"worker {incident.Worker} joins",
        IncidentKind.Paused => $"worker {incident.Worker} pauses for {Units.Digits(incident.Length, 3)} s",
        IncidentKind.MessageLost => $"a message of worker {incident.Worker} is lost",
        IncidentKind.MessageTooLate => $"a message from an earlier life of worker {incident.Worker} is refused",
        IncidentKind.VisitRefused => $"the snapshot of worker {incident.Worker}, which is dead, is refused",
        _ => $"the center stops for {Units.Digits(incident.Length, 3)} s and starts again from its checkpoint",
    };
}
