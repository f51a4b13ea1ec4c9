using Hooke.Engine;
using Hooke.Models.Data;
using Hooke.Models.Linear;
using Hooke.Runs;
using Hooke.Simulator;
using Hooke.Theory.Bounds;

namespace Hooke.App.Commands;

/// <summary>
/// Counts how often lock-free SGD has not once come near the minimum of a strongly convex problem, beside what bounds it:
/// [Survey, Theorems 13 and 15, Corollaries 16 and 17; errata 4].
/// </summary>
/// <remarks>
/// Least squares on rows with one number, √d, in one of d places: F(w) = ½‖w − w*‖² + σ²/2, so γ = β = 1, a step changes one
/// entry, and E‖∇ℓ‖² = d(‖w − w*‖² + σ²). Delays are measured, rates and steps follow from the bounds.
/// </remarks>
internal static class BenchFailure
{
    private const int Places = 4, Copies = 64;
    private const double Noise = 0.5, Distance = 1, Tolerance = 0.05, Fraction = 0.9, Convexity = 1, Smoothness = 1;

    private static readonly double gradient = Math.Sqrt(Places * (Distance * Distance + Noise * Noise));

    /// <summary>Runs simulated cores, which are looked at every few steps, and real threads, whose last model is looked at.</summary>
    public static object Run(int runs)
    {
        var data = Problem();
        object[] simulated = [.. new[] { 1, 4, 16, 64 }.Select(workers => Simulated(data, workers, runs))];
        object[] threads = [.. new[] { Precision.Full, new(32, 16), new(32, 8) }.Select(precision => Threads(data, precision, runs))];
        return new { bench = "failure", runs, dimension = Places, tolerance = Tolerance, fraction = Fraction, gradient, simulated, threads };
    }

    private static object Simulated(LinearData data, int workers, int runs)
    {
        double delay = 0;
        for (ulong seed = 1; seed <= 5; seed++)
        {
            using var pilot = new LinearModel(data, Options(Precision.Full, 1), seed);
            delay += SharedMemory.Run(pilot, workers, seed, new(2000, 1e-4), SharedMachine.Default).Run.Staleness.Mean / 5;
        }
        double rate = LockFreeBounds.Corollary16LearningRate(Convexity, Smoothness, gradient, delay, Tolerance, Fraction);
        double Corollary16(double steps) => LockFreeBounds.Corollary16(Convexity, Smoothness, gradient, delay, Tolerance, Fraction, Distance, steps);
        long[] at = [.. new[] { 0.9, 0.5, 0.2 }.Select(bound => (long)Math.Ceiling(Corollary16(1) / bound))];
        int[] failures = new int[at.Length];
        for (int run = 0; run < runs; run++)
        {
            using var model = new LinearModel(data, Options(Precision.Full, 1), (ulong)run);
            var near = new FirstNear(model);
            SharedMemory.Run(model, workers, (ulong)run, new(at[^1], rate) { EvaluateEvery = Math.Max(4, workers / 2), Replacement = true }, SharedMachine.Default, near, () => near.At is not null);
            for (int k = 0; k < at.Length; k++) if (!(near.At <= at[k])) failures[k]++;
        }
        double start = LockFreeBounds.Supermartingale(rate, Convexity, gradient, Tolerance, Distance);
        double lipschitz = 2 * Math.Sqrt(Tolerance) / (2 * rate * Convexity * Tolerance - rate * rate * gradient * gradient);
        return new
        {
            workers,
            delay,
            learningRate = rate,
            points = at.Select((steps, k) => new
            {
                steps,
                failed = (double)failures[k] / runs,
                theorem13 = LockFreeBounds.Theorem13(start, steps),
                theorem15 = LockFreeBounds.Theorem15(start, lipschitz, rate * Smoothness, rate * gradient, delay, steps),
                corollary16 = Corollary16(steps),
            }).ToArray(),
        };
    }

    private static object Threads(LinearData data, Precision precision, int runs)
    {
        int workers = Environment.ProcessorCount;
        const double Range = 2;
        double step = precision.ModelBits == 32 ? 0 : Range / (precision.ModelBits == 16 ? short.MaxValue : sbyte.MaxValue), delay = workers - 1;
        // κ depends on the rate, and the rate on κ: αM²(1 + κ²) with ακM = step.
        double rate = LockFreeBounds.Corollary16LearningRate(Convexity, Smoothness, gradient, delay, Tolerance, Fraction);
        for (int k = 0; k < 50; k++)
        {
            double next = LockFreeBounds.Corollary17LearningRate(Convexity, Smoothness, gradient, delay, Tolerance, Fraction, step / (rate * gradient));
            if (next < rate / 1e3) break;
            rate = Math.Sqrt(rate * next);
        }
        double rounding = step / (rate * gradient);
        double Bound(double steps) => LockFreeBounds.Corollary17(Convexity, Smoothness, gradient, delay, Tolerance, Fraction, Distance, rounding, steps);
        long steps = (long)Math.Min(1e6, Math.Ceiling(Bound(1) / 0.5));
        int failed = 0;
        double seen = 0;
        for (int run = 0; run < runs; run++)
        {
            using var model = new LinearModel(data, Options(precision, Range), (ulong)run);
            var outcome = Hogwild.Run(model, workers, (ulong)run, new(steps, rate) { Replacement = true });
            seen += outcome.Run.Staleness.Mean / runs;
            if (FirstNear.SquaredDistance(model) > Tolerance) failed++;
        }
        return new { precision = precision.ToString(), workers, assumedDelay = delay, measuredDelay = seen, learningRate = rate, rounding, steps, failedAtTheEnd = (double)failed / runs, corollary17 = Bound(steps) };
    }

    private static LinearOptions Options(Precision precision, double range) => new() { Loss = LinearLossKind.LeastSquares, Precision = precision, Range = range };

    // w* = (D/√d, …): targets √d w* ± σ.
    private static LinearData Problem()
    {
        int count = Places * Copies;
        float[] inputs = new float[count * Places], targets = new float[count];
        for (int k = 0; k < count; k++)
        {
            inputs[k * Places + k % Places] = MathF.Sqrt(Places);
            targets[k] = (float)(Distance + (k / Places % 2 == 0 ? Noise : -Noise));
        }
        return LinearData.Of(DataSet.FromFloats("one number a row", "a strongly convex problem", new(1, 1, Places), new(1, 1, 1), inputs, targets, inputs, targets), intercept: false);
    }

    /// <summary>Notes the first point at which the model is within the tolerance.</summary>
    private sealed class FirstNear(LinearModel model) : IRunObserver
    {
        public long? At { get; private set; }

        public void Point(TracePoint point)
        {
            if (At is null && SquaredDistance(model) <= Tolerance) At = point.Samples;
        }

        public static double SquaredDistance(LinearModel model)
        {
            Span<float> weights = stackalloc float[Places];
            model.Publish();
            model.Export(0, weights);
            double sum = 0;
            foreach (float weight in weights) sum += Math.Pow(weight - Distance / Math.Sqrt(Places), 2);
            return sum;
        }
    }
}
