using System.Diagnostics;
using System.Numerics;
using System.Text;
using Hooke.Methods;
using Hooke.Problems;
using Hooke.Runs;

namespace Hooke.Engine.Mpi;

/// <summary>A center rank beside rank 0 is gone, and its shards with it: the run can only go on from its last checkpoint.</summary>
/// <param name="message">Which.</param>
public sealed class CenterLostException(string message) : Exception(message);

/// <summary>
/// Rank 0's knowledge of the workers: who takes part, what each may use, whose turn it is. A worker gets draws by leases, so that what one does not
/// come to use goes to others. All under the transport's gate.
/// </summary>
internal sealed partial class Hub<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly TimeSpan HubBeat = TimeSpan.FromMilliseconds(300);

    /// <summary>Who has been silent for so long may be stopped.</summary>
    public static readonly TimeSpan Suspicion = TimeSpan.FromSeconds(2);

    private readonly Transport transport;
    private readonly Method method;
    private readonly Supply supply;
    private readonly CenterService<T> service;
    private readonly RunPlan plan;
    private readonly MpiOptions options;
    private readonly IObjective<T> objective;
    private readonly Replacements replacements;
    private readonly bool equalShares;
    private readonly bool[] heard;
    private readonly TimeSpan[] absent;
    private TimeSpan sinceBeat;
    private long turn, released, paused, still, mark;
    private bool isReleased, isComplete;
    private Beginning beginning;

    public Hub(Transport transport, Method method, IObjective<T> objective, Supply supply, CenterService<T> service, Replacements replacements, int workers, RunPlan plan, MpiOptions options)
    {
        (this.transport, this.replacements, this.method, this.objective, this.supply, this.service, this.plan, this.options) = (transport, replacements, method, objective, supply, service, plan, options);
        equalShares = method.Schedule.Timing != Timing.Asynchronous;
        (heard, absent) = (new bool[transport.Size], new TimeSpan[transport.Size]);
        Seats = [.. Enumerable.Range(0, workers).Select(k => new Seat(k))];
        service.Absorbed = (worker, age) => Seats[worker].Messages.Absorbed(age);
    }

    /// <summary>The workers.</summary>
    public Seat[] Seats { get; }

    /// <summary>Those that take part.</summary>
    public IEnumerable<Seat> Here => Seats.Where(seat => seat.IsHere);

    /// <summary>Workers that were lost and those that took their place.</summary>
    public List<MembershipChange> Changes { get; } = [];

    /// <summary>Whether a rank is gone, so that the job can't end as MPI wants it to.</summary>
    public bool HasLost { get; private set; }

    /// <summary>What made the run fail, if something did.</summary>
    public Failure? Failure { get; private set; }

    /// <summary>Answers a worker's question about its state in the checkpoint.</summary>
    public Action<Letter, Letter>? Lookup { get; set; }

    /// <summary>Takes another center rank's shard in.</summary>
    public Action<Letter>? Collected { get; set; }

    /// <summary>Takes a worker's entry in.</summary>
    public Action<Letter>? Entry { get; set; }

    /// <summary>Whether the run can't go on without a worker's process.</summary>
    public Func<Seat, bool> IsNeeded { get; set; } = _ => false;

    /// <summary>Is told of a worker that is lost.</summary>
    public Action<Seat>? Lost { get; set; }

    /// <summary>Is told of a worker that joins, before it is taken in.</summary>
    public Action<Seat>? Joins { get; set; }

    /// <summary>When the last of the workers paused, and when they were let go on.</summary>
    public (long PausedAt, long ReleasedAt) Clock => (paused, released);

    /// <summary>A worker's account at the last pause.</summary>
    public WorkerAccount Describe(Seat seat) => seat.Describe(supply.Taken(seat.Index), released == 0 ? 0 : paused - (still - seat.StillBefore));

    /// <summary>Seconds since the run started, for the record of changes.</summary>
    public Func<double> Now { get; set; } = () => 0;

    /// <summary>Whether all that take part, and have been heard of lately, pause, or the run has failed.</summary>
    public bool HasPaused
    {
        get
        {
            if (Failure is not null) return true;
            bool any = false;
            foreach (var seat in Seats)
            {
                if (!seat.IsHere) continue;
                if (seat.IsPausing) any = true;
                else if (MustAnswer(seat)) return false;
            }
            return any;
        }
    }

    /// <summary>Whether nobody is waited for any more, so that the run can start.</summary>
    public bool AllHere => !Seats.Any(seat => seat.IsExpected) && Centers.Count == options.Centers - 1;

    /// <summary>Which rank a worker is at when the job starts.</summary>
    public required Func<int, int> RankOf { get; init; }

    /// <summary>The other center ranks, by rank: the process, its host, how long nothing has been heard from it.</summary>
    public Dictionary<int, (int Process, string Host, TimeSpan Silence)> Centers { get; } = [];

    /// <summary>Sets how workers begin that join from now on, and whose turn is first.</summary>
    public void Begin(Beginning how, long firstTurn) => (beginning, turn) = (how, firstTurn);

    /// <summary>Handles a letter to the hub.</summary>
    public void Deliver(int from, Letter letter)
    {
        var header = letter.Header;
        if (header.Worker < 0)
        {
            // Of a center rank: hello, or a sign of life.
            if (header.Operation == Operation.Hello) Centers[from] = ((int)header.Number, Encoding.UTF8.GetString(letter.Payload), TimeSpan.Zero);
            else if (Centers.TryGetValue(from, out var other)) Centers[from] = other with { Silence = TimeSpan.Zero };
            transport.Return(letter);
            return;
        }
        if (header.Operation == Operation.Hello)
        {
            Hello(from, letter);
            transport.Return(letter);
            return;
        }
        if (header.Operation == Operation.Collected)
        {
            Collected?.Invoke(letter);
            transport.Return(letter);
            return;
        }
        var seat = Seats[header.Worker];
        if (!seat.IsHere || seat.Incarnation != header.Incarnation)
        {
            // It was given up and is back; what it holds is void.
            transport.Return(letter);
            if (header.Operation != Operation.Beat && seat.IsHere) return;
            var expelled = transport.Rent(0, Operation.Expelled, header.Worker, header.Incarnation);
            if (transport.Outgoing(from) < 16) transport.Send(from, expelled);
            else transport.Return(expelled);
            return;
        }
        seat.Silence = TimeSpan.Zero;
        switch (header.Operation)
        {
            case Operation.Read: service.Read(from, letter); return;
            case Operation.Push: service.Push(from, letter); return;
            case Operation.Entry when seat.IsAsked: Entry?.Invoke(letter); break;
            case Operation.Beat:
                Hear(seat, letter);
                seat.IsCalled &= header.Flag == 0;
                break;
            case Operation.Want:
                Hear(seat, letter);
                Want(seat, isAhead: header.Flag != 0, leases: (int)header.Number);
                break;
            case Operation.Inspected:
                (seat.IsFinite, seat.SquaredDistance, seat.HoldsRemainder) = (header.Flag != 0, BitConverter.Int64BitsToDouble(header.Number), header.Version != 0);
                if (header.Length > 0) seat.Sum = letter.Values<double>()[0];
                seat.IsAsked = false;
                break;
            case Operation.Saved:
                seat.IsSaved = seat.IsAsked;
                seat.IsAsked = false;
                break;
            case Operation.Finished: seat.IsAsked = false; break;
            case Operation.Absorbed:
                var numbers = new Numbers<T>(Numbers<T>.OfStaleness) { Restores = true };
                letter.Values<long>().CopyTo(numbers.Values);
                var staleness = new Staleness();
                staleness.Archive(numbers, "");
                seat.Messages.Absorbed(staleness);
                break;
            case Operation.Fetch:
                var answer = transport.Rent(transport.ChunkBytes, Operation.Fetched, seat.Index, seat.Incarnation);
                Lookup!(letter, answer);
                transport.Send(from, answer);
                break;
            case Operation.AwaitTurn:
                seat.AwaitsTurn = true;
                TakeTurns();
                break;
            case Operation.PassTurn:
                turn++;
                TakeTurns();
                break;
            case Operation.Failed:
                string text = Encoding.UTF8.GetString(letter.Payload);
                Failure ??= new(seat.Index, header.Flag != 0 ? new DivergedException(new(seat.Index, header.Number, text)) : new InvalidOperationException(text));
                break;
        }
        transport.Return(letter);
    }

    /// <summary>Asks all that pause for something.</summary>
    public void AskAll(Operation operation, int flag = 0)
    {
        foreach (var seat in Seats)
            if (seat is { IsHere: true, IsPausing: true }) Ask(seat, operation, flag);
    }

    /// <summary>Asks a worker that pauses for something.</summary>
    public void Ask(Seat seat, Operation operation, int flag = 0)
    {
        Write(seat, operation, flag);
        seat.IsAsked = true;
    }

    private void Write(Seat seat, Operation operation, int flag = 0)
    {
        var letter = transport.Rent(0, operation, seat.Index, seat.Incarnation);
        letter.Header.Flag = flag;
        transport.Send(seat.Peer, letter);
    }

    /// <summary>Whether all that were asked have answered, or are gone, or may be stopped while others are not.</summary>
    public bool AllAnswered
    {
        get
        {
            if (Failure is not null) return true;
            int answered = 0, silent = 0;
            foreach (var seat in Seats)
            {
                if (!seat.IsHere) continue;
                if (!seat.IsAsked) answered++;
                else if (MustAnswer(seat)) return false;
                else silent++;
            }
            return answered > 0 || silent == 0;
        }
    }

    /// <summary>Whether a worker is waited for: only a method that needs everybody waits for one that has not been heard of for a while.</summary>
    private bool MustAnswer(Seat seat) => equalShares || seat.Silence < Suspicion;

    /// <summary>Whether all that is left to do is what a silent worker was given, and others could do it.</summary>
    private bool HoldsUpTheEnd(Seat seat)
        => isReleased && !equalShares && !IsNeeded(seat) && !seat.IsPausing && supply.Given >= supply.Total && Seats.Any(other => other.IsHere && other.Silence < Suspicion);

    /// <summary>Notes when the last paused.</summary>
    public void Pause()
    {
        paused = Here.Where(seat => seat.IsPausing).Select(seat => seat.PausingSince).DefaultIfEmpty(Stopwatch.GetTimestamp()).Max();
        isReleased = false;
    }

    /// <summary>Lets the workers go on to a mark.</summary>
    public void Release(long mark)
    {
        supply.MarkAt(mark);
        this.mark = Math.Min(mark, supply.Total);
        long now = Stopwatch.GetTimestamp();
        if (released != 0) still += now - paused;
        released = now;
        isReleased = true;
        foreach (var seat in Seats)
            if (seat is { IsHere: true, IsPausing: true }) Grant(seat);
    }

    /// <summary>Makes the workers pause for good as soon as they can stop at the same place.</summary>
    public void Stop()
    {
        supply.Stop();
        mark = supply.Total;
    }

    /// <summary>Asks all that take part for a sign of life.</summary>
    public void Call()
    {
        foreach (var seat in Seats)
        {
            if (!seat.IsHere) continue;
            Write(seat, Operation.Beat, flag: 1);
            seat.IsCalled = true;
        }
    }

    /// <summary>Whether all that take part have answered the call.</summary>
    public bool AllAnsweredCall => Seats.All(seat => !seat.IsHere || !seat.IsCalled);

    /// <summary>Ends the run: all leave, and who has not answered the call is given up.</summary>
    public void End()
    {
        isComplete = true;
        foreach (var seat in Seats)
            if (seat.IsHere && seat.IsCalled) Lose(seat);
        for (int rank = 1; rank < options.Centers; rank++) transport.SendEnd(rank, !HasLost);
        foreach (int peer in Seats.Select(seat => seat.Peer).Where(peer => peer >= 0).Distinct()) transport.SendEnd(peer, !HasLost);
    }

    /// <summary>Ends the run for a reason that is no worker's.</summary>
    public void Fail(Exception reason)
    {
        if (!isComplete) Failure ??= new(-1, reason);
    }

    private void TakeTurns()
    {
        if (method.Schedule.Timing != Timing.RoundRobin) return;
        for (int skipped = 0; skipped < Seats.Length; skipped++, turn++)
        {
            var seat = Seats[turn % Seats.Length];
            if (!seat.IsHere) continue;
            if (!seat.AwaitsTurn) return;
            seat.AwaitsTurn = false;
            var letter = transport.Rent(0, Operation.Turn, seat.Index, seat.Incarnation);
            letter.Header.Number = turn / Seats.Length;
            transport.Send(seat.Peer, letter);
            return;
        }
    }
}
