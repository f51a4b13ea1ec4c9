using Hooke.Methods;

namespace Hooke.Simulator;

/// <summary>What goes wrong, or right again.</summary>
public enum FaultKind
{
    /// <summary>A worker dies: its parameters and the batch it works on are gone; what it has sent still arrives.</summary>
    Die,
    /// <summary>A dead worker comes back and starts at the center's value.</summary>
    Return,
    /// <summary>A worker that was not there from the start joins and starts at the center's value.</summary>
    Join,
    /// <summary>A worker stands still for some seconds.</summary>
    Pause,
    /// <summary>The next message of a worker is lost; it is sent again if the cluster resends.</summary>
    Lose,
    /// <summary>The next message of a worker arrives twice.</summary>
    Duplicate,
    /// <summary>The next message of a worker is some seconds late.</summary>
    Delay,
    /// <summary>The center stops for some seconds and starts again from its last checkpoint.</summary>
    RestartCenter,
}

/// <summary>A fault of a schedule.</summary>
/// <param name="Kind">What.</param>
/// <param name="At">When, in virtual seconds, from 0 to 1e9.</param>
/// <param name="Worker">To whom, from 0; not used by <see cref="FaultKind.RestartCenter"/>.</param>
/// <param name="Seconds">How long, from 0 to 1e9; used by pauses, delays and restarts.</param>
public sealed record Fault(FaultKind Kind, double At, int Worker = 0, double Seconds = 0)
{
    /// <summary>Refuses a fault that can't be.</summary>
    /// <param name="workers">p.</param>
    /// <param name="method">What they run.</param>
    /// <exception cref="ArgumentException">The number and its range.</exception>
    public void Check(int workers, Method method)
    {
        if (Kind == FaultKind.RestartCenter && method.Topology == Topology.Tree) throw new ArgumentException($"{Kind}: method is {method.Name}; the nodes of a tree keep no checkpoints, faults must be of its leaves");
        if (At is not (>= 0 and <= TimeLaw.Longest)) throw new ArgumentException(FormattableString.Invariant($"{Kind}: at is {At}; it must be from 0 to 1e9 seconds"));
        if (Worker < 0 || Worker >= workers) throw new ArgumentException($"{Kind}: worker is {Worker}; it must be from 0 to {workers - 1}");
        if (Seconds is not (>= 0 and <= TimeLaw.Longest)) throw new ArgumentException(FormattableString.Invariant($"{Kind}: seconds is {Seconds}; it must be from 0 to 1e9"));
    }
}

/// <summary>What happened to a worker, a message or the center.</summary>
public enum IncidentKind
{
    /// <summary>A worker died.</summary>
    Died,
    /// <summary>A dead worker came back.</summary>
    CameBack,
    /// <summary>A worker joined.</summary>
    Joined,
    /// <summary>A worker stood still.</summary>
    Paused,
    /// <summary>A message was lost for good.</summary>
    MessageLost,
    /// <summary>A message of an earlier life came after one of a later life, and was refused.</summary>
    MessageTooLate,
    /// <summary>The snapshot of a dead worker was refused; nothing had moved by it.</summary>
    VisitRefused,
    /// <summary>The center started again from its checkpoint.</summary>
    CenterRestarted,
}

/// <summary>What became of a fault: an entry of the trace.</summary>
/// <param name="Seconds">When, in virtual seconds.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Worker">To whom; -1 for the center.</param>
/// <param name="Length">How long it took, in seconds, if it took time.</param>
/// <param name="Updates">Updates that are gone: messages of workers, or center updates after the checkpoint.</param>
/// <param name="Samples">Examples whose gradient was never used.</param>
/// <param name="Norm">Euclidean norm of what the parameters lost.</param>
public sealed record Incident(double Seconds, IncidentKind Kind, int Worker, double Length = 0, long Updates = 0, long Samples = 0, double Norm = 0);
