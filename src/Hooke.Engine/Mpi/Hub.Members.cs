using System.Text;

namespace Hooke.Engine.Mpi;

/// <content>Who takes part: who joins, who is heard, who is lost.</content>
internal sealed partial class Hub<T>
{
    /// <summary>Looks whether all are still heard, and says that this rank is.</summary>
    public void Beat(TimeSpan passed)
    {
        sinceBeat += passed;
        replacements.Beat();
        for (int rank = 1; rank < heard.Length; rank++) heard[rank] = transport.HasHeard(rank);
        foreach (var seat in Seats)
        {
            if (!seat.IsHere && !seat.IsExpected) continue;
            seat.Silence = seat.IsExpected && heard[RankOf(seat.Index)] ? TimeSpan.Zero : seat.Silence + passed;
            if (seat.Silence > options.Lease || seat.Silence > Suspicion && HoldsUpTheEnd(seat)) Lose(seat);
        }
        for (int rank = 1; rank < options.Centers; rank++)
        {
            if (!Centers.TryGetValue(rank, out var other))
            {
                absent[rank] = heard[rank] ? TimeSpan.Zero : absent[rank] + passed;
                if (absent[rank] > options.Lease) Failure ??= new(-1, new CenterLostException($"center rank {rank} has not joined: it has been silent for {options.Lease.TotalSeconds:g3} s, the limit"));
                continue;
            }
            Centers[rank] = other with { Silence = other.Silence + passed };
            if (other.Silence > options.Lease) Failure ??= new(-1, new CenterLostException($"center rank {rank} (process {other.Process} on {other.Host}) has been silent for {options.Lease.TotalSeconds:g3} s, the limit"));
        }
        if (sinceBeat < HubBeat) return;
        sinceBeat = TimeSpan.Zero;
        for (int rank = 1; rank < options.Centers; rank++)
            if (transport.Outgoing(rank) < 16) transport.Send(rank, transport.Rent(0, Operation.Beat));
        foreach (var seat in Seats)
            if (seat.IsHere && transport.Outgoing(seat.Peer) < 16) Write(seat, Operation.Beat);
    }

    private void Hello(int from, Letter letter)
    {
        if (isComplete)
        {
            transport.SendEnd(from, !HasLost);
            return;
        }
        var seat = Seats[letter.Header.Worker];
        if (seat.IsHere && seat.Process != letter.Header.Number)
        {
            transport.SendEnd(from, !HasLost); // another has taken its place
            return;
        }
        if (seat.IsHere) Lose(seat); // it says hello again sooner than it was missed
        bool isNew = seat.Incarnation == 0;
        if (!isNew && seat.Process != letter.Header.Number) seat.Before = Sum(seat.Before, seat.Report);
        (seat.Peer, seat.Process, seat.Host) = (from, (int)letter.Header.Number, Encoding.UTF8.GetString(letter.Payload));
        seat.Incarnation++;
        (seat.IsHere, seat.IsExpected, seat.IsPausing, seat.IsAsked, seat.IsCalled, seat.AwaitsTurn, seat.Silence, seat.Done) = (true, false, false, false, false, false, TimeSpan.Zero, 0);
        seat.Leased.Clear();
        seat.Leases = 0;
        service.Join(seat.Index);
        if (!isNew) Changes.Add(new(Now(), seat.Index, "joined", 0));
        Joins?.Invoke(seat);
        var welcome = transport.Rent(0, Operation.Welcome, seat.Index, seat.Incarnation);
        welcome.Header.Flag = (int)(!isNew || beginning != Beginning.Fresh && !seat.IsSaved ? Beginning.FromCenter : beginning);
        welcome.Header.Number = seat.Steps;
        transport.Send(from, welcome);
    }

    private static WorkerReport Sum(in WorkerReport a, in WorkerReport b)
        => new(0, 0, 0, a.Compute + b.Compute, a.Data + b.Data, a.Communication + b.Communication, a.Waiting + b.Waiting, a.Bytes + b.Bytes, 0);

    private void Hear(Seat seat, Letter letter)
    {
        seat.Report = letter.Values<WorkerReport>()[0];
        for (; seat.Done < seat.Report.DrawsDone && seat.Leased.Count > 0; seat.Done++) seat.Leased.Dequeue();
        seat.Done = seat.Report.DrawsDone;
    }

    private void Lose(Seat seat)
    {
        // Should one that has never joined come yet, it joins a run that is under way.
        if (seat.IsExpected) (seat.Peer, seat.Incarnation) = (RankOf(seat.Index), 1);
        seat.IsExpected = seat.IsHere = seat.IsPausing = seat.IsAsked = seat.AwaitsTurn = false;
        HasLost = true;
        transport.GiveUp(seat.Peer);
        service.Leave(seat.Index);
        for (int rank = 1; rank < options.Centers; rank++)
        {
            var gone = transport.Rent(0, Operation.Gone, seat.Index, seat.Incarnation);
            gone.Header.Number = seat.Peer;
            transport.Send(rank, gone);
        }
        Lost?.Invoke(seat);
        long given = supply.Given;
        // Equal shares are the workers' own: what a lost one leaves is not done.
        if (!equalShares) foreach (var draw in seat.Leased) supply.Return(draw);
        seat.Leased.Clear();
        Changes.Add(new(Now(), seat.Index, "lost", given - supply.Given));
        if (!isComplete) replacements.Ask(seat.Index);
        if (!Seats.Any(each => each.IsHere || each.IsExpected) && !replacements.ArePending && !isComplete) Failure ??= new(seat.Index, new TimeoutException($"the last worker, {seat.Index} at rank {seat.Peer}, has been silent for {options.Lease.TotalSeconds:g3} s, the limit"));
        TakeTurns();
        if (isReleased) foreach (var other in Seats)
            if (other is { IsHere: true, IsPausing: true }) Grant(other);
    }
}
