namespace Hooke.Runs;

/// <summary>
/// A shared model whose steps can be taken apart into reads, a computation and writes, so that a simulator can put time between
/// them. They are the same steps that learners make, to the bit.
/// </summary>
public interface ISharedSteps : ISharedModel
{
    /// <summary>Most coordinates that a step has.</summary>
    int LongestStep { get; }

    /// <summary>A coordinate.</summary>
    /// <param name="coordinate">Which, from 0.</param>
    float this[int coordinate] { get; set; }

    /// <summary>The coordinates that the step of an example reads and writes.</summary>
    /// <param name="example">A training example.</param>
    /// <param name="coordinates">Receives them, rising; of <see cref="LongestStep"/> elements.</param>
    /// <returns>How many.</returns>
    int Coordinates(int example, Span<int> coordinates);

    /// <summary>Computes what the step of an example adds to its coordinates.</summary>
    /// <param name="example">A training example.</param>
    /// <param name="read">The coordinates as they were read.</param>
    /// <param name="rate">Learning rate.</param>
    /// <param name="changes">Receives what is to be added to each.</param>
    void Change(int example, ReadOnlySpan<float> read, float rate, Span<float> changes);
}
