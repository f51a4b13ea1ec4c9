using System.Numerics;
using System.Runtime.InteropServices;

namespace Hooke.Engine.Mpi;

/// <summary>What a letter is about. Letters between two ranks are handled in the order in which they were sent.</summary>
internal enum Operation
{
    /// <summary>Rank 0 tells all what the program has to share before a run, for example its run file.</summary>
    Share = 1,
    /// <summary>A worker joins, or joins again.</summary>
    Hello,
    /// <summary>The hub takes a worker in: its incarnation, and how it begins.</summary>
    Welcome,
    /// <summary>The hub has given a worker up; it must join again.</summary>
    Expelled,
    /// <summary>A worker has used up its lease, or has begun on it and asks for the next one in time: its account.</summary>
    Want,
    /// <summary>Draws that a worker may use.</summary>
    Lease,
    /// <summary>A sign of life: from a worker with its account; from the hub perhaps with a call for one, which the worker marks as its answer.</summary>
    Beat,
    /// <summary>A worker asks for a shard of the center.</summary>
    Read,
    /// <summary>The center answers.</summary>
    Published,
    /// <summary>A worker's message for a shard; may ask for another shard.</summary>
    Push,
    /// <summary>A pausing worker is to measure its distance from the center.</summary>
    Inspect,
    /// <summary>It has.</summary>
    Inspected,
    /// <summary>A pausing worker is to show its state.</summary>
    Save,
    /// <summary>A number or a slice of a vector of it.</summary>
    Entry,
    /// <summary>That was all.</summary>
    Saved,
    /// <summary>A worker asks for a number or a slice of a vector of a checkpoint.</summary>
    Fetch,
    /// <summary>The hub answers.</summary>
    Fetched,
    /// <summary>A pausing worker is to push what it holds.</summary>
    Finish,
    /// <summary>It has.</summary>
    Finished,
    /// <summary>A worker waits for its turn.</summary>
    AwaitTurn,
    /// <summary>It is its turn.</summary>
    Turn,
    /// <summary>Its turn is over.</summary>
    PassTurn,
    /// <summary>A worker failed, or its numbers are no longer finite: why.</summary>
    Failed,
    /// <summary>The run is over.</summary>
    End,
    /// <summary>The hub tells the other center ranks who is gone.</summary>
    Gone,
    /// <summary>The hub asks another center rank for a part of a shard.</summary>
    Collect,
    /// <summary>It answers.</summary>
    Collected,
    /// <summary>The hub gives another center rank a part of a shard, from a checkpoint.</summary>
    Place,
    /// <summary>A rank tells its host, for its place in a tree.</summary>
    Where,
    /// <summary>Rank 0 tells the ranks in the order of their places in the tree.</summary>
    Places,
    /// <summary>A part of a message over an edge of a tree.</summary>
    Mail,
    /// <summary>It has arrived.</summary>
    MailTaken,
    /// <summary>Leaves beneath a node of a tree have made steps.</summary>
    Steps,
    /// <summary>The turns that they made due are over.</summary>
    StepsPlayed,
    /// <summary>How old the messages were that nodes of a tree have absorbed.</summary>
    Absorbed,
    /// <summary>A pausing worker is to say when all that it set going in the tree has come to rest.</summary>
    Settle,
}

/// <summary>The first 64 bytes of every letter.</summary>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal struct Header
{
    public const int Bytes = 64;
    public const uint Current = 0x484B0001;

    /// <summary>Tells a letter of this version of the engine.</summary>
    public uint Mark;

    public Operation Operation;

    /// <summary>Which worker it is from or for.</summary>
    public int Worker;

    /// <summary>How often the worker has joined: letters from before it was given up are void.</summary>
    public int Incarnation;

    /// <summary>Which shard of the center.</summary>
    public int Shard;

    /// <summary>The shard that a push asks for; -1 for none.</summary>
    public int Next;

    /// <summary>Bytes behind the header.</summary>
    public int Length;

    /// <summary>A yes or no of the operation's.</summary>
    public int Flag;

    /// <summary>The shard's clock.</summary>
    public long Version;

    /// <summary>A number of the operation's.</summary>
    public long Number;

    /// <summary>Of what is behind the header; 0 if letters are not checked.</summary>
    public uint Checksum;

    /// <summary>What is wrong with a letter that has come.</summary>
    /// <param name="bytes">How many have come, this header among them.</param>
    /// <returns>A sentence's end, after the letter; null if nothing is wrong.</returns>
    public readonly string? Fault(int bytes) => Mark != Current ? $"begins with {Mark:x8}; it must begin with {Current:x8}: another version of the program runs there"
        : Length != bytes - Bytes ? $"says that {Length} bytes follow its header; {bytes - Bytes} have come" : null;
}

/// <summary>A header and what is behind it, in native memory aligned to 64 bytes. Whoever holds a letter owns it, and gives it back or sends it.</summary>
internal sealed unsafe class Letter
{
    private readonly byte* memory;

    /// <summary>Creates a letter.</summary>
    /// <param name="capacity">Bytes that fit behind the header.</param>
    public Letter(int capacity)
    {
        Capacity = capacity;
        memory = (byte*)NativeMemory.AlignedAlloc((nuint)capacity + Header.Bytes, 64);
        NativeMemory.Clear(memory, Header.Bytes);
    }

    public int Capacity { get; }

    public ref Header Header => ref *(Header*)memory;

    public byte* Start => memory;

    /// <summary>Bytes on the wire.</summary>
    public int Size => Header.Bytes + Header.Length;

    public Span<byte> Payload => new(memory + Header.Bytes, Header.Length);

    /// <summary>Makes room for so many numbers behind the header.</summary>
    public Span<T> Room<T>(int count) where T : unmanaged
    {
        Header.Length = count * sizeof(T);
        return Values<T>();
    }

    public Span<T> Values<T>() where T : unmanaged => MemoryMarshal.Cast<byte, T>(Payload);

    /// <summary>A checksum of what is behind the header, never 0.</summary>
    public uint Sum()
    {
        uint sum = 1;
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(Payload)) sum = BitOperations.Crc32C(sum, word);
        foreach (byte rest in Payload[(Payload.Length & ~7)..]) sum = BitOperations.Crc32C(sum, rest);
        return sum | 1;
    }

    /// <summary>Frees the memory, unless MPI may still write to it.</summary>
    public void Free() => NativeMemory.AlignedFree(memory);
}

/// <summary>What a worker tells of itself: numbers since it joined.</summary>
internal record struct WorkerReport(long Steps, double Loss, double LearningRate, double Compute, double Data, double Communication, double Waiting, long Bytes, long DrawsDone);

/// <summary>A piece of a lease.</summary>
internal readonly record struct LeasedDraw(long Step, long Position, long Count);

/// <summary>Steps that leaves beneath a node of a tree have made, and the draw of the last.</summary>
internal readonly record struct ToldSteps(int Steps, int Worker, long Step, long Position, long Count);
