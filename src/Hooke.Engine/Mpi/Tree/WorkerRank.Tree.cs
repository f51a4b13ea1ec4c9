using Hooke.Problems;
using Hooke.Runs;

namespace Hooke.Engine.Mpi;

/// <content>A leaf of a tree. The first of a process speaks for the inner nodes that are there.</content>
internal sealed partial class WorkerRank<T>
{
    private static readonly Func<string> NoTree = () => "the nodes of the tree have not answered";
    private TreePart<T>? tree;
    private bool isFirst;

    /// <summary>Makes the worker a leaf.</summary>
    /// <param name="part">The process's part of the tree.</param>
    /// <param name="first">The process's first leaf.</param>
    public void Grow(TreePart<T> part, int first) => (tree, isFirst) = (part, worker.Index == first);

    /// <summary>Whether waits must end: the hub has given this worker up, and it has learned of that, or has ended the run.</summary>
    public bool IsInterrupted => isExpelled || isEnded;

    private void Serve(Moment moment)
    {
        tree!.Serve(worker.Index, account, moment);
        ThrowIfNews(NoTree);
    }

    private void PlayAbove(in Draw draw)
    {
        tree!.PlayAbove(worker.Index, account, draw);
        ThrowIfNews(NoTree);
    }

    private void Settle()
    {
        tree!.Settle();
        ThrowIfNews(NoTree);
    }

    private void Flush(int level)
    {
        if (!isFirst) return;
        tree!.Flush(level, account);
        ThrowIfNews(NoTree);
        ShowMessages();
    }

    /// <summary>Tells what nodes of the tree here have sent, and how old the messages were that they have absorbed since this was last told.</summary>
    private void ShowMessages()
    {
        if (isFirst) tree!.TakeMessages(account);
        var numbers = new Numbers<T>(Numbers<T>.OfStaleness);
        account.TakeMessages().Archive(numbers, "");
        lock (transport.Gate)
        {
            Tell();
            Report(Operation.Beat); // what inner nodes here have sent is in it
            var letter = transport.Rent(0, Operation.Absorbed, worker.Index, streams.Incarnation);
            numbers.Values.CopyTo(letter.Room<long>(numbers.Values.Length));
            transport.Send(0, letter);
        }
    }
}
