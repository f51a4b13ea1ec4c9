using Hooke.Methods.Catalog;
using Hooke.Problems;
using Hooke.Simulator;

namespace Hooke.Samples;

/// <summary>Elastic averaging in virtual time on an office's network, where a machine dies and comes back.</summary>
public static class SimulatedCluster
{
    public static double Run(TextWriter output)
    {
        var problem = new Quadratic<double>(curvature: [0.5, 1.0, 2.0], start: [10.0], minimizer: [1.0], deviation: 1.0);
        var method = ElasticAveraging.Easgd.For(workers: 8, ("learning-rate", 0.05), ("period", 4));

        // Messages of 1 MB over 1 Gb/s; worker 3 is away from 1 s to 2 s.
        var cluster = Presets.Office with { MessageBytes = 1e6 };
        var plan = new SimulationPlan(Samples: 4000, Batch: 1)
        {
            Faults = [new(FaultKind.Die, At: 1, Worker: 3), new(FaultKind.Return, At: 2, Worker: 3)],
        };

        using var star = VirtualTime.Prepare(method, problem, workers: 8, cluster, seed: 1);
        var outcome = VirtualTime.Run(star, plan, cluster);
        output.WriteLine($"{outcome.Seconds:f2} virtual seconds, staleness {outcome.Run.Staleness.Mean:f2}");

        foreach (var incident in outcome.Incidents) output.WriteLine(incident);
        foreach (var usage in outcome.Usage.Where(usage => usage.Name.StartsWith("center"))) output.WriteLine(usage);
        return outcome.Run.Last!.TestLoss;
    }
}
