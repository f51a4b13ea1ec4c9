using Hooke.Methods;
using Hooke.Numerics;
using Hooke.Runs;

namespace Hooke.Simulator;

/// <content>Faults, and the ledger of what they took.</content>
public sealed partial class Simulation<T>
{
    private readonly List<Incident> incidents = [];
    private readonly HashSet<int> absentees = [];
    private readonly bool hasRestarts;
    private readonly CenterImage<T> saved = new();
    private NativeVector<T>? lost, removed, added;
    private double centerUp;
    private long savedClock;
    private int pendingArrivals;

    /// <summary>Sum of all messages and center updates that were lost; empty if none was.</summary>
    internal ReadOnlySpan<T> Lost => lost is null ? [] : lost.Span;

    /// <summary>What became of the faults so far.</summary>
    public IReadOnlyList<Incident> Incidents => incidents;

    /// <summary>
    /// What symmetric elastic exchange conserves, whatever the faults: the center, the workers with displacements that they have
    /// not yet moved by, messages on their way, and by the ledger what was lost, plus what left, minus what joined.
    /// </summary>
    /// <param name="sum">Receives n sums.</param>
    /// <remarks>In a tree of differences: the root, and all that the other nodes hold and have not sent.</remarks>
    public void Balance(Span<T> sum)
    {
        star.Center.CopyTo(sum);
        if (tree is not null) AddHeld(sum);
        else foreach (var worker in star.Workers)
        {
            ref var seat = ref seats[worker.Index];
            if (seat.Doing is not Doing.Absent and not Doing.Joining) worker.AddTo(sum, seat.IsDisplaced);
            // A snapshot is no message.
            if (HoldsMessage(seat)) Add(sum, worker.Outbox, T.One);
            if ((seat.HasDeposited || seat.DepositsInFlight > 0) && !visits) Add(sum, worker.Outbox, T.One);
        }
        for (int m = 0; m < post.Places; m++)
        {
            var message = post[m];
            if (!message.InUse || message is not { Purpose: Purpose.Push or Purpose.Up, Vector: not Message.Nothing } || message.Refused || message.TwinTaken || message.IsCopy && message.Twin != Message.Nothing && !message.Accepted) continue;
            foreach (var shard in star.Shards)
                if ((message.Absorbed >> shard.Index & 1) == 0)
                    Add(sum.Slice(shard.Offset, shard.Length), post.VectorOf(m).Slice(shard.Offset, shard.Length), T.One);
        }
        if (lost is not null) Add(sum, lost.Span, T.One);
        if (removed is not null) Add(sum, removed.Span, T.One);
        if (added is not null) Add(sum, added.Span, -T.One);
    }

    /// <summary>Whether a message is formed that has not yet left.</summary>
    private static bool HoldsMessage(in Seat seat) => seat.Doing == Doing.Held || seat is { Doing: Doing.AwaitingTurn, Pending: Moment.Send };

    private static void Add(Span<T> sum, ReadOnlySpan<T> part, T sign) => Elementwise.Map(new AddScaled<T>(sign), sum, part, sum);

    private void Schedule()
    {
        for (int k = 0; k < plan.Faults.Count; k++)
        {
            var fault = plan.Faults[k];
            queue.Post(fault.At, Happening.Fault, k);
            if (fault.Kind is FaultKind.Return or FaultKind.Join) pendingArrivals++;
            if (fault.Kind == FaultKind.Join) absentees.Add(fault.Worker);
        }
        if (hasRestarts) SaveCenter();
    }

    private void Strike(Fault fault)
    {
        int w = fault.Worker;
        ref var seat = ref seats[w];
        switch (fault.Kind)
        {
            case FaultKind.Die:
                if (seat.Doing != Doing.Absent) Die(w);
                break;
            case FaultKind.Return or FaultKind.Join:
                pendingArrivals--;
                if (seat.Doing == Doing.Absent) Arrive(w);
                break;
            case FaultKind.Pause:
                if (seat.Doing == Doing.Absent) break;
                incidents.Add(new(now, IncidentKind.Paused, w, fault.Seconds));
                seat.PausedUntil = Math.Max(seat.PausedUntil, now + fault.Seconds);
                if (seat.Doing == Doing.Computing) seat.Shift += fault.Seconds;
                break;
            case FaultKind.Lose: seat.LosesNext = true; break;
            case FaultKind.Duplicate: seat.DuplicatesNext = true; break;
            case FaultKind.Delay: seat.DelaysNext += fault.Seconds; break;
            case FaultKind.RestartCenter: RestoreCenter(fault.Seconds); break;
        }
    }

    private void Die(int w)
    {
        if (seats[w].IsPending) DeriveAll();
        ref var seat = ref seats[w];
        if (seat.Since > now)
        {
            seat.Compute -= seat.Since - now;
            seat.Since = now;
        }
        bool wasJoining = seat.Doing == Doing.Joining;
        long batch = supply.Taken(w) - seat.Boundary;
        (seat.Abandoned, seat.Boundary) = (seat.Abandoned + batch, supply.Taken(w));
        abandoned += batch;
        double norm = 0;
        if (HoldsMessage(seat))
        {
            lost ??= new(star.Objective.Dimension);
            Add(lost.Span, star.Workers[w].Outbox, T.One);
            incidents.Add(new(now, IncidentKind.MessageLost, w, 0, 1, 0, Norm(star.Workers[w].Outbox)));
        }
        if (!wasJoining)
        {
            removed ??= new(star.Objective.Dimension);
            using var part = new NativeVector<T>(removed.Length);
            if (tree is not null) AddHeld(part.Span, tree.Nodes[w]);
            else star.Workers[w].AddTo(part.Span, seat.IsDisplaced);
            Add(removed.Span, part.Span, T.One);
            norm = Norm(part.Span);
        }
        incidents.Add(new(now, IncidentKind.Died, w, 0, 0, batch, norm));
        if (tree is not null) Prune(w);
        if (visits && seat.HasDeposited)
        {
            (seat.HasDeposited, seat.InRound) = (false, false);
            Withdraw(w);
        }
        (seat.Life, seat.InFlight, seat.Shift, seat.IsVisiting, seat.IsDisplaced) = (seat.Life + 1, 0, 0, false, false);
        seat.Token++;
        Leave(w, Doing.Absent);
        if (!equalShares || divergence is not null || plan.EvaluateEvery <= 0) return;
        CountBehind();
        EvaluateAtMark();
    }

    /// <summary>A worker has nothing left to do, or is gone; nobody waits for it any more.</summary>
    private void Leave(int w, Doing doing)
    {
        ref var seat = ref seats[w];
        var before = seat.Doing;
        seat.Doing = doing;
        seat.Token++;
        if (before == Doing.Joining) joining--;
        else if (before is not Doing.Finished and not Doing.Absent) active--;
        if (timing == Timing.RoundRobin && turn == w) PassTurn(w);
        if (timing != Timing.Synchronous) return;
        if (before == Doing.AtBarrier) arrived--;
        // What a dead worker has sent still counts, but for a snapshot, which nobody could take back.
        if (seat is { InRound: true, HasDeposited: false } && (seat.DepositsInFlight == 0 || visits))
        {
            seat.InRound = false;
            missing--;
        }
        CompleteRound();
        OpenBarrier();
    }

    /// <summary>The snapshot of a dead worker takes no part in the round.</summary>
    private void Withdraw(int w)
    {
        Tell(IncidentKind.VisitRefused, w);
        deposits--;
        CompleteRound();
        OpenBarrier();
    }

    /// <summary>A worker asks for the center's value, to start from it.</summary>
    private void Arrive(int w)
    {
        ref var seat = ref seats[w];
        seat.Book(ref seat.Waiting, now);
        seat.Doing = Doing.Joining;
        joining++;
        if (Request(w)) Continue(w);
    }

    private bool Enlist(int w)
    {
        ref var seat = ref seats[w];
        var worker = star.Workers[w];
        worker.Restart(worker.Inbox);
        added ??= new(star.Objective.Dimension);
        if (tree is null) Add(added.Span, worker.X, T.One); // a leaf holds nothing yet that its parent lacks
        Tell(seat.Life == 0 ? IncidentKind.Joined : IncidentKind.CameBack, w);
        joining--;
        active++;
        seat.Doing = Doing.Ready;
        seat.HasTurn = false;
        if (timing == Timing.RoundRobin && turn == Message.Nothing) turn = w;
        if (equalShares && plan.EvaluateEvery > 0) CountBehind();
        return Begin(w);
    }

    private void SaveCenter()
    {
        saved.Saves = true;
        star.ArchiveCenter(saved);
        savedClock = star.Clock;
        queue.Post(now + plan.CheckpointEvery, Happening.Checkpoint, 0);
    }

    private void RestoreCenter(double seconds)
    {
        lost ??= new(star.Objective.Dimension);
        using var before = new NativeVector<T>(star.Center);
        saved.Saves = false;
        star.ArchiveCenter(saved);
        Add(before.Span, star.Center, -T.One);
        Add(lost.Span, before.Span, T.One);
        incidents.Add(new(now, IncidentKind.CenterRestarted, -1, seconds, star.Clock - savedClock, 0, Norm(before.Span)));
        savedClock = star.Clock;
        centerUp = Math.Max(centerUp, now + seconds);
    }

    /// <summary>A message is gone for good, unless its twin is or will be taken.</summary>
    private void GiveUp(int m)
    {
        var message = post[m];
        if (!message.TwinTaken && message.Twin == Message.Nothing)
        {
            lost ??= new(star.Objective.Dimension);
            Add(lost.Span, post.VectorOf(m), T.One);
            incidents[^1] = incidents[^1] with { Updates = 1, Norm = Norm(post.VectorOf(m)) };
        }
        Settle(m);
    }

    private void Tell(IncidentKind kind, int w) => incidents.Add(new(now, kind, w));

    private void ArchiveIncidents(IArchive<T> archive)
    {
        int count = incidents.Count;
        archive.Number("incidents.count", ref count);
        for (int k = 0; k < count; k++)
        {
            var (seconds, kind, worker, length, updates, unused, norm) = k < incidents.Count ? incidents[k] : new(0, default, 0);
            int number = (int)kind;
            archive.Number($"incident.{k}.seconds", ref seconds);
            archive.Number($"incident.{k}.kind", ref number);
            archive.Number($"incident.{k}.worker", ref worker);
            archive.Number($"incident.{k}.length", ref length);
            archive.Number($"incident.{k}.updates", ref updates);
            archive.Number($"incident.{k}.samples", ref unused);
            archive.Number($"incident.{k}.norm", ref norm);
            if (k == incidents.Count) incidents.Add(new(seconds, (IncidentKind)number, worker, length, updates, unused, norm));
        }
    }

    private static double Norm(ReadOnlySpan<T> vector)
    {
        double sum = 0;
        foreach (T value in vector) { double v = double.CreateChecked(value); sum += v * v; }
        return Math.Sqrt(sum);
    }
}

/// <summary>The center's checkpoint.</summary>
internal sealed class CenterImage<T> : IArchive<T>, IDisposable where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
{
    private static readonly string[] Names = ["center.x", "center.state", "center.report"];
    private readonly NativeVector<T>?[] images = new NativeVector<T>?[Names.Length];

    public bool Saves { get; set; }

    public void Number(string name, ref long value) { }

    public void Number(string name, ref double value) { }

    public void Vector(string name, ref NativeVector<T>? vector, int length)
    {
        if (vector is null) return;
        ref var image = ref images[Array.IndexOf(Names, name)];
        if (Saves) vector.Span.CopyTo((image ??= new(length)).Span);
        else image!.Span.CopyTo(vector.Span);
    }

    /// <summary>Saves or restores the checkpoint itself.</summary>
    public void Archive(IArchive<T> archive)
    {
        for (int k = 0; k < Names.Length; k++)
        {
            int length = images[k]?.Length ?? 0;
            archive.Number($"saved.{Names[k]}.length", ref length);
            if (length > 0) archive.Vector($"saved.{Names[k]}", ref images[k], length);
        }
    }

    public void Dispose()
    {
        foreach (var image in images) image?.Dispose();
    }
}
