using Hooke.Models.Data;
using Hooke.Numerics;
using Hooke.Problems;

namespace Hooke.Models.Nets;

/// <summary>Computes a network's gradients and losses in one thread. Batches beyond the scratch memory pass in chunks.</summary>
internal sealed unsafe class NetworkOracle : IOracle<float>
{
    /// <summary>Examples in scratch memory.</summary>
    internal const int ChunkSize = 256;

    private readonly Network network;
    private readonly DataSet data;
    private readonly IKernels kernels;
    private readonly ExampleStream stream;
    private readonly ILayerPass[] passes;
    private readonly int[] offsets;
    private readonly NativeVector<float> pixels;
    private readonly int pixelStride;
    private readonly int[] indices = new int[ChunkSize];
    private readonly byte[] labels = new byte[ChunkSize];
    private readonly int[] wideLabels = new int[ChunkSize];
    private Draw? loaded;

    public NetworkOracle(Network network, ILayer[] layers, int[] offsets, IKernels kernels)
    {
        (this.network, data, this.kernels, this.offsets) = (network, network.Data, kernels, offsets);
        stream = new(network.Sampling, data.TrainCount);
        passes = [.. layers.Select(layer => layer.Open(kernels, ChunkSize))];
        pixelStride = Rows.StrideOf(data.PixelCount);
        pixels = new(ChunkSize * pixelStride);
    }

    public void Load(in Draw draw)
    {
        if (draw.Count > ChunkSize) return; // brought in chunk by chunk by Gradient
        Bring(draw, 0, Size(draw));
        loaded = draw;
    }

    public double Gradient(ReadOnlySpan<float> x, Span<float> gradient, in Draw draw)
    {
        if (x.Length != network.Dimension || gradient.Length != network.Dimension)
            throw new ArgumentException($"the vectors have lengths {x.Length} and {gradient.Length}; {network.Spec.Name} has {network.Dimension} parameters");
        int count = Size(draw);
        bool ready = loaded == draw && count <= ChunkSize;
        loaded = null;
        double sum = 0;
        fixed (float* at = x, into = gradient)
        {
            Prepare(at, true);
            for (int first = 0; first < count; first += ChunkSize)
            {
                Chunk chunk = new(Math.Min(ChunkSize, count - first), first, true, (float)network.Spec.L2, draw.Noise(NoiseStream.Dropout));
                if (!ready) Bring(draw, first, chunk.Count);
                Rows rows = Forward(at, chunk);
                sum += Losses.Sum(network.Spec.Loss, kernels, rows, data.Classes, labels.AsSpan(0, chunk.Count), 1f / count, out _);
                for (int k = passes.Length - 1; k >= 0; k--) rows = passes[k].Backward(rows, at + offsets[k], into + offsets[k], chunk);
            }
        }
        if (ready) loaded = draw; // the batch is still there for another gradient
        return sum / count;
    }

    public Score Evaluate(ReadOnlySpan<float> x, Split split, int block)
    {
        if ((uint)block >= (uint)network.Blocks(split)) throw new ArgumentException($"block is {block}; it must be from 0 to {network.Blocks(split) - 1}");
        if (x.Length != network.Dimension) throw new ArgumentException($"the vector has length {x.Length}; {network.Spec.Name} has {network.Dimension} parameters");
        loaded = null;
        int all = network.Evaluated(split), start = block * Network.BlockSize, count = Math.Min(Network.BlockSize, all - start);
        Score score = default;
        fixed (float* at = x)
        {
            Prepare(at, false);
            for (int first = 0; first < count; first += ChunkSize)
            {
                Chunk chunk = new(Math.Min(ChunkSize, count - first), first, false, 0, default);
                for (int r = 0; r < chunk.Count; r++)
                {
                    int index = start + first + r;
                    indices[r] = split == Split.Test ? index : (int)((long)index * data.TrainCount / all);
                }
                Standardize(split, chunk.Count);
                double sum = Losses.Sum(network.Spec.Loss, kernels, Forward(at, chunk), data.Classes, labels.AsSpan(0, chunk.Count), 1, out int wrong);
                score += new Score(sum, wrong, chunk.Count);
            }
        }
        return score;
    }

    public void Dispose()
    {
        foreach (var pass in passes) pass.Dispose();
        pixels.Dispose();
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

    private Rows Forward(float* x, in Chunk chunk)
    {
        Rows rows = new((nint)pixels.Pointer, pixelStride);
        for (int k = 0; k < passes.Length; k++) rows = passes[k].Forward(rows, x + offsets[k], chunk);
        return rows;
    }

    private void Bring(in Draw draw, int first, int count)
    {
        var examples = indices.AsSpan(0, count);
        stream.Fill(draw, first, examples);
        data.ReadInputs(examples, draw, first, pixels.Pointer, pixelStride);
        ReadLabels(Split.Training, count);
    }

    private void Standardize(Split split, int count)
    {
        data.ReadInputs(split, indices.AsSpan(0, count), pixels.Pointer, pixelStride);
        ReadLabels(split, count);
    }

    private void ReadLabels(Split split, int count)
    {
        data.ReadLabels(split, indices.AsSpan(0, count), wideLabels);
        for (int r = 0; r < count; r++) labels[r] = (byte)wideLabels[r];
    }
}
