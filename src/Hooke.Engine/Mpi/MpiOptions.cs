namespace Hooke.Engine.Mpi;

/// <summary>How a run on MPI treats silence.</summary>
public sealed record MpiOptions
{
    /// <summary>A worker, or rank 0, that has been silent for so long is given up; above 0.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the workers may take to appear when a run starts; above 0.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Ranks that hold the center, from rank 0 on; at least 1.</summary>
    public int Centers { get; init; } = 1;

    /// <summary>Workers of every other rank, each a thread of its own; at least 1.</summary>
    public int WorkersPerRank { get; init; } = 1;

    /// <summary>Bytes of a shard of the center, at most; at least 64.</summary>
    public int ChunkBytes { get; init; } = 1 << 20;

    /// <summary>How many lost workers rank 0 may replace by new processes; at least 0, and 0 if several ranks hold the center.</summary>
    public int Replacements { get; init; }

    /// <summary>The program and its arguments that take the place of a worker, which calls <see cref="MpiWorld.Replace"/>.</summary>
    public Func<int, IReadOnlyList<string>> ReplacementProgram { get; init; } = _ => throw new InvalidOperationException("the program that replaces a worker was not given");

    /// <summary>p: the workers of a job.</summary>
    /// <param name="size">Its ranks.</param>
    public int WorkersOf(int size) => (size - Centers) * WorkersPerRank;

    internal void Check(int size)
    {
        if (WorkersPerRank < 1) throw new ArgumentException($"workers per rank is {WorkersPerRank}; it must be at least 1");
        if (Replacements < 0) throw new ArgumentException($"replacements is {Replacements}; it must be at least 0");
        if (Replacements > 0 && Centers > 1) throw new ArgumentException($"replacements is {Replacements}; it must be 0 where {Centers} ranks hold the center: a new process is connected with rank 0 alone");
        if (Replacements > 0 && WorkersPerRank > 1) throw new ArgumentException($"replacements is {Replacements}; it must be 0 where a rank has {WorkersPerRank} workers: a new process has one");
        if (Lease <= TimeSpan.Zero) throw new ArgumentException($"lease is {Lease.TotalSeconds} s; it must be above 0");
        if (Centers < 1 || Centers >= size) throw new ArgumentException($"centers is {Centers}; it must be from 1 to {size - 1}, so that one of {size} ranks is a worker");
        if (ChunkBytes < 64) throw new ArgumentException($"chunk is {ChunkBytes} bytes; it must be at least 64");
    }
}
