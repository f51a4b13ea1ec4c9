using Hooke.Numerics;
using Hooke.Problems;

namespace Hooke.Models.Data;

/// <summary>
/// Turns draws into example indices. The result is a pure function of the draw; an instance only remembers where its loaders
/// were, so every thread has its own.
/// </summary>
/// <remarks>
/// Partition: position q of the run's stream is example π(q mod N), with the random permutation π of epoch q/N, so any
/// N successive positions that start an epoch visit every example once, whichever workers claim them.
/// <para>
/// Loaders: each of k loaders reads the whole set from an address on, and at its end restarts at an address uniform in
/// [0, N mod batch]; its first address is uniform in [0, N), so that loaders differ. Pool q of the stream (k·c positions,
/// claimed as a whole) is the q-th chunk of c examples of every loader, shuffled by the worker that claims it. In memory a chunk is
/// a range of addresses and there is nothing to fetch; from a mapped file <see cref="ChunkLoader"/> fetches it ahead of the workers.
/// </para>
/// </remarks>
public sealed class ExampleStream
{
    private readonly Sampling sampling;
    private readonly int examples, loaders, chunk;
    private readonly Cycle[] cycles;

    /// <summary>Creates a stream.</summary>
    /// <param name="sampling">How examples are drawn.</param>
    /// <param name="examples">Number of training examples N, at least 1.</param>
    public ExampleStream(Sampling sampling, int examples)
    {
        sampling.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(examples, 1);
        this.sampling = sampling;
        this.examples = examples;
        loaders = Math.Min(sampling.Loaders, examples);
        chunk = Math.Min(sampling.Chunk, examples / loaders);
        cycles = new Cycle[sampling.Kind == SamplingKind.Loaders ? loaders : 0];
    }

    /// <summary>Positions that a worker claims at a time: a pool, k·c, with loaders; 0 for a batch otherwise.</summary>
    public int ClaimSize => sampling.Kind == SamplingKind.Loaders ? loaders * chunk : 0;

    /// <summary>Number of loaders k; 0 if there are none.</summary>
    public int Loaders => cycles.Length;

    /// <summary>Examples in a loader's chunk, c.</summary>
    public int ChunkSize => chunk;

    /// <summary>Finds the first examples of a draw.</summary>
    /// <param name="draw">The draw; <see cref="Draw.Full"/> stands for all examples in order.</param>
    /// <param name="indices">Receives as many examples, from 0 to N−1.</param>
    public void Fill(in Draw draw, Span<int> indices) => Fill(draw, 0, indices);

    /// <summary>Finds some examples of a draw.</summary>
    /// <param name="draw">The draw; <see cref="Draw.Full"/> stands for all examples in order.</param>
    /// <param name="first">Which of its examples comes first, from 0.</param>
    /// <param name="indices">Receives as many examples, from 0 to N−1.</param>
    public void Fill(in Draw draw, int first, Span<int> indices)
    {
        if (draw.Count == Draw.Full)
        {
            for (int k = 0; k < indices.Length; k++) indices[k] = first + k;
            return;
        }
        switch (sampling.Kind)
        {
            case SamplingKind.Replacement:
                Noise noise = draw.Noise(NoiseStream.Sampling);
                for (int k = 0; k < indices.Length; k++) indices[k] = (int)noise.Integer(first + k, examples);
                break;
            case SamplingKind.Partition:
                FillPartition(draw.Seed, draw.Position + first, indices);
                break;
            default:
                FillLoaders(draw, draw.Position + first, indices);
                break;
        }
    }

    /// <summary>Finds the chunk that a loader contributes to a pool, in the order in which it reads it.</summary>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="pool">Which pool of the run's stream, from 0.</param>
    /// <param name="loader">Which loader, from 0.</param>
    /// <param name="indices">Receives c examples, <see cref="ChunkSize"/>.</param>
    public void FillChunk(ulong seed, long pool, int loader, Span<int> indices)
    {
        for (int k = 0; k < indices.Length; k++) indices[k] = Address(seed, loader, pool * chunk + k);
    }

    private void FillPartition(ulong seed, long position, Span<int> indices)
    {
        while (indices.Length > 0)
        {
            var (epoch, at) = Math.DivRem(position, examples);
            Permutation order = new(new(seed, -1, epoch, NoiseStream.Sampling), examples);
            int count = (int)Math.Min(indices.Length, examples - at);
            for (int k = 0; k < count; k++) indices[k] = (int)order[at + k];
            indices = indices[count..];
            position += count;
        }
    }

    private void FillLoaders(in Draw draw, long position, Span<int> indices)
    {
        int pool = loaders * chunk;
        while (indices.Length > 0)
        {
            var (number, at) = Math.DivRem(position, pool);
            Permutation order = new(new(draw.Seed, draw.Worker, number, NoiseStream.Sampling), pool);
            int count = (int)Math.Min(indices.Length, pool - at);
            for (int k = 0; k < count; k++)
            {
                var (loader, within) = Math.DivRem((int)order[at + k], chunk);
                indices[k] = Address(draw.Seed, loader, number * chunk + within);
            }
            indices = indices[count..];
            position += count;
        }
    }

    /// <summary>The example that a loader reads at a step of its endless sequence, which consists of cycles [start, N).</summary>
    private int Address(ulong seed, int loader, long step)
    {
        ref Cycle cycle = ref cycles[loader];
        if (!cycle.Walking || cycle.Seed != seed || step < cycle.First) cycle = new(true, seed, 0, 0, Start(seed, loader, 0));
        while (step - cycle.First >= examples - cycle.Start)
            cycle = new(true, seed, cycle.Number + 1, cycle.First + examples - cycle.Start, Start(seed, loader, cycle.Number + 1));
        // A pool may straddle two cycles; going back within it restarts the walk, which costs a draw per cycle.
        return (int)(cycle.Start + step - cycle.First);
    }

    private int Start(ulong seed, int loader, long cycle)
        => (int)new Noise(seed, -1, cycle, NoiseStream.Sampling).Integer(loader, cycle == 0 ? examples : Math.Min(examples % sampling.Batch + 1, examples));

    /// <summary>A loader's pass over the data.</summary>
    /// <param name="Walking">False before the first use.</param>
    /// <param name="Seed">Seed of the run.</param>
    /// <param name="Number">Which pass, from 0.</param>
    /// <param name="First">The step at which it starts.</param>
    /// <param name="Start">The address at which it starts.</param>
    private record struct Cycle(bool Walking, ulong Seed, long Number, long First, int Start);
}
