using System.Numerics;
using Hooke.Methods;
using Hooke.Problems;
using Hooke.Runs;

namespace Hooke.Engine.Mpi;

/// <summary>A process with workers, a thread each, and one communication thread. Of a tree it has, beside its leaves, the inner nodes whose first leaf it has.</summary>
internal sealed class WorkerProcess<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MpiWorld world;
    private readonly Transport transport;
    private readonly MpiOptions options;
    private readonly WorkerRank<T>[] workers;
    private readonly TreePart<T>? tree;
    private readonly int first;
    private TimeSpan hubSilence;
    private Exception? trouble;

    public WorkerProcess(MpiWorld world, Method method, IObjective<T> objective, ulong seed, Initialization initialization, RunPlan plan, MpiOptions options)
    {
        (this.world, transport, this.options) = (world, world.Transport, options);
        var map = MpiRun.Map(method, objective, options.WorkersOf(world.Size), options);
        transport.ChunkBytes = MpiRun.LargestLetter<T>(map);
        var places = method.Topology == Topology.Tree ? TreePlaces.Agree(transport, options.WorkersPerRank, options.StartLimit) : null;
        first = places?.FirstLeaf ?? (world.Rank - options.Centers) * options.WorkersPerRank;
        workers = [.. Enumerable.Range(first, options.WorkersPerRank).Select(index => new WorkerRank<T>(world, this, method, objective, index, seed, initialization, plan, map))];
        if (places is null) return;
        tree = new(transport, method, objective, [.. workers.Select(each => each.Worker)], map.Workers, places, map, seed, plan.WaitLimit, () => IsInterrupted || Array.Exists(workers, each => each.IsInterrupted), Fail);
        foreach (var worker in workers) worker.Grow(tree, first);
    }

    /// <summary>Whether waits must end for another reason than that they are over.</summary>
    public bool IsInterrupted => trouble is not null || hubSilence > options.Lease;

    /// <summary>Says for which.</summary>
    /// <param name="what">What was waited for.</param>
    public void ThrowIfInterrupted(Func<string> what)
    {
        if (trouble is not null) throw new InvalidOperationException(trouble.Message, trouble);
        if (hubSilence > options.Lease) throw new TimeoutException($"rank {transport.Rank}: {what()}, and rank 0 has been silent for {hubSilence.TotalSeconds:g3} s, the limit");
    }

    /// <summary>Works until the hub ends the run.</summary>
    public void Run()
    {
        transport.Deliver = Deliver;
        using var courier = new Courier(transport, Beat, Fail);
        world.EndAttendance();
        if (workers.Length == 1)
        {
            workers[0].Run();
            return;
        }
        Exception? failure = null;
        Thread[] threads = [.. workers.Select(worker => new Thread(() =>
        {
            try
            {
                worker.Run();
            }
            catch (Exception reason)
            {
                Interlocked.CompareExchange(ref failure, reason, null);
            }
        }) { Name = $"worker {worker.Worker.Index}", IsBackground = true })];
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join(); // all their waits are bounded
        if (failure is not null) throw new InvalidOperationException(failure.Message, failure);
    }

    public void Dispose()
    {
        tree?.Dispose();
        foreach (var worker in workers) worker.Dispose();
    }

    private void Fail(Exception reason) => trouble ??= reason;

    private void Beat(TimeSpan passed)
    {
        hubSilence += passed;
        foreach (var worker in workers) worker.Beat();
    }

    private void Deliver(int from, Letter letter)
    {
        if (from == 0) hubSilence = TimeSpan.Zero;
        var header = letter.Header;
        switch (header.Operation)
        {
            case Operation.Beat:
                if (header.Flag != 0) workers[header.Worker - first].Answer(header.Incarnation);
                break;
            case Operation.Mail or Operation.MailTaken or Operation.Steps or Operation.StepsPlayed:
                tree!.Deliver(from, letter);
                return;
            case Operation.Gone:
                if (header.Number != transport.Rank) tree?.Lose((int)header.Number, header.Incarnation);
                break;
            case Operation.End:
                transport.Deliver = null; // what comes later is for another run
                foreach (var worker in workers)
                {
                    var end = transport.Rent(0, Operation.End);
                    end.Header.Flag = header.Flag;
                    worker.Deliver(from, end);
                }
                break;
            default:
                workers[header.Worker - first].Deliver(from, letter);
                return;
        }
        transport.Return(letter);
    }
}
