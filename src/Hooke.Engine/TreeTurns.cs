using System.Numerics;
using Hooke.Problems;
using Hooke.Runs;

namespace Hooke.Engine;

/// <summary>
/// The tree on the workers' threads. An inner node has no thread of its own: whoever makes its turn due plays it, or, if
/// another thread is at it, leaves it to that one, so nobody waits for a node. Mail is locked only while buffers change hands.
/// </summary>
internal sealed class TreeTurns<T>(Tree<T> tree, Account[] accounts, long bytes, Interleaving? record) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Lock[] locks = [.. tree.Nodes.Select(_ => new Lock())];
    private readonly int[] due = new int[tree.Nodes.Length];

    /// <summary>Plays the turns that a worker's step has made due, lowest first.</summary>
    public void PlayAbove(int worker, in Draw draw)
    {
        for (var node = tree.Nodes[worker].Parent; node is not null; node = node.Parent)
        {
            bool mine;
            lock (locks[node.Index])
            {
                record?.Note(worker);
                mine = node.Beat() && due[node.Index]++ == 0;
            }
            while (mine)
            {
                for (Moment moment; (moment = node.Worker.Next()) != Moment.End;)
                    if (moment == Moment.Gradient)
                    {
                        accounts[worker].Book(Activity.Communication);
                        node.Compute(draw);
                        accounts[worker].Book(Activity.Compute);
                    }
                    else Serve(worker, node, moment);
                lock (locks[node.Index])
                {
                    record?.Note(worker);
                    mine = --due[node.Index] > 0;
                }
            }
        }
        accounts[worker].Book(Activity.Communication);
    }

    /// <summary>Does what a leaf's order asks for, on its thread.</summary>
    public void Serve(int worker, Moment moment)
    {
        Serve(worker, tree.Nodes[worker], moment);
        accounts[worker].Book(Activity.Communication);
    }

    private void Serve(int worker, Node<T> node, Moment moment)
    {
        switch (moment)
        {
            case Moment.SendUp when node.Parent is not null: Send(worker, node, node.ToParent); break;
            case Moment.SendDown:
                foreach (var child in node.Children) Send(worker, node, child.FromParent);
                break;
            case Moment.Poll:
                if (node.Parent is not null) Receive(worker, node, node.FromParent);
                foreach (var child in node.Children) Receive(worker, node, child.ToParent);
                break;
        }
    }

    private void Send(int worker, Node<T> node, Mail<T> mail)
    {
        node.Write(mail);
        lock (mail)
        {
            record?.Note(worker);
            node.Post(mail);
        }
        accounts[worker].Moved(bytes);
    }

    private void Receive(int worker, Node<T> node, Mail<T> mail)
    {
        lock (mail)
        {
            record?.Note(worker);
            if (!node.Take(mail)) return;
        }
        long age = node.Receive(mail);
        if (age >= 0) accounts[worker].Absorbed(age);
    }
}
