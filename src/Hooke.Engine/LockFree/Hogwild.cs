using System.Diagnostics;
using Hooke.Engine.Checkpoints;
using Hooke.Runs;

namespace Hooke.Engine;

/// <summary>How often workers got into each other's way, in the steps that were watched.</summary>
/// <param name="Steps">Steps that were watched.</param>
/// <param name="Changed">Coordinates that another worker wrote between a step's read and its write.</param>
/// <param name="Coordinates">Coordinates of those steps.</param>
public readonly record struct Conflicts(long Steps, long Changed, long Coordinates)
{
    /// <summary>Fraction of coordinates that another worker wrote to between read and write.</summary>
    public double Rate => Coordinates == 0 ? 0 : (double)Changed / Coordinates;

    /// <summary>Adds what another step saw.</summary>
    /// <param name="all">So far.</param>
    /// <param name="one">The step.</param>
    public static Conflicts operator +(Conflicts all, Sighting one) => new(all.Steps + 1, all.Changed + one.Changed, all.Coordinates + one.Coordinates);

    /// <summary>Adds.</summary>
    /// <param name="a">One.</param>
    /// <param name="b">The other.</param>
    public static Conflicts operator +(Conflicts a, Conflicts b) => new(a.Steps + b.Steps, a.Changed + b.Changed, a.Coordinates + b.Coordinates);
}

/// <summary>How a run on a shared model ended.</summary>
/// <param name="Run">As every run; staleness is the delay of the steps that were watched.</param>
/// <param name="Conflicts">What the watched steps saw.</param>
/// <param name="ProcessorSeconds">Time that the workers were on a processor, added up; not a number where the system does not tell.</param>
public sealed record LockFreeOutcome(RunOutcome Run, Conflicts Conflicts, double ProcessorSeconds);

/// <summary>
/// The third way of sharing memory: no locks, no center, every worker writes into one model. (Niu, Recht, Ré, Wright,
/// "Hogwild!", 2011) [Survey, sec. 5]
/// </summary>
/// <remarks>
/// What is asked of the hardware is that a write to one aligned number is whole, which .NET promises for numbers up to the
/// size of a pointer, and that it becomes visible in time. No order among writes is asked for, and two workers that add to one
/// coordinate at once may lose one of the additions.
/// </remarks>
public static class Hogwild
{
    /// <summary>Runs to the end of the plan, or until it is stopped or diverges.</summary>
    /// <param name="model">The shared model; it is moved.</param>
    /// <param name="workers">p, at least 1.</param>
    /// <param name="seed">Seed of the order of examples.</param>
    /// <param name="plan">How much, and how.</param>
    /// <param name="observer">Follows the run.</param>
    /// <param name="resume">The checkpoint to go on from; null for a new run.</param>
    /// <param name="stop">Stops the run between two pieces of work.</param>
    /// <exception cref="ArgumentException">A number of the plan is outside its range.</exception>
    /// <exception cref="InvalidFileException">The checkpoint is another run's.</exception>
    /// <exception cref="InvalidOperationException">A worker failed; the inner exception is what it threw.</exception>
    /// <exception cref="TimeoutException">A worker does not come back from a piece of work.</exception>
    public static LockFreeOutcome Run(ISharedModel model, int workers, ulong seed, LockFreePlan plan, IRunObserver? observer = null, IArchive<float>? resume = null, CancellationToken stop = default)
    {
        plan.Check();
        if (workers < 1) throw new ArgumentException($"workers is {workers}; it must be at least 1");
        var watched = new WatchedObserver(observer);
        using var run = new LockFreeRun(model, workers, seed, plan, watched);
        var outcome = run.Run(resume, stop);
        return outcome with { Run = outcome.Run with { ObserverFailure = watched.Failure } };
    }

    /// <summary>Performs pieces of work on threads, each piece by whoever is free.</summary>
    /// <param name="workers">Number of threads, at least 1.</param>
    /// <param name="pieces">How many pieces.</param>
    /// <param name="perform">What a worker does with a piece. Of several failures that of the first piece is thrown.</param>
    public static void Share(int workers, int pieces, Action<int, int> perform)
        => Crew.Share([.. Enumerable.Range(0, workers).Select(_ => new Account())], TimeSpan.FromMinutes(10), "a piece of work", pieces, perform);
}

/// <summary>A run on a shared model: phases in which workers run free, and pauses in which it is evaluated.</summary>
internal sealed partial class LockFreeRun : IDisposable
{
    /// <summary>Examples that a worker takes at a time: enough that taking them costs nothing.</summary>
    private const int TakeSize = 256;

    private readonly ISharedModel model;
    private readonly LockFreePlan plan;
    private readonly IRunObserver? observer;
    private readonly Windows windows;
    private readonly Seat[] seats;
    private readonly Account[] accounts;
    private readonly StepClock[] clocks;
    private readonly Lock gate = new(), averaging = new();
    private readonly int take;
    private readonly ulong seed;
    private readonly long started = Stopwatch.GetTimestamp();
    private long given, mark, nextWindow, nextAverage;
    private int turn; // whose it is
    private volatile bool isStopped;
    private double seconds, wallBefore;

    public LockFreeRun(ISharedModel model, int workers, ulong seed, LockFreePlan plan, IRunObserver? observer)
    {
        (this.model, this.seed, this.plan, this.observer) = (model, seed, plan, observer);
        windows = new(model.Examples, seed, plan.Replacement, model.ReadsInOrder);
        accounts = [.. Enumerable.Range(0, workers).Select(_ => new Account())];
        clocks = [.. Enumerable.Range(0, workers).Select(_ => new StepClock())];
        seats = [.. Enumerable.Range(0, workers).Select(worker => new Seat(model.Open(worker, workers)))];
        seats[0].Learner.Prepare();
        nextAverage = plan.AverageEvery;
        // Whoever takes turns takes one step.
        take = plan.Sharing == Sharing.RoundRobin && workers > 1 ? plan.Batch : Math.Max(1, TakeSize / plan.Batch) * plan.Batch;
    }

    public LockFreeOutcome Run(IArchive<float>? resume, CancellationToken stop)
    {
        TracePoint? last = null;
        Divergence? divergence = null;
        resume?.Restore(Archive);
        using var wish = stop.Register(() => isStopped = true);
        // Between two marks a run goes on as it was left, with copies that are not merged, and nothing to be measured.
        bool isAtMark = plan.IsMark(given);
        if (isAtMark && (divergence = Measure(ref last)) is null) Save();
        while (divergence is null && !isStopped && given < plan.Samples)
        {
            mark = plan.EvaluateEvery == 0 ? plan.Samples : Math.Min(plan.Samples, (given / plan.EvaluateEvery + 1) * plan.EvaluateEvery);
            Phase();
            isAtMark = given == mark;
            // What is measured where a run is stopped is with merges that are no part of it: what is saved is the run before them.
            if (!isAtMark && model.Publish()) Save();
            Merge();
            if ((divergence = Measure(ref last)) is null && isAtMark) Save();
        }
        var conflicts = seats.Aggregate(default(Conflicts), (sum, seat) => sum + seat.Conflicts);
        return new(new(last, Delays(), isStopped && given < plan.Samples, divergence), conflicts, seats.Sum(seat => seat.ProcessorSeconds));
    }

    public void Dispose()
    {
        foreach (var seat in seats) seat.Learner.Dispose();
    }

    private void Phase()
    {
        long begin = Stopwatch.GetTimestamp();
        foreach (var account in accounts) account.Start(begin);
        void Tick() => observer?.Tick(new(Math.Min(Volatile.Read(ref given), plan.Samples), plan.Samples, seconds + Stopwatch.GetElapsedTime(begin).TotalSeconds, Evaluating: false));
        if (plan.Sharing == Sharing.RoundRobin) Crew.Run([accounts[0]], plan.WaitLimit, "a step", _ => TakeTurns(), Tick);
        else Crew.Run(accounts, plan.WaitLimit, "a piece of work", Work, Tick);
        given = Math.Min(given, mark);
        long end = Stopwatch.GetTimestamp();
        foreach (var account in accounts) account.Book(Activity.Waiting, end); // for the last to come
        seconds += Stopwatch.GetElapsedTime(begin, end).TotalSeconds;
    }

    // Twice, for the first to merge do not see what the others bring.
    private void Merge()
    {
        for (int pass = 0; pass < 2; pass++)
            foreach (var seat in seats) seat.Learner.Merge(clocks);
    }

    private void Work(int worker)
    {
        double began = ThreadTime.Seconds;
        for (int count; !isStopped && (count = Take()) > 0;)
        {
            accounts[worker].Begin();
            Play(worker, count);
        }
        seats[worker].ProcessorSeconds += ThreadTime.Seconds - began;
    }

    // Turns need no threads: whose turn it is not would wait.
    private void TakeTurns()
    {
        double began = ThreadTime.Seconds;
        for (int count; !isStopped && (count = Take()) > 0; turn = (turn + 1) % seats.Length)
        {
            accounts[0].Begin();
            Play(turn, count);
        }
        seats[0].ProcessorSeconds += ThreadTime.Seconds - began;
    }

    private int Take() => (int)Math.Min(take, mark - (Interlocked.Add(ref given, take) - take));

    private void Play(int worker, int count)
    {
        var (seat, account) = (seats[worker], accounts[worker]);
        while (count > 0)
        {
            if (seat.Left == 0)
            {
                seat.Open(windows, Interlocked.Increment(ref nextWindow) - 1);
                account.Book(Activity.Data);
            }
            int some = Math.Min(count, seat.Left);
            seat.Rates(plan, some);
            var examples = seat.Next(some);
            if (plan.Sharing == Sharing.LockFree || seats.Length == 1) // alone there is nobody to share with
            {
                var rates = seat.Rate(0, (some + plan.Batch - 1) / plan.Batch);
                bool watches = plan.WatchEvery > 0 && plan.Batch == 1 && seats.Length > 1 && (seat.SinceWatch += some) >= plan.WatchEvery;
                if (watches) seat.Watched(seat.Learner.Watch(examples, rates, seat.WatchAt(some), clocks));
                else seat.Learner.Run(examples, rates, plan.Batch, clocks);
            }
            else
                for (int at = 0, step = 0; at < some; at += plan.Batch, step++)
                    lock (gate) seat.Learner.Run(examples.Slice(at, Math.Min(plan.Batch, some - at)), seat.Rate(step, step + 1), plan.Batch, clocks);
            seat.Made(some, plan.Batch);
            count -= some;
        }
        // Whoever comes first: a worker that has to wait for a processor would leave all averages to the beginning.
        long due = Volatile.Read(ref nextAverage), now = Volatile.Read(ref given);
        if (now >= due && Interlocked.CompareExchange(ref nextAverage, now + plan.AverageEvery, due) == due)
            lock (averaging) model.Average();
        account.Book(Activity.Compute);
    }

    private Divergence? Measure(ref TracePoint? last)
    {
        observer?.Tick(new(given, plan.Samples, seconds, Evaluating: true));
        // The evaluation is no part of the workers' time.
        Account[] evaluators = [.. accounts.Select(_ => new Account())];
        var (point, divergence) = SharedEvaluation.Measure(model, new(seconds, WallSeconds, given, Steps, Delays()),
            (pieces, perform) => Crew.Share(evaluators, plan.WaitLimit, "an evaluation", pieces, (_, piece) => perform(piece)),
            loss => seats.Select((seat, worker) => new WorkerAccount(worker, seat.Steps, seat.Samples, loss, plan.LearningRate * plan.Shape.Factor(seat.Steps, 0),
                accounts[worker][Activity.Compute], accounts[worker][Activity.Data], 0, accounts[worker][Activity.Waiting], 0, 0)));
        if (point is null) return divergence;
        last = point;
        observer?.Point(point);
        return null;
    }

    private double WallSeconds => wallBefore + Stopwatch.GetElapsedTime(started).TotalSeconds;

    private long Steps => seats.Sum(seat => seat.Steps);

    private Staleness Delays()
    {
        var all = new Staleness();
        foreach (var seat in seats) all.Add(seat.Delays);
        return all;
    }
}
