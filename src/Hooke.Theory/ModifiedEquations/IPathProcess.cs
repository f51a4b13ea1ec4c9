using Hooke.Numerics;

namespace Hooke.Theory.ModifiedEquations;

/// <summary>Which random numbers some paths draw.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Path">The path of lane 0; the following lanes are the following paths.</param>
/// <param name="Steps">Steps of the whole run: nothing is drawn for later ones.</param>
public readonly record struct PathRun(ulong Seed, int Path, long Steps);

/// <summary>
/// A random process, step by step, on groups of as many paths as a vector has lanes. All that a group remembers is in one span of
/// vectors: 0 before <see cref="Begin"/>, and at each step what the step before has left.
/// </summary>
public interface IPathProcess
{
    /// <summary>d.</summary>
    int Dimension { get; }

    /// <summary>Vectors that a group remembers.</summary>
    int Memory { get; }

    /// <summary>Puts a group at the start.</summary>
    /// <param name="memory">Receives what it remembers.</param>
    /// <typeparam name="V">The lanes.</typeparam>
    void Begin<V>(Span<V> memory) where V : unmanaged, IWide<V>;

    /// <summary>Takes steps, from x_k to x_(k+1) and so on, of some groups; they may take turns, for the processor computes at the same time what is independent.</summary>
    /// <param name="memory">What each group remembers, one after the other.</param>
    /// <param name="run">The random numbers; the first group's path.</param>
    /// <param name="from">k, from 0.</param>
    /// <param name="to">The step after the last.</param>
    /// <typeparam name="V">The lanes.</typeparam>
    void Advance<V>(Span<V> memory, PathRun run, long from, long to) where V : unmanaged, IWide<V>;

    /// <summary>Writes x.</summary>
    /// <param name="memory">What a group remembers.</param>
    /// <param name="x">Receives d vectors.</param>
    /// <typeparam name="V">The lanes.</typeparam>
    void Position<V>(ReadOnlySpan<V> memory, Span<V> x) where V : unmanaged, IWide<V>;
}
