using Hooke.Methods;
using Hooke.Numerics;
using Hooke.Runs;

namespace Hooke.Theory.Stability;

/// <summary>
/// Runs a method on two samples that differ in one example, with the same random numbers, and measures how far the models get
/// apart and how much worse they are on new examples. [Survey, sec. 4; Hardt et al., 2016]
/// </summary>
public static class TwinRuns
{
    /// <summary>Measures a curve; it is a pure function of its arguments, whatever the number of cores.</summary>
    /// <param name="method">Any method; its workers all draw from the whole sample, one example a step, with replacement.</param>
    /// <param name="loss">What is learned.</param>
    /// <param name="plan">How often, how exactly.</param>
    /// <param name="finished">Is told how many repetitions are done, by any thread.</param>
    /// <param name="stop">Ends the measurement early.</param>
    /// <exception cref="ArgumentException">A plan or method that is impossible.</exception>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    public static StabilityCurve Measure(Method method, IExampleLoss loss, TwinPlan plan, Action<int>? finished = null, CancellationToken stop = default)
    {
        plan.Check();
        method.Check(method.Workers ?? 1);
        long[] marks = [.. Enumerable.Range(1, plan.Points).Select(k => (long)Math.Ceiling((double)plan.Steps * k / plan.Points)).Distinct()];
        double[][] distances = Rows(), gaps = Rows(), replacements = Rows();
        int done = 0;
        Parallel.For(0, plan.Repetitions, new ParallelOptions { CancellationToken = stop }, repetition =>
        {
            Repeat(method, loss, plan, repetition, marks, (k, distance, gap, replacement)
                => (distances[k][repetition], gaps[k][repetition], replacements[k][repetition]) = (distance, gap, replacement));
            finished?.Invoke(Interlocked.Increment(ref done));
        });
        var proved = ProvedBound.Of(method, loss, plan.Examples, marks);
        return new(proved.Statement, [.. marks.Select((step, k) => new StabilityPoint(step,
            Estimate.Of(distances[k]), proved.Distance[k], Estimate.Of(gaps[k]), Estimate.Of(replacements[k]), proved.Gap[k]))]);

        double[][] Rows() => [.. marks.Select(_ => new double[plan.Repetitions])];
    }

    private static void Repeat(Method method, IExampleLoss loss, TwinPlan plan, int repetition, long[] marks, Action<int, double, double, double> point)
    {
        // Draws that belong to no worker: the runs' own seed, and which example differs.
        var noise = new Noise(plan.Seed, -1, repetition, NoiseStream.Generation);
        ulong seed = noise.Bits(0);
        var sample = new TwinSamples(loss, plan.Examples, plan.HeldOut, (int)noise.Integer(1, plan.Examples), plan.Seed, repetition);
        double[] start = new double[loss.Parameters], w = new double[loss.Parameters], twin = new double[loss.Parameters];
        loss.Start(start, noise with { Stream = NoiseStream.Initialization });
        int workers = method.Workers ?? 1;
        using var first = new Star<double>(method, sample.Objective(start, twin: false), workers, seed);
        using var second = new Star<double>(method, sample.Objective(start, twin: true), workers, seed);
        long step = 0;
        for (int k = 0; k < marks.Length; k++)
        {
            Turns.Run(first, marks[k] - step);
            Turns.Run(second, marks[k] - step);
            step = marks[k];
            first.Report(w);
            second.Report(twin);
            point(k, Vectors.Distance(w, twin), sample.Gap(w), sample.Replacement(w, twin));
        }
    }
}
