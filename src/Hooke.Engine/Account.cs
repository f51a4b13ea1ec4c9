using System.Diagnostics;
using System.Numerics;
using Hooke.Runs;

namespace Hooke.Engine;

/// <summary>What a worker's time goes to.</summary>
internal enum Activity { Compute, Data, Communication, Waiting }

/// <summary>A worker's account of time, messages and bytes. Written by its own thread, read by others while it pauses.</summary>
internal sealed class Account : ITally
{
    private readonly double[] seconds = new double[4];
    private long last = Stopwatch.GetTimestamp(), exchanges, bytes, dropped, busySince;

    public Staleness Staleness { get; private set; } = new();

    public long Exchanges => exchanges;

    public long Bytes => bytes;

    public long Dropped => dropped;

    /// <summary>When the worker began what it does now; 0 while it waits for others. Any thread may read it.</summary>
    public long BusySince => Volatile.Read(ref busySince);

    public double this[Activity activity] => seconds[(int)activity];

    /// <summary>The worker begins to do something that it must come back from.</summary>
    public void Begin() => Volatile.Write(ref busySince, Stopwatch.GetTimestamp());

    /// <summary>The worker waits, or has ended.</summary>
    public void Rest() => Volatile.Write(ref busySince, 0);

    /// <summary>Starts the worker's clock.</summary>
    public void Start(long timestamp) => last = timestamp;

    /// <summary>Books the time since the last booking.</summary>
    public void Book(Activity activity) => Book(activity, Stopwatch.GetTimestamp());

    /// <summary>Books the time from the last booking to a moment, if it is later.</summary>
    public void Book(Activity activity, long until)
    {
        if (until <= last) return;
        seconds[(int)activity] += (until - last) / (double)Stopwatch.Frequency;
        last = until;
    }

    public void Moved(long bytes) => this.bytes += bytes;

    public void Absorbed(long age)
    {
        if (age < 0) { dropped++; return; }
        exchanges++;
        Staleness.Add(age);
    }

    /// <summary>Counts messages that were absorbed elsewhere.</summary>
    public void Absorbed(Staleness messages)
    {
        exchanges += messages.Count;
        Staleness.Add(messages);
    }

    /// <summary>Hands over what was counted of messages, and counts anew.</summary>
    public Staleness TakeMessages()
    {
        var taken = Staleness;
        (Staleness, exchanges) = (new(), 0);
        return taken;
    }

    public void Archive<T>(IArchive<T> archive, int worker) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        string name = $"account.{worker}.";
        for (int k = 0; k < seconds.Length; k++) archive.Number($"{name}{(Activity)k}", ref seconds[k]);
        archive.Number(name + "exchanges", ref exchanges);
        archive.Number(name + "bytes", ref bytes);
        archive.Number(name + "dropped", ref dropped);
        Staleness.Archive(archive, name + "staleness.");
    }
}
