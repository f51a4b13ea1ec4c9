using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hooke.Models.Data;
using Hooke.Numerics;
using Hooke.Problems;

namespace Hooke.Models.Linear;

/// <summary>Training and test examples of a linear model, in memory or in a mapped file: training rows first, then validation rows, if there are any, then test rows.</summary>
public sealed unsafe class LinearData
{
    /// <summary>Most different whole labels that are taken for classes.</summary>
    public const int MaximumClasses = 4096;

    private readonly Dictionary<int, Rows> quantized = [];
    private TargetScaling? measured;

    internal LinearData(string name, Rows rows, int trainCount, IReadOnlyList<float> classes, int[] order, float interceptInput, int validationCount = 0)
    {
        (Name, Rows, TrainCount, ValidationCount, Classes, Order, InterceptInput) = (name, rows, trainCount, validationCount, classes, order, interceptInput);
        (Features, Scaling) = (Order.Max() + 1, InputScaling.AsIs(Order.Max() + 1));
        Names = new() { Classes = [.. classes.Select(label => label.ToString("R", CultureInfo.InvariantCulture))], IndexBase = rows.IsSparse ? 1 : null };
        if (TrainCount < 1 || TestCount < 1) throw new InvalidDataSetException($"{name}: there are {TrainCount} training and {TestCount} test rows; expected at least 1 of each");
    }

    /// <summary>Name of the data set.</summary>
    public string Name { get; }

    /// <summary>Number of training examples.</summary>
    public int TrainCount { get; }

    /// <summary>Number of test examples.</summary>
    public int TestCount => Rows.Count - TrainCount - ValidationCount;

    /// <summary>Number of validation examples, which training does not see.</summary>
    public int ValidationCount { get; }

    /// <summary>The labels of the classes as numbers, rising, or their places where a label is no number; none where targets are numbers to be predicted.</summary>
    public IReadOnlyList<float> Classes { get; }

    /// <summary>What tells the set from all others: a SHA-256 of inputs, targets and names of both parts. Reads all of them.</summary>
    public string Fingerprint => Fingerprints.Of([$"{TrainCount} {ValidationCount} {TestCount} {Features} {InterceptInput:R} {string.Join(' ', Classes)}", .. Fingerprints.Texts(Names)], [Region.Pin(Order), Rows.Data]);

    /// <summary>What classes and columns are called.</summary>
    public Names Names { get; internal set; }

    /// <summary>Whether the labels of all classes are numbers.</summary>
    public bool HasNumbers { get; private init; } = true;

    /// <summary>How inputs become what models see.</summary>
    public InputScaling Scaling { get; private init; }

    /// <summary>How numbers to be predicted, or labels that are predicted as numbers, become what models learn.</summary>
    public TargetScaling TargetScaling => Standardizes ? measured ??= TargetScaling.Measure(TrainCount, row => Classes.Count > 0 ? Classes[(int)Rows.Target(row)] : Rows.Target(row)) : TargetScaling.None;

    /// <summary>Features of an example, without the intercept.</summary>
    public int Features { get; }

    /// <summary>Whether rows leave zeros out.</summary>
    public bool IsSparse => Rows.IsSparse;

    /// <summary>Numbers in a row on average, the intercept included.</summary>
    public double NumbersPerRow => (double)Rows.Stored / Rows.Count;

    /// <summary>The mean of ‖x‖² over some training examples, the intercept included.</summary>
    public double MeanSquaredNorm
    {
        get
        {
            int count = Math.Min(TrainCount, 1000);
            double sum = 0;
            for (int k = 0; k < count; k++)
            {
                int row = (int)((long)k * TrainCount / count);
                foreach (float value in new ReadOnlySpan<float>(Rows.Values(row), Rows.Length(row))) sum += value * value;
            }
            return sum / count;
        }
    }

    /// <summary>What the feature that stands for the intercept is: 1, or the largest feature if all are smaller; 0 if there is none.</summary>
    public float InterceptInput { get; }

    internal Rows Rows { get; }

    private bool Standardizes { get; init; } = true;

    /// <summary>The feature that a coordinate stands for; −1 for the intercept, and for coordinates that stand for nothing.</summary>
    internal int[] Order { get; }

    /// <summary>Checks that there are classes to learn, and says which of them training or test lacks.</summary>
    /// <exception cref="InvalidDataSetException">Training examples are of one class.</exception>
    internal void CheckClasses(Action<string>? notice)
    {
        if (Classes.Count == 0) return;
        long[] train = new long[Classes.Count], test = new long[Classes.Count];
        for (int row = 0; row < Rows.Count; row++) if (row < TrainCount || row >= TrainCount + ValidationCount) (row < TrainCount ? train : test)[(int)Rows.Target(row)]++;
        ClassCheck.Examine(Name, Classes.Count, c => Names.Classes[c], train, test, notice);
    }

    /// <summary>The training rows in fixed point.</summary>
    internal Rows Quantized(int bytes)
    {
        if (!quantized.TryGetValue(bytes, out Rows? rows)) quantized.Add(bytes, rows = Rows.Quantize(bytes, TrainCount));
        return rows;
    }

    /// <summary>The sum of a part of the rows' bytes, as words: a pass at the speed at which memory is read.</summary>
    /// <param name="part">Which part, from 0.</param>
    /// <param name="parts">How many there are.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Checksum(int part, int parts)
    {
        Vector256<int> a = default, b = default, c = default, d = default;
        long lines = Rows.Data.Length / 128;
        int* at = (int*)Rows.Data.Pointer + lines * part / parts * 32, end = (int*)Rows.Data.Pointer + lines * (part + 1) / parts * 32;
        for (; at < end; at += 32)
        {
            a += Vector256.Load(at);
            b += Vector256.Load(at + 8);
            c += Vector256.Load(at + 16);
            d += Vector256.Load(at + 24);
        }
        return Vector256.Sum(a + b + c + d);
    }

    /// <summary>Bytes of the rows.</summary>
    public long Bytes => Rows.Data.Length;

    /// <summary>Dense rows, as models see them: training rows in one random order, for rows are read in the order in which they lie in memory.</summary>
    /// <param name="data">Examples with labels, or with one number to be predicted.</param>
    /// <param name="intercept">Whether models have one.</param>
    /// <exception cref="InvalidDataSetException">Targets are of another kind.</exception>
    public static LinearData Of(DataSet data, bool intercept = true)
    {
        if (data.Target == TargetKind.Input || data.TargetShape.Count != 1 && data.Target == TargetKind.Values) throw new InvalidDataSetException($"{data.Name}'s targets are {data.TargetShape} numbers; a linear model predicts a class or one number");
        int features = data.PixelCount, width = features + (intercept ? 1 : 0), count = data.TrainCount + data.ValidationCount + data.TestCount;
        var rows = Rows.Dense(count, width, sizeof(float));
        var names = data.Names with { Classes = data.Target == TargetKind.Label ? data.Names.ClassesOf(data.Classes) : [] };
        bool hasNumbers = names.Classes.All(name => Table.IsNumber(name, out _));
        float[] classes = [.. names.Classes.Select((name, number) => hasNumbers ? float.Parse(name, CultureInfo.InvariantCulture) : number)];
        var shuffled = new Permutation(new(0, -1, 0, NoiseStream.Sampling), data.TrainCount);
        int[] index = [0], label = [0];
        for (int row = 0; row < count; row++)
        {
            int behind = row - data.TrainCount, test = behind - data.ValidationCount;
            var split = behind < 0 ? Split.Training : test < 0 ? Split.Validation : Split.Test;
            index[0] = split switch { Split.Training => (int)shuffled[row], Split.Validation => behind, _ => test };
            float* values = (float*)rows.Values(row);
            data.ReadInputs(split, index, values, width);
            if (intercept) values[features] = 1;
            if (data.Target == TargetKind.Label)
            {
                data.ReadLabels(split, index, label);
                rows.Target(row) = label[0];
            }
            else rows.Target(row) = ((float*)data.Of(split).Targets.Pointer)[index[0]];
        }
        GC.KeepAlive(data);
        // Inputs are [row][column][channel] in memory; features are numbered [channel][row][column], as everywhere outside.
        int places = data.Shape.Height * data.Shape.Width, channels = data.Shape.Channels;
        var order = Enumerable.Range(0, features).Select(j => j % channels * places + j / channels);
        return new(data.Name, rows, data.TrainCount, classes, [.. order, .. intercept ? (int[])[-1] : []], intercept ? 1 : 0, data.ValidationCount)
        {
            Names = names, HasNumbers = hasNumbers, Scaling = data.Scaling, Standardizes = data.Target == TargetKind.Label || data.Layout.StandardizesTargets,
        };
    }
}
