namespace Hooke.Methods;

/// <summary>How the learning rate changes over a worker's own clock. The rate at step t is η times the factor.</summary>
public abstract record RateShape
{
    /// <summary>The factor at step t.</summary>
    /// <param name="step">t, the worker's gradient count, from 0.</param>
    /// <param name="stagnations">How often the worker's predictive loss has stagnated.</param>
    public abstract double Factor(long step, int stagnations);

    /// <summary>How often the rate has dropped by step t.</summary>
    /// <param name="step">t, from 0.</param>
    /// <param name="stagnations">How often the worker's predictive loss has stagnated.</param>
    public virtual int Drops(long step, int stagnations) => 0;
}

/// <summary>η at every step.</summary>
public sealed record ConstantRate : RateShape
{
    /// <inheritdoc/>
    public override double Factor(long step, int stagnations) => 1;
}

/// <summary>η_t = η/√(1 + γ t). [Zhang16, fig. 4.13]</summary>
/// <param name="Decay">γ ≥ 0.</param>
public sealed record InverseSquareRootRate(double Decay) : RateShape
{
    /// <inheritdoc/>
    public override double Factor(long step, int stagnations) => 1 / Math.Sqrt(1 + Decay * step);
}

/// <summary>η_t = c/t with c = η and t counted from 1. [Survey, Theorem 11, the rate of Hardt et al.]</summary>
public sealed record InverseRate : RateShape
{
    /// <inheritdoc/>
    public override double Factor(long step, int stagnations) => 1.0 / (step + 1);
}

/// <summary>η_t = η (1 + cos(π min(t/T, 1)))/2: slowly from η, then to 0 at the end.</summary>
/// <remarks>[Loshchilov, Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR 2017, eq. 5, without restarts]</remarks>
/// <param name="Steps">T ≥ 1, a worker's steps until the rate is 0.</param>
public sealed record CosineRate(long Steps) : RateShape
{
    /// <inheritdoc/>
    public override double Factor(long step, int stagnations) => (1 + Math.Cos(Math.PI * Math.Min(step, Steps) / Steps)) / 2;
}

/// <summary>A drop of the learning rate.</summary>
/// <param name="Step">The step from which it holds, at least 1.</param>
/// <param name="Divisor">What the rate is divided by, above 1.</param>
public readonly record struct RateDrop(long Step, double Divisor);

/// <summary>The rate is divided at given steps. [Zhang16, sec. 4.2: by 5, then by 2]</summary>
/// <param name="Items">The drops, in order of their steps.</param>
public sealed record StepwiseRate(params IReadOnlyList<RateDrop> Items) : RateShape
{
    /// <inheritdoc/>
    public override double Factor(long step, int stagnations)
    {
        double factor = 1;
        for (int i = 0; i < Items.Count && step >= Items[i].Step; i++) factor /= Items[i].Divisor;
        return factor;
    }

    /// <inheritdoc/>
    public override int Drops(long step, int stagnations)
    {
        int drops = 0;
        while (drops < Items.Count && step >= Items[drops].Step) drops++;
        return drops;
    }
}

/// <summary>
/// The rate is divided when the online predictive loss, the loss of each batch before the step that uses it, stagnates: when
/// its mean over a window does not fall below the best earlier window's mean by the tolerance.
/// [Zhang16, sec. 4.2: decreased by 5, then 2, "when we observe that the online predictive loss stagnates"]
/// </summary>
/// <param name="Window">Steps in a window, at least 1.</param>
/// <param name="Tolerance">Relative improvement that counts as progress, at least 0.</param>
/// <param name="Divisors">What the rate is divided by at the first, second, … stagnation.</param>
public sealed record StagnationRate(int Window, double Tolerance, params IReadOnlyList<double> Divisors) : RateShape
{
    /// <inheritdoc/>
    public override double Factor(long step, int stagnations)
    {
        double factor = 1;
        for (int i = 0; i < Divisors.Count && i < stagnations; i++) factor /= Divisors[i];
        return factor;
    }

    /// <inheritdoc/>
    public override int Drops(long step, int stagnations) => Math.Min(stagnations, Divisors.Count);
}

/// <summary>A momentum that may grow over a worker's clock.</summary>
public abstract record Momentum
{
    /// <summary>The momentum at step t.</summary>
    /// <param name="step">t, from 0.</param>
    public abstract double At(long step);

    /// <summary>A number is a constant momentum.</summary>
    /// <param name="value">δ, in [0, 1).</param>
    public static implicit operator Momentum(double value) => new ConstantMomentum(value);
}

/// <summary>δ at every step.</summary>
/// <param name="Value">δ, in [0, 1).</param>
public sealed record ConstantMomentum(double Value) : Momentum
{
    /// <inheritdoc/>
    public override double At(long step) => Value;
}

/// <summary>
/// μ_t = min(1 − 2^(−1 − log₂(⌊t/250⌋ + 1)), μ_max) = min(1 − 1/(2(⌊t/250⌋ + 1)), μ_max).
/// [Survey, sec. 3, the schedule of Sutskever et al.; errata 1]
/// </summary>
/// <param name="Maximum">μ_max, in [0, 1).</param>
public sealed record GrowingMomentum(double Maximum) : Momentum
{
    /// <inheritdoc/>
    public override double At(long step) => Math.Min(1 - 1 / (2.0 * (step / 250 + 1)), Maximum);
}

/// <summary>How the batch size changes over a run.</summary>
public abstract record BatchShape
{
    /// <summary>Examples in a batch.</summary>
    /// <param name="batch">k, from 0: batches before it, of all workers together.</param>
    public abstract int At(long batch);

    /// <summary>A number is a constant batch size.</summary>
    /// <param name="size">At least 1.</param>
    public static implicit operator BatchShape(int size) => new ConstantBatch(size);
}

/// <summary>The same batch size always.</summary>
/// <param name="Size">At least 1.</param>
public sealed record ConstantBatch(int Size) : BatchShape
{
    /// <inheritdoc/>
    public override int At(long batch) => Size;
}

/// <summary>
/// b_k = ⌈b e^(r (k − k*))⌉ after batch k*, and b up to it: small while the gradient decides, growing where the noise does.
/// [AnLuYing18, eq. 4.11]
/// </summary>
/// <param name="Size">b, at least 1.</param>
/// <param name="From">k*.</param>
/// <param name="Rate">r, at least 0.</param>
/// <param name="Most">Largest batch size, at least b.</param>
public sealed record GrowingBatch(int Size, double From, double Rate, int Most) : BatchShape
{
    /// <inheritdoc/>
    public override int At(long batch)
        => batch <= From ? Size : (int)Math.Min(Most, Math.Ceiling(Size * Math.Exp(Rate * (batch - From)) - 1e-9));
}
