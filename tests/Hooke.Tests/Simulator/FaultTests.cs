using Hooke.Methods.Catalog;
using Hooke.Numerics;
using Hooke.Simulator;
using Hooke.Tests.Laws;
using Xunit;

namespace Hooke.Tests.Simulator;

/// <summary>Law 4 under faults: no update is lost that the trace does not account for.</summary>
public class FaultTests
{
    private const int Schedules = 1000, Batches = 10;

    /// <summary>A schedule is a pure function of its seed; a failure names the seed, and the fewest of its faults that still fail.</summary>
    [Theory, MemberData(nameof(Ranges))]
    public void Random_faults_lose_nothing_unaccounted_for(int batch)
    {
        for (int seed = batch * Schedules / Batches; seed < (batch + 1) * Schedules / Batches; seed++)
        {
            var trial = Trial.Of((ulong)seed);
            if (trial.Failure() is not { } failure) continue;
            while (trial.Faults.Select(fault => trial with { Faults = [.. trial.Faults.Where(each => each != fault)] }).FirstOrDefault(less => less.Failure() is not null) is { } smaller)
                (trial, failure) = (smaller, smaller.Failure()!);
            Assert.Fail($"seed {seed}, {trial.Method} with {trial.Workers} workers on {trial.Cluster}, {string.Join("; ", trial.Faults)}: {failure}");
        }
    }

    public static TheoryData<int> Ranges => [.. Enumerable.Range(0, Batches)];

    [Fact]
    public void A_worker_that_comes_back_starts_from_the_center()
    {
        var cluster = new Cluster { Compute = 1, Between = new(0.1) };
        using var star = VirtualTime.Prepare(Variants.Find("eamsgd, Asynchronous").For(2), new ExampleQuadratic<double>(), 2, cluster, 1);
        using var simulation = new Simulation<double>(star, new(60, 1) { Faults = [new(FaultKind.Die, 5.5, 1), new(FaultKind.Return, 20, 1)] }, cluster);
        while (simulation.Step() && simulation.Incidents.Count < 2) { }
        Assert.Equal([IncidentKind.Died, IncidentKind.CameBack], simulation.Incidents.Select(incident => incident.Kind));
        Assert.Equal(1, simulation.Incidents[0].Samples);
        Assert.Equal(20.2, simulation.Incidents[1].Seconds, 1e-9); // there and back
        Assert.Equal(star.Center, star.Workers[1].X);
        Assert.All(star.Workers[1].State.ToArray(), velocity => Assert.Equal(0, velocity));
        Assert.True(star.Workers[1].Steps % 4 == 0);
    }

    [Fact]
    public void What_the_center_forgets_is_written_down()
    {
        var cluster = new Cluster { Compute = 1 };
        using var star = VirtualTime.Prepare(Downpour.Plain.For(2), new ExampleQuadratic<double>(), 2, cluster, 1);
        var outcome = VirtualTime.Run(star, new(60, 1) { Faults = [new(FaultKind.RestartCenter, 14.5, 0, 3)], CheckpointEvery = 10.5 }, cluster);
        var incident = Assert.Single(outcome.Incidents);
        Assert.Equal((IncidentKind.CenterRestarted, -1, 3.0, 8L), (incident.Kind, incident.Worker, incident.Length, incident.Updates)); // two workers, at 11, 12, 13 and 14 s
        Assert.True(incident.Norm > 0);
        Assert.Equal(60, outcome.Run.Last!.Samples);
    }

    [Fact]
    public void Lost_messages_are_sent_again_unless_the_cluster_does_not()
    {
        foreach (bool resend in (bool[])[true, false])
        {
            var cluster = new Cluster { Compute = 1, Loss = 0.2, Timeout = 0.1, Resend = resend };
            using var star = VirtualTime.Prepare(Downpour.Plain.For(3), new ExampleQuadratic<double>(), 3, cluster, 1);
            var outcome = VirtualTime.Run(star, new(300, 1), cluster);
            long lost = outcome.Incidents.Count(incident => incident.Kind == IncidentKind.MessageLost);
            Assert.Equal(resend, lost == 0);
            Assert.Equal(300, outcome.Run.Last!.Exchanges + lost);
            Assert.True(outcome.Resent > 0);
        }
    }

    [Fact]
    public void A_pause_lengthens_what_it_interrupts()
    {
        var cluster = new Cluster { Compute = 1 };
        using var star = VirtualTime.Prepare(Downpour.Plain.For(1), new Flat(1), 1, cluster, 1);
        var outcome = VirtualTime.Run(star, new(10, 1) { Faults = [new(FaultKind.Pause, 4.5, 0, 7)] }, cluster);
        Assert.Equal(17, outcome.Seconds, 1e-9);
        Clusters.AssertAccounts(outcome);
        Assert.Equal(7, outcome.Run.Last!.Workers[0].Waiting, 1e-9);
    }

    /// <summary>A method, a cluster and faults, all from a seed.</summary>
    private sealed record Trial(ulong Seed, string Method, int Workers, Cluster Cluster, IReadOnlyList<Fault> Faults)
    {
        private const double Span = 30;
        private static readonly string[] Methods = [.. Variants.Symmetric.Select(row => (string)row.Data), "downpour-tree, Asynchronous", "downpour-tree, RoundRobin"];
        private static readonly Cluster[] All = [.. Clusters.All.Values, Clusters.All["lossy"] with { Resend = false }, Clusters.All["slow"] with { Overlap = true, Resend = false, Duplication = 0.2 }];

        public static Trial Of(ulong seed)
        {
            var noise = new Noise(seed, 0, 0, NoiseStream.Generation);
            int workers = 2 + (int)noise.Integer(0, 4), count = (int)noise.Integer(1, 8);
            var faults = new List<Fault>();
            for (int k = 0; k < count; k++)
            {
                var kind = (FaultKind)noise.Integer(10 + 4 * k, 8);
                int worker = (int)noise.Integer(11 + 4 * k, workers);
                double at = Span * noise.Uniform(12 + 4 * k), seconds = 5 * noise.Uniform(13 + 4 * k);
                faults.Add(new(kind, at, worker, seconds));
                if (kind == FaultKind.Die && k % 2 == 0) faults.Add(new(FaultKind.Return, at + seconds, worker));
            }
            string method = Methods[noise.Integer(2, Methods.Length)];
            if (method.StartsWith("downpour-tree", StringComparison.Ordinal)) faults.RemoveAll(fault => fault.Kind == FaultKind.RestartCenter);
            return new(seed, method, workers, All[noise.Integer(3, All.Length)], faults);
        }

        /// <summary>What goes wrong, or null.</summary>
        public string? Failure()
        {
            using var star = VirtualTime.Prepare(Variants.Find(Method).For(Workers, period: 2), new Flat(3), Workers, Cluster, Seed);
            foreach (var worker in star.Workers)
                for (int k = 0; k < 3; k++) worker.X[k] = Math.PI * (worker.Index + 1) + 0.1 * k;
            long samples = Workers * 14;
            using var simulation = new Simulation<double>(star, new(samples, 1) { Faults = Faults, CheckpointEvery = 6 }, Cluster);
            double[] before = new double[3], now = new double[3];
            try
            {
                for (bool first = true; simulation.Step(); first = false)
                {
                    simulation.Balance(first ? before : now);
                    if (!first && !(Play.Distance(before, now) < 1e-9)) return $"at {simulation.Now} s, event {simulation.Events}, the balance is off by {Play.Distance(before, now)}";
                }
                var outcome = simulation.End();
                long losses = outcome.Incidents.Sum(incident => incident.Updates), gone = outcome.Incidents.Sum(incident => incident.Samples);
                bool hasLost = simulation.Lost.ContainsAnyExcept(0.0);
                if (hasLost && losses == 0) return "something is lost that no incident tells of";
                if (outcome.Run.Last!.Samples + gone > samples) return $"{outcome.Run.Last.Samples} samples are used and {gone} lost of {samples}";
                return null;
            }
            catch (InvalidOperationException stuck)
            {
                return stuck.Message;
            }
        }
    }
}
