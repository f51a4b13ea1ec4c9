using Hooke.Runs;

namespace Hooke.Engine.Mpi;

/// <content>
/// Trees: rank 0 has the root. While the workers pause the root is held; where the run must be the same every time, and at its end, the whole
/// tree comes to rest first.
/// </content>
internal sealed partial class HubRun<T>
{
    private TreePart<T>? tree;
    private TreePlaces? places;
    private bool isHeld;

    private CenterVariable<T> Root()
    {
        places = TreePlaces.Agree(transport, options.WorkersPerRank, options.StartLimit);
        tree = new(transport, method, Objective, [], workers, places, map, Seed, plan.WaitLimit, () => hub?.Failure is not null, reason => hub!.Fail(reason));
        return tree.Center(method);
    }

    private void Deliver(int from, Letter letter)
    {
        if (letter.Header.Operation is Operation.Mail or Operation.MailTaken or Operation.Steps or Operation.StepsPlayed) tree!.Deliver(from, letter);
        else hub.Deliver(from, letter);
    }

    /// <summary>Keeps the root as it is until <see cref="ReleaseTree"/>.</summary>
    /// <param name="atRest">Whether all that is on its way in the tree arrives before.</param>
    private void HoldTree(bool atRest)
    {
        if (tree is null) return;
        if (atRest)
        {
            lock (transport.Gate) hub.AskAll(Operation.Settle);
            AwaitAnswers("the rest of their nodes");
            tree.Settle();
        }
        tree.Hold();
        isHeld = true;
    }

    private void ReleaseTree()
    {
        if (isHeld) tree!.Release();
        isHeld = false;
    }

    /// <summary>Takes what all nodes hold up to the root, level by level.</summary>
    private void FlushTree()
    {
        for (int level = 0; level < tree!.Levels; level++)
        {
            lock (transport.Gate) hub.AskAll(Operation.Finish, level);
            AwaitAnswers($"the last messages of the nodes at height {level}");
        }
        tree.Flush(tree.Levels, tree.Account);
    }

    /// <summary>A worker is lost. Others can go on without its leaf, but not without inner nodes.</summary>
    private void Prune(Seat seat)
    {
        if (tree is null || !SpeaksForProcess(seat)) return;
        tree.Lose(seat.Peer, seat.Incarnation);
        if (HasInnerNodes(seat))
            hub.Fail(new CenterLostException($"rank {seat.Peer} (process {seat.Process} on {seat.Host}), which has inner nodes of the tree, has been silent for {options.Lease.TotalSeconds:g3} s, the limit"));
        foreach (var other in hub.Here)
            if (SpeaksForProcess(other)) Tell(other, seat);
    }

    /// <summary>A worker that joins learns who was lost before.</summary>
    private void Remind(Seat seat)
    {
        if (tree is null || !SpeaksForProcess(seat)) return;
        foreach (var other in hub.Seats)
            if (other != seat && SpeaksForProcess(other) && other.Incarnation > (other.IsHere ? 1 : 0)) Tell(seat, other);
    }

    private void Tell(Seat to, Seat lost)
    {
        var letter = transport.Rent(0, Operation.Gone, lost.Index, lost.IsHere ? lost.Incarnation - 1 : lost.Incarnation);
        letter.Header.Number = lost.Peer;
        transport.Send(to.Peer, letter);
    }

    private bool HasInnerNodes(Seat seat) => tree?.HasInnerNodes(seat.Peer) ?? false;

    private bool SpeaksForProcess(Seat seat) => seat.Index % options.WorkersPerRank == 0;
}
