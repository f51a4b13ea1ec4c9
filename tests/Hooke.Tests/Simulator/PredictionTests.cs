using Hooke.Methods;
using Hooke.Methods.Catalog;
using Hooke.Runs;
using Hooke.Simulator;
using Hooke.Tests.Laws;
using Xunit;

namespace Hooke.Tests.Simulator;

/// <summary>What the simulator predicts beside what others measured.</summary>
public class PredictionTests(ITestOutputHelper output)
{
    private const int Steps = 1024;

    // [Zhang16, table 4.4], ImageNet: seconds of computation, data and communication over 1024 mini-batches a worker.
    [Fact]
    public void A_server_fitted_to_four_workers_predicts_eight_as_table_4_4_measured()
    {
        Assert.InRange(Communication(Presets.GpuCluster, 4, 1), 173 * 0.98, 173 * 1.02); // the cell that it is fitted to
        Assert.InRange(Communication(Presets.GpuCluster, 8, 1), 284 * 0.75, 284 * 1.25); // predicted
    }

    [Fact]
    public void The_other_cells_of_table_4_4_are_told()
    {
        (Cluster, int, (int, int, string)[])[] halves =
        [
            (Presets.GpuCluster, Steps, [(4, 1, "1323/24/173"), (8, 1, "1239/61/284"), (4, 10, "1254/58/7"), (8, 10, "1266/84/11")]),
            (Presets.GpuClusterCifar, 400, [(4, 1, "11/2/3"), (8, 1, "11/2/5"), (16, 1, "11/2/9"), (4, 10, "11/2/1"), (8, 10, "11/2/1"), (16, 10, "12/2/1")]),
        ];
        foreach (var (cluster, steps, cells) in halves)
            foreach (var (workers, period, measured) in cells)
            {
                var last = Simulate(cluster, workers, period, steps);
                output.WriteLine(FormattableString.Invariant($"{cluster.Name}, p = {workers}, τ = {period}: {last.Average(w => w.Compute):f0}/{last.Average(w => w.Data):f0}/{last.Average(w => w.Communication + w.Waiting):f1}, measured {measured}"));
            }
    }

    // A machine's eight GPUs agree after every step, so the machine is as slow as the slowest of them: one worker of the
    // simulation, whose step is slow with probability 1 − (1 − q)⁸. Machines average their models every τ steps.
    [Fact]
    public void Hierarchical_SGD_is_faster_than_synchronous_SGD_where_workers_straggle()
    {
        foreach (var (workers, probability, measured) in new[] { (64, 0.02, "2.1–2.5"), (128, 0.01, "2.6–2.7"), (256, 0.01, "2.6–3.3") })
        {
            double synchronous = SecondsAStep(workers, probability, 1);
            var text = new List<string>();
            foreach (int period in new[] { 4, 8, 16, 32 })
            {
                double hierarchical = SecondsAStep(workers / 8, 1 - Math.Pow(1 - probability, 8), period);
                text.Add(FormattableString.Invariant($"τ = {period}: {synchronous / hierarchical:f2}"));
                Assert.True(hierarchical < synchronous);
            }
            output.WriteLine(FormattableString.Invariant($"{workers} workers, {100 * probability} % stragglers: {synchronous:f3} s a step; times faster {string.Join(", ", text)}; published {measured}"));
        }
    }

    [Theory]
    [InlineData(Collective.Ring, 2 * 15 * (1e-3 + 1e6 / 16 / 1e8))]
    [InlineData(Collective.Tree, 2 * 4 * (1e-3 + 1e6 / 1e8))]
    public void An_all_reduce_takes_what_its_cost_model_says(Collective collective, double expected)
    {
        var cluster = new Cluster { Compute = 1, Between = new(1e-3, 1e8), Collective = collective, MessageBytes = 1e6 };
        Assert.Equal(expected, cluster.CollectiveSeconds(16, 1e6), 1e-12);
        using var star = VirtualTime.Prepare(Downpour.MiniBatch.For(16), new Flat(1), 16, cluster, 1);
        Assert.Equal(5 * (1 + expected), VirtualTime.Run(star, new(16 * 5, 1), cluster).Seconds, 1e-9);
    }

    private static double SecondsAStep(int workers, double probability, int period)
    {
        const int Steps = 320;
        var cluster = Presets.Stragglers with { WorkersPerMachine = 1, Straggling = new(probability, 1.0) };
        var average = Downpour.MiniBatch.For(workers);
        average = average with { Schedule = average.Schedule with { Period = period } };
        using var star = VirtualTime.Prepare(average, new Flat(1), workers, cluster, seed: 2);
        return VirtualTime.Run(star, new(Steps * workers, 1), cluster).Seconds / Steps;
    }

    private static double Communication(Cluster cluster, int workers, int period) => Simulate(cluster, workers, period, Steps).Average(worker => worker.Communication + worker.Waiting);

    private static IReadOnlyList<WorkerAccount> Simulate(Cluster cluster, int workers, int period, int steps)
    {
        Method method = period == 1 ? Downpour.Plain.For(workers) : ElasticAveraging.Easgd.For(workers, ("period", period));
        using var star = VirtualTime.Prepare(method, new Flat(1), workers, cluster, seed: 1);
        return VirtualTime.Run(star, new((long)steps * workers, 1), cluster).Run.Last!.Workers;
    }
}
