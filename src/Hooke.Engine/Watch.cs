using System.Diagnostics;

namespace Hooke.Engine;

/// <summary>
/// Watches that every worker comes back from what it does, so that nobody waits for it without end. Who waits for others is
/// excused. Time in which the whole process was suspended does not count.
/// </summary>
internal sealed class Watch(Account[] accounts, TimeSpan limit)
{
    /// <summary>How often the watch must look.</summary>
    public static readonly TimeSpan TickTime = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan LongestTick = TimeSpan.FromSeconds(1);
    private readonly long[] busySince = new long[accounts.Length];
    private readonly TimeSpan[] busy = new TimeSpan[accounts.Length];
    private TimeSpan idle;
    private long lastLook = Stopwatch.GetTimestamp();

    /// <summary>Whether a worker has not come back for longer than the limit.</summary>
    public bool IsOverdue(int worker) => busy[worker] > limit;

    /// <summary>Looks at the workers.</summary>
    public void Look()
    {
        long now = Stopwatch.GetTimestamp();
        var passed = Stopwatch.GetElapsedTime(lastLook, now);
        if (passed > LongestTick) passed = LongestTick;
        lastLook = now;
        idle += passed;
        for (int i = 0; i < accounts.Length; i++)
        {
            long since = accounts[i].BusySince;
            busy[i] = since != 0 && since == busySince[i] ? busy[i] + passed : TimeSpan.Zero;
            if (since != busySince[i] || since != 0) idle = TimeSpan.Zero;
            busySince[i] = since;
        }
    }

    /// <summary>Looks at the workers, which someone waits for.</summary>
    /// <param name="doing">What they should be doing.</param>
    /// <exception cref="TimeoutException">One is overdue, or all wait for each other.</exception>
    public void Demand(string doing)
    {
        Look();
        for (int i = 0; i < accounts.Length; i++)
            if (IsOverdue(i)) throw new TimeoutException($"worker {i} has not come back from {doing} for {limit.TotalSeconds:g3} s, the limit");
        if (idle > limit) throw new TimeoutException($"all workers have waited for each other for {limit.TotalSeconds:g3} s, the limit");
    }
}
