namespace Hooke.Models.Data;

/// <summary>How stored inputs become what a model sees: (x / <paramref name="Unit"/> − mean) / deviation, with a mean and a deviation for each channel, or one for all.</summary>
/// <param name="Stored">Shape of an input as it is stored.</param>
/// <param name="Seen">Shape of its center, which evaluation sees.</param>
/// <param name="Unit">255 for pixels, 1 for numbers.</param>
/// <param name="Means">A mean for each channel, in units of x / <paramref name="Unit"/>.</param>
/// <param name="Deviations">A deviation for each channel.</param>
public sealed record InputScaling(Shape Stored, Shape Seen, double Unit, IReadOnlyList<double> Means, IReadOnlyList<double> Deviations)
{
    /// <summary>Numbers that a model sees as they are.</summary>
    /// <param name="features">How many.</param>
    public static InputScaling AsIs(int features) => new(new(1, 1, features), new(1, 1, features), 1, [0], [1]);
}

/// <summary>
/// How a number t to be predicted becomes what a model learns, (t − m)/s with mean m and standard deviation s of the training
/// examples, so that a rate that suits one unit suits all. Every loss and error that is reported is in the number's own unit.
/// </summary>
/// <param name="Mean">m.</param>
/// <param name="Deviation">s, above 0.</param>
public readonly record struct TargetScaling(double Mean, double Deviation)
{
    /// <summary>Numbers are learned as they are.</summary>
    public static TargetScaling None => new(0, 1);

    /// <summary>What a unit of a squared error is in the number's own unit, s².</summary>
    public double Variance => Deviation * Deviation;

    /// <summary>(t − m)/s, in double precision so that large numbers with small differences keep them.</summary>
    /// <param name="target">t.</param>
    public float Standardize(float target) => (float)((target - Mean) / Deviation);

    /// <summary>Measures training examples, in two passes since the difference of a mean square and a squared mean would lose small deviations.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="target">Gives one's number.</param>
    internal static TargetScaling Measure(int count, Func<int, double> target)
    {
        double mean = 0, squares = 0;
        for (int k = 0; k < count; k++) mean += target(k);
        mean /= count;
        for (int k = 0; k < count; k++)
        {
            double difference = target(k) - mean;
            squares += difference * difference;
        }
        return new(mean, Channels.Root(squares / count, 1e-24 * mean * mean));
    }
}
