using System.Numerics;
using Hooke.Methods;
using Hooke.Numerics;
using Hooke.Problems;

namespace Hooke.Runs;

/// <summary>Where workers and center start.</summary>
public enum Initialization
{
    /// <summary>All from the same random parameters. [Zhang16, sec. 4.1]</summary>
    Shared,
    /// <summary>Each from its own, which traps elastic averaging in the symmetry-breaking phase. [Zhang16, sec. 4.1, footnote 4]</summary>
    Separate,
}

/// <summary>
/// The workers and what they are tied to, a center in shards or a <see cref="Tree{T}"/> whose root is their center: all the
/// state of a run, without threads or time. Fabrics move it.
/// </summary>
/// <typeparam name="T">Number type.</typeparam>
public sealed class Star<T> : IMeasurable<T>, IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly CenterVariable<T> center;
    private readonly long[,] versions;
    private Player<T>[]? players;
    private bool abandoned;

    /// <summary>Creates a run's state at step 0.</summary>
    /// <param name="method">What every worker runs.</param>
    /// <param name="objective">What is minimized.</param>
    /// <param name="workers">p.</param>
    /// <param name="seed">Seed of all random numbers.</param>
    /// <param name="initialization">Where workers and center start.</param>
    /// <param name="shards">Number of slices of the center, at most n; a lone worker and the root of a tree are whole.</param>
    public Star(Method method, IObjective<T> objective, int workers, ulong seed = 0, Initialization initialization = Initialization.Shared, int shards = 1)
    {
        method.Check(workers);
        Method = method;
        Objective = objective;
        Seed = seed;
        var start = CenterVariable<T>.StartOf(objective, seed, -1);
        Workers = new Worker<T>[workers];
        for (int i = 0; i < workers; i++)
        {
            using var own = initialization == Initialization.Separate ? CenterVariable<T>.StartOf(objective, seed, i) : null;
            Workers[i] = new(method.Topology == Topology.Tree ? method.At(0, isRoot: false) : method, objective, i, (own ?? start).Span);
        }
        if (method.Topology == Topology.Tree) Tree = new(method, objective, Workers, start.Span);
        var x = method.Topology switch
        {
            Topology.None => Workers[0].Vector,
            Topology.Tree => Tree!.Root.Worker.Vector,
            _ => start,
        };
        if (x != start) start.Dispose();
        if (initialization == Initialization.Separate && method.Coupling.CenterIsMean)
        {
            x.Span.Clear();
            foreach (var worker in Workers) CenterVariable<T>.AddShare(x.Span, worker.X, workers);
        }
        center = new(method, x, shards);
        if (Tree is not null) Tree.Root.Center = Shards[0];
        versions = new long[workers, Shards.Length];
    }

    /// <summary>What every worker runs.</summary>
    public Method Method { get; }

    /// <summary>What is minimized.</summary>
    public IObjective<T> Objective { get; }

    /// <summary>Seed of all random numbers.</summary>
    public ulong Seed { get; }

    /// <summary>The workers.</summary>
    public Worker<T>[] Workers { get; }

    /// <summary>The workers' players where there is neither time nor thread.</summary>
    internal Player<T>[] Players => players ??= [.. Workers.Select(worker => new Player<T>(this, worker))];

    /// <summary>The center's slices.</summary>
    public Center<T>[] Shards => center.Shards;

    /// <summary>The tree whose leaves are the workers, if the method is for one; its root is the center.</summary>
    public Tree<T>? Tree { get; }

    /// <summary>The center's parameters, the worker's own if the method is sequential.</summary>
    public Span<T> Center => center.X;

    /// <summary>Shards in an order of the worker's own, so that workers seldom meet at one.</summary>
    /// <param name="worker">Who visits them.</param>
    /// <param name="k">Its how-manieth, from 0.</param>
    public Center<T> Shard(Worker<T> worker, int k) => Shards[(worker.Index * Shards.Length / Workers.Length + k) % Shards.Length];

    /// <summary>Bytes in a message: n parameters.</summary>
    public long Bytes => center.Bytes;

    /// <summary>Center updates so far.</summary>
    public long Clock => center.Clock;

    /// <summary>Fills a slice of a worker's inbox with what a shard publishes.</summary>
    /// <param name="worker">Who reads.</param>
    /// <param name="shard">From where.</param>
    public void Read(Worker<T> worker, Center<T> shard)
        => versions[worker.Index, shard.Index] = shard.Read(worker.Inbox.Slice(shard.Offset, shard.Length));

    /// <summary>A shard's clock when a worker last read it.</summary>
    /// <param name="worker">Who read.</param>
    /// <param name="shard">Which.</param>
    public long VersionOf(Worker<T> worker, Center<T> shard) => versions[worker.Index, shard.Index];

    /// <summary>Takes a slice of a worker's outbox to a shard.</summary>
    /// <param name="worker">Who sends.</param>
    /// <param name="shard">To where.</param>
    /// <returns>The message's age, or -1 if it was dropped.</returns>
    public long Absorb(Worker<T> worker, Center<T> shard)
        => shard.Absorb(worker.Outbox.Slice(shard.Offset, shard.Length), versions[worker.Index, shard.Index], worker.SentAfterDrop);

    /// <summary>Takes the messages of a round in; those of visitors are formed here, from what all find.</summary>
    public void AbsorbRound()
    {
        foreach (var worker in Method.Order.Visits ? Workers : [])
        {
            foreach (var shard in Shards) Read(worker, shard);
            worker.Meet();
        }
        AbsorbSum();
    }

    /// <summary>Sums the outboxes of all workers, in their order, and takes the sum to the center as one message.</summary>
    public void AbsorbSum()
    {
        var sum = Workers[0].Outbox;
        bool dropped = Workers[0].SentAfterDrop;
        for (int i = 1; i < Workers.Length; i++)
        {
            Elementwise.Map(new AddScaled<T>(T.One), sum, Workers[i].Outbox, sum);
            dropped |= Workers[i].SentAfterDrop;
        }
        foreach (var shard in Shards) shard.Absorb(sum.Slice(shard.Offset, shard.Length), shard.Clock, dropped);
    }

    /// <summary>Takes what workers hold at the end of a run, amid a period, to the center.</summary>
    /// <param name="holding">Those that hold something; in synchronous timing all that still work.</param>
    /// <param name="absorbed">Is told of every message: its sender, and its age or -1 if it was dropped.</param>
    public void PushRemainders(IReadOnlyList<Worker<T>> holding, Action<Worker<T>, long> absorbed)
    {
        if (Tree is not null && holding.Count > 0)
        {
            Tree.Flush((leaf, age) => absorbed(Workers[leaf], age));
            return;
        }
        foreach (var worker in holding) worker.PushRemainder();
        if (Method.Schedule.Timing == Timing.Synchronous)
        {
            // Equal shares: all hold a remainder, of the same length.
            if (holding.Count > 0) AbsorbSum();
            foreach (var worker in holding) absorbed(worker, 0);
            return;
        }
        foreach (var worker in holding)
            foreach (var shard in Shards)
            {
                long age = Absorb(worker, shard);
                if (shard.Index == 0) absorbed(worker, age);
            }
    }

    /// <summary>Bytes that a worker's remainder moves, in a tree with those of the nodes whose first leaf it is.</summary>
    /// <param name="worker">Who holds it.</param>
    public long RemainderBytes(Worker<T> worker)
    {
        if (Tree is null) return Bytes;
        int messages = 1;
        for (var node = Tree.Nodes[worker.Index]; node.Parent is { Parent: not null } parent && parent.Children[0] == node; node = parent) messages++;
        return Bytes * messages;
    }

    /// <summary>Writes the reported model: the average if the method averages, else what the center publishes, or the lone worker.</summary>
    /// <param name="into">Receives n parameters.</param>
    public void Report(Span<T> into) => center.Report(into);

    /// <inheritdoc/>
    public NativeVector<T> Reported(ref NativeVector<T>? scratch) => center.Reported(ref scratch);

    /// <inheritdoc/>
    public Score Evaluate(int evaluator, ReadOnlySpan<T> at, Split split, int block) => Workers[evaluator].Evaluate(at, split, block);

    /// <inheritdoc/>
    public double Probe(ReadOnlySpan<T> at, Span<T> into, in Draw draw) => Workers[0].Probe(at, into, draw);

    /// <inheritdoc/>
    public Divergence? FindNotFinite()
    {
        foreach (var worker in Workers)
            if (!worker.IsFinite) return new(worker.Index, worker.Steps, Divergence.NotFinite);
        return center.IsFinite ? null : new(-1, Clock, Divergence.NotFinite);
    }

    /// <summary>Root of the mean squared distance of the workers from the center, √((1/p) Σ‖xⁱ − x̃‖²).</summary>
    public double Consensus() => Spread.Consensus(Distances());

    /// <inheritdoc/>
    public IEnumerable<(int Worker, double Squared)> Distances() => Workers.Select(worker => (worker.Index, worker.AddSquaredDistance(0, 0, Center)));

    /// <summary>Saves or restores all state.</summary>
    /// <param name="archive">Where to.</param>
    public void Archive(IArchive<T> archive)
    {
        archive.Facts(Method, Workers.Length, Center.Length, Shards.Length, Seed);
        ArchiveCenter(archive);
        Tree?.Archive(archive);
        foreach (var shard in Shards) shard.Archive(archive);
        foreach (var worker in Workers)
        {
            worker.Archive(archive);
            if (Tree is null) foreach (var shard in Shards) archive.Number($"worker.{worker.Index}.version.{shard.Index}", ref versions[worker.Index, shard.Index]);
        }
    }

    /// <summary>Saves or restores the center's vectors, as a center does that is restarted from its own checkpoint; its clocks go on.</summary>
    /// <param name="archive">Where to.</param>
    public void ArchiveCenter(IArchive<T> archive) => center.Archive(archive);

    /// <summary>Leaves the memory to the garbage collector: a thread that did not end may still use it.</summary>
    public void Abandon() => abandoned = true;

    /// <summary>Frees all memory.</summary>
    public void Dispose()
    {
        if (abandoned) return;
        foreach (var worker in Workers) worker.Dispose();
        Tree?.Dispose();
        center.Dispose();
    }
}
