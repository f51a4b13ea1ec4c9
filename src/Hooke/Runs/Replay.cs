using System.Numerics;

namespace Hooke.Runs;

/// <summary>
/// The fabric that plays an asynchronous run of threads again: each worker is what its thread was, cut into acts, and the
/// record says whose act is next. An act takes a batch, or touches what others touch, too; all else that a worker does is its own,
/// so the same order of acts gives the same bits.
/// </summary>
/// <typeparam name="T">Number type.</typeparam>
public sealed class Replay<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Star<T> star;
    private readonly Supply supply;
    private readonly Ledger[] ledgers;
    private readonly Evaluation<T> evaluation;
    private readonly Player<T>[] players;
    private readonly Need[] needs;

    /// <summary>Prepares a run's state to be played.</summary>
    /// <param name="star">The state that the threads started from, with the shards that they had; it is moved.</param>
    /// <param name="supply">The run's supply, from which nothing has been taken.</param>
    /// <param name="fuse">Whether the threads' exchanges went in one pass where the method allows.</param>
    /// <param name="meterBatch">Examples in a batch of the estimates for convergence bounds; null for no estimates.</param>
    public Replay(Star<T> star, Supply supply, bool fuse = true, int? meterBatch = null)
    {
        (this.star, this.supply) = (star, supply);
        ledgers = [.. star.Workers.Select(_ => new Ledger())];
        evaluation = new(star, meterBatch, (pieces, perform) =>
        {
            for (int piece = 0; piece < pieces; piece++) perform(0, piece);
        });
        players = [.. star.Workers.Select(worker => new Player<T>(star, worker, ledgers[worker.Index], fuse))];
        needs = new Need[players.Length];
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
            if (needs[index] == Need.Batch && supply.IsAtMark)
            {
                // Nobody can have taken a batch before the mark was moved, so all had paused: everything up to here has been played.
                if (supply.IsExhausted || needs.Any(need => need != Need.Batch)) throw new ArgumentException($"act {number} of worker {index} can't be: the run paused before it; the record is of another run");
                Evaluate(onPoint);
                evaluated = true;
                supply.MarkAt(evaluateEvery <= 0 ? supply.Total : (supply.Given / evaluateEvery + 1) * evaluateEvery);
            }
            Act(index);
            number++;
        }
        if (needs.Any(need => need != Need.Batch)) throw new ArgumentException($"the record ends at act {number}, in the middle of an iteration; the run did not end there");
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
        foreach (var worker in holding) ledgers[worker.Index].Moved(star.RemainderBytes(worker));
        star.PushRemainders(holding, (worker, age) => ledgers[worker.Index].Absorbed(age));
    }

    /// <summary>A worker's next act, and what it does by itself up to the one after.</summary>
    private void Act(int index)
    {
        var player = players[index];
        if (needs[index] == Need.Touch) player.Touch();
        else if (supply.TryTake(index, out var draw)) player.Begin(draw);
        else throw new ArgumentException($"worker {index} takes a batch after the run's last; the record is of another run");
        while ((needs[index] = player.Next()) is not (Need.Touch or Need.Batch))
            if (needs[index] == Need.Gradient) Compute(player);
    }

    private static void Compute(Player<T> player)
    {
        player.Load();
        player.Compute();
        var worker = player.Worker;
        if (!double.IsFinite(worker.LastLoss))
            throw new NotFiniteNumberException($"worker {worker.Index}, step {worker.Steps}: the loss is {worker.LastLoss}");
    }

    /// <summary>A worker's messages.</summary>
    private sealed class Ledger : ITally
    {
        public Staleness Staleness { get; } = new();

        public long Bytes { get; private set; }

        public long Dropped { get; private set; }

        public void Moved(long bytes) => Bytes += bytes;

        public void Absorbed(long age)
        {
            if (age < 0) Dropped++;
            else Staleness.Add(age);
        }
    }
}
