using System.Diagnostics;
using System.Numerics;
using Hooke.Engine.Checkpoints;
using Hooke.Runs;

namespace Hooke.Engine;

/// <summary>
/// The thread that started a run: while the workers pause it evaluates the reported model with their help, adds a point to the
/// trace, saves a checkpoint, and lets them go on to the next mark.
/// </summary>
internal sealed class Coordinator<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Star<T> star;
    private readonly Supply supply;
    private readonly Gate gate;
    private readonly Account[] accounts;
    private readonly RunPlan plan;
    private readonly IRunObserver? observer;
    private readonly Evaluation<T> evaluation;
    private readonly long started = Stopwatch.GetTimestamp();
    private readonly long planned;
    private double seconds, wallBefore;
    private bool stopped;
    private Divergence? divergence;

    public Coordinator(Star<T> star, Supply supply, Gate gate, Account[] accounts, RunPlan plan, IRunObserver? observer)
    {
        (this.star, this.supply, this.gate, this.accounts, this.plan, this.observer) = (star, supply, gate, accounts, plan, observer);
        planned = supply.Total;
        evaluation = new(star, plan.MeasureGradient ? plan.Batch : null, (pieces, perform) =>
        {
            gate.Share(pieces, perform);
            ThrowFailure();
        });
    }

    /// <summary>Saves or restores the run, while all workers pause.</summary>
    public void Archive(IArchive<T> archive)
    {
        star.Archive(archive);
        supply.Archive(archive);
        plan.Record?.Archive(archive);
        for (int i = 0; i < accounts.Length; i++) accounts[i].Archive(archive, i);
        archive.Number("clock.seconds", ref seconds);
        double now = WallSeconds, wall = now;
        archive.Number("clock.wallSeconds", ref wall);
        wallBefore += wall - now;
        evaluation.Archive(archive);
    }

    private double WallSeconds => wallBefore + Stopwatch.GetElapsedTime(started).TotalSeconds;

    /// <summary>Runs until the plan is done, or the run is stopped, or it diverges.</summary>
    public void Run(CancellationToken stop)
    {
        for (bool first = true; ; first = false)
        {
            if (!AwaitPause(stop)) return;
            if (!first)
            {
                seconds += Stopwatch.GetElapsedTime(gate.ReleasedAt, gate.PausedAt).TotalSeconds;
                foreach (var account in accounts) account.Book(Activity.Waiting, gate.PausedAt); // for the last to pause
            }
            observer?.Tick(new(supply.Given, supply.Total, seconds, Evaluating: true));
            bool complete = supply.Given >= planned;
            stopped |= stop.IsCancellationRequested;
            if (complete) Complete();
            else if ((divergence = Evaluate()) is null) Save();
            if (complete || stopped || divergence is not null) return;
            gate.Release(plan.EvaluateEvery <= 0 ? supply.Total : (supply.Given / plan.EvaluateEvery + 1) * plan.EvaluateEvery);
        }
    }

    /// <summary>How the run ended, once its threads have.</summary>
    public RunOutcome Outcome() => new(evaluation.Last, AllStaleness(), stopped && supply.Given < planned, divergence);

    /// <inheritdoc/>
    public void Dispose() => evaluation.Dispose();

    /// <summary>Waits until all workers pause, and passes a wish to stop on to them.</summary>
    /// <returns>False if the run has diverged.</returns>
    private bool AwaitPause(CancellationToken stop)
    {
        while (!gate.AwaitPause())
        {
            if (stop.IsCancellationRequested && !stopped) { gate.Stop(); stopped = true; }
            observer?.Tick(new(supply.Given, supply.Total, seconds + (gate.ReleasedAt == 0 ? 0 : Stopwatch.GetElapsedTime(gate.ReleasedAt).TotalSeconds), Evaluating: false));
        }
        if (gate.Failure?.Reason is DivergedException diverged) divergence = diverged.Divergence;
        else ThrowFailure();
        return divergence is null;
    }

    private void ThrowFailure()
    {
        if (gate.Failure is { } failure) throw new InvalidOperationException($"{(failure.Worker < 0 ? "the loader" : $"worker {failure.Worker}")} failed: {failure.Reason.Message}", failure.Reason);
    }

    /// <summary>
    /// The last point. DOWNPOUR methods push what they hold when a run ends mid-period; what is saved is the run before that, so
    /// that it can be resumed, with a longer plan too, as if it had never ended.
    /// </summary>
    private void Complete()
    {
        var holding = star.Workers.Where(worker => worker.HoldsRemainder).ToArray();
        if (holding.Length == 0)
        {
            if ((divergence = Evaluate()) is null) Save();
            return;
        }
        if ((divergence = evaluation.FindNotFinite()) is not null) return;
        Save();
        PushRemainders(holding);
        divergence = Evaluate();
    }

    private void PushRemainders(Worker<T>[] holding)
    {
        foreach (var worker in holding) accounts[worker.Index].Moved(star.RemainderBytes(worker));
        star.PushRemainders(holding, (worker, age) => accounts[worker.Index].Absorbed(age));
    }

    private Divergence? Evaluate()
    {
        var staleness = AllStaleness();
        var found = evaluation.Measure(seconds, WallSeconds, supply.Given, new(accounts.Sum(a => a.Exchanges), accounts.Sum(a => a.Dropped), accounts.Sum(a => a.Bytes), staleness), [.. star.Workers.Select(Describe)]);
        if (found is null) observer?.Point(evaluation.Last!);
        return found;
    }

    private WorkerAccount Describe(Worker<T> worker)
    {
        var account = accounts[worker.Index];
        return new(worker.Index, worker.Steps, supply.Taken(worker.Index), worker.LastLoss, worker.LearningRate,
            account[Activity.Compute], account[Activity.Data], account[Activity.Communication], account[Activity.Waiting], account.Exchanges, account.Bytes);
    }

    private void Save()
    {
        if (plan.Checkpoint is not { } path) return;
        try
        {
            var archive = new CheckpointWriter<T>();
            Archive(archive);
            archive.Write(path, plan.WaitLimit);
        }
        catch (TimeoutException)
        {
            star.Abandon(); // who writes may still read it
            throw;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            observer?.Warn($"no checkpoint at {supply.Given} samples: {trouble.Message}", recurs: "no checkpoint");
        }
    }

    private Staleness AllStaleness()
    {
        var all = new Staleness();
        foreach (var account in accounts) all.Add(account.Staleness);
        return all;
    }
}
