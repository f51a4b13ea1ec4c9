using System.Numerics;
using Hooke.Problems;
using Hooke.Runs;

namespace Hooke.Engine;

/// <summary>The ways from the nodes of a tree that are here to those in other processes.</summary>
internal interface IFarNodes<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Sends what a node writes to a neighbor that is not here, now or when the way is free.</summary>
    /// <param name="sender">Who writes.</param>
    /// <param name="lower">The lower end of the edge.</param>
    /// <param name="mail">The edge's mail in this direction.</param>
    /// <returns>Whether a message has left.</returns>
    bool Send(Node<T> sender, Node<T> lower, Mail<T> mail);

    /// <summary>Whether a message over an edge waits for the way to be free, and it is.</summary>
    /// <param name="lower">The lower end of the edge.</param>
    /// <param name="mail">The edge's mail in the direction.</param>
    bool IsOwed(Node<T> lower, Mail<T> mail);

    /// <summary>Tells a node that is not here how many steps leaves beneath it have made.</summary>
    /// <param name="node">Which.</param>
    /// <param name="child">Its child above those leaves, which is here.</param>
    /// <param name="steps">How many.</param>
    /// <param name="draw">The last one's draw.</param>
    void Tell(Node<T> node, Node<T> child, int steps, in Draw draw);
}

/// <summary>
/// The tree on the workers' threads. An inner node has no thread of its own: whoever makes its turn due plays it, or, if
/// another thread is at it, leaves it to that one, so nobody waits for a node. Mail is locked only while buffers change hands.
/// </summary>
internal sealed class TreeTurns<T>(Tree<T> tree, long bytes, Interleaving? record, IFarNodes<T>? far = null) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Lock[] locks = [.. tree.Nodes.Select(_ => new Lock())];
    private readonly int[] due = new int[tree.Nodes.Length];

    /// <summary>Plays the turns that a worker's step has made due, lowest first.</summary>
    public void PlayAbove(int worker, Account account, in Draw draw) => Climb(tree.Nodes[worker], 1, worker, account, draw);

    /// <summary>Plays the turns that are due above a node when leaves beneath it have made steps, lowest first.</summary>
    /// <param name="child">The node.</param>
    /// <param name="steps">How many steps.</param>
    /// <param name="worker">Whose step was the last.</param>
    /// <param name="account">The account of whoever plays.</param>
    /// <param name="draw">The last step's draw, which nodes with gradients use too.</param>
    public void Climb(Node<T> child, int steps, int worker, Account account, in Draw draw)
    {
        for (var node = child.Parent; node is not null; (child, node) = (node, node.Parent))
        {
            if (!node.IsHere)
            {
                far!.Tell(node, child, steps, draw);
                break;
            }
            bool mine = false;
            lock (locks[node.Index])
            {
                record?.Note(worker);
                for (int k = 0; k < steps; k++)
                    if (node.Beat()) mine |= due[node.Index]++ == 0;
            }
            while (mine)
            {
                for (Moment moment; (moment = node.Worker.Next()) != Moment.End;)
                    if (moment == Moment.Gradient)
                    {
                        account.Book(Activity.Communication);
                        node.Compute(draw);
                        account.Book(Activity.Compute);
                    }
                    else Serve(worker, account, node, moment);
                lock (locks[node.Index])
                {
                    record?.Note(worker);
                    mine = --due[node.Index] > 0;
                }
            }
        }
        account.Book(Activity.Communication);
    }

    /// <summary>Does what a leaf's order asks for, on its thread.</summary>
    public void Serve(int worker, Account account, Moment moment)
    {
        Serve(worker, account, tree.Nodes[worker], moment);
        account.Book(Activity.Communication);
    }

    /// <summary>Lets what has come from a node's children move it.</summary>
    public void ReceiveFromChildren(int worker, Account account, Node<T> node)
    {
        foreach (var child in node.Children) Receive(worker, account, node, child.ToParent);
    }

    /// <summary>Sends what a node writes to its parent or a child.</summary>
    public void Send(int worker, Account account, Node<T> sender, Node<T> lower, Mail<T> mail)
    {
        var receiver = sender == lower ? lower.Parent! : lower;
        if (!receiver.IsHere)
        {
            if (far!.Send(sender, lower, mail)) account.Moved(bytes);
            return;
        }
        sender.Write(mail);
        lock (mail)
        {
            record?.Note(worker);
            sender.Post(mail);
        }
        account.Moved(bytes);
    }

    private void Serve(int worker, Account account, Node<T> node, Moment moment)
    {
        switch (moment)
        {
            case Moment.SendUp when node.Parent is not null: Send(worker, account, node, node, node.ToParent); break;
            case Moment.SendDown:
                foreach (var child in node.Children) Send(worker, account, node, child, child.FromParent);
                break;
            case Moment.Poll:
                if (far is not null) SendOwed(worker, account, node);
                if (node.Parent is not null) Receive(worker, account, node, node.FromParent);
                ReceiveFromChildren(worker, account, node);
                break;
        }
    }

    /// <summary>What could not leave in its time leaves now, as it is now: of parameters the latest count, and differences are of all that was done.</summary>
    private void SendOwed(int worker, Account account, Node<T> node)
    {
        if (node.Parent is { IsHere: false } && far!.IsOwed(node, node.ToParent)) Send(worker, account, node, node, node.ToParent);
        foreach (var child in node.Children)
            if (!child.IsHere && far!.IsOwed(child, child.FromParent)) Send(worker, account, node, child, child.FromParent);
    }

    private void Receive(int worker, Account account, Node<T> node, Mail<T> mail)
    {
        lock (mail)
        {
            record?.Note(worker);
            if (!node.Take(mail)) return;
        }
        long age = node.Receive(mail);
        if (age >= 0) account.Absorbed(age);
    }
}
