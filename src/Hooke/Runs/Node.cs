using System.Numerics;
using Hooke.Numerics;
using Hooke.Problems;

namespace Hooke.Runs;

/// <summary>
/// A node of a tree: towards its parent a worker, towards its children a center. It is moved by one fabric thread at a time;
/// only mail is shared, and only <see cref="Post"/> and <see cref="Take"/> touch it, which exchange buffers instead of copying.
/// </summary>
/// <typeparam name="T">Number type.</typeparam>
public sealed class Node<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly bool sendsParameters;
    private readonly int length;
    private readonly Worker<T>? worker;
    private Mail<T>? toParent, fromParent;
    private NativeVector<T>? draft, inbox; // made when first used: a tree may have a million nodes
    private long draftVersion, inboxVersion, heard, beats;
    private int due;

    internal Node(int index, Worker<T>? worker, int level, Node<T>[] children, Center<T>? center, int length, bool sendsParameters)
    {
        (Index, this.worker, Level, Children, Center, this.length, this.sendsParameters) = (index, worker, level, children, center, length, sendsParameters);
        foreach (var child in children) child.Join(this);
        Leaves = level == 0 ? 1 : children.Sum(child => child.Leaves);
    }

    /// <summary>Its place among the tree's nodes.</summary>
    public int Index { get; }

    /// <summary>Its height above the leaves, which are at 0.</summary>
    public int Level { get; }

    /// <summary>Number of leaves beneath it.</summary>
    public int Leaves { get; }

    /// <summary>Index of the first leaf beneath it.</summary>
    public int FirstLeaf => Level == 0 ? Index : Children[0].FirstLeaf;

    /// <summary>Whether its parameters are here, and not in another process.</summary>
    public bool IsHere => worker is not null;

    /// <summary>What it is to its parent: parameters, clock, order of events.</summary>
    public Worker<T> Worker => worker ?? throw new InvalidOperationException($"node {Index} of the tree is in another process");

    /// <summary>What it is to its children; null if it is a leaf.</summary>
    public Center<T>? Center { get; internal set; }

    /// <summary>The node above; null if it is the root.</summary>
    public Node<T>? Parent { get; private set; }

    /// <summary>The nodes below.</summary>
    public Node<T>[] Children { get; }

    /// <summary>Mail on its way to the parent.</summary>
    public Mail<T> ToParent => toParent ?? throw HasNone();

    /// <summary>Mail on its way from the parent.</summary>
    public Mail<T> FromParent => fromParent ?? throw HasNone();

    /// <summary>A leaf beneath has made a step.</summary>
    /// <returns>Whether the node's turn has come: its leaves have made one more step each, on average.</returns>
    public bool Beat() => ++beats % Leaves == 0;

    /// <summary>A leaf beneath has made a step, where several threads may make turns due; a fabric guards this and <see cref="EndTurn"/>.</summary>
    /// <returns>Whether the caller plays the node's turn. Another turn that becomes due meanwhile is the caller's, too.</returns>
    internal bool CountStep() => Beat() && due++ == 0;

    /// <summary>A turn has been played.</summary>
    /// <returns>Whether another has become due meanwhile.</returns>
    internal bool EndTurn() => --due > 0;

    /// <summary>Computes the gradient of a node that has them, on the examples of the leaf whose step made its turn due.</summary>
    /// <param name="leaf">The leaf's draw.</param>
    public void Compute(in Draw leaf)
    {
        var own = leaf with { Worker = Index, Step = Worker.Steps };
        Worker.Load(own);
        Worker.Compute(own);
    }

    /// <summary>Writes a message into the node's draft.</summary>
    /// <param name="mail">Where it will go: to the parent, or from this node to a child.</param>
    public void Write(Mail<T> mail)
    {
        draftVersion = Write(mail, (draft ??= new(length)).Span);
    }

    /// <summary>Writes a message where a fabric keeps it that has ways of its own to the receiver's <see cref="Mail{T}"/>.</summary>
    /// <param name="mail">Where it will go.</param>
    /// <param name="message">Receives n parameters.</param>
    /// <returns>Its version, for <see cref="Mail{T}.Put"/>.</returns>
    public long Write(Mail<T> mail, Span<T> message)
    {
        if (mail != toParent) return Center!.Read(message);
        Worker.Write(message);
        return heard;
    }

    /// <summary>Sends the draft.</summary>
    /// <param name="mail">Where to.</param>
    public void Post(Mail<T> mail) => mail.Post(ref draft, draftVersion);

    /// <summary>Takes what has arrived.</summary>
    /// <param name="mail">Where from.</param>
    /// <returns>Whether something has.</returns>
    public bool Take(Mail<T> mail) => mail.TryTake(ref inbox, ref inboxVersion);

    /// <summary>Moves by what was taken.</summary>
    /// <param name="mail">Where it came from.</param>
    /// <returns>Its age, in updates by children since the child that sent it heard from this node; -1 if it came from the parent.</returns>
    public long Receive(Mail<T> mail) => Receive(mail, inbox!.Span, inboxVersion);

    /// <summary>Moves by what has arrived, where no other thread does anything.</summary>
    /// <param name="mail">Where from.</param>
    /// <param name="age">Its age, as <see cref="Receive(Mail{T})"/> tells it.</param>
    /// <returns>Whether something had arrived.</returns>
    public bool TryReceive(Mail<T> mail, out long age)
    {
        age = -1;
        if (!mail.TryOpen(out var letter, out long version)) return false;
        age = Receive(mail, letter, version);
        return true;
    }

    /// <summary>A leaf that starts anew asks its parent where to; the answer is in the worker's inbox.</summary>
    public void Consult() => heard = Parent!.Center!.Read(Worker.Inbox);

    /// <summary>
    /// Saves or restores what of the node and its edge to the parent is here: its clocks and what has come from the parent, if it is; what
    /// has come to the parent, if that is. The worker and the center save themselves.
    /// </summary>
    /// <param name="archive">Where to.</param>
    /// <param name="withMail">Whether what has come and moved nobody yet is saved.</param>
    internal void Archive(IArchive<T> archive, bool withMail)
    {
        if (IsHere)
        {
            archive.Number($"node.{Index}.heard", ref heard);
            archive.Number($"node.{Index}.beats", ref beats);
        }
        if (!withMail) return;
        if (Parent is { IsHere: true }) toParent?.Archive(archive, $"node.{Index}.up");
        if (IsHere) fromParent?.Archive(archive, $"node.{Index}.down");
    }

    /// <summary>Frees the mail; the worker belongs to whoever made it.</summary>
    public void Dispose()
    {
        draft?.Dispose();
        inbox?.Dispose();
        toParent?.Dispose();
        fromParent?.Dispose();
    }

    private void Join(Node<T> parent)
    {
        Parent = parent;
        (toParent, fromParent) = (new(length, latestOnly: sendsParameters), new(length, latestOnly: true));
    }

    private long Receive(Mail<T> mail, Span<T> message, long version)
    {
        if (mail != fromParent) return Center!.Absorb(message, version, Worker.RateDropped);
        Worker.Hear(message);
        heard = version;
        return -1;
    }

    private static InvalidOperationException HasNone() => new("the root of a tree has no parent");
}

/// <summary>
/// What is on its way over one directed edge of a tree: at most one message, for only the latest parameters count, and
/// differences add up. Not thread-safe: a fabric guards each by a lock of its own, held for an exchange of buffers.
/// </summary>
/// <typeparam name="T">Number type.</typeparam>
public sealed class Mail<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int length;
    private NativeVector<T>? letter;
    private long version, waiting;

    internal Mail(int length, bool latestOnly) => (this.length, LatestOnly) = (length, latestOnly);

    /// <summary>Whether a message takes the place of one that still waits; otherwise they add up.</summary>
    public bool LatestOnly { get; }

    /// <summary>Whether there is a message.</summary>
    public bool IsWaiting => waiting != 0;

    /// <summary>The message that waits; empty if there is none.</summary>
    public ReadOnlySpan<T> Letter => waiting == 0 ? [] : letter!.Span;

    /// <summary>A message arrives that a fabric has carried.</summary>
    /// <param name="message">n parameters, copied.</param>
    /// <param name="version">Its version, from <see cref="Node{T}.Write(Mail{T}, Span{T})"/>.</param>
    public void Put(ReadOnlySpan<T> message, long version)
    {
        letter ??= new(length);
        if (waiting == 0 || LatestOnly) message.CopyTo(letter.Span);
        else Elementwise.Map(new AddScaled<T>(T.One), letter.Span, message, letter.Span);
        this.version = version;
        waiting = 1;
    }

    /// <summary>Throws what waits away.</summary>
    public void Clear() => waiting = 0;

    /// <summary>A message arrives in a buffer, which another takes the place of.</summary>
    /// <param name="draft">The message; then a buffer for the next, or null.</param>
    /// <param name="version">Its version, from <see cref="Node{T}.Write(Mail{T}, Span{T})"/>.</param>
    public void Post(ref NativeVector<T>? draft, long version)
    {
        if (waiting == 0 || LatestOnly) (letter, draft) = (draft, letter);
        else Elementwise.Map(new AddScaled<T>(T.One), letter!.Span, draft!.Span, letter.Span);
        this.version = version;
        waiting = 1;
    }

    internal bool TryTake(ref NativeVector<T>? inbox, ref long version)
    {
        if (waiting == 0) return false;
        (letter, inbox) = (inbox, letter);
        version = this.version;
        waiting = 0;
        return true;
    }

    internal bool TryOpen(out Span<T> message, out long version)
    {
        version = this.version;
        message = waiting == 0 ? [] : letter!.Span;
        waiting = 0;
        return !message.IsEmpty;
    }

    internal void Archive(IArchive<T> archive, string name)
    {
        archive.Number(name + ".waiting", ref waiting);
        archive.Number(name + ".version", ref version);
        NativeVector<T>? saved = waiting == 0 ? null : letter;
        archive.Vector(name, ref saved, length);
        if (saved is null || saved == letter) return;
        letter?.Dispose();
        letter = saved;
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose() => letter?.Dispose();
}
