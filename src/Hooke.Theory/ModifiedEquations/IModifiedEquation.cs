using Hooke.Numerics;

namespace Hooke.Theory.ModifiedEquations;

/// <summary>
/// A stochastic differential equation on many paths at once. The state's first d vectors are what the noise acts on, u; the
/// others, r, have no noise: du = a(u, r) dt + L(u, r) dB, dr = b(u, r) dt.
/// </summary>
public interface IModifiedEquation
{
    /// <summary>d.</summary>
    int Dimension { get; }

    /// <summary>Number of the state's vectors.</summary>
    int Size { get; }

    /// <summary>Time of a step of the algorithm that is modeled.</summary>
    Clock Clock { get; }

    /// <summary>Whether L depends on u: then the Euler–Maruyama scheme has strong order ½, and 1 otherwise.</summary>
    bool IsMultiplicative { get; }

    /// <summary>Writes the state of a path that has rested at a point for all times before 0.</summary>
    /// <param name="at">The point, d numbers.</param>
    /// <param name="state">Receives the state.</param>
    /// <typeparam name="V">The lanes.</typeparam>
    void Begin<V>(ReadOnlySpan<double> at, Span<V> state) where V : unmanaged, IWide<V>;

    /// <summary>Writes a(u, r).</summary>
    /// <param name="state">u, r.</param>
    /// <param name="drift">Receives d vectors.</param>
    /// <typeparam name="V">The lanes.</typeparam>
    void NoisyDrift<V>(ReadOnlySpan<V> state, Span<V> drift) where V : unmanaged, IWide<V>;

    /// <summary>Writes b(u, r).</summary>
    /// <param name="state">u, r.</param>
    /// <param name="drift">Receives Size − d vectors.</param>
    /// <typeparam name="V">The lanes.</typeparam>
    void SmoothDrift<V>(ReadOnlySpan<V> state, Span<V> drift) where V : unmanaged, IWide<V>;

    /// <summary>Writes L(u, r), lower triangular, its triangle row by row.</summary>
    /// <param name="state">u, r.</param>
    /// <param name="factor">Receives d(d + 1)/2 vectors.</param>
    /// <typeparam name="V">The lanes.</typeparam>
    void Factor<V>(ReadOnlySpan<V> state, Span<V> factor) where V : unmanaged, IWide<V>;

    /// <summary>Writes the model's parameters x.</summary>
    /// <param name="state">u, r.</param>
    /// <param name="x">Receives d vectors.</param>
    /// <typeparam name="V">The lanes.</typeparam>
    void Position<V>(ReadOnlySpan<V> state, Span<V> x) where V : unmanaged, IWide<V>;
}
