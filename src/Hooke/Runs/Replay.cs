using System.Numerics;
using Hooke.Problems;

namespace Hooke.Runs;

/// <summary>
/// The fabric that plays an asynchronous run of threads again: each worker is what its thread was, cut into acts, and the
/// record says whose act is next. An act takes a batch, or touches a shard of the center or a tree's mail; all else that a
/// worker does is its own, so the same order of acts gives the same bits.
/// </summary>
/// <typeparam name="T">Number type.</typeparam>
public sealed class Replay<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private enum Act { Take, Touch }

    private readonly Star<T> star;
    private readonly Supply supply;
    private readonly bool fuse;
    private readonly Ledger[] ledgers;
    private readonly Evaluation<T> evaluation;
    private readonly int[] due;
    private readonly IEnumerator<Act>[] workers;

    /// <summary>Prepares a run's state to be played.</summary>
    /// <param name="star">The state that the threads started from, with the shards that they had; it is moved.</param>
    /// <param name="supply">The run's supply, from which nothing has been taken.</param>
    /// <param name="fuse">Whether the threads' exchanges went in one pass where the method allows.</param>
    /// <param name="meterBatch">Examples in a batch of the estimates for convergence bounds; null for no estimates.</param>
    public Replay(Star<T> star, Supply supply, bool fuse = true, int? meterBatch = null)
    {
        (this.star, this.supply) = (star, supply);
        this.fuse = fuse && star.Workers[0].Fuses;
        ledgers = [.. star.Workers.Select(_ => new Ledger())];
        evaluation = new(star, meterBatch, (pieces, perform) =>
        {
            for (int piece = 0; piece < pieces; piece++) perform(0, piece);
        });
        due = new int[star.Tree?.Nodes.Length ?? 0];
        workers = [.. star.Workers.Select(worker => Acts(worker).GetEnumerator())];
        foreach (var worker in workers) worker.MoveNext(); // up to its first act
    }

    /// <summary>Whether all that the run planned has been played.</summary>
    public bool IsComplete => supply.IsExhausted;

    /// <summary>How the run came out so far.</summary>
    public RunOutcome Outcome => new(evaluation.Last, Staleness, !IsComplete, null);

    /// <summary>Plays a run.</summary>
    /// <param name="acts">Which worker acts, act by act.</param>
    /// <param name="evaluateEvery">Samples between evaluations, as in the run; 0 evaluates at the end only.</param>
    /// <param name="onPoint">Told of every point of the trace, which lacks times.</param>
    /// <exception cref="ArgumentException">The acts are not those of a run like this.</exception>
    /// <exception cref="ArithmeticException">A worker's loss is not finite: here the run diverged.</exception>
    public void Run(IEnumerable<int> acts, long evaluateEvery, Action<TracePoint>? onPoint = null)
    {
        supply.MarkAt(0);
        bool evaluated = false;
        long number = 0;
        foreach (int index in acts)
        {
            var worker = workers[index];
            if (worker.Current == Act.Take && supply.IsAtMark)
            {
                // Nobody can have taken a batch before the mark was moved, so all had paused: everything up to here has been played.
                if (supply.IsExhausted || workers.Any(each => each.Current != Act.Take)) throw new ArgumentException($"act {number} of worker {index} can't be: the run paused before it; the record is of another run");
                Evaluate(onPoint);
                evaluated = true;
                supply.MarkAt(evaluateEvery <= 0 ? supply.Total : (supply.Given / evaluateEvery + 1) * evaluateEvery);
            }
            worker.MoveNext();
            number++;
        }
        if (workers.Any(each => each.Current != Act.Take)) throw new ArgumentException($"the record ends at act {number}, in the middle of an iteration; the run did not end there");
        if (!evaluated) Evaluate(onPoint);
        if (supply.Given == 0) return;
        if (supply.IsExhausted) PushRemainders();
        Evaluate(onPoint);
    }

    /// <summary>Frees its memory; the run's state belongs to whoever made it.</summary>
    public void Dispose() => evaluation.Dispose();

    private Staleness Staleness
    {
        get
        {
            var all = new Staleness();
            foreach (var ledger in ledgers) all.Add(ledger.Staleness);
            return all;
        }
    }

    private void Evaluate(Action<TracePoint>? onPoint)
    {
        var traffic = new Traffic(ledgers.Sum(l => l.Staleness.Count), ledgers.Sum(l => l.Dropped), ledgers.Sum(l => l.Bytes), Staleness);
        if (evaluation.Measure(0, 0, supply.Given, traffic, [.. star.Workers.Select(Describe)]) is { } found) throw new NotFiniteNumberException(found.ToString());
        onPoint?.Invoke(evaluation.Last!);
    }

    private WorkerAccount Describe(Worker<T> worker)
    {
        var ledger = ledgers[worker.Index];
        return new(worker.Index, worker.Steps, supply.Taken(worker.Index), worker.LastLoss, worker.LearningRate, 0, 0, 0, 0, ledger.Staleness.Count, ledger.Bytes);
    }

    private void PushRemainders()
    {
        var holding = star.Workers.Where(worker => worker.HoldsRemainder).ToArray();
        foreach (var worker in holding) ledgers[worker.Index].Bytes += star.RemainderBytes(worker);
        star.PushRemainders(holding, (worker, age) => ledgers[worker.Index].Absorbed(age));
    }

    /// <summary>A worker's thread: it stops before every act.</summary>
    private IEnumerable<Act> Acts(Worker<T> worker)
    {
        while (true)
        {
            yield return Act.Take;
            if (!supply.TryTake(worker.Index, out var draw)) throw new ArgumentException($"worker {worker.Index} takes a batch after the run's last; the record is of another run");
            for (Moment moment; (moment = worker.Next()) != Moment.End;)
            {
                if (moment == Moment.Gradient) Compute(worker, draw);
                else if (moment == Moment.Show) star.Shards[0].Changed(worker.RateDropped);
                else
                    foreach (var act in star.Tree is { } tree ? Serve(worker.Index, tree.Nodes[worker.Index], moment) : Exchange(worker, moment)) yield return act;
            }
            if (star.Tree is null) continue;
            foreach (var act in PlayAbove(worker.Index, star.Tree.Nodes[worker.Index], draw)) yield return act;
        }
    }

    private static void Compute(Worker<T> worker, in Draw draw)
    {
        worker.Load(draw);
        worker.Compute(draw);
        if (!double.IsFinite(worker.LastLoss)) throw new NotFiniteNumberException($"worker {worker.Index}, step {worker.Steps}: the loss is {worker.LastLoss}");
    }

    private IEnumerable<Act> Exchange(Worker<T> worker, Moment moment)
    {
        bool fused = fuse && moment == Moment.Read;
        var mine = ledgers[worker.Index];
        if (moment is Moment.Read or Moment.Visit)
            for (int k = 0; k < star.Shards.Length; k++)
            {
                yield return Act.Touch;
                var shard = star.Shard(worker, k);
                if (fused)
                {
                    worker.ExchangeWith(shard.Offset, shard.X);
                    shard.Changed(worker.RateDropped);
                }
                else star.Read(worker, shard);
            }
        if (moment is Moment.Read or Moment.Visit) mine.Bytes += star.Bytes;
        if (moment == Moment.Visit) worker.Meet();
        if (moment is Moment.Send or Moment.Visit)
        {
            long age = 0;
            for (int k = 0; k < star.Shards.Length; k++)
            {
                yield return Act.Touch;
                var shard = star.Shard(worker, k);
                long absorbed = star.Absorb(worker, shard);
                if (shard.Index == 0) age = absorbed;
            }
            mine.Absorbed(age);
        }
        if (fused)
        {
            worker.Exchanged();
            mine.Absorbed(0);
        }
        if (fused || moment is Moment.Send or Moment.Visit) mine.Bytes += star.Bytes;
    }

    private IEnumerable<Act> Serve(int worker, Node<T> node, Moment moment)
    {
        switch (moment)
        {
            case Moment.SendUp when node.Parent is not null:
                node.Write(node.ToParent);
                yield return Act.Touch;
                Post(worker, node, node.ToParent);
                break;
            case Moment.SendDown:
                foreach (var child in node.Children)
                {
                    node.Write(child.FromParent);
                    yield return Act.Touch;
                    Post(worker, node, child.FromParent);
                }
                break;
            case Moment.Poll:
                if (node.Parent is not null)
                {
                    yield return Act.Touch;
                    if (node.Take(node.FromParent)) node.Receive(node.FromParent);
                }
                foreach (var child in node.Children)
                {
                    yield return Act.Touch;
                    if (node.Take(child.ToParent)) ledgers[worker].Absorbed(node.Receive(child.ToParent));
                }
                break;
        }
    }

    private void Post(int worker, Node<T> node, Mail<T> mail)
    {
        node.Post(mail);
        ledgers[worker].Bytes += star.Bytes;
    }

    private IEnumerable<Act> PlayAbove(int worker, Node<T> leaf, Draw draw)
    {
        for (var node = leaf.Parent; node is not null; node = node.Parent)
        {
            yield return Act.Touch;
            for (bool mine = node.Beat() && due[node.Index]++ == 0; mine; mine = --due[node.Index] > 0)
            {
                for (Moment moment; (moment = node.Worker.Next()) != Moment.End;)
                    if (moment == Moment.Gradient) node.Compute(draw);
                    else
                        foreach (var act in Serve(worker, node, moment)) yield return act;
                yield return Act.Touch;
            }
        }
    }

    /// <summary>A worker's messages.</summary>
    private sealed class Ledger
    {
        public Staleness Staleness { get; } = new();

        public long Bytes { get; set; }

        public long Dropped { get; private set; }

        public void Absorbed(long age)
        {
            if (age < 0) Dropped++;
            else Staleness.Add(age);
        }
    }
}
