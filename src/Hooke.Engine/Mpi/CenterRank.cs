using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hooke.Methods;
using Hooke.Problems;
using Hooke.Runs;

namespace Hooke.Engine.Mpi;

/// <summary>A center rank beside rank 0: it serves its shards until the hub ends the run, and shows them to the hub at pauses.</summary>
internal sealed class CenterRank<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MpiWorld world;
    private readonly Transport transport;
    private readonly RunPlan plan;
    private readonly MpiOptions options;
    private readonly CenterVariable<T> center;
    private readonly CenterService<T> service;
    private readonly int[] incarnations;
    private TimeSpan hubSilence;
    private Exception? trouble;
    private bool ended;

    public CenterRank(MpiWorld world, Method method, IObjective<T> objective, int workers, ulong seed, Initialization initialization, RunPlan plan, MpiOptions options)
    {
        (this.world, transport, this.plan, this.options) = (world, world.Transport, plan, options);
        var map = MpiRun.Map(method, objective, workers, options);
        transport.ChunkBytes = MpiRun.LargestLetter<T>(map);
        center = CenterVariable<T>.Start(method, objective, workers, seed, initialization, map.Count);
        service = new(transport, method, center, map);
        incarnations = new int[workers];
    }

    /// <summary>Serves until the hub ends the run.</summary>
    public void Run()
    {
        transport.Deliver = Deliver;
        byte[] host = System.Text.Encoding.UTF8.GetBytes(transport.Host);
        lock (transport.Gate)
        {
            var hello = transport.Rent(host.Length, Operation.Hello, worker: -1);
            hello.Header.Number = Environment.ProcessId;
            host.CopyTo(hello.Payload);
            transport.Send(0, hello);
        }
        using var courier = new Courier(transport, Beat, reason => trouble ??= reason);
        world.EndAttendance();
        while (!ended)
        {
            var since = System.Diagnostics.Stopwatch.StartNew();
            transport.Await(() => ended || trouble is not null || hubSilence > options.Lease || since.ElapsedMilliseconds > 500, plan.WaitLimit, () => "the run has not ended");
            if (trouble is not null) throw new InvalidOperationException(trouble.Message, trouble);
            if (hubSilence > options.Lease) throw new TimeoutException($"rank {transport.Rank}: rank 0 has been silent for {hubSilence.TotalSeconds:g3} s, the limit");
        }
    }

    public void Dispose() => center.Dispose();

    private void Beat(TimeSpan passed)
    {
        hubSilence += passed;
        if (transport.Outgoing(0) < 16) transport.Send(0, transport.Rent(0, Operation.Beat, worker: -1));
    }

    private void Deliver(int from, Letter letter)
    {
        if (from == 0) hubSilence = TimeSpan.Zero;
        var header = letter.Header;
        switch (header.Operation)
        {
            case Operation.Read or Operation.Push:
                // A worker may be heard here before the hub's word that it has joined again.
                if (header.Incarnation > incarnations[header.Worker])
                {
                    incarnations[header.Worker] = header.Incarnation;
                    service.Join(header.Worker);
                }
                if (header.Incarnation < incarnations[header.Worker]) break;
                if (header.Operation == Operation.Read) service.Read(from, letter);
                else service.Push(from, letter);
                return;
            case Operation.Gone:
                incarnations[header.Worker] = Math.Max(incarnations[header.Worker], header.Incarnation + 1);
                transport.GiveUp((int)header.Number);
                service.Leave(header.Worker);
                break;
            case Operation.Collect:
                var shard = center.Shards[header.Shard];
                var answer = transport.Rent(ShardPart.Bytes(center, shard), Operation.Collected);
                answer.Header.Shard = header.Shard;
                ShardPart.Write(center, shard, answer);
                transport.Send(from, answer);
                break;
            case Operation.Place:
                ShardPart.Read(center, center.Shards[header.Shard], letter);
                break;
            case Operation.End:
                if (header.Flag != 0) world.Lose();
                ended = true;
                transport.Deliver = null;
                break;
        }
        transport.Return(letter);
    }
}

/// <summary>All of a shard in a letter: its clocks, then its slices of the center's vectors.</summary>
internal static class ShardPart
{
    private const int Clocks = 3;

    public static int Bytes<T>(CenterVariable<T> center, Center<T> shard) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Clocks * sizeof(long) + center.Vectors * shard.Length * Unsafe.SizeOf<T>();

    public static void Write<T>(CenterVariable<T> center, Center<T> shard, Letter letter) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var numbers = new Numbers<T>(Clocks);
        shard.Archive(numbers);
        numbers.Values.CopyTo(Head(letter));
        center.Copy(shard, Body<T>(letter), into: false);
    }

    public static void Read<T>(CenterVariable<T> center, Center<T> shard, Letter letter) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var numbers = new Numbers<T>(Clocks) { Restores = true };
        Head(letter).CopyTo(numbers.Values);
        shard.Archive(numbers);
        center.Copy(shard, Body<T>(letter), into: true);
    }

    private static Span<long> Head(Letter letter) => MemoryMarshal.Cast<byte, long>(letter.Payload[..(Clocks * sizeof(long))]);

    private static Span<T> Body<T>(Letter letter) where T : unmanaged => MemoryMarshal.Cast<byte, T>(letter.Payload[(Clocks * sizeof(long))..]);
}
