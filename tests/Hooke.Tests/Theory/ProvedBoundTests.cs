using Hooke.Methods;
using Hooke.Methods.Catalog;
using Hooke.Numerics;
using Hooke.Theory.Bounds;
using Hooke.Theory.Stability;
using Xunit;

namespace Hooke.Tests.Theory;

/// <summary>Which theorem is told of a method on a loss, and its values; and the small parts of measured stability.</summary>
public sealed class ProvedBoundTests
{
    private const int Examples = 30;
    private static readonly long[] Marks = [1, 3, 40];
    private static readonly IExampleLoss Convex = new LogisticRegression(5), Strong = new LogisticRegression(5, 0.2), Wavy = new TanhNetwork(5, 2);

    private static ProvedBound Of(string name, IExampleLoss loss, double rate, RateShape? shape = null, int workers = 4)
    {
        var recipe = AllMethods.Find(name);
        return ProvedBound.Of(recipe.Create(new(recipe.IsSequential ? 1 : workers) { Values = new Dictionary<string, double> { ["learning-rate"] = rate }, Rate = shape ?? new ConstantRate() }), loss, Examples, Marks);
    }

    [Fact]
    public void Convex_losses_have_theorem_9()
    {
        // 2/β = 8 itself is allowed.
        foreach (string name in new[] { "sgd", "asgd", "gd", "minibatch-sgd" })
        {
            var bound = Of(name, Convex, 8);
            Assert.Equal("[Survey, Theorem 9]: convex, L = 1, β = 0.25", bound.Statement);
            for (int k = 0; k < Marks.Length; k++)
            {
                Assert.Equal(StabilityBounds.Theorem9Distance(1, Examples, 8 * Marks[k]), bound.Distance[k], 1e-9);
                Assert.Equal(StabilityBounds.Theorem9(1, Examples, 8 * Marks[k]), bound.Gap[k], 1e-9);
            }
        }
        var falling = Of("sgd", Convex, 3, new InverseRate());
        Assert.Equal(StabilityBounds.Theorem9Distance(1, Examples, Enumerable.Range(0, 40).Sum(t => 3 * new InverseRate().Factor(t, 0))), falling.Distance[2], 1e-12);
    }

    [Fact]
    public void Strongly_convex_losses_have_theorem_10()
    {
        var bound = Of("minibatch-sgd", Strong, 1 / 0.45);
        Assert.Equal("[Survey, Theorem 10]: strongly convex, L = 2, β = 0.45, γ = 0.2", bound.Statement);
        Assert.All(bound.Gap, gap => Assert.Equal(StabilityBounds.Theorem10(2, Examples, 0.2), gap));
        double distance = 0;
        for (int t = 1, k = 0; t <= 40; t++)
        {
            distance = StabilityBounds.ExpectedGrowth(distance, 1 / 0.45, 2, 1 - 0.2 / 0.45, Examples);
            if (t == Marks[k]) Assert.Equal(distance, bound.Distance[k++], 1e-12);
        }
    }

    [Fact]
    public void Other_losses_have_theorem_11()
    {
        // Also above 2/β.
        double rate = 3 / Wavy.Smoothness, distance = 0;
        var bound = Of("sgd", Wavy, rate, new InverseRate());
        Assert.Equal(FormattableString.Invariant($"[Survey, Theorem 11]: not convex, L = 0.7071, β = 0.6349, rates at most {rate:g4}/t"), bound.Statement);
        for (int t = 1, k = 0; t <= 40; t++)
        {
            distance = StabilityBounds.ExpectedGrowth(distance, rate / t, Wavy.Lipschitz, 1 + rate / t * Wavy.Smoothness, Examples);
            if (t != Marks[k]) continue;
            Assert.Equal(1, bound.Distance[k] / distance, 1e-12);
            Assert.Equal(StabilityBounds.Theorem11(Wavy.Lipschitz, Wavy.Smoothness, rate, Examples, t), bound.Gap[k++], 1e-12);
        }
        // A constant rate is at most (rate t)/t up to t.
        Assert.Equal(StabilityBounds.Theorem11(Wavy.Lipschitz, Wavy.Smoothness, 0.1 * 40, Examples, 40), Of("sgd", Wavy, 0.1).Gap[2], 1e-12);
    }

    [Theory]
    [InlineData("msgd", "convex", "none is proved for msgd, only for steps along the mean gradient of drawn examples")]
    [InlineData("easgd", "convex", "none is proved for easgd, only for steps along the mean gradient of drawn examples")]
    [InlineData("downpour", "convex", "none is proved for downpour, only for steps along the mean gradient of drawn examples")]
    [InlineData("mdownpour", "convex", "none is proved for mdownpour, only for steps along the mean gradient of drawn examples")]
    [InlineData("gd", "non-convex", "none is proved for gd where the loss is not convex, only for one example a step")]
    [InlineData("minibatch-sgd", "non-convex", "none is proved for minibatch-sgd where the loss is not convex, only for one example a step")]
    public void Where_no_theorem_holds_the_reason_is_told(string name, string loss, string reason)
    {
        var bound = Of(name, loss == Wavy.Name ? Wavy : Convex, 0.1);
        Assert.Equal(reason, bound.Statement);
        Assert.All([.. bound.Distance, .. bound.Gap], value => Assert.True(double.IsNaN(value)));
        Assert.Equal((Marks.Length, Marks.Length), (bound.Distance.Length, bound.Gap.Length));
    }

    [Fact]
    public void Rates_that_no_theorem_is_of_are_told()
    {
        Assert.Equal("none is proved for a learning rate that follows the loss", Of("sgd", Convex, 1, new StagnationRate(2, 0.1, 10)).Statement);
        Assert.Equal("none is proved for learning rates above 2/β = 8; this is 8.001", Of("sgd", Convex, 8.001).Statement);
        Assert.Equal("none is proved for learning rates above 1/β = 2.222; this is 2.3", Of("sgd", Strong, 2.3).Statement);
        // A divisor below 1 makes the rate grow.
        var growing = new StepwiseRate(new RateDrop(2, 0.5));
        Assert.Equal("none is proved for a learning rate that grows where the loss is not convex", Of("sgd", Wavy, 0.1, growing).Statement);
        Assert.StartsWith("[Survey, Theorem 9]", Of("sgd", Convex, 0.1, growing).Statement);
        Assert.StartsWith("[Survey, Theorem 11]", Of("minibatch-sgd", Wavy, 0.1, workers: 1).Statement);
    }

    [Fact]
    public void Losses_have_their_names_and_sizes()
    {
        Assert.Equal(["convex", "strongly-convex", "non-convex"], new[] { Convex, Strong, Wavy }.Select(loss => loss.Name));
        Assert.Equal([5, 5, 10], new[] { Convex, Strong, Wavy }.Select(loss => loss.Parameters));
        Assert.True(Convex.StrongConvexity == 0 && Strong.StrongConvexity == 0.2 && double.IsNaN(Wavy.StrongConvexity));
        double[] w = [1, 2, 3, 4, 5];
        Convex.Start(w, new(1, 0, 0, NoiseStream.Initialization));
        Assert.Equal(new double[5], w);
        double[] weights = new double[10];
        Wavy.Start(weights, new(1, 0, 0, NoiseStream.Initialization));
        Assert.Equal(10, weights.Distinct().Count());
        // (y − (tanh 1 − tanh 0)/2)²/4
        Assert.Equal(Math.Pow(1 - Math.Tanh(1) / 2, 2) / 4, Wavy.Loss([1, 0, 0, 0, 0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0], 1), 1e-15);
    }

    [Fact]
    public void An_estimate_is_the_mean_and_its_standard_error()
    {
        // Deviations −3, −1, 1, 3 from 4: variance 20/3, of the mean 5/3.
        var estimate = Estimate.Of([1, 3, 5, 7]);
        Assert.Equal(4, estimate.Mean);
        Assert.Equal(Math.Sqrt(5.0 / 3), estimate.Error, 1e-15);
    }

    [Fact]
    public void Answers_follow_the_first_input()
    {
        // E[y | x₁] = tanh(3 x₁), so E y x₁ = E x₁ tanh(3 x₁): within 4.5 standard errors for 8 ranges of |x₁|, which a right implementation misses with probability 5·10⁻⁵.
        const int Count = 20_000;
        var objective = new TwinSamples(new LogisticRegression(3), Count, 1, 7, seed: 5, repetition: 2).Objective(new double[3], twin: false);
        double[] sums = new double[8], expected = new double[8], variances = new double[8], gradient = new double[3];
        for (int i = 0; i < Count; i++)
        {
            // At w = 0 the gradient is −y x/2.
            gradient.AsSpan().Clear();
            objective.Gradient(i, new double[3], gradient);
            Assert.Equal(0.5, Math.Sqrt(gradient.Sum(g => g * g)), 1e-12);
            double x = Math.Abs(2 * gradient[0]), mean = x * Math.Tanh(3 * x);
            int cell = (int)Math.Min(7, 8 * x);
            sums[cell] -= 2 * gradient[0];
            expected[cell] += mean;
            variances[cell] += x * x - mean * mean;
        }
        for (int cell = 0; cell < 8; cell++) Assert.InRange(sums[cell], expected[cell] - 4.5 * Math.Sqrt(variances[cell]), expected[cell] + 4.5 * Math.Sqrt(variances[cell]));
    }

    [Theory]
    [InlineData(0, 1, "points is 0; it must be at least 1")]
    [InlineData(1, 0, "held-out is 0; it must be at least 1")]
    public void A_plan_has_points_and_examples_held_out(int points, int heldOut, string message)
        => Assert.Equal(message, Assert.Throws<ArgumentException>(() => TwinRuns.Measure(AllMethods.Find("sgd").Create(new(1)), Convex, new(2, 1, 2) { Points = points, HeldOut = heldOut })).Message);

    [Fact]
    public void A_measurement_tells_how_far_it_is_and_ends_when_it_is_told()
    {
        var method = AllMethods.Find("sgd").Create(new(1));
        var told = new System.Collections.Concurrent.ConcurrentBag<int>();
        var curve = TwinRuns.Measure(method, Convex, new(5, 7, 6) { Points = 3 }, told.Add);
        Assert.Equal(Enumerable.Range(1, 6), told.Order());
        Assert.Equal([3, 5, 7], curve.Points.Select(point => point.Step));
        Assert.Equal([1, 2], TwinRuns.Measure(method, Convex, new(5, 2, 2) { Points = 9 }).Points.Select(point => point.Step));
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => TwinRuns.Measure(method, Convex, new(5, 7, 6), stop: stop.Token));
    }
}
