using Hooke.Numerics;

namespace Hooke.Models.Data;

/// <summary>
/// Which examples of a set that brings no test part are held out: one of every ten neighbors, at a random place among them. It is a
/// pure function of the example's index, the same for every seed, method, fabric and format, so that classes that take turns, or lie
/// one behind the other, are on both sides.
/// </summary>
/// <remarks>
/// Held-out example j is ⌊(j + u_j)·w⌋ with w neighbors (ten, or all of fewer) and u_j uniform in [0, 1): no period of the data
/// meets a period of the division, and of n examples n/w are held out, to one.
/// </remarks>
internal static class Division
{
    /// <summary>Of so many neighbors one is a test example.</summary>
    public const int Neighbors = 10;

    private static readonly Noise Places = new(0, -1, 0, NoiseStream.Division);

    /// <summary>Whether an example is a test example.</summary>
    /// <param name="index">Which, from 0.</param>
    /// <param name="count">How many examples there are; of a single one none is held out.</param>
    public static bool IsTest(long index, long count) => count > 1 && Place(index, Width(count)) == index;

    /// <summary>How many of the examples before one are test examples.</summary>
    /// <param name="index">Which, from 0 to the number of examples.</param>
    /// <param name="count">How many examples there are.</param>
    public static long TestsBefore(long index, long count)
    {
        if (count < 2) return 0;
        long width = Width(count);
        return index / width + (index % width > 0 && Place(index, width) < index ? 1 : 0);
    }

    /// <summary>Which of the training examples are held out for validation: a fraction of them, drawn like test examples.</summary>
    /// <param name="count">How many training examples there are.</param>
    /// <param name="fraction">Above 0, at most ½.</param>
    /// <returns>Rising indices: at least one, and not all, of two examples or more.</returns>
    public static IEnumerable<int> Validation(int count, double fraction)
    {
        Noise places = Places with { Step = 1 };
        double width = Math.Min(1 / fraction, count);
        long last = -1;
        for (long j = 0; j * width < count; j++)
        {
            long place = (long)((j + places.Uniform(j)) * width);
            if (place > last && place < count) yield return (int)(last = place);
        }
    }

    private static long Width(long count) => Math.Min(Neighbors, count);

    // The test example among an example's neighbors.
    private static long Place(long index, long width) => index / width * width + Places.Integer(index / width, width);
}
