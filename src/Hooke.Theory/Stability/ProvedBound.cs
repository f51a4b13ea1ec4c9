using Hooke.Methods;
using Hooke.Theory.Bounds;

namespace Hooke.Theory.Stability;

/// <summary>What the Survey's Theorems 9 to 11 say of a method on a loss, or why they say nothing.</summary>
/// <param name="Statement">The theorem and its conditions, or why there is none.</param>
/// <param name="Distance">Bounds of E‖w − w′‖ at given steps; NaN where there are none.</param>
/// <param name="Gap">Bounds of |E[R(w) − R_S(w)]| at given steps; NaN where there are none.</param>
internal sealed record ProvedBound(string Statement, double[] Distance, double[] Gap)
{
    /// <summary>The bounds after given steps.</summary>
    /// <param name="method">What runs.</param>
    /// <param name="loss">What is learned.</param>
    /// <param name="examples">n.</param>
    /// <param name="marks">The steps, in order.</param>
    public static ProvedBound Of(Method method, IExampleLoss loss, int examples, long[] marks)
    {
        bool isConvex = loss.StrongConvexity >= 0;
        if (!IsGradientDescent(method)) return None($"none is proved for {method.Name}, only for steps along the mean gradient of drawn examples");
        if (!isConvex && (method.FullBatch || (method.Workers ?? 1) > 1)) return None($"none is proved for {method.Name} where the loss is not convex, only for one example a step");
        if (method.Schedule.Rate is StagnationRate) return None("none is proved for a learning rate that follows the loss");
        double rate0 = Rate(method, 0), limit = !isConvex ? double.PositiveInfinity : (loss.StrongConvexity > 0 ? 1 : 2) / loss.Smoothness;
        string condition = FormattableString.Invariant($"L = {loss.Lipschitz:g4}, β = {loss.Smoothness:g4}");

        double[] distance = new double[marks.Length], gap = new double[marks.Length];
        double bound = 0, scale = 0, previous = rate0;
        for (long t = 0, k = 0; k < marks.Length; t++)
        {
            double rate = Rate(method, t);
            if (rate > limit * (1 + 1e-12)) return None(FormattableString.Invariant($"none is proved for learning rates above {(loss.StrongConvexity > 0 ? 1 : 2)}/β = {limit:g4}; this is {rate:g4}"));
            if (!isConvex && rate > previous) return None("none is proved for a learning rate that grows where the loss is not convex");
            previous = rate;
            scale = Math.Max(scale, rate * (t + 1));
            bound = StabilityBounds.ExpectedGrowth(bound, rate, loss.Lipschitz, Expansion(loss, rate), examples);
            if (t + 1 != marks[k]) continue;
            distance[k] = bound;
            gap[k++] = loss.StrongConvexity switch
            {
                > 0 => StabilityBounds.Theorem10(loss.Lipschitz, examples, loss.StrongConvexity),
                0 => loss.Lipschitz * bound,
                _ => StabilityBounds.Theorem11(loss.Lipschitz, loss.Smoothness, scale, examples, t + 1),
            };
        }
        return new(loss.StrongConvexity switch
        {
            > 0 => FormattableString.Invariant($"[Survey, Theorem 10]: strongly convex, {condition}, γ = {loss.StrongConvexity:g4}"),
            0 => $"[Survey, Theorem 9]: convex, {condition}",
            _ => FormattableString.Invariant($"[Survey, Theorem 11]: not convex, {condition}, rates at most {scale:g4}/t"),
        }, distance, gap);

        ProvedBound None(string reason)
        {
            double[] nothing = [.. marks.Select(_ => double.NaN)];
            return new(reason, nothing, nothing);
        }
    }

    private static double Rate(Method method, long step) => method.Schedule.LearningRate * method.Schedule.Rate.Factor(step, 0);

    /// <summary>Lemma 7's factor, for strongly convex losses the best one, 1 − αγ, which Theorem 10 needs.</summary>
    private static double Expansion(IExampleLoss loss, double rate) => loss.StrongConvexity switch
    {
        > 0 => MomentumRates.GradientDescentContraction(rate, loss.StrongConvexity, loss.Smoothness),
        0 => StabilityBounds.Lemma7Convex,
        _ => StabilityBounds.Lemma7(rate, loss.Smoothness),
    };

    /// <summary>
    /// SGD, also averaged, for averages are no further apart; with a mean gradient of several or all examples, each of which differs
    /// with probability 1/n and weighs its share. In rounds of one step p workers take the mean of p gradients.
    /// </summary>
    private static bool IsGradientDescent(Method method) => method is { Local: GradientStep, Center: Accumulate }
        && (method.Topology == Topology.None
            || (method is { Coupling: Relax { MovingRate: 1 } relax, Order: var order, Schedule: { Period: 1, Timing: Timing.Synchronous } }
                && relax.CenterRate == 1.0 / (method.Workers ?? 1) && order == Order.GaussSeidel));
}
