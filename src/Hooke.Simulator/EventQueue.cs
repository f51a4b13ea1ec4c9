using System.Numerics;
using Hooke.Runs;

namespace Hooke.Simulator;

/// <summary>What happens at an event.</summary>
internal enum Happening
{
    /// <summary>A worker's gradient is done.</summary>
    Computed,
    /// <summary>A worker's request to read arrives at the center.</summary>
    Requested,
    /// <summary>The center has served a request.</summary>
    Read,
    /// <summary>A message's head enters a link.</summary>
    Hop,
    /// <summary>A slice of a message arrives at its shard of the center.</summary>
    Slice,
    /// <summary>A shard has served a slice.</summary>
    Served,
    /// <summary>A message arrives at a worker.</summary>
    Arrived,
    /// <summary>A worker may go on.</summary>
    GoOn,
    /// <summary>A message is sent again.</summary>
    Resend,
    /// <summary>An all-reduce is done.</summary>
    Reduced,
    /// <summary>A fault of the schedule.</summary>
    Fault,
    /// <summary>The center saves itself.</summary>
    Checkpoint,
}

/// <summary>An event: when, what, to whom.</summary>
internal struct Event
{
    public double Time;
    public long Sequence;
    public Happening What;
    public int Who, Data;
}

/// <summary>
/// Events in the order of (virtual time, sequence): a heap with four children a node, whose levels are half as many as a binary
/// heap's and whose siblings share cache lines. It allocates only to grow.
/// </summary>
internal sealed class EventQueue
{
    private const int Fan = 4;
    private Event[] heap = new Event[64];
    private int count;
    private long sequence;

    /// <summary>Events that wait.</summary>
    public int Count => count;

    /// <summary>Adds an event, after all others of its time.</summary>
    public void Post(double time, Happening what, int who, int data = 0)
    {
        if (count == heap.Length) Array.Resize(ref heap, 2 * count);
        int hole = count++;
        while (hole > 0)
        {
            int parent = (hole - 1) / Fan;
            if (heap[parent].Time <= time) break; // an earlier sequence goes first
            heap[hole] = heap[parent];
            hole = parent;
        }
        heap[hole] = new() { Time = time, Sequence = sequence++, What = what, Who = who, Data = data };
    }

    /// <summary>Takes the first event.</summary>
    public bool TryNext(out Event first)
    {
        if (count == 0)
        {
            first = default;
            return false;
        }
        var nodes = heap;
        first = nodes[0];
        ref readonly Event last = ref nodes[--count];
        int hole = 0;
        for (int child; (child = Fan * hole + 1) < count;)
        {
            int least = child, end = Math.Min(child + Fan, count);
            for (int other = child + 1; other < end; other++)
                if (IsBefore(nodes[other], nodes[least])) least = other;
            if (!IsBefore(nodes[least], last)) break;
            nodes[hole] = nodes[least];
            hole = least;
        }
        nodes[hole] = last;
        return true;
    }

    /// <summary>Saves or restores the events, in the heap's own order.</summary>
    public void Archive<T>(IArchive<T> archive) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        archive.Number("events.count", ref count);
        archive.Number("events.sequence", ref sequence);
        if (heap.Length < count) Array.Resize(ref heap, count);
        for (int k = 0; k < count; k++)
        {
            ref var each = ref heap[k];
            int what = (int)each.What;
            archive.Number($"events.{k}.time", ref each.Time);
            archive.Number($"events.{k}.sequence", ref each.Sequence);
            archive.Number($"events.{k}.what", ref what);
            archive.Number($"events.{k}.who", ref each.Who);
            archive.Number($"events.{k}.data", ref each.Data);
            each.What = (Happening)what;
        }
    }

    private static bool IsBefore(in Event a, in Event b) => a.Time < b.Time || a.Time == b.Time && a.Sequence < b.Sequence;
}
