using Hooke.Methods;
using Hooke.Numerics;

namespace Hooke.Simulator;

/// <content>Reads, messages and visits on their way between workers and the center.</content>
public sealed partial class Simulation<T>
{
    private long duplicates, resent;

    /// <summary>A worker asks for what the center publishes.</summary>
    private bool Request(int w)
    {
        int token = Wait(w, seats[w].Doing == Doing.Joining ? Doing.Joining : Doing.Reading);
        // All have what an all-reduce has left.
        if (timing == Timing.Synchronous && cluster.Collective != Collective.Center && seats[w].Doing != Doing.Joining)
        {
            foreach (var shard in star.Shards) star.Read(star.Workers[w], shard);
            return true;
        }
        double arrival = now + (tree is null ? network.Latency(w) : network.Latency(w, tree.Nodes[w].Parent!.Index));
        if (arrival == now) return OnRequested(w, token);
        queue.Post(arrival, Happening.Requested, w, token);
        return false;
    }

    private bool OnRequested(int w, int token)
    {
        if (seats[w].Token != token) return false;
        if (now < centerUp)
        {
            queue.Post(centerUp, Happening.Requested, w, token);
            return false;
        }
        if (cluster.ReadService is not { } law) return OnRead(w, token);
        double service = law.Sample(Chance(w), 0) / star.Shards.Length, done = now;
        if (tree is not null) done = ServerOf(tree.Nodes[w].Parent!).Enter(now, service);
        else for (int s = 0; s < servers.Length; s++) done = Math.Max(done, servers[s].Enter(now, service));
        queue.Post(done, Happening.Read, w, token);
        return false;
    }

    private bool OnRead(int w, int token)
    {
        if (seats[w].Token != token) return false;
        if (now < centerUp)
        {
            queue.Post(centerUp, Happening.Requested, w, token);
            return false;
        }
        if (tree is not null) tree.Nodes[w].Consult();
        else foreach (var shard in star.Shards) star.Read(star.Workers[w], shard);
        return Depart(Write(Purpose.Answer, w));
    }

    /// <summary>A worker sends the message in its outbox.</summary>
    private bool Send(int w)
    {
        if (timing == Timing.Synchronous) return Deposit(w);
        ref var seat = ref seats[w];
        if (!blocking && seat.InFlight > 0)
        {
            Wait(w, Doing.Held);
            return false;
        }
        Wait(w, Doing.Sending);
        int m = Write(Purpose.Push, w);
        var worker = star.Workers[w];
        worker.Outbox.CopyTo(post.VectorOf(m));
        foreach (var shard in star.Shards) post.VersionOf(m, shard.Index) = star.VersionOf(worker, shard);
        post[m].RateDropped = worker.SentAfterDrop;
        post[m].Number = ++seat.Sent;
        seat.InFlight++;
        bool isOver = Depart(m);
        return isOver || !blocking;
    }

    /// <summary>A worker's snapshot leaves.</summary>
    private bool Visit(int w)
    {
        seats[w].IsVisiting = true;
        if (timing == Timing.Synchronous)
        {
            Deposit(w);
            return true;
        }
        Depart(Write(Purpose.Visit, w));
        if (timing != Timing.RoundRobin || !seats[w].IsVisiting) return true;
        Wait(w, Doing.Sending); // its turn is over when the visit is
        return false;
    }

    private int Write(Purpose purpose, int w)
    {
        int m = post.Create(purpose, w, purpose == Purpose.Push);
        ref var message = ref post[m];
        message.Token = seats[w].Token;
        message.Life = seats[w].Life;
        message.Node = w;
        return m;
    }

    /// <summary>A message leaves, or is lost, late or doubled.</summary>
    /// <returns>Whether who waits for it may go on at once.</returns>
    private bool Depart(int m)
    {
        ref var message = ref post[m];
        int w = message.Worker;
        ref var seat = ref seats[w];
        Count(w, (long)bytes);
        (message.Stage, message.Tail, message.Slowest) = (0, now, 0);
        // What inner nodes of a tree send is hit by the cluster's misfortunes, not by a worker's.
        bool isOwn = message.Node == w && message.Purpose != Purpose.Down;
        bool loses = isOwn && seat.LosesNext || cluster.Loss > 0 && Chance(w).Uniform(0) < cluster.Loss;
        if (isOwn) seat.LosesNext = false;
        if (loses) return Vanish(m);
        double delay = isOwn ? seat.DelaysNext : 0;
        if (isOwn) seat.DelaysNext = 0;
        bool doubles = message is { Purpose: Purpose.Push or Purpose.Up, IsCopy: false, Twin: Message.Nothing, Vector: not Message.Nothing }
            && (isOwn && seat.DuplicatesNext || cluster.Duplication > 0 && Chance(w).Uniform(0) < cluster.Duplication);
        int copy = Message.Nothing;
        if (doubles)
        {
            if (isOwn) seat.DuplicatesNext = false;
            copy = Double(m);
        }
        bool isOver = false;
        if (delay > 0) queue.Post(now + delay, Happening.Hop, m);
        else isOver = Enter(m);
        if (copy != Message.Nothing) Enter(copy);
        return isOver;
    }

    private int Double(int m)
    {
        int copy = post.Create(post[m].Purpose, post[m].Worker, withVector: true);
        ref Message first = ref post[m], second = ref post[copy];
        int vector = second.Vector;
        second = first;
        (second.Vector, second.IsCopy, second.Twin, first.Twin) = (vector, true, m, copy);
        post.VectorOf(m).CopyTo(post.VectorOf(copy));
        foreach (var shard in star.Shards) post.VersionOf(copy, shard.Index) = post.VersionOf(m, shard.Index);
        return copy;
    }

    /// <summary>A message is lost. Its sender finds out after the timeout, and sends it again or gives it up.</summary>
    private bool Vanish(int m)
    {
        var message = post[m];
        int w = message.Worker;
        switch (message.Purpose)
        {
            case Purpose.Push when !cluster.Resend:
                Tell(IncidentKind.MessageLost, w);
                if (message.Token == seats[w].Token) queue.Post(now + cluster.Timeout, Happening.GoOn, w, message.Token);
                GiveUp(m);
                return false;
            case Purpose.Up or Purpose.Down when !cluster.Resend && message.Vector != Message.Nothing:
                Tell(IncidentKind.MessageLost, w);
                Lose(m);
                return false;
            case Purpose.Answer:
                // Who asks waits for the answer, and asks again.
                post.Free(m);
                if (message.Token == seats[w].Token) queue.Post(now + cluster.Timeout, Happening.Requested, w, message.Token);
                break;
            default: queue.Post(now + cluster.Timeout, Happening.Resend, m); break;
        }
        resent++;
        return false;
    }

    /// <summary>The head of a message enters the next link.</summary>
    private bool Enter(int m)
    {
        ref var message = ref post[m];
        bool up = message.Purpose is Purpose.Push or Purpose.Deposit or Purpose.Visit or Purpose.Up;
        message.Tail = Math.Max(message.Tail, now);
        int index = NextLane(message, up, ref message.Stage);
        while (index >= 0)
        {
            ref var lane = ref network[index];
            double duration = bytes * lane.SecondsPerByte, start = now;
            if (duration > 0)
            {
                start = Math.Max(now, lane.Free);
                lane.Free = start + duration;
                lane.Busy += duration;
            }
            lane.Bytes += bytes;
            double latency = lane.Latency + (lane.Jitter > 0 ? -lane.Jitter * Math.Log(1 - Chance(message.Worker).Uniform(0)) : 0);
            message.Slowest = Math.Max(message.Slowest, duration);
            message.Tail = Math.Max(message.Tail, start + duration) + latency;
            int stage = message.Stage;
            index = NextLane(message, up, ref stage);
            if (index < 0 || start + latency == now)
            {
                message.Stage = stage;
                continue;
            }
            queue.Post(start + latency, Happening.Hop, m);
            return false;
        }
        if (up && tree is null) return Deliver(m);
        if (message.Tail == now) return OnArrived(m);
        queue.Post(message.Tail, Happening.Arrived, m);
        return false;
    }

    private int NextLane(in Message message, bool up, ref int stage)
        => tree is null ? network.Next(message.Worker, up, ref stage) : network.Next(message.Node, tree.Nodes[message.Node].Parent!.Index, up, ref stage);

    /// <summary>The slices of a message arrive at the center one after the other, as fast as its slowest link let them.</summary>
    private bool Deliver(int m)
    {
        int slices = servers.Length, w = post[m].Worker;
        double tail = post[m].Tail, slice = post[m].Slowest / slices;
        post[m].SlicesLeft = slices;
        bool isOver = false;
        for (int k = 0; k < slices; k++)
        {
            int shard = star.Shard(star.Workers[w], k).Index;
            double arrival = tail - slice * (slices - 1 - k);
            if (arrival <= now) isOver = OnSlice(m, shard);
            else queue.Post(arrival, Happening.Slice, m, shard);
        }
        return isOver;
    }

    private bool OnSlice(int m, int shard)
    {
        ref var message = ref post[m];
        if (now < centerUp)
        {
            queue.Post(centerUp, Happening.Slice, m, shard);
            return false;
        }
        if (message is { Accepted: false, Refused: false }) Admit(m);
        if (message.Refused)
        {
            if (--message.SlicesLeft == 0) Refuse(m);
            return false;
        }
        if (cluster.Service is not { } law) return OnServed(m, shard);
        queue.Post(servers[shard].Enter(now, law.Sample(Chance(message.Worker), 0) / servers.Length), Happening.Served, m, shard);
        return false;
    }

    /// <summary>The center looks whether it has seen a message before, and whether who would wait for an answer still lives.</summary>
    private void Admit(int m)
    {
        ref var message = ref post[m];
        ref var seat = ref seats[message.Worker];
        message.Accepted = message.Purpose switch
        {
            Purpose.Push => message.Number > seat.LastTaken,
            Purpose.Visit => message.Life == seat.Life,
            _ => true,
        };
        message.Refused = !message.Accepted;
        if (message.Refused || message.Purpose != Purpose.Push) return;
        seat.LastTaken = message.Number;
        if (message.Twin != Message.Nothing) post[message.Twin].TwinTaken = true;
    }

    private void Refuse(int m)
    {
        var message = post[m];
        if (message.Purpose == Purpose.Visit)
        {
            Tell(IncidentKind.VisitRefused, message.Worker);
            post.Free(m);
            return;
        }
        if (message.TwinTaken) duplicates++;
        else if (message.Twin == Message.Nothing) Tell(IncidentKind.MessageTooLate, message.Worker);
        GiveUp(m);
    }

    private bool OnServed(int m, int shard)
    {
        if (tree is not null) return Put(m);
        if (now < centerUp)
        {
            queue.Post(centerUp, Happening.Served, m, shard);
            return false;
        }
        ref var message = ref post[m];
        int w = message.Worker;
        if (message.Purpose == Purpose.Push)
        {
            var center = star.Shards[shard];
            long age = center.Absorb(post.VectorOf(m).Slice(center.Offset, center.Length), post.VersionOf(m, shard), message.RateDropped);
            message.Absorbed |= 1UL << shard;
            if (shard == 0) Account(w, age);
        }
        if (--message.SlicesLeft > 0) return false;
        switch (message.Purpose)
        {
            case Purpose.Push: return Acknowledge(m);
            case Purpose.Visit: return Meet(m);
            default:
                bool isStale = visits && message.Life != seats[w].Life;
                post.Free(m);
                if (isStale)
                {
                    seats[w].DepositsInFlight--;
                    Withdraw(w);
                    return false;
                }
                return OnDeposited(w);
        }
    }

    /// <summary>A message has been absorbed: its sender hears of it.</summary>
    private bool Acknowledge(int m)
    {
        var message = post[m];
        int w = message.Worker;
        Settle(m);
        if (!blocking || seats[w].Token != message.Token) return false;
        double heard = now + network.Latency(w);
        if (heard == now) return true;
        queue.Post(heard, Happening.GoOn, w, message.Token);
        return false;
    }

    /// <summary>A message is over; a worker that holds the next one back sends it.</summary>
    private void Settle(int m)
    {
        var message = post[m];
        post.Free(m);
        ref var seat = ref seats[message.Worker];
        if (message.IsCopy || message.Life != seat.Life) return;
        seat.InFlight--;
        if (seat.Doing == Doing.Held && seat.InFlight == 0) queue.Post(now, Happening.GoOn, message.Worker, seat.Token);
    }

    /// <summary>The exchange of a snapshot at the center; its displacement goes back.</summary>
    private bool Meet(int m)
    {
        ref var message = ref post[m];
        int w = message.Worker;
        // The worker may have died while its snapshot stood in line.
        if (message.Life != seats[w].Life)
        {
            Refuse(m);
            return false;
        }
        var worker = star.Workers[w];
        foreach (var shard in star.Shards) star.Read(worker, shard);
        worker.Meet();
        long age = 0;
        foreach (var shard in star.Shards)
        {
            long mine = star.Absorb(worker, shard);
            if (shard.Index == 0) age = mine;
        }
        Account(w, age);
        seats[w].IsDisplaced = true;
        message.Purpose = Purpose.Displacement;
        return Depart(m);
    }

    private bool OnArrived(int m)
    {
        var message = post[m];
        if (message.Purpose is Purpose.Up or Purpose.Down) return OnMail(m);
        post.Free(m);
        ref var seat = ref seats[message.Worker];
        if (message.Purpose == Purpose.Answer) return message.Token == seat.Token;
        if (message.Life != seat.Life) return false;
        seat.IsVisiting = false;
        return seat.Doing == Doing.AwaitingDisplacement || timing == Timing.RoundRobin && seat.Doing == Doing.Sending;
    }

    /// <summary>Random numbers for what happens to a worker's messages.</summary>
    private Noise Chance(int w) => new(star.Seed, w, seats[w].Draws++, NoiseStream.Network);
}
