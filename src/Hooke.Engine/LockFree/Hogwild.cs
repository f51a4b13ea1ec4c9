using System.Diagnostics;
using Hooke.Methods;
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
    /// <param name="stop">Stops the run between two pieces of work.</param>
    /// <exception cref="ArgumentException">A number of the plan is outside its range.</exception>
    /// <exception cref="InvalidOperationException">A worker failed; the inner exception is what it threw.</exception>
    /// <exception cref="TimeoutException">A worker does not come back from a piece of work.</exception>
    public static LockFreeOutcome Run(ISharedModel model, int workers, ulong seed, LockFreePlan plan, IRunObserver? observer = null, CancellationToken stop = default)
    {
        plan.Check();
        if (workers < 1) throw new ArgumentException($"workers is {workers}; it must be at least 1");
        using var run = new LockFreeRun(model, workers, seed, plan, observer);
        return run.Run(stop);
    }

    /// <summary>Performs pieces of work on threads, each piece by whoever is free.</summary>
    /// <param name="workers">Number of threads, at least 1.</param>
    /// <param name="pieces">How many pieces.</param>
    /// <param name="perform">What a worker does with a piece. Of several failures that of the first piece is thrown.</param>
    public static void Share(int workers, int pieces, Action<int, int> perform)
        => Crew.Share([.. Enumerable.Range(0, workers).Select(_ => new Account())], TimeSpan.FromMinutes(10), "a piece of work", pieces, perform);
}

/// <summary>A run on a shared model: phases in which workers run free, and pauses in which it is evaluated.</summary>
internal sealed class LockFreeRun : IDisposable
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
    private readonly long started = Stopwatch.GetTimestamp();
    private long given, mark, nextWindow, nextAverage;
    private volatile bool isStopped;
    private double seconds;

    public LockFreeRun(ISharedModel model, int workers, ulong seed, LockFreePlan plan, IRunObserver? observer)
    {
        (this.model, this.plan, this.observer) = (model, plan, observer);
        windows = new(model.Examples, seed, plan.Replacement, model.ReadsInOrder);
        accounts = [.. Enumerable.Range(0, workers).Select(_ => new Account())];
        clocks = [.. Enumerable.Range(0, workers).Select(_ => new StepClock())];
        seats = [.. Enumerable.Range(0, workers).Select(worker => new Seat(model.Open(worker, workers)))];
        seats[0].Learner.Prepare();
        nextAverage = plan.AverageEvery;
        // Whoever takes turns takes one step.
        take = plan.Sharing == Sharing.RoundRobin && workers > 1 ? plan.Batch : Math.Max(1, TakeSize / plan.Batch) * plan.Batch;
    }

    public LockFreeOutcome Run(CancellationToken stop)
    {
        TracePoint? last = null;
        Divergence? divergence;
        while (true)
        {
            observer?.Tick(new(given, plan.Samples, seconds, Evaluating: true));
            divergence = Measure(ref last);
            if (divergence is not null || isStopped || given >= plan.Samples) break;
            mark = plan.EvaluateEvery == 0 ? plan.Samples : Math.Min(plan.Samples, (given / plan.EvaluateEvery + 1) * plan.EvaluateEvery);
            Phase(stop);
        }
        var conflicts = seats.Aggregate(default(Conflicts), (sum, seat) => sum + seat.Conflicts);
        return new(new(last, Delays(), isStopped && given < plan.Samples, divergence), conflicts, seats.Sum(seat => seat.ProcessorSeconds));
    }

    public void Dispose()
    {
        foreach (var seat in seats) seat.Learner.Dispose();
    }

    private void Phase(CancellationToken stop)
    {
        long begin = Stopwatch.GetTimestamp();
        foreach (var account in accounts) account.Start(begin);
        void Tick()
        {
            isStopped |= stop.IsCancellationRequested;
            observer?.Tick(new(Math.Min(Volatile.Read(ref given), plan.Samples), plan.Samples, seconds + Stopwatch.GetElapsedTime(begin).TotalSeconds, Evaluating: false));
        }
        if (plan.Sharing == Sharing.RoundRobin) Crew.Run([accounts[0]], plan.WaitLimit, "a step", _ => TakeTurns(), Tick);
        else Crew.Run(accounts, plan.WaitLimit, "a piece of work", Work, Tick);
        isStopped |= stop.IsCancellationRequested;
        given = Math.Min(given, mark);
        long end = Stopwatch.GetTimestamp();
        foreach (var account in accounts) account.Book(Activity.Waiting, end); // for the last to come
        seconds += Stopwatch.GetElapsedTime(begin, end).TotalSeconds;
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
        for (int worker = 0, count; !isStopped && (count = Take()) > 0; worker = (worker + 1) % seats.Length)
        {
            accounts[0].Begin();
            Play(worker, count);
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
        // The evaluation is no part of the workers' time.
        Account[] evaluators = [.. accounts.Select(_ => new Account())];
        var (point, divergence) = SharedEvaluation.Measure(model, new(seconds, Stopwatch.GetElapsedTime(started).TotalSeconds, given, Steps, Delays()),
            (pieces, perform) => Crew.Share(evaluators, plan.WaitLimit, "an evaluation", pieces, (_, piece) => perform(piece)),
            loss => seats.Select((seat, worker) => new WorkerAccount(worker, seat.Steps, seat.Samples, loss, plan.LearningRate * plan.Shape.Factor(seat.Steps, 0),
                accounts[worker][Activity.Compute], accounts[worker][Activity.Data], 0, accounts[worker][Activity.Waiting], 0, 0)));
        if (point is null) return divergence;
        last = point;
        observer?.Point(point);
        return null;
    }

    private long Steps => seats.Sum(seat => seat.Steps);

    private Staleness Delays()
    {
        var all = new Staleness();
        foreach (var seat in seats) all.Add(seat.Delays);
        return all;
    }

    /// <summary>What belongs to one worker; only its own thread touches it while it runs.</summary>
    private sealed class Seat(ISharedLearner learner)
    {
        private readonly int[] order = new int[Windows.Size];
        private readonly float[] rates = new float[TakeSize];
        private int position, end, watched;

        public ISharedLearner Learner { get; } = learner;

        public Staleness Delays { get; } = new();

        public Conflicts Conflicts { get; private set; }

        public long Steps { get; private set; }

        public long Samples { get; private set; }

        public double ProcessorSeconds { get; set; }

        public int SinceWatch { get; set; }

        /// <summary>Examples of the window that are left.</summary>
        public int Left => end - position;

        public void Open(Windows windows, long window) => (position, end) = (0, windows.Fill(window, order));

        public ReadOnlySpan<int> Next(int count) => order.AsSpan((position += count) - count, count);

        /// <summary>Finds the rates of the next steps.</summary>
        public void Rates(LockFreePlan plan, int examples)
        {
            int steps = (examples + plan.Batch - 1) / plan.Batch;
            if (plan.Shape is ConstantRate) rates.AsSpan(0, steps).Fill((float)plan.LearningRate);
            else for (int k = 0; k < steps; k++) rates[k] = (float)(plan.LearningRate * plan.Shape.Factor(Steps + k, 0));
        }

        public ReadOnlySpan<float> Rate(int from, int to) => rates.AsSpan(from, to - from);

        /// <summary>Which of some examples to watch: of the second half, so that a merge comes before, and any with the same frequency, for steps are the older the longer a merge is past.</summary>
        public int WatchAt(int some)
        {
            double part = 0.618033988749895 * ++watched; // multiples of the golden ratio are spread evenly
            return some / 2 + (int)((part - Math.Floor(part)) * (some - some / 2));
        }

        public void Watched(Sighting? seen)
        {
            if (seen is not { } sighting) return;
            SinceWatch = 0;
            Delays.Add(sighting.Delay);
            Conflicts += sighting;
        }

        public void Made(int examples, int batch)
        {
            Samples += examples;
            Steps += (examples + batch - 1) / batch;
        }
    }
}
