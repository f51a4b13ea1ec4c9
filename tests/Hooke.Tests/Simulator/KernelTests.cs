using Hooke.Methods.Catalog;
using Hooke.Numerics;
using Hooke.Tests.Numerics;
using Hooke.Simulator;
using Hooke.Tests.Laws;
using Xunit;

namespace Hooke.Tests.Simulator;

/// <summary>The kernel against queueing theory. Means of independent runs, within 3 standard errors (each rejects a right kernel with probability 0.003; seeds are fixed).</summary>
public class KernelTests
{
    [Fact]
    public void Events_come_in_the_order_of_time_and_sequence()
    {
        using var queue = new EventQueue();
        var noise = new Noise(1, 0, 0, NoiseStream.Timing);
        for (int k = 0; k < 2000; k++)
        {
            queue.Post(noise.Integer(k, 50), Happening.GoOn, k);
            if (k % 3 == 0) queue.TryNext(out _);
        }
        double time = double.NegativeInfinity;
        long sequence = -1;
        int count = queue.Count;
        while (queue.TryNext(out var next))
        {
            Assert.True(next.Time > time || next.Time == time && next.Sequence > sequence);
            (time, sequence) = (next.Time, next.Sequence);
            count--;
        }
        Assert.Equal(0, count);
    }

    // W = ρ/(μ − λ) for exponential service; Pollaczek and Khinchine give half of it for constant service.
    [Theory]
    [InlineData(true, 0.7 / 0.3)]
    [InlineData(false, 0.7 / 0.3 / 2)]
    public void A_queue_of_Poisson_arrivals_waits_as_long_as_theory_says(bool exponential, double expected)
    {
        TimeLaw arrivals = new ExponentialTime(1 / 0.7), service = exponential ? new ExponentialTime(1) : new ConstantTime(1);
        AssertMean(expected, 30, seed =>
        {
            using var queue = new EventQueue();
            var (server, served) = (new Server(), 0);
            queue.Post(0, Happening.Slice, 0);
            while (served < 20_000 && queue.TryNext(out var next))
            {
                var noise = new Noise(seed, 0, served++, NoiseStream.Network);
                server.Enter(next.Time, service.Sample(noise, 0));
                queue.Post(next.Time + arrivals.Sample(noise, 2), Happening.Slice, 0);
            }
            return server.Waited / server.Count;
        });
    }

    [Fact]
    public void Workers_wait_for_the_center_as_long_as_theory_says()
    {
        const int Workers = 8;
        const double Think = 1, Service = 0.15;
        // The machine-repair queue M/M/1//8, by mean value analysis: R_n = s(1 + Q_{n−1}), Q_n = n R_n/(Z + R_n).
        double response = 0, length = 0;
        for (int n = 1; n <= Workers; n++)
        {
            response = Service * (1 + length);
            length = n * response / (Think + response);
        }
        var cluster = new Cluster { Compute = new ExponentialTime(Think), Service = new ExponentialTime(Service) };
        var method = Downpour.Plain.For(Workers);
        AssertMean(response - Service, 20, seed =>
        {
            using var star = VirtualTime.Prepare(method, new Flat(1), Workers, cluster, seed);
            var shard = Assert.Single(VirtualTime.Run(star, new(Workers * 500, 1), cluster).Usage);
            return shard.MeanWait;
        });
    }

    // Whoever sends next is any of p with the same probability, whatever came before: the age is geometric with μ = 1 − 1/p.
    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(16)]
    public void Staleness_is_geometric_when_compute_is_exponential_and_service_negligible(int workers)
    {
        var cluster = new Cluster { Compute = new ExponentialTime(1) };
        using var star = VirtualTime.Prepare(Downpour.AsynchronousSgd.For(workers), new Flat(1), workers, cluster, seed: 5);
        var staleness = VirtualTime.Run(star, new(40_000, 1), cluster).Run.Staleness;
        Assert.Equal(40_000, staleness.Count);
        double stay = 1 - 1.0 / workers;
        int bins = Math.Min(staleness.Histogram.Length - 1, (int)(Math.Log(10.0 / 40_000) / Math.Log(stay)));
        double statistic = 0, left = 40_000, probability = 1;
        for (int age = 0; age <= bins; age++)
        {
            double observed = age == bins ? left : staleness.Histogram[age], expected = 40_000 * (age == bins ? probability : probability / workers);
            statistic += (observed - expected) * (observed - expected) / expected;
            left -= observed;
            probability *= stay;
        }
        // χ² by Wilson and Hilferty; 3.09 is the quantile of α = 0.001.
        double spread = 2.0 / (9 * bins);
        Assert.InRange((Math.Cbrt(statistic / bins) - (1 - spread)) / Math.Sqrt(spread), double.NegativeInfinity, 3.09);
    }

    [Theory]
    [MemberData(nameof(TimeLaws))]
    public void Time_laws_have_the_moments_that_they_claim(string name, double mean, double variance)
    {
        var law = Laws[name];
        var sample = new Sample();
        for (int step = 0; step < 20_000; step++) sample.Add(law.Sample(new(9, 1, step, NoiseStream.Timing)));
        Assert.Equal(mean, law.Mean, 1e-12);
        Assert.InRange((sample.Mean - mean) / Math.Sqrt(variance / sample.Count), -4, 4);
        Assert.InRange(sample.Variance / variance, 0.9, 1.1);
    }

    private static readonly Dictionary<string, TimeLaw> Laws = new()
    {
        ["exponential"] = new ExponentialTime(2),
        ["geometric"] = new GeometricTime(0.5, 0.25),
        ["lognormal"] = new LognormalTime(3, 0.5),
        ["uniform"] = new UniformTime(1, 2),
        ["trace"] = new TraceTime(1, 2, 3, 4),
    };

    public static TheoryData<string, double, double> TimeLaws => new()
    {
        { "exponential", 2, 4 },
        { "geometric", 2, 0.25 * 0.75 / 0.0625 },
        { "lognormal", 3, 9 * (Math.Exp(0.25) - 1) },
        { "uniform", 1.5, 1.0 / 12 },
        { "trace", 2.5, 1.25 },
    };

    private static void AssertMean(double expected, int runs, Func<ulong, double> run)
    {
        var means = new Sample();
        for (int seed = 1; seed <= runs; seed++) means.Add(run((ulong)seed));
        Assert.InRange((means.Mean - expected) / Math.Sqrt(means.Variance / runs), -3, 3);
    }
}
