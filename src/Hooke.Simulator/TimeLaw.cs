using Hooke.Numerics;

namespace Hooke.Simulator;

/// <summary>How long something takes, as a law of random seconds. A draw is a pure function of its <see cref="Noise"/>.</summary>
public abstract record TimeLaw
{
    /// <summary>Mean, in seconds.</summary>
    public abstract double Mean { get; }

    /// <summary>Draws a time; uses the draws <paramref name="index"/> and the next.</summary>
    /// <param name="noise">The random numbers.</param>
    /// <param name="index">An even number.</param>
    public abstract double Sample(in Noise noise, int index = 0);

    /// <summary>Refuses a law whose numbers are out of range.</summary>
    /// <param name="name">What the law is of.</param>
    /// <exception cref="ArgumentException">The number and its range.</exception>
    public abstract void Check(string name);

    /// <summary>A number of seconds is a constant law.</summary>
    /// <param name="seconds">At least 0.</param>
    public static implicit operator TimeLaw(double seconds) => new ConstantTime(seconds);

    /// <summary>Longest time that anything may take, in seconds: some thirty years. Beyond it sums of virtual time would lose what short times add.</summary>
    public const double Longest = 1e9;

    private protected static void Demand(bool holds, string name, string what, double value, string range)
    {
        if (!holds) throw new ArgumentException(FormattableString.Invariant($"{name}: {what} is {value}; it must be {range}"));
    }
}

/// <summary>Always the same.</summary>
/// <param name="Seconds">From 0 to 1e9, as all times.</param>
public sealed record ConstantTime(double Seconds) : TimeLaw
{
    /// <inheritdoc/>
    public override double Mean => Seconds;

    /// <inheritdoc/>
    public override double Sample(in Noise noise, int index) => Seconds;

    /// <inheritdoc/>
    public override void Check(string name) => Demand(Seconds is >= 0 and <= Longest, name, "seconds", Seconds, "from 0 to 1e9");
}

/// <summary>Exponential: P(time &gt; t) = e^(−t/mean), memoryless.</summary>
/// <param name="Seconds">Mean, above 0.</param>
public sealed record ExponentialTime(double Seconds) : TimeLaw
{
    /// <inheritdoc/>
    public override double Mean => Seconds;

    /// <inheritdoc/>
    public override double Sample(in Noise noise, int index) => -Seconds * Math.Log(1 - noise.Uniform(index));

    /// <inheritdoc/>
    public override void Check(string name) => Demand(Seconds is > 0 and <= Longest, name, "seconds", Seconds, "above 0 and at most 1e9");
}

/// <summary>Trials of equal length until the first success: P(k trials) = q (1 − q)^(k−1).</summary>
/// <param name="Trial">Seconds of a trial, above 0.</param>
/// <param name="Success">q, in [1e-9, 1].</param>
public sealed record GeometricTime(double Trial, double Success) : TimeLaw
{
    /// <inheritdoc/>
    public override double Mean => Trial / Success;

    /// <inheritdoc/>
    public override double Sample(in Noise noise, int index)
        => Success >= 1 ? Trial : Trial * (1 + Math.Floor(Math.Log(1 - noise.Uniform(index)) / Math.Log(1 - Success)));

    /// <inheritdoc/>
    public override void Check(string name)
    {
        Demand(Trial is > 0 and <= Longest, name, "trial", Trial, "above 0 and at most 1e9");
        Demand(Success is >= 1e-9 and <= 1, name, "success", Success, "from 1e-9 to 1");
    }
}

/// <summary>Lognormal with a given mean: exp(m + σ z), m = log(mean) − σ²/2.</summary>
/// <param name="Seconds">Mean, above 0.</param>
/// <param name="Spread">σ, standard deviation of the logarithm, at least 0.</param>
public sealed record LognormalTime(double Seconds, double Spread) : TimeLaw
{
    /// <inheritdoc/>
    public override double Mean => Seconds;

    /// <inheritdoc/>
    public override double Sample(in Noise noise, int index) => Seconds * Math.Exp(Spread * noise.Gaussian(index) - Spread * Spread / 2);

    /// <inheritdoc/>
    public override void Check(string name)
    {
        Demand(Seconds is > 0 and <= Longest, name, "seconds", Seconds, "above 0 and at most 1e9");
        Demand(Spread is >= 0 and <= 10, name, "spread", Spread, "from 0 to 10");
    }
}

/// <summary>Uniform in an interval.</summary>
/// <param name="Low">Least, at least 0.</param>
/// <param name="High">Largest, at least the least.</param>
public sealed record UniformTime(double Low, double High) : TimeLaw
{
    /// <inheritdoc/>
    public override double Mean => (Low + High) / 2;

    /// <inheritdoc/>
    public override double Sample(in Noise noise, int index) => Low + (High - Low) * noise.Uniform(index);

    /// <inheritdoc/>
    public override void Check(string name)
    {
        Demand(Low is >= 0 and <= Longest, name, "low", Low, "from 0 to 1e9");
        Demand(High >= Low && High <= Longest, name, "high", High, FormattableString.Invariant($"from low, {Low}, to 1e9"));
    }
}

/// <summary>Measured times, replayed in order and around; every worker starts at a random place of its own.</summary>
/// <param name="Seconds">At least one, each at least 0.</param>
public sealed record TraceTime(params IReadOnlyList<double> Seconds) : TimeLaw
{
    /// <inheritdoc/>
    public override double Mean => Seconds.Average();

    /// <inheritdoc/>
    public override double Sample(in Noise noise, int index)
        => Seconds[(int)(((noise with { Step = 0 }).Integer(index, Seconds.Count) + noise.Step) % Seconds.Count)];

    /// <inheritdoc/>
    public override void Check(string name)
    {
        if (Seconds.Count == 0) throw new ArgumentException($"{name}: the trace is empty; it must have at least one time");
        foreach (double seconds in Seconds) Demand(seconds is >= 0 and <= Longest, name, "a time of the trace", seconds, "from 0 to 1e9");
    }
}
