using System.Diagnostics;

namespace Hooke.Engine.Mpi;

/// <content>Who gets which draws.</content>
internal sealed partial class Hub<T>
{
    // A worker holds two, so that what it leaves if it is lost is at most 64 draws, or a twentieth of a second's.
    private const int LongestLease = 32;
    private const double LeaseSeconds = 0.025;

    /// <summary>A worker wants a lease: it has used up those that it had, or <paramref name="isAhead"/> asks before it has.</summary>
    private void Want(Seat seat, bool isAhead, int leases)
    {
        long now = Stopwatch.GetTimestamp();
        if (seat.Done > seat.Working.Done) seat.Pace = Stopwatch.GetElapsedTime(seat.Working.At, now).TotalSeconds / (seat.Done - seat.Working.Done);
        seat.Working = (now, seat.Done);
        if (leases < seat.Leases) return; // the next is on its way
        if (!isAhead)
        {
            seat.Leased.Clear();
            (seat.IsPausing, seat.PausingSince, seat.StillBefore) = (true, now, still);
        }
        Grant(seat);
    }

    /// <summary>Gives a worker its next lease, unless the mark is reached.</summary>
    private void Grant(Seat seat)
    {
        if (!isReleased) return;
        Span<LeasedDraw> lease = stackalloc LeasedDraw[LongestLease];
        int count = 0, most = Most(seat);
        while (count < most && supply.TryTake(seat.Index, out var draw))
        {
            seat.Leased.Enqueue(draw);
            lease[count++] = new(draw.Step, draw.Position, draw.Count);
        }
        if (count == 0) return;
        var letter = transport.Rent(0, Operation.Lease, seat.Index, seat.Incarnation);
        lease[..count].CopyTo(letter.Room<LeasedDraw>(count));
        // The clock stands still while all pause.
        letter.Header.Flag = seat.Leases == 0 ? 1 : 0;
        letter.Header.Number = seat.IsPausing ? still - seat.StillBefore : 0;
        transport.Send(seat.Peer, letter);
        if (seat.IsPausing) seat.Working = (Stopwatch.GetTimestamp(), seat.Done);
        seat.IsPausing = false;
        seat.Leases++;
    }

    /// <summary>
    /// As many draws as take a fortieth of a second, fewer before a mark, so that all reach it at the same time: the last of them go to who has none.
    /// </summary>
    private int Most(Seat seat)
    {
        double cost = method.FullBatch ? objective.Examples : plan.Batch;
        double left = (mark - supply.Given) / cost / (2 * Math.Max(1, CountHere()));
        double most = seat.Pace > 0 ? LeaseSeconds / seat.Pace : 1;
        return (int)Math.Clamp(Math.Min(left, Math.Max(most, 1)), seat.IsPausing ? 1 : 0, LongestLease);
    }

    private int CountHere()
    {
        int count = 0;
        foreach (var seat in Seats)
            if (seat.IsHere) count++;
        return count;
    }
}
