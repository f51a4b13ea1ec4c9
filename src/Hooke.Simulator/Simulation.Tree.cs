using Hooke.Methods;
using Hooke.Numerics;
using Hooke.Problems;
using Hooke.Runs;

namespace Hooke.Simulator;

/// <content>
/// Trees. Inner nodes keep the clock that they have in every fabric: a turn whenever their leaves have made one more step each, on
/// average. A turn takes no time of its own, for it lies between two steps; messages do.
/// </content>
public sealed partial class Simulation<T>
{
    private readonly Tree<T>? tree;
    private readonly Edge[] edges;
    private NativeVector<T>? draft;

    /// <summary>Plays the turns of the nodes above a leaf that has made a step, lowest first.</summary>
    private void PlayAbove(int w)
    {
        var draw = new Draw(star.Seed, w, seats[w].Step, seats[w].Position, seats[w].Count);
        for (var node = tree!.Nodes[w].Parent; node is not null; node = node.Parent)
            if (node.Beat())
                for (Moment moment; (moment = node.Worker.Next()) != Moment.End;)
                    if (moment == Moment.Gradient) node.Compute(draw);
                    else Serve(w, node, moment);
    }

    private void Serve(int w, Node<T> node, Moment moment)
    {
        switch (moment)
        {
            case Moment.SendUp when node.Parent is not null: Send(w, node, node, node.ToParent, Purpose.Up); break;
            case Moment.SendDown:
                foreach (var child in node.Children) Send(w, node, child, child.FromParent, Purpose.Down);
                break;
            case Moment.Poll:
                if (node.Parent is not null) node.TryReceive(node.FromParent, out _);
                foreach (var child in node.Children)
                    if (node.TryReceive(child.ToParent, out long age)) Account(w, age);
                break;
        }
    }

    /// <summary>
    /// A message leaves. If the last one over this edge is still on its way, it waits behind it, and messages that wait are one:
    /// the latest parameters, or the sum of all differences.
    /// </summary>
    private void Send(int w, Node<T> sender, Node<T> lower, Mail<T> mail, Purpose purpose)
    {
        ref var edge = ref edges[IndexOf(lower.Index, purpose)];
        if (timing == Timing.RoundRobin)
        {
            // Nobody else moves before it has arrived, so its content may be there at once.
            sender.Write(mail);
            sender.Post(mail);
            seats[w].InFlight++;
            Depart(Write(purpose, w, lower.Index, withVector: false));
            return;
        }
        int m = edge.Held;
        if (m == Message.Nothing)
        {
            m = Write(purpose, w, lower.Index, withVector: true);
            post[m].Number = ++edge.Sent;
            post.VersionOf(m, 0) = sender.Write(mail, post.VectorOf(m));
            if (edge.IsBusy) edge.Held = m;
            else
            {
                edge.IsBusy = true;
                Depart(m);
            }
        }
        else if (mail.LatestOnly) post.VersionOf(m, 0) = sender.Write(mail, post.VectorOf(m));
        else
        {
            draft ??= new(star.Objective.Dimension);
            post.VersionOf(m, 0) = sender.Write(mail, draft.Span);
            Add(post.VectorOf(m), draft.Span, T.One);
        }
    }

    private int Write(Purpose purpose, int w, int lower, bool withVector)
    {
        int m = post.Create(purpose, w, withVector);
        (post[m].Life, post[m].Node) = (seats[w].Life, lower);
        return m;
    }

    /// <summary>A message arrives at its node, which drops a second copy; a parent serves one after the other.</summary>
    private bool OnMail(int m)
    {
        ref var message = ref post[m];
        if (message.Vector != Message.Nothing)
        {
            ref var edge = ref edges[IndexOf(message.Node, message.Purpose)];
            if (message.Number <= edge.Taken)
            {
                duplicates++;
                post.Free(m);
                return false;
            }
            edge.Taken = message.Number;
            message.Accepted = true;
            if (message.Twin != Message.Nothing) post[message.Twin].TwinTaken = true;
        }
        if (message.Purpose == Purpose.Down || cluster.Service is not { } law) return Put(m);
        double service = law.Sample(Chance(message.Worker), 0);
        queue.Post(ServerOf(tree!.Nodes[message.Node].Parent!).Enter(now, service), Happening.Served, m);
        return false;
    }

    /// <summary>A message is where its receiver looks for it at its next turn.</summary>
    /// <returns>Whether it was the last that its sender's turn waited for.</returns>
    private bool Put(int m)
    {
        var message = post[m];
        if (message.Vector == Message.Nothing)
        {
            post.Free(m);
            ref var seat = ref seats[message.Worker];
            return message.Life == seat.Life && --seat.InFlight == 0 && seat.Doing == Doing.Delivering;
        }
        var lower = tree!.Nodes[message.Node];
        bool isUp = message.Purpose == Purpose.Up;
        // A leaf that is not there hears nothing.
        if (isUp || lower.Level > 0 || IsHere(lower.Index)) (isUp ? lower.ToParent : lower.FromParent).Put(post.VectorOf(m), post.VersionOf(m, 0));
        FreeEdge(m);
        return false;
    }

    /// <summary>A message is lost for good; what the last incident tells of it is completed.</summary>
    private void Lose(int m)
    {
        var message = post[m];
        if (message.Purpose == Purpose.Up)
        {
            double norm = 0;
            if (!tree!.Nodes[message.Node].ToParent.LatestOnly)
            {
                lost ??= new(star.Objective.Dimension);
                Add(lost.Span, post.VectorOf(m), T.One);
                norm = Norm(post.VectorOf(m));
            }
            incidents[^1] = incidents[^1] with { Updates = 1, Norm = norm };
        }
        FreeEdge(m);
    }

    /// <summary>A message is over; the one that waits behind it leaves.</summary>
    private void FreeEdge(int m)
    {
        ref var edge = ref edges[IndexOf(post[m].Node, post[m].Purpose)];
        post.Free(m);
        int next = edge.Held;
        (edge.Held, edge.IsBusy) = (Message.Nothing, next != Message.Nothing);
        if (next != Message.Nothing) Depart(next);
    }

    /// <summary>A leaf is gone, and with it what it held, what it was about to send, and what it has not yet heard.</summary>
    private void Prune(int w)
    {
        var leaf = tree!.Nodes[w];
        leaf.Worker.Forget();
        leaf.FromParent.Clear();
        ref var edge = ref edges[IndexOf(w, Purpose.Up)];
        int m = edge.Held;
        if (m == Message.Nothing) return;
        edge.Held = Message.Nothing;
        Tell(IncidentKind.MessageLost, w);
        bool isBusy = edge.IsBusy;
        Lose(m);
        edge.IsBusy = isBusy;
    }

    /// <summary>Adds up what all nodes but the root hold, and what has arrived and not yet moved anyone.</summary>
    private void AddHeld(Span<T> sum)
    {
        foreach (var node in tree!.Nodes)
        {
            if (node.Parent is null) continue;
            if (node.Level > 0 || IsHere(node.Index)) AddHeld(sum, node);
            if (node.ToParent.IsWaiting) Add(sum, node.ToParent.Letter, T.One);
        }
    }

    /// <summary>Adds what a node has done and its parent has not heard of; of elastic trees, which conserve nothing, its parameters.</summary>
    private void AddHeld(Span<T> sum, Node<T> node)
    {
        Add(sum, node.Worker.X, T.One);
        if (star.Method.Coupling is Relay) Add(sum, node.Worker.Memory[sum.Length..], -T.One);
    }

    private bool IsHere(int w) => seats[w].Doing is not Doing.Absent and not Doing.Joining;

    private ref Server ServerOf(Node<T> node) => ref servers[node.Index - seats.Length];

    private static int IndexOf(int lower, Purpose purpose) => 2 * lower + (purpose == Purpose.Up ? 0 : 1);

    /// <summary>One direction between a node and its parent.</summary>
    private struct Edge
    {
        /// <summary>Messages sent, and the last that was taken.</summary>
        public long Sent, Taken;

        /// <summary>The message that waits for the one on its way.</summary>
        public int Held;

        /// <summary>Whether one is on its way.</summary>
        public bool IsBusy;

        public void Archive(IArchive<T> archive, string name)
        {
            archive.Number(name + "sent", ref Sent);
            archive.Number(name + "taken", ref Taken);
            archive.Number(name + "held", ref Held);
            archive.Flag(name + "isBusy", ref IsBusy);
        }
    }
}
