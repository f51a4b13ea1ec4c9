using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hooke.Numerics;
using Hooke.Runs;

namespace Hooke.Models.Linear;

/// <summary>
/// One worker's own copies of the most frequent coordinates. Now and then it adds what it has changed to the shared model,
/// coordinate by coordinate and without locks, and takes the sum: local SGD whose changes add up. With copies of all coordinates
/// this is a replica per core (DimmWitted's PerCore; Zhang, Ré, 2014), merged by sums of changes as in Hogwild! and not by means.
/// </summary>
/// <remarks>
/// A merge brings the first <see cref="First"/> coordinates together, every second one twice, every fourth one four times as many,
/// and so on (the ruler sequence). Coordinates are in the order of how often they occur, and by Zipf's law one at twice the rank
/// occurs half as often: between two merges of it every coordinate has about as many changes, whatever its rank, and a
/// merge every r steps costs at most log₂(coordinates/<see cref="First"/>)/2 + 1 times <see cref="First"/> coordinates. What costs most is that
/// a cache line of the shared model comes from another core, so the first are those of one line. Dense rows have all
/// coordinates: all are merged each time.
/// </remarks>
internal sealed unsafe class HotCopies<TModel> : IDisposable where TModel : unmanaged
{
    private const int Line = 64;

    /// <summary>Coordinates in every merge: a cache line of them.</summary>
    private static int First => Line / sizeof(TModel);

    private readonly LinearModel model;
    private readonly NativeVector<float> own, merged; // room for the copies, and for what they were when they were last merged
    private readonly int stride, every;
    private readonly bool isSparse;
    private int left; // steps to the next merge
    private long merges;

    /// <summary>Makes copies of the model as it is.</summary>
    /// <param name="model">The shared model.</param>
    /// <param name="count">How many coordinates, from the first; at least 1.</param>
    public HotCopies(LinearModel model, int count)
    {
        (this.model, Count, isSparse) = (model, count, model.Rows.IsSparse);
        left = every = model.Options.MergeEvery;
        int perLine = Line / sizeof(TModel);
        stride = (count + perLine - 1) / perLine * perLine;
        int room = checked(stride * sizeof(TModel) * model.Outputs) / sizeof(float);
        (own, merged) = (new(room), new(room));
        MergeAll();
    }

    /// <summary>How many coordinates there are copies of.</summary>
    public int Count { get; }

    /// <summary>The copies for a weight vector.</summary>
    public TModel* this[int output] => At(own, output);

    /// <summary>Counts a step, and merges what is due.</summary>
    /// <returns>Whether something was.</returns>
    public bool EndStep()
    {
        if (--left > 0) return false;
        left = every;
        merges++;
        Merge(isSparse ? (int)Math.Min(Count, (long)First << BitOperations.TrailingZeroCount(merges)) : Count);
        return true;
    }

    /// <summary>Merges all coordinates.</summary>
    public void MergeAll() => Merge(Count);

    /// <summary>Saves or restores the copies, after the model; copies that are as the model is need no room.</summary>
    /// <param name="archive">Where to.</param>
    /// <param name="name">Prefix of the names.</param>
    public void Archive(IArchive<float> archive, string name)
    {
        archive.Number(name + "left", ref left);
        archive.Number(name + "merges", ref merges);
        bool isFresh = IsFresh;
        archive.Flag(name + "fresh", ref isFresh);
        NativeVector<float>? mine = isFresh ? null : own, before = isFresh ? null : merged;
        archive.Vector(name + "own", ref mine, own.Length);
        archive.Vector(name + "merged", ref before, merged.Length);
        if (isFresh) MergeAll();
    }

    public void Dispose()
    {
        own.Dispose();
        merged.Dispose();
    }

    /// <summary>Whether nothing is to be added to the shared model, and nothing to be taken from it.</summary>
    private bool IsFresh
    {
        get
        {
            for (int output = 0; output < model.Outputs; output++)
            {
                var shared = Bytes(model.Parameters<TModel>(output));
                if (!shared.SequenceEqual(Bytes(this[output])) || !shared.SequenceEqual(Bytes(At(merged, output)))) return false;
            }
            return true;
        }
    }

    private ReadOnlySpan<byte> Bytes(TModel* numbers) => new(numbers, Count * sizeof(TModel));

    private TModel* At(NativeVector<float> room, int output) => (TModel*)room.Pointer + (long)stride * output;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Merge(int count)
    {
        for (int output = 0; output < model.Outputs; output++)
        {
            TModel* mine = this[output], before = At(merged, output), shared = model.Parameters<TModel>(output);
            int j = 0;
            for (int width = Vector256<byte>.Count / sizeof(TModel); j + width <= count; j += width)
            {
                if (Cell.IsFixed<TModel>()) MergeVector(shared + j, mine + j, before + j, width);
                else MergeVector((float*)shared + j, (float*)mine + j, (float*)before + j);
            }
            for (; j < count; j++)
            {
                Add(shared + j, mine + j, before + j);
                mine[j] = before[j] = shared[j];
            }
        }
    }

    // Most of the rarer coordinates have not changed since, and what is not written stays in others' caches.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MergeVector(TModel* shared, TModel* mine, TModel* before, int width)
    {
        if (!Vector256.EqualsAll(Vector256.Load((byte*)mine), Vector256.Load((byte*)before)))
            for (int k = 0; k < width; k++) Add(shared + k, mine + k, before + k);
        var now = Vector256.Load((byte*)shared);
        now.Store((byte*)mine);
        now.Store((byte*)before);
    }

    // The same for floats. Of the more frequent coordinates mostly all have changed; what has not is left to others' writes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MergeVector(float* shared, float* mine, float* before)
    {
        Vector256<float> own = Vector256.Load(mine), old = Vector256.Load(before), now = Vector256.Load(shared), same = Vector256.Equals(own, old);
        uint changed = ~Vector256.ExtractMostSignificantBits(same) & 0xFF;
        if (changed != 0)
        {
            now = Vector256.ConditionalSelect(same, now, now + (own - old));
            if (changed == 0xFF) now.Store(shared);
            else for (; changed != 0; changed &= changed - 1)
            {
                int k = BitOperations.TrailingZeroCount(changed);
                shared[k] = now[k];
            }
        }
        now.Store(mine);
        now.Store(before);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(TModel* shared, TModel* mine, TModel* before)
    {
        if (Cell.IsFixed<TModel>())
        {
            if (Cell.Whole(mine) - Cell.Whole(before) is var steps && steps != 0) Cell.Move(shared, steps);
        }
        else if (*(float*)mine - *(float*)before is var change && change != 0) *(float*)shared += change;
    }
}
