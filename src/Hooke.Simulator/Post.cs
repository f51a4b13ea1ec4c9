using System.Numerics;
using Hooke.Numerics;
using Hooke.Runs;

namespace Hooke.Simulator;

/// <summary>What a message is for.</summary>
internal enum Purpose
{
    /// <summary>What the center published, to a reader.</summary>
    Answer,
    /// <summary>A worker's difference, to the center.</summary>
    Push,
    /// <summary>A worker's difference of a synchronous round, to the center.</summary>
    Deposit,
    /// <summary>A snapshot, to the center.</summary>
    Visit,
    /// <summary>A snapshot's displacement, back to its worker.</summary>
    Displacement,
    /// <summary>In a tree: from a node to its parent.</summary>
    Up,
    /// <summary>In a tree: from a parent to a node.</summary>
    Down,
}

/// <summary>A message on its way.</summary>
internal struct Message
{
    public const int Nothing = -1;

    public Purpose Purpose;

    /// <summary>Who sent it, or gets it; in a tree the leaf whose step it comes from.</summary>
    public int Worker;

    /// <summary>In a tree, the lower node of the edge that it passes.</summary>
    public int Node;

    /// <summary>What the worker waited for when it was sent; it has gone on, or died, if it now waits for something else.</summary>
    public int Token;

    /// <summary>The worker's life in which it was sent.</summary>
    public int Life;

    /// <summary>The worker's count of messages; a second message with the same number is a duplicate.</summary>
    public long Number;

    /// <summary>How many links it has passed.</summary>
    public int Stage;

    /// <summary>When its last byte is where its head is.</summary>
    public double Tail;

    /// <summary>Seconds that the slowest link so far took to pass it.</summary>
    public double Slowest;

    /// <summary>Its other copy on the way, or none.</summary>
    public int Twin;

    /// <summary>Its vector among the <see cref="Post{T}.Vector"/>s, or none; next free place of a free one.</summary>
    public int Vector;

    /// <summary>Slices that have not yet been served.</summary>
    public int SlicesLeft;

    /// <summary>Shards that have absorbed their slice.</summary>
    public ulong Absorbed;

    public bool InUse, RateDropped, IsCopy, Refused, Accepted, TwinTaken;
}

/// <summary>Messages on their way, and their vectors. Places are used again, so nothing allocates in steady state.</summary>
internal sealed class Post<T>(int dimension, int shards) : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Chunk = 1 << 16;
    private readonly int perChunk = Math.Max(1, Chunk / Math.Max(1, dimension));
    private readonly List<NativeVector<T>> chunks = [];
    private Message[] messages = new Message[16];
    private long[] versions = [];
    private int firstFree = Message.Nothing, used, firstFreeVector = Message.Nothing, usedVectors, count;
    private int[] nextFreeVector = [];

    /// <summary>How many are on their way.</summary>
    public int Count => count;

    /// <summary>Places, used or not.</summary>
    public int Places => used;

    public ref Message this[int message] => ref messages[message];

    /// <summary>Makes a message.</summary>
    public int Create(Purpose purpose, int worker, bool withVector)
    {
        int place = firstFree;
        if (place != Message.Nothing) firstFree = messages[place].Vector;
        else
        {
            if (used == messages.Length) Array.Resize(ref messages, 2 * used);
            place = used++;
        }
        messages[place] = new() { Purpose = purpose, Worker = worker, Twin = Message.Nothing, Vector = withVector ? TakeVector() : Message.Nothing, InUse = true };
        count++;
        return place;
    }

    /// <summary>Takes a message away.</summary>
    public void Free(int message)
    {
        ref var freed = ref messages[message];
        if (freed.Twin != Message.Nothing) messages[freed.Twin].Twin = Message.Nothing;
        if (freed.Vector != Message.Nothing) GiveVector(freed.Vector);
        freed = new() { Vector = firstFree };
        firstFree = message;
        count--;
    }

    /// <summary>The content of a message.</summary>
    public Span<T> VectorOf(int message) => Vector(messages[message].Vector);

    /// <summary>A shard's clock when the sender of a message read it.</summary>
    public ref long VersionOf(int message, int shard) => ref versions[messages[message].Vector * shards + shard];

    public void Dispose()
    {
        foreach (var chunk in chunks) chunk.Dispose();
    }

    /// <summary>Saves or restores all messages.</summary>
    public void Archive(IArchive<T> archive)
    {
        archive.Number("post.used", ref used);
        archive.Number("post.usedVectors", ref usedVectors);
        archive.Number("post.firstFree", ref firstFree);
        archive.Number("post.firstFreeVector", ref firstFreeVector);
        archive.Number("post.count", ref count);
        if (messages.Length < used) Array.Resize(ref messages, used);
        Grow(usedVectors);
        for (int k = 0; k < used; k++) Archive(archive, ref messages[k], $"post.{k}.");
        for (int k = 0; k < usedVectors; k++)
        {
            archive.Number($"post.vector.{k}.next", ref nextFreeVector[k]);
            for (int s = 0; s < shards; s++) archive.Number($"post.vector.{k}.version.{s}", ref versions[k * shards + s]);
        }
        for (int k = 0; k < chunks.Count; k++)
        {
            NativeVector<T>? chunk = chunks[k];
            archive.Vector($"post.chunk.{k}", ref chunk, chunk.Length);
        }
    }

    private static void Archive(IArchive<T> archive, ref Message message, string name)
    {
        int purpose = (int)message.Purpose;
        long absorbed = (long)message.Absorbed;
        archive.Number(name + "purpose", ref purpose);
        archive.Number(name + "worker", ref message.Worker);
        archive.Number(name + "node", ref message.Node);
        archive.Number(name + "token", ref message.Token);
        archive.Number(name + "life", ref message.Life);
        archive.Number(name + "number", ref message.Number);
        archive.Number(name + "stage", ref message.Stage);
        archive.Number(name + "tail", ref message.Tail);
        archive.Number(name + "slowest", ref message.Slowest);
        archive.Number(name + "twin", ref message.Twin);
        archive.Number(name + "vector", ref message.Vector);
        archive.Number(name + "slicesLeft", ref message.SlicesLeft);
        archive.Number(name + "absorbed", ref absorbed);
        archive.Flag(name + "inUse", ref message.InUse);
        archive.Flag(name + "rateDropped", ref message.RateDropped);
        archive.Flag(name + "isCopy", ref message.IsCopy);
        archive.Flag(name + "refused", ref message.Refused);
        archive.Flag(name + "accepted", ref message.Accepted);
        archive.Flag(name + "twinTaken", ref message.TwinTaken);
        (message.Purpose, message.Absorbed) = ((Purpose)purpose, (ulong)absorbed);
    }

    private Span<T> Vector(int vector) => chunks[vector / perChunk].Span.Slice(vector % perChunk * dimension, dimension);

    private int TakeVector()
    {
        int vector = firstFreeVector;
        if (vector != Message.Nothing) firstFreeVector = nextFreeVector[vector];
        else Grow((vector = usedVectors++) + 1);
        return vector;
    }

    private void GiveVector(int vector)
    {
        nextFreeVector[vector] = firstFreeVector;
        firstFreeVector = vector;
    }

    private void Grow(int vectors)
    {
        while (chunks.Count * perChunk < vectors) chunks.Add(new(perChunk * dimension));
        if (nextFreeVector.Length >= vectors) return;
        Array.Resize(ref nextFreeVector, Math.Max(16, 2 * vectors));
        Array.Resize(ref versions, nextFreeVector.Length * shards);
    }
}
