using System.Numerics;
using Hooke.Methods;
using Hooke.Numerics;

namespace Hooke.Runs;

/// <summary>
/// The center variable, or a shard of it: a slice that reads and absorbs on its own, with its own clock. Center rules act
/// element by element, so shards together are the center.
/// </summary>
/// <typeparam name="T">Number type.</typeparam>
public sealed class Center<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Method method;
    private readonly NativeVector<T> x;
    private readonly NativeVector<T>? state, report;
    private long clock, started = -1, dropped;

    internal Center(Method method, int index, int offset, int length, NativeVector<T> x, NativeVector<T>? state, NativeVector<T>? report)
    {
        this.method = method;
        this.x = x;
        this.state = state;
        this.report = report;
        Index = index;
        Offset = offset;
        Length = length;
        StartIfDue(rateDropped: false);
    }

    /// <summary>Which shard it is, from 0.</summary>
    public int Index { get; }

    /// <summary>Where its slice starts.</summary>
    public int Offset { get; }

    /// <summary>Length of its slice.</summary>
    public int Length { get; }

    /// <summary>Updates so far.</summary>
    public long Clock => clock;

    /// <summary>Messages that were too old to be taken.</summary>
    public long Dropped => dropped;

    /// <summary>Its parameters.</summary>
    public Span<T> X => x.Span.Slice(Offset, Length);

    private Span<T> State => state is null ? [] : state.Span.Slice(Offset * method.Center.StateVectors, Length * method.Center.StateVectors);

    /// <summary>Publishes to a reader.</summary>
    /// <param name="published">Receives the slice.</param>
    /// <returns>The clock, which travels with the reader's message.</returns>
    public long Read(Span<T> published)
    {
        method.Center.Publish<T>(X, State, published);
        return clock;
    }

    /// <summary>Takes a message in.</summary>
    /// <param name="message">The slice; it may be overwritten.</param>
    /// <param name="version">The clock when the sender read.</param>
    /// <param name="rateDropped">Whether the sender's learning rate has dropped.</param>
    /// <returns>The message's age, or -1 if it was too old and has been dropped.</returns>
    public long Absorb(Span<T> message, long version, bool rateDropped = false)
    {
        long age = clock - version;
        if (!method.Center.Accepts(age)) { dropped++; return -1; }
        method.Center.Absorb(X, State, message, age);
        Changed(rateDropped);
        return age;
    }

    /// <summary>Counts an update that happened in place, and lets the read-out follow.</summary>
    /// <param name="rateDropped">Whether the sender's learning rate has dropped.</param>
    public void Changed(bool rateDropped = false)
    {
        clock++;
        if (method.Readout is not { } readout) return;
        if (started >= 0) readout.Observe(report!.Span.Slice(Offset, Length), X, clock - started);
        else StartIfDue(rateDropped);
    }

    /// <summary>Writes the reported model: the average, once there is one, or what the center publishes.</summary>
    /// <param name="into">Receives the slice.</param>
    public void Report(Span<T> into)
    {
        if (started >= 0) report!.Span.Slice(Offset, Length).CopyTo(into);
        else method.Center.Publish<T>(X, State, into);
    }

    /// <summary>Saves or restores the clocks; the vectors belong to the star.</summary>
    internal void Archive(IArchive<T> archive)
    {
        archive.Number($"center.{Index}.clock", ref clock);
        archive.Number($"center.{Index}.averaging", ref started);
        archive.Number($"center.{Index}.dropped", ref dropped);
    }

    private void StartIfDue(bool rateDropped)
    {
        if (method.Readout is null || !method.Readout.Starts(clock, rateDropped)) return;
        X.CopyTo(report!.Span.Slice(Offset, Length));
        started = clock;
    }
}
