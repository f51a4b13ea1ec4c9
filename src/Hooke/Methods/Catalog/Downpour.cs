namespace Hooke.Methods.Catalog;

/// <summary>
/// DOWNPOUR and its variants, asynchronous SGD, and synchronous mini-batch SGD: workers that restart from the center and send
/// it what their steps did.
/// </summary>
/// <remarks>
/// Stated equalities: async-sgd is downpour with τ = 1 (its default); adownpour and mvadownpour move like downpour and differ in
/// what they report.
/// </remarks>
public static class Downpour
{
    // A worker's steps reach the center after those that the p − 1 others have made meanwhile.
    private static readonly Func<Ingredients, double> Delay = c => (double)(c.Workers - 1) * c.Period;
    private static readonly Parameter Rate = LearningRates.Sum(Delay);
    private static readonly TimingChoice[] All = [TimingChoice.Asynchronous, TimingChoice.Synchronous, TimingChoice.RoundRobin];

    /// <summary>τ local steps from the center's value; their sum is added to the center. [Zhang16, Alg. 3]</summary>
    public static Recipe Plain { get; } = Make("downpour", "DOWNPOUR", "[Zhang16, Alg. 3]", ReadoutChoice.Center);

    /// <summary>DOWNPOUR that reports the center's time average. [Zhang16, ch. 4]</summary>
    public static Recipe Averaged { get; } = Make("adownpour", "DOWNPOUR with a time average", "[Zhang16, ch. 4, ADOWNPOUR]", ReadoutChoice.TimeAverage);

    /// <summary>DOWNPOUR that reports the center's moving average. [Zhang16, ch. 4]</summary>
    public static Recipe MovingAveraged { get; } = Make("mvadownpour", "DOWNPOUR with a moving average", "[Zhang16, ch. 4, MVADOWNPOUR]", ReadoutChoice.MovingAverage);

    /// <summary>One gradient at a time, Nesterov's momentum at the center, which publishes x̃ + δv. [Zhang16, Algs. 4 and 5]</summary>
    public static Recipe Momentum { get; } = new("mdownpour", "momentum DOWNPOUR", "[Zhang16, Algs. 4, 5]", [LearningRates.SumWithMomentum(Delay), Parameter.Momentum], All, ReadoutChoice.Center,
        c => Star(c) with { Center = new CenterNesterov(c["momentum"]) });

    /// <summary>Asynchronous SGD: pull, gradient, push; optionally gradients beyond a staleness bound are dropped. [BhardwajCong17, sec. 4, eq. 6] [AnLuYing18, eq. 2.1]</summary>
    public static Recipe AsynchronousSgd { get; } = new("async-sgd", "asynchronous SGD", "[BhardwajCong17, eq. 6; Theorems 4, 5] [AnLuYing18, eq. 2.1]", [Rate, Parameter.StalenessBound], All, ReadoutChoice.Center,
        c => double.IsPositiveInfinity(c["staleness-bound"]) ? Star(c) : Star(c) with { Center = new BoundedStaleness(new Accumulate(), (long)c["staleness-bound"]) });

    /// <summary>Each round the center moves along the mean of the p workers' gradients. [Zhang16, eq. 5.24] [BhardwajCong17, sec. 4]</summary>
    public static Recipe MiniBatch { get; } = new("minibatch-sgd", "synchronous mini-batch SGD", "[Zhang16, eq. 5.24] [BhardwajCong17, eq. 1]", [LearningRates.Mean], [TimingChoice.Synchronous], ReadoutChoice.Center,
        c => Star(c) with { Coupling = new Relax(1, 1.0 / c.Workers) });

    private static Recipe Make(string name, string title, string reference, ReadoutChoice readout)
        => new(name, title, reference, [Rate, Parameter.Period(1)], All, readout, Star);

    private static Method Star(Ingredients c) => new("", new GradientStep(), new Relax(1, 1), new Accumulate(), Order.GaussSeidel, c.Schedule);
}
