namespace Hooke.Problems;

/// <summary>A loss f(z, y) of a linear score z = ⟨w, x⟩ and a target y; its gradient is ∂f/∂z · x.</summary>
public interface ILinearLoss
{
    /// <summary>f(z, y).</summary>
    /// <param name="score">z.</param>
    /// <param name="target">y: −1 or 1, or a number to be predicted.</param>
    static abstract double Value(double score, double target);

    /// <summary>∂f/∂z.</summary>
    /// <param name="score">z.</param>
    /// <param name="target">y.</param>
    static abstract float Slope(float score, float target);
}

/// <summary>
/// Logistic loss, log(1 + e^(−yz)), with slope −y/(1 + e^(yz)). [Survey, sec. 5.4.3] A slope below 1e-30 is 0: what it adds would be lost in the
/// weights, or subnormal, which would slow the step down tenfold.
/// </summary>
public readonly struct LogisticLoss : ILinearLoss
{
    private const float LeastSlope = 1e-30f;

    /// <inheritdoc/>
    public static double Value(double score, double target)
    {
        double margin = score * target;
        return margin > 0 ? Math.Log(1 + Math.Exp(-margin)) : Math.Log(1 + Math.Exp(margin)) - margin;
    }

    /// <inheritdoc/>
    public static float Slope(float score, float target)
    {
        float slope = -target / (1 + MathF.Exp(target * score));
        return MathF.Abs(slope) < LeastSlope ? 0 : slope;
    }
}

/// <summary>Hinge loss, max(0, 1 − yz), with slope −y inside the margin. (Cortes, Vapnik, "Support-vector networks", 1995)</summary>
public readonly struct HingeLoss : ILinearLoss
{
    /// <inheritdoc/>
    public static double Value(double score, double target) => Math.Max(0, 1 - score * target);

    /// <inheritdoc/>
    // Written so that a score that is not a number has a slope that is none, and a diverged run shows.
    public static float Slope(float score, float target) => score * target >= 1 ? 0 : float.IsNaN(score) ? score : -target;
}

/// <summary>Half the squared error, (z − y)²/2, with slope z − y.</summary>
public readonly struct SquaredLoss : ILinearLoss
{
    /// <inheritdoc/>
    public static double Value(double score, double target) => 0.5 * (score - target) * (score - target);

    /// <inheritdoc/>
    public static float Slope(float score, float target) => score - target;
}
