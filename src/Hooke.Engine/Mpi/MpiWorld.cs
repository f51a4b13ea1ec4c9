using System.Text;

namespace Hooke.Engine.Mpi;

/// <summary>The processes of a job, of which this is one. Rank 0 is where a run is kept; it and the other center ranks hold the center, all others a worker each.</summary>
public sealed class MpiWorld : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2), FarewellLimit = TimeSpan.FromSeconds(1);
    private bool isComplete = true, ended;
    private string shared = "";

    private MpiWorld(Transport transport) => Transport = transport;

    /// <summary>This process's number, from 0.</summary>
    public int Rank => Transport.Rank;

    /// <summary>How many there are.</summary>
    public int Size => Transport.Size;

    /// <summary>This process's host.</summary>
    public string Host => Transport.Host;

    internal Transport Transport { get; }

    /// <summary>Whether this machine has an MPI library.</summary>
    /// <param name="library">Its file.</param>
    public static bool IsAvailable(out string library) => MpiLibrary.IsThere(out library);

    /// <summary>The library's name and version, in its own words.</summary>
    public static string LibraryVersion => MpiLibrary.Version;

    /// <summary>Whether it is Open MPI, whose launcher lets a run survive the death of a worker.</summary>
    public static bool IsOpenMpi => MpiLibrary.IsOpenMpi;

    /// <summary>Joins the job that the launcher started; once in a process.</summary>
    /// <exception cref="DllNotFoundException">There is no MPI library.</exception>
    public static MpiWorld Open() => new(Transport.Open());

    /// <summary>Joins a running job in the place of a lost rank, as a process that rank 0 has started for that; once in a process.</summary>
    /// <param name="rank">The lost rank.</param>
    /// <param name="size">Ranks of the job at its start.</param>
    public static MpiWorld Replace(int rank, int size) => new(Transport.Open((rank, size)));

    /// <summary>Gives signs of life from now on, until the run does so itself or the job ends: what comes before the run may take long.</summary>
    /// <param name="lease">A rank that has been silent for so long is no longer waited for; above 0.</param>
    /// <param name="stop">Ends the waits that come before the run.</param>
    public void Attend(TimeSpan lease, CancellationToken stop = default) => Transport.Attendance ??= new(Transport, lease, stop);

    /// <summary>The run gives its own signs of life.</summary>
    internal void EndAttendance()
    {
        Transport.Attendance?.Dispose();
        Transport.Attendance = null;
    }

    /// <summary>Shares a text of rank 0's with all.</summary>
    /// <param name="text">The text; only rank 0's counts.</param>
    /// <exception cref="TimeoutException">Rank 0 does not answer.</exception>
    public string Share(string? text)
    {
        if (Rank == 0)
        {
            // They leave by themselves; who does not take one is missed when the run waits for it.
            shared = text!;
            lock (Transport.Gate)
                for (int k = 1; k < Size; k++) Tell(Transport, k, shared);
            return shared;
        }
        string? received = null;
        bool hasEnded = false;
        Transport.Deliver = (_, letter) =>
        {
            hasEnded = letter.Header.Operation == Operation.End;
            if (letter.Header.Operation == Operation.Share) received = Encoding.UTF8.GetString(letter.Payload);
            if (received is not null || hasEnded) Transport.Deliver = null; // what comes next is for the run
            Transport.Return(letter);
        };
        Attendance.Await(Transport, () => received is not null || hasEnded, rank => rank == 0, StartLimit, () => "rank 0 has not sent the run file");
        return received ?? throw new InvalidOperationException($"rank {Rank}: rank 0 has given up before the run");
    }

    /// <summary>Sends a peer what all are told before a run.</summary>
    internal static void Tell(Transport transport, int peer, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        var letter = transport.Rent(bytes.Length, Operation.Share);
        bytes.CopyTo(letter.Payload);
        transport.Send(peer, letter);
    }

    /// <summary>What starts processes in the place of lost ones.</summary>
    internal Replacements Replacements(MpiOptions options) => new(Transport, shared, options.Replacements, options.ReplacementProgram);

    /// <summary>Says that a rank is gone, so that the job can't end as MPI wants it to.</summary>
    internal void Lose() => isComplete = false;

    /// <summary>Ends this process, and the job if it is rank 0: a launcher that lets a job survive its processes would leave the others waiting.</summary>
    public void Abort()
    {
        ended = true;
        EndAttendance();
        if (Rank == 0)
        {
            lock (Transport.Gate)
                for (int k = 1; k < Transport.Peers; k++) Transport.SendEnd(k, isComplete: false);
            Transport.TryAwait(() => Transport.HasSentAll, FarewellLimit); // who is gone takes nothing
        }
        Transport.Abort();
    }

    /// <summary>Ends this process alone, at once: others may be gone, with whom MPI's own end would wait.</summary>
    public void Leave() => Transport.End(isComplete: false);

    /// <summary>Leaves the job.</summary>
    public void Dispose()
    {
        if (ended) return;
        ended = true;
        EndAttendance();
        Transport.End(isComplete);
    }
}
