using System.Numerics;
using Hooke.Methods;
using Hooke.Problems;

namespace Hooke.Runs;

/// <summary>What a player needs of its fabric before it can go on.</summary>
public enum Need : byte
{
    /// <summary>The iteration is over: take a batch and <see cref="Player{T}.Begin(in Draw)"/> the next.</summary>
    Batch,
    /// <summary>Call <see cref="Player{T}.Load"/> and <see cref="Player{T}.Compute"/>.</summary>
    Gradient,
    /// <summary>In round-robin timing: wait for the worker's turn, which passes on at the next <see cref="Batch"/>.</summary>
    Turn,
    /// <summary>In synchronous timing: wait until all workers have come here.</summary>
    Meet,
    /// <summary>Call <see cref="Player{T}.Touch"/>, while nobody else touches the same <see cref="Player{T}.Place"/>.</summary>
    Touch,
    /// <summary>In synchronous timing: the message is there; when all p are, call <see cref="Star{T}.AbsorbRound"/>. Nobody waits.</summary>
    Sum,
    /// <summary>Wait until the worker's last visit to the center is over.</summary>
    Await,
}

/// <summary>Counts what a worker's messages move.</summary>
public interface ITally
{
    /// <summary>A message has left or arrived.</summary>
    /// <param name="bytes">Its length.</param>
    void Moved(long bytes);

    /// <summary>A message has been taken in.</summary>
    /// <param name="age">Updates since its sender read; -1 if the message was dropped.</param>
    void Absorbed(long age);
}

/// <summary>
/// The meaning of a method's order of events, once for all fabrics: plays a worker on to the next thing that it can't do by itself,
/// and, in a tree, also plays the turns of nodes above that the worker's iteration has made due. A fabric only decides when a need
/// is served, and under which lock. Allocates nothing while it plays.
/// </summary>
/// <remarks>
/// Only <see cref="Touch"/> meets what others meet, too: a shard of the center, a tree's mail, the count of steps beneath a node. All
/// else is the worker's own, so the order of touches and batches is all that tells an asynchronous run from another, see
/// <see cref="Replay{T}"/>.
/// </remarks>
/// <typeparam name="T">Number type.</typeparam>
public sealed class Player<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private enum Stage : byte
    {
        /// <summary>Between two iterations.</summary>
        Rest,
        /// <summary>Amid a node's order of events.</summary>
        Order,
        /// <summary>A node of the tree is to be told of a step beneath it.</summary>
        Count,
        /// <summary>A node's turn is over.</summary>
        Release,
    }

    private readonly Star<T> star;
    private readonly Worker<T> worker;
    private readonly ITally? tally;
    private readonly bool synchronous, inTurns, fuses;

    /// <summary>In a tree: whose turn it is, the worker's own node or one above.</summary>
    private Node<T>? node;

    private Draw draw;
    private Stage stage;
    private Moment moment;
    private int asked;
    private bool climbs, hasTurn, isTouched, succeeded;
    private long age;

    /// <summary>A worker's player.</summary>
    /// <param name="star">The run.</param>
    /// <param name="worker">Who is played.</param>
    /// <param name="tally">Is told what messages move.</param>
    /// <param name="fuse">Whether read, pull and push are one pass over a shard where the method allows, which changes no bit.</param>
    public Player(Star<T> star, Worker<T> worker, ITally? tally = null, bool fuse = false)
    {
        (this.star, this.worker, this.tally) = (star, worker, tally);
        var timing = star.Method.Topology == Topology.None ? Timing.Asynchronous : star.Method.Schedule.Timing;
        (synchronous, inTurns) = (timing == Timing.Synchronous, timing == Timing.RoundRobin);
        fuses = fuse && !synchronous && worker.Fuses;
    }

    /// <summary>Who is played.</summary>
    public Worker<T> Worker => worker;

    /// <summary>The worker's clock when the iteration began.</summary>
    public long Iteration { get; private set; }

    /// <summary>What the next touch meets: a <see cref="Center{T}"/>, a <see cref="Mail{T}"/> or a <see cref="Node{T}"/>.</summary>
    public object Place => stage != Stage.Order ? node! : moment is Moment.Read or Moment.Send or Moment.Visit ? Shard : Mail;

    /// <summary>Whether what has been read has not moved the worker yet.</summary>
    public bool IsAmidExchange => moment == Moment.Visit || moment == Moment.Read && !fuses;

    /// <summary>Starts an iteration, and what it makes due above.</summary>
    /// <param name="draw">Its batch.</param>
    public void Begin(in Draw draw) => Begin(star.Tree?.Nodes[worker.Index], draw, andAbove: true);

    /// <summary>Starts an iteration of a single node of the tree.</summary>
    /// <param name="node">Which.</param>
    /// <param name="draw">The batch of the leaf whose step made the turn due.</param>
    /// <param name="andAbove">Whether turns above that it makes due are played, too.</param>
    internal void Begin(Node<T>? node, in Draw draw, bool andAbove = false)
    {
        (this.node, this.draw, climbs) = (node, draw, andAbove);
        (stage, hasTurn) = (Stage.Order, false);
        Iteration = worker.Steps;
        Advance();
    }

    /// <summary>Plays on to the next need.</summary>
    public Need Next()
    {
        for (; stage != Stage.Rest; GoOn())
        {
            if (isTouched) Follow();
            if (Ask() is not { } need) continue;
            if (need == Need.Turn) hasTurn = true;
            else asked++;
            return need;
        }
        return Need.Batch;
    }

    /// <summary>Brings the examples of the batch in.</summary>
    public void Load() => Actor.Load(Own);

    /// <summary>Computes the gradient.</summary>
    public void Compute() => Actor.Compute(Own);

    /// <summary>Meets what is shared.</summary>
    public void Touch()
    {
        isTouched = true;
        switch (stage, moment)
        {
            case (Stage.Count, _): succeeded = node!.CountStep(); break;
            case (Stage.Release, _): succeeded = node!.EndTurn(); break;
            case (_, Moment.Read) when fuses:
                worker.ExchangeWith(Shard.Offset, Shard.X);
                Shard.Changed(worker.RateDropped);
                break;
            case (_, Moment.Read): star.Read(worker, Shard); break;
            case (_, Moment.Visit) when asked <= Shards: star.Read(worker, Shard); break;
            case (_, Moment.Send or Moment.Visit):
                long mine = star.Absorb(worker, Shard);
                if (Shard.Index == 0) age = mine;
                break;
            case (_, Moment.Poll): succeeded = node!.Take(Mail); break;
            default: node!.Post(Mail); break;
        }
    }

    private Worker<T> Actor => node?.Worker ?? worker;

    /// <summary>The batch as the actor draws it.</summary>
    private Draw Own => node is { Level: > 0 } ? draw with { Worker = node.Index, Step = node.Worker.Steps } : draw;

    private int Shards => star.Shards.Length;

    private Center<T> Shard => star.Shard(worker, synchronous ? asked - 2 : (asked - 1) % Shards);

    /// <summary>The mail that is touched: of the parent first, then of the children.</summary>
    private Mail<T> Mail => moment switch
    {
        Moment.SendUp => node!.ToParent,
        Moment.SendDown => node!.Children[asked - 1].FromParent,
        _ when node!.Parent is null => node.Children[asked - 1].ToParent,
        _ => asked == 1 ? node.FromParent : node.Children[asked - 2].ToParent,
    };

    /// <summary>The moment's next need, or null if it has none left.</summary>
    private Need? Ask()
    {
        if (stage != Stage.Order) return asked == 0 ? Need.Touch : null;
        if (inTurns && !hasTurn && moment is not (Moment.Gradient or Moment.Await or Moment.Show)) return Need.Turn;
        return moment switch
        {
            Moment.Gradient when asked == 0 => Need.Gradient,
            Moment.Await when asked == 0 => Need.Await,
            Moment.Send or Moment.Visit when synchronous => asked == 0 ? Need.Sum : null,
            Moment.Read when synchronous && asked == 0 => Need.Meet,
            Moment.Read => asked < (synchronous ? 1 : 0) + Shards ? Need.Touch : null,
            Moment.Send => asked < Shards ? Need.Touch : null,
            Moment.Visit => asked < 2 * Shards ? Need.Touch : null,
            Moment.SendUp when node!.Parent is not null && asked == 0 => Write(node.ToParent),
            Moment.SendDown when asked < node!.Children.Length => Write(node.Children[asked].FromParent),
            Moment.Poll => asked < (node!.Parent is null ? 0 : 1) + node.Children.Length ? Need.Touch : null,
            _ => null,
        };
    }

    /// <summary>A message is written before its mail is touched, which is then short.</summary>
    private Need Write(Mail<T> mail)
    {
        node!.Write(mail);
        return Need.Touch;
    }

    /// <summary>Does what a touch has left to do outside of it.</summary>
    private void Follow()
    {
        isTouched = false;
        if (stage != Stage.Order) return;
        switch (moment)
        {
            case Moment.Visit when asked == Shards: worker.Meet(); break;
            case Moment.SendUp or Moment.SendDown: tally?.Moved(star.Bytes); break;
            case Moment.Poll when succeeded:
                age = node!.Receive(Mail);
                if (age >= 0) tally?.Absorbed(age); // what the parent sends is no message that a center takes in
                break;
        }
    }

    /// <summary>Ends what needs nothing more, and goes on to what follows.</summary>
    private void GoOn()
    {
        if (stage == Stage.Order && moment != Moment.End) Conclude();
        else if (stage == Stage.Order || !succeeded)
        {
            Climb();
            return;
        }
        stage = Stage.Order; // the next event, or the first of a turn that has become due
        Advance();
    }

    private void Conclude()
    {
        switch (moment)
        {
            case Moment.Read when fuses:
                worker.Exchanged();
                Count(0, 2);
                break;
            case Moment.Read: tally?.Moved(star.Bytes); break;
            case Moment.Send: Count(synchronous ? 0 : age, 1); break;
            case Moment.Visit: Count(synchronous ? 0 : age, 2); break;
            case Moment.Show: star.Shards[0].Changed(worker.RateDropped); break;
        }
    }

    private void Count(long age, int messages)
    {
        tally?.Absorbed(age);
        tally?.Moved(messages * star.Bytes);
    }

    private void Advance()
    {
        moment = Actor.Next();
        asked = 0;
    }

    /// <summary>After a node's order: all nodes above a leaf are told; whoever makes a turn due plays it, until none is due.</summary>
    private void Climb()
    {
        asked = 0;
        bool isTurnOver = stage == Stage.Order && node is { Level: > 0 };
        if (climbs && !isTurnOver) node = node?.Parent;
        stage = !climbs || node is null ? Stage.Rest : isTurnOver ? Stage.Release : Stage.Count;
    }
}
