using System.Numerics;
using Hooke.Numerics;

namespace Hooke.Problems;

/// <summary>
/// An objective given by formulas instead of data. It keeps no state between calls, so it is its own oracle, any number of
/// threads may share it, and disposing it does nothing.
/// </summary>
/// <typeparam name="T">Number type.</typeparam>
public interface IClosedForm<T> : IObjective<T>, IOracle<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Where runs start: n numbers, the same for the center and every worker.</summary>
    ReadOnlySpan<T> Start { get; }

    /// <summary>F(x), without sampling noise.</summary>
    /// <param name="x">Where, n parameters.</param>
    double Loss(ReadOnlySpan<T> x);

    /// <inheritdoc/>
    int IObjective<T>.Dimension => Start.Length;

    /// <inheritdoc/>
    void IObjective<T>.Initialize(Span<T> x, Noise noise) => Start.CopyTo(x);

    /// <inheritdoc/>
    IOracle<T> IObjective<T>.Open() => this;

    /// <inheritdoc/>
    Score IOracle<T>.Evaluate(ReadOnlySpan<T> x, Split split, int block) => new(Loss(x) * Examples, 0, Examples);

    /// <inheritdoc/>
    void IDisposable.Dispose() { }
}
