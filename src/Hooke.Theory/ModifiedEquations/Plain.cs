using Hooke.Numerics;

namespace Hooke.Theory.ModifiedEquations;

/// <summary>
/// An equation that in one dimension has at most two variables without noise, a and b, with all of it written out: what a
/// processor can hold in registers. It says the same as the equation in any dimension, bit by bit.
/// </summary>
public interface IPlainEquation : IModifiedEquation
{
    /// <summary>Whether it has one dimension and at most three vectors.</summary>
    bool IsPlain { get; }

    /// <summary>The drift of u and its noise's factor squared, which may be below 0 by rounding.</summary>
    /// <param name="u">u.</param>
    /// <param name="a">The state's second vector.</param>
    /// <param name="b">The state's third vector.</param>
    /// <typeparam name="V">The lanes.</typeparam>
    (V Drift, V Variance) Noisy<V>(V u, V a, V b) where V : unmanaged, IWide<V>;

    /// <summary>Writes what the drifts of a and b depend on besides a and b, at several points.</summary>
    /// <param name="u">The points.</param>
    /// <param name="gradients">Receives F′ at each.</param>
    /// <param name="seconds">Receives G at each.</param>
    /// <param name="room">Two vectors for each, to work with.</param>
    /// <typeparam name="V">The lanes.</typeparam>
    void Means<V>(ReadOnlySpan<V> u, Span<V> gradients, Span<V> seconds, Span<V> room) where V : unmanaged, IWide<V>;

    /// <summary>The drifts of a and b.</summary>
    /// <param name="gradient">F′(u).</param>
    /// <param name="second">G(u).</param>
    /// <param name="a">The state's second vector.</param>
    /// <param name="b">The state's third vector.</param>
    /// <typeparam name="V">The lanes.</typeparam>
    (V A, V B) Smooth<V>(V gradient, V second, V a, V b) where V : unmanaged, IWide<V>;
}

/// <summary>
/// A scheme that can solve a plain equation: u ← u + h a(u, r) + L(u, r) ΔB and r ← r + h b, where b is taken at the old or at the new u.
/// </summary>
public interface IPlainScheme : IScheme
{
    /// <summary>Whether b is taken at the new u.</summary>
    static abstract bool IsSplit { get; }
}
