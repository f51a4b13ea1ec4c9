namespace Hooke.Models.Data;

/// <summary>
/// Labeled images in memory, as bytes, divided into training and test examples. A model sees pixels standardized by the
/// training set: (pixel/255 − <see cref="Mean"/>) / <see cref="Deviation"/>.
/// </summary>
public sealed class DataSet
{
    private readonly byte[] trainPixels, trainLabels, testPixels, testLabels;

    /// <summary>Checks and wraps examples; the arrays are not copied.</summary>
    /// <param name="name">Name of the data set, for reports.</param>
    /// <param name="description">One line: what it is.</param>
    /// <param name="shape">Shape of an example.</param>
    /// <param name="classes">Number of classes, from 1 to 256.</param>
    /// <param name="trainPixels">Training examples one behind the other, each height × width × channels bytes.</param>
    /// <param name="trainLabels">Their labels, each below the number of classes.</param>
    /// <param name="testPixels">Test examples.</param>
    /// <param name="testLabels">Their labels.</param>
    /// <exception cref="InvalidDataSetException">Sizes disagree, a set is empty, or a label is out of range.</exception>
    public DataSet(string name, string description, Shape shape, int classes, byte[] trainPixels, byte[] trainLabels, byte[] testPixels, byte[] testLabels)
    {
        (Name, Description, Shape, Classes) = (name, description, shape, classes);
        if (shape.Height < 1 || shape.Width < 1 || shape.Channels < 1) throw new InvalidDataSetException($"{name}: an example's shape is {shape}; each dimension must be at least 1");
        if (classes is < 1 or > 256) throw new InvalidDataSetException($"{name}: the number of classes is {classes}; it must be from 1 to 256");
        Check("training", trainPixels, trainLabels);
        Check("test", testPixels, testLabels);
        (this.trainPixels, this.trainLabels, this.testPixels, this.testLabels) = (trainPixels, trainLabels, testPixels, testLabels);

        // Exact integer sums: the same value on every machine.
        Span<long> histogram = stackalloc long[256];
        histogram.Clear();
        foreach (byte p in trainPixels) histogram[p]++;
        double sum = 0, squares = 0;
        for (int p = 0; p < 256; p++)
        {
            sum += (double)histogram[p] * p;
            squares += (double)histogram[p] * p * p;
        }
        Mean = sum / trainPixels.Length / 255;
        double variance = squares / trainPixels.Length / (255 * 255) - Mean * Mean;
        // Constant pixels carry nothing; leave them at zero rather than divide by it.
        Deviation = variance > 1e-12 ? Math.Sqrt(variance) : 1;
    }

    /// <summary>Name of the data set.</summary>
    public string Name { get; }

    /// <summary>One line: what it is.</summary>
    public string Description { get; }

    /// <summary>Shape of an example.</summary>
    public Shape Shape { get; }

    /// <summary>Bytes in an example.</summary>
    public int PixelCount => Shape.Height * Shape.Width * Shape.Channels;

    /// <summary>Number of classes.</summary>
    public int Classes { get; }

    /// <summary>Number of training examples.</summary>
    public int TrainCount => trainLabels.Length;

    /// <summary>Number of test examples.</summary>
    public int TestCount => testLabels.Length;

    /// <summary>Pixels of the training examples, [example][row][column][channel].</summary>
    public ReadOnlySpan<byte> TrainPixels => trainPixels;

    /// <summary>Labels of the training examples.</summary>
    public ReadOnlySpan<byte> TrainLabels => trainLabels;

    /// <summary>Pixels of the test examples, [example][row][column][channel].</summary>
    public ReadOnlySpan<byte> TestPixels => testPixels;

    /// <summary>Labels of the test examples.</summary>
    public ReadOnlySpan<byte> TestLabels => testLabels;

    /// <summary>Mean of pixel/255 over all training pixels, in [0, 1].</summary>
    public double Mean { get; }

    /// <summary>Standard deviation of pixel/255 over all training pixels, in (0, 0.5]; 1 if they are all equal.</summary>
    public double Deviation { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {TrainCount} training and {TestCount} test examples of {Shape} in {Classes} classes";

    private void Check(string set, byte[] pixels, byte[] labels)
    {
        if (labels.Length == 0) throw new InvalidDataSetException($"{Name}: there are no {set} examples");
        if (pixels.LongLength != (long)labels.Length * PixelCount)
            throw new InvalidDataSetException($"{Name}: {labels.Length} {set} labels need {(long)labels.Length * PixelCount} pixels of {Shape} examples, but there are {pixels.Length}");
        for (int i = 0; i < labels.Length; i++)
            if (labels[i] >= Classes) throw new InvalidDataSetException($"{Name}: {set} label {i} is {labels[i]}; it must be below the number of classes, {Classes}");
    }
}

/// <summary>Shape of an example.</summary>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Width">Columns of pixels.</param>
/// <param name="Channels">Bytes per pixel.</param>
public readonly record struct Shape(int Height, int Width, int Channels)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Height}x{Width}x{Channels}";
}
