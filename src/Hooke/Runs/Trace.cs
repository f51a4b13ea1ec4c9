using System.Text.Json.Serialization;

namespace Hooke.Runs;

/// <summary>How old messages were when the center absorbed them: center updates since their sender read.</summary>
public sealed class Staleness
{
    /// <summary>Length of a full histogram.</summary>
    public const int Buckets = 256;

    private readonly long[] counts = new long[Buckets];

    /// <summary>Number of messages.</summary>
    public long Count { get; private set; }

    /// <summary>Sum of ages.</summary>
    public long Sum { get; private set; }

    /// <summary>Largest age.</summary>
    public long Maximum { get; private set; }

    /// <summary>Mean age; 0 if there were no messages.</summary>
    public double Mean => Count == 0 ? 0 : (double)Sum / Count;

    /// <summary>Messages of age 0, 1, 2, … up to the largest; the last bucket of 256 holds all older ones.</summary>
    public ReadOnlySpan<long> Histogram => counts.AsSpan(0, Count == 0 ? 0 : (int)Math.Min(Maximum, Buckets - 1) + 1);

    /// <summary>Counts messages.</summary>
    /// <param name="age">Their age.</param>
    /// <param name="messages">How many.</param>
    public void Add(long age, long messages = 1)
    {
        counts[Math.Min(age, Buckets - 1)] += messages;
        Count += messages;
        Sum += age * messages;
        Maximum = Math.Max(Maximum, age);
    }

    /// <summary>Counts all of another's messages.</summary>
    /// <param name="other">The other.</param>
    public void Add(Staleness other)
    {
        for (int k = 0; k < Buckets; k++) counts[k] += other.counts[k];
        Count += other.Count;
        Sum += other.Sum;
        Maximum = Math.Max(Maximum, other.Maximum);
    }

    /// <summary>Saves or restores the counts.</summary>
    /// <param name="archive">Where to.</param>
    /// <param name="name">Prefix of the names.</param>
    /// <typeparam name="T">Number type of the archive's vectors.</typeparam>
    public void Archive<T>(IArchive<T> archive, string name) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        long count = Count, sum = Sum, maximum = Maximum;
        archive.Number(name + "count", ref count);
        archive.Number(name + "sum", ref sum);
        archive.Number(name + "maximum", ref maximum);
        (Count, Sum, Maximum) = (count, sum, maximum);
        for (int k = 0; k < Histogram.Length; k++) archive.Number($"{name}{k}", ref counts[k]);
    }
}

/// <summary>A worker's account at a point of a run.</summary>
/// <param name="Worker">Which, from 0.</param>
/// <param name="Steps">Gradients computed.</param>
/// <param name="Samples">Examples used.</param>
/// <param name="Loss">Loss of its last batch before the step that used it.</param>
/// <param name="LearningRate">Rate of its next step.</param>
/// <param name="Compute">Seconds spent on gradients and local steps.</param>
/// <param name="Data">Seconds spent on bringing examples in.</param>
/// <param name="Communication">Seconds spent on exchanges.</param>
/// <param name="Waiting">Seconds spent waiting for other workers.</param>
/// <param name="Exchanges">Messages sent.</param>
/// <param name="Bytes">Bytes read from and sent to the center.</param>
public sealed record WorkerAccount(int Worker, long Steps, long Samples, double Loss, double LearningRate, double Compute, double Data, double Communication, double Waiting, long Exchanges, long Bytes);

/// <summary>
/// Estimates at the reported model of what convergence bounds are made of, all of them of the loss that is minimized, in which numbers
/// to be predicted are standardized. [BhardwajCong17, sec. 1, A.1–A.3]
/// </summary>
/// <param name="SquaredNorm">‖∇f‖², corrected for the sampling noise.</param>
/// <param name="Variance">σ², variance of one example's gradient, summed over the parameters.</param>
/// <param name="Smoothness">L, the largest ‖∇f(x) − ∇f(y)‖/‖x − y‖ between successive points so far.</param>
/// <param name="Gap">D_f so far: first training loss minus the smallest.</param>
public sealed record GradientEstimate(double SquaredNorm, double Variance, double Smoothness, double Gap);

/// <summary>The worker that is farthest from the center.</summary>
/// <param name="Worker">Which, from 0.</param>
/// <param name="Distance">‖xⁱ − x̃‖.</param>
/// <param name="Median">The median of the other workers' distances.</param>
public sealed record FarthestWorker(int Worker, double Distance, double Median)
{
    internal static FarthestWorker? Of(IReadOnlyList<(int Worker, double Squared)> distances)
    {
        if (distances.Count < 2) return null;
        var farthest = distances.MaxBy(distance => distance.Squared);
        double[] others = [.. distances.Where(distance => distance.Worker != farthest.Worker).Select(distance => distance.Squared).Order()];
        return new(farthest.Worker, Math.Sqrt(farthest.Squared), Math.Sqrt(others[others.Length / 2]));
    }
}

/// <summary>A point of a run, taken while all workers pause.</summary>
public sealed record TracePoint
{
    /// <summary>Seconds of training, evaluation left out.</summary>
    public required double Seconds { get; init; }

    /// <summary>Seconds since the run started, evaluation included.</summary>
    public required double WallSeconds { get; init; }

    /// <summary>Examples used by all workers together.</summary>
    public required long Samples { get; init; }

    /// <summary>Passes over the training set.</summary>
    public required double Epochs { get; init; }

    /// <summary>Center updates.</summary>
    public required long Updates { get; init; }

    /// <summary>Loss of the reported model on a fixed subset of the training set, as it is reported: an objective may be minimized through another one.</summary>
    public required double TrainLoss { get; init; }

    /// <summary>Loss of the reported model on the test set.</summary>
    public required double TestLoss { get; init; }

    /// <summary>Fraction of the test set's answers that the reported model gets wrong; null where none is right or wrong.</summary>
    public double? TestError { get; init; }

    /// <summary>Loss of the reported model on the validation examples; null if there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ValidationLoss { get; init; }

    /// <summary>Fraction of the validation examples' answers that the reported model gets wrong; null if there are none, or none is right or wrong.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ValidationError { get; init; }

    /// <summary>√((1/p) Σ‖xⁱ − x̃‖²).</summary>
    public required double Consensus { get; init; }

    /// <summary>‖x̃‖ of the reported model.</summary>
    public double Norm { get; init; }

    /// <summary>The worker that is farthest from the center; null for one worker.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FarthestWorker? Farthest { get; init; }

    /// <summary>Fraction of the rectified units, of convolutions the channels, that fire for none of the training examples that are evaluated; null where there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? SilentUnits { get; init; }

    /// <summary>Messages absorbed by the center.</summary>
    public required long Exchanges { get; init; }

    /// <summary>Messages dropped because they were too old.</summary>
    public required long Dropped { get; init; }

    /// <summary>Bytes read from and sent to the center.</summary>
    public required long Bytes { get; init; }

    /// <summary>Mean age of messages when absorbed, in center updates.</summary>
    public required double StalenessMean { get; init; }

    /// <summary>Largest age.</summary>
    public required long StalenessMax { get; init; }

    /// <summary>Every worker's account.</summary>
    public required IReadOnlyList<WorkerAccount> Workers { get; init; }

    /// <summary>Estimates for convergence bounds, if they were asked for.</summary>
    public GradientEstimate? Gradient { get; init; }
}
