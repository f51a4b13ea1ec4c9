using System.Diagnostics;

namespace Hooke.Engine.Mpi;

/// <summary>
/// Starts processes in the place of lost ones. MPI waits for a process that it starts, and has been seen to wait for ever, so that happens on a thread of its
/// own while the run goes on; one that has not come by <see cref="Limit"/> is given up, and none is started after it.
/// </summary>
/// <param name="transport">Rank 0's.</param>
/// <param name="shared">What rank 0 told all before the run.</param>
/// <param name="most">How many may be started.</param>
/// <param name="command">The program and its arguments that take a worker's place.</param>
internal sealed class Replacements(Transport transport, string shared, int most, Func<int, IReadOnlyList<string>> command)
{
    /// <summary>How long a process may take to start.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Queue<int> wanted = new();
    private int started;
    private int? starting;
    private long since;

    /// <summary>Is told, under the gate, why a worker's place stays empty.</summary>
    public Action<int, string> Failed { get; set; } = (_, _) => { };

    /// <summary>Whether a process may still take a place; under the gate, as all that follows.</summary>
    public bool ArePending => starting is not null || wanted.Count > 0;

    /// <summary>Asks for a process in a worker's place, if there may be another one.</summary>
    public void Ask(int worker)
    {
        if (started == most) return;
        started++;
        if (transport.MayReplace) wanted.Enqueue(worker);
        else Failed(worker, "this MPI library does not allow it");
        Next();
    }

    /// <summary>Looks after the process that is being started.</summary>
    public void Beat()
    {
        if (starting is not { } worker || Stopwatch.GetElapsedTime(since) <= Limit) return;
        // The thread stays in MPI: no other may be started beside it.
        (starting, started) = (null, most);
        wanted.Clear();
        Failed(worker, $"no process has started for {Limit.TotalSeconds:g3} s, the limit");
    }

    private void Next()
    {
        if (starting is not null || !wanted.TryDequeue(out int worker)) return;
        (starting, since) = (worker, Stopwatch.GetTimestamp());
        new Thread(() => Start(worker)) { Name = $"replacement of worker {worker}", IsBackground = true }.Start();
    }

    private void Start(int worker)
    {
        nint between = 0;
        string? trouble = null;
        try
        {
            between = Transport.Spawn(command(worker));
        }
        catch (MpiException reason)
        {
            trouble = reason.Message;
        }
        lock (transport.Gate)
        {
            if (starting is null) return; // it was given up, and no other is started after that
            starting = null;
            if (trouble is null) MpiWorld.Tell(transport, transport.Connect(between, 1), shared);
            else Failed(worker, trouble);
            Next();
        }
    }
}
