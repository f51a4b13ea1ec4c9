using System.Diagnostics;
using System.Numerics;
using Hooke.Engine.Checkpoints;
using Hooke.Methods;
using Hooke.Numerics;
using Hooke.Problems;
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
    private readonly GradientMeter<T>? meter;
    private readonly NativeVector<T> report;
    private readonly long started = Stopwatch.GetTimestamp();
    private readonly long planned;
    private double seconds, wallBefore;
    private TracePoint? last;
    private bool stopped;
    private Divergence? divergence;

    public Coordinator(Star<T> star, Supply supply, Gate gate, Account[] accounts, RunPlan plan, IRunObserver? observer)
    {
        (this.star, this.supply, this.gate, this.accounts, this.plan, this.observer) = (star, supply, gate, accounts, plan, observer);
        planned = supply.Total;
        report = new(star.Objective.Dimension);
        if (plan.MeasureGradient) meter = new(star, plan.Batch);
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
        meter?.Archive(archive);
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
    public RunOutcome Outcome() => new(last, Staleness.Of(accounts.Select(account => account.Traffic)), stopped && supply.Given < planned, divergence);

    /// <inheritdoc/>
    public void Dispose()
    {
        report.Dispose();
        meter?.Dispose();
    }

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
        if (gate.Failure is { } failure) throw new InvalidOperationException($"worker {failure.Worker} failed: {failure.Reason.Message}", failure.Reason);
    }

    /// <summary>
    /// The last point. DOWNPOUR methods push what they hold when a run ends mid-period; what is saved is the run before that, so
    /// that it can be resumed, with a longer plan too, as if it had never ended.
    /// </summary>
    private void Complete()
    {
        if (!star.HoldsRemainder)
        {
            if ((divergence = Evaluate()) is null) Save();
            return;
        }
        if ((divergence = FindNotFinite()) is not null) return;
        Save();
        if (star.Tree is { } tree) tree.Flush([.. accounts.Select(account => account.Traffic)]);
        else PushRemainders([.. star.Workers.Where(worker => worker.HoldsRemainder)]);
        divergence = Evaluate();
    }

    private void PushRemainders(Worker<T>[] holding)
    {
        foreach (var worker in holding)
        {
            worker.PushRemainder();
            accounts[worker.Index].Moved(star.Bytes);
        }
        if (star.Method.Schedule.Timing == Timing.Synchronous)
        {
            // Equal shares: all hold a remainder, of the same length.
            star.AbsorbSum();
            foreach (var account in accounts) account.Absorbed(0);
            return;
        }
        foreach (var worker in holding)
            foreach (var shard in star.Shards)
            {
                long age = star.Absorb(worker, shard);
                if (shard.Index == 0) accounts[worker.Index].Absorbed(age);
            }
    }

    private Divergence? Evaluate()
    {
        star.Report(report.Span);
        int training = star.Objective.Blocks(Split.Training), test = star.Objective.Blocks(Split.Test);
        var scores = new Score[training + test];
        gate.Share(scores.Length, (worker, piece) => scores[piece] = piece < training
            ? star.Workers[worker].Evaluate(report.Span, Split.Training, piece)
            : star.Workers[worker].Evaluate(report.Span, Split.Test, piece - training));
        ThrowFailure();
        Score trainScore = scores[..training].Aggregate((a, b) => a + b), testScore = scores[training..].Aggregate((a, b) => a + b);
        if (!double.IsFinite(trainScore.LossSum)) return new(-1, star.Clock, $"the training loss is {trainScore.Loss}");
        if (!double.IsFinite(testScore.LossSum)) return new(-1, star.Clock, $"the test loss is {testScore.Loss}");
        if (FindNotFinite() is { } found) return found;
        var point = TracePoint.Of(star, supply, trainScore, testScore, [.. accounts.Select(account => account.Traffic)]);
        last = point with
        {
            Seconds = seconds,
            WallSeconds = WallSeconds,
            Workers = [.. point.Workers.Select(AddTimes)],
            Gradient = meter?.Measure(report.Span, trainScore.Loss),
        };
        observer?.Point(last);
        return null;
    }

    private Divergence? FindNotFinite()
    {
        foreach (var worker in star.Workers)
            if (!IsFinite(worker.X)) return new(worker.Index, worker.Steps, "a parameter is not finite");
        return IsFinite(star.Center) ? null : new(-1, star.Clock, "a parameter is not finite");
    }

    private WorkerAccount AddTimes(WorkerAccount worker)
    {
        var account = accounts[worker.Worker];
        return worker with { Compute = account[Activity.Compute], Data = account[Activity.Data], Communication = account[Activity.Communication], Waiting = account[Activity.Waiting] };
    }

    private void Save()
    {
        if (plan.Checkpoint is not { } path) return;
        try
        {
            var archive = new CheckpointWriter<T>();
            Archive(archive);
            archive.Write(path);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            observer?.Warn($"no checkpoint at {supply.Given} samples: {trouble.Message}");
        }
    }

    private static bool IsFinite(ReadOnlySpan<T> x)
    {
        foreach (T value in x)
            if (!T.IsFinite(value)) return false;
        return true;
    }
}
