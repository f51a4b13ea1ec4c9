using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using Hooke.Runs;

namespace Hooke.Engine.Mpi;

/// <summary>
/// A worker's traffic with the center, shard by shard, at most <see cref="Window"/> requests unanswered. A shard moves the worker when it arrives, on
/// whichever thread moves letters, and its answer leaves in the same letter.
/// </summary>
internal sealed class WorkerStreams<T>(Transport transport, Worker<T> worker, ShardMap map) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Requests, or messages, that a worker has unanswered at most.</summary>
    private const int Window = 4;

    private readonly long[] versions = new long[map.Count];
    private readonly int first = worker.Index * map.Count / map.Workers;
    private Kind kind;
    private int asked, left;

    private enum Kind { Pull, Exchange, Meet, Measure, Copy }

    /// <summary>How often the worker has joined.</summary>
    public int Incarnation { get; set; }

    /// <summary>Whether all that was asked for has come, and what had to leave is on its way.</summary>
    public bool IsDone => left == 0;

    /// <summary>When the first shard came.</summary>
    public long FirstArrival { get; private set; }

    /// <summary>Sum of the squared distances from the shards that <see cref="Measure"/> read.</summary>
    public double SquaredDistance { get; private set; }

    /// <summary>Read and pull.</summary>
    public void Pull() => Begin(Kind.Pull);

    /// <summary>Read, pull and push in one go.</summary>
    public void Exchange() => Begin(Kind.Exchange);

    /// <summary>The same for the worker's snapshot, while the worker goes on.</summary>
    public void Meet() => Begin(Kind.Meet);

    /// <summary>Measures the worker's distance from the center.</summary>
    public void Measure()
    {
        SquaredDistance = 0;
        Begin(Kind.Measure);
    }

    /// <summary>Copies what the center publishes into the worker's scratch memory.</summary>
    public void Copy() => Begin(Kind.Copy);

    /// <summary>Forms the next shard of the worker's message and sends it; <see cref="CanPush"/> must hold.</summary>
    /// <param name="k">Its how-manieth, from 0.</param>
    public void Push(int k)
    {
        int shard = Shard(k);
        var letter = transport.Rent(map.Length(shard) * Unsafe.SizeOf<T>(), Operation.Push, worker.Index, Incarnation);
        worker.PushSlice(map.Offset(shard), letter.Values<T>());
        Address(letter, shard);
        transport.Send(map.Owner(shard), letter);
    }

    /// <summary>Whether the owner of a shard has taken enough of what was sent to it.</summary>
    public bool CanPush(int k) => transport.Outgoing(map.Owner(Shard(k))) < Window;

    /// <summary>What was asked for is no longer wanted.</summary>
    public void Forget() => left = 0;

    /// <summary>A shard has arrived.</summary>
    public void Arrive(int from, Letter letter)
    {
        if (letter.Header.Incarnation != Incarnation || left == 0)
        {
            transport.Return(letter);
            return;
        }
        int shard = letter.Header.Shard, offset = map.Offset(shard);
        if (left == map.Count) FirstArrival = Stopwatch.GetTimestamp();
        versions[shard] = letter.Header.Version;
        var values = letter.Values<T>();
        switch (kind)
        {
            case Kind.Pull: worker.PullSlice(offset, values); break;
            case Kind.Exchange: worker.ExchangeSlice(offset, values); break;
            case Kind.Meet: worker.MeetSlice(offset, values); break;
            case Kind.Measure: SquaredDistance = worker.AddSquaredDistance(SquaredDistance, offset, values); break;
            case Kind.Copy: values.CopyTo(worker.Scratch[offset..]); break;
        }
        int next = asked < map.Count ? Shard(asked++) : -1;
        if (kind is Kind.Exchange or Kind.Meet)
        {
            letter.Header.Operation = Operation.Push;
            letter.Header.Worker = worker.Index;
            Address(letter, shard);
            if (next >= 0 && map.Owner(next) == from) (letter.Header.Next, next) = (next, -1);
            transport.Send(from, letter);
        }
        else transport.Return(letter);
        if (next >= 0) Ask(next);
        left--;
    }

    private void Begin(Kind kind)
    {
        lock (transport.Gate)
        {
            this.kind = kind;
            left = map.Count;
            for (asked = 0; asked < Math.Min(Window, map.Count); asked++) Ask(Shard(asked));
        }
    }

    private void Ask(int shard)
    {
        var letter = transport.Rent(0, Operation.Read, worker.Index, Incarnation);
        letter.Header.Shard = shard;
        letter.Header.Flag = kind == Kind.Measure ? CenterService<T>.Raw : CenterService<T>.Published;
        transport.Send(map.Owner(shard), letter);
    }

    private void Address(Letter letter, int shard)
    {
        letter.Header.Shard = shard;
        letter.Header.Version = versions[shard];
        letter.Header.Flag = worker.SentAfterDrop ? 1 : 0;
        letter.Header.Next = -1;
    }

    /// <summary>Shards in an order of the worker's own, so that workers seldom meet at one.</summary>
    private int Shard(int k) => (first + k) % map.Count;
}

/// <summary>Where the shards of the center are: shard s, a slice of the n parameters, at center rank s mod S.</summary>
/// <param name="dimension">n.</param>
/// <param name="count">Number of shards.</param>
/// <param name="centers">S.</param>
/// <param name="workers">p.</param>
internal sealed class ShardMap(int dimension, int count, int centers, int workers)
{
    public int Dimension => dimension;

    public int Count => count;

    public int Workers => workers;

    public int Owner(int shard) => shard % centers;

    public int Offset(int shard) => (int)((long)dimension * shard / count);

    public int Length(int shard) => Offset(shard + 1) - Offset(shard);

    /// <summary>Parameters that a center rank holds.</summary>
    public long Share(int center)
    {
        long sum = 0;
        for (int k = center; k < count; k += centers) sum += Length(k);
        return sum;
    }

    /// <summary>Bytes in a message: n parameters.</summary>
    public long Bytes<T>() => (long)dimension * Unsafe.SizeOf<T>();
}
