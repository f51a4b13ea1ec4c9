using System.Runtime.CompilerServices;

namespace Hooke.Models.Data;

/// <summary>
/// A data loader of [Zhang16, §4.1] for mapped files: it brings a chunk of examples from the disk into memory before a worker asks
/// for them. It has no thread: the engine calls <see cref="Load"/> on one of its own for pools that are about to be claimed.
/// </summary>
/// <remarks>
/// Which examples make a chunk is a pure function of seed, pool and loader (<see cref="ExampleStream"/>), so loaders and workers need
/// no queue between them and no bit of a run depends on whether loaders run or how far ahead they are. The buffer is the
/// operating system's page cache: loading touches every page, in the order of the file, and workers read the mapped pages.
/// An instance is for one thread at a time and allocates nothing while it loads.
/// </remarks>
public sealed unsafe class ChunkLoader
{
    private const int Page = 4096;

    private readonly Examples examples;
    private readonly long inputBytes, targetBytes;
    private readonly ExampleStream stream;
    private readonly int[] indices;

    /// <summary>Prepares a loader.</summary>
    /// <param name="data">What is read.</param>
    /// <param name="sampling">How examples are drawn: by loaders.</param>
    /// <exception cref="ArgumentException">Examples are drawn in another way.</exception>
    public ChunkLoader(DataSet data, Sampling sampling)
    {
        if (sampling.Kind != SamplingKind.Loaders) throw new ArgumentException($"sampling is {sampling.Kind}; chunks are loaded with loaders only");
        examples = data.Of(Problems.Split.Training);
        (inputBytes, targetBytes) = (data.Layout.InputBytes, data.Layout.TargetBytes);
        stream = new(sampling, data.TrainCount);
        indices = new int[stream.ChunkSize];
        Needed = data.IsMapped;
    }

    /// <summary>Whether there is anything to load: not if the data are in memory.</summary>
    public bool Needed { get; }

    /// <summary>Number of loaders k, each of which contributes a chunk to every pool.</summary>
    public int Loaders => stream.Loaders;

    /// <summary>Positions of the run's stream in a pool, so that position q belongs to pool q / PoolSize.</summary>
    public int PoolSize => stream.ClaimSize;

    /// <summary>Brings the chunk that a loader contributes to a pool into memory; returns when it is there.</summary>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="pool">Which pool of the run's stream, from 0.</param>
    /// <param name="loader">Which loader, from 0.</param>
    /// <returns>Bytes of the chunk; 0 if there is nothing to load.</returns>
    public long Load(ulong seed, long pool, int loader)
    {
        if (!Needed) return 0;
        if ((uint)loader >= (uint)Loaders) throw new ArgumentOutOfRangeException(nameof(loader), $"loader is {loader}; it must be from 0 to {Loaders - 1}");
        stream.FillChunk(seed, pool, loader, indices);
        // Consecutive examples are one range of addresses; a chunk has a second range where its loader starts over.
        for (int first = 0, next; first < indices.Length; first = next)
        {
            for (next = first + 1; next < indices.Length && indices[next] == indices[next - 1] + 1;) next++;
            _ = Touch(examples.Inputs, indices[first] * inputBytes, (next - first) * inputBytes);
            _ = Touch(examples.Targets, indices[first] * targetBytes, (next - first) * targetBytes);
        }
        return indices.Length * (inputBytes + targetBytes);
    }

    // Not inlined, and with a result, since reads that nobody uses would be left out.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Touch(Region region, long from, long count)
    {
        int sum = 0;
        for (long at = from; at < from + count; at += Page) sum += region.Pointer[at];
        if (count > 0) sum += region.Pointer[from + count - 1];
        GC.KeepAlive(region);
        return sum;
    }
}
