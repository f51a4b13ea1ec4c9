namespace Hooke.Methods;

/// <summary>One act of a worker's iteration. Pull, Push, Step and Move compute; the others wait on the fabric.</summary>
public enum Act
{
    /// <summary>The stochastic gradient is computed at the point where the local rule looks.</summary>
    Gradient,
    /// <summary>The center's published vector is fetched.</summary>
    Read,
    /// <summary>The coupling moves the worker.</summary>
    Pull,
    /// <summary>The coupling forms a message, which is sent.</summary>
    Push,
    /// <summary>The local rule moves the worker.</summary>
    Step,
    /// <summary>A snapshot of the worker leaves; read, pull and push happen to it at the center.</summary>
    Visit,
    /// <summary>The snapshot's displacement has come back.</summary>
    Await,
    /// <summary>The worker moves by the displacement.</summary>
    Move,
    /// <summary>The center's read-out looks at the worker itself, which has no center.</summary>
    Show,
    /// <summary>A node of a tree sends to its parent.</summary>
    PushUp,
    /// <summary>A node of a tree sends to its children.</summary>
    PushDown,
    /// <summary>Whatever has arrived from a node's parent and children moves it.</summary>
    Poll,
}

/// <summary>At which iterations of a period an act happens.</summary>
public enum When
{
    /// <summary>At every one.</summary>
    Always,
    /// <summary>At the first of a period: τ divides t.</summary>
    Start,
    /// <summary>At the last of a period: τ divides t + 1.</summary>
    End,
    /// <summary>At the first of a period of messages down a tree.</summary>
    Down,
}

/// <summary>An act and when it happens.</summary>
/// <param name="Act">What.</param>
/// <param name="When">When.</param>
public readonly record struct Beat(Act Act, When When = When.Always);

/// <summary>
/// The order of events within a worker's iteration, as data: the only thing that tells Algorithm 1 from Algorithm 3 from
/// equation 6.3.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Meeting">When its message is formed; the coupling must agree.</param>
/// <param name="Beats">The events.</param>
public sealed record Order(string Name, Meeting Meeting, params IReadOnlyList<Beat> Beats)
{
    /// <summary>The gradient is taken at x before the exchange of the same iteration. [Zhang16, Algs. 1 and 2, eqs. 2.3 and 2.4; errata 8]</summary>
    public static Order Jacobi { get; } = new("Jacobi", Meeting.WithPull, new(Act.Gradient), new(Act.Read, When.Start), new(Act.Pull, When.Start), new(Act.Push, When.Start), new(Act.Step));

    /// <summary>Pull before the period's steps, push after them. [Zhang16, Algs. 3 and 4, eqs. 6.3, 3.52–3.54]</summary>
    public static Order GaussSeidel { get; } = new("Gauss–Seidel", Meeting.AtPeriodEnd, new(Act.Read, When.Start), new(Act.Pull, When.Start), new(Act.Gradient), new(Act.Step), new(Act.Push, When.End));

    /// <summary>A snapshot leaves at the start of a period, the exchange happens at the center, its displacement is applied at the end. [Zhang16, end of sec. 2.2]</summary>
    public static Order Overlapped { get; } = new("overlapped", Meeting.WithPull, new(Act.Visit, When.Start), new(Act.Gradient), new(Act.Step), new(Act.Await, When.End), new(Act.Move, When.End));

    /// <summary>Messages leave unasked, whatever has arrived moves the node, then it steps. [Zhang16, Alg. 6]</summary>
    public static Order OneWay { get; } = new("one-way", Meeting.OneWay, new(Act.PushUp, When.Start), new(Act.PushDown, When.Down), new(Act.Poll), new(Act.Gradient), new(Act.Step));

    /// <summary>No center: gradient and step.</summary>
    public static Order Sequential { get; } = new("sequential", Meeting.Never, new(Act.Gradient), new(Act.Step), new(Act.Show));

    /// <summary>Whether read, pull and push follow each other at once, so that a fused exchange can stand for the three.</summary>
    public bool ExchangesAtOnce { get; } = Follow(Beats, Act.Read, Act.Pull, Act.Push);

    /// <summary>Whether snapshots of the worker go to the center.</summary>
    public bool Visits { get; } = Beats.Any(beat => beat.Act == Act.Visit);

    private static bool Follow(IReadOnlyList<Beat> beats, params ReadOnlySpan<Act> acts)
    {
        for (int start = 0; start + acts.Length <= beats.Count; start++)
        {
            int k = 0;
            while (k < acts.Length && beats[start + k] == new Beat(acts[k], When.Start)) k++;
            if (k == acts.Length) return true;
        }
        return false;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
