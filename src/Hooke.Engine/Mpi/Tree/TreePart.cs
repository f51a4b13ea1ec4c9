using System.Numerics;
using Hooke.Methods;
using Hooke.Problems;
using Hooke.Runs;

namespace Hooke.Engine.Mpi;

/// <summary>
/// The nodes of a tree that are in this process, and the ways to their neighbors in others. Over every edge, in each direction, at most one
/// message is on its way; what should leave meanwhile leaves when the way is free, as it is then. A node whose leaves are elsewhere is told of
/// their steps, which are counted on the way; its turns are played by a thread of the part's own, the keeper.
/// </summary>
/// <remarks>
/// What a part has sent is answered: mail when it has arrived, steps when the turns that they make due have been played. A part whose
/// workers pause answers steps only when what it has sent itself has been answered; so the tree is at rest when all workers pause and
/// every part is quiet. In turns, and with one leaf, whoever sends waits for the answer: then the order of events is that of turns.
/// </remarks>
internal sealed class TreePart<T> : IFarNodes<T>, IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Window = 4;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private readonly Transport transport;
    private readonly Tree<T> tree;
    private readonly TreeTurns<T> turns;
    private readonly TreePlaces places;
    private readonly ShardMap map;
    private readonly TimeSpan limit;
    private readonly ulong seed;
    private readonly bool inTurns;
    private readonly Func<bool> isSettled, isQuiet;
    private readonly Action<Exception> onFailure;
    private readonly TreeEdge<T>?[] edges;
    private readonly TreeClock<T>?[] clocks;
    private readonly int[] lives;
    private readonly bool[] isGone;
    private readonly object playing = new();
    private readonly Queue<Due> due = new();
    private readonly Thread? keeper;
    private int unanswered, working;
    private bool isPlaying, ended;

    private readonly record struct Due(Node<T> Child, int Peer, int Life, int Steps, Draw Draw);

    /// <summary>Makes a process's part of the tree.</summary>
    /// <param name="transport">Of the process.</param>
    /// <param name="method">What runs.</param>
    /// <param name="objective">What is minimized.</param>
    /// <param name="leaves">The leaves here; none at rank 0.</param>
    /// <param name="workers">All leaves.</param>
    /// <param name="places">Where all nodes are.</param>
    /// <param name="map">The parts of a message.</param>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="limit">Longest wait for an answer.</param>
    /// <param name="isInterrupted">Whether waits must end.</param>
    /// <param name="onFailure">Is told what ended the keeper.</param>
    public TreePart(Transport transport, Method method, IObjective<T> objective, Worker<T>[] leaves, int workers, TreePlaces places, ShardMap map, ulong seed, TimeSpan limit, Func<bool> isInterrupted, Action<Exception> onFailure)
    {
        (this.transport, this.places, this.map, this.seed, this.limit, this.onFailure) = (transport, places, map, seed, limit, onFailure);
        inTurns = method.Schedule.Timing == Timing.RoundRobin || workers == 1;
        using (var start = CenterVariable<T>.StartOf(objective, seed, -1))
            tree = new(method, objective, workers, start.Span, leaf => Array.Find(leaves, each => each.Index == leaf), (first, isRoot) => (isRoot ? 0 : places.RankOf(first)) == transport.Rank);
        turns = new(tree, map.Bytes<T>(), this);
        (edges, clocks) = (new TreeEdge<T>?[2 * tree.Nodes.Length], new TreeClock<T>?[tree.Nodes.Length]);
        (lives, isGone) = (new int[transport.Size], new bool[transport.Size]);
        bool isTold = false;
        foreach (var node in tree.Nodes)
        {
            if (node.Parent is null || node.IsHere == node.Parent.IsHere) continue;
            int peer = places.RankOf(node.IsHere ? node.Parent : node);
            foreach (bool isUp in (ReadOnlySpan<bool>)[true, false]) edges[TreeEdge<T>.NumberOf(node, isUp)] = new(node, isUp, peer, isInterrupted);
            if (node.IsHere) clocks[node.Index] = new(node, peer, isInterrupted);
            isTold |= node.Parent.IsHere;
        }
        isSettled = () => unanswered == 0 || working > 0 || ended || isInterrupted();
        isQuiet = () => IsQuiet || isInterrupted();
        if (!isTold) return;
        keeper = new(Keep) { Name = "keeper", IsBackground = true };
        keeper.Start();
    }

    /// <summary>The root, if it is here.</summary>
    public Node<T> Root => tree.Root;

    /// <summary>Levels of nodes that have a parent.</summary>
    public int Levels => tree.Root.Level;

    /// <summary>Whether inner nodes are at a rank.</summary>
    public bool HasInnerNodes(int rank) => tree.Nodes.Any(node => node.Level > 0 && places.RankOf(node) == rank);

    /// <summary>What the keeper has sent and absorbed; it is at rest while the part is held.</summary>
    public Account Account { get; } = new();

    /// <summary>Whether all that was sent has been answered, and no turn is due.</summary>
    public bool IsQuiet
    {
        get
        {
            lock (due) return unanswered == 0 && due.Count == 0 && !isPlaying;
        }
    }

    /// <summary>A worker here goes on.</summary>
    public void Begin()
    {
        lock (transport.Gate) working++;
    }

    /// <summary>A worker here pauses.</summary>
    public void Pause()
    {
        lock (transport.Gate) working--;
    }

    /// <summary>Does what a leaf's order asks for, on its thread.</summary>
    public void Serve(int leaf, Account account, Moment moment) => turns.Serve(leaf, account, moment);

    /// <summary>Plays the turns that a leaf's step has made due.</summary>
    public void PlayAbove(int leaf, Account account, in Draw draw) => turns.PlayAbove(leaf, account, draw);

    /// <summary>Waits until the part is quiet, or is interrupted.</summary>
    public void Settle() => transport.Await(isQuiet, limit, () => $"{unanswered} letters to other nodes of the tree have not been answered");

    /// <summary>Sends what the nodes of a level hold up, when all is at rest.</summary>
    /// <param name="level">Their height.</param>
    /// <param name="account">The account of whoever does.</param>
    public void Flush(int level, Account account)
    {
        foreach (var node in tree.Nodes)
        {
            if (node.Level != level || !node.IsHere) continue;
            turns.ReceiveFromChildren(account, node);
            if (node.Parent is not null) turns.Send(account, node, node, node.ToParent);
        }
        Settle();
    }

    /// <summary>Keeps the nodes here as they are, until <see cref="Release"/>, by the same thread.</summary>
    public void Hold()
    {
        if (!Monitor.TryEnter(playing, limit)) throw new TimeoutException($"rank {transport.Rank}: a turn of a tree's node has not ended for {limit.TotalSeconds:g3} s, the limit");
    }

    /// <summary>Lets the nodes go on.</summary>
    public void Release() => Monitor.Exit(playing);

    /// <summary>Hands over what the keeper has counted of messages since it was last asked.</summary>
    public void TakeMessages(Account into)
    {
        lock (playing) into.Absorbed(Account.TakeMessages());
    }

    /// <summary>Saves or restores the inner nodes and what is on its way; the leaves are the workers'.</summary>
    /// <param name="archive">Where to.</param>
    /// <param name="withMail">Whether what is on its way is saved, too.</param>
    public void Archive(IArchive<T> archive, bool withMail) => tree.Archive(archive, withMail);

    /// <summary>Lets the inner nodes here start anew.</summary>
    /// <param name="from">Their parameters.</param>
    public void Restart(ReadOnlySpan<T> from)
    {
        foreach (var node in tree.Nodes)
            if (node.IsHere && node.Level > 0) node.Worker.Restart(from);
    }

    /// <summary>Handles a letter, which it returns. Under the transport's gate, as all that follows.</summary>
    public void Deliver(int from, Letter letter)
    {
        var header = letter.Header;
        // A process that was given up and has come back begins a new life; letters from and to the old one are void.
        if (header.Incarnation > lives[from]) Lose(from, header.Incarnation);
        if (header.Next == lives[transport.Rank] && header.Incarnation == lives[from])
        {
            isGone[from] = false;
            Handle(from, header, letter);
        }
        transport.Return(letter);
    }

    /// <summary>A process is given up: nothing that was on its way to or from it counts.</summary>
    /// <param name="peer">Its rank.</param>
    /// <param name="times">How often it has been given up.</param>
    public void Lose(int peer, int times)
    {
        if (times <= lives[peer]) return;
        lives[peer] = times;
        isGone[peer] = true;
        foreach (var edge in edges)
            if (edge?.Peer == peer) Reset(edge);
        foreach (var clock in clocks)
            if (clock?.Peer == peer) Reset(clock);
    }

    /// <summary>This process has been given up, and begins anew.</summary>
    /// <param name="times">How often.</param>
    public void Rejoin(int times)
    {
        if (times <= lives[transport.Rank]) return;
        lives[transport.Rank] = times;
        foreach (var edge in edges)
            if (edge is not null) Reset(edge);
        foreach (var clock in clocks)
            if (clock is not null) Reset(clock);
        foreach (var node in tree.Nodes)
            if (node is { Level: 0, IsHere: true }) lock (node.FromParent) node.FromParent.Clear();
    }

    /// <inheritdoc/>
    public bool Send(Node<T> sender, Node<T> lower, Mail<T> mail)
    {
        var edge = EdgeOf(lower, mail);
        lock (transport.Gate)
        {
            if (isGone[edge.Peer]) return false;
            if (edge.IsBusy)
            {
                edge.Owes = true;
                return false;
            }
            (edge.IsBusy, edge.Owes) = (true, false);
            unanswered++;
        }
        long version = sender.Write(mail, (edge.Buffer ??= new(map.Dimension)).Span);
        lock (transport.Gate)
        {
            if (!edge.IsBusy) return false; // the other end was given up meanwhile
            edge.Version = version;
            while (edge.Left < Math.Min(Window, map.Count)) SendPart(edge);
        }
        if (inTurns) transport.Await(edge.IsFree, limit, edge.NotFree);
        return true;
    }

    /// <inheritdoc/>
    public bool IsOwed(Node<T> lower, Mail<T> mail)
    {
        var edge = EdgeOf(lower, mail);
        lock (transport.Gate) return edge is { Owes: true, IsBusy: false };
    }

    /// <inheritdoc/>
    public void Tell(Node<T> node, Node<T> child, int steps, in Draw draw)
    {
        var clock = clocks[child.Index]!;
        lock (transport.Gate)
        {
            if (isGone[clock.Peer]) return;
            clock.Steps += steps;
            clock.Draw = draw;
            if (!clock.IsTold) SendSteps(clock);
        }
        if (inTurns) transport.Await(clock.IsAnswered, limit, clock.NotAnswered);
    }

    /// <summary>Makes the root the center of the run, which frees the nodes.</summary>
    public CenterVariable<T> Center(Method method) => CenterVariable<T>.Of(method, tree);

    /// <summary>Ends the keeper and frees the nodes, unless they are the center's.</summary>
    public void Dispose()
    {
        lock (due)
        {
            ended = true;
            Monitor.PulseAll(due);
        }
        // A keeper that does not come back may still use them.
        if (keeper is not null && !keeper.Join(limit)) return;
        if (!tree.Root.IsHere) tree.Dispose();
        foreach (var edge in edges) edge?.Buffer?.Dispose();
    }

    private TreeEdge<T> EdgeOf(Node<T> lower, Mail<T> mail) => edges[TreeEdge<T>.NumberOf(lower, mail == lower.ToParent)]!;

    private Letter Rent(int bytes, Operation operation, int peer, long number)
    {
        var letter = transport.Rent(bytes, operation, 0, lives[transport.Rank]);
        (letter.Header.Next, letter.Header.Number) = (lives[peer], number);
        return letter;
    }

    private void Handle(int from, in Header header, Letter letter)
    {
        switch (header.Operation)
        {
            case Operation.Mail: Arrive(edges[header.Number]!, header, letter.Values<T>()); break;
            case Operation.MailTaken:
                var edge = edges[header.Number]!;
                edge.Unanswered--;
                if (edge.Left < map.Count) SendPart(edge);
                else if (edge.Unanswered == 0)
                {
                    (edge.IsBusy, edge.Left) = (false, 0);
                    unanswered--;
                }
                break;
            case Operation.Steps:
                var told = letter.Values<ToldSteps>()[0];
                lock (due)
                {
                    due.Enqueue(new(tree.Nodes[header.Number], from, lives[from], told.Steps, new(seed, told.Worker, told.Step, told.Position, (int)told.Count)));
                    Monitor.PulseAll(due);
                }
                break;
            case Operation.StepsPlayed:
                var clock = clocks[header.Number]!;
                clock.IsTold = false;
                unanswered--;
                if (clock.Steps > 0) SendSteps(clock);
                break;
        }
    }

    private void SendPart(TreeEdge<T> edge)
    {
        int part = edge.Left++, offset = map.Offset(part), length = map.Length(part);
        var letter = Rent(length * System.Runtime.CompilerServices.Unsafe.SizeOf<T>(), Operation.Mail, edge.Peer, edge.Number);
        (letter.Header.Shard, letter.Header.Version) = (part, edge.Version);
        edge.Buffer!.Span.Slice(offset, length).CopyTo(letter.Values<T>());
        transport.Send(edge.Peer, letter);
        edge.Unanswered++;
    }

    private void SendSteps(TreeClock<T> clock)
    {
        var letter = Rent(0, Operation.Steps, clock.Peer, clock.Child.Index);
        letter.Room<ToldSteps>(1)[0] = new(clock.Steps, clock.Draw.Worker, clock.Draw.Step, clock.Draw.Position, clock.Draw.Count);
        transport.Send(clock.Peer, letter);
        (clock.IsTold, clock.Steps) = (true, 0);
        unanswered++;
    }

    private void Arrive(TreeEdge<T> edge, in Header header, ReadOnlySpan<T> part)
    {
        part.CopyTo((edge.Buffer ??= new(map.Dimension)).Span[map.Offset(header.Shard)..]);
        if (++edge.Come == map.Count)
        {
            edge.Come = 0;
            lock (edge.Mail) edge.Mail.Post(ref edge.Buffer, header.Version);
        }
        transport.Send(edge.Peer, Rent(0, Operation.MailTaken, edge.Peer, edge.Number));
    }

    private void Reset(TreeEdge<T> edge)
    {
        if (edge.IsBusy) unanswered--;
        edge.Reset();
    }

    private void Reset(TreeClock<T> clock)
    {
        if (clock.IsTold) unanswered--;
        clock.Reset();
    }

    private void Keep()
    {
        try
        {
            while (TryNext(out var told))
            {
                lock (playing) turns.Climb(told.Child, told.Steps, Account, told.Draw);
                if (!inTurns && !tree.Root.IsHere) transport.Await(isSettled, limit, () => $"{unanswered} letters to other nodes of the tree have not been answered");
                lock (transport.Gate)
                {
                    if (lives[told.Peer] == told.Life && !isGone[told.Peer]) transport.Send(told.Peer, Rent(0, Operation.StepsPlayed, told.Peer, told.Child.Index));
                }
                lock (due) isPlaying = false;
            }
        }
        catch (Exception reason)
        {
            lock (transport.Gate) onFailure(reason);
        }
    }

    private bool TryNext(out Due told)
    {
        lock (due)
        {
            while (!due.TryDequeue(out told))
            {
                if (ended) return false;
                Monitor.Wait(due, Tick);
            }
            return isPlaying = true;
        }
    }
}
