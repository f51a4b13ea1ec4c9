using System.Globalization;

namespace Hooke.Runs;

/// <summary>Something that a reader of a run's result should know: the run has not diverged, but not gone well either.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Text">What was seen, and what to try.</param>
public sealed record Finding(string Kind, string Text);

/// <summary>Reads off a run's trace whether it has learned, and has kept what it learned.</summary>
public static class Diagnosis
{
    /// <summary>A loss at least this part of a constant answer's is none that was learned.</summary>
    public const double LeastGain = 0.02;

    /// <summary>How many standard errors a test error must be below a constant answer's, if the loss does not speak for the model.</summary>
    public const double StandardErrors = 2;

    /// <summary>The part of what a run had gained that it may lose again.</summary>
    public const double LargestLoss = 0.25;

    /// <summary>The part of the first loss, or error, that a run must have gained to lose anything.</summary>
    public const double LeastPart = 0.1;

    /// <summary>The part of the rectified units that may fire for no training example.</summary>
    public const double MostSilent = 0.5;

    /// <summary>How many times as far from the center as the others a worker may be.</summary>
    public const double FarTimes = 10;

    /// <summary>The part of the center's length that workers may be from it.</summary>
    public const double FarPart = 0.5;

    /// <summary>The part of a run before which it may be where it started.</summary>
    public const double Patience = 0.2;

    /// <summary>What there is to say of a run at its last point.</summary>
    /// <param name="points">Its points, the one before the first step among them.</param>
    /// <param name="constant">What a constant answer scores, if that is known.</param>
    /// <param name="samples">Examples that the run is to use in all.</param>
    public static IReadOnlyList<Finding> Of(IReadOnlyList<TracePoint> points, ConstantAnswer? constant, long samples)
    {
        var findings = new List<Finding>();
        if (points.Count < 2 || points[0].Samples > 0) return findings;
        var last = points[^1];
        string at = last.Samples >= samples ? "at the end" : $"at epoch {Text(last.Epochs, "f2")}";
        bool isEarly = last.Samples < Patience * samples;
        var lost = LostAgain(points, constant, at);
        if (lost is not null) findings.Add(lost);
        if (!isEarly && (AtChance(points, constant, at, lost is not null) ?? NoProgress(points, at)) is { } chance) findings.Add(chance);
        if (Silent(points, at) is { } silent) findings.Add(silent);
        if (Apart(last, at) is { } apart) findings.Add(apart);
        return findings;
    }

    /// <summary>Whether most rectified units never fire: no gradient comes through them, so that they stay so.</summary>
    private static Finding? Silent(IReadOnlyList<TracePoint> points, string at)
        => points[^1].SilentUnits is not { } silent || silent < MostSilent ? null
            : new("silent", $"{Text(silent, "p2")} of the rectified units fire for no training example {at}{(points[0].SilentUnits is { } first ? $" ({Text(first, "p2")} before the first step)" : "")}: "
                + "they have stopped to learn; try a smaller --learning-rate, less --momentum, or --activation tanh");

    /// <summary>Whether a worker has lost its bond to the others.</summary>
    private static Finding? Apart(TracePoint last, string at)
        => last.Farthest is not { } far || far.Distance < FarPart * last.Norm || far.Distance < FarTimes * far.Median && far.Median < FarPart * last.Norm ? null
            : new("apart", far.Distance >= FarTimes * far.Median
                ? $"worker {far.Worker} is {Text(far.Distance, "g3")} from the center {at}, the others {Text(far.Median, "g3")}, where the center's own length is {Text(last.Norm, "g3")}: see whether it is slow or its data differ; try a shorter --period or a larger --moving-rate"
                : $"the workers are {Text(far.Median, "g3")} from the center {at}, whose own length is {Text(last.Norm, "g3")}: they no longer train one model; try a shorter --period, a larger --moving-rate or a smaller --learning-rate");

    /// <summary>Whether the last test error, or loss where no answer is right or wrong, is what a constant answer has.</summary>
    private static Finding? AtChance(IReadOnlyList<TracePoint> points, ConstantAnswer? constant, string at, bool hasLost)
    {
        var last = points[^1];
        if (constant is null || last.TestLoss < (1 - LeastGain) * constant.Loss) return null;
        string seen;
        if (last.TestError is not { } error || constant.Error is not { } chance)
        {
            if (constant.Loss <= 0) return null;
            seen = $"the test loss is {Text(last.TestLoss, "g4")} {at}, no better than the mean of the training examples as the answer to all ({Text(constant.Loss, "g4")})";
        }
        else
        {
            // Of one class, or of a handful of examples, there is nothing to say.
            double deviation = Math.Sqrt(chance * (1 - chance) / constant.Answers);
            if (deviation == 0 || error < chance - StandardErrors * deviation) return null;
            seen = $"the test error is {Text(error, "p2")} {at}, no better than one answer to all ({Text(chance, "p2")})";
        }
        return new("chance", $"{seen}: {Advice(points, constant, hasLost)}");
    }

    private static string Advice(IReadOnlyList<TracePoint> points, ConstantAnswer constant, bool hasLost)
    {
        double first = points[0].TrainLoss, last = points[^1].TrainLoss, best = points.Min(point => point.TrainLoss);
        return last < 0.8 * constant.Loss ? "what it learned of the training examples does not carry over; try more examples, --l2, --dropout or fewer --epochs"
            : hasLost || last > first || best < 0.95 * first && last > 1.05 * best ? "it has learned nothing that lasts; try a smaller --learning-rate or less --momentum"
            : "it has learned next to nothing; try another --learning-rate, larger or smaller, and more --epochs, and see whether the inputs can tell the answers";
    }

    /// <summary>Whether the training loss is what it was before the first step.</summary>
    private static Finding? NoProgress(IReadOnlyList<TracePoint> points, string at)
    {
        double first = points[0].TrainLoss, last = points[^1].TrainLoss;
        return last < (1 - 1e-3) * first || first <= 0 ? null
            : new("chance", $"the training loss is {Text(last, "g4")} {at}, no lower than before the first step ({Text(first, "g4")}); try another --learning-rate, {(last > 1.01 * first ? "smaller" : "larger or smaller")}");
    }

    /// <summary>Whether much of what was gained has been lost again.</summary>
    private static Finding? LostAgain(IReadOnlyList<TracePoint> points, ConstantAnswer? constant, string at)
    {
        const string Unlearned = "the run has lost what it had learned; try a smaller --learning-rate, less --momentum, or a rate that falls (--schedule cosine)",
            Overfitted = "what it learned since does not carry over; try fewer --epochs, --l2, --dropout or more examples";
        bool hasError = points.All(point => point.TestError is not null);
        return Of("training loss", "g4", point => point.TrainLoss, Unlearned)
            ?? (hasError ? Of("test error", "p2", point => point.TestError!.Value, Overfitted) : Of("test loss", "g4", point => point.TestLoss, Overfitted));

        Finding? Of(string name, string format, Func<TracePoint, double> measure, string advice)
        {
            var best = points.MinBy(measure)!;
            double first = measure(points[0]), least = measure(best), last = measure(points[^1]), gain = first - least, lost = last - least;
            // A gain that is chance can't be lost, nor is a difference a loss that another test set might not show.
            if (gain < LeastPart * first || lost <= LargestLoss * gain) return null;
            if (format == "p2" && constant is not null && lost < 3 * Math.Sqrt(last * (1 - last) / constant.Answers)) return null;
            return new("lost", $"the {name} is {Text(last, format)} {at} and was {Text(least, format)} at epoch {Text(best.Epochs, "f2")}: {advice}");
        }
    }

    private static string Text(double value, string format) => format == "p2" ? (100 * value).ToString("f2", CultureInfo.InvariantCulture) + " %" : value.ToString(format, CultureInfo.InvariantCulture);
}
