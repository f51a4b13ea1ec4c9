using Hooke.Numerics;

namespace Hooke.Models.Data;

/// <summary>What generated data sets share: every example is a pure function of the seed and its index.</summary>
internal static class Generated
{
    /// <summary>Greatest number of training or of test examples. Indices of test examples start where no training set reaches, so a test set does not depend on the training set's size.</summary>
    public const int Maximum = 1_000_000;

    /// <summary>Writes an example.</summary>
    /// <param name="noise">Its random numbers.</param>
    /// <param name="index">Its index.</param>
    /// <param name="input">Receives the input; zero at first.</param>
    /// <param name="target">Receives the target; zero at first.</param>
    public delegate void Example<TInput, TTarget>(Noise noise, int index, Span<TInput> input, Span<TTarget> target);

    /// <summary>Generates a data set.</summary>
    /// <exception cref="ArgumentException">A number of examples is out of its range.</exception>
    public static DataSet Generate<TInput, TTarget>(Layout layout, int train, int test, ulong seed, Example<TInput, TTarget> example)
        where TInput : unmanaged where TTarget : unmanaged
    {
        if (train is < 1 or > Maximum) throw new ArgumentException($"training examples is {train}; it must be from 1 to {Maximum}");
        if (test is < 1 or > Maximum) throw new ArgumentException($"test examples is {test}; it must be from 1 to {Maximum}");
        Examples Part(int first, int count)
        {
            Region inputs = Region.Allocate(count * layout.InputBytes), targets = Region.Allocate(count * layout.TargetBytes);
            int target = layout.Target switch { TargetKind.Label => 1, TargetKind.Values => layout.TargetShape.Count, _ => 0 };
            for (int k = 0; k < count; k++)
                example(new(seed, first + k, 0, NoiseStream.Generation), k, inputs.Writable<TInput>(k * layout.InputBytes, layout.Shape.Count), targets.Writable<TTarget>(k * layout.TargetBytes, target));
            return new(count, inputs, targets);
        }
        return new(layout, Part(0, train), Part(Maximum, test));
    }
}
