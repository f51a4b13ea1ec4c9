using System.Text;

namespace Hooke.Engine.Mpi;

/// <summary>The processes of a job, of which this is one. Rank 0 is where a run is kept; it and the other center ranks hold the center, all others a worker each.</summary>
public sealed class MpiWorld : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private bool isComplete = true, ended;

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

    /// <summary>Shares a text of rank 0's with all.</summary>
    /// <param name="text">The text; only rank 0's counts.</param>
    /// <exception cref="TimeoutException">Rank 0 does not answer.</exception>
    public string Share(string? text)
    {
        if (Rank == 0)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text!);
            lock (Transport.Gate)
                for (int k = 1; k < Size; k++)
                {
                    var letter = Transport.Rent(bytes.Length, Operation.Share);
                    bytes.CopyTo(letter.Payload);
                    Transport.Send(k, letter);
                }
            Transport.Await(() => Transport.HasSentAll, StartLimit, () => "the run file has not been taken by all ranks");
            return text!;
        }
        string? received = null;
        Transport.Deliver = (_, letter) =>
        {
            if (letter.Header.Operation == Operation.Share)
            {
                received = Encoding.UTF8.GetString(letter.Payload);
                Transport.Deliver = null; // what comes next is for the run
            }
            Transport.Return(letter);
        };
        Transport.Await(() => received is not null, StartLimit, () => "rank 0 has not sent the run file");
        return received!;
    }

    /// <summary>Says that a rank is gone, so that the job can't end as MPI wants it to.</summary>
    internal void Lose() => isComplete = false;

    /// <summary>Ends all processes of the job.</summary>
    public void Abort()
    {
        ended = true;
        Transport.Abort();
    }

    /// <summary>Ends this process alone, at once: others may be gone, with whom MPI's own end would wait.</summary>
    public void Leave() => Transport.End(isComplete: false);

    /// <summary>Leaves the job.</summary>
    public void Dispose()
    {
        if (ended) return;
        ended = true;
        Transport.End(isComplete);
    }
}
