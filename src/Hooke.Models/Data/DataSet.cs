using Hooke.Numerics;
using Hooke.Problems;

namespace Hooke.Models.Data;

/// <summary>
/// Training and test examples, in memory or in a mapped file. An input is a tensor of pixels or of floats, a target a class, a
/// tensor of floats, or the input itself. Models read through a few methods that fill rows of floats and allocate nothing; any
/// number of threads may read at once.
/// </summary>
/// <remarks>
/// Models see each channel standardized by the training set, (x − <see cref="ChannelMeans"/>) / <see cref="ChannelDeviations"/>,
/// where x is byte/255 for pixels; or x itself where <see cref="Standardized"/> is false.
/// </remarks>
public sealed unsafe class DataSet
{
    private readonly Examples train, test, validation;
    private readonly Scaler scaler;
    private readonly View view;
    private readonly bool whole;
    private readonly Lazy<string> fingerprint;

    /// <summary>Checks and wraps images with class labels; the pixels are not copied.</summary>
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
        : this(new Layout { Name = name, Description = description, Shape = shape, Classes = classes },
            new(trainLabels.Length, Region.Pin(trainPixels), Region.Pin(Array.ConvertAll(trainLabels, label => (int)label))),
            new(testLabels.Length, Region.Pin(testPixels), Region.Pin(Array.ConvertAll(testLabels, label => (int)label)))) { }

    /// <summary>Checks and wraps inputs of floats with class labels; the arrays are not copied.</summary>
    /// <param name="name">Name of the data set, for reports.</param>
    /// <param name="description">One line: what it is.</param>
    /// <param name="shape">Shape of an input.</param>
    /// <param name="classes">Number of classes, from 1 to <see cref="MaximumClasses"/>.</param>
    /// <param name="trainInputs">Training inputs one behind the other.</param>
    /// <param name="trainLabels">Their labels, each from 0 to the number of classes − 1.</param>
    /// <param name="testInputs">Test inputs.</param>
    /// <param name="testLabels">Their labels.</param>
    /// <exception cref="InvalidDataSetException">Sizes disagree, a set is empty, or a label is out of range.</exception>
    public static DataSet FromFloats(string name, string description, Shape shape, int classes, float[] trainInputs, int[] trainLabels, float[] testInputs, int[] testLabels)
        => new(new Layout { Name = name, Description = description, Shape = shape, Classes = classes, Element = Element.Float },
            new(trainLabels.Length, Region.Pin(trainInputs), Region.Pin(trainLabels)), new(testLabels.Length, Region.Pin(testInputs), Region.Pin(testLabels)));

    /// <summary>Checks and wraps inputs of floats with targets of floats; the arrays are not copied. Inputs are seen as they are, without standardization.</summary>
    /// <param name="name">Name of the data set, for reports.</param>
    /// <param name="description">One line: what it is.</param>
    /// <param name="shape">Shape of an input.</param>
    /// <param name="targetShape">Shape of a target.</param>
    /// <param name="trainInputs">Training inputs one behind the other.</param>
    /// <param name="trainTargets">Their targets.</param>
    /// <param name="testInputs">Test inputs.</param>
    /// <param name="testTargets">Their targets.</param>
    /// <exception cref="InvalidDataSetException">Sizes disagree, or a set is empty.</exception>
    public static DataSet FromFloats(string name, string description, Shape shape, Shape targetShape, float[] trainInputs, float[] trainTargets, float[] testInputs, float[] testTargets)
        => new(new Layout { Name = name, Description = description, Shape = shape, TargetShape = targetShape, Element = Element.Float, Target = TargetKind.Values, Standardized = false },
            new(trainTargets.Length / Math.Max(1, targetShape.Count), Region.Pin(trainInputs), Region.Pin(trainTargets)),
            new(testTargets.Length / Math.Max(1, targetShape.Count), Region.Pin(testInputs), Region.Pin(testTargets)));

    /// <summary>Checks and wraps stored examples.</summary>
    /// <param name="layout">What they have in common.</param>
    /// <param name="train">Training examples.</param>
    /// <param name="test">Test examples.</param>
    /// <param name="statistics">Statistics of the training inputs if they are known.</param>
    /// <param name="validation">Validation examples, if there are any.</param>
    /// <param name="fingerprint">What tells them from all others, if it is known.</param>
    internal DataSet(Layout layout, Examples train, Examples test, Channels? statistics = null, Examples? validation = null, string? fingerprint = null)
    {
        this.fingerprint = new(() => fingerprint ?? Fingerprints.Of(layout, train, validation, test));
        Layout = layout;
        if (!layout.Shape.IsValid) throw new InvalidDataSetException($"{Name}: an example's shape is {layout.Shape}; each dimension must be at least 1, and their product at most {Shape.MaximumCount}");
        if (!layout.TargetShape.IsValid) throw new InvalidDataSetException($"{Name}: a target's shape is {layout.TargetShape}; each dimension must be at least 1, and their product at most {Shape.MaximumCount}");
        if (layout.Target == TargetKind.Label && layout.Classes is < 1 or > MaximumClasses) throw new InvalidDataSetException($"{Name}: the number of classes is {layout.Classes}; it must be from 1 to {MaximumClasses}");
        layout.Names.Check(Name, layout.Classes, layout.Shape.Count);
        Check("training", train);
        Check("test", test);
        if (validation is not null) Check("validation", validation);
        (this.train, this.test, this.validation) = (train, test, validation ?? new(0, Region.Empty, Region.Empty));
        Statistics = statistics ?? Channels.Measure(layout, train);
        scaler = new(layout, Statistics);
        (Shape, view, whole) = (layout.Shape, new(layout.Shape.Height, layout.Shape.Width, false), true);
        (Mean, Deviation) = Pooled(Statistics);
        TargetScaling = layout.StandardizesTargets ? TargetScaling.Measure(train.Count, k => ((float*)train.Targets.Pointer)[k]) : TargetScaling.None;
    }

    private DataSet(DataSet of, Layout layout, View view)
    {
        (Layout, train, test, validation, Statistics, Mean, Deviation, this.view) = (layout, of.train, of.test, of.validation, of.Statistics, of.Mean, of.Deviation, view);
        fingerprint = of.fingerprint;
        TargetScaling = layout.StandardizesTargets ? of.TargetScaling : TargetScaling.None;
        scaler = new(layout, Statistics);
        whole = view.IsWhole(layout.Shape);
        Shape = layout.Shape with { Height = view.Height, Width = view.Width };
    }

    /// <summary>Greatest number of classes.</summary>
    public const int MaximumClasses = 1 << 20;

    /// <summary>Name of the data set.</summary>
    public string Name => Layout.Name;

    /// <summary>One line: what it is.</summary>
    public string Description => Layout.Description;

    /// <summary>Shape of an input as a model sees it.</summary>
    public Shape Shape { get; }

    /// <summary>Shape of an input as it is stored, which crops may be smaller than.</summary>
    public Shape StoredShape => Layout.Shape;

    /// <summary>Numbers in an input as a model sees it.</summary>
    public int PixelCount => Shape.Count;

    /// <summary>How inputs are stored.</summary>
    public Element Element => Layout.Element;

    /// <summary>What a model is to answer.</summary>
    public TargetKind Target => Layout.Target;

    /// <summary>Shape of a target: (1, 1, classes) for labels, else that of the values or of the input.</summary>
    public Shape TargetShape => Target switch { TargetKind.Label => new(1, 1, Classes), TargetKind.Values => Layout.TargetShape, _ => Shape };

    /// <summary>Number of classes; 0 where targets are no labels.</summary>
    public int Classes => Layout.Classes;

    /// <summary>
    /// What tells the set from all others: a SHA-256 of inputs, targets and names of both parts; of a mapped file the one that it carries.
    /// It is computed when it is first asked for.
    /// </summary>
    public string Fingerprint => fingerprint.Value;

    /// <summary>Number of training examples.</summary>
    public int TrainCount => train.Count;

    /// <summary>Number of test examples.</summary>
    public int TestCount => test.Count;

    /// <summary>What classes and columns are called.</summary>
    public Names Names => Layout.Names;

    /// <summary>Number of validation examples, which <see cref="WithValidation"/> has taken from the training examples.</summary>
    public int ValidationCount => validation.Count;

    /// <summary>Whether models see standardized channels.</summary>
    public bool Standardized => Layout.Standardized;

    /// <summary>How inputs become what models see.</summary>
    public InputScaling Scaling => new(StoredShape, Shape, Element == Element.Byte ? 255 : 1, Standardized ? Statistics.Means : [0], Standardized ? Statistics.Deviations : [1]);

    /// <summary>How numbers to be predicted become what models learn.</summary>
    public TargetScaling TargetScaling { get; }

    /// <summary>Whether half of the training examples that a model sees are mirrored.</summary>
    public bool Flips => view.Flips;

    /// <summary>Whether the examples are in a mapped file, so that reading may wait for a disk and a <see cref="ChunkLoader"/> helps.</summary>
    public bool IsMapped => train.Inputs.IsMapped;

    /// <summary>Mean of each channel over all training inputs; of byte/255 for pixels.</summary>
    public ReadOnlySpan<double> ChannelMeans => Statistics.Means;

    /// <summary>Standard deviation of each channel over all training inputs; 1 for a constant channel.</summary>
    public ReadOnlySpan<double> ChannelDeviations => Statistics.Deviations;

    /// <summary>Mean over all training inputs, of byte/255 for pixels; what standardizes them if there is a single channel.</summary>
    public double Mean { get; }

    /// <summary>Standard deviation over all training inputs; what standardizes them if there is a single channel. 1 if they are all equal.</summary>
    public double Deviation { get; }

    /// <summary>Stored pixels of the training examples, [example][row][column][channel], if they fit into a span; valid while the data set is referenced.</summary>
    public ReadOnlySpan<byte> TrainPixels => train.Inputs.Span<byte>();

    /// <summary>Labels of the training examples.</summary>
    public ReadOnlySpan<int> TrainLabels => Labels(train);

    /// <summary>Stored pixels of the test examples, [example][row][column][channel], if they fit into a span; valid while the data set is referenced.</summary>
    public ReadOnlySpan<byte> TestPixels => test.Inputs.Span<byte>();

    /// <summary>Labels of the test examples.</summary>
    public ReadOnlySpan<int> TestLabels => Labels(test);

    internal Layout Layout { get; }

    internal Channels Statistics { get; }

    /// <summary>A view of the same examples: in training a random part of each image, perhaps mirrored, in evaluation its center. [Zhang16, §4.1]</summary>
    /// <param name="height">Rows of it, at least 1.</param>
    /// <param name="width">Columns of it, at least 1.</param>
    /// <param name="flips">Whether half of the training examples are mirrored left to right.</param>
    /// <exception cref="ArgumentException">The part exceeds the image.</exception>
    public DataSet Cropped(int height, int width, bool flips)
    {
        if (height < 1 || height > StoredShape.Height || width < 1 || width > StoredShape.Width)
            throw new ArgumentException($"crop is {height}x{width}; it must be from 1x1 to the size of {Name}'s examples, {StoredShape.Height}x{StoredShape.Width}");
        return new(this, Layout, new(height, width, flips));
    }

    /// <summary>
    /// The same set with a part of the training examples held out to choose by, drawn like the test part of a set that brings none
    /// (<see cref="Division"/>). The rest is standardized anew; both are copied.
    /// </summary>
    /// <param name="fraction">Part of the training examples, above 0 and at most ½.</param>
    /// <exception cref="ArgumentException">The fraction is out of its range, or there is one training example.</exception>
    public DataSet WithValidation(double fraction)
    {
        if (!(fraction > 0 && fraction <= 0.5)) throw new ArgumentException($"validation-fraction is {fraction}; it must be above 0 and at most 0.5");
        if (TrainCount < 2) throw new ArgumentException($"validation-fraction is {fraction}; {Name} has {TrainCount} training example, of which none can be held out");
        HashSet<int> held = [.. Division.Validation(TrainCount, fraction)];
        Examples Copy(bool isHeld)
        {
            int count = isHeld ? held.Count : TrainCount - held.Count;
            Region inputs = Region.Allocate(count * Layout.InputBytes), targets = Region.Allocate(count * Layout.TargetBytes);
            long at = 0;
            for (int k = 0; k < TrainCount; k++)
            {
                if (held.Contains(k) != isHeld) continue;
                Buffer.MemoryCopy(train.Inputs.Pointer + k * Layout.InputBytes, inputs.Pointer + at * Layout.InputBytes, Layout.InputBytes, Layout.InputBytes);
                Buffer.MemoryCopy(train.Targets.Pointer + k * Layout.TargetBytes, targets.Pointer + at * Layout.TargetBytes, Layout.TargetBytes, Layout.TargetBytes);
                at++;
            }
            return new(count, inputs, targets);
        }
        DataSet divided = new(Layout, Copy(false), test, null, Copy(true));
        GC.KeepAlive(this);
        return divided;
    }

    /// <summary>A view of the same examples whose targets are the inputs, in [0, 1] for pixels and not standardized.</summary>
    public DataSet AsAutoencoder() => new(this, Layout with { Target = TargetKind.Input, Classes = 0, TargetShape = new(1, 1, 1), Standardized = false }, view);

    /// <summary>Reads inputs as evaluation sees them.</summary>
    /// <param name="split">Training or test examples.</param>
    /// <param name="indices">Which of them.</param>
    /// <param name="rows">Receives an input in each row: <see cref="PixelCount"/> floats, [row][column][channel].</param>
    /// <param name="stride">Floats from one row to the next.</param>
    public void ReadInputs(Split split, ReadOnlySpan<int> indices, float* rows, int stride) => Read(Of(split), indices, null, 0, rows, stride);

    /// <summary>Reads training inputs for a gradient: cropped and mirrored by the draw's <see cref="NoiseStream.Augmentation"/>; like evaluation for <see cref="Draw.Full"/>, which stands for a gradient without sampling noise.</summary>
    /// <param name="indices">Which examples.</param>
    /// <param name="draw">The draw that they belong to.</param>
    /// <param name="firstInBatch">Which example of the draw comes first, so that a batch may be read in parts.</param>
    /// <param name="rows">Receives an input in each row: <see cref="PixelCount"/> floats, [row][column][channel].</param>
    /// <param name="stride">Floats from one row to the next.</param>
    public void ReadInputs(ReadOnlySpan<int> indices, in Draw draw, int firstInBatch, float* rows, int stride)
        => Read(train, indices, draw.Count == Draw.Full ? null : draw.Noise(NoiseStream.Augmentation), firstInBatch, rows, stride);

    /// <summary>Reads class labels.</summary>
    /// <param name="split">Training or test examples.</param>
    /// <param name="indices">Which of them.</param>
    /// <param name="labels">Receives as many labels, each from 0 to <see cref="Classes"/> − 1.</param>
    /// <exception cref="InvalidOperationException">The targets are no labels.</exception>
    public void ReadLabels(Split split, ReadOnlySpan<int> indices, Span<int> labels)
    {
        var all = Labels(Of(split));
        for (int r = 0; r < indices.Length; r++) labels[r] = all[indices[r]];
        GC.KeepAlive(this);
    }

    /// <summary>Reads targets of floats. Where the target is the input, compare with the row that <see cref="ReadInputs(ReadOnlySpan{int}, in Draw, int, float*, int)"/> gave instead.</summary>
    /// <param name="split">Training or test examples.</param>
    /// <param name="indices">Which of them.</param>
    /// <param name="rows">Receives a target in each row: <see cref="TargetShape"/>.Count floats.</param>
    /// <param name="stride">Floats from one row to the next.</param>
    /// <remarks>A single number comes standardized, see <see cref="TargetScaling"/>.</remarks>
    /// <exception cref="InvalidOperationException">The targets are no tensors of floats.</exception>
    public void ReadTargets(Split split, ReadOnlySpan<int> indices, float* rows, int stride)
    {
        if (Target != TargetKind.Values) throw new InvalidOperationException($"{Name}'s targets are of kind {Target}; they are no tensors of floats");
        Examples from = Of(split);
        int count = TargetShape.Count;
        for (int r = 0; r < indices.Length; r++)
        {
            float* target = (float*)from.Targets.Pointer + (long)Checked(from, indices[r]) * count;
            if (Layout.StandardizesTargets) rows[(long)r * stride] = TargetScaling.Standardize(*target);
            else new ReadOnlySpan<float>(target, count).CopyTo(new(rows + (long)r * stride, count));
        }
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public override string ToString()
        => $"{Name}: {TrainCount} training and {TestCount} test examples of {Shape}" + (Target switch { TargetKind.Label => $" in {Classes} classes", TargetKind.Values => $" with targets of {TargetShape}", _ => " to be reproduced" });

    /// <summary>Stored examples.</summary>
    internal Examples Of(Split split) => split switch { Split.Test => test, Split.Validation => validation, _ => train };

    private void Read(Examples from, ReadOnlySpan<int> indices, Noise? noise, int first, float* rows, int stride)
    {
        Shape stored = StoredShape;
        long step = Layout.InputBytes;
        for (int r = 0; r < indices.Length; r++)
        {
            byte* example = from.Inputs.Pointer + Checked(from, indices[r]) * step;
            float* row = rows + (long)r * stride;
            if (whole)
            {
                if (Element == Element.Byte) scaler.Scale(example, row, stored.Count);
                else scaler.Scale((float*)example, row, stored.Count);
                continue;
            }
            Window window = noise is { } random ? view.Random(stored, random, first + r) : view.Center(stored);
            if (Element == Element.Byte) view.Read(scaler, stored, example, row, window);
            else view.Read(scaler, stored, (float*)example, row, window);
        }
        GC.KeepAlive(this);
    }

    private static int Checked(Examples examples, int index) => (uint)index < (uint)examples.Count ? index
        : throw new ArgumentOutOfRangeException(nameof(index), $"example is {index}; it must be from 0 to {examples.Count - 1}");

    private ReadOnlySpan<int> Labels(Examples examples) => Target == TargetKind.Label ? examples.Targets.Span<int>()
        : throw new InvalidOperationException($"{Name}'s targets are of kind {Target}; they are no labels");

    // All channels have as many values.
    private static (double Mean, double Deviation) Pooled(Channels statistics)
    {
        if (statistics.Means.Length == 1) return (statistics.Means[0], statistics.Deviations[0]);
        double mean = statistics.Means.Average();
        double variance = statistics.Means.Zip(statistics.Deviations, (m, d) => d * d + (m - mean) * (m - mean)).Average();
        return (mean, Math.Sqrt(variance));
    }

    private void Check(string set, Examples examples)
    {
        if (examples.Count == 0) throw new InvalidDataSetException($"{Name}: there are no {set} examples");
        long inputs = examples.Inputs.Length / (int)Element, wanted = (long)examples.Count * StoredShape.Count;
        if (inputs != wanted)
            throw new InvalidDataSetException($"{Name}: {examples.Count} {set} {(Target == TargetKind.Label ? "labels" : "targets")} need {wanted} {(Element == Element.Byte ? "pixels" : "numbers")} of {StoredShape} examples, but there are {inputs}");
        if (examples.Targets.Length != examples.Count * Layout.TargetBytes)
            throw new InvalidDataSetException($"{Name}: {examples.Count} {set} examples need targets of {examples.Count * Layout.TargetBytes} bytes, but there are {examples.Targets.Length}");
        if (Target != TargetKind.Label) return;
        var labels = examples.Targets.Span<int>();
        int bad = labels.IndexOfAnyExceptInRange(0, Classes - 1);
        if (bad >= 0) throw new InvalidDataSetException($"{Name}: {set} label {bad} is {labels[bad]}; it must be below the number of classes, {Classes}");
    }
}
