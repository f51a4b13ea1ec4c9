using Hooke.Engine;
using Hooke.Methods;
using Hooke.Methods.Catalog;
using Hooke.Numerics;
using Hooke.Problems;
using Hooke.Runs;
using Hooke.Simulator;
using Hooke.Theory.ModifiedEquations;

namespace Hooke.App.Commands;

/// <summary>
/// Measures the momentum that asynchrony begets, on threads and in virtual time, beside 1 − 1/p: gradients take exponential
/// times, as in the queueing model, so that reads have geometric staleness. [AnLuYing18, sec. 2.1]
/// </summary>
internal static class BenchMomentum
{
    private const int UpdatesPerWorker = 12;
    private const double Reach = 0.2; // pη: neither creeping nor ringing
    private static readonly double[] Curvatures = [1, 3];

    /// <summary>Runs 1, 2, 4, … workers.</summary>
    /// <param name="most">Largest p.</param>
    /// <param name="runs">Runs on threads to take means over; twenty times as many in virtual time.</param>
    public static object Run(int most, int runs)
    {
        var rows = new List<object>();
        for (int p = 1; p <= most; p *= 2)
        {
            var quadratic = new Quadratic<double>(Curvatures, [1]);
            var cluster = new Cluster { Compute = new ExponentialTime(1) };
            var simulated = Measure(p, 20 * runs, quadratic, star => VirtualTime.Run(star, new(UpdatesPerWorker * p, 1), cluster).Run);
            var threads = Measure(p, runs, new Slow(quadratic), star => Threads.Run(star, new(UpdatesPerWorker * p, 1)));
            rows.Add(new
            {
                workers = p,
                expected = 1 - 1.0 / p,
                simulated = simulated.Momentum,
                simulatedError = simulated.Error,
                threads = threads.Momentum,
                threadsError = threads.Error,
                simulatedFit = simulated.Fit,
                threadsFit = threads.Fit,
            });
        }
        return new { bench = "momentum", runs, rows };
    }

    /// <summary>The momentum of the mean of many runs, with its standard error; and the geometric law fitted to their staleness.</summary>
    /// <remarks>
    /// What is random in the means biases least squares down, in inverse proportion to the runs. The jackknife over ten parts of
    /// them takes that out: ten times the estimate from all, less nine times the mean of those without one part.
    /// </remarks>
    private static (double Momentum, double Error, double Fit) Measure(int workers, int runs, IObjective<double> objective, Func<Star<double>, RunOutcome> run)
    {
        const int Parts = 10;
        int updates = UpdatesPerWorker * workers, each = Math.Max(1, runs / Parts);
        double[][] all = Means();
        var parts = new double[Parts][][];
        var staleness = new Staleness();
        for (int part = 0; part < Parts; part++)
        {
            parts[part] = Means();
            for (int k = 0; k < each; k++)
            {
                var log = new List<double[]> { Curvatures.Select(_ => 1.0).ToArray() };
                var method = Downpour.AsynchronousSgd.For(workers, ("learning-rate", Reach / workers)) with { Center = new Recording(log) };
                using var star = new Star<double>(method, objective, workers, (ulong)(part * each + k + 1));
                staleness.Add(run(star).Staleness);
                for (int step = 0; step <= updates; step++)
                    for (int c = 0; c < Curvatures.Length; c++)
                    {
                        parts[part][step][c] += log[step][c] / each;
                        all[step][c] += log[step][c] / each / Parts;
                    }
            }
        }
        double[] without = [.. parts.Select(part => EffectiveMomentum.Of([.. all.Zip(part, (sum, own) => sum.Zip(own, (x, y) => (Parts * x - y) / (Parts - 1)).ToArray())], Curvatures).Momentum)];
        double mean = without.Average();
        return (Parts * EffectiveMomentum.Of(all, Curvatures).Momentum - (Parts - 1) * mean, Math.Sqrt(without.Sum(m => (m - mean) * (m - mean)) * (Parts - 1) / Parts),
            StalenessFit.Geometric(staleness.Mean, staleness.Histogram.ToArray()).Law.EffectiveStaleness);

        double[][] Means() => [.. Enumerable.Range(0, updates + 1).Select(_ => new double[Curvatures.Length])];
    }

    /// <summary>Accumulates, and notes where the center is after each message.</summary>
    private sealed record Recording(List<double[]> Log) : ICenterRule
    {
        private static readonly Accumulate Rule = new();

        public void Absorb<T>(Span<T> center, Span<T> state, Span<T> message, long age) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            Rule.Absorb(center, state, message, age);
            var x = new double[center.Length];
            for (int k = 0; k < x.Length; k++) x[k] = double.CreateTruncating(center[k]);
            Log.Add(x); // under the center's lock
        }
    }

    /// <summary>Gradients that take exponential times of 4 ms in the mean, as if another device computed them: threads that wait don't compete for cores.</summary>
    private sealed class Slow(Quadratic<double> inner) : IObjective<double>, IOracle<double>
    {
        private const double Milliseconds = 4;

        public int Dimension => ((IObjective<double>)inner).Dimension;

        public void Initialize(Span<double> x, Noise noise) => ((IObjective<double>)inner).Initialize(x, noise);

        public IOracle<double> Open() => this;

        public double Gradient(ReadOnlySpan<double> x, Span<double> gradient, in Draw draw)
        {
            Thread.Sleep(TimeSpan.FromMilliseconds(Math.Round(-Milliseconds * Math.Log(1 - draw.Noise(NoiseStream.Timing).Uniform(0)))));
            return inner.Gradient(x, gradient, draw);
        }

        public Score Evaluate(ReadOnlySpan<double> x, Split split, int block) => ((IOracle<double>)inner).Evaluate(x, split, block);

        public void Dispose() { }
    }
}
