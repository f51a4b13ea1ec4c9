using System.Diagnostics;
using Hooke.Problems;
using Hooke.Runs;

namespace Hooke.Engine;

/// <summary>
/// Hands out batches to the worker threads of a run, and stops all of them at the supply's marks, between two iterations,
/// where the coordinator evaluates and saves. The run's clock stands still while all pause.
/// </summary>
internal sealed class Gate(Supply supply, int workers, TimeSpan waitLimit)
{
    private readonly object monitor = new();
    private int paused;
    private bool ended;
    private Exception? failure;
    private SharedWork? work;

    /// <summary>When the last worker paused.</summary>
    public long PausedAt { get; private set; }

    /// <summary>When they were let go on.</summary>
    public long ReleasedAt { get; private set; }

    /// <summary>What made a worker fail, if one did.</summary>
    public Exception? Failure => Volatile.Read(ref failure);

    /// <summary>Waits for all workers to pause, or a worker to fail, or a tick's time to pass.</summary>
    /// <returns>False if only time has passed.</returns>
    public bool AwaitPause(TimeSpan tick)
    {
        lock (monitor)
        {
            if (paused < workers && failure is null) Monitor.Wait(monitor, tick);
            return paused == workers || failure is not null;
        }
    }

    /// <summary>Lets the pausing workers do something together, and waits for its end.</summary>
    /// <param name="pieces">Number of pieces.</param>
    /// <param name="perform">Does a piece: the worker, the piece.</param>
    public void Share(int pieces, Action<int, int> perform)
    {
        lock (monitor)
        {
            work = new(pieces, perform);
            Monitor.PulseAll(monitor);
            long since = Stopwatch.GetTimestamp();
            while (!work.IsDone && failure is null)
                if (!Monitor.Wait(monitor, waitLimit) && Stopwatch.GetElapsedTime(since) > waitLimit)
                    throw new TimeoutException($"the evaluation is not done after {waitLimit.TotalSeconds:f0} s");
            work = null;
        }
    }

    /// <summary>Lets the workers go on to a mark.</summary>
    /// <param name="mark">Examples given by then, all workers together.</param>
    public void Release(long mark)
    {
        lock (monitor)
        {
            supply.MarkAt(mark);
            paused = 0;
            ReleasedAt = Stopwatch.GetTimestamp();
            Monitor.PulseAll(monitor);
        }
    }

    /// <summary>Makes the workers pause for good as soon as they can stop at the same place.</summary>
    public void Stop()
    {
        lock (monitor) supply.Stop();
    }

    /// <summary>Ends the run: pausing workers leave.</summary>
    public void End()
    {
        lock (monitor)
        {
            ended = true;
            Monitor.PulseAll(monitor);
        }
    }

    /// <summary>Takes a worker's next batch, pausing first at a mark.</summary>
    /// <returns>False when the run is over.</returns>
    public bool TryTake(int worker, Account account, out Draw draw)
    {
        lock (monitor)
        {
            while (!ended && failure is null)
            {
                if (supply.TryTake(worker, out draw)) return true;
                Pause(worker, account);
            }
        }
        draw = default;
        return false;
    }

    /// <summary>Reports that a worker failed; everyone stops.</summary>
    public void Fail(Exception reason)
    {
        lock (monitor)
        {
            failure ??= reason;
            Monitor.PulseAll(monitor);
        }
    }

    private void Pause(int worker, Account account)
    {
        if (ReleasedAt != 0) account.Book(Activity.Compute); // before the first release the clock stands still
        if (++paused == workers) PausedAt = Stopwatch.GetTimestamp();
        Monitor.PulseAll(monitor);
        while (paused > 0 && !ended && failure is null)
        {
            if (work is { HasMore: true } shared)
            {
                Monitor.Exit(monitor);
                try { shared.Take(worker); }
                finally { Monitor.Enter(monitor); }
                Monitor.PulseAll(monitor);
            }
            else Monitor.Wait(monitor, waitLimit);
        }
        account.Start(ReleasedAt);
    }

    private sealed class SharedWork(int pieces, Action<int, int> perform)
    {
        private int next, done;

        public bool HasMore => Volatile.Read(ref next) < pieces;

        public bool IsDone => Volatile.Read(ref done) >= pieces;

        public void Take(int worker)
        {
            for (int piece; (piece = Interlocked.Increment(ref next) - 1) < pieces; Interlocked.Increment(ref done)) perform(worker, piece);
        }
    }
}
