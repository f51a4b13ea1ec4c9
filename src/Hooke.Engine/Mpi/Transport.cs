using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Hooke.Engine.Mpi;

/// <summary>
/// Letters between ranks. Two-sided and non-blocking: no call waits for a peer, so a dead one costs the letters on their way to
/// and from it and nothing else. MPI is called by one thread at a time, whoever holds <see cref="Gate"/>.
/// </summary>
internal sealed unsafe class Transport
{
    private const int Tag = 7, LargestSmall = 4096;
    private readonly List<Line> lines = [];
    private readonly List<Peer> peers = [];
    private readonly List<Sending> sends = [];
    private readonly Stack<Letter> small = new(), large = new();
    private bool ended;
    private long lastMoved;

    /// <summary>A communicator, and who has which rank at its other end.</summary>
    private readonly record struct Line(nint Communicator, int FirstPeer);

    private sealed class Peer(nint communicator, int rank)
    {
        public readonly nint Communicator = communicator;
        public readonly int Rank = rank;
        public readonly Queue<Receiving> Incoming = new();
        public int Outgoing;
        public bool IsFirstHere, IsHeard;
        public long Sent, Received;
    }

    private readonly record struct Sending(nint Request, Letter Letter, int Peer);

    private readonly record struct Receiving(nint Request, Letter Letter, int Bytes);

    private Transport(int rank, int size, string host) => (Rank, Size, Host) = (rank, size, host);

    /// <summary>Held by the one thread that calls MPI, and by whoever touches what letters touch.</summary>
    public object Gate { get; } = new();

    public int Rank { get; }

    /// <summary>Ranks of the job at its start; replacements have higher numbers.</summary>
    public int Size { get; }

    public string Host { get; }

    /// <summary>Bytes that fit into the large letters, which are kept for reuse.</summary>
    public int ChunkBytes { get; set; } = 1 << 20;

    /// <summary>Whether letters carry checksums.</summary>
    public bool Checks { get; } = Environment.GetEnvironmentVariable("HOOKE_CHECK") == "1";

    /// <summary>Receives letters, in order from each peer; it owns them. While there is none they are kept, but for signs of life of ranks.</summary>
    public Action<int, Letter>? Deliver { get; set; }

    /// <summary>Signs of life before a run, if they are given.</summary>
    public Attendance? Attendance { get; set; }

    /// <summary>Whether anything has come from a peer since this was asked last; under the gate.</summary>
    public bool HasHeard(int peer)
    {
        bool isHeard = peers[peer].IsHeard;
        peers[peer].IsHeard = false;
        return isHeard;
    }

    /// <summary>Whether a process can be started while others call MPI.</summary>
    public bool MayReplace { get; private init; }

    /// <summary>Initializes MPI. To be called once in a process.</summary>
    /// <param name="replaces">If this process takes the place of a lost rank of a running job: that rank and the job's size.</param>
    public static Transport Open((int Rank, int Size)? replaces = null)
    {
        var constants = MpiLibrary.Constants;
        int provided, rank, size, length;
        TimeSlice.Shorten();
        MpiLibrary.Check(Native.MPI_Init_thread(null, null, constants.ThreadLevels[3], &provided), "MPI_Init_thread");
        if (Array.IndexOf(constants.ThreadLevels, provided) < 2) throw new NotSupportedException($"this MPI library grants thread level {Array.IndexOf(constants.ThreadLevels, provided)}; it must be 2 (serialized) or 3 (multiple)");
        foreach (nint each in (nint[])[constants.World, constants.Self]) MpiLibrary.Check(Native.MPI_Comm_set_errhandler(each, constants.ErrorsReturn), "MPI_Comm_set_errhandler");
        nint communicator = 0;
        if (replaces is { } seat)
        {
            (rank, size) = seat;
            MpiLibrary.Check(Native.MPI_Comm_get_parent(&communicator), "MPI_Comm_get_parent");
            if (communicator == constants.NoCommunicator) throw new InvalidOperationException($"rank {rank}: no job has started this process as a replacement");
        }
        else
        {
            MpiLibrary.Check(Native.MPI_Comm_dup(constants.World, &communicator), "MPI_Comm_dup");
            MpiLibrary.Check(Native.MPI_Comm_rank(communicator, &rank), "MPI_Comm_rank");
            MpiLibrary.Check(Native.MPI_Comm_size(communicator, &size), "MPI_Comm_size");
        }
        byte* name = stackalloc byte[1024];
        MpiLibrary.Check(Native.MPI_Get_processor_name(name, &length), "MPI_Get_processor_name");
        var transport = new Transport(rank, size, Encoding.UTF8.GetString(name, length)) { MayReplace = provided == constants.ThreadLevels[3] };
        transport.Connect(communicator, replaces is null ? size : 1); // a replacement knows rank 0 alone
        return transport;
    }

    /// <summary>
    /// Starts a process that knows rank 0, which this is, as its only peer. It waits for the process, so it must run on a thread of its own and outside the
    /// gate; others may call MPI meanwhile.
    /// </summary>
    /// <param name="command">The program and its arguments.</param>
    /// <returns>The communicator with it, for <see cref="Connect"/>.</returns>
    /// <exception cref="MpiException">It could not be started.</exception>
    public static nint Spawn(IReadOnlyList<string> command)
    {
        nint[] words = [.. command.Select(Marshal.StringToCoTaskMemUTF8), 0];
        try
        {
            nint between;
            int error;
            fixed (nint* start = words)
                MpiLibrary.Check(Native.MPI_Comm_spawn((byte*)start[0], (byte**)(start + 1), 1, MpiLibrary.Constants.NoInfo, 0, MpiLibrary.Constants.Self, &between, &error), $"starting {string.Join(' ', command)}");
            return between;
        }
        finally
        {
            foreach (nint word in words) Marshal.FreeCoTaskMem(word);
        }
    }

    /// <summary>Takes in the processes at the other end of a communicator; under the gate.</summary>
    /// <returns>The first one's number as a peer; the others follow.</returns>
    public int Connect(nint communicator, int count)
    {
        MpiLibrary.Check(Native.MPI_Comm_set_errhandler(communicator, MpiLibrary.Constants.ErrorsReturn), "MPI_Comm_set_errhandler");
        int first = peers.Count;
        lines.Add(new(communicator, first));
        for (int k = 0; k < count; k++) peers.Add(new(communicator, k));
        return first;
    }

    /// <summary>A letter with room for so many bytes behind the header.</summary>
    public Letter Rent(int bytes, Operation operation, int worker = 0, int incarnation = 0)
    {
        var shelf = bytes <= LargestSmall ? small : large;
        int capacity = bytes <= LargestSmall ? LargestSmall : Math.Max(bytes, ChunkBytes);
        if (!shelf.TryPop(out var letter) || letter.Capacity < bytes) letter = new(capacity);
        letter.Header = new() { Mark = Header.Current, Operation = operation, Worker = worker, Incarnation = incarnation, Next = -1, Length = bytes };
        return letter;
    }

    /// <summary>Gives a letter back.</summary>
    public void Return(Letter letter)
    {
        if (letter.Capacity == LargestSmall) small.Push(letter);
        else if (letter.Capacity == ChunkBytes) large.Push(letter);
        else letter.Free();
    }

    /// <summary>Sends a letter, which is given back when it has left.</summary>
    public void Send(int peer, Letter letter)
    {
        var to = peers[peer];
        if (Checks) letter.Header.Checksum = letter.Sum();
        nint request = 0;
        int code = Native.MPI_Isend(letter.Start, letter.Size, MpiLibrary.Constants.Byte, to.Rank, Tag, to.Communicator, &request);
        if (code != 0) throw MpiLibrary.Error(code, $"rank {Rank}: sending {letter.Header.Operation} to rank {peer}");
        sends.Add(new(request, letter, peer));
        to.Outgoing++;
        to.Sent += letter.Size;
    }

    /// <summary>Tells a peer that the run is over.</summary>
    /// <param name="peer">Which.</param>
    /// <param name="isComplete">Whether all ranks are still there.</param>
    public void SendEnd(int peer, bool isComplete)
    {
        var letter = Rent(0, Operation.End);
        letter.Header.Flag = isComplete ? 0 : 1;
        Send(peer, letter);
    }

    /// <summary>How many processes this one knows, itself among them.</summary>
    public int Peers => peers.Count;

    /// <summary>Letters on their way to a peer.</summary>
    public int Outgoing(int peer) => peers[peer].Outgoing;

    /// <summary>Whether all letters have left.</summary>
    public bool HasSentAll => sends.Count == 0;

    /// <summary>Whether letters are on their way.</summary>
    public bool IsBusy
    {
        get
        {
            if (sends.Count > 0) return true;
            foreach (var peer in peers)
                if (peer.Incoming.Count > 0) return true;
            return false;
        }
    }

    /// <summary>Bytes sent to and received from a peer.</summary>
    public long Bytes(int peer) => peers[peer].Sent + peers[peer].Received;

    /// <summary>Bytes sent and received.</summary>
    public long AllBytes => peers.Sum(peer => peer.Sent + peer.Received);

    /// <summary>Gives up what is on its way to or from a peer, and leaves it where it is, for MPI may still touch it.</summary>
    public void GiveUp(int peer)
    {
        sends.RemoveAll(send => send.Peer == peer);
        peers[peer].Incoming.Clear();
        peers[peer].IsFirstHere = false;
        peers[peer].Outgoing = 0;
    }

    /// <summary>Moves letters on, and delivers those that have arrived.</summary>
    /// <returns>Whether something moved; beats do not count, or a thread that polls would never come to rest.</returns>
    public bool Step()
    {
        if (ended) return false;
        bool moved = Receive();
        for (int k = 0; k < peers.Count; k++) moved |= Deliveries(k);
        for (int k = sends.Count - 1; k >= 0; k--) moved |= TryComplete(k);
        if (moved) lastMoved = Stopwatch.GetTimestamp();
        return moved;
    }

    /// <summary>Moves letters on until a condition holds.</summary>
    /// <param name="condition">Looked at under the gate.</param>
    /// <param name="limit">Longest wait.</param>
    /// <param name="what">What is waited for, for the error.</param>
    /// <exception cref="TimeoutException">It does not come to hold.</exception>
    public void Await(Func<bool> condition, TimeSpan limit, Func<string> what)
    {
        if (!TryAwait(condition, limit)) throw new TimeoutException($"rank {Rank}: {what()} for {limit.TotalSeconds:g3} s, the limit");
    }

    /// <summary>Moves letters on until a condition holds, or for so long.</summary>
    /// <returns>Whether it holds.</returns>
    public bool TryAwait(Func<bool> condition, TimeSpan limit)
    {
        var pace = new Pace();
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            bool moved;
            lock (Gate)
            {
                moved = Step();
                if (condition()) return true;
                if (!moved && Stopwatch.GetElapsedTime(start) > limit) return false;
            }
            pace.Idle(moved, LastMoved);
        }
    }

    /// <summary>When something last moved, by whichever thread; to be read without the gate.</summary>
    public long LastMoved => Volatile.Read(ref lastMoved);

    /// <summary>Ends MPI in this process, with all others.</summary>
    /// <param name="isComplete">Whether all ranks are still there; if not, the job is ended from outside MPI's rules.</param>
    public void End(bool isComplete)
    {
        lock (Gate)
        {
            ended = true;
            if (isComplete) MpiLibrary.Check(Native.MPI_Finalize(), $"rank {Rank}: MPI_Finalize");
            else if (Rank == 0) _ = Native.MPI_Abort(MpiLibrary.Constants.World, 0);
            else Native.ExitAtOnce(0); // a barrier with the dead would never end
        }
    }

    /// <summary>Ends this process, and all of the job if its launcher does not let it survive that.</summary>
    public void Abort() => _ = Native.MPI_Abort(MpiLibrary.Constants.World, 1);

    private bool Receive()
    {
        bool any = false;
        foreach (var line in lines)
            for (int k = 0; k < 16 && TryReceive(line, out bool isLong); k++) any |= isLong;
        return any;
    }

    private bool TryReceive(Line line, out bool isLong)
    {
        isLong = false;
        int found, count;
        nint message = 0, request = 0;
        Status status;
        int code = Native.MPI_Improbe(MpiLibrary.Constants.AnySource, Tag, line.Communicator, &found, &message, &status);
        if (code != 0) throw MpiLibrary.Error(code, $"rank {Rank}: looking for letters");
        if (found == 0) return false;
        MpiLibrary.Check(Native.MPI_Get_count(&status, MpiLibrary.Constants.Byte, &count), "MPI_Get_count");
        isLong = count > LargestSmall; // a short one is there at once
        int from = line.FirstPeer + status.Source;
        if (count < Header.Bytes) throw new InvalidDataException($"rank {Rank}: a letter from rank {from} has {count} bytes; it must have at least {Header.Bytes}");
        peers[from].IsHeard = true;
        var letter = Rent(count - Header.Bytes, 0);
        code = Native.MPI_Imrecv(letter.Start, count, MpiLibrary.Constants.Byte, &message, &request);
        if (code != 0) throw MpiLibrary.Error(code, $"rank {Rank}: receiving from rank {from}");
        peers[from].Incoming.Enqueue(new(request, letter, count));
        return true;
    }

    private bool Deliveries(int index)
    {
        var peer = peers[index];
        bool any = false;
        while (peer.Incoming.TryPeek(out var first))
        {
            if (!peer.IsFirstHere)
            {
                int done;
                Status status;
                nint request = first.Request;
                int code = Native.MPI_Test(&request, &done, &status);
                if (code != 0) throw MpiLibrary.Error(code, $"rank {Rank}: receiving from rank {index}");
                if (done == 0) return any;
                peer.IsFirstHere = true;
                peer.Received += first.Bytes;
                Check(first, index);
            }
            bool isBeat = first.Letter.Header.Operation == Operation.Beat;
            if (Deliver is null && !(isBeat && first.Letter.Header.Worker < 0)) return any;
            peer.Incoming.Dequeue();
            peer.IsFirstHere = false;
            any |= !isBeat;
            if (Deliver is null) Return(first.Letter);
            else Deliver(index, first.Letter);
        }
        return any;
    }

    private bool TryComplete(int k)
    {
        if (k >= sends.Count) return false; // a peer was given up meanwhile
        int done;
        Status status;
        var send = sends[k];
        nint request = send.Request;
        int code = Native.MPI_Test(&request, &done, &status);
        if (code != 0) throw MpiLibrary.Error(code, $"rank {Rank}: sending {send.Letter.Header.Operation} to rank {send.Peer}");
        if (done == 0) return false;
        sends[k] = sends[^1];
        sends.RemoveAt(sends.Count - 1);
        peers[send.Peer].Outgoing--;
        bool isBeat = send.Letter.Header.Operation == Operation.Beat;
        Return(send.Letter);
        return !isBeat;
    }

    private void Check(in Receiving received, int from)
    {
        var letter = received.Letter;
        ref readonly var header = ref letter.Header;
        if (header.Fault(received.Bytes) is { } fault) throw new InvalidDataException($"rank {Rank}: a letter from rank {from} {fault}");
        if (Checks && header.Checksum != letter.Sum()) throw new InvalidDataException($"rank {Rank}: {header.Operation} from rank {from}, shard {header.Shard}, has checksum {letter.Sum():x8}; it must have {header.Checksum:x8}");
    }
}

/// <summary>
/// How long a thread that polls rests: not at all while it moves things, then for a small part of the time for which nothing has moved. What comes at last
/// is late by that part at most, and a thread that waits long leaves the processor alone: two of them may share a core.
/// </summary>
internal struct Pace()
{
    private const int Part = 64, ShortestRest = 50_000, LongestRest = 5_000_000; // nanoseconds
    private static readonly long Spin = Stopwatch.Frequency / 10_000;
    private long since = Stopwatch.GetTimestamp();

    /// <summary>Rests, or not.</summary>
    /// <param name="moved">Whether this thread has just moved something.</param>
    /// <param name="lastMoved">When any thread has.</param>
    public unsafe void Idle(bool moved, long lastMoved)
    {
        long now = Stopwatch.GetTimestamp();
        if (moved)
        {
            since = now;
            return;
        }
        if (now - since < Spin)
        {
            _ = Native.Yield();
            return;
        }
        // MPI has nothing to wait on with a bound, and the system's shortest timed wait on a lock is a millisecond.
        double idle = Stopwatch.GetElapsedTime(Math.Max(since, lastMoved), now).TotalNanoseconds;
        var rest = new Duration(0, (long)Math.Clamp(idle / Part, ShortestRest, LongestRest));
        _ = Native.Sleep(&rest, null);
    }
}
