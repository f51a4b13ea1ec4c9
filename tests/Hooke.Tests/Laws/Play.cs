using System.Numerics;
using Hooke.Engine;
using Hooke.Methods;
using Hooke.Problems;
using Hooke.Runs;
using Xunit;

namespace Hooke.Tests.Laws;

/// <summary>Runs methods, and reads off how far they got.</summary>
internal static class Play
{
    /// <summary>A run in turns on <see cref="ExampleQuadratic{T}"/>.</summary>
    public static Star<double> Turns(Method method, int workers, long steps)
    {
        var star = new Star<double>(method, new ExampleQuadratic<double>(), workers);
        Hooke.Runs.Turns.Run(star, steps);
        return star;
    }

    /// <summary>Takes what workers hold at the end of a run to the center, as every fabric does.</summary>
    public static void Finish<T>(Star<T> star) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        star.PushRemainders([.. star.Workers.Where(w => w.HoldsRemainder)], (_, _) => { });
    }

    public static void Threads<T>(Star<T> star, long samples, int batch, bool fuse = true) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var outcome = Hooke.Engine.Threads.Run(star, new RunPlan(samples, batch) { Fuse = fuse, WaitLimit = TimeSpan.FromSeconds(10) });
        Assert.Null(outcome.Divergence);
    }

    public static void Read<T>(Star<T> star, Worker<T> worker) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var shard in star.Shards) star.Read(worker, shard);
    }

    public static long Absorb<T>(Star<T> star, Worker<T> worker) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long age = 0;
        foreach (var shard in star.Shards) age = star.Absorb(worker, shard);
        return age;
    }

    /// <summary>Gradient of a worker's next step, a batch of one.</summary>
    public static void Compute<T>(Star<T> star, Worker<T> worker) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var draw = new Draw(star.Seed, worker.Index, worker.Steps, worker.Steps * star.Workers.Length + worker.Index, 1);
        worker.Load(draw);
        worker.Compute(draw);
    }

    public static T[] Report<T>(Star<T> star) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var report = new T[star.Center.Length];
        star.Report(report);
        return report;
    }

    /// <summary>All that a run is about: workers, their states, the center and the report.</summary>
    public static T[] Result<T>(Star<T> star) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var all = new List<T>();
        foreach (var worker in star.Workers)
        {
            all.AddRange(worker.X);
            all.AddRange(worker.State);
        }
        all.AddRange(star.Center);
        all.AddRange(Report(star));
        return [.. all];
    }

    public static double Distance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        Assert.Equal(a.Length, b.Length);
        double largest = 0;
        for (int k = 0; k < a.Length; k++)
        {
            double distance = Math.Abs(a[k] - b[k]);
            if (!(distance <= largest)) largest = distance;
        }
        return largest;
    }

    public static void AssertSameBits<T>(Star<T> expected, Star<T> actual) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Assert.True(T.IsFinite(Report(expected)[0]));
        Assert.True(Result(expected).AsSpan().SequenceEqual(Result(actual)));
    }

    /// <summary>Asserts that center and workers are as near as rounding allows.</summary>
    public static void AssertNear(Star<double> expected, Star<double> actual, double tolerance = 1e-12)
    {
        Assert.InRange(Distance(expected.Center, actual.Center), 0, tolerance);
        for (int i = 0; i < expected.Workers.Length; i++) Assert.InRange(Distance(expected.Workers[i].X, actual.Workers[i].X), 0, tolerance);
    }
}
