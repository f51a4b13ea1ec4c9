namespace Hooke.Engine;

/// <summary>
/// Makes workers wait for each other: a meeting of all, messages that are summed when all have come, turns. Waits end when the
/// run is aborted, which the <see cref="Watch"/> sees to if someone does not come.
/// </summary>
internal sealed class Rounds(Account[] accounts)
{
    private readonly object monitor = new();
    private readonly int workers = accounts.Length;
    private int arrived, deposited;
    private long meetings, sums, turn;
    private bool aborted;

    /// <summary>Whether those that waited have been sent away.</summary>
    public bool IsAborted => Volatile.Read(ref aborted);

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
            while (meetings == mine) Wait(worker);
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
            while (sums < number) Wait(worker);
        }
    }

    /// <summary>Sets whose turn is first.</summary>
    public void StartTurns(long steps) => turn = steps * workers;

    /// <summary>Waits for a worker's turn.</summary>
    public void AwaitTurn(int worker, long step)
    {
        lock (monitor)
        {
            while (turn != step * workers + worker) Wait(worker);
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

    private void Wait(int worker)
    {
        if (aborted) throw new OperationCanceledException();
        accounts[worker].Rest();
        Monitor.Wait(monitor);
        accounts[worker].Begin();
    }
}
