namespace Hooke.Engine.Mpi;

/// <summary>
/// Signs of life between a job's start and the run's own, while ranks read data for as long as that takes: rank 0 gives them to all, others to rank 0, and
/// each notes for how long it has heard nothing. So a wait for a rank that is slow goes on, and one for a rank that is dead or stopped does not.
/// </summary>
internal sealed class Attendance : IDisposable
{
    private static readonly TimeSpan pause = TimeSpan.FromMilliseconds(300);
    private const int MostUnanswered = 16;
    private readonly Transport transport;
    private readonly TimeSpan lease;
    private readonly CancellationToken stop;
    private readonly TimeSpan[] silence;
    private readonly Courier courier;
    private TimeSpan sinceBeat = pause;
    private Exception? trouble;

    /// <summary>Begins.</summary>
    /// <param name="transport">This process's letters.</param>
    /// <param name="lease">Who has been silent for so long is no longer waited for.</param>
    /// <param name="stop">Ends all waits.</param>
    public Attendance(Transport transport, TimeSpan lease, CancellationToken stop)
    {
        (this.transport, this.lease, this.stop, silence) = (transport, lease, stop, new TimeSpan[transport.Size]);
        courier = new(transport, Beat, reason => trouble ??= reason);
    }

    public void Dispose() => courier.Dispose();

    /// <summary>Waits as <see cref="Transport.Await"/> does, and only for ranks that are there.</summary>
    /// <param name="transport">This process's letters; without an <see cref="Attendance"/> the limit alone counts.</param>
    /// <param name="condition">Looked at under the gate.</param>
    /// <param name="awaited">Whether a rank is waited for.</param>
    /// <param name="limit">Longest wait.</param>
    /// <param name="what">What is waited for, for the error.</param>
    /// <exception cref="TimeoutException">It does not come to hold, or a rank that is waited for is silent.</exception>
    /// <exception cref="OperationCanceledException">The run is to stop.</exception>
    public static void Await(Transport transport, Func<bool> condition, Func<int, bool> awaited, TimeSpan limit, Func<string> what)
    {
        bool holds = false;
        transport.Await(() => (holds = condition()) || transport.Attendance?.Trouble(awaited, what) is not null, limit, what);
        if (!holds) throw transport.Attendance!.Trouble(awaited, what)!;
    }

    private Exception? Trouble(Func<int, bool> awaited, Func<string> what)
    {
        if (trouble is not null) return new InvalidOperationException(trouble.Message, trouble);
        if (stop.IsCancellationRequested) return new OperationCanceledException($"the run was stopped before it began: {what()}");
        int silent = Array.FindIndex(silence, each => each > lease);
        for (; silent >= 0; silent = Array.FindIndex(silence, silent + 1, each => each > lease))
            if (awaited(silent)) return new TimeoutException($"rank {transport.Rank}: {what()}, and rank {silent} has been silent for {silence[silent].TotalSeconds:g3} s, the limit");
        return null;
    }

    private void Beat(TimeSpan passed)
    {
        sinceBeat += passed;
        bool isDue = sinceBeat >= pause;
        if (isDue) sinceBeat = TimeSpan.Zero;
        for (int rank = 0; rank < silence.Length; rank++)
        {
            if (rank == transport.Rank || transport.Rank > 0 && rank > 0) continue;
            silence[rank] = transport.HasHeard(rank) ? TimeSpan.Zero : silence[rank] + passed;
            if (isDue && transport.Outgoing(rank) < MostUnanswered) transport.Send(rank, transport.Rent(0, Operation.Beat, worker: -1));
        }
    }
}
