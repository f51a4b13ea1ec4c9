using System.Numerics;
using Hooke.Methods;
using Hooke.Numerics;
using Hooke.Problems;

namespace Hooke.Runs;

/// <summary>What a worker asks of its fabric before it can go on.</summary>
public enum Moment
{
    /// <summary>Draw examples and call <see cref="Worker{T}.Load"/> and <see cref="Worker{T}.Compute"/>.</summary>
    Gradient,
    /// <summary>Fill the inbox with what the center publishes, or exchange in one pass.</summary>
    Read,
    /// <summary>Take the message in the outbox to the center.</summary>
    Send,
    /// <summary>Take the snapshot to the center: read, <see cref="Worker{T}.Meet"/>, absorb the outbox.</summary>
    Visit,
    /// <summary>Let the worker go on when its visit is over.</summary>
    Await,
    /// <summary>Let the center's read-out look at the worker.</summary>
    Show,
    /// <summary>In a tree: send to the parent.</summary>
    SendUp,
    /// <summary>In a tree: send to the children.</summary>
    SendDown,
    /// <summary>In a tree: let what has arrived move the node.</summary>
    Poll,
    /// <summary>An iteration is over.</summary>
    End,
}

/// <summary>
/// One replica. <see cref="Next"/> plays the method's order up to the next thing that only a fabric can do. It knows no
/// threads and no clock, and allocates nothing after its buffers exist.
/// </summary>
/// <typeparam name="T">Number type.</typeparam>
public sealed class Worker<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Method method;
    private readonly bool streams;
    private readonly IOracle<T>? oracle;
    private readonly NativeVector<T> x;
    private readonly NativeVector<T>? gradient;

    /// <summary>Parameters in the room of a visitor, who is moved slice by slice.</summary>
    private const int VisitorLength = 4096;

    /// <summary>What the worker was when it set out for the center, and, of what has met the center, how far it is to move.</summary>
    private NativeVector<T>? visit;

    private NativeVector<T>? state, memory, point, inbox, outbox, visitor, gathered;
    private Stagnation stagnation = new();
    private int beat;
    private long steps;
    private double lastLoss = double.NaN;

    /// <summary>Creates a worker.</summary>
    /// <param name="method">What it runs.</param>
    /// <param name="objective">What it minimizes.</param>
    /// <param name="index">Its index, from 0.</param>
    /// <param name="start">Its initial parameters.</param>
    /// <param name="streams">Whether the fabric moves it slice by slice, with <see cref="PullSlice"/>, <see cref="PushSlice"/> and <see cref="ExchangeSlice"/>, instead of by inbox and outbox.</param>
    public Worker(Method method, IObjective<T> objective, int index, ReadOnlySpan<T> start, bool streams = false)
    {
        (this.method, this.streams) = (method, streams);
        Index = index;
        x = new(start);
        if (method.Local.StateVectors > 0) state = new(start.Length * method.Local.StateVectors);
        if (method.Order.Meeting == Meeting.OneWay) method.Coupling.Begin<T>(X, Memory);
        if (method.Local.Rests) return;
        oracle = objective.Open();
        gradient = new(start.Length);
    }

    /// <summary>Its index, from 0.</summary>
    public int Index { get; }

    /// <summary>Its own clock: iterations done.</summary>
    public long Steps => steps;

    /// <summary>Its parameters.</summary>
    public Span<T> X => x.Span;

    /// <summary>Its local rule's state, for example the velocity.</summary>
    public Span<T> State => state is null ? [] : state.Span;

    /// <summary>Its coupling's memory.</summary>
    public Span<T> Memory => Use(ref memory, method.Coupling.StateVectors);

    /// <summary>Where the fabric puts what the center published.</summary>
    public Span<T> Inbox => Use(ref inbox);

    /// <summary>Where the fabric finds the message.</summary>
    public Span<T> Outbox => Use(ref outbox);

    /// <summary>Mean loss of its last batch, before the step that used it.</summary>
    public double LastLoss => lastLoss;

    /// <summary>The learning rate of its next step.</summary>
    public double LearningRate => method.Schedule.LearningRate * method.Schedule.Rate.Factor(steps, stagnation.Count);

    /// <summary>Whether its learning rate has dropped.</summary>
    public bool RateDropped => method.Schedule.Rate.Drops(steps, stagnation.Count) > 0;

    /// <summary>Whether its learning rate had dropped when it formed its message; the worker itself may have gone on since.</summary>
    public bool SentAfterDrop { get; private set; }

    /// <summary>Whether it holds local progress that would be lost if the run ended now; in a tree some may be on its way at any time.</summary>
    public bool HoldsRemainder => method.Coupling.PushesRemainder && (method.Order.Meeting == Meeting.OneWay || steps % method.Schedule.Period != 0);

    /// <summary>Whether a <see cref="Moment.Read"/> can be answered by <see cref="ExchangeWith"/>.</summary>
    public bool Fuses => method is { Coupling: IFusedExchange, Center: Accumulate, Order.ExchangesAtOnce: true };

    /// <summary>The vector behind <see cref="X"/>, for the read-out of a sequential method.</summary>
    internal NativeVector<T> Vector => x;

    /// <summary>Plays the order up to the next thing that only the fabric can do.</summary>
    public Moment Next()
    {
        var beats = method.Order.Beats;
        while (beat < beats.Count)
        {
            var (act, when) = beats[beat++];
            if (!method.Schedule.Due(when, steps)) continue;
            switch (act)
            {
                case Act.Gradient or Act.Step when method.Local.Rests: break;
                case Act.Gradient:
                    if (method.Local.LooksAhead) method.Local.Look<T>(X, State, Use(ref point), steps);
                    return Moment.Gradient;
                case Act.Step:
                    T rate = T.CreateChecked(LearningRate);
                    method.Local.Step(X, gradient!.Span, State, rate, steps);
                    method.Coupling.Hold<T>(X, memory is null ? [] : memory.Span, rate);
                    break;
                case Act.Read: return Moment.Read;
                case Act.Pull when streams: break;
                case Act.Pull: method.Coupling.Pull<T>(X, Memory, Inbox); break;
                case Act.Push:
                    SentAfterDrop = RateDropped;
                    if (!streams) method.Coupling.Push<T>(X, Memory, Outbox);
                    return Moment.Send;
                case Act.Visit:
                    SentAfterDrop = RateDropped;
                    X.CopyTo(Use(ref visit));
                    return Moment.Visit;
                case Act.Await: return Moment.Await;
                case Act.Move: Elementwise.Map(new Sum<T>(), X, visit!.Span, X); break;
                case Act.Show: return Moment.Show;
                case Act.PushUp: return Moment.SendUp;
                case Act.PushDown: return Moment.SendDown;
                case Act.Poll: return Moment.Poll;
            }
        }
        beat = 0;
        steps++;
        return Moment.End;
    }

    /// <summary>Brings the examples of a draw in.</summary>
    /// <param name="draw">Which.</param>
    public void Load(in Draw draw) => Oracle.Load(draw);

    /// <summary>Computes the stochastic gradient that the order asked for.</summary>
    /// <param name="draw">The draw that was loaded.</param>
    public void Compute(in Draw draw)
    {
        lastLoss = Oracle.Gradient(method.Local.LooksAhead ? point!.Span : X, gradient!.Span, draw);
        if (method.Schedule.Rate is StagnationRate shape) stagnation.Observe(lastLoss, shape);
    }

    /// <summary>Read, pull and push in one pass over a slice of shared memory, in place of a <see cref="Moment.Read"/>; call <see cref="Exchanged"/> after the last slice.</summary>
    /// <param name="offset">Where the slice starts.</param>
    /// <param name="center">The center's slice.</param>
    public void ExchangeWith(int offset, Span<T> center) => ((IFusedExchange)method.Coupling).Exchange(X.Slice(offset, center.Length), center);

    /// <summary>Tells the worker that its exchange is done.</summary>
    public void Exchanged() => beat += 2;

    /// <summary>The exchange of the snapshot, wherever the fabric runs it; <see cref="Act.Move"/> applies the displacement later.</summary>
    public void Meet()
    {
        Inbox.CopyTo(Outbox);
        for (int offset = 0; offset < x.Length; offset += VisitorLength)
            MeetSlice(offset, Outbox.Slice(offset, Math.Min(VisitorLength, x.Length - offset)));
    }

    /// <summary>Whether what is read can be answered slice by slice in one go, with <see cref="ExchangeSlice"/>.</summary>
    public bool ExchangesAtOnce => method is { Coupling: IFusedExchange, Order.ExchangesAtOnce: true };

    /// <summary>Read, pull and push of a slice that comes and goes by messages; call <see cref="Exchanged"/> after the last.</summary>
    /// <param name="offset">Where the slice starts.</param>
    /// <param name="slice">What the center published; receives the message.</param>
    public void ExchangeSlice(int offset, Span<T> slice)
    {
        SentAfterDrop = RateDropped;
        PullAndPush(X.Slice(offset, slice.Length), slice);
    }

    /// <summary>The exchange of a slice of the snapshot, which becomes the displacement.</summary>
    /// <param name="offset">Where the slice starts.</param>
    /// <param name="slice">What the center published; receives the message.</param>
    public void MeetSlice(int offset, Span<T> slice)
    {
        var moved = AtLeast(ref visitor, slice.Length);
        var snapshot = visit!.Span.Slice(offset, slice.Length);
        snapshot.CopyTo(moved);
        PullAndPush(moved, slice);
        Elementwise.Map(new AddScaled<T>(-T.One), moved, snapshot, snapshot);
    }

    /// <summary>Moves a slice by what the center published.</summary>
    /// <param name="offset">Where the slice starts.</param>
    /// <param name="published">What the center published.</param>
    public void PullSlice(int offset, ReadOnlySpan<T> published)
    {
        var part = Gather(offset, published.Length);
        method.Coupling.Pull(X.Slice(offset, published.Length), part, published);
        Scatter(offset, published.Length, part);
    }

    /// <summary>Forms a slice of the message.</summary>
    /// <param name="offset">Where the slice starts.</param>
    /// <param name="message">Receives it.</param>
    public void PushSlice(int offset, Span<T> message)
    {
        var part = Gather(offset, message.Length);
        method.Coupling.Push(X.Slice(offset, message.Length), part, message);
        Scatter(offset, message.Length, part);
    }

    /// <summary>The message of a period that the run's end cuts short is about to leave; call <see cref="Settle"/> when it has left.</summary>
    public void BeginRemainder() => SentAfterDrop = RateDropped;

    /// <summary>What has been sent is not sent again: the worker pulls from itself, and stays.</summary>
    public void Settle() => method.Coupling.Pull<T>(X, Memory, X);

    /// <summary>Adds the squared distance of a slice from the center's.</summary>
    /// <param name="sum">What it is added to.</param>
    /// <param name="offset">Where the slice starts.</param>
    /// <param name="center">The center's slice.</param>
    public double AddSquaredDistance(double sum, int offset, ReadOnlySpan<T> center)
    {
        var a = X.Slice(offset, center.Length);
        for (int k = 0; k < a.Length; k++) { double d = double.CreateChecked(a[k] - center[k]); sum += d * d; }
        return sum;
    }

    /// <summary>Room for n parameters between two iterations, where its next gradient will be.</summary>
    public Span<T> Scratch => gradient!.Span;

    /// <summary>Whether all its parameters are finite.</summary>
    public bool IsFinite => AreFinite(X);

    /// <summary>Whether all numbers are finite.</summary>
    internal static bool AreFinite(ReadOnlySpan<T> values)
    {
        foreach (T value in values)
            if (!T.IsFinite(value)) return false;
        return true;
    }

    /// <summary>Forms a message to the parent in a tree.</summary>
    /// <param name="message">Receives it.</param>
    internal void Write(Span<T> message) => method.Coupling.Push(X, Memory, message);

    /// <summary>Moves by what the parent in a tree has sent.</summary>
    /// <param name="published">What it sent.</param>
    internal void Hear(ReadOnlySpan<T> published) => method.Coupling.Pull(X, Memory, published);

    /// <summary>Forms the message of a period that the run's end cuts short. Should the run go on later, the rest of the period is another message.</summary>
    public void PushRemainder()
    {
        SentAfterDrop = RateDropped;
        method.Coupling.Push<T>(X, Memory, Outbox);
        method.Coupling.Pull<T>(X, Memory, X); // from itself: it stays, and what was sent is not sent again
    }

    /// <summary>Evaluates a block with this worker's scratch memory.</summary>
    /// <param name="at">Where.</param>
    /// <param name="split">The set.</param>
    /// <param name="block">Which block of it.</param>
    public Score Evaluate(ReadOnlySpan<T> at, Split split, int block) => Oracle.Evaluate(at, split, block);

    /// <summary>A gradient with this worker's scratch memory that changes nothing of the run.</summary>
    /// <param name="at">Where.</param>
    /// <param name="into">Receives the gradient.</param>
    /// <param name="draw">Which examples.</param>
    public double Probe(ReadOnlySpan<T> at, Span<T> into, in Draw draw)
    {
        Oracle.Load(draw);
        return Oracle.Gradient(at, into, draw);
    }

    /// <summary>
    /// Starts anew from given parameters, as a machine does that comes back: nothing is left of velocity and memory, and the
    /// clock goes on at the next period.
    /// </summary>
    /// <param name="from">n parameters, for example the center's.</param>
    public void Restart(ReadOnlySpan<T> from)
    {
        from.CopyTo(X);
        foreach (var vector in (ReadOnlySpan<NativeVector<T>?>)[state, memory, visit]) vector?.Span.Clear();
        Forget();
        beat = 0;
        steps = (steps + method.Schedule.Period - 1) / method.Schedule.Period * method.Schedule.Period;
    }

    /// <summary>Starts anew in the place of a worker that is gone.</summary>
    /// <param name="from">n parameters, for example the center's.</param>
    /// <param name="clock">The other's clock.</param>
    public void Restart(ReadOnlySpan<T> from, long clock)
    {
        steps = clock;
        Restart(from);
    }

    /// <summary>In a tree: what it has done and not sent is gone.</summary>
    public void Forget()
    {
        if (method.Order.Meeting == Meeting.OneWay) method.Coupling.Begin<T>(X, Memory);
    }

    /// <summary>Adds up what is of the worker: its parameters, and a displacement that it has not yet moved by.</summary>
    /// <param name="sum">Receives the sum.</param>
    /// <param name="displaced">Whether there is such a displacement.</param>
    public void AddTo(Span<T> sum, bool displaced)
    {
        Elementwise.Map(new AddScaled<T>(T.One), sum, X, sum);
        if (!displaced) return;
        Elementwise.Map(new AddScaled<T>(T.One), sum, visit!.Span, sum);
    }

    /// <summary>Saves or restores the worker, also in the middle of an iteration.</summary>
    /// <param name="archive">Where to.</param>
    public void Archive(IArchive<T> archive)
    {
        string name = $"worker.{Index}.";
        int n = x.Length;
        NativeVector<T>? parameters = x;
        archive.Vector(name + "x", ref parameters, n);
        archive.Vector(name + "state", ref state, n * method.Local.StateVectors);
        archive.Vector(name + "memory", ref memory, n * method.Coupling.StateVectors);
        archive.Vector(name + "visit", ref visit, method.Order.Visits ? n : 0);
        archive.Number(name + "beat", ref beat);
        if (beat != 0)
        {
            NativeVector<T>? last = gradient;
            archive.Vector(name + "gradient", ref last, n);
            archive.Vector(name + "point", ref point, n);
            archive.Vector(name + "inbox", ref inbox, n);
            archive.Vector(name + "outbox", ref outbox, n);
            bool sent = SentAfterDrop;
            archive.Flag(name + "sentAfterDrop", ref sent);
            SentAfterDrop = sent;
        }
        archive.Number(name + "steps", ref steps);
        archive.Number(name + "loss", ref lastLoss);
        stagnation.Archive(archive, name);
    }

    /// <summary>Saves or restores the message in the outbox, which may be on its way when the worker is at its next iteration.</summary>
    /// <param name="archive">Where to.</param>
    public void ArchiveMessage(IArchive<T> archive) => archive.Vector($"worker.{Index}.message", ref outbox, x.Length);

    /// <summary>Saves or restores the inbox of a worker that is about to start anew.</summary>
    /// <param name="archive">Where to.</param>
    public void ArchiveInbox(IArchive<T> archive) => archive.Vector($"worker.{Index}.answer", ref inbox, x.Length);

    /// <summary>Frees the worker's memory.</summary>
    public void Dispose()
    {
        oracle?.Dispose();
        foreach (var vector in (ReadOnlySpan<NativeVector<T>?>)[x, gradient, state, memory, point, inbox, outbox, visit, visitor, gathered]) vector?.Dispose();
    }

    private void PullAndPush(Span<T> x, Span<T> slice)
    {
        // A coupling that can exchange in one pass keeps in its memory only what its push needs of its pull.
        method.Coupling.Pull(x, slice, slice);
        method.Coupling.Push(x, slice, slice);
    }

    /// <summary>The memory that belongs to a slice: where it is, or, of several vectors, brought together.</summary>
    private Span<T> Gather(int offset, int length)
    {
        int vectors = method.Coupling.StateVectors;
        if (vectors <= 1) return Memory.Slice(offset * vectors, length * vectors);
        var part = AtLeast(ref gathered, length * vectors);
        for (int v = 0; v < vectors; v++) Memory.Slice(v * x.Length + offset, length).CopyTo(part[(v * length)..]);
        return part;
    }

    private void Scatter(int offset, int length, ReadOnlySpan<T> part)
    {
        int vectors = method.Coupling.StateVectors;
        for (int v = 0; vectors > 1 && v < vectors; v++) part.Slice(v * length, length).CopyTo(Memory[(v * x.Length + offset)..]);
    }

    private static Span<T> AtLeast(ref NativeVector<T>? vector, int length)
    {
        if (vector is null || vector.Length < length)
        {
            vector?.Dispose();
            vector = new(length);
        }
        return vector.Span[..length];
    }

    private IOracle<T> Oracle => oracle ?? throw new InvalidOperationException($"node {Index} rests; it computes no gradients");

    private Span<T> Use(ref NativeVector<T>? vector, int vectors = 1) => vectors == 0 ? [] : (vector ??= new(x.Length * vectors)).Span;
}

/// <summary>Watches a worker's predictive loss for stagnation.</summary>
internal struct Stagnation()
{
    private double sum, best = double.PositiveInfinity;
    private long seen, count;

    public readonly int Count => (int)count;

    public void Observe(double loss, StagnationRate shape)
    {
        sum += loss;
        if (++seen < shape.Window) return;
        double mean = sum / seen;
        if (mean >= best * (1 - shape.Tolerance)) { count++; best = double.PositiveInfinity; }
        else best = mean;
        sum = seen = 0;
    }

    public void Archive<T>(IArchive<T> archive, string name) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        archive.Number(name + "stagnation.sum", ref sum);
        archive.Number(name + "stagnation.best", ref best);
        archive.Number(name + "stagnation.seen", ref seen);
        archive.Number(name + "stagnation.count", ref count);
    }
}
