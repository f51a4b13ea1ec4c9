using System.Numerics;
using Hooke.Numerics;

namespace Hooke.Methods;

/// <summary>x̃ ← x̃ + m. [Zhang16, eq. 2.4; Alg. 1, step b; Alg. 3]</summary>
public sealed record Accumulate : ICenterRule
{
    /// <inheritdoc/>
    public void Absorb<T>(Span<T> center, Span<T> state, Span<T> message, long age) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Elementwise.Map(new Sum<T>(), center, message, center);
}

/// <summary>
/// Nesterov's momentum at the center: v ← δ v + m; x̃ ← x̃ + v; the center publishes x̃ + δ v. With messages −η g this is
/// MDOWNPOUR's master. [Zhang16, Alg. 5]
/// </summary>
/// <param name="Momentum">δ, in [0, 1).</param>
public sealed record CenterNesterov(double Momentum) : ICenterRule
{
    /// <inheritdoc/>
    public int StateVectors => 1;

    /// <inheritdoc/>
    public bool PublishesItself => false;

    /// <inheritdoc/>
    public void Absorb<T>(Span<T> center, Span<T> velocity, Span<T> message, long age) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Elementwise.Update(new MomentumStep<T>(T.CreateChecked(Momentum), -T.One), center, velocity, message);

    /// <inheritdoc/>
    public void Publish<T>(ReadOnlySpan<T> center, ReadOnlySpan<T> velocity, Span<T> published) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Elementwise.Map(new Ahead<T>(T.CreateChecked(Momentum)), center, velocity, published);
}

/// <summary>
/// Drops messages that are too old, so that every absorbed gradient obeys the assumption of bounded staleness.
/// [BhardwajCong17, sec. 4: the age τ of an update is at most the number of learners]
/// </summary>
/// <remarks>A dropped message moves nothing and does not advance the center's clock; the run counts it.</remarks>
/// <param name="Inner">The rule for messages that are young enough.</param>
/// <param name="Bound">Oldest age that is taken, at least 0.</param>
public sealed record BoundedStaleness(ICenterRule Inner, long Bound) : ICenterRule
{
    /// <inheritdoc/>
    public int StateVectors => Inner.StateVectors;

    /// <inheritdoc/>
    public bool PublishesItself => Inner.PublishesItself;

    /// <inheritdoc/>
    public bool Accepts(long age) => age <= Bound && Inner.Accepts(age);

    /// <inheritdoc/>
    public void Absorb<T>(Span<T> center, Span<T> state, Span<T> message, long age) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Inner.Absorb(center, state, message, age);

    /// <inheritdoc/>
    public void Publish<T>(ReadOnlySpan<T> center, ReadOnlySpan<T> state, Span<T> published) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Inner.Publish(center, state, published);
}
