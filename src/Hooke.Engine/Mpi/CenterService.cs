using System.Numerics;
using Hooke.Methods;
using Hooke.Numerics;
using Hooke.Runs;

namespace Hooke.Engine.Mpi;

/// <summary>
/// A center rank's shards, at the workers' service: answers reads, absorbs messages. Of a synchronous method it keeps a round's
/// messages until all have come, sums them in the workers' order, and answers who has pushed only after the sum. All under the transport's gate.
/// </summary>
internal sealed class CenterService<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What a read is for: the published vector, or the parameters themselves.</summary>
    public const int Published = 0, Raw = 1;

    private readonly Transport transport;
    private readonly CenterVariable<T> center;
    private readonly ShardMap map;
    private readonly bool isSynchronous;
    private readonly bool[] isGone;
    private readonly Round[]? rounds;

    /// <summary>A round of a shard of a synchronous method.</summary>
    private sealed class Round(int workers)
    {
        public readonly Letter?[] Messages = new Letter?[workers];
        public readonly long[] Pushed = new long[workers];
        public readonly Queue<(int From, Letter Request)> Waiting = new();
        public long Absorbed;
    }

    public CenterService(Transport transport, Method method, CenterVariable<T> center, ShardMap map)
    {
        (this.transport, this.center, this.map) = (transport, center, map);
        int workers = map.Workers;
        isSynchronous = method.Schedule.Timing == Timing.Synchronous;
        isGone = new bool[workers];
        if (isSynchronous) rounds = [.. center.Shards.Select(_ => new Round(workers))];
        MovedBy = new double[workers];
    }

    /// <summary>Is told of every message of the first shard: its worker, and its age or -1 if it was dropped.</summary>
    public Action<int, long> Absorbed { get; set; } = (_, _) => { };

    /// <summary>What each worker's messages add up to, over all their elements, if letters are checked.</summary>
    public double[] MovedBy { get; }

    /// <summary>Answers a read.</summary>
    public void Read(int from, Letter request)
    {
        var header = request.Header;
        if (rounds is not null && rounds[header.Shard] is var round && round.Pushed[header.Worker] > round.Absorbed)
        {
            round.Waiting.Enqueue((from, request));
            return;
        }
        transport.Return(request);
        Publish(from, header, header.Shard);
    }

    /// <summary>Takes a message in, and answers the read that it carries.</summary>
    public void Push(int from, Letter message)
    {
        var header = message.Header;
        if (transport.Checks) foreach (T element in message.Values<T>()) MovedBy[header.Worker] += double.CreateChecked(element);
        if (rounds is not null) Deposit(message);
        else
        {
            Absorb(header.Worker, header.Shard, message.Values<T>(), header.Version, header.Flag != 0);
            transport.Return(message);
        }
        if (header.Next < 0) return;
        var next = transport.Rent(0, Operation.Read, header.Worker, header.Incarnation);
        next.Header.Shard = header.Next;
        Read(from, next);
    }

    /// <summary>Goes on without a worker: what it has pushed counts, and nobody waits for it.</summary>
    public void Leave(int worker)
    {
        isGone[worker] = true;
        for (int k = 0; rounds is not null && k < rounds.Length; k++)
        {
            for (int left = rounds[k].Waiting.Count; left > 0; left--)
            {
                var waiting = rounds[k].Waiting.Dequeue();
                if (waiting.Request.Header.Worker == worker) transport.Return(waiting.Request);
                else rounds[k].Waiting.Enqueue(waiting);
            }
            TrySum(k);
        }
    }

    /// <summary>A worker is back, at the round that is now.</summary>
    public void Join(int worker)
    {
        isGone[worker] = false;
        for (int k = 0; rounds is not null && k < rounds.Length; k++) rounds[k].Pushed[worker] = rounds[k].Absorbed;
    }

    private void Publish(int to, in Header asked, int index)
    {
        var letter = transport.Rent(map.Length(index) * System.Runtime.CompilerServices.Unsafe.SizeOf<T>(), Operation.Published, asked.Worker, asked.Incarnation);
        letter.Header.Shard = index;
        // The root of a tree is whole, and publishes itself.
        if (asked.Flag == Published && center.Shards.Length == map.Count) letter.Header.Version = center.Shards[index].Read(letter.Values<T>());
        else center.X.Slice(map.Offset(index), map.Length(index)).CopyTo(letter.Values<T>());
        transport.Send(to, letter);
    }

    private void Absorb(int worker, int index, Span<T> message, long version, bool rateDropped)
    {
        long age = center.Shards[index].Absorb(message, version, rateDropped);
        if (index == 0) Absorbed(worker, age);
    }

    private void Deposit(Letter message)
    {
        var header = message.Header;
        var round = rounds![header.Shard];
        round.Messages[header.Worker] = message;
        round.Pushed[header.Worker]++;
        if (header.Shard == 0) Absorbed(header.Worker, 0);
        TrySum(header.Shard);
    }

    private void TrySum(int index)
    {
        var round = rounds![index];
        Letter? first = null;
        for (int i = 0; i < round.Messages.Length; i++)
        {
            if (round.Messages[i] is null && !isGone[i]) return;
            first ??= round.Messages[i];
        }
        if (first is null) return;
        var sum = first.Values<T>();
        bool dropped = false;
        foreach (ref var message in round.Messages.AsSpan())
        {
            if (message is null) continue;
            dropped |= message.Header.Flag != 0;
            if (message != first)
            {
                Elementwise.Map(new AddScaled<T>(T.One), sum, message.Values<T>(), sum);
                transport.Return(message);
            }
            message = null;
        }
        var shard = center.Shards[index];
        shard.Absorb(sum, shard.Clock, dropped);
        transport.Return(first);
        round.Absorbed++;
        for (int i = 0; i < round.Pushed.Length; i++)
            if (isGone[i]) round.Pushed[i] = round.Absorbed;
        for (int left = round.Waiting.Count; left > 0; left--)
        {
            var (from, request) = round.Waiting.Dequeue();
            Read(from, request);
        }
    }
}
