using Hooke.Methods;
using Hooke.Numerics;
using Hooke.Problems;
using Hooke.Runs;

namespace Hooke.Engine.Checkpoints;

/// <summary>
/// Foretells how large a checkpoint can become: a run of the same method and workers with one parameter shows its state to an archive
/// that counts, so whatever a method keeps is counted without being listed here.
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
        using var star = new Star<float>(method, new Quadratic<float>([1], [0]), workers);
        var counter = new Counter();
        star.Archive(counter);
        long vectors = counter.Vectors + (measures ? MeterVectors : 0), shards = Threads.ShardsOf(method, parameters);
        return sizeof(float) * vectors * parameters + counter.Header + (shards - 1) * (workers + 3) * EntryBytes + (long)workers * AccountBytes;
    }

    /// <summary>Counts vectors, whether they are used yet or not, and the bytes of what goes into the header.</summary>
    private sealed class Counter : IArchive<float>
    {
        public long Vectors { get; private set; }

        public long Header { get; private set; }

        public void Fact(string name, string value) => Header += name.Length + value.Length + EntryBytes;

        public void Number(string name, ref long value) => Header += name.Length + EntryBytes;

        public void Number(string name, ref double value) => Header += name.Length + EntryBytes;

        public void Vector(string name, ref NativeVector<float>? vector, int length)
        {
            Vectors += length;
            Header += name.Length + EntryBytes;
        }
    }
}
