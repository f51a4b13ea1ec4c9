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

    /// <summary>The drifts of a and b.</summary>
    /// <param name="u">u.</param>
    /// <param name="a">The state's second vector.</param>
    /// <param name="b">The state's third vector.</param>
    /// <typeparam name="V">The lanes.</typeparam>
    (V A, V B) Smooth<V>(V u, V a, V b) where V : unmanaged, IWide<V>;
}

/// <summary>A scheme on a plain equation.</summary>
public interface IPlainScheme : IScheme
{
    /// <summary>Takes a step.</summary>
    /// <param name="equation">The equation.</param>
    /// <param name="h">The step's length.</param>
    /// <param name="root">√h.</param>
    /// <param name="normal">ΔB/√h.</param>
    /// <param name="u">u, changed.</param>
    /// <param name="a">The state's second vector, changed.</param>
    /// <param name="b">The state's third vector, changed.</param>
    /// <typeparam name="TEquation">The equation's kind.</typeparam>
    /// <typeparam name="V">The lanes.</typeparam>
    static abstract void Step<TEquation, V>(in TEquation equation, double h, double root, V normal, ref V u, ref V a, ref V b)
        where TEquation : IPlainEquation where V : unmanaged, IWide<V>;
}
