using System.Diagnostics;
using Hooke.Numerics;
using Hooke.Problems;
using Hooke.Runs;

namespace Hooke.Engine.Mpi;

/// <summary>What the hub knows of a worker.</summary>
internal sealed class Seat(int index)
{
    /// <summary>Which worker, from 0.</summary>
    public int Index => index;

    /// <summary>Its rank; -1 before it has joined.</summary>
    public int Peer { get; set; } = -1;

    /// <summary>Its process on its host.</summary>
    public int Process { get; set; }

    public string Host { get; set; } = "";

    /// <summary>How often it has joined.</summary>
    public int Incarnation { get; set; }

    /// <summary>Whether it takes part.</summary>
    public bool IsHere { get; set; }

    /// <summary>Whether it has not joined yet and may still come.</summary>
    public bool IsExpected { get; set; } = true;

    /// <summary>Whether it has used up its leases and wants another.</summary>
    public bool IsPausing { get; set; }

    /// <summary>How long nothing has been heard from it.</summary>
    public TimeSpan Silence { get; set; }

    /// <summary>What it may use and has not yet reported done.</summary>
    public Queue<Draw> Leased { get; } = new();

    /// <summary>Draws that it has reported done since it joined.</summary>
    public long Done { get; set; }

    /// <summary>When it began to pause.</summary>
    public long PausingSince { get; set; }

    /// <summary>For how long the run's clock had stood still by then.</summary>
    public long StillBefore { get; set; }

    /// <summary>Leases given to it since it joined.</summary>
    public int Leases { get; set; }

    /// <summary>Since when it has been at work without a pause, and the draws that it had done by then.</summary>
    public (long At, long Done) Working { get; set; }

    /// <summary>Seconds that a draw takes it; 0 if not known.</summary>
    public double Pace { get; set; }

    /// <summary>What it last told of itself.</summary>
    public WorkerReport Report { get; set; }

    /// <summary>What earlier processes in its place, or before a checkpoint, had told in the end.</summary>
    public WorkerReport Before { get; set; }

    /// <summary>Its messages, as the center took them.</summary>
    public Account Messages { get; } = new();

    /// <summary>What it found when it was inspected.</summary>
    public double SquaredDistance { get; set; }

    public bool IsFinite { get; set; } = true;

    public bool HoldsRemainder { get; set; }

    /// <summary>Sum of its parameters, if letters are checked.</summary>
    public double Sum { get; set; }

    /// <summary>Whether the hub waits for an answer of it.</summary>
    public bool IsAsked { get; set; }

    /// <summary>Whether the hub has called it and waits for the answer.</summary>
    public bool IsCalled { get; set; }

    /// <summary>Whether the last checkpoint has its state.</summary>
    public bool IsSaved { get; set; }

    /// <summary>Whether it waits for its turn.</summary>
    public bool AwaitsTurn { get; set; }

    /// <summary>The clock that it would have if it joined now.</summary>
    public long Steps => Report.Steps;

    /// <summary>Its account, at a moment when it may be pausing.</summary>
    /// <param name="taken">Examples that it has used.</param>
    /// <param name="now">Until when its pause counts as waiting; 0 not at all.</param>
    public WorkerAccount Describe(long taken, long now)
    {
        double waited = now > PausingSince && IsPausing ? Stopwatch.GetElapsedTime(PausingSince, now).TotalSeconds : 0;
        return new(index, Report.Steps, taken, Report.Loss, Report.LearningRate, Before.Compute + Report.Compute, Before.Data + Report.Data, Before.Communication + Report.Communication,
            Before.Waiting + Report.Waiting + waited, Messages.Exchanges, Before.Bytes + Report.Bytes);
    }
}

/// <summary>A process of a run.</summary>
/// <param name="Rank">Its number.</param>
/// <param name="Pid">Its process on its host.</param>
/// <param name="Host">Where it ran.</param>
/// <param name="Role">center or worker.</param>
/// <param name="Worker">The worker, from 0; null for a center.</param>
/// <param name="Samples">Examples that it used.</param>
/// <param name="Bytes">Parameters that it read and sent, in bytes; a center's are all that it served.</param>
/// <param name="Survived">Whether it was there when the run ended.</param>
public sealed record RankAccount(int Rank, int Pid, string Host, string Role, int? Worker, long Samples, long Bytes, bool Survived);

/// <summary>Something that happened to a run's workers.</summary>
/// <param name="Seconds">When, in seconds since the run started.</param>
/// <param name="Worker">To which, from 0.</param>
/// <param name="What">joined or lost.</param>
/// <param name="Samples">Samples of its leases that others use instead.</param>
public sealed record MembershipChange(double Seconds, int Worker, string What, long Samples);

/// <summary>A worker's state as it came by letters.</summary>
internal sealed class SavedState<T> : IDisposable where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
{
    private readonly List<string> names = [];
    private readonly Dictionary<string, (int Kind, long Bits)> numbers = [];
    private readonly Dictionary<string, NativeVector<T>> vectors = [];

    /// <summary>Takes an entry in.</summary>
    public void Add(Letter letter)
    {
        string name = RemoteEntry.Name(letter);
        var header = letter.Header;
        if (numbers.TryAdd(name, (header.Flag, header.Number))) names.Add(name);
        if (header.Flag != RemoteEntry.Vector) return;
        if (!vectors.TryGetValue(name, out var vector)) vectors.Add(name, vector = new((int)header.Number));
        RemoteEntry.Slice<T>(letter).CopyTo(vector.Span[(int)header.Version..]);
    }

    /// <summary>Shows all of it.</summary>
    public void Archive(IArchive<T> archive)
    {
        foreach (string name in names)
        {
            var (kind, bits) = numbers[name];
            if (kind == RemoteEntry.Whole) archive.Number(name, ref bits);
            if (kind == RemoteEntry.Real)
            {
                double value = BitConverter.Int64BitsToDouble(bits);
                archive.Number(name, ref value);
            }
            NativeVector<T>? vector = kind == RemoteEntry.Vector ? vectors[name] : null;
            if (kind is RemoteEntry.Vector or RemoteEntry.Unused) archive.Vector(name, ref vector, (int)bits);
        }
    }

    public void Dispose()
    {
        foreach (var vector in vectors.Values) vector.Dispose();
    }
}
