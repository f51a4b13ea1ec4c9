using System.Diagnostics;

namespace Hooke.Engine;

/// <summary>
/// Makes workers wait for each other: a meeting of all, messages that are summed when all have come, turns. Every wait is
/// bounded, and its error says who waited how long for what.
/// </summary>
internal sealed class Rounds(int workers, TimeSpan waitLimit)
{
    private readonly object monitor = new();
    private int arrived, deposited;
    private long meetings, sums, turn;
    private bool aborted;

    /// <summary>Wakes everyone that waits; they leave with <see cref="OperationCanceledException"/>.</summary>
    public void Abort()
    {
        lock (monitor)
        {
            aborted = true;
            Monitor.PulseAll(monitor);
        }
    }

    /// <summary>Waits until all workers have arrived.</summary>
    public void Meet(int worker)
    {
        lock (monitor)
        {
            long mine = meetings;
            if (++arrived == workers)
            {
                arrived = 0;
                meetings++;
                Monitor.PulseAll(monitor);
            }
            for (long since = Stopwatch.GetTimestamp(); meetings == mine;) Wait(worker, "the others to read", since);
        }
    }

    /// <summary>Counts a worker's message; the last of a round acts on all of them. Nobody else waits.</summary>
    public void Deposit<TState>(TState state, Action<TState> onLast)
    {
        lock (monitor)
        {
            if (++deposited < workers) return;
            deposited = 0;
            onLast(state);
            sums++;
            Monitor.PulseAll(monitor);
        }
    }

    /// <summary>Waits until a number of rounds have been summed.</summary>
    public void AwaitSums(int worker, long number)
    {
        lock (monitor)
        {
            for (long since = Stopwatch.GetTimestamp(); sums < number;) Wait(worker, "the center's answer to its snapshot", since);
        }
    }

    /// <summary>Sets whose turn is first.</summary>
    public void StartTurns(long steps) => turn = steps * workers;

    /// <summary>Waits for a worker's turn.</summary>
    public void AwaitTurn(int worker, long step)
    {
        lock (monitor)
        {
            for (long since = Stopwatch.GetTimestamp(); turn != step * workers + worker;) Wait(worker, $"its turn", since);
        }
    }

    /// <summary>Passes the turn on.</summary>
    public void PassTurn()
    {
        lock (monitor)
        {
            turn++;
            Monitor.PulseAll(monitor);
        }
    }

    private void Wait(int worker, string what, long since)
    {
        if (aborted) throw new OperationCanceledException();
        var left = waitLimit - Stopwatch.GetElapsedTime(since);
        if (left <= TimeSpan.Zero) throw new TimeoutException($"worker {worker} has waited {waitLimit.TotalSeconds:f0} s, the limit, for {what}");
        Monitor.Wait(monitor, left);
    }
}
