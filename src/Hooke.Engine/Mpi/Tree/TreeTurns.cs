using System.Numerics;
using Hooke.Problems;
using Hooke.Runs;

namespace Hooke.Engine.Mpi;

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
/// The part of a tree that is in this process, on its workers' threads. An inner node has no thread of its own: whoever makes its
/// turn due plays it, or, if another thread is at it, leaves it to that one, so nobody waits for a node. Mail is locked only while
/// buffers change hands.
/// </summary>
internal sealed class TreeTurns<T>(Tree<T> tree, long bytes, IFarNodes<T> far) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Plays the turns that a worker's step has made due, lowest first.</summary>
    public void PlayAbove(int worker, Account account, in Draw draw) => Climb(tree.Nodes[worker], 1, account, draw);

    /// <summary>Plays the turns that are due above a node when leaves beneath it have made steps, lowest first.</summary>
    /// <param name="child">The node.</param>
    /// <param name="steps">How many steps.</param>
    /// <param name="account">The account of whoever plays.</param>
    /// <param name="draw">The last step's draw, which nodes with gradients use too.</param>
    public void Climb(Node<T> child, int steps, Account account, in Draw draw)
    {
        for (var node = child.Parent; node is not null; (child, node) = (node, node.Parent))
        {
            if (!node.IsHere)
            {
                far.Tell(node, child, steps, draw);
                break;
            }
            bool mine = false;
            lock (node)
            {
                for (int k = 0; k < steps; k++) mine |= node.CountStep();
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
                    else Serve(account, node, moment);
                lock (node) mine = node.EndTurn();
            }
        }
        account.Book(Activity.Communication);
    }

    /// <summary>Does what a leaf's order asks for, on its thread.</summary>
    public void Serve(int worker, Account account, Moment moment)
    {
        Serve(account, tree.Nodes[worker], moment);
        account.Book(Activity.Communication);
    }

    /// <summary>Lets what has come from a node's children move it.</summary>
    public void ReceiveFromChildren(Account account, Node<T> node)
    {
        foreach (var child in node.Children) Receive(account, node, child.ToParent);
    }

    /// <summary>Sends what a node writes to its parent or a child.</summary>
    public void Send(Account account, Node<T> sender, Node<T> lower, Mail<T> mail)
    {
        var receiver = sender == lower ? lower.Parent! : lower;
        if (!receiver.IsHere)
        {
            if (far.Send(sender, lower, mail)) account.Moved(bytes);
            return;
        }
        sender.Write(mail);
        lock (mail) sender.Post(mail);
        account.Moved(bytes);
    }

    private void Serve(Account account, Node<T> node, Moment moment)
    {
        switch (moment)
        {
            case Moment.SendUp when node.Parent is not null: Send(account, node, node, node.ToParent); break;
            case Moment.SendDown:
                foreach (var child in node.Children) Send(account, node, child, child.FromParent);
                break;
            case Moment.Poll:
                SendOwed(account, node);
                if (node.Parent is not null) Receive(account, node, node.FromParent);
                ReceiveFromChildren(account, node);
                break;
        }
    }

    /// <summary>What could not leave in its time leaves now, as it is now: of parameters the latest count, and differences are of all that was done.</summary>
    private void SendOwed(Account account, Node<T> node)
    {
        if (node.Parent is { IsHere: false } && far.IsOwed(node, node.ToParent)) Send(account, node, node, node.ToParent);
        foreach (var child in node.Children)
            if (!child.IsHere && far.IsOwed(child, child.FromParent)) Send(account, node, child, child.FromParent);
    }

    private void Receive(Account account, Node<T> node, Mail<T> mail)
    {
        lock (mail)
        {
            if (!node.Take(mail)) return;
        }
        long age = node.Receive(mail);
        if (age >= 0) account.Absorbed(age);
    }
}
