using System.Numerics;
using System.Runtime.CompilerServices;
using Hooke.Methods;
using Hooke.Numerics;
using Hooke.Problems;

namespace Hooke.Runs;

/// <summary>
/// The center variable x̃ as a whole: its vectors and the shards that are views of them. A <see cref="Star{T}"/> has one beside its workers; a
/// fabric whose workers live elsewhere has one alone.
/// </summary>
/// <typeparam name="T">Number type.</typeparam>
public sealed class CenterVariable<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Method method;
    private readonly NativeVector<T> x;
    private NativeVector<T>? state, report;
    private Tree<T>? tree;

    /// <summary>Takes a vector as the center.</summary>
    /// <param name="method">What runs.</param>
    /// <param name="x">The parameters, which it owns from now on.</param>
    /// <param name="shards">Number of slices, at most n; a lone worker and the root of a tree are whole.</param>
    internal CenterVariable(Method method, NativeVector<T> x, int shards)
    {
        (this.method, this.x) = (method, x);
        int n = x.Length;
        if (method.Center.StateVectors > 0) state = new(n * method.Center.StateVectors);
        if (method.Readout is not null) report = new(n);
        shards = method.Topology != Topology.Star ? 1 : Math.Clamp(shards, 1, n);
        Shards = new Center<T>[shards];
        for (int s = 0, offset = 0; s < shards; s++)
        {
            int end = (int)((long)n * (s + 1) / shards);
            Shards[s] = new(method, s, offset, end - offset, x, state, report);
            offset = end;
        }
    }

    /// <summary>The center of a star whose workers are elsewhere, as it is before the first step.</summary>
    /// <param name="method">What every worker runs.</param>
    /// <param name="objective">What is minimized.</param>
    /// <param name="workers">p.</param>
    /// <param name="seed">Seed of all random numbers.</param>
    /// <param name="initialization">Where workers and center start.</param>
    /// <param name="shards">Number of slices, at most n.</param>
    public static CenterVariable<T> Start(Method method, IObjective<T> objective, int workers, ulong seed, Initialization initialization, int shards)
    {
        method.Check(workers);
        var x = StartOf(objective, seed, -1);
        if (initialization == Initialization.Separate && method.Coupling.CenterIsMean)
        {
            x.Span.Clear();
            for (int i = 0; i < workers; i++)
            {
                using var worker = StartOf(objective, seed, i);
                AddShare(x.Span, worker.Span, workers);
            }
        }
        return new(method, x, shards);
    }

    /// <summary>The root of a tree as the center; it frees the tree.</summary>
    internal static CenterVariable<T> Of(Method method, Tree<T> tree)
    {
        var center = new CenterVariable<T>(method, tree.Root.Worker.Vector, 1) { tree = tree };
        tree.Root.Center = center.Shards[0];
        return center;
    }

    /// <summary>Where the center starts, or a worker that does not start there.</summary>
    /// <param name="objective">What is minimized.</param>
    /// <param name="seed">Seed of all random numbers.</param>
    /// <param name="worker">The worker, from 0; -1 for the center and all that start with it.</param>
    public static NativeVector<T> StartOf(IObjective<T> objective, ulong seed, int worker)
    {
        var start = new NativeVector<T>(objective.Dimension);
        objective.Initialize(start.Span, new(seed, worker, 0, NoiseStream.Initialization));
        return start;
    }

    /// <summary>Its slices.</summary>
    public Center<T>[] Shards { get; }

    /// <summary>Its parameters.</summary>
    public Span<T> X => x.Span;

    /// <summary>Bytes in a message: n parameters.</summary>
    public long Bytes => (long)x.Length * Unsafe.SizeOf<T>();

    /// <summary>Updates so far.</summary>
    public long Clock => Shards[0].Clock;

    /// <summary>Whether all parameters are finite.</summary>
    public bool IsFinite => Worker<T>.AreFinite(x.Span);

    /// <summary>Writes the reported model: the average if the method averages, else what the center publishes, or the lone worker.</summary>
    /// <param name="into">Receives n parameters.</param>
    public void Report(Span<T> into)
    {
        foreach (var shard in Shards) shard.Report(into.Slice(shard.Offset, shard.Length));
    }

    /// <summary>The reported model where it is, if it is somewhere, for large ones should not be copied.</summary>
    /// <param name="scratch">Is created if it has to be written down; its owner frees it.</param>
    /// <returns>The model, valid until the run goes on.</returns>
    public NativeVector<T> Reported(ref NativeVector<T>? scratch)
    {
        if (method is { Readout: null, Center.PublishesItself: true }) return x;
        scratch ??= new(x.Length);
        Report(scratch.Span);
        return scratch;
    }

    /// <summary>Saves or restores the vectors; the clocks are the shards'.</summary>
    /// <param name="archive">Where to.</param>
    public void Archive(IArchive<T> archive)
    {
        NativeVector<T>? center = x;
        if (method.Topology == Topology.Star) archive.Vector("center.x", ref center, x.Length);
        archive.Vector("center.state", ref state, x.Length * method.Center.StateVectors);
        archive.Vector("center.report", ref report, method.Readout is null ? 0 : x.Length);
    }

    /// <summary>Number of vectors of n that belong to it: parameters, the rule's state, the report.</summary>
    internal int Vectors => 1 + method.Center.StateVectors + (report is null ? 0 : 1);

    /// <summary>Copies a shard's slices of all vectors, one behind the other.</summary>
    /// <param name="shard">Which.</param>
    /// <param name="slices">From where, or to where.</param>
    /// <param name="into">Whether to copy into the center.</param>
    internal void Copy(Center<T> shard, Span<T> slices, bool into)
    {
        int v = method.Center.StateVectors;
        Next(x, 1, slices);
        if (state is not null) Next(state, v, slices[shard.Length..]);
        if (report is not null) Next(report, 1, slices[((1 + v) * shard.Length)..]);

        void Next(NativeVector<T> vector, int each, Span<T> part)
        {
            Span<T> own = vector.Span.Slice(shard.Offset * each, shard.Length * each), other = part[..own.Length];
            if (into) other.CopyTo(own);
            else own.CopyTo(other);
        }
    }

    /// <summary>Frees its memory.</summary>
    public void Dispose()
    {
        x.Dispose();
        state?.Dispose();
        report?.Dispose();
        tree?.Dispose();
    }

    /// <summary>Adds a worker's p-th part to a mean.</summary>
    internal static void AddShare(Span<T> mean, ReadOnlySpan<T> x, int workers)
        => Elementwise.Map(new AddScaled<T>(T.One / T.CreateChecked(workers)), mean, x, mean);
}
