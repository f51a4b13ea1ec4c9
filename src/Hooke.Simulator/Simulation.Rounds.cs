using Hooke.Runs;

namespace Hooke.Simulator;

/// <content>Workers that wait for each other: rounds of synchronous timing, turns.</content>
public sealed partial class Simulation<T>
{
    private int arrived, missing, deposits, turn;
    private bool reducing;

    /// <summary>A synchronous worker comes to read: all read when all have come and all messages are summed.</summary>
    private void ComeToBarrier(int w)
    {
        Wait(w, Doing.AtBarrier);
        arrived++;
        OpenBarrier();
    }

    private void OpenBarrier()
    {
        if (arrived < active || deposits > 0 || arrived == 0) return;
        arrived = 0;
        NewRound(); // with those that joined meanwhile
        for (int w = 0; w < seats.Length; w++)
        {
            if (seats[w].Doing != Doing.AtBarrier) continue;
            seats[w].Doing = Doing.Released;
            queue.Post(now, Happening.GoOn, w, seats[w].Token);
        }
    }

    /// <summary>A synchronous worker's message leaves for the center, or is ready for the all-reduce.</summary>
    private bool Deposit(int w)
    {
        if (!visits) Wait(w, Doing.Sending);
        deposits++;
        seats[w].DepositsInFlight++;
        bool goesOn = cluster.Collective == Collective.Center ? Depart(Write(Purpose.Deposit, w)) : OnDeposited(w);
        return goesOn || !blocking;
    }

    private bool OnDeposited(int w)
    {
        ref var seat = ref seats[w];
        seat.DepositsInFlight--;
        seat.HasDeposited = true;
        if (seat.InRound) missing--;
        if (blocking && seat.Doing == Doing.Sending)
        {
            if (cluster.Collective == Collective.Center) seat.Book(ref seat.Communication, now);
            seat.Doing = Doing.AwaitingSum;
        }
        CompleteRound();
        return false;
    }

    /// <summary>When all messages of a round have come, they are summed.</summary>
    private void CompleteRound()
    {
        if (missing > 0 || deposits == 0 || reducing) return;
        foreach (ref var seat in seats.AsSpan())
            if (seat.DepositsInFlight > 0) return;
        if (cluster.Collective == Collective.Center)
        {
            Sum();
            return;
        }
        reducing = true;
        foreach (ref var seat in seats.AsSpan())
            if (seat.Doing == Doing.AwaitingSum)
            {
                seat.Book(ref seat.Waiting, now);
                seat.Doing = Doing.Sending;
            }
        queue.Post(now + cluster.CollectiveSeconds(deposits, bytes), Happening.Reduced, 0);
    }

    private void Sum()
    {
        reducing = false;
        if (deposits < seats.Length) ClearOutboxes(worker => !seats[worker.Index].HasDeposited);
        if (visits)
            foreach (var worker in star.Workers)
                if (seats[worker.Index].HasDeposited)
                {
                    foreach (var shard in star.Shards) star.Read(worker, shard);
                    worker.Meet();
                }
        star.AbsorbSum();
        int among = deposits;
        deposits = 0;
        double share = cluster.Collective == Collective.Ring ? 2.0 * (among - 1) / among : 2;
        for (int w = 0; w < seats.Length; w++)
        {
            ref var seat = ref seats[w];
            if (!seat.HasDeposited) continue;
            Account(w, 0);
            seat.HasDeposited = false;
            if (cluster.Collective != Collective.Center) Count(w, (long)(share * bytes));
            if (visits) Return(w);
            else if (blocking) Release(w);
        }
        NewRound();
        OpenBarrier();
    }

    /// <summary>A visitor's displacement goes back.</summary>
    private void Return(int w)
    {
        ref var seat = ref seats[w];
        if (seat.Doing == Doing.Absent) return;
        seat.IsDisplaced = true;
        if (cluster.Collective == Collective.Center)
        {
            if (Depart(Write(Purpose.Displacement, w))) queue.Post(now, Happening.GoOn, w, seat.Token);
            return;
        }
        seat.IsVisiting = false;
        if (seat.Doing == Doing.AwaitingDisplacement) queue.Post(now, Happening.GoOn, w, seat.Token);
    }

    /// <summary>Who waited for the sum hears of it.</summary>
    private void Release(int w)
    {
        ref var seat = ref seats[w];
        if (seat.Doing is not Doing.AwaitingSum and not Doing.Sending) return;
        if (seat.Doing == Doing.AwaitingSum) seat.Book(ref seat.Waiting, now);
        seat.Doing = Doing.Sending;
        queue.Post(now + (cluster.Collective == Collective.Center ? network.Latency(w) : 0), Happening.GoOn, w, seat.Token);
    }

    /// <summary>All that work now take part in the next sum.</summary>
    private void NewRound()
    {
        missing = 0;
        foreach (ref var seat in seats.AsSpan())
        {
            seat.InRound = IsActive(seat);
            if (seat.InRound) missing++;
        }
    }

    private void ClearOutboxes(Func<Worker<T>, bool> which)
    {
        foreach (var worker in star.Workers)
            if (which(worker)) worker.Outbox.Clear();
    }

    private static bool IsActive(in Seat seat) => seat.Doing is not Doing.Absent and not Doing.Joining and not Doing.Finished;

    /// <summary>The turn goes to the next that still works.</summary>
    private void PassTurn(int w)
    {
        seats[w].HasTurn = false;
        turn = NextInTurn(w);
        if (turn != Message.Nothing && seats[turn].Doing == Doing.AwaitingTurn) queue.Post(now, Happening.GoOn, turn, seats[turn].Token);
    }

    private int NextInTurn(int w)
    {
        for (int k = 1; k <= seats.Length; k++)
        {
            int next = (w + k) % seats.Length;
            if (IsActive(seats[next])) return next;
        }
        return Message.Nothing;
    }
}
