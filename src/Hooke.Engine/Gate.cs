using System.Diagnostics;
using Hooke.Problems;
using Hooke.Runs;

namespace Hooke.Engine;

/// <summary>Why a run failed.</summary>
/// <param name="Worker">The worker that failed, from 0; -1 for the thread that fetches examples.</param>
/// <param name="Reason">What it threw.</param>
internal sealed record Failure(int Worker, Exception Reason);

/// <summary>
/// Hands out batches to the worker threads of a run, and stops all of them at the supply's marks, between two iterations,
/// where the coordinator evaluates and saves. The run's clock stands still while all pause.
/// </summary>
internal sealed class Gate(Supply supply, Account[] accounts, Watch watch, Interleaving? record)
{
    private readonly object monitor = new();
    private int paused;
    private long releases;
    private bool ended;
    private Failure? failure;
    private SharedWork? work;

    /// <summary>When the last worker paused.</summary>
    public long PausedAt { get; private set; }

    /// <summary>When they were let go on; 0 before the first time.</summary>
    public long ReleasedAt { get; private set; }

    /// <summary>What made the first worker fail, if one did.</summary>
    public Failure? Failure => Volatile.Read(ref failure);

    /// <summary>Waits for all workers to pause, or a worker to fail, or a tick's time to pass.</summary>
    /// <returns>False if only time has passed.</returns>
    /// <exception cref="TimeoutException">A worker does not come back.</exception>
    public bool AwaitPause()
    {
        lock (monitor)
        {
            if (!HasPaused) Monitor.Wait(monitor, Watch.TickTime);
            if (!HasPaused) watch.Demand("its step");
            return HasPaused;
        }
    }

    /// <summary>Lets the pausing workers do something together, and waits for its end.</summary>
    /// <param name="pieces">Number of pieces.</param>
    /// <param name="perform">Does a piece: the worker, the piece.</param>
    /// <exception cref="TimeoutException">A worker does not come back.</exception>
    public void Share(int pieces, Action<int, int> perform)
    {
        lock (monitor)
        {
            work = new(pieces, perform);
            Monitor.PulseAll(monitor);
            while (!work.IsDone && failure is null)
            {
                Monitor.Wait(monitor, Watch.TickTime);
                watch.Demand("the evaluation");
            }
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
            releases++;
            foreach (var account in accounts) account.Begin(); // who is slow to wake is not waiting for others
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
    public bool TryTake(int worker, out Draw draw)
    {
        lock (monitor)
        {
            while (!ended && failure is null)
            {
                long claims = supply.Claims;
                if (supply.TryTake(worker, out draw))
                {
                    record?.Note(worker);
                    if (supply.Claims > claims) Monitor.PulseAll(monitor); // there is more to fetch
                    accounts[worker].Begin();
                    return true;
                }
                Pause(worker);
            }
        }
        draw = default;
        return false;
    }

    /// <summary>Waits until workers have begun more than so many claims, or the run is over.</summary>
    /// <param name="beyond">How many; a negative number does not wait.</param>
    /// <param name="claims">How many they have begun.</param>
    /// <returns>False when the run is over.</returns>
    public bool AwaitClaims(long beyond, out long claims)
    {
        lock (monitor)
        {
            while (supply.Claims <= beyond && !ended && failure is null) Monitor.Wait(monitor, Watch.TickTime);
            claims = supply.Claims;
            return !ended && failure is null;
        }
    }

    /// <summary>Reports that a worker failed; everyone stops.</summary>
    public void Fail(int worker, Exception reason)
    {
        lock (monitor)
        {
            failure ??= new(worker, reason);
            Monitor.PulseAll(monitor);
        }
    }

    private bool HasPaused => paused == accounts.Length || failure is not null;

    private void Pause(int worker)
    {
        var account = accounts[worker];
        if (ReleasedAt != 0) account.Book(Activity.Compute); // before the first release the clock stands still
        account.Rest();
        if (++paused == accounts.Length) PausedAt = Stopwatch.GetTimestamp();
        Monitor.PulseAll(monitor);
        // Whoever wakes first may be at the next mark before the last has woken, so a count of pauses can't tell that this one is over.
        for (long mine = releases; releases == mine && !ended && failure is null;)
        {
            if (work is { HasMore: true } shared) Help(shared, worker);
            else Monitor.Wait(monitor);
        }
        account.Start(ReleasedAt);
    }

    /// <summary>Does pieces of the shared work with the gate open to others.</summary>
    private void Help(SharedWork shared, int worker)
    {
        Monitor.Exit(monitor);
        try
        {
            while (Failure is null && shared.TryNext(out int piece))
            {
                accounts[worker].Begin();
                shared.Perform(worker, piece);
            }
        }
        finally
        {
            accounts[worker].Rest();
            Monitor.Enter(monitor);
        }
        Monitor.PulseAll(monitor);
    }

    private sealed class SharedWork(int pieces, Action<int, int> perform)
    {
        private int next, done;

        public bool HasMore => Volatile.Read(ref next) < pieces;

        public bool IsDone => Volatile.Read(ref done) >= pieces;

        public bool TryNext(out int piece) => (piece = Interlocked.Increment(ref next) - 1) < pieces;

        public void Perform(int worker, int piece)
        {
            perform(worker, piece);
            Interlocked.Increment(ref done);
        }
    }
}
