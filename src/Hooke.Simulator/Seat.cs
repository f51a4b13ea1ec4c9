using System.Numerics;
using Hooke.Runs;

namespace Hooke.Simulator;

/// <summary>What a worker does, or waits for.</summary>
internal enum Doing : byte
{
    /// <summary>It is dead, or not there yet.</summary>
    Absent,
    /// <summary>It waits for the center's value to start from.</summary>
    Joining,
    /// <summary>It is about to begin.</summary>
    Ready,
    /// <summary>It computes.</summary>
    Computing,
    /// <summary>It waits for the center's answer.</summary>
    Reading,
    /// <summary>It waits for its message to be absorbed.</summary>
    Sending,
    /// <summary>It waits for its last message to be absorbed before it sends the next.</summary>
    Held,
    /// <summary>Its message has come; it waits for those of the others.</summary>
    AwaitingSum,
    /// <summary>It waits for a displacement.</summary>
    AwaitingDisplacement,
    /// <summary>It waits for all others to come.</summary>
    AtBarrier,
    /// <summary>All have come, and it may read.</summary>
    Released,
    /// <summary>It waits for its turn.</summary>
    AwaitingTurn,
    /// <summary>Its turn is over when the messages of it and the nodes above have arrived.</summary>
    Delivering,
    /// <summary>Nothing is left for it to do.</summary>
    Finished,
}

/// <summary>A worker's place in the simulation: what it does, and its account of time.</summary>
internal struct Seat
{
    // What most events need comes first.
    public Doing Doing;

    public bool HasTurn, IsVisiting, IsDisplaced;

    /// <summary>Whether its gradient is yet to be computed.</summary>
    public bool IsPending;

    /// <summary>Counts its waits: an event for an earlier one finds that the worker has gone on.</summary>
    public int Token;

    /// <summary>Counts its lives.</summary>
    public int Life;

    /// <summary>Pushes that are on their way; in a tree, messages of its turn.</summary>
    public int InFlight;

    /// <summary>Until when its time is booked.</summary>
    public double Since;

    /// <summary>Until when it stands still, and by how much that delays the gradient it computes.</summary>
    public double PausedUntil, Shift;

    public double Communication, Waiting, Compute, Data;

    /// <summary>Random numbers used for the network, messages sent, and the last one that the center took.</summary>
    public long Draws, Sent, LastTaken;

    public long Bytes, Exchanges;

    /// <summary>Its draw: step, position, count.</summary>
    public long Step, Position;

    public int Count;

    /// <summary>Faults that wait for its next message.</summary>
    public bool LosesNext, DuplicatesNext;

    public bool InRound, HasDeposited;

    public double DelaysNext;

    /// <summary>Examples it had taken at the end of its last iteration.</summary>
    public long Boundary;

    /// <summary>Messages of a round that are on their way.</summary>
    public int DepositsInFlight;

    /// <summary>What it does when its turn comes.</summary>
    public Moment Pending;

    /// <summary>Examples whose gradient was never used.</summary>
    public long Abandoned;

    /// <summary>Books the time until a moment.</summary>
    public void Book(ref double part, double until)
    {
        if (until <= Since) return;
        part += until - Since;
        Since = until;
    }

    public void Archive<T>(IArchive<T> archive, string name) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int doing = (int)Doing, pending = (int)Pending;
        archive.Number(name + "doing", ref doing);
        archive.Number(name + "pending", ref pending);
        (Doing, Pending) = ((Doing)doing, (Moment)pending);
        archive.Number(name + "token", ref Token);
        archive.Number(name + "life", ref Life);
        archive.Number(name + "inFlight", ref InFlight);
        archive.Number(name + "since", ref Since);
        archive.Number(name + "compute", ref Compute);
        archive.Number(name + "data", ref Data);
        archive.Number(name + "communication", ref Communication);
        archive.Number(name + "waiting", ref Waiting);
        archive.Number(name + "pausedUntil", ref PausedUntil);
        archive.Number(name + "shift", ref Shift);
        archive.Number(name + "exchanges", ref Exchanges);
        archive.Number(name + "bytes", ref Bytes);
        archive.Number(name + "boundary", ref Boundary);
        archive.Number(name + "abandoned", ref Abandoned);
        archive.Number(name + "step", ref Step);
        archive.Number(name + "position", ref Position);
        archive.Number(name + "count", ref Count);
        archive.Number(name + "sent", ref Sent);
        archive.Number(name + "lastTaken", ref LastTaken);
        archive.Number(name + "draws", ref Draws);
        archive.Flag(name + "losesNext", ref LosesNext);
        archive.Flag(name + "duplicatesNext", ref DuplicatesNext);
        archive.Number(name + "delaysNext", ref DelaysNext);
        archive.Flag(name + "hasTurn", ref HasTurn);
        archive.Flag(name + "isVisiting", ref IsVisiting);
        archive.Flag(name + "isDisplaced", ref IsDisplaced);
        archive.Flag(name + "inRound", ref InRound);
        archive.Flag(name + "hasDeposited", ref HasDeposited);
        archive.Number(name + "depositsInFlight", ref DepositsInFlight);
    }
}
