using System.Numerics;
using Hooke.Problems;

namespace Hooke.Engine;

/// <summary>
/// A thread that brings examples from the disk into memory before the workers ask for them: the data loaders of
/// [Zhang16, §4.1]. It stays at most a claim for each worker ahead of them, so that memory is bounded, and nobody waits for it: a worker
/// that is faster reads for itself.
/// </summary>
internal sealed class Fetcher<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    private readonly IObjective<T> objective;
    private readonly Gate gate;
    private readonly int ahead;
    private readonly ulong seed;
    private readonly Thread thread;

    /// <summary>Starts fetching.</summary>
    /// <param name="objective">Whose examples.</param>
    /// <param name="gate">Knows what the workers have begun.</param>
    /// <param name="workers">p, and the number of claims to stay ahead.</param>
    /// <param name="seed">Seed of the run.</param>
    public Fetcher(IObjective<T> objective, Gate gate, int workers, ulong seed)
    {
        (this.objective, this.gate, ahead, this.seed) = (objective, gate, workers, seed);
        thread = new(Work) { Name = "loader", IsBackground = true };
        thread.Start();
    }

    /// <summary>Waits for the thread after the gate has ended, but not for a disk that does not answer.</summary>
    public void Join() => thread.Join(Patience);

    private void Work()
    {
        try
        {
            // What workers have begun, they read for themselves.
            for (long next = 0; gate.AwaitClaims(next - ahead, out long begun); next++)
            {
                next = Math.Max(next, begun);
                objective.Fetch(seed, next);
            }
        }
        catch (Exception reason)
        {
            gate.Fail(-1, reason);
        }
    }
}
