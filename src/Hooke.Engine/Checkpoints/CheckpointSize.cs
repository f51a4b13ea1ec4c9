using Hooke.Methods;
using Hooke.Numerics;
using Hooke.Problems;
using Hooke.Runs;

namespace Hooke.Engine.Checkpoints;

/// <summary>
/// Foretells how large a checkpoint can become: a run of the same method with one parameter shows its state to an archive that counts, so
/// whatever a method keeps is counted without being listed here.
/// </summary>
public static class CheckpointSize
{
    /// <summary>Bytes of a number or a tensor in the header beside its name, and of what the coordinator keeps of a worker.</summary>
    private const int EntryBytes = 100, AccountBytes = 12_000, MeterVectors = 2;

    /// <summary>Bytes of a checkpoint at most, on threads or by MPI.</summary>
    /// <param name="method">What every worker runs.</param>
    /// <param name="workers">p.</param>
    /// <param name="parameters">n.</param>
    /// <param name="measures">Whether evaluations estimate what convergence bounds are made of.</param>
    public static long Of(Method method, int workers, int parameters, bool measures = false)
    {
        using var star = new Star<float>(method, Problem, workers);
        var all = new Counter();
        star.Archive(all);
        // Of a tree all mail may be on its way; of other methods a lone worker uses what each of many does.
        var used = method.Topology == Topology.Tree ? null : UsedBy(method);
        long vectors = all.Vectors.Where(vector => used is null || used.Contains(vector.Kind)).Sum(vector => vector.Length) + (measures ? MeterVectors : 0);
        long shards = Threads.ShardsOf(method, parameters);
        return sizeof(float) * vectors * parameters + all.Header + (shards - 1) * (workers + 3) * EntryBytes + (long)workers * AccountBytes;
    }

    private static Quadratic<float> Problem => new([1], [0]);

    /// <summary>The kinds of vectors that a run uses: those that are there after some periods, however long they are.</summary>
    private static HashSet<string> UsedBy(Method method)
    {
        method = method with { Workers = null, Schedule = method.Schedule with { Period = 1 } };
        using var star = Threads.Prepare(method, Problem, workers: 1, seed: 0);
        Threads.Run(star, new(Samples: 4, Batch: 1));
        var counter = new Counter();
        star.Archive(counter);
        return [.. counter.Vectors.Where(vector => vector.IsThere).Select(vector => vector.Kind)];
    }

    /// <summary>Counts vectors, whether they are used yet or not, and the bytes of what goes into the header.</summary>
    private sealed class Counter : IArchive<float>
    {
        /// <summary>Every vector: its name without whose it is, its length, and whether there is one.</summary>
        public List<(string Kind, int Length, bool IsThere)> Vectors { get; } = [];

        public long Header { get; private set; }

        public void Fact(string name, string value) => Header += name.Length + value.Length + EntryBytes;

        public void Number(string name, ref long value) => Header += name.Length + EntryBytes;

        public void Number(string name, ref double value) => Header += name.Length + EntryBytes;

        public void Vector(string name, ref NativeVector<float>? vector, int length)
        {
            Vectors.Add((string.Concat(name.Where(c => !char.IsAsciiDigit(c))), length, vector is not null));
            Header += name.Length + EntryBytes;
        }
    }
}
