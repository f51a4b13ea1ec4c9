using System.Numerics;
using Hooke.Numerics;
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
/// heap's. The root has index 3, so that the children of a node fill two lines of the cache. It allocates only to grow.
/// </summary>
internal sealed unsafe class EventQueue : IDisposable
{
    private const int Fan = 4, Root = Fan - 1;
    private NativeVector<Event> heap = new(64);
    private int end = Root; // the index behind the last event
    private long sequence;

    /// <summary>Events that wait.</summary>
    public int Count => end - Root;

    /// <summary>Adds an event, after all others of its time.</summary>
    public void Post(double time, Happening what, int who, int data = 0)
    {
        if (end == heap.Length) Grow(2 * end);
        var nodes = heap.Pointer;
        int hole = end++;
        while (hole > Root)
        {
            int parent = hole / Fan + Fan / 2;
            if (nodes[parent].Time <= time) break; // an earlier sequence goes first
            nodes[hole] = nodes[parent];
            hole = parent;
        }
        nodes[hole] = new() { Time = time, Sequence = sequence++, What = what, Who = who, Data = data };
    }

    /// <summary>Takes the first event.</summary>
    public bool TryNext(out Event first)
    {
        if (end == Root)
        {
            first = default;
            return false;
        }
        var nodes = heap.Pointer;
        first = nodes[Root];
        var last = nodes[--end];
        int hole = Root;
        for (int child; (child = Fan * (hole - Fan / 2)) < end;)
        {
            int least = child, behind = Math.Min(child + Fan, end);
            for (int other = child + 1; other < behind; other++)
                if (IsBefore(nodes[other], nodes[least])) least = other;
            if (!IsBefore(nodes[least], last)) break;
            nodes[hole] = nodes[least];
            hole = least;
        }
        nodes[hole] = last;
        return true;
    }

    /// <summary>Who the next event is of, if there is one.</summary>
    public bool TryPeek(out Happening what, out int who)
    {
        var node = heap.Pointer + Root;
        (what, who) = (node->What, node->Who);
        return end > Root;
    }

    /// <summary>Saves or restores the events, in the heap's own order.</summary>
    public void Archive<T>(IArchive<T> archive) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        archive.Number("events.end", ref end);
        archive.Number("events.sequence", ref sequence);
        if (heap.Length < end) Grow(end);
        for (int k = Root; k < end; k++)
        {
            ref var each = ref heap.Pointer[k];
            int what = (int)each.What;
            archive.Number($"events.{k}.time", ref each.Time);
            archive.Number($"events.{k}.sequence", ref each.Sequence);
            archive.Number($"events.{k}.what", ref what);
            archive.Number($"events.{k}.who", ref each.Who);
            archive.Number($"events.{k}.data", ref each.Data);
            each.What = (Happening)what;
        }
    }

    public void Dispose() => heap.Dispose();

    private void Grow(int length)
    {
        var larger = new NativeVector<Event>(length);
        heap.Span.CopyTo(larger.Span);
        heap.Dispose();
        heap = larger;
    }

    private static bool IsBefore(in Event a, in Event b) => a.Time < b.Time || a.Time == b.Time && a.Sequence < b.Sequence;
}
