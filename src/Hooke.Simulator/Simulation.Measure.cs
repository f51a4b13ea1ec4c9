using Hooke.Methods;
using Hooke.Runs;

namespace Hooke.Simulator;

/// <content>Evaluation at marks, accounts, and what is told at the end.</content>
public sealed partial class Simulation<T>
{
    /// <summary>Examples that all would have used at the pace of the slowest.</summary>
    private long Slowest()
    {
        long least = long.MaxValue;
        foreach (ref var seat in seats.AsSpan())
            if (seat.Doing is not Doing.Absent and not Doing.Joining) least = Math.Min(least, seat.Boundary);
        return least * seats.Length;
    }

    private bool IsBehind(long taken) => taken * seats.Length < nextMark;

    private void CountBehind()
    {
        behind = 0;
        foreach (ref var seat in seats.AsSpan())
            if (seat.Doing is not Doing.Absent and not Doing.Joining && IsBehind(seat.Boundary)) behind++;
    }

    /// <summary>
    /// Evaluates when all have come to a mark, in equal shares, or all together have used so many examples. Nobody pauses, and
    /// no virtual time passes.
    /// </summary>
    private void EvaluateAtMark()
    {
        while (divergence is null && samples + abandoned < supply.Total && (equalShares ? behind == 0 && active > 0 : samples + abandoned >= nextMark) && nextMark < supply.Total)
        {
            Evaluate();
            nextMark = ((equalShares ? Slowest() : samples + abandoned) / plan.EvaluateEvery + 1) * plan.EvaluateEvery;
            if (equalShares) CountBehind();
        }
    }

    private void Evaluate()
    {
        DeriveAll();
        observer?.Tick(new(samples, supply.Total, now, Evaluating: true));
        divergence = evaluation.Measure(now, plan.WallClock?.Invoke() ?? 0, samples, new(exchanges, dropped, moved, staleness), [.. star.Workers.Select(Describe)]);
        if (divergence is null) observer?.Point(evaluation.Last!);
    }

    /// <summary>Evaluates pieces with the scratch memory of as many workers as may work at the same time.</summary>
    private void Share(int pieces, Action<int, int> perform)
    {
        int lanes = plan.Together is null ? 1 : Math.Min(seats.Length, MostLanes);
        Action<int> lane = each =>
        {
            for (int piece = each; piece < pieces; piece += lanes) perform(each, piece);
        };
        if (lanes == 1) lane(0);
        else plan.Together!(lanes, lane);
    }

    private WorkerAccount Describe(Worker<T> worker)
    {
        var seat = seats[worker.Index];
        // What it does now has begun or, if it computes, is booked to its end.
        if (seat.Since > now) seat.Compute -= seat.Since - now;
        else if (seat.Doing is Doing.Reading or Doing.Sending or Doing.Held or Doing.Delivering) seat.Communication += now - seat.Since;
        else seat.Waiting += now - seat.Since;
        return new(worker.Index, worker.Steps, seat.Boundary - seat.Abandoned, worker.LastLoss, worker.LearningRate,
            seat.Compute, seat.Data, seat.Communication, seat.Waiting, seat.Exchanges, seat.Bytes);
    }

    private void PushRemainders()
    {
        Worker<T>[] holding = [.. star.Workers.Where(worker => seats[worker.Index].Doing != Doing.Absent && worker.HoldsRemainder)];
        foreach (var worker in holding) Count(worker.Index, (long)(bytes / star.Bytes * star.RemainderBytes(worker)));
        if (timing == Timing.Synchronous && holding.Length > 0 && holding.Length < seats.Length) ClearOutboxes(worker => !holding.Contains(worker));
        star.PushRemainders(holding, (worker, age) => Account(worker.Index, age));
    }

    private void Count(int w, long transferred)
    {
        seats[w].Bytes += transferred;
        moved += transferred;
    }

    private void Account(int w, long age)
    {
        if (age < 0)
        {
            dropped++;
            return;
        }
        seats[w].Exchanges++;
        exchanges++;
        staleness.Add(age);
    }

    private string Describe()
    {
        var waiting = Enumerable.Range(0, seats.Length).Where(w => seats[w].Doing is not Doing.Absent and not Doing.Finished).ToArray();
        return $"{waiting.Length} workers wait, for example {string.Join(", ", waiting.Take(3).Select(w => $"worker {w} is {seats[w].Doing}"))}";
    }

    private List<Usage> Usages()
    {
        var usages = new List<Usage>();
        double span = Math.Max(now, double.Epsilon);
        foreach (var (name, lane) in network.Report()) usages.Add(new(name, lane.Busy / span, lane.Bytes, 0));
        if (cluster.Service is not null || cluster.ReadService is not null)
            for (int s = 0; s < servers.Length; s++) usages.Add(new(tree is null ? $"shard {s}" : $"node {seats.Length + s}", servers[s].Busy / span, 0, servers[s].Count == 0 ? 0 : servers[s].Waited / servers[s].Count));
        return usages;
    }
}
