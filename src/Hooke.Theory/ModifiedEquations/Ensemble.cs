using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Hooke.Numerics;

namespace Hooke.Theory.ModifiedEquations;

/// <summary>How many paths, and how far.</summary>
/// <param name="Paths">Number of paths, at least 1.</param>
/// <param name="Steps">Steps of the algorithm, at least 0.</param>
public sealed record EnsemblePlan(long Paths, long Steps)
{
    /// <summary>Seed of all random numbers.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The first path's number, from 0: path i draws the same numbers whatever other paths there are.</summary>
    public int FirstPath { get; init; }

    /// <summary>Steps at which moments are recorded, at most; the first and the last are. At least 2.</summary>
    public int Points { get; init; } = 1001;

    /// <summary>Threads, at least 1; one per core if it is null. It changes no bit.</summary>
    public int? Threads { get; init; }

    /// <summary>Told now and then which fraction is done.</summary>
    public Action<double>? Progress { get; init; }

    /// <summary>Stops early, by an <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>The steps at which moments are recorded: evenly spaced, and the last.</summary>
    public long[] Recorded()
    {
        long every = Math.Max(1, (Steps + Points - 2) / (Points - 1));
        var steps = new List<long>();
        for (long k = 0; k < Steps; k += every) steps.Add(k);
        return [.. steps, Steps];
    }

    internal void Demand()
    {
        const int MostPaths = 1 << 23; // of Noise
        if (Paths < 1) throw new ArgumentException($"paths is {Paths}; it must be at least 1");
        if (FirstPath < 0 || FirstPath + Paths > MostPaths) throw new ArgumentException($"paths {FirstPath} to {FirstPath + Paths - 1} are asked for; they must be from 0 to {MostPaths - 1}");
        if (Steps < 0) throw new ArgumentException($"steps is {Steps}; it must be at least 0");
        if (Points < 2) throw new ArgumentException($"points is {Points}; it must be at least 2");
        if (Threads < 1) throw new ArgumentException($"threads is {Threads}; it must be at least 1");
    }
}

/// <summary>Means over the paths at a step, of one coordinate.</summary>
/// <param name="Step">k.</param>
/// <param name="Mean">E x.</param>
/// <param name="SecondMoment">E x².</param>
/// <param name="StandardError">Standard error of the mean.</param>
/// <param name="SecondMomentStandardError">Standard error of the second moment.</param>
public readonly record struct PathMoments(long Step, double Mean, double SecondMoment, double StandardError, double SecondMomentStandardError);

/// <summary>Moments over many independent paths of a process.</summary>
public sealed class Ensemble
{
    private const int Sums = 3, MostStrips = 64, BlockSize = 64;
    private readonly long[] steps;
    private readonly double[] sums;
    private readonly int dimension;
    private readonly long paths;

    private Ensemble(long[] steps, double[] sums, int dimension, long paths, long positive)
        => (this.steps, this.sums, this.dimension, this.paths, Positive) = (steps, sums, dimension, paths, positive);

    /// <summary>Paths whose first coordinate is above 0 at the end.</summary>
    public long Positive { get; }

    /// <summary>The fraction of them.</summary>
    public double FractionPositive => (double)Positive / paths;

    /// <summary>The moments of a coordinate at the recorded steps.</summary>
    /// <param name="coordinate">Which, from 0.</param>
    public PathMoments[] Moments(int coordinate = 0)
    {
        var all = new PathMoments[steps.Length];
        for (int point = 0; point < all.Length; point++)
        {
            int at = (point * dimension + coordinate) * Sums;
            double mean = sums[at] / paths, second = sums[at + 1] / paths, fourth = sums[at + 2] / paths;
            all[point] = new(steps[point], mean, second, Error(second - mean * mean), Error(fourth - second * second));
        }
        return all;
    }

    /// <summary>Runs the paths on the widest vectors that the processor has.</summary>
    /// <param name="process">The process.</param>
    /// <param name="plan">How many, how far.</param>
    /// <typeparam name="TProcess">Its kind.</typeparam>
    /// <exception cref="ArgumentException">A number out of range.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static Ensemble Run<TProcess>(TProcess process, EnsemblePlan plan) where TProcess : struct, IPathProcess
        => Vector512.IsHardwareAccelerated ? Run<TProcess, Wide512>(process, plan) : Run<TProcess, Wide256>(process, plan);

    /// <summary>
    /// Runs the paths on vectors of one width. A thread plays a block of a few groups of paths, all their steps, so that memory is
    /// independent of the number of steps and what paths remember stays in the cache; the sums are the same bits whatever the
    /// width and the number of threads.
    /// </summary>
    /// <param name="process">The process.</param>
    /// <param name="plan">How many, how far.</param>
    /// <typeparam name="TProcess">Its kind.</typeparam>
    /// <typeparam name="V">The lanes.</typeparam>
    /// <exception cref="ArgumentException">A number out of range.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static Ensemble Run<TProcess, V>(TProcess process, EnsemblePlan plan) where TProcess : struct, IPathProcess where V : unmanaged, IWide<V>
    {
        plan.Demand();
        long[] recorded = plan.Recorded();
        int d = process.Dimension;
        long blocks = (plan.Paths + BlockSize - 1) / BlockSize;
        int strips = (int)Math.Min(blocks, MostStrips);
        var (sums, positive) = (new double[strips][], new long[strips]);
        long done = 0;
        Parallel.For(0, strips, new() { MaxDegreeOfParallelism = plan.Threads ?? Environment.ProcessorCount, CancellationToken = plan.Stop }, () => new NativeVector<double>(BlockSize * process.Memory), (strip, _, memory) =>
        {
            long first = blocks * strip / strips, end = blocks * (strip + 1) / strips;
            var totals = new Wide256[recorded.Length * d * Sums];
            for (long block = first; block < end; block++)
            {
                plan.Stop.ThrowIfCancellationRequested();
                positive[strip] += Play(process, plan, (int)(block * BlockSize), recorded, MemoryMarshal.Cast<double, V>(memory.Span), totals);
                if (plan.Progress is { } progress) progress((double)Interlocked.Increment(ref done) / blocks);
            }
            sums[strip] = [.. totals.Select(total => Enumerable.Range(0, Wide256.Count).Sum(lane => total[lane]))];
            return memory;
        }, memory => memory.Dispose());
        var total = new double[recorded.Length * d * Sums];
        foreach (double[] strip in sums)
            for (int k = 0; k < total.Length; k++) total[k] += strip[k];
        return new(recorded, total, d, plan.Paths, positive.Sum());
    }

    /// <summary>One path alone, the same bits as among others: x after 0, 1, 2, … steps, d numbers each.</summary>
    /// <param name="process">The process.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="path">Which path.</param>
    /// <param name="steps">Number of steps.</param>
    /// <typeparam name="TProcess">Its kind.</typeparam>
    public static double[][] Path<TProcess>(TProcess process, ulong seed, int path, int steps) where TProcess : struct, IPathProcess
    {
        var memory = new Wide256[process.Memory];
        var x = new Wide256[process.Dimension];
        var trajectory = new double[steps + 1][];
        process.Begin(memory.AsSpan());
        for (int k = 0; k <= steps; k++)
        {
            if (k > 0) process.Advance(memory.AsSpan(), new(seed, path, steps), k - 1, k);
            process.Position<Wide256>(memory, x);
            trajectory[k] = [.. x.Select(v => v[0])];
        }
        return trajectory;
    }

    /// <summary>Plays a block of paths, adds those that count to the totals, and counts those above 0 at the end.</summary>
    private static long Play<TProcess, V>(TProcess process, EnsemblePlan plan, int first, long[] recorded, Span<V> memory, Span<Wide256> totals) where TProcess : struct, IPathProcess where V : unmanaged, IWide<V>
    {
        int d = process.Dimension, size = process.Memory;
        Span<V> x = new V[d];
        // Groups of which no path counts are left out.
        int groups = (int)Math.Min(BlockSize / V.Count, (plan.Paths - first + V.Count - 1) / V.Count);
        memory = memory[..(groups * size)];
        for (int group = 0; group < groups; group++) process.Begin(memory.Slice(group * size, size));
        long positive = 0;
        for (int point = 0; point < recorded.Length; point++)
        {
            if (point > 0) process.Advance(memory, new(plan.Seed, plan.FirstPath + first, plan.Steps), recorded[point - 1], recorded[point]);
            for (int group = 0; group < groups; group++)
            {
                process.Position<V>(memory.Slice(group * size, size), x);
                positive = Add<V>(x, plan.Paths - first - group * V.Count, totals.Slice(point * d * Sums, d * Sums)) + (group > 0 ? positive : 0);
            }
        }
        return positive;
    }

    /// <summary>Adds the first so many paths of a group to the totals.</summary>
    /// <returns>How many of them are above 0.</returns>
    private static int Add<V>(Span<V> x, long count, Span<Wide256> totals) where V : unmanaged, IWide<V>
    {
        var numbers = MemoryMarshal.Cast<V, double>(x);
        for (long lane = count; lane < V.Count; lane++)
            for (int c = 0; c < x.Length; c++) numbers[(int)(c * V.Count + lane)] = 0;
        for (int c = 0; c < x.Length; c++)
        {
            var square = x[c] * x[c];
            totals[c * Sums] = V.AddTo(totals[c * Sums], x[c]);
            totals[c * Sums + 1] = V.AddTo(totals[c * Sums + 1], square);
            totals[c * Sums + 2] = V.AddTo(totals[c * Sums + 2], square * square);
        }
        int positive = 0;
        foreach (double number in numbers[..V.Count]) positive += number > 0 ? 1 : 0;
        return positive;
    }

    private double Error(double variance) => Math.Sqrt(Math.Max(0, variance) / paths);
}
