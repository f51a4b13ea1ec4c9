using Hooke.App.Terminal;
using Hooke.Runs;

namespace Hooke.App.Training;

/// <summary>What runs are judged by: the fraction of wrong answers, or the test loss where no answer is right or wrong.</summary>
internal sealed class Yardstick
{
    /// <summary>What runs are chosen by.</summary>
    public const string Test = "test", Validation = "validation";

    private static readonly Yardstick error = new(Test, true), loss = new(Test, false);

    private Yardstick(string set, bool isFraction) => (Set, Name, IsFraction) = (set, $"{set} {(isFraction ? "error" : "loss")}", isFraction);

    /// <summary>The examples that it measures on: of the test, or of validation.</summary>
    public string Set { get; }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Whether it is a fraction, which is shown in percent.</summary>
    public bool IsFraction { get; }

    /// <summary>Its name over a chart.</summary>
    public string Title => IsFraction ? Name + ", %" : Name;

    /// <summary>What suits a model and its data.</summary>
    public static Yardstick Of(bool countsWrong) => countsWrong ? error : loss;

    /// <summary>What suits a trace.</summary>
    public static Yardstick Of(IReadOnlyList<TracePoint> points) => Of(points.Any(point => point.TestError is not null));

    /// <summary>What suits a result.</summary>
    public static Yardstick Of(RunResult result) => Of(result.BestTestError is not null);

    /// <summary>What a best run is chosen by: validation examples if there are any.</summary>
    /// <param name="countsWrong">Whether answers are right or wrong.</param>
    /// <param name="validates">Whether there are validation examples.</param>
    public static Yardstick Choosing(bool countsWrong, bool validates) => validates ? new(Validation, countsWrong) : Of(countsWrong);

    /// <summary>The point of a run that is best by what is chosen by; null if there is none.</summary>
    public static TracePoint? Chosen(IReadOnlyList<TracePoint> points)
    {
        var yardstick = Choosing(points.Any(point => point.TestError is not null), points.Any(point => point.ValidationLoss is not null));
        return points.MinBy(yardstick.At);
    }

    /// <summary>How a point measures.</summary>
    public double At(TracePoint point) => (Set == Validation, IsFraction) switch
    {
        (true, true) => point.ValidationError ?? double.NaN,
        (true, false) => point.ValidationLoss ?? double.NaN,
        (false, true) => point.TestError ?? double.NaN,
        _ => point.TestLoss,
    };

    /// <summary>How a point measures, as charts show it.</summary>
    public double Shown(TracePoint point) => IsFraction ? 100 * At(point) : At(point);

    /// <summary>How a run measured at best.</summary>
    public double? Best(RunResult result) => Set == Validation ? IsFraction ? result.BestValidationError : result.BestValidationLoss : IsFraction ? result.BestTestError : result.BestTestLoss;

    /// <summary>How a run measured at its end.</summary>
    public double? Last(RunResult result) => Set == Validation ? IsFraction ? result.ValidationError : result.ValidationLoss : IsFraction ? result.TestError : result.TestLoss;

    /// <summary>A measurement as text.</summary>
    public string Text(double? value) => IsFraction ? Units.Percent(value) : Units.Digits(value, 4);
}
