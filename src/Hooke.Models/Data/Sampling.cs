namespace Hooke.Models.Data;

/// <summary>A way to draw examples.</summary>
public enum SamplingKind
{
    /// <summary>Every epoch the examples are dealt to the learners in a new random order, each once. [BhardwajCong17]</summary>
    Partition,
    /// <summary>Pools of chunks from several loaders that cycle through the data, shuffled. [Zhang16, §4.1]</summary>
    Loaders,
    /// <summary>Uniformly, with replacement.</summary>
    Replacement,
}

/// <summary>How examples are drawn.</summary>
/// <param name="Kind">The way; a random partition per epoch by default.</param>
public sealed record Sampling(SamplingKind Kind = SamplingKind.Partition)
{
    /// <summary>Number of loaders, k ≥ 1; 8 by default. [Zhang16, §4.1, CIFAR]</summary>
    public int Loaders { get; init; } = 8;

    /// <summary>
    /// Examples in a chunk as the thesis has it: 512 of CIFAR's size, and 64 of ImageNet's, so that what waits in memory stays small.
    /// [Zhang16, §4.1]
    /// </summary>
    /// <param name="data">What is read.</param>
    public static int ChunkOf(DataSet data) => data.StoredShape.Count * (int)data.Element > 1 << 15 ? 64 : 512;

    /// <summary>Examples in a chunk, c ≥ 1; 512 by default. k and c shrink where they would exceed the data: k·c ≤ N.</summary>
    public int Chunk { get; init; } = 512;

    /// <summary>The mini-batch size of the run, at least 1; 128 by default. It matters to loaders only: their cycles restart at an address from 0 to N mod batch.</summary>
    public int Batch { get; init; } = 128;

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public void Validate()
    {
        if (!Enum.IsDefined(Kind)) throw new ArgumentException($"sampling is {Kind}; it must be partition, loaders or replacement");
        if (Loaders < 1) throw new ArgumentException($"loaders is {Loaders}; it must be at least 1");
        if (Chunk < 1) throw new ArgumentException($"chunk is {Chunk}; it must be at least 1");
        if (Batch < 1) throw new ArgumentException($"batch is {Batch}; it must be at least 1");
    }
}
