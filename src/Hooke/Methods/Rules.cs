using System.Numerics;

namespace Hooke.Methods;

// Vectors handed to a rule have the length n of the part of the model it acts on. `state` and `memory` hold the rule's
// state vectors one behind the other, n elements each, and start at zero. Rules act element by element, so a rule may be
// applied to slices (the shards of a center) with the same result.

/// <summary>How does a worker use a gradient, and where is it taken?</summary>
public interface ILocalRule
{
    /// <summary>Vectors of state that the rule keeps for a worker.</summary>
    int StateVectors => 0;

    /// <summary>Whether the gradient is taken elsewhere than at x, at the point that <see cref="Look"/> writes.</summary>
    bool LooksAhead => false;

    /// <summary>Whether the rule does nothing, so that no gradient is needed.</summary>
    bool Rests => false;

    /// <summary>Writes the point where the gradient is taken.</summary>
    /// <param name="x">The worker's parameters.</param>
    /// <param name="state">The rule's state.</param>
    /// <param name="point">Receives the point.</param>
    /// <param name="step">The worker's clock, from 0.</param>
    /// <typeparam name="T">Number type.</typeparam>
    void Look<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> state, Span<T> point, long step) where T : unmanaged, IBinaryFloatingPointIeee754<T> => x.CopyTo(point);

    /// <summary>Moves the worker along a gradient.</summary>
    /// <param name="x">The worker's parameters.</param>
    /// <param name="gradient">Stochastic gradient at the point of <see cref="Look"/>.</param>
    /// <param name="state">The rule's state.</param>
    /// <param name="rate">Learning rate η of this step.</param>
    /// <param name="step">The worker's clock, from 0.</param>
    /// <typeparam name="T">Number type.</typeparam>
    void Step<T>(Span<T> x, ReadOnlySpan<T> gradient, Span<T> state, T rate, long step) where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>When in a period a coupling forms its message.</summary>
public enum Meeting
{
    /// <summary>Never: the worker is alone.</summary>
    Never,
    /// <summary>Together with the pull, from the same difference.</summary>
    WithPull,
    /// <summary>At the end of the period, from what the local steps did.</summary>
    AtPeriodEnd,
    /// <summary>On its own, apart from any pull: messages pass each other between the nodes of a tree.</summary>
    OneWay,
}

/// <summary>
/// What do a worker and its center exchange? Two half-exchanges: a published vector arrives and the worker moves (pull), and
/// the worker forms its message (push), which is always a difference, so messages add up and can be conserved. What one half
/// must tell the other lives in the memory. Their distance in time is the asynchrony.
/// </summary>
public interface ICoupling
{
    /// <summary>Vectors of memory that the coupling keeps for a worker.</summary>
    int StateVectors => 0;

    /// <summary>When the message is formed; the method's order must agree.</summary>
    Meeting Meeting { get; }

    /// <summary>Whether what a worker holds when a run ends mid-period is pushed (accumulated gradients are, elastic force is not).</summary>
    bool PushesRemainder => false;

    /// <summary>Whether the center is by definition the mean of the workers' messages, so that separately initialized workers start it at their mean.</summary>
    bool CenterIsMean => false;

    /// <summary>Whether the message is the worker's parameters, of which only the latest counts, instead of a difference, which adds up.</summary>
    bool SendsParameters => false;

    /// <summary>Prepares a memory that does not start at zero.</summary>
    /// <param name="x">The worker's initial parameters.</param>
    /// <param name="memory">The coupling's memory.</param>
    /// <typeparam name="T">Number type.</typeparam>
    void Begin<T>(ReadOnlySpan<T> x, Span<T> memory) where T : unmanaged, IBinaryFloatingPointIeee754<T> { }

    /// <summary>A published vector has arrived: the worker moves.</summary>
    /// <param name="x">The worker's parameters.</param>
    /// <param name="memory">The coupling's memory.</param>
    /// <param name="published">What the center published.</param>
    /// <typeparam name="T">Number type.</typeparam>
    void Pull<T>(Span<T> x, Span<T> memory, ReadOnlySpan<T> published) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>The worker forms its message.</summary>
    /// <param name="x">The worker's parameters.</param>
    /// <param name="memory">The coupling's memory.</param>
    /// <param name="message">Receives the message.</param>
    /// <typeparam name="T">Number type.</typeparam>
    void Push<T>(ReadOnlySpan<T> x, Span<T> memory, Span<T> message) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>After every local step: the implicit (proximal) part of the coupling's force, if it has one.</summary>
    /// <param name="x">The worker's parameters.</param>
    /// <param name="memory">The coupling's memory.</param>
    /// <param name="rate">Learning rate η of this step.</param>
    /// <typeparam name="T">Number type.</typeparam>
    void Hold<T>(Span<T> x, ReadOnlySpan<T> memory, T rate) where T : unmanaged, IBinaryFloatingPointIeee754<T> { }
}

/// <summary>Optional for a coupling: read, pull and push into an accumulating center in one pass over shared memory, with the same bits.</summary>
public interface IFusedExchange
{
    /// <summary>Exchanges with the center.</summary>
    /// <param name="x">The worker's parameters.</param>
    /// <param name="center">The center.</param>
    /// <typeparam name="T">Number type.</typeparam>
    void Exchange<T>(Span<T> x, Span<T> center) where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>What does a center do with a message, and what does it publish?</summary>
public interface ICenterRule
{
    /// <summary>Vectors of state that the rule keeps for the center.</summary>
    int StateVectors => 0;

    /// <summary>Whether it takes a worker's parameters instead of a difference; the coupling must agree.</summary>
    bool TakesParameters => false;

    /// <summary>Whether a message this old is taken; a message that is not is dropped, and counted.</summary>
    /// <param name="age">Messages absorbed since the sender last read.</param>
    bool Accepts(long age) => true;

    /// <summary>Takes a message in.</summary>
    /// <param name="center">The center's parameters.</param>
    /// <param name="state">The rule's state.</param>
    /// <param name="message">The message; it may be overwritten.</param>
    /// <param name="age">Messages absorbed since the sender last read.</param>
    /// <typeparam name="T">Number type.</typeparam>
    void Absorb<T>(Span<T> center, Span<T> state, Span<T> message, long age) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Writes what readers get.</summary>
    /// <param name="center">The center's parameters.</param>
    /// <param name="state">The rule's state.</param>
    /// <param name="published">Receives the published vector.</param>
    /// <typeparam name="T">Number type.</typeparam>
    void Publish<T>(ReadOnlySpan<T> center, ReadOnlySpan<T> state, Span<T> published) where T : unmanaged, IBinaryFloatingPointIeee754<T> => center.CopyTo(published);
}

/// <summary>What is reported instead of the raw center.</summary>
public interface IReadout
{
    /// <summary>Whether the report starts to differ from the center now.</summary>
    /// <param name="clock">Center updates so far.</param>
    /// <param name="dropped">Whether a worker's learning rate has dropped.</param>
    bool Starts(long clock, bool dropped);

    /// <summary>Follows the center.</summary>
    /// <param name="report">The report; it equals the center when the read-out starts.</param>
    /// <param name="center">The center's parameters after an update.</param>
    /// <param name="count">Updates since the read-out started, from 1.</param>
    /// <typeparam name="T">Number type.</typeparam>
    void Observe<T>(Span<T> report, ReadOnlySpan<T> center, long count) where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
