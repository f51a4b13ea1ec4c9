using Hooke.Engine.Checkpoints;
using Hooke.Methods;
using Hooke.Runs;

namespace Hooke.Engine;

/// <summary>What a run on a shared model keeps, and how it is saved.</summary>
internal sealed partial class LockFreeRun
{
    /// <summary>Saves or restores the run, while all workers pause.</summary>
    public void Archive(IArchive<float> archive)
    {
        archive.Fact("method", "lock-free");
        archive.Fact("sharing", $"{plan.Sharing}");
        archive.Fact("workers", $"{seats.Length}");
        archive.Fact("batch", $"{plan.Batch}");
        archive.Fact("replacement", $"{plan.Replacement}");
        archive.Fact("seed", $"{seed}");
        model.Archive(archive);
        archive.Number("supply.given", ref given);
        archive.Number("supply.windows", ref nextWindow);
        archive.Number("average.next", ref nextAverage);
        archive.Number("turn", ref turn);
        for (int worker = 0; worker < seats.Length; worker++)
        {
            long steps = clocks[worker].Steps;
            archive.Number($"clock.{worker}", ref steps);
            clocks[worker].Steps = (uint)steps;
            seats[worker].Archive(archive, $"worker.{worker}.", windows);
            accounts[worker].Archive(archive, worker);
        }
        archive.Number("clock.seconds", ref seconds);
        double now = WallSeconds, wall = now;
        archive.Number("clock.wallSeconds", ref wall);
        wallBefore += wall - now;
    }

    private void Save()
    {
        if (plan.Checkpoint is not { } path) return;
        try
        {
            var archive = new CheckpointWriter<float>();
            Archive(archive);
            archive.Detach(); // who writes may still do so when the model is freed
            archive.Write(path, plan.WaitLimit);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            observer?.Warn($"no checkpoint at {given} samples: {trouble.Message}", recurs: "no checkpoint");
        }
    }

    /// <summary>What belongs to one worker; only its own thread touches it while it runs.</summary>
    private sealed class Seat(ISharedLearner learner)
    {
        private readonly int[] order = new int[Windows.Size];
        private readonly float[] rates = new float[TakeSize];
        private long steps, samples;
        private double processorSeconds;
        private long window = -1;
        private int position, end, watched, sinceWatch;

        public ISharedLearner Learner { get; } = learner;

        public Staleness Delays { get; } = new();

        public Conflicts Conflicts { get; private set; }

        public long Steps => steps;

        public long Samples => samples;

        public double ProcessorSeconds { get => processorSeconds; set => processorSeconds = value; }

        public int SinceWatch { get => sinceWatch; set => sinceWatch = value; }

        /// <summary>Examples of the window that are left.</summary>
        public int Left => end - position;

        public void Open(Windows windows, long window) => (this.window, position, end) = (window, 0, windows.Fill(window, order));

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
            samples += examples;
            steps += (examples + batch - 1) / batch;
        }

        /// <summary>Saves or restores what the worker has done, what it holds of its window, and what it has of its own.</summary>
        public void Archive(IArchive<float> archive, string name, Windows windows)
        {
            long before = window;
            archive.Number(name + "window", ref window);
            if (window != before) end = windows.Fill(window, order);
            archive.Number(name + "position", ref position);
            archive.Number(name + "steps", ref steps);
            archive.Number(name + "samples", ref samples);
            archive.Number(name + "watched", ref watched);
            archive.Number(name + "sinceWatch", ref sinceWatch);
            var (seen, changed, coordinates) = Conflicts;
            archive.Number(name + "conflicts.steps", ref seen);
            archive.Number(name + "conflicts.changed", ref changed);
            archive.Number(name + "conflicts.coordinates", ref coordinates);
            Conflicts = new(seen, changed, coordinates);
            archive.Number(name + "processorSeconds", ref processorSeconds);
            Delays.Archive(archive, name + "delays.");
            Learner.Archive(archive, name);
        }
    }
}
