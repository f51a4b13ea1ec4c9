using Hooke.Simulator;

namespace Hooke.App.Simulation;

/// <summary>What links of one kind did, in one direction.</summary>
internal sealed record LinkSummary(string Name, int Count, double MeanUtilization, double MaxUtilization, double Bytes, double MeanWait);

/// <summary>Fractions of the run's time that workers computed.</summary>
internal sealed record WorkerUtilization(double Mean, double Min, double Max);

/// <summary>What a simulation tells of its cluster.</summary>
internal sealed record ClusterResult(string Name, long Events, WorkerUtilization Utilization, IReadOnlyList<LinkSummary> Links, long Duplicates, long Resent, IReadOnlyList<Incident> Incidents)
{
    public static ClusterResult Of(Cluster cluster, SimulationOutcome outcome)
    {
        double[] busy = [.. (outcome.Run.Last?.Workers ?? []).Select(worker => worker.Compute / Math.Max(outcome.Seconds, double.Epsilon))];
        return new(cluster.Name, outcome.Events, busy.Length == 0 ? new(0, 0, 0) : new(busy.Average(), busy.Min(), busy.Max()),
            [.. outcome.Usage.GroupBy(usage => string.Join(' ', usage.Name.Split(' ').Where(word => !char.IsAsciiDigit(word[0])))).Select(group =>
                new LinkSummary(group.Key, group.Count(), group.Average(each => each.Utilization), group.Max(each => each.Utilization), group.Sum(each => each.Bytes), group.Average(each => each.MeanWait)))],
            outcome.Duplicates, outcome.Resent, outcome.Incidents);
    }
}
