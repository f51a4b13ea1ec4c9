namespace Hooke.Theory.ModifiedEquations;

/// <summary>
/// Which time a modified equation runs on: step k of the algorithm is at t = k Δt. Equations run on different clocks, and are
/// compared at equal steps, so times are only ever made from steps by their own clock.
/// </summary>
/// <param name="Increment">Δt, the time of a step, above 0.</param>
public readonly record struct Clock(double Increment)
{
    /// <summary>SME-ASGD's clock, t = k √(η(1−μ)). [AnLuYing18, sec. 2.1]</summary>
    /// <param name="learningRate">η.</param>
    /// <param name="staleness">μ.</param>
    public static Clock Asynchronous(double learningRate, double staleness) => new(Math.Sqrt(Check.LearningRate(learningRate) * (1 - Check.Staleness(staleness))));

    /// <summary>SME-SGD's clock, that of the gradient flow, t = kη. [AnLuYing18, eq. 3.3]</summary>
    /// <param name="learningRate">η.</param>
    public static Clock GradientFlow(double learningRate) => new(Check.LearningRate(learningRate));

    /// <summary>SME-MSGD's clock, t = k √η′. [AnLuYing18, eq. 2.7]</summary>
    /// <param name="learningRate">η′.</param>
    public static Clock Momentum(double learningRate) => new(Math.Sqrt(Check.LearningRate(learningRate)));

    /// <summary>The time of a step.</summary>
    /// <param name="step">k.</param>
    public double TimeOf(double step) => step * Increment;

    /// <summary>The step of a time, with its fraction.</summary>
    /// <param name="time">t.</param>
    public double StepOf(double time) => time / Increment;
}

/// <summary>Checks the numbers that the modified equations are made of; errors name parameter, value and range.</summary>
internal static class Check
{
    public static double LearningRate(double value) => Above0("learning rate", value);

    public static double Staleness(double value)
        => value is >= 0 and < 1 ? value : throw new ArgumentException(FormattableString.Invariant($"staleness is {value}; it must be at least 0 and below 1"));

    public static double Above0(string name, double value)
        => double.IsFinite(value) && value > 0 ? value : throw new ArgumentException(FormattableString.Invariant($"{name} is {value}; it must be finite and above 0"));

    public static double AtLeast0(string name, double value)
        => double.IsFinite(value) && value >= 0 ? value : throw new ArgumentException(FormattableString.Invariant($"{name} is {value}; it must be finite and at least 0"));
}
