using Hooke.App.Terminal;
using Hooke.Runs;

namespace Hooke.App.Training;

/// <summary>What runs are judged by: the fraction of wrong answers, or the test loss where no answer is right or wrong.</summary>
internal sealed class Yardstick
{
    private static readonly Yardstick error = new("test error", true), loss = new("test loss", false);

    private Yardstick(string name, bool isFraction) => (Name, IsFraction) = (name, isFraction);

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

    /// <summary>How a point measures.</summary>
    public double At(TracePoint point) => IsFraction ? point.TestError ?? double.NaN : point.TestLoss;

    /// <summary>How a point measures, as charts show it.</summary>
    public double Shown(TracePoint point) => IsFraction ? 100 * At(point) : At(point);

    /// <summary>How a run measured at best.</summary>
    public double? Best(RunResult result) => IsFraction ? result.BestTestError : result.BestTestLoss;

    /// <summary>How a run measured at its end.</summary>
    public double? Last(RunResult result) => IsFraction ? result.TestError : result.TestLoss;

    /// <summary>A measurement as text.</summary>
    public string Text(double? value) => IsFraction ? Units.Percent(value) : Units.Digits(value, 4);
}
