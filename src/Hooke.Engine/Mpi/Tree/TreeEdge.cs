using System.Numerics;
using Hooke.Numerics;
using Hooke.Problems;
using Hooke.Runs;

namespace Hooke.Engine.Mpi;

/// <summary>A direction of an edge of a tree whose one end is here and whose other is in another process. Under the transport's gate.</summary>
internal sealed class TreeEdge<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Describes a direction.</summary>
    /// <param name="lower">The lower end.</param>
    /// <param name="isUp">Whether it leads up.</param>
    /// <param name="peer">The rank of the end that is not here.</param>
    /// <param name="isInterrupted">Whether waits must end.</param>
    public TreeEdge(Node<T> lower, bool isUp, int peer, Func<bool> isInterrupted)
    {
        (Lower, IsUp, Peer, Mail) = (lower, isUp, peer, isUp ? lower.ToParent : lower.FromParent);
        IsFree = () => !IsBusy || isInterrupted();
        NotFree = () => $"rank {Peer} has not taken the mail from node {(IsUp ? Lower : Lower.Parent!).Index} to node {(IsUp ? Lower.Parent! : Lower).Index}";
    }

    public Node<T> Lower { get; }

    public bool IsUp { get; }

    public int Peer { get; }

    public Mail<T> Mail { get; }

    /// <summary>Its number, the same in both processes.</summary>
    public int Number => NumberOf(Lower, IsUp);

    /// <summary>A message that leaves or arrives, as far as it has.</summary>
    public NativeVector<T>? Buffer;

    /// <summary>Its version.</summary>
    public long Version { get; set; }

    /// <summary>Whether a message is on its way.</summary>
    public bool IsBusy { get; set; }

    /// <summary>Whether one should have left meanwhile.</summary>
    public bool Owes { get; set; }

    /// <summary>Parts that have left, and those of them that have not been answered; where it arrives, parts that have come.</summary>
    public int Left, Unanswered, Come;

    public Func<bool> IsFree { get; }

    public Func<string> NotFree { get; }

    public static int NumberOf(Node<T> lower, bool isUp) => 2 * lower.Index + (isUp ? 0 : 1);

    /// <summary>Forgets what is on its way.</summary>
    public void Reset() => (IsBusy, Owes, Left, Unanswered, Come) = (false, false, 0, 0, 0);
}

/// <summary>How a node that is in another process learns of the steps of the leaves beneath a child of it that is here. Under the transport's gate.</summary>
internal sealed class TreeClock<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public TreeClock(Node<T> child, int peer, Func<bool> isInterrupted)
    {
        (Child, Peer) = (child, peer);
        IsAnswered = () => !IsTold || isInterrupted();
        NotAnswered = () => $"rank {Peer} has not played the turns of node {Child.Parent!.Index}";
    }

    public Node<T> Child { get; }

    public int Peer { get; }

    /// <summary>Whether it has been told of steps and has not answered.</summary>
    public bool IsTold { get; set; }

    /// <summary>Steps that it has not been told of, and the draw of the last.</summary>
    public int Steps { get; set; }

    public Draw Draw { get; set; }

    public Func<bool> IsAnswered { get; }

    public Func<string> NotAnswered { get; }

    public void Reset() => (IsTold, Steps) = (false, 0);
}
