using Hooke.Engine;
using Hooke.Methods;
using Hooke.Runs;
using Hooke.Simulator;
using Hooke.Tests.Engine;
using Hooke.Tests.Laws;
using Xunit;

namespace Hooke.Tests.Simulator;

/// <summary>Law 1 in virtual time: the simulator runs the same values as the other fabrics, and gives the same bits.</summary>
public class OneWorkerTests
{
    /// <summary>22 steps are five periods of 4 and a half.</summary>
    private const int Steps = 22;

    public static TheoryData<string> All => Variants.All;

    public static TheoryData<string> Deterministic => Variants.Deterministic;

    [Theory, MemberData(nameof(All))]
    public void One_worker_gives_the_same_bits_in_virtual_time_and_on_a_thread(string name)
    {
        var method = Variants.Find(name).For(1);
        foreach (int batch in new[] { 1, 3 })
        {
            using var thread = Threads.Prepare(method, new ExampleQuadratic<float>(), 1, seed: 7);
            long samples = Steps * (method.FullBatch ? thread.Objective.Examples : batch);
            Recorder expected = new(), actual = new();
            Threads.Run(thread, new RunPlan(samples, batch) { EvaluateEvery = 5, MeasureGradient = true }, expected);
            foreach (var cluster in new[] { Clusters.All["ideal"], Clusters.All["slow"] })
            {
                // A tree's messages are on their way while the leaf goes on, so it moves by later ones.
                if (cluster.Name != "ideal" && method is { Topology: Topology.Tree, Schedule.Timing: Timing.Asynchronous }) continue;
                using var star = VirtualTime.Prepare(method, new ExampleQuadratic<float>(), 1, cluster, seed: 7);
                actual = new();
                var outcome = VirtualTime.Run(star, new(samples, batch) { EvaluateEvery = 5, MeasureGradient = true }, cluster, actual);
                Assert.Null(outcome.Run.Divergence);
                Play.AssertSameBits(thread, star);
                Assert.Equal(thread.Clock, star.Clock);
                // A snapshot that is on its way at a point of the trace is at the center a little later.
                if (cluster.Name == "ideal" || method.Order != Order.Overlapped && method.Topology != Topology.Tree) Assert.Equal(expected.Points.Select(Timeless), actual.Points.Select(Timeless));
                Clusters.AssertAccounts(outcome);
            }
        }
    }

    [Theory, MemberData(nameof(Deterministic))]
    public void Three_synchronous_or_round_robin_workers_give_the_bits_of_turns_on_any_cluster(string name)
    {
        var method = Variants.Find(name).For(3);
        using var turns = new Star<double>(method, new ExampleQuadratic<double>(), 3, seed: 7);
        Turns.Run(turns, Steps, 2);
        Play.Finish(turns);
        foreach (var cluster in Clusters.All.Values)
        {
            using var star = VirtualTime.Prepare(method, new ExampleQuadratic<double>(), 3, cluster, seed: 7);
            var outcome = VirtualTime.Run(star, new(Steps * 3 * 2, 2) { EvaluateEvery = 17 }, cluster);
            Assert.Null(outcome.Run.Divergence);
            Play.AssertSameBits(turns, star);
            Clusters.AssertAccounts(outcome);
        }
    }

    private static TracePoint Timeless(TracePoint point) => point with { Seconds = 0, WallSeconds = 0, Workers = [], Bytes = 0 };
}

/// <summary>Clusters that differ in all that may change when things happen.</summary>
internal static class Clusters
{
    private static readonly Cluster Slow = new()
    {
        Compute = new ExponentialTime(1),
        Data = new UniformTime(0.1, 0.3),
        Speeds = [1, 0.7, 1.4],
        Straggling = new(0.1, 5),
        WorkersPerMachine = 2,
        Within = new(0.01, 1e3),
        Between = new(0.05, 300, Jitter: 0.1),
        Center = new(0.02, 200) { Duplex = false },
        Sites = 2,
        Backbone = new(0.3, 150, Jitter: 0.05),
        Service = new ExponentialTime(0.05),
        ReadService = new ConstantTime(0.01),
    };

    public static IReadOnlyDictionary<string, Cluster> All { get; } = new Dictionary<string, Cluster>
    {
        ["ideal"] = new() { Name = "ideal", Compute = 1 },
        ["slow"] = Slow,
        ["lossy"] = Slow with { Overlap = true, Loss = 0.1, Duplication = 0.1, Timeout = 0.5, CenterWithWorkers = true },
        ["ring"] = Slow with { Collective = Collective.Ring },
        ["tree"] = Slow with { Collective = Collective.Tree, Overlap = true },
        ["sharded"] = Slow with { Shards = 3, Duplication = 0.2 },
    };

    /// <summary>Every worker's time is accounted for.</summary>
    public static void AssertAccounts(SimulationOutcome outcome)
    {
        var last = outcome.Run.Last!;
        Assert.Equal(outcome.Seconds, last.Seconds);
        foreach (var worker in last.Workers)
        {
            Assert.Equal(last.Seconds, worker.Compute + worker.Data + worker.Communication + worker.Waiting, 1e-9 * last.Seconds);
            Assert.True(worker is { Compute: >= 0, Data: >= 0, Communication: >= 0, Waiting: >= 0 });
        }
        Assert.Equal(last.Exchanges, last.Workers.Sum(worker => worker.Exchanges));
        Assert.Equal(last.Bytes, last.Workers.Sum(worker => worker.Bytes));
        foreach (var usage in outcome.Usage) Assert.InRange(usage.Utilization, 0, 1 + 1e-9);
    }
}
