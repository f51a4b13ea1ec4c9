using Hooke.Methods;
using Hooke.Methods.Catalog;
using Hooke.Runs;
using Hooke.Simulator;
using Hooke.Tests.Engine;
using Hooke.Tests.Laws;
using Xunit;

namespace Hooke.Tests.Simulator;

/// <summary>Laws 3, 4 and 6 in virtual time, and determinism.</summary>
public class VirtualTimeTests
{
    private const int Workers = 3;

    public static TheoryData<string> Plain => Variants.Plain;

    /// <summary>Asynchronous methods that take their gradient before they exchange.</summary>
    public static TheoryData<string> Jacobi => [.. Variants.All.Select(row => (string)row.Data).Where(name => Variants.Find(name) is { Timing: TimingChoice.Asynchronous } variant && variant.For(1).Order == Order.Jacobi)];

    [Theory, MemberData(nameof(Jacobi))]
    public void Without_delays_asynchronous_workers_take_turns(string name)
    {
        var method = Variants.Find(name).For(Workers);
        using var turns = new Star<double>(method, new ExampleQuadratic<double>(), Workers, seed: 7);
        Turns.Run(turns, 22, 2);
        Play.Finish(turns);
        var cluster = Clusters.All["ideal"];
        using var star = VirtualTime.Prepare(method, new ExampleQuadratic<double>(), Workers, cluster, seed: 7);
        VirtualTime.Run(star, new(22 * Workers * 2, 2), cluster);
        Play.AssertSameBits(turns, star);
    }

    [Theory, MemberData(nameof(Plain))]
    public void Equal_inputs_give_equal_bits_and_another_seed_gives_others(string name)
    {
        var variant = Variants.Find(name);
        int workers = variant.Among(Workers);
        var cluster = Clusters.All["lossy"];
        var (first, second, other) = (Run(3), Run(3), Run(4));
        Assert.Equal(first.Points, second.Points);
        Assert.Equal(first.Bits, second.Bits);
        Assert.NotEqual(first.Points[^1], other.Points[^1]);

        (string[] Points, double[] Bits) Run(ulong seed)
        {
            using var star = VirtualTime.Prepare(variant.For(workers), new ExampleQuadratic<double>(), workers, cluster, seed);
            var recorder = new Recorder();
            VirtualTime.Run(star, new(200, 2) { EvaluateEvery = 60 }, cluster, recorder);
            return ([.. recorder.Points.Select(point => $"{point with { Workers = [] }} {string.Join(' ', point.Workers)}")], Play.Result(star));
        }
    }

    [Theory, MemberData(nameof(Plain))]
    public void A_simulation_may_be_saved_and_resumed_after_any_event(string name)
    {
        var variant = Variants.Find(name);
        int workers = variant.Among(Workers);
        Fault[] faults = workers == 1 ? [new(FaultKind.Pause, 0.5, 0, 2)]
            : [new(FaultKind.Die, 6, 1), new(FaultKind.Return, 14, 1), new(FaultKind.Lose, 2, 2), new(FaultKind.Duplicate, 4, 0)];
        if (variant.For(workers).Topology == Topology.Star) faults = [.. faults, new(FaultKind.RestartCenter, 10, 0, 1)];
        foreach (string cluster in workers == 1 ? ["lossy"] : (string[])["lossy", "sharded", "tree"])
        {
            var saved = new List<MemoryArchive<float>>();
            var (whole, end) = Play(null, simulation =>
            {
                if (simulation.Events % (workers == 1 ? 2 : 13) == 0) saved.Add(MemoryArchive<float>.Of(simulation.Archive));
            });
            Assert.True(saved.Count > 2);
            foreach (var archive in saved.Where((_, k) => k % (saved.Count / 3) == 0))
            {
                var (bits, outcome) = Play(archive, _ => { });
                Assert.Equal(whole, bits);
                Assert.Equal((end.Seconds, end.Events, end.Resent, end.Duplicates), (outcome.Seconds, outcome.Events, outcome.Resent, outcome.Duplicates));
                Assert.Equal(end.Incidents, outcome.Incidents);
                Assert.Equal($"{end.Run.Last! with { Workers = [] }}", $"{outcome.Run.Last! with { Workers = [] }}");
                Assert.Equal(end.Run.Last!.Workers, outcome.Run.Last!.Workers);
            }

            (float[] Bits, SimulationOutcome Outcome) Play(MemoryArchive<float>? resume, Action<Simulation<float>> afterEvent)
            {
                using var star = VirtualTime.Prepare(variant.For(workers), new ExampleQuadratic<float>(), workers, Clusters.All[cluster], seed: 3);
                using var simulation = new Simulation<float>(star, new(12 * workers * (variant.Recipe.Name == "gd" ? star.Objective.Examples : 1), 1) { EvaluateEvery = 7, Faults = faults, CheckpointEvery = 4 }, Clusters.All[cluster]);
                if (resume is not null) simulation.Archive(resume);
                while (simulation.Step()) afterEvent(simulation);
                return (Tests.Laws.Play.Result(star), simulation.End());
            }
        }
    }

    [Theory, MemberData(nameof(Plain))]
    public void Gradients_computed_at_the_same_time_change_no_bit(string name)
    {
        var variant = Variants.Find(name);
        int workers = variant.Among(Workers);
        Fault[] faults = workers == 1 ? [] : [new(FaultKind.Die, 6, 1), new(FaultKind.Return, 14, 1), new(FaultKind.Pause, 3, 2, 4)];
        Assert.Equal(Run(null), Run((count, perform) => Parallel.For(0, count, perform)));

        string[] Run(Action<int, Action<int>>? together)
        {
            using var star = VirtualTime.Prepare(variant.For(workers), new ExampleQuadratic<double>(), workers, Clusters.All["slow"], seed: 3);
            var recorder = new Recorder();
            VirtualTime.Run(star, new(150, 2) { EvaluateEvery = 40, Faults = faults, Together = together }, Clusters.All["slow"], recorder);
            return [.. recorder.Points.Select(point => $"{point with { Workers = [] }} {string.Join(' ', point.Workers)}"), .. Play.Result(star).Select(value => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture))];
        }
    }

    [Fact]
    public void An_event_allocates_nothing()
    {
        foreach (var (name, cluster) in new[] { ("easgd, Asynchronous", "lossy"), ("downpour, Asynchronous", "slow"), ("easgd, Overlapped", "sharded"), ("easgd, RoundRobin", "slow"), ("eamsgd-tree, Asynchronous", "lossy"), ("downpour-tree, Asynchronous", "slow"), ("downpour-tree, RoundRobin", "sharded") })
        {
            using var star = VirtualTime.Prepare(Variants.Find(name).For(8), new Flat(3), 8, Clusters.All[cluster], seed: 1);
            using var simulation = new Simulation<double>(star, new(1 << 20, 1), Clusters.All[cluster]);
            for (int k = 0; k < 5000; k++) simulation.Step();
            Allocation.AssertNone(() => { for (int k = 0; k < 1000; k++) simulation.Step(); });
        }
    }
}
