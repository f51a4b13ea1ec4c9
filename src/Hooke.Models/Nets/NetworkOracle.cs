using Hooke.Models.Data;
using Hooke.Numerics;
using Hooke.Problems;

namespace Hooke.Models.Nets;

/// <summary>Computes a network's gradients and losses in one thread. Batches beyond the scratch memory pass in chunks.</summary>
internal sealed unsafe class NetworkOracle : IOracle<float>
{
    // Greatest number of examples whose pixels are held, and of floats that they should need.
    private const int LargestBatch = 256, PixelFloats = 4 << 20;

    private readonly Network network;
    private readonly DataSet data;
    private readonly IKernels kernels;
    private readonly ExampleStream stream;
    private readonly ILayerPass[] passes;
    private readonly FiringUnits?[] firing;
    private readonly int[] offsets;
    private readonly NativeVector<float> pixels, targets;
    private readonly int pixelStride, targetStride, held, chunkSize;
    private readonly int[] indices, labels;
    private Draw? loaded;

    public NetworkOracle(Network network, ILayer[] layers, int[] offsets, IKernels kernels)
    {
        (this.network, data, this.kernels, this.offsets, chunkSize) = (network, network.Data, kernels, offsets, network.ChunkSize);
        stream = new(network.Sampling, data.TrainCount);
        passes = [.. layers.Select(layer => layer.Open(kernels, chunkSize))];
        firing = [.. passes.Select(pass => pass.Rectified is { } units ? new FiringUnits(units.Units, units.Channels) : null)];
        pixelStride = Rows.StrideOf(data.PixelCount);
        held = Math.Clamp(PixelFloats / pixelStride & ~7, chunkSize, LargestBatch);
        pixels = new(held * pixelStride);
        indices = new int[held];
        labels = new int[held * network.Answers.Height];
        targetStride = data.Target == TargetKind.Values ? Rows.StrideOf(network.Answers.Count) : 1;
        targets = new(network.Spec.Loss == Loss.Regression || data.Target == TargetKind.Values ? held * targetStride : 0);
    }

    public void Load(in Draw draw)
    {
        if (draw.Count > held) return; // brought in part by part by Gradient
        Bring(draw, 0, Size(draw));
        loaded = draw;
    }

    public double Gradient(ReadOnlySpan<float> x, Span<float> gradient, in Draw draw)
    {
        if (x.Length != network.Dimension || gradient.Length != network.Dimension)
            throw new ArgumentException($"the vectors have lengths {x.Length} and {gradient.Length}; {network.Spec.Name} has {network.Dimension} parameters");
        int count = Size(draw);
        bool ready = loaded == draw && count <= held;
        loaded = null;
        double sum = 0;
        fixed (float* at = x, into = gradient)
        {
            Prepare(at, true);
            for (int part = 0; part < count; part += held)
            {
                int size = Math.Min(held, count - part);
                if (!ready) Bring(draw, part, size);
                for (int first = 0; first < size; first += chunkSize)
                {
                    Chunk chunk = new(Math.Min(chunkSize, size - first), part + first, true, (float)network.Spec.L2, draw.Noise(NoiseStream.Dropout));
                    Rows rows = Forward(at, first, chunk);
                    sum += Losses.Sum(network.Spec.Loss, kernels, rows, chunk.Count, network.Answers, labels.AsSpan(first * network.Answers.Height), Targets(first), 1f / count);
                    for (int k = passes.Length - 1; k >= 0; k--) rows = passes[k].Backward(rows, at + offsets[k], into + offsets[k], chunk);
                }
            }
        }
        if (ready) loaded = draw; // the batch is still there for another gradient
        Shorten(gradient);
        return sum / count;
    }

    public Score Evaluate(ReadOnlySpan<float> x, Split split, int block)
    {
        if ((uint)block >= (uint)network.Blocks(split)) throw new ArgumentException($"block is {block}; it must be from 0 to {network.Blocks(split) - 1}");
        if (x.Length != network.Dimension) throw new ArgumentException($"the vector has length {x.Length}; {network.Spec.Name} has {network.Dimension} parameters");
        loaded = null;
        int all = network.Evaluated(split), start = block * Network.BlockSize, count = Math.Min(Network.BlockSize, all - start);
        Score score = default;
        bool notes = split == Split.Training && Array.Exists(firing, units => units is not null);
        foreach (var units in firing) units?.Clear();
        fixed (float* at = x)
        {
            Prepare(at, false);
            for (int first = 0; first < count; first += chunkSize)
            {
                Chunk chunk = new(Math.Min(chunkSize, count - first), first, false, 0, default);
                for (int r = 0; r < chunk.Count; r++)
                {
                    int index = start + first + r;
                    indices[r] = network.EvaluatedIndex(split, index);
                }
                data.ReadInputs(split, indices.AsSpan(0, chunk.Count), pixels.Pointer, pixelStride);
                BringTargets(split, chunk.Count);
                Rows rows = Forward(at, 0, chunk, notes);
                int wrong = network.Spec.Classifies ? Losses.Wrong(rows, chunk.Count, network.Answers, labels)
                    : network.CountsWrong ? Losses.Wrong(rows, chunk.Count, network.Answers, Targets(0), network.Spec.Tolerance!.Value / data.TargetScaling.Deviation) : 0;
                double sum = Losses.Report(network.Spec.Loss, kernels, rows, chunk.Count, network.Answers, labels, Targets(0));
                score += new Score(sum, wrong, chunk.Count, (long)chunk.Count * network.Answers.Height);
            }
        }
        return notes ? score with { Firing = Fired() } : score;
    }

    /// <summary>The units that fired since they were last cleared.</summary>
    private Firing Fired()
    {
        var fired = new Firing(firing.Sum(units => units?.Count ?? 0));
        int first = 0;
        foreach (var units in firing)
        {
            units?.Mark(fired.Bits, first);
            first += units?.Count ?? 0;
        }
        return fired;
    }

    public void Dispose()
    {
        foreach (var pass in passes) pass.Dispose();
        foreach (var units in firing) units?.Dispose();
        pixels.Dispose();
        targets.Dispose();
    }

    private int Size(in Draw draw)
    {
        if (draw.Count == Draw.Full) return data.TrainCount;
        if (draw.Count < 1) throw new ArgumentException($"batch is {draw.Count}; it must be at least 1");
        return draw.Count;
    }

    private void Prepare(float* x, bool training)
    {
        for (int k = 0; k < passes.Length; k++) passes[k].Prepare(x + offsets[k], training);
    }

    private Rows Forward(float* x, int first, in Chunk chunk, bool notes = false)
    {
        Rows rows = new((nint)(pixels.Pointer + (nint)first * pixelStride), pixelStride);
        for (int k = 0; k < passes.Length; k++)
        {
            rows = passes[k].Forward(rows, x + offsets[k], chunk);
            if (notes) firing[k]?.Note(rows, chunk.Count);
        }
        return rows;
    }

    /// <summary>What the outputs of a chunk are compared with, unless they are labels.</summary>
    private Rows Targets(int first) => network.Spec.Reconstructs
        ? new((nint)(pixels.Pointer + (nint)first * pixelStride), pixelStride)
        : new((nint)(targets.Pointer + (nint)first * targetStride), targetStride);

    /// <summary>Scales a gradient that is too long.</summary>
    private void Shorten(Span<float> gradient)
    {
        double longest = network.Spec.MaximumGradientNorm, squares = 0;
        if (longest == 0) return;
        foreach (float g in gradient) squares += (double)g * g;
        if (!(squares > longest * longest)) return;
        float scale = (float)(longest / Math.Sqrt(squares));
        foreach (ref float g in gradient) g *= scale;
    }

    private void Bring(in Draw draw, int first, int count)
    {
        var examples = indices.AsSpan(0, count);
        stream.Fill(draw, first, examples);
        data.ReadInputs(examples, draw, first, pixels.Pointer, pixelStride);
        BringTargets(Split.Training, count);
    }

    private void BringTargets(Split split, int count)
    {
        var examples = indices.AsSpan(0, count);
        if (data.Target == TargetKind.Values)
        {
            data.ReadTargets(split, examples, targets.Pointer, targetStride);
            // A class is where an answer's greatest number is.
            int size = network.Answers.Width * network.Answers.Channels;
            for (int k = 0; k < count * network.Answers.Height && network.Spec.Classifies; k++)
                labels[k] = Losses.Greatest(new(targets.Pointer + (nint)(k / network.Answers.Height) * targetStride + k % network.Answers.Height * size, size));
            return;
        }
        if (data.Target == TargetKind.Label) data.ReadLabels(split, examples, labels);
        for (int r = 0; r < count && network.Spec.Loss == Loss.Regression; r++) targets.Pointer[r] = NumberOf(labels[r], data.Classes);
    }

    /// <summary>A class as a number: labels spread evenly over [−½, ½].</summary>
    public static float NumberOf(int label, int classes) => label / (float)Math.Max(1, classes - 1) - 0.5f;
}
