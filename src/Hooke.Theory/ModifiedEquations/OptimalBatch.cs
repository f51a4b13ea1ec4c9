using Hooke.Methods;

namespace Hooke.Theory.ModifiedEquations;

/// <summary>
/// The batch size 1 + u(t) that minimizes z(T) + (γ/η)∫u dt, where z models E X² by dz = Re(λ)(z − z_∞(u)) dt and
/// z_∞ = (Ση/(2(1+u)))(η/(1−μ) + 1/a): small while the gradient decides, growing exponentially where the noise does.
/// [AnLuYing18, eqs. 4.4 to 4.11; errata 5]
/// </summary>
/// <remarks>The paper writes these for a = 2; its appendix B has any a.</remarks>
public sealed record OptimalBatch
{
    /// <summary>Solves the control problem.</summary>
    /// <param name="curvature">a, above 0.</param>
    /// <param name="staleness">μ, at least 0 and below 1.</param>
    /// <param name="learningRate">η, above 0.</param>
    /// <param name="noise">Σ, the variance of a batch of one, at least 0.</param>
    /// <param name="horizon">T, above 0.</param>
    /// <param name="cost">γ, of a sample, above 0.</param>
    public OptimalBatch(double curvature, double staleness, double learningRate, double noise, double horizon, double cost)
    {
        Horizon = Check.Above0("horizon", horizon);
        Cost = Check.Above0("cost", cost);
        LearningRate = learningRate;
        Check.AtLeast0("noise", noise);
        Rate = RateOf(curvature, staleness, learningRate);
        Floor = noise * learningRate / 2 * (learningRate / (1 - staleness) + 1 / curvature);
        CriticalCost = -Rate * learningRate * Floor;
    }

    /// <summary>T.</summary>
    public double Horizon { get; }

    /// <summary>γ.</summary>
    public double Cost { get; }

    /// <summary>η.</summary>
    public double LearningRate { get; }

    /// <summary>Re(λ) = Re(−κ + √(κ² − 4a)) &lt; 0, the decay of E X². [AnLuYing18, appendix B]</summary>
    public double Rate { get; }

    /// <summary>z_∞(0) = (Ση/2)(η/(1−μ) + 1/a), where batches of one end. [AnLuYing18, eq. 4.4]</summary>
    public double Floor { get; }

    /// <summary>γ* = −Re(λ)(Ση²/2)(η/(1−μ) + 1/a): larger batches never pay at a higher cost.</summary>
    public double CriticalCost { get; }

    /// <summary>t* = log(γ/γ*)/Re(λ), how long before the end batches grow; 0 if γ &gt; γ*.</summary>
    public double Growth => Cost >= CriticalCost ? 0 : Math.Log(Cost / CriticalCost) / Rate;

    /// <summary>T − t*, from when batches grow; 0 if they grow from the start.</summary>
    public double TransitionTime => Math.Max(0, Horizon - Growth);

    /// <summary>u*(t). [AnLuYing18, eq. 4.11]</summary>
    /// <param name="time">t, from 0 to T.</param>
    public double Extra(double time) => time <= Horizon - Growth ? 0 : Math.Sqrt(CriticalCost / Cost) * Math.Exp(Rate * (Horizon - time) / 2) - 1;

    /// <summary>The batch size at the end: 1 + u*(T), rounded up.</summary>
    public int FinalBatch => Shape(1).At(long.MaxValue);

    /// <summary>V(z, t), the least cost from t on. [AnLuYing18, eq. 4.10, corrected: errata 5]</summary>
    /// <param name="z">z at t.</param>
    /// <param name="time">t.</param>
    public double Value(double z, double time)
    {
        double left = Horizon - time;
        if (left <= Growth) return z * Math.Exp(Rate * left) + Late(left);
        // Before, nothing is spent, and z relaxes towards its floor.
        double rest = left - Growth, later = Floor + (z - Floor) * Math.Exp(Rate * rest);
        return later * Math.Exp(Rate * Growth) + Late(Growth);
    }

    /// <summary>z(T) + (γ/η)∫u dt for a batch size of any course, by Euler's steps.</summary>
    /// <param name="extra">u(t).</param>
    /// <param name="start">z(0).</param>
    /// <param name="steps">Number of steps.</param>
    public double CostOf(Func<double, double> extra, double start, int steps)
    {
        double dt = Horizon / steps, z = start, spent = 0;
        for (int k = 0; k < steps; k++)
        {
            // The middle of the step: second order in time.
            double u = extra((k + 0.5) * dt), end = Floor / (1 + u);
            spent += u * dt;
            z = end + (z - end) * Math.Exp(Rate * dt);
        }
        return z + Cost / LearningRate * spent;
    }

    /// <summary>The schedule of a run, with b(1 + u*) for batches of b.</summary>
    /// <param name="clock">What a step is on the clock of T; the paper's figure 6 takes t = kη, consistent is t = k√(η(1−μ)). [errata 7]</param>
    /// <param name="size">b, at least 1.</param>
    public GrowingBatch Schedule(Clock clock, int size = 1) => Shape(size) with { From = clock.StepOf(Horizon - Growth), Rate = -Rate / 2 * clock.Increment };

    /// <summary>
    /// The schedule of a run of a given number of samples, on the equations' own clock: batches of b up to a step, from which
    /// they grow so that the last is b√(γ*/γ), or from the start if the run is short.
    /// </summary>
    /// <param name="curvature">a.</param>
    /// <param name="staleness">μ.</param>
    /// <param name="learningRate">η.</param>
    /// <param name="noise">Σ, the variance of one example's gradient; a batch of b has Σ/b.</param>
    /// <param name="cost">γ, of a batch of b; null for the cost at which batches grow eightfold.</param>
    /// <param name="size">b, at least 1.</param>
    /// <param name="samples">Samples of the whole run.</param>
    public static GrowingBatch ForSamples(double curvature, double staleness, double learningRate, double noise, double? cost, int size, long samples)
    {
        const double Eightfold = 64; // γ*/γ
        double critical = new OptimalBatch(curvature, staleness, learningRate, noise / size, 1, 1).CriticalCost;
        if (!(critical > 0)) return new(size, 0, 0, size);
        double rate = -RateOf(curvature, staleness, learningRate) / 2 * Clock.Asynchronous(learningRate, staleness).Increment;
        double factor = Math.Sqrt(cost is { } given ? critical / Check.Above0("cost", given) : Eightfold);
        if (factor <= 1) return new(size, 0, 0, size);
        // Samples of the growing phase, ∫ b e^(rk) dk; a run shorter than that is its last part.
        double growing = size * (factor - 1) / rate;
        double from = samples >= growing ? (samples - growing) / size
            : (-Math.Log(1 - samples * rate / (size * factor)) - Math.Log(factor)) / rate;
        return new(size, from, rate, (int)Math.Min(int.MaxValue / 2, Math.Ceiling(size * factor)));
    }

    /// <summary>Re(λ) of E X²'s decay. [AnLuYing18, appendix B]</summary>
    /// <param name="curvature">a.</param>
    /// <param name="staleness">μ.</param>
    /// <param name="learningRate">η.</param>
    public static double RateOf(double curvature, double staleness, double learningRate) => new QuadraticMoments(curvature, 0, learningRate).SecondMomentRates(staleness).Slow.Real;

    /// <summary>∫ over the late phase of (γ/η)u, and what the noise leaves: (γ/η)((4/|Re λ|)√(γ*/γ)(1 − e^(Re(λ)s/2)) − s).</summary>
    private double Late(double left) => Cost / LearningRate * (4 / -Rate * Math.Sqrt(CriticalCost / Cost) * (1 - Math.Exp(Rate * left / 2)) - left);

    private GrowingBatch Shape(int size) => new(size, 0, 1, (int)Math.Min(int.MaxValue, Math.Ceiling(size * Math.Max(1, Math.Sqrt(CriticalCost / Cost)) - 1e-9)));
}
