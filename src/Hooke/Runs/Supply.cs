using System.Numerics;
using Hooke.Methods;
using Hooke.Problems;

namespace Hooke.Runs;

/// <summary>
/// Hands out the run's stream of examples, batch by batch, until the run's total has been given. Synchronous and round-robin
/// workers get equal shares, asynchronous ones whatever they are fast enough for. It stops at marks, where everybody pauses.
/// </summary>
/// <remarks>Not thread-safe: a fabric calls it under its own lock.</remarks>
public sealed class Supply
{
    private readonly int workers, claimSize;
    private readonly BatchShape batch;
    private readonly long cost;
    private readonly ulong seed;
    private readonly bool equalShares, full;
    private readonly long[] taken, steps, claimStart, claimLeft;
    private readonly Queue<(long Position, long Count)> returned = new();
    private long total, given, nextClaim, mark, batches;

    /// <summary>Creates the supply of a run.</summary>
    /// <param name="method">Its timing decides how the examples are shared.</param>
    /// <param name="workers">p, at least 1.</param>
    /// <param name="examples">Number of training examples, an epoch's worth.</param>
    /// <param name="claimSize">Examples that a worker claims at a time; 0 for a batch.</param>
    /// <param name="batch">Examples in a batch, at least 1; where it varies, batches are counted over all workers, and of equal shares by rounds.</param>
    /// <param name="total">Examples that the run uses, all workers together.</param>
    /// <param name="seed">Seed of the run.</param>
    public Supply(Method method, int workers, long examples, int claimSize, BatchShape batch, long total, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch.At(0), 1, nameof(batch));
        this.workers = workers;
        this.batch = batch;
        this.claimSize = claimSize;
        this.seed = seed;
        full = method.FullBatch;
        cost = full ? examples : 0;
        equalShares = method.Schedule.Timing != Timing.Asynchronous;
        (taken, steps, claimStart, claimLeft) = (new long[workers], new long[workers], new long[workers], new long[workers]);
        this.total = mark = equalShares ? total / workers * workers : total;
    }

    /// <summary>Examples given so far.</summary>
    public long Given => given;

    /// <summary>Examples that the run uses.</summary>
    public long Total => total;

    /// <summary>Claims that workers have begun: the greatest and all before it; 0 where batches are handed out singly.</summary>
    public long Claims { get; private set; }

    /// <summary>Whether all examples have been given.</summary>
    public bool IsExhausted => given >= total;

    /// <summary>Whether nobody gets more before the mark is moved; of equal shares, whether all have got theirs.</summary>
    public bool IsAtMark => given >= mark;

    /// <summary>Examples that a worker has got.</summary>
    /// <param name="worker">Which, from 0.</param>
    public long Taken(int worker) => taken[worker];

    /// <summary>Sets the next mark: nobody gets more until it is moved.</summary>
    /// <param name="samples">Examples given by then, all workers together.</param>
    public void MarkAt(long samples) => mark = Math.Min(samples, total);

    /// <summary>Ends the run as soon as all workers can stop at the same place.</summary>
    public void Stop() => total = mark = equalShares ? taken.Max() * workers : given;

    /// <summary>Gives a worker its next batch, unless the mark is reached.</summary>
    /// <param name="worker">Which, from 0.</param>
    /// <param name="draw">What it gets.</param>
    public bool TryTake(int worker, out Draw draw)
    {
        draw = default;
        // Equal shares pause at the same step of every worker, so that no one waits for a worker that pauses.
        bool reached = equalShares ? taken[worker] * workers >= mark : given >= mark;
        if (reached) return false;
        if (returned.TryDequeue(out var again))
        {
            draw = new(seed, worker, steps[worker]++, again.Position, full ? Draw.Full : (int)again.Count);
            taken[worker] += again.Count;
            given += again.Count;
            return true;
        }
        long left = equalShares ? total / workers - taken[worker] : total - given;
        long held = claimSize == 0 ? long.MaxValue : claimLeft[worker] > 0 ? claimLeft[worker] : claimSize;
        // All of a round get the same, however far others are.
        long size = full ? cost : batch.At(equalShares ? steps[worker] * workers : batches);
        long count = full ? cost : Math.Min(Math.Min(size, left), held);
        draw = new(seed, worker, steps[worker], Position(worker, count), full ? Draw.Full : (int)count);
        taken[worker] += count;
        steps[worker]++;
        batches++;
        given += count;
        return true;
    }

    /// <summary>Takes back what a worker has got and will not use; the next to ask gets it. Not for equal shares.</summary>
    /// <param name="draw">What it had got.</param>
    public void Return(in Draw draw)
    {
        long count = full ? cost : draw.Count;
        taken[draw.Worker] -= count;
        given -= count;
        returned.Enqueue((draw.Position, count));
    }

    /// <summary>Saves or restores what has been taken back and not been given again.</summary>
    /// <param name="archive">Where to.</param>
    /// <typeparam name="T">Number type of the archive's vectors.</typeparam>
    public void ArchiveReturned<T>(IArchive<T> archive) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long count = returned.Count;
        archive.Number("supply.returned", ref count);
        (long Position, long Count)[] all = [.. returned];
        Array.Resize(ref all, (int)count);
        for (int k = 0; k < count; k++)
        {
            archive.Number($"supply.returned.{k}.position", ref all[k].Position);
            archive.Number($"supply.returned.{k}.count", ref all[k].Count);
        }
        returned.Clear();
        foreach (var each in all) returned.Enqueue(each);
    }

    /// <summary>Saves or restores what has been given.</summary>
    /// <param name="archive">Where to.</param>
    /// <typeparam name="T">Number type of the archive's vectors.</typeparam>
    public void Archive<T>(IArchive<T> archive) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        archive.Number("supply.given", ref given);
        archive.Number("supply.nextClaim", ref nextClaim);
        batches = 0;
        for (int i = 0; i < workers; i++)
        {
            archive.Number($"supply.{i}.taken", ref taken[i]);
            archive.Number($"supply.{i}.steps", ref steps[i]);
            archive.Number($"supply.{i}.claimStart", ref claimStart[i]);
            archive.Number($"supply.{i}.claimLeft", ref claimLeft[i]);
            batches += steps[i];
            if (claimSize > 0 && steps[i] > 0) Claims = Math.Max(Claims, claimStart[i] / claimSize + 1);
        }
    }

    private long Position(int worker, long count)
    {
        if (claimSize == 0) return equalShares ? taken[worker] * workers + worker * count : given;
        if (claimLeft[worker] == 0)
        {
            long claim = equalShares ? taken[worker] / claimSize * workers + worker : nextClaim++;
            claimStart[worker] = claim * claimSize;
            Claims = Math.Max(Claims, claim + 1);
            claimLeft[worker] = claimSize;
        }
        long position = claimStart[worker] + claimSize - claimLeft[worker];
        claimLeft[worker] -= count;
        return position;
    }
}
