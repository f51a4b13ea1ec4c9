using Hooke.Methods;
using Hooke.Numerics;
using Hooke.Runs;

namespace Hooke.Simulator;

/// <summary>A machine with many cores and one memory.</summary>
/// <param name="NumberTime">How long a core takes for a number of an example: its part of a step's reads, computation and writes.</param>
/// <param name="WriteDelay">How long after a step the other cores still see a coordinate without its write; drawn for each coordinate.</param>
public sealed record SharedMachine(TimeLaw NumberTime, TimeLaw WriteDelay)
{
    /// <summary>About what 2 GHz and caches that talk to each other make: 1 ns a number, 100 ns until a write is seen.</summary>
    public static SharedMachine Default { get; } = new(1e-9, new ExponentialTime(1e-7));
}

/// <summary>How much to train in simulated shared memory.</summary>
/// <param name="Samples">Steps of single examples, all workers together.</param>
/// <param name="LearningRate">η.</param>
public sealed record SharedPlan(long Samples, double LearningRate)
{
    /// <summary>How the learning rate changes over a worker's own steps.</summary>
    public RateShape Shape { get; init; } = new ConstantRate();

    /// <summary>Samples between evaluations; 0 evaluates at the end only.</summary>
    public long EvaluateEvery { get; init; }

    /// <summary>Whether examples are drawn with replacement.</summary>
    public bool Replacement { get; init; }

    /// <summary>Reads seconds of real time, for <see cref="TracePoint.WallSeconds"/> only.</summary>
    public Func<double>? WallClock { get; init; }
}

/// <summary>What a simulated lock-free run adds to its outcome.</summary>
/// <param name="Run">As every run; staleness counts the steps that others finished between a step's reads and its last write.</param>
/// <param name="Writes">Writes to coordinates.</param>
/// <param name="Conflicts">Writes before which another worker's write to the coordinate was seen since it was read.</param>
public sealed record SharedOutcome(RunOutcome Run, long Writes, long Conflicts);

/// <summary>
/// Lock-free SGD in virtual time [Survey, sec. 5.2]: a worker reads its coordinates from the central store, computes, and each of
/// its writes is added to the store after a delay of its own; a worker sees its own writes at once. Any number of workers, the
/// same bits every time.
/// </summary>
public sealed class SharedMemory
{
    private readonly ISharedSteps model;
    private readonly SharedPlan plan;
    private readonly SharedMachine machine;
    private readonly IRunObserver? observer;
    private readonly Func<bool>? isStopped;
    private readonly ulong seed;
    private readonly Core[] cores;
    private readonly Windows windows;
    private readonly Staleness delays = new();
    private readonly PriorityQueue<Happening, (double Time, long Sequence)> queue = new();
    private readonly double[] lastTime; // when a coordinate was last written, and by whom
    private readonly int[] lastCore;
    private double now;
    private long sequence, given, finished, writes, conflicts, nextWindow;
    private TracePoint? last;

    private SharedMemory(ISharedSteps model, int workers, ulong seed, SharedPlan plan, SharedMachine machine, IRunObserver? observer, Func<bool>? isStopped)
    {
        (this.model, this.seed, this.plan, this.machine, this.observer, this.isStopped) = (model, seed, plan, machine, observer, isStopped);
        windows = new(model.Examples, seed, plan.Replacement, model.ReadsInOrder);
        (lastTime, lastCore) = (new double[model.Dimension], new int[model.Dimension]);
        Array.Fill(lastTime, -1);
        cores = [.. Enumerable.Range(0, workers).Select(worker => new Core(worker))];
    }

    /// <summary>Runs to the end of the plan, or until it is stopped or diverges.</summary>
    /// <param name="model">The shared model; it is moved.</param>
    /// <param name="workers">p, at least 1.</param>
    /// <param name="seed">Seed of the order of examples and of all times.</param>
    /// <param name="plan">How much.</param>
    /// <param name="machine">How long everything takes.</param>
    /// <param name="observer">Follows the run.</param>
    /// <param name="isStopped">Asked now and then whether to stop.</param>
    /// <exception cref="ArgumentException">A number is outside its range.</exception>
    public static SharedOutcome Run(ISharedSteps model, int workers, ulong seed, SharedPlan plan, SharedMachine machine, IRunObserver? observer = null, Func<bool>? isStopped = null)
    {
        if (workers < 1) throw new ArgumentException($"workers is {workers}; it must be at least 1");
        if (plan.Samples < 0) throw new ArgumentException($"samples is {plan.Samples}; it must be at least 0");
        machine.NumberTime.Check("number time");
        machine.WriteDelay.Check("write delay");
        var watched = new WatchedObserver(observer);
        var outcome = new SharedMemory(model, workers, seed, plan, machine, watched, isStopped).Run();
        return outcome with { Run = outcome.Run with { ObserverFailure = watched.Failure } };
    }

    private SharedOutcome Run()
    {
        var divergence = Measure();
        foreach (var core in cores) Begin(core);
        long mark = plan.EvaluateEvery > 0 ? plan.EvaluateEvery : plan.Samples;
        bool stopped = false;
        while (divergence is null && queue.TryDequeue(out var what, out var when))
        {
            now = when.Time;
            Play(what);
            if (finished < mark) continue;
            mark = plan.EvaluateEvery > 0 ? mark + plan.EvaluateEvery : long.MaxValue;
            if (finished < plan.Samples) divergence = Measure();
            if (stopped = isStopped?.Invoke() ?? false) break;
        }
        if (divergence is null) divergence = Measure();
        return new(new(last, delays, stopped && finished < plan.Samples, divergence), writes, conflicts);
    }

    private void Play(Happening what)
    {
        var core = cores[what.Core];
        if (what.Step is null)
        {
            Begin(core);
            return;
        }
        var step = what.Step;
        int coordinate = step.Coordinates[what.Position];
        if (lastTime[coordinate] > step.ReadAt && lastCore[coordinate] != core.Worker) conflicts++;
        (lastTime[coordinate], lastCore[coordinate]) = (now, core.Worker);
        model[coordinate] += step.Changes[what.Position];
        writes++;
        if (core.Pending.TryGetValue(coordinate, out float pending)) core.Pending[coordinate] = pending - step.Changes[what.Position];
        if (--step.Left > 0) return;
        finished++;
        core.Finished++;
        delays.Add(Math.Max(0, finished - step.FinishedBefore - (core.Finished - step.OwnBefore)));
        // Rounding leaves crumbs of what is long in the store.
        if (--core.InFlight == 0) core.Pending.Clear();
    }

    /// <summary>A worker reads what the next example needs; what it will write is computed from that.</summary>
    private void Begin(Core core)
    {
        if (given >= plan.Samples) return;
        given++;
        if (core.Position == core.End) (core.Position, core.End) = (0, windows.Fill(nextWindow++, core.Order));
        int example = core.Order[core.Position++];
        int[] coordinates = new int[model.LongestStep];
        Array.Resize(ref coordinates, model.Coordinates(example, coordinates));
        float[] read = new float[coordinates.Length], changes = new float[coordinates.Length];
        for (int k = 0; k < read.Length; k++) read[k] = core.Pending.TryGetValue(coordinates[k], out float own) ? model[coordinates[k]] + own : model[coordinates[k]];
        model.Change(example, read, (float)(plan.LearningRate * plan.Shape.Factor(core.Steps, 0)), changes);
        Noise noise = new(seed, core.Worker, core.Steps++, NoiseStream.Timing);
        double end = now;
        end += coordinates.Length * machine.NumberTime.Sample(noise);
        core.Busy += end - now;
        var step = new Step(coordinates, changes, now, finished, core.Finished) { Left = coordinates.Length };
        core.InFlight++;
        for (int k = 0; k < coordinates.Length; k++)
        {
            double delay = machine.WriteDelay.Sample(noise, 2 + 2 * k);
            if (delay > 0) core.Pending[coordinates[k]] = core.Pending.GetValueOrDefault(coordinates[k]) + changes[k];
            Post(end + delay, new(core.Worker, step, k));
        }
        Post(end, new(core.Worker, null, 0));
    }

    private void Post(double time, Happening what) => queue.Enqueue(what, (time, sequence++));

    private Divergence? Measure()
    {
        static void Alone(int pieces, Action<int> perform)
        {
            for (int piece = 0; piece < pieces; piece++) perform(piece);
        }
        var (point, divergence) = SharedEvaluation.Measure(model, new(now, plan.WallClock?.Invoke() ?? 0, finished, finished, delays), Alone,
            loss => cores.Select(core => new WorkerAccount(core.Worker, core.Finished, core.Finished, loss, plan.LearningRate * plan.Shape.Factor(core.Steps, 0), Math.Min(core.Busy, now), 0, 0, Math.Max(0, now - core.Busy), 0, 0)));
        if (point is null) return divergence;
        last = point;
        observer?.Point(point);
        observer?.Tick(new(finished, plan.Samples, now, Evaluating: false));
        return null;
    }

    /// <summary>A core is free (no step), or a write of a step reaches the store.</summary>
    private readonly record struct Happening(int Core, Step? Step, int Position);

    private sealed class Step(int[] coordinates, float[] changes, double readAt, long finishedBefore, long ownBefore)
    {
        public int[] Coordinates { get; } = coordinates;

        public float[] Changes { get; } = changes;

        public double ReadAt { get; } = readAt;

        public long FinishedBefore { get; } = finishedBefore;

        public long OwnBefore { get; } = ownBefore;

        public int Left { get; set; }
    }

    private sealed class Core(int worker)
    {
        public int Worker { get; } = worker;

        public int[] Order { get; } = new int[Windows.Size];

        public int Position { get; set; }

        public int End { get; set; }

        public long Steps { get; set; }

        public long Finished { get; set; }

        public int InFlight { get; set; }

        public double Busy { get; set; }

        /// <summary>What the core has written and the store has not: it sees its own writes at once.</summary>
        public Dictionary<int, float> Pending { get; } = [];
    }
}
