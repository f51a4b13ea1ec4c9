using System.Text.RegularExpressions;
using Hooke.Theory.Bounds;
using Xunit;

namespace Hooke.Tests.Theory;

public sealed partial class BoundTests
{
    /// <summary>Values that all formulas of these papers take.</summary>
    private static readonly Dictionary<string, double> Usual = new()
    {
        ["learning-rate"] = 1e-6, ["smoothness"] = 2, ["strong-convexity"] = 0.5, ["variance"] = 3, ["gap"] = 4, ["samples"] = 1e5, ["batch"] = 8, ["tolerance"] = 0.1,
        ["small-batch"] = 4, ["large-batch"] = 4000, ["updates"] = 1e6, ["workers"] = 4000, ["momentum"] = 0.9, ["curvature"] = 1.5, ["distance"] = 2, ["steps"] = 100, ["lipschitz"] = 1.2,
        ["examples"] = 50, ["rate-scale"] = 0.3, ["expansion"] = 1.1, ["size"] = 0.01, ["start"] = 5, ["delay"] = 3, ["gradient"] = 1.3, ["fraction"] = 0.5, ["rounding"] = 0.1,
    };

    /// <summary>The formulas of these papers.</summary>
    private static IEnumerable<Bound> Tested => AllBounds.List.Where(bound => bound.Name.StartsWith("bhardwajcong17-") || bound.Name.StartsWith("survey-"));

    public static TheoryData<string> Names => [.. Tested.Select(bound => bound.Name)];

    [Fact]
    public void The_promised_formulas_are_there()
    {
        string[] names =
        [
            "bhardwajcong17-lemma-1", "bhardwajcong17-theorem-2", "bhardwajcong17-theorem-3", "bhardwajcong17-theorem-4", "bhardwajcong17-theorem-5",
            "survey-lemma-6", "survey-lemma-7", "survey-lemma-8", "survey-theorem-9", "survey-theorem-10", "survey-theorem-11", "survey-theorem-13", "survey-theorem-15",
            "survey-corollary-16", "survey-corollary-17", "survey-8", "survey-momentum-contraction", "survey-nesterov-effective-momentum",
        ];
        Assert.Subset(AllBounds.List.Select(bound => bound.Name).ToHashSet(), names.ToHashSet());
    }

    [Fact]
    public void Names_are_unique_and_every_formula_says_where_it_stands()
    {
        Assert.Equal(AllBounds.List.Count, AllBounds.List.Select(bound => bound.Name).Distinct().Count());
        Assert.All(AllBounds.List, bound =>
        {
            Assert.Matches(Name(), bound.Name);
            Assert.Matches(@"^\S.{8,}\S$", bound.Title);
            Assert.All(bound.Arguments, argument => Assert.True(argument.Meaning.Length > 2 && argument.Symbol.Length > 0 && Regex.IsMatch(argument.Name, "^[a-z][a-z0-9-]*$")));
            Assert.Matches(@"^\[(Zhang16|BhardwajCong17|Survey|AnLuYing18), .+\]$", bound.Reference);
            Assert.Equal(bound.Arguments.Count, bound.Arguments.SelectMany(argument => new[] { argument.Name, argument.Symbol }.Distinct()).Distinct().Count() - bound.Arguments.Count(argument => argument.Symbol != argument.Name));
            Assert.All(bound.Limits, limit => Assert.Contains(bound.Arguments, argument => argument.Name == limit.Argument));
        });
        Assert.Equal(AllBounds.List.Count, AllBounds.List.Select(bound => bound.Title).Distinct().Count());
        Assert.Same(AllBounds.List[3], AllBounds.Find(AllBounds.List[3].Name));
        Assert.Contains("bound is nope;", Assert.Throws<ArgumentException>(() => AllBounds.Find("nope")).Message);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_formula_takes_what_is_in_range_and_names_what_is_not(string name)
    {
        var bound = AllBounds.Find(name);
        (string Name, double Value)[] values = [.. bound.Arguments.Select(argument => (argument.Name, Usual[argument.Name]))];
        double value = bound.At(values);
        Assert.True(double.IsFinite(value) && value >= 0);
        // The same by the paper's symbols.
        Assert.Equal(value, bound.At([.. bound.Arguments.Select(argument => (argument.Symbol, Usual[argument.Name]))]));
        Assert.Contains("nonsense is not an argument", Refusal(bound, [.. values, ("nonsense", 1)]));
        for (int k = 0; k < values.Length; k++)
        {
            var argument = bound.Arguments[k];
            if (double.IsNaN(argument.Default)) Assert.StartsWith($"{argument.Name} is missing;", Refusal(bound, [.. values[..k], .. values[(k + 1)..]]));
            Assert.Contains("given twice", Refusal(bound, [.. values, (argument.Symbol, 1)]));
            foreach (double wrong in (double[])[-1, double.NaN, double.PositiveInfinity, .. argument.Range.Whole ? [1.5] : (double[])[], .. argument.Range.LowIncluded ? [] : (double[])[argument.Range.Low]])
            {
                string message = Refusal(bound, [.. values[..k], (argument.Name, wrong), .. values[(k + 1)..]]);
                Assert.StartsWith(FormattableString.Invariant($"{argument.Name} is {wrong}; it must be {argument.Range}"), message);
            }
        }
    }

    /// <summary>Every formula by its function: an argument taken for another would show.</summary>
    [Fact]
    public void A_name_stands_for_its_function_with_the_arguments_in_their_places()
    {
        double rate = Usual["learning-rate"], l = Usual["smoothness"], gamma = Usual["strong-convexity"], v = Usual["variance"], d = Usual["gap"], s = Usual["samples"], e = Usual["tolerance"], k = Usual["updates"];
        double mu = Usual["momentum"], distance = Usual["distance"], h = Usual["lipschitz"], m = Usual["gradient"], theta = Usual["fraction"], kappa = Usual["rounding"], tau = Usual["delay"];
        const long B = 8, N = 4000, Small = 4, Large = 4000, Examples = 50, T = 100;
        var expected = new Dictionary<string, double>
        {
            ["bhardwajcong17-lemma-1"] = MiniBatchBounds.Lemma1(rate: rate, smoothness: l, variance: v, gap: d, samples: s, batch: B),
            ["bhardwajcong17-theorem-2"] = MiniBatchBounds.Theorem2(smoothness: l, variance: v, gap: d, samples: s, batch: B),
            ["bhardwajcong17-theorem-2-optimal-rate"] = MiniBatchBounds.Theorem2OptimalRate(smoothness: l, variance: v, gap: d, samples: s, batch: B),
            ["bhardwajcong17-theorem-2-ratio"] = MiniBatchBounds.Theorem2Ratio(smoothness: l, variance: v, gap: d, samples: s, small: Small, large: Large),
            ["bhardwajcong17-theorem-2-ratio-approximate"] = MiniBatchBounds.Theorem2RatioApproximate(smoothness: l, variance: v, gap: d, samples: s, small: Small, large: Large),
            ["bhardwajcong17-theorem-3"] = MiniBatchBounds.Theorem3(smoothness: l, variance: v, gap: d, tolerance: e, batch: B),
            ["bhardwajcong17-theorem-3-optimal-rate"] = MiniBatchBounds.Theorem3OptimalRate(smoothness: l, variance: v, tolerance: e, batch: B),
            ["bhardwajcong17-7"] = AsynchronousBounds.Guarantee(rate: rate, smoothness: l, variance: v, gap: d, updates: k, batch: B, workers: N),
            ["bhardwajcong17-8"] = AsynchronousBounds.LargestRate(smoothness: l, batch: B, workers: N),
            ["bhardwajcong17-theorem-4"] = AsynchronousBounds.Theorem4(smoothness: l, variance: v, gap: d, updates: k, batch: B, workers: N),
            ["bhardwajcong17-theorem-4-optimal-rate"] = AsynchronousBounds.Theorem4OptimalRate(smoothness: l, variance: v, gap: d, updates: k, batch: B, workers: N),
            ["bhardwajcong17-theorem-4-ratio"] = AsynchronousBounds.Theorem4Ratio(smoothness: l, variance: v, gap: d, updates: k, batch: B, workers: N),
            ["bhardwajcong17-theorem-4-ratio-approximate"] = AsynchronousBounds.Theorem4RatioApproximate(smoothness: l, variance: v, gap: d, updates: k, batch: B, workers: N),
            ["bhardwajcong17-theorem-5"] = AsynchronousBounds.Theorem5(smoothness: l, variance: v, gap: d, tolerance: e, batch: B, workers: N),
            ["bhardwajcong17-theorem-5-optimal-rate"] = AsynchronousBounds.Theorem5OptimalRate(smoothness: l, variance: v, tolerance: e, batch: B, workers: N),
            ["survey-8"] = MomentumRates.GradientDescent(rate: rate, distance: distance, steps: T),
            ["survey-nesterov"] = MomentumRates.Nesterov(rate: rate, distance: distance, steps: T),
            ["survey-gradient-descent-contraction"] = MomentumRates.GradientDescentContraction(rate: rate, convexity: gamma, smoothness: l),
            ["survey-gradient-descent-optimal-contraction"] = MomentumRates.GradientDescentOptimalContraction(convexity: gamma, smoothness: l),
            ["survey-gradient-descent-optimal-rate"] = MomentumRates.GradientDescentOptimalRate(convexity: gamma, smoothness: l),
            ["survey-momentum-contraction"] = MomentumRates.MomentumContraction(rate: rate, momentum: mu, convexity: gamma, smoothness: l),
            ["survey-momentum-optimal-contraction"] = MomentumRates.MomentumOptimalContraction(convexity: gamma, smoothness: l),
            ["survey-momentum-optimal-rate"] = MomentumRates.MomentumOptimalRate(convexity: gamma, smoothness: l),
            ["survey-momentum-optimal-momentum"] = MomentumRates.MomentumOptimalMomentum(convexity: gamma, smoothness: l),
            ["survey-nesterov-contraction"] = MomentumRates.NesterovContraction(rate: rate, momentum: mu, convexity: gamma, smoothness: l),
            ["survey-nesterov-effective-momentum"] = MomentumRates.EffectiveMomentum(rate: rate, momentum: mu, curvature: Usual["curvature"]),
            ["survey-lemma-6"] = StabilityBounds.Lemma6(rate: rate, lipschitz: h),
            ["survey-lemma-7"] = StabilityBounds.Lemma7(rate: rate, smoothness: l),
            ["survey-lemma-7-convex"] = 1,
            ["survey-lemma-7-strongly-convex"] = StabilityBounds.Lemma7StronglyConvex(rate: rate, smoothness: l, convexity: gamma),
            ["survey-lemma-8"] = StabilityBounds.Lemma8(distance: distance, expansion: Usual["expansion"]),
            ["survey-lemma-8-different"] = StabilityBounds.Lemma8Different(distance: distance, expansion: Usual["expansion"], size: Usual["size"]),
            ["survey-theorem-9"] = StabilityBounds.Theorem9(lipschitz: h, examples: Examples, rateSum: T * rate),
            ["survey-theorem-9-distance"] = StabilityBounds.Theorem9Distance(lipschitz: h, examples: Examples, rateSum: T * rate),
            ["survey-theorem-10"] = StabilityBounds.Theorem10(lipschitz: h, examples: Examples, convexity: gamma),
            ["survey-theorem-10-distance"] = StabilityBounds.Theorem10Distance(lipschitz: h, examples: Examples, convexity: gamma),
            ["survey-theorem-11"] = StabilityBounds.Theorem11(lipschitz: h, smoothness: l, scale: Usual["rate-scale"], examples: Examples, steps: T),
            ["survey-theorem-13"] = LockFreeBounds.Theorem13(start: Usual["start"], steps: T),
            ["survey-theorem-15"] = LockFreeBounds.Theorem15(start: Usual["start"], lipschitz: h, smoothness: l, size: Usual["size"], delay: tau, steps: T),
            ["survey-supermartingale"] = LockFreeBounds.Supermartingale(rate: rate, convexity: gamma, gradient: m, tolerance: e, distance: distance),
            ["survey-corollary-16"] = LockFreeBounds.Corollary16(convexity: gamma, smoothness: l, gradient: m, delay: tau, tolerance: e, fraction: theta, distance: distance, steps: T),
            ["survey-corollary-16-learning-rate"] = LockFreeBounds.Corollary16LearningRate(convexity: gamma, smoothness: l, gradient: m, delay: tau, tolerance: e, fraction: theta),
            ["survey-corollary-17"] = LockFreeBounds.Corollary17(convexity: gamma, smoothness: l, gradient: m, delay: tau, tolerance: e, fraction: theta, distance: distance, rounding: kappa, steps: T),
            ["survey-corollary-17-learning-rate"] = LockFreeBounds.Corollary17LearningRate(convexity: gamma, smoothness: l, gradient: m, delay: tau, tolerance: e, fraction: theta, rounding: kappa),
        };
        Assert.Equal(Tested.Select(bound => bound.Name).Order(), expected.Keys.Order());
        foreach (var (name, value) in expected)
        {
            var bound = AllBounds.Find(name);
            Assert.Equal(1, bound.At([.. bound.Arguments.Select(argument => (argument.Name, Usual[argument.Name]))]) / value, 1e-14);
        }
    }

    [Theory]
    [InlineData("survey-8", "learning-rate is 0.51; it must be at most 1/smoothness, here 0.5", "learning-rate", 0.51)]
    [InlineData("survey-theorem-9", "learning-rate is 1.1; it must be at most 2/smoothness, here 1", "learning-rate", 1.1)]
    [InlineData("survey-theorem-10", "strong-convexity is 3; it must be at most smoothness, here 2", "strong-convexity", 3)]
    [InlineData("survey-lemma-7-strongly-convex", "learning-rate is 0.9; it must be at most 2/(smoothness + strong-convexity), here 0.8", "learning-rate", 0.9)]
    [InlineData("survey-corollary-16", "tolerance is 4.1; it must be at most distance², here 4", "tolerance", 4.1)]
    [InlineData("survey-theorem-15", "delay is 50; it must be below 1/(lipschitz · smoothness · size), here 41.666666666666664", "delay", 50)]
    [InlineData("bhardwajcong17-lemma-1", "learning-rate is 0.125; it must be below 2/(smoothness · batch), here 0.125", "learning-rate", 0.125)]
    [InlineData("bhardwajcong17-theorem-2-ratio-approximate", "small-batch is 60; it must be at most √(samples · variance/(smoothness · gap))/4, here", "small-batch", 60)]
    public void A_limit_that_depends_on_others_is_named_with_its_value(string name, string message, string argument, double value)
    {
        var bound = AllBounds.Find(name);
        Assert.StartsWith(message, Refusal(bound, [.. bound.Arguments.Where(a => a.Name != argument).Select(a => (a.Name, Usual[a.Name])), (argument, value)]));
    }

    /// <summary>What every limit is at the usual values.</summary>
    [Fact]
    public void A_limit_has_the_value_that_its_text_says()
    {
        double l = Usual["smoothness"], gamma = Usual["strong-convexity"], v = Usual["variance"], d = Usual["gap"], s = Usual["samples"], b = Usual["batch"], n = Usual["workers"], k = Usual["updates"], m = Usual["gradient"];
        var expected = new Dictionary<string, double>
        {
            ["smoothness"] = l, ["1/smoothness"] = 1 / l, ["2/smoothness"] = 2 / l, ["2/(smoothness + strong-convexity)"] = 2 / (l + gamma), ["2/(smoothness · batch)"] = 2 / (l * b),
            ["(√(1 + 8 workers²) − 1)/(4 workers² · smoothness · batch)"] = (Math.Sqrt(1 + 8 * n * n) - 1) / (4 * n * n * l * b),
            ["√(samples · variance/(smoothness · gap))/4"] = Math.Sqrt(s * v / (l * d)) / 4, ["(large-batch/4)² · smoothness · gap/variance"] = Math.Pow(Usual["large-batch"] / 4, 2) * l * d / v,
            ["updates · variance/(256 batch · smoothness)"] = k * v / (256 * b * l), ["workers² · batch · smoothness · gap/variance"] = n * n * b * l * d / v,
            ["1/(lipschitz · smoothness · size)"] = 1 / (Usual["lipschitz"] * l * Usual["size"]), ["2 strong-convexity · tolerance/gradient²"] = 2 * gamma * Usual["tolerance"] / (m * m), ["distance²"] = 4,
        };
        foreach (var bound in Tested)
            foreach (var limit in bound.Limits)
                Assert.Equal(1, limit.Value([.. bound.Arguments.Select(argument => Usual[argument.Name])]) / expected[limit.Text], 1e-12);
    }

    [Fact]
    public void A_limit_itself_is_allowed_though_decimals_round()
        => AllBounds.Find("survey-lemma-7-strongly-convex").At(("learning-rate", 2 / 1.1 * (1 + 1e-15)), ("smoothness", 1), ("strong-convexity", 0.1));

    private static string Refusal(Bound bound, (string Name, double Value)[] values) => Assert.Throws<ArgumentException>(() => bound.At(values)).Message;

    [GeneratedRegex(@"^(zhang16|bhardwajcong17|survey|anluying18)-[a-z0-9.-]+$")]
    private static partial Regex Name();
}
