namespace Hooke.Methods.Catalog;

/// <summary>The sequential methods (p = 1) that parallel ones are compared with. [Zhang16, ch. 4]</summary>
public static class Sequential
{
    /// <summary>x ← x − η ∇F(x), the gradient over all examples. [Survey, sec. 2]</summary>
    public static Recipe GradientDescent { get; } = Make("gd", "gradient descent; one step an epoch, so ask for many epochs", "[Survey, sec. 2]", LearningRates.Full, _ => new GradientStep(), full: true);

    /// <summary>x ← x − η g(x). [Zhang16, ch. 4]</summary>
    public static Recipe Sgd { get; } = Make("sgd", "stochastic gradient descent", "[Zhang16, ch. 4]", LearningRates.Own, _ => new GradientStep());

    /// <summary>SGD with Nesterov's momentum. [Zhang16, eq. 2.5 without coupling; ch. 4]</summary>
    public static Recipe Msgd { get; } = Make("msgd", "momentum SGD (Nesterov)", "[Zhang16, eq. 2.5; ch. 4, MSGD]", LearningRates.OwnWithMomentum, c => new Nesterov(c.Momentum), momentum: true);

    /// <summary>SGD with Polyak's momentum. [Zhang16, eq. 2.6 without coupling]</summary>
    public static Recipe HeavyBall { get; } = Make("heavy-ball", "momentum SGD (Polyak's heavy ball)", "[Zhang16, eq. 2.6]", LearningRates.OwnWithMomentum, c => new HeavyBall(c.Momentum), momentum: true);

    /// <summary>SGD that reports the time average of its iterates. [Zhang16, ch. 4, ASGD]</summary>
    public static Recipe AveragedSgd { get; } = Make("asgd", "averaged SGD (time average)", "[Zhang16, ch. 4, ASGD]", LearningRates.Own, _ => new GradientStep(), ReadoutChoice.TimeAverage);

    /// <summary>SGD that reports a moving average of its iterates. [Zhang16, ch. 4, MVASGD]</summary>
    public static Recipe MovingAveragedSgd { get; } = Make("mvasgd", "averaged SGD (moving average)", "[Zhang16, ch. 4, MVASGD]", LearningRates.Own, _ => new GradientStep(), ReadoutChoice.MovingAverage);

    private static Recipe Make(string name, string title, string reference, Parameter rate, Func<Ingredients, ILocalRule> local, ReadoutChoice readout = ReadoutChoice.Center, bool momentum = false, bool full = false)
        => new(name, title, reference, momentum ? [rate, Parameter.Momentum] : [rate], [], readout,
            c => new(name, local(c), new Alone(), new Accumulate(), Order.Sequential, c.Schedule) { FullBatch = full });
}
