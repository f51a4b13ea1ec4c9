using Hooke.Methods;
using Hooke.Methods.Catalog;
using Hooke.Numerics;
using Hooke.Theory.Bounds;
using Hooke.Theory.Stability;
using Xunit;

namespace Hooke.Tests.Theory;

/// <summary>
/// Measured stability. Means are compared at 4 standard errors, which rejects a right implementation with probability 6·10⁻⁵ a
/// comparison over the choice of its seed; seeds are fixed.
/// </summary>
public sealed class TwinRunsTests
{
    private const int Examples = 30;
    private static readonly TwinPlan Plan = new(Examples, Steps: 90, Repetitions: 400, Seed: 3) { Points = 3, HeldOut = 200 };

    private static readonly Dictionary<string, IExampleLoss> Losses = new()
    {
        ["convex"] = new LogisticRegression(5), ["strongly-convex"] = new LogisticRegression(5, 0.2), ["non-convex"] = new TanhNetwork(5, 2),
    };

    [Theory]
    [InlineData("convex", "sgd", 0.5)]
    [InlineData("convex", "sgd", 8)]
    [InlineData("convex", "asgd", 2)]
    [InlineData("convex", "gd", 2)]
    [InlineData("convex", "minibatch-sgd", 2)]
    [InlineData("strongly-convex", "sgd", 2)]
    [InlineData("strongly-convex", "mvasgd", 2)]
    [InlineData("strongly-convex", "minibatch-sgd", 2)]
    [InlineData("non-convex", "sgd", 1)]
    [InlineData("non-convex", "asgd", 2)]
    public void Runs_keep_the_bounds(string problem, string name, double rate)
    {
        var loss = Losses[problem];
        var curve = TwinRuns.Measure(Make(name, rate, inverse: problem == "non-convex"), loss, Plan);
        Assert.StartsWith("[Survey, Theorem", curve.Bound);
        Assert.Equal([30, 60, 90], curve.Points.Select(point => point.Step));
        foreach (var point in curve.Points)
        {
            Assert.True(point.Distance.Mean > 4 * point.Distance.Error, "no difference was measured");
            Assert.InRange(point.Distance.Mean - 4 * point.Distance.Error, 0, point.DistanceBound);
            Assert.InRange(Math.Abs(point.Gap.Mean) - 4 * point.Gap.Error, double.NegativeInfinity, point.GapBound);
            Assert.InRange(Math.Abs(point.Replacement.Mean) - 4 * point.Replacement.Error, double.NegativeInfinity, point.GapBound);
            // Theorem 3's proof: both estimates have the same expectation. Their errors may be correlated.
            Assert.InRange(Math.Abs(point.Gap.Mean - point.Replacement.Mean), 0, 4 * (point.Gap.Error + point.Replacement.Error));
        }
        // The theorems by name, at the last step.
        double expected = problem switch
        {
            "convex" => AllBounds.Find("survey-theorem-9").At(("L", loss.Lipschitz), ("n", Examples), ("t", 90), ("α", rate), ("β", loss.Smoothness)),
            "strongly-convex" => AllBounds.Find("survey-theorem-10").At(("L", loss.Lipschitz), ("n", Examples), ("γ", loss.StrongConvexity), ("α", rate), ("β", loss.Smoothness)),
            _ => AllBounds.Find("survey-theorem-11").At(("L", loss.Lipschitz), ("β", loss.Smoothness), ("c", rate), ("n", Examples), ("t", 90)),
        };
        Assert.Equal(expected, curve.Points[^1].GapBound, 1e-9);
        if (problem == "convex") Assert.Equal(expected / loss.Lipschitz, curve.Points[^1].DistanceBound, 1e-9);
        if (problem == "strongly-convex") Assert.InRange(curve.Points[^1].DistanceBound, 0.9 * expected / loss.Lipschitz, expected / loss.Lipschitz * (1 + 1e-12));
    }

    [Fact]
    public void After_few_steps_the_distance_is_near_its_bound()
    {
        // One step: w = w′ unless the differing example was drawn, and then they are a mean |g − g′| apart.
        var point = TwinRuns.Measure(Make("sgd", 1), Losses["convex"], Plan with { Steps = 1, Points = 1, Repetitions = 4000 }).Points[0];
        Assert.Equal(2.0 / Examples, point.DistanceBound, 1e-12);
        Assert.InRange(point.Distance.Mean, 0.25 * point.DistanceBound, 0.5 * point.DistanceBound + 4 * point.Distance.Error); // slopes are ½ at the start
    }

    [Fact]
    public void The_sgd_of_the_catalog_is_sgd_written_out()
    {
        var loss = Losses["convex"];
        var plan = Plan with { Repetitions = 20 };
        double[] sums = new double[3];
        for (int repetition = 0; repetition < plan.Repetitions; repetition++)
        {
            var noise = new Noise(plan.Seed, -1, repetition, NoiseStream.Generation);
            var samples = new TwinSamples(loss, Examples, plan.HeldOut, (int)noise.Integer(1, Examples), plan.Seed, repetition);
            double[][] w = [new double[5], new double[5]];
            for (int step = 0; step < plan.Steps; step++)
            {
                for (int twin = 0; twin < 2; twin++)
                {
                    var gradient = new double[5];
                    samples.Objective(new double[5], twin == 1).Gradient((int)new Noise(noise.Bits(0), 0, step, NoiseStream.Sampling).Integer(0, Examples), w[twin], gradient);
                    for (int k = 0; k < 5; k++) w[twin][k] -= 0.7 * gradient[k];
                }
                if ((step + 1) % 30 == 0) sums[step / 30] += Vectors.Distance(w[0], w[1]);
            }
        }
        var points = TwinRuns.Measure(Make("sgd", 0.7), loss, plan).Points;
        for (int k = 0; k < 3; k++) Assert.Equal(sums[k] / plan.Repetitions, points[k].Distance.Mean, 1e-12);
    }

    public static TheoryData<string> Methods => [.. AllMethods.Recipes.Select(recipe => recipe.Name)];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Every_method_of_the_catalog_can_be_measured_the_same_at_every_time(string name)
    {
        var plan = Plan with { Repetitions = 8, HeldOut = 20 };
        var method = Make(name, AllMethods.Find(name).Parameters.Contains(Parameter.Momentum) ? 0.01 : 0.5);
        StabilityCurve curve = TwinRuns.Measure(method, Losses["convex"], plan), again = TwinRuns.Measure(method, Losses["convex"], plan);
        Assert.All(curve.Points, point => Assert.True(double.IsFinite(point.Distance.Mean) && double.IsFinite(point.Gap.Mean)));
        Assert.True(curve.Points[^1].Distance.Mean > 0);
        Assert.Equal(curve.Points, again.Points);
        Assert.NotEqual(curve.Points, TwinRuns.Measure(method, Losses["convex"], plan with { Seed = 4 }).Points);
        bool isProved = name is "sgd" or "gd" or "asgd" or "mvasgd" or "minibatch-sgd";
        Assert.Equal(isProved, double.IsFinite(curve.Points[0].GapBound));
        if (!isProved) Assert.StartsWith($"none is proved for {name}", curve.Bound);
    }

    [Theory]
    [InlineData("convex", "sgd", 8.1, "above 2/β = 8; this is 8.1")]
    [InlineData("strongly-convex", "sgd", 2.3, "above 1/β = 2.222; this is 2.3")]
    [InlineData("non-convex", "gd", 1, "for gd where the loss is not convex")]
    [InlineData("non-convex", "minibatch-sgd", 1, "for minibatch-sgd where the loss is not convex")]
    public void Where_nothing_is_proved_it_says_why(string problem, string name, double rate, string reason)
    {
        var curve = TwinRuns.Measure(Make(name, rate), Losses[problem], Plan with { Repetitions = 2, Steps = 3 });
        Assert.Contains(reason, curve.Bound);
        Assert.All(curve.Points, point => Assert.True(double.IsNaN(point.GapBound) && double.IsNaN(point.DistanceBound)));
    }

    [Fact]
    public void Momentum_costs_stability_and_errors_shrink_with_repetitions()
    {
        var plan = Plan with { Points = 1 };
        Estimate Distance(string name, double rate, int repetitions = 400) => TwinRuns.Measure(Make(name, rate), Losses["convex"], plan with { Repetitions = repetitions }).Points[0].Distance;
        // Momentum 0.99 is a hundred times the rate in the long run.
        Estimate plain = Distance("sgd", 0.1), fast = Distance("msgd", 0.1), few = Distance("sgd", 0.1, 100);
        Assert.True(plain.Mean + 4 * plain.Error < fast.Mean - 4 * fast.Error);
        Assert.InRange(few.Error / plain.Error, 1.4, 2.8);
    }

    [Theory]
    [InlineData(1, 1, 2, "examples is 1; it must be at least 2")]
    [InlineData(2, 0, 2, "steps is 0; it must be at least 1")]
    [InlineData(2, 1, 1, "repetitions is 1; it must be at least 2")]
    public void An_impossible_plan_is_refused(int examples, long steps, int repetitions, string message)
        => Assert.Equal(message, Assert.Throws<ArgumentException>(() => TwinRuns.Measure(Make("sgd", 1), Losses["convex"], new(examples, steps, repetitions))).Message);

    private static Method Make(string name, double rate, bool inverse = false)
    {
        var recipe = AllMethods.Find(name);
        var values = new Dictionary<string, double> { ["learning-rate"] = rate };
        // By default a tree's root hears of its leaves after more steps than are played here.
        if (recipe.Parameters.Any(parameter => parameter.Name == "period-inner")) values["period-inner"] = 10;
        return recipe.Create(new(recipe.IsSequential ? 1 : 4) { Values = values, Rate = inverse ? new InverseRate() : new ConstantRate() });
    }
}
