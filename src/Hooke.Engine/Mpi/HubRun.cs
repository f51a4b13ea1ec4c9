using System.Diagnostics;
using System.Numerics;
using Hooke.Methods;
using Hooke.Numerics;
using Hooke.Problems;
using Hooke.Runs;

namespace Hooke.Engine.Mpi;

/// <summary>
/// Rank 0: keeps the center, or its part of it, and the run. While the workers pause it evaluates the reported model on its own cores, adds a point to
/// the trace, and lets them go on; checkpoints are written while they work.
/// </summary>
internal sealed partial class HubRun<T> : IMeasurable<T>, IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MpiWorld world;
    private readonly Transport transport;
    private readonly Method method;
    private readonly int workers;
    private readonly RunPlan plan;
    private readonly MpiOptions options;
    private readonly IRunObserver? observer;
    private readonly CenterVariable<T> center;
    private readonly ShardMap map;
    private readonly Supply supply;
    private readonly CenterService<T> service;
    private readonly Hub<T> hub;
    private readonly IOracle<T>[] oracles;
    private readonly Evaluation<T> evaluation;
    private readonly SavedState<T>?[] states;
    private readonly IArchive<T>? resume;
    private readonly Dictionary<string, NativeVector<T>> fetched = [];
    private readonly long started = Stopwatch.GetTimestamp(), planned;
    private readonly bool isReproducible, equalShares;
    private double seconds, wallBefore;
    private bool stopped;
    private Divergence? divergence;
    private Task writing = Task.CompletedTask;
    private long mark;
    private int told, uncollected;

    public HubRun(MpiWorld world, Method method, IObjective<T> objective, int workers, ulong seed, Initialization initialization, RunPlan plan, MpiOptions options, IRunObserver? observer, IArchive<T>? resume)
    {
        (this.world, transport, this.method, this.workers, this.plan, this.options, this.observer, this.resume) = (world, world.Transport, method, workers, plan, options, observer, resume);
        (Objective, Seed) = (objective, seed);
        map = MpiRun.Map(method, objective, workers, options);
        transport.ChunkBytes = MpiRun.LargestLetter<T>(map);
        center = method.Topology == Topology.Tree ? Root() : CenterVariable<T>.Start(method, objective, workers, seed, initialization, map.Count);
        supply = new(method, workers, objective.Examples, objective.ClaimSize, plan.Batch, plan.Samples, seed);
        planned = supply.Total;
        service = new(transport, method, center, map);
        var replacements = world.Replacements(options);
        replacements.Failed = (worker, why) => observer?.Warn($"worker {worker} is not replaced: {why}");
        hub = new(transport, method, objective, supply, service, replacements, workers, plan, options) { Now = () => WallSeconds, Entry = Keep, Lookup = Lookup, Collected = Collected, IsNeeded = HasInnerNodes, Lost = Prune, Joins = Remind, RankOf = RankOf };
        oracles = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => objective.Open())];
        states = new SavedState<T>?[workers];
        equalShares = method.Schedule.Timing != Timing.Asynchronous;
        isReproducible = workers == 1 || equalShares;
        evaluation = new(this, plan.MeasureGradient ? plan.Batch : null, Share);
    }

    public IObjective<T> Objective { get; }

    public ulong Seed { get; }

    public long Clock => center.Clock;

    /// <summary>The center, at the run's end.</summary>
    public CenterVariable<T> Center => center;

    private double WallSeconds => wallBefore + Stopwatch.GetElapsedTime(started).TotalSeconds;

    /// <summary>Runs until the plan is done, or the run is stopped, or it diverges.</summary>
    public MpiOutcome<T> Run(CancellationToken stop)
    {
        if (resume is not null)
        {
            resume.Restore(Archive);
            Place();
        }
        hub.Begin(resume is null ? Beginning.Fresh : isReproducible ? Beginning.Restore : Beginning.RestoreNumbers, supply.Given == 0 ? 0 : FirstTurn());
        supply.MarkAt(supply.Given);
        transport.Deliver = Deliver;
        Exception? trouble = null;
        using (new Courier(transport, hub.Beat, reason => trouble ??= reason))
        {
            world.EndAttendance();
            AwaitAll(stop, () => trouble);
            Keep(stop, () => trouble);
            // MPI's own end would wait for a process that is stopped.
            lock (transport.Gate) hub.Call();
            transport.TryAwait(() => hub.AllAnsweredCall, Hub<T>.Suspicion);
            lock (transport.Gate) hub.End();
            TellChanges();
            // Who is still there takes the news; who is not does not matter any more.
            var patience = Stopwatch.StartNew();
            transport.Await(() => transport.HasSentAll || hub.HasLost && patience.Elapsed > options.Lease / 4 || trouble is not null, options.StartLimit, () => "the workers have not taken the news that the run is over");
        }
        transport.Deliver = null;
        AwaitWriting();
        if (hub.HasLost) world.Lose();
        if (hub.Failure?.Reason is CenterLostException lost) throw lost;
        if (divergence is null && hub.Failure is { } failure) throw new InvalidOperationException($"worker {failure.Worker} failed: {failure.Reason.Message}", failure.Reason);
        return new(new(evaluation.Last, AllStaleness(), stopped && supply.Given < planned, divergence), center, Ranks(), hub.Changes) { MovedBy = service.MovedBy, Sums = [.. hub.Seats.Select(seat => seat.Sum)] };
    }

    public NativeVector<T> Reported(ref NativeVector<T>? scratch) => center.Reported(ref scratch);

    public Score Evaluate(int evaluator, ReadOnlySpan<T> at, Split split, int block) => oracles[evaluator].Evaluate(at, split, block);

    public double Probe(ReadOnlySpan<T> at, Span<T> into, in Draw draw)
    {
        oracles[0].Load(draw);
        return oracles[0].Gradient(at, into, draw);
    }

    public Divergence? FindNotFinite()
    {
        foreach (var seat in hub.Here)
            if (!seat.IsFinite) return new(seat.Index, seat.Steps, "a parameter is not finite");
        return center.IsFinite ? null : new(-1, Clock, "a parameter is not finite");
    }

    public IEnumerable<(int Worker, double Squared)> Distances() => hub.Here.Select(seat => (seat.Index, seat.SquaredDistance));

    public void Dispose()
    {
        evaluation.Dispose();
        ReleaseTree();
        tree?.Dispose();
        foreach (var oracle in oracles) oracle.Dispose();
        foreach (var state in states) state?.Dispose();
    }

    /// <summary>Waits until all have joined, but for those that are silent for their lease.</summary>
    private void AwaitAll(CancellationToken stop, Func<Exception?> trouble)
    {
        transport.Await(() => hub.AllHere || hub.Failure is not null || stop.IsCancellationRequested || trouble() is not null, options.StartLimit, Missing);
        if (stop.IsCancellationRequested && !hub.AllHere) throw new OperationCanceledException($"the run was stopped before it began: {Missing()}");

        string Missing()
        {
            string[] missing = [.. hub.Seats.Where(seat => seat.IsExpected).Select(seat => $"worker {seat.Index}"), .. Enumerable.Range(1, options.Centers - 1).Where(rank => !hub.Centers.ContainsKey(rank)).Select(rank => $"center rank {rank}")];
            return $"{string.Join(", ", missing)} {(missing.Length == 1 ? "has" : "have")} not joined";
        }
    }

    private int RankOf(int worker) => places?.RankOf(worker) ?? options.Centers + worker / options.WorkersPerRank;

    private long FirstTurn()
    {
        long steps = 0;
        resume!.Number("worker.0.steps", ref steps);
        return steps * workers;
    }

    /// <summary>Evaluates and lets go on, from mark to mark.</summary>
    private void Keep(CancellationToken stop, Func<Exception?> trouble)
    {
        for (bool first = true; ; first = false)
        {
            if (!AwaitPause(stop, trouble)) return;
            if (!first)
            {
                lock (transport.Gate) hub.Pause();
                seconds += Stopwatch.GetElapsedTime(hub.Clock.ReleasedAt, hub.Clock.PausedAt).TotalSeconds;
            }
            TellChanges();
            observer?.Tick(new(supply.Given, supply.Total, seconds, Evaluating: true));
            bool complete = supply.Given >= planned || equalShares && mark >= planned;
            stopped |= stop.IsCancellationRequested;
            HoldTree(atRest: complete || isReproducible);
            if (complete) Complete();
            else if ((divergence = Measure()) is null) Save();
            if (hub.Failure is not null) SeeFailure();
            if (complete || stopped || divergence is not null || hub.Failure is not null) return;
            ReleaseTree();
            lock (transport.Gate)
            {
                // Where shares are equal, a mark is reached without those of the lost.
                long reached = equalShares ? Math.Max(mark, supply.Given) : supply.Given;
                mark = plan.EvaluateEvery <= 0 ? supply.Total : (reached / plan.EvaluateEvery + 1) * plan.EvaluateEvery;
                hub.Release(mark);
            }
        }
    }

    private bool AwaitPause(CancellationToken stop, Func<Exception?> trouble)
    {
        while (true)
        {
            var tick = Stopwatch.StartNew();
            bool hasPaused = false;
            transport.Await(() => (hasPaused = hub.HasPaused) || tick.ElapsedMilliseconds > 100 || trouble() is not null, plan.WaitLimit, () => "the workers have not paused");
            if (trouble() is { } reason) throw new InvalidOperationException($"rank 0 failed: {reason.Message}", reason);
            if (hasPaused) break;
            if (stop.IsCancellationRequested && !stopped)
            {
                lock (transport.Gate) hub.Stop();
                stopped = true;
            }
            TellChanges();
            observer?.Tick(new(supply.Given, supply.Total, seconds + (hub.Clock.ReleasedAt == 0 ? 0 : Stopwatch.GetElapsedTime(hub.Clock.ReleasedAt).TotalSeconds), Evaluating: false));
        }
        return hub.Failure is null || SeeFailure();
    }

    private bool SeeFailure()
    {
        if (hub.Failure?.Reason is DivergedException diverged) divergence = diverged.Divergence;
        return false;
    }

    private void TellChanges()
    {
        for (; told < hub.Changes.Count; told++)
        {
            var change = hub.Changes[told];
            var seat = hub.Seats[change.Worker];
            observer?.Warn(change.What == "lost" && seat.Process == 0
                ? $"worker {change.Worker} (rank {seat.Peer}) has not joined: silent for {seat.Silence.TotalSeconds:f1} s; the run goes on without it{(equalShares ? ", and its share is not done" : "")}"
                : change.What == "lost" ? $"worker {change.Worker} (process {seat.Process} on {seat.Host}) is lost: silent for {seat.Silence.TotalSeconds:f1} s; {(equalShares ? "its share is not done" : $"{change.Samples} samples of its leases go to others")}"
                : $"worker {change.Worker} (process {seat.Process} on {seat.Host}) has joined, from the center's parameters");
        }
    }

    /// <summary>The last point; what is saved is the run before the last messages, as on threads.</summary>
    private void Complete()
    {
        Inspect();
        if (!hub.Here.Any(seat => seat.HoldsRemainder))
        {
            if ((divergence = MeasureInspected()) is null) Save();
            return;
        }
        if ((divergence = FindNotFinite()) is not null) return;
        Save();
        if (tree is not null)
        {
            FlushTree();
            divergence = Measure();
            return;
        }
        // Synchronous messages are summed; others leave in the workers' order.
        Seat[] holding = [.. hub.Here.Where(seat => seat.HoldsRemainder)];
        foreach (var seats in method.Schedule.Timing == Timing.Synchronous ? [holding] : holding.Select(seat => (Seat[])[seat]))
        {
            lock (transport.Gate) foreach (var seat in seats) hub.Ask(seat, Operation.Finish);
            AwaitAnswers("their last messages");
            foreach (var seat in seats) seat.Report = seat.Report with { Bytes = seat.Report.Bytes + center.Bytes };
        }
        divergence = Measure();
    }

    private void AwaitAnswers(string what)
        => transport.Await(() => hub.AllAnswered, plan.WaitLimit, () => $"workers {string.Join(", ", hub.Here.Where(seat => seat.IsAsked).Select(seat => seat.Index))} have not answered with {what}");

    private void Inspect()
    {
        lock (transport.Gate) hub.AskAll(Operation.Inspect);
        AwaitAnswers("their distance from the center");
        Collect();
    }

    /// <summary>Brings the other center ranks' shards here: whatever workers had sent has come to them before the workers' last reads.</summary>
    private void Collect()
    {
        if (options.Centers == 1) return;
        lock (transport.Gate)
            for (int k = 0; k < map.Count; k++)
            {
                if (map.Owner(k) == 0) continue;
                var letter = transport.Rent(0, Operation.Collect);
                letter.Header.Shard = k;
                transport.Send(map.Owner(k), letter);
                uncollected++;
            }
        transport.Await(() => uncollected == 0, options.Lease, () => $"{uncollected} shards of other center ranks have not come");
    }

    private void Collected(Letter letter)
    {
        ShardPart.Read(center, center.Shards[letter.Header.Shard], letter);
        uncollected--;
    }

    /// <summary>Gives the other center ranks their shards of a checkpoint.</summary>
    private void Place()
    {
        lock (transport.Gate)
            for (int k = 0; k < map.Count; k++)
            {
                if (map.Owner(k) == 0) continue;
                var letter = transport.Rent(ShardPart.Bytes(center, center.Shards[k]), Operation.Place);
                letter.Header.Shard = k;
                ShardPart.Write(center, center.Shards[k], letter);
                transport.Send(map.Owner(k), letter);
            }
        transport.Await(() => transport.HasSentAll, options.StartLimit, () => "the other center ranks have not taken their shards");
    }

    private Divergence? Measure()
    {
        Inspect();
        return MeasureInspected();
    }

    private Divergence? MeasureInspected()
    {
        var staleness = AllStaleness();
        WorkerAccount[] accounts = [.. hub.Seats.Select(hub.Describe)];
        var found = evaluation.Measure(seconds, WallSeconds, supply.Given,
            new(hub.Seats.Sum(seat => seat.Messages.Exchanges) + (tree?.Account.Exchanges ?? 0), hub.Seats.Sum(seat => seat.Messages.Dropped), accounts.Sum(account => account.Bytes) + (tree?.Account.Bytes ?? 0), staleness), accounts);
        if (found is null) observer?.Point(evaluation.Last!);
        return found;
    }

    private void Share(int pieces, Action<int, int> perform)
    {
        int next = -1;
        Exception? trouble = null;
        Thread[] threads = [.. Enumerable.Range(0, Math.Min(oracles.Length, pieces)).Select(each => new Thread(() =>
        {
            try
            {
                for (int piece; (piece = Interlocked.Increment(ref next)) < pieces;) perform(each, piece);
            }
            catch (Exception reason)
            {
                Interlocked.CompareExchange(ref trouble, reason, null);
            }
        }) { Name = $"evaluator {each}", IsBackground = true })];
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads)
            if (!thread.Join(plan.WaitLimit)) throw new TimeoutException($"the evaluation has not ended for {plan.WaitLimit.TotalSeconds:g3} s, the limit");
        if (trouble is not null) throw new InvalidOperationException($"the evaluation failed: {trouble.Message}", trouble);
    }

    private Staleness AllStaleness()
    {
        var all = new Staleness();
        foreach (var seat in hub.Seats) all.Add(seat.Messages.Staleness);
        if (tree is not null) all.Add(tree.Account.Staleness);
        return all;
    }

    private IReadOnlyList<RankAccount> Ranks()
    {
        WorkerAccount[] accounts = [.. hub.Seats.Select(seat => seat.Describe(supply.Taken(seat.Index), 0))];
        return
        [
            new(0, Environment.ProcessId, transport.Host, tree is null ? "center" : "root", null, 0, tree?.Account.Bytes ?? accounts.Sum(account => account.Bytes) * map.Share(0) / Objective.Dimension, true),
            .. Enumerable.Range(1, options.Centers - 1).Select(rank => new RankAccount(rank, hub.Centers[rank].Process, hub.Centers[rank].Host, "center", null, 0, accounts.Sum(account => account.Bytes) * map.Share(rank) / Objective.Dimension, true)),
            .. hub.Seats.GroupBy(seat => seat.Peer).Select(seats => (First: seats.First(), All: seats)).OrderBy(each => each.First.Peer).Select(each => new RankAccount(each.First.Peer, each.First.Process, each.First.Host, "worker", each.First.Index,
                each.All.Sum(seat => accounts[seat.Index].Samples), each.All.Sum(seat => accounts[seat.Index].Bytes), each.First.IsHere)),
        ];
    }
}
