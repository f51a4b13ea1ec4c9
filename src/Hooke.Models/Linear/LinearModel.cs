using System.Globalization;
using Hooke.Models.Data;
using Hooke.Numerics;
using Hooke.Problems;
using Hooke.Runs;

namespace Hooke.Models.Linear;

/// <summary>Losses of linear models.</summary>
public enum LinearLossKind
{
    /// <summary><see cref="LogisticLoss"/>.</summary>
    Logistic,
    /// <summary><see cref="HingeLoss"/>.</summary>
    Hinge,
    /// <summary><see cref="SquaredLoss"/>.</summary>
    LeastSquares,
}

/// <summary>
/// Number types of data and model. "D8M16" is 8-bit data and a 16-bit model; 32 bits are floats, fewer are fixed point.
/// (De Sa, Feldman, Ré, Olukotun, "Understanding and optimizing asynchronous low-precision SGD", 2017)
/// </summary>
/// <param name="DataBits">8, 16 or 32.</param>
/// <param name="ModelBits">8, 16 or 32.</param>
public readonly record struct Precision(int DataBits, int ModelBits)
{
    /// <summary>Floats.</summary>
    public static Precision Full => new(32, 32);

    /// <summary>All nine.</summary>
    public static IReadOnlyList<Precision> All { get; } = [.. from data in (int[])[32, 16, 8] from model in (int[])[32, 16, 8] select new Precision(data, model)];

    /// <summary>The signature in lower case, as users write it.</summary>
    public override string ToString() => $"d{DataBits}m{ModelBits}";
}

/// <summary>How a linear model is trained, apart from rates.</summary>
public sealed record LinearOptions
{
    /// <summary>What is minimized.</summary>
    public LinearLossKind Loss { get; init; }

    /// <summary>λ of the penalty λ/2·‖w‖², at least 0. It shrinks all coordinates every few steps, by at most 1 % at once.</summary>
    public double L2 { get; init; }

    /// <summary>Number types.</summary>
    public Precision Precision { get; init; } = Precision.Full;

    /// <summary>How a fixed-point model is rounded.</summary>
    public Rounding Rounding { get; init; }

    /// <summary>Largest weight of a fixed-point model; above 0.</summary>
    public double Range { get; init; } = 1;

    /// <summary>How many of the most frequent coordinates every worker has its own copies of, which are merged now and then; 0 for none. Of dense rows all, or none.</summary>
    public int Hot { get; init; }

    /// <summary>A worker's steps between merges of the hottest coordinates, at least 1; colder ones are merged more rarely.</summary>
    public int MergeEvery { get; init; } = 64;

    /// <summary>
    /// Steps between merges that keep the loss of sequential SGD at usual rates: the sum of p workers' changes overshoots when each of
    /// them has come far on its own, and fewer steps leave as much to merges: 128/p², at least 1.
    /// </summary>
    /// <param name="workers">p.</param>
    public static int MergeEveryFor(int workers) => Math.Max(1, 128 / checked(workers * workers));

    /// <summary>Whether the time average of the model is reported.</summary>
    public bool Averages { get; init; }
}

/// <summary>
/// A linear model in shared memory: z = ⟨w, x⟩, one w for two classes or for numbers, one for each of more classes (one against
/// the rest). Coordinates are in the order of how often they occur; the intercept is a feature that is never zero.
/// </summary>
public sealed unsafe class LinearModel : ISharedSteps
{
    private const int EvaluatedTraining = 20_000, BlockRows = 1024, Line = 64;
    private readonly LinearData data;
    private readonly NativeVector<float> parameters; // room for numbers of any kind, as are the sums' for doubles
    private readonly NativeVector<float> report;
    private readonly NativeVector<float>[]? sums; // of each weight vector
    private readonly long bytesPerOutput;
    private readonly double targetMean, targetFactor;
    private long averaged;

    /// <summary>Makes a model of zeros.</summary>
    /// <param name="data">What it learns from.</param>
    /// <param name="options">How.</param>
    /// <param name="seed">Seed of the run.</param>
    public LinearModel(LinearData data, LinearOptions options, ulong seed)
    {
        (this.data, Options, Seed) = (data, options, seed);
        if (options.Range <= 0 || !double.IsFinite(options.Range)) throw new ArgumentException($"range is {options.Range}; it must be above 0 and finite");
        if (options.L2 < 0) throw new ArgumentException($"l2 is {options.L2}; it must be at least 0");
        if (options.Hot < 0) throw new ArgumentException($"hot is {options.Hot}; it must be at least 0");
        if (options.MergeEvery < 1) throw new ArgumentException($"merge-every is {options.MergeEvery}; it must be at least 1");
        if (PredictsNumbers && !data.HasNumbers)
            throw new ArgumentException($"model is least-squares; it predicts numbers, but the labels of {data.Name} ({string.Join(", ", data.Names.Classes.Take(3))}, …) are none; logistic and hinge tell classes apart");
        if (PredictsNumbers) TargetScaling = data.TargetScaling;
        (targetMean, targetFactor) = (TargetScaling.Mean, 1 / TargetScaling.Deviation);
        Rows = options.Precision.DataBits == 32 ? data.Rows : data.Quantized(options.Precision.DataBits / 8);
        Outputs = data.Classes.Count > 2 && !PredictsNumbers ? data.Classes.Count : 1;
        int bytes = options.Precision.ModelBits / 8;
        Scale = bytes == 4 ? 1 : (float)(options.Range / (bytes == 1 ? sbyte.MaxValue : short.MaxValue));
        bytesPerOutput = ((long)Coordinates * bytes + Line - 1) / Line * Line;
        parameters = new(checked((int)(bytesPerOutput * Outputs)) / sizeof(float));
        report = new(checked(Stride * Outputs));
        if (options.Averages) sums = [.. Enumerable.Range(0, Outputs).Select(_ => new NativeVector<float>(checked(Coordinates * (sizeof(double) / sizeof(float)))))];
    }

    /// <summary>How it is trained.</summary>
    public LinearOptions Options { get; }

    /// <summary>Features, the intercept included.</summary>
    public int Coordinates => data.Rows.Features;

    /// <summary>Number of weight vectors.</summary>
    public int Outputs { get; }

    /// <inheritdoc/>
    public int Dimension => Coordinates * Outputs;

    /// <inheritdoc/>
    public int Examples => data.TrainCount;

    /// <inheritdoc/>
    public bool ReadsInOrder => !data.IsSparse;

    /// <inheritdoc/>
    public bool CountsWrong => data.Classes.Count > 0 && (Outputs > 1 || data.Classes.Count <= 2);

    /// <summary>Whether answers are numbers; else they are classes.</summary>
    public bool PredictsNumbers => Options.Loss == LinearLossKind.LeastSquares && data.Classes.Count != 2;

    /// <summary>What a model scores that has learned nothing; found when it is first asked for.</summary>
    public ConstantAnswer Constant => field ??= LinearConstant.Of(data, this);

    /// <summary>How numbers to be predicted become what the model learns; losses are reported in the numbers' own unit.</summary>
    public TargetScaling TargetScaling { get; } = TargetScaling.None;

    internal ulong Seed { get; }

    internal Rows Rows { get; }

    /// <summary>What one step of a fixed-point model is worth; 1 for floats.</summary>
    internal float Scale { get; }

    private int Stride => (Coordinates + 15) / 16 * 16;

    /// <summary>A weight vector.</summary>
    internal T* Parameters<T>(int output) where T : unmanaged => (T*)((byte*)parameters.Pointer + bytesPerOutput * output);

    /// <summary>y of an example for a weight vector: −1 or 1 for classes, else the number, standardized.</summary>
    internal float TargetOf(float target, int output) => Outputs > 1 ? (target == output ? 1 : -1) : data.Classes.Count == 2 ? 2 * target - 1
        : (float)(((data.Classes.Count == 0 ? target : data.Classes[(int)target]) - targetMean) * targetFactor);

    /// <inheritdoc/>
    public ISharedLearner Open(int worker, int workers) => Options.Loss switch
    {
        LinearLossKind.Logistic => Open<LogisticLoss>(worker, workers),
        LinearLossKind.Hinge => Open<HingeLoss>(worker, workers),
        _ => Open<SquaredLoss>(worker, workers),
    };

    /// <inheritdoc/>
    public void Average()
    {
        if (sums is null) return;
        for (int output = 0; output < Outputs; output++)
        {
            double* sum = (double*)sums[output].Pointer;
            for (int j = 0; j < Coordinates; j++) sum[j] += Weight(output, j);
        }
        averaged++;
    }

    /// <inheritdoc/>
    public bool Publish()
    {
        bool finite = true;
        for (int output = 0; output < Outputs; output++)
            for (int j = 0; j < Coordinates; j++)
            {
                float weight = report.Pointer[Stride * output + j] = averaged > 0 ? (float)(((double*)sums![output].Pointer)[j] / averaged) : Weight(output, j);
                finite &= float.IsFinite(weight);
            }
        return finite;
    }

    /// <inheritdoc/>
    /// <remarks>Vectors are saved as the bits that they are: numbers of 8 and 16 bits, and the doubles of an average, lie in them as in memory.</remarks>
    public void Archive(IArchive<float> archive)
    {
        archive.Fact("loss", $"{Options.Loss}");
        archive.Fact("precision", $"{Options.Precision}");
        archive.Fact("scale", Scale.ToString("R", CultureInfo.InvariantCulture));
        archive.Fact("averages", $"{Options.Averages}");
        archive.Fact("outputs", $"{Outputs}");
        archive.Fact("coordinates", $"{Coordinates}");
        archive.Fact("examples", $"{Examples}");
        NativeVector<float>? model = parameters;
        archive.Vector("model", ref model, parameters.Length);
        archive.Number("average.models", ref averaged);
        for (int output = 0; output < (sums?.Length ?? 0); output++)
        {
            NativeVector<float>? sum = sums![output];
            archive.Vector($"average.{output}", ref sum, sums[output].Length);
        }
    }

    /// <summary>Most bytes that a run's state takes, if it is saved at any time.</summary>
    /// <param name="workers">p.</param>
    public long StateBytes(int workers)
    {
        // A worker's copies are saved with what they were at their last merge.
        long copied = workers > 1 && Options.Hot > 0 ? Rows.IsSparse ? Math.Min(Options.Hot, Coordinates) : Coordinates : 0;
        return Outputs * ((Coordinates + 2 * copied * workers) * (Options.Precision.ModelBits / 8) + (sums is null ? 0L : Coordinates * sizeof(double)));
    }

    /// <summary>The reported weights of the features in their own order, and the intercept, after <see cref="Publish"/>.</summary>
    /// <param name="output">Which weight vector.</param>
    /// <param name="weights">Receives one for each feature.</param>
    /// <returns>The intercept, 0 if there is none.</returns>
    public float Export(int output, Span<float> weights)
    {
        float intercept = 0;
        weights.Clear();
        for (int j = 0; j < Coordinates; j++)
        {
            float weight = report.Pointer[Stride * output + j];
            if (data.Order[j] >= 0) weights[data.Order[j]] = weight;
            else intercept = weight * data.InterceptInput;
        }
        return intercept;
    }

    /// <summary>The largest |w|, after <see cref="Publish"/>.</summary>
    public double LargestWeight()
    {
        float largest = 0;
        foreach (float weight in report.Span) largest = Math.Max(largest, Math.Abs(weight));
        return largest;
    }

    /// <inheritdoc/>
    public int Blocks(Split split) => (Evaluated(split) + BlockRows - 1) / BlockRows;

    /// <inheritdoc/>
    public Score Evaluate(Split split, int block)
    {
        int count = Evaluated(split), first = block * BlockRows, last = Math.Min(count, first + BlockRows);
        double loss = 0;
        long wrong = 0;
        for (int k = first; k < last; k++)
        {
            int row = split switch { Split.Test => data.TrainCount + data.ValidationCount + k, Split.Validation => data.TrainCount + k, _ => (int)((long)k * data.TrainCount / count) };
            float target = data.Rows.Target(row), best = float.NegativeInfinity;
            int answer = 0;
            for (int output = 0; output < Outputs; output++)
            {
                float score = ScoreOf(row, report.Pointer + Stride * output), y = TargetOf(target, output);
                loss += Options.Loss switch { LinearLossKind.Logistic => LogisticLoss.Value(score, y), LinearLossKind.Hinge => HingeLoss.Value(score, y), _ => SquaredLoss.Value(score, y) };
                if (!(score > best)) continue;
                (best, answer) = (score, output);
            }
            if (Outputs > 1 ? answer != target : best > 0 != target > 0) wrong++;
        }
        return new(loss * TargetScaling.Variance, wrong, last - first);
    }

    /// <inheritdoc/>
    public int LongestStep => Enumerable.Range(0, data.TrainCount).Max(Rows.Length);

    /// <inheritdoc/>
    public float this[int coordinate]
    {
        get => Parameters<float>(0)[Apart(coordinate)];
        set => Parameters<float>(0)[Apart(coordinate)] = value;
    }

    /// <inheritdoc/>
    int ISharedSteps.Coordinates(int example, Span<int> coordinates)
    {
        int length = Rows.Length(example);
        for (int k = 0; k < length; k++) coordinates[k] = Rows.Index(example, k);
        return length;
    }

    /// <inheritdoc/>
    public void Change(int example, ReadOnlySpan<float> read, float rate, Span<float> changes)
    {
        float* values = (float*)Rows.Values(example);
        // In the order of the sparse kernel.
        float a = 0, b = 0, c = 0, d = 0;
        int k = 0;
        for (; k + 4 <= read.Length; k += 4)
        {
            a = MathF.FusedMultiplyAdd(values[k], read[k], a);
            b = MathF.FusedMultiplyAdd(values[k + 1], read[k + 1], b);
            c = MathF.FusedMultiplyAdd(values[k + 2], read[k + 2], c);
            d = MathF.FusedMultiplyAdd(values[k + 3], read[k + 3], d);
        }
        for (; k < read.Length; k++) a = MathF.FusedMultiplyAdd(values[k], read[k], a);
        float score = a + b + (c + d), y = TargetOf(Rows.Target(example), 0);
        float factor = -rate * Options.Loss switch { LinearLossKind.Logistic => LogisticLoss.Slope(score, y), LinearLossKind.Hinge => HingeLoss.Slope(score, y), _ => SquaredLoss.Slope(score, y) };
        for (k = 0; k < read.Length; k++) changes[k] = factor * values[k];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        parameters.Dispose();
        report.Dispose();
        foreach (var sum in sums ?? []) sum.Dispose();
    }

    private int Evaluated(Split split) => split switch { Split.Test => data.TestCount, Split.Validation => data.ValidationCount, _ => Math.Min(data.TrainCount, EvaluatedTraining) };

    // Steps are taken apart for floats and one weight vector.
    private int Apart(int coordinate) => Options is { Precision: (32, 32), L2: 0 } && Outputs == 1 ? coordinate
        : throw new NotSupportedException($"the model is {Options.Precision} with {Outputs} outputs and l2 {Options.L2}; steps are taken apart for d32m32, 1 output and no l2");

    private float Weight(int output, int j) => Options.Precision.ModelBits switch
    {
        32 => Parameters<float>(output)[j],
        16 => Parameters<short>(output)[j] * Scale,
        _ => Parameters<sbyte>(output)[j] * Scale,
    };

    private float ScoreOf(int row, float* weights)
    {
        Place<float> place = new(weights, null, 0, 1);
        return data.Rows.IndexBytes switch
        {
            0 => new DenseKernel<float, float>(data.Rows).Score(row, place),
            2 => new SparseKernel<ushort, float, float>(data.Rows).Score(row, place),
            _ => new SparseKernel<int, float, float>(data.Rows).Score(row, place),
        };
    }

    private ISharedLearner Open<TLoss>(int worker, int workers) where TLoss : struct, ILinearLoss => Options.Precision.ModelBits switch
    {
        32 => Open<TLoss, float>(worker, workers),
        16 => Open<TLoss, short>(worker, workers),
        _ => Open<TLoss, sbyte>(worker, workers),
    };

    private ISharedLearner Open<TLoss, TModel>(int worker, int workers) where TLoss : struct, ILinearLoss where TModel : unmanaged => Rows.ValueBytes switch
    {
        4 => Open<TLoss, TModel, float>(worker, workers),
        2 => Open<TLoss, TModel, short>(worker, workers),
        _ => Open<TLoss, TModel, sbyte>(worker, workers),
    };

    private ISharedLearner Open<TLoss, TModel, TData>(int worker, int workers) where TLoss : struct, ILinearLoss where TModel : unmanaged where TData : unmanaged => Rows.IndexBytes switch
    {
        0 when Options.Precision == Precision.Full && Coordinates >= DensePairs.FewestFeatures => new PairLearner<TLoss>(this, worker, workers),
        0 => new LinearLearner<TModel, DenseKernel<TData, TModel>, TLoss>(this, new(Rows), worker, workers),
        2 => new LinearLearner<TModel, SparseKernel<ushort, TData, TModel>, TLoss>(this, new(Rows), worker, workers),
        _ => new LinearLearner<TModel, SparseKernel<int, TData, TModel>, TLoss>(this, new(Rows), worker, workers),
    };
}
