namespace Hooke.Methods.Catalog;

/// <summary>The alternating direction method of multipliers, linearized. [Zhang16, sec. 3.3; ch. 4, footnote 1]</summary>
public static class Multipliers
{
    private static readonly TimingChoice[] All = [TimingChoice.Asynchronous, TimingChoice.RoundRobin, TimingChoice.Synchronous];
    private static readonly Parameter[] Common = [LearningRates.Own, Parameter.Penalty, Parameter.Period(1)];

    /// <summary>Dual ascent, a proximal gradient step, and the mean of x − λ. [Zhang16, eqs. 3.52–3.54]</summary>
    public static Recipe Admm { get; } = new("admm", "ADMM", "[Zhang16, eqs. 3.52–3.54]", Common, All, ReadoutChoice.Center, c => Make(c, new GradientStep()));

    /// <summary>ADMM with Nesterov's momentum in the local steps. [Zhang16, ch. 4, footnote 1]</summary>
    public static Recipe WithMomentum { get; } = new("admm-momentum", "ADMM with momentum", "[Zhang16, ch. 4, footnote 1]", [LearningRates.OwnWithMomentum, .. Common[1..], Parameter.Momentum], All, ReadoutChoice.Center, c => Make(c, new Nesterov(c.Momentum)));

    private static Method Make(Ingredients c, ILocalRule local) => new("", local, new Dual(c["penalty"], c.Workers), new Accumulate(), Order.GaussSeidel, c.Schedule);
}
