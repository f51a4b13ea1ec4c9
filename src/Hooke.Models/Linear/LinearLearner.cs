using System.Numerics;
using System.Runtime.CompilerServices;
using Hooke.Numerics;
using Hooke.Problems;
using Hooke.Runs;

namespace Hooke.Models.Linear;

/// <summary>One worker's steps on a linear model, for one layout, precision and loss.</summary>
internal unsafe class LinearLearner<TModel, TKernel, TLoss> : ISharedLearner
    where TModel : unmanaged where TKernel : struct, IRowKernel<TModel> where TLoss : struct, ILinearLoss
{
    /// <summary>How many steps ahead rows are asked for: about the time that memory takes.</summary>
    private const int Ahead = 4;

    /// <summary>Greatest number of steps between decays, and how far the model may decay at once.</summary>
    private const int LongestDecay = 4096;
    private const double LargestDecay = 0.01;

    /// <summary>Steps between merges from which on each is noted: to read another's clock takes its cache line away, so more frequent ones are noted for watched steps alone.</summary>
    private const int SeldomMerges = 64;

    private readonly LinearModel model;
    private readonly TKernel kernel;
    private readonly Place<TModel>[] places; // of the classes
    private readonly HotCopies<TModel>? copies;
    private readonly int worker;
    private readonly float[] slopes, scores;
    private RoundingNoise noise;
    private double decay = 1;
    private long step, othersMerged; // the others' steps at the last merge that was noted
    private readonly bool mergesSeldom;
    private bool notes, isNoted;

    public LinearLearner(LinearModel model, TKernel kernel, int worker, int workers)
    {
        (this.model, this.kernel, this.worker) = (model, kernel, worker);
        // A worker that is alone has nobody to share with, and its steps are those of sequential SGD.
        if (workers > 1 && model.Options.Hot > 0) copies = new(model, model.Rows.IsSparse ? Math.Min(model.Options.Hot, model.Coordinates) : model.Coordinates);
        // Copies are fresh when they are made.
        notes = isNoted = mergesSeldom = copies is not null && model.Options.MergeEvery >= SeldomMerges;
        places = [.. Enumerable.Range(0, model.Outputs).Select(Find)];
        (slopes, scores) = (new float[256], new float[model.Outputs]);
        noise = new(model.Seed, worker, model.Options.Rounding);
    }

    public void Prepare()
    {
        StepClock[] clocks = [.. Enumerable.Range(0, worker + 1).Select(_ => new StepClock())];
        Run([0, 0, 0, 0, 0], [0, 0, 0, 0, 0], 1, clocks);
        Run([0, 0], [0], 2, clocks);
        (step, othersMerged) = (0, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(ReadOnlySpan<int> examples, ReadOnlySpan<float> rates, int batch, ReadOnlySpan<StepClock> clocks)
    {
        if (batch == 1)
        {
            Steps(examples, rates, clocks);
            return;
        }
        for (int at = 0, k = 0; at < examples.Length; at += batch, k++)
        {
            Step(examples.Slice(at, Math.Min(batch, examples.Length - at)), rates[k]);
            EndStep(rates[k], clocks);
        }
    }

    public Sighting? Watch(ReadOnlySpan<int> examples, ReadOnlySpan<float> rates, int at, ReadOnlySpan<StepClock> clocks)
    {
        if (!notes) (notes, isNoted) = (copies is not null, copies is null);
        Steps(examples[..at], rates[..at], clocks);
        bool isKnown = isNoted;
        notes &= !isKnown || mergesSeldom;
        var seen = Watch(examples[at], rates[at], clocks);
        Steps(examples[(at + 1)..], rates[(at + 1)..], clocks);
        return isKnown ? seen : null;
    }

    private Sighting Watch(int example, float rate, ReadOnlySpan<StepClock> clocks)
    {
        var rows = model.Rows;
        int length = rows.Length(example), changed = 0;
        Span<TModel> before = length <= 1024 ? stackalloc TModel[length] : new TModel[length];
        long read = copies is null ? Others(clocks) : othersMerged;
        for (int output = 0; output < places.Length; output++)
        {
            ref readonly var place = ref places[output];
            for (int k = 0; k < length; k++) before[k] = place.Rest[rows.Index(example, k)];
            if (Cell.IsFixed<TModel>()) noise.Start(step * places.Length + output);
            float slope = TLoss.Slope(kernel.Score(example, place), model.TargetOf(kernel.Target(example), output));
            for (int k = 0; k < length; k++)
                if (rows.Index(example, k) is var j && j >= place.Hot && !place.Rest[j].Equals(before[k])) changed++;
            if (slope != 0) kernel.Add(example, -rate * slope, place, noise);
        }
        long delay = Others(clocks) - read;
        EndStep(rate, clocks);
        return new(delay, changed, length * places.Length);
    }

    public void Merge(ReadOnlySpan<StepClock> clocks)
    {
        copies?.MergeAll();
        othersMerged = Others(clocks);
    }

    public void Archive(IArchive<float> archive, string name)
    {
        archive.Number(name + "step", ref step);
        archive.Number(name + "decay", ref decay);
        archive.Number(name + "othersMerged", ref othersMerged);
        archive.Flag(name + "notes", ref notes);
        archive.Flag(name + "isNoted", ref isNoted);
        copies?.Archive(archive, name + "copies.");
    }

    public void Dispose() => copies?.Dispose();

    // A worker with copies of all coordinates works as if they were the model.
    private Place<TModel> Find(int output)
    {
        TModel* shared = model.Parameters<TModel>(output);
        if (copies is null) return new(shared, null, 0, model.Scale);
        return copies.Count == model.Coordinates ? new(copies[output], null, 0, model.Scale) : new(shared, copies[output], copies.Count, model.Scale);
    }

    private long Others(ReadOnlySpan<StepClock> clocks)
    {
        long sum = 0;
        for (int k = 0; k < clocks.Length; k++) if (k != worker) sum += clocks[k].Steps;
        return sum;
    }

    /// <summary>Makes a step for each of some examples.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected virtual void Steps(ReadOnlySpan<int> examples, ReadOnlySpan<float> rates, ReadOnlySpan<StepClock> clocks)
    {
        bool isScored = false; // whether the last step has taken this step's scores
        for (int at = 0; at < examples.Length; at++)
        {
            kernel.Prefetch(examples[Math.Min(at + Ahead, examples.Length - 1)]);
            int next = at + 1 < examples.Length ? examples[at + 1] : -1;
            Step(examples[at], rates[at], isScored, next);
            isScored = !EndStep(rates[at], clocks) && next >= 0;
        }
    }

    /// <summary>A weight vector as this worker sees it.</summary>
    protected ref readonly Place<TModel> PlaceOf(int output) => ref places[output];

    /// <summary>dℓ/dz of an example.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected float Slope(int row, float score, int output) => TLoss.Slope(score, model.TargetOf(kernel.Target(row), output));

    /// <summary>w ← w + a x.</summary>
    protected void Add(int row, float factor, int output) => kernel.Add(row, factor, places[output], noise);

    // The score of the next row is taken right after this one's write.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Step(int row, float rate, bool isScored, int next)
    {
        float target = kernel.Target(row);
        for (int output = 0; output < places.Length; output++)
        {
            ref readonly var place = ref places[output];
            float slope = TLoss.Slope(isScored ? scores[output] : kernel.Score(row, place), model.TargetOf(target, output));
            if (slope == 0)
            {
                if (next >= 0) scores[output] = kernel.Score(next, place);
                continue;
            }
            if (Cell.IsFixed<TModel>()) noise.Start(step * places.Length + output);
            if (next >= 0) scores[output] = kernel.AddAndScore(row, -rate * slope, place, noise, next);
            else kernel.Add(row, -rate * slope, place, noise);
        }
    }

    // All of a batch's scores are taken before its first write.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Step(ReadOnlySpan<int> batch, float rate)
    {
        for (int output = 0; output < places.Length; output++)
        {
            ref readonly var place = ref places[output];
            var part = batch;
            float share = rate / batch.Length;
            for (int k = 0; k < part.Length; k++)
                slopes[k] = TLoss.Slope(kernel.Score(part[k], place), model.TargetOf(kernel.Target(part[k]), output));
            for (int k = 0; k < part.Length; k++)
            {
                if (slopes[k] == 0) continue;
                if (Cell.IsFixed<TModel>()) noise.Start((step * places.Length + output) * slopes.Length + k);
                kernel.Add(part[k], -share * slopes[k], place, noise);
            }
        }
    }

    /// <summary>Counts a step. λ shrinks every coordinate at every step; a step touches few, so shrinking is saved up.</summary>
    /// <returns>Whether the model has changed.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected bool EndStep(float rate, ReadOnlySpan<StepClock> clocks)
    {
        step++;
        clocks[worker].Steps++;
        bool merges = copies is not null && copies.EndStep();
        if (merges && notes) (othersMerged, isNoted) = (Others(clocks), true);
        if (model.Options.L2 <= 0) return merges;
        decay *= 1 - rate * model.Options.L2;
        if (1 - decay < LargestDecay && step % LongestDecay != 0) return merges;
        for (int output = 0; output < places.Length; output++)
        {
            ref readonly var place = ref places[output];
            if (Cell.IsFixed<TModel>()) noise.Start(~(step * places.Length + output));
            Shrink(place.Own, 0, place.Hot);
            Shrink(place.Rest, place.Hot, model.Coordinates);
        }
        decay = 1;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Shrink(TModel* w, int from, int to)
    {
        float factor = (float)decay;
        if (Cell.IsFixed<TModel>())
            for (int j = from; j < to; j++) Cell.Add(w + j, (factor - 1) * Cell.Float(w + j), noise.At(j));
        else if (from < to)
        {
            // A weight that no example has any more shrinks to zero in the end.
            Span<float> weights = new(w + from, to - from);
            Elementwise.Map(new Shrunk(factor), weights, weights, weights);
        }
    }

    private readonly struct Shrunk(float factor) : IMap<float>
    {
        private readonly Vector<float> factor = new(factor);
        public Vector<float> Apply(Vector<float> w, Vector<float> _) => factor * w;
    }
}
