using Hooke.Methods.Catalog;
using Hooke.Theory;
using Hooke.Theory.Bounds;
using Hooke.Theory.ClosedForms;
using Hooke.Theory.LinearMaps;
using MathNet.Numerics.LinearAlgebra;
using Xunit;

namespace Hooke.Tests.Theory;

/// <summary>Every formula of the thesis by name has the value that a round read off the method has, with arguments that are all different.</summary>
public sealed class ThesisFormulasTests
{
    private const double Eta = 0.3, H = 0.8, Alpha = 0.07, Beta = 0.6, Delta = 0.45, Lambda = 1.6, Omega = 2.1, Sigma = 1.3, Start = 1.7, Mu = 0.4, L = 0.9;
    private const int P = 5, T = 4;

    private static readonly Dictionary<string, double> Given = new()
    {
        ["learning-rate"] = Eta, ["curvature"] = H, ["moving-rate"] = Alpha, ["beta"] = Beta, ["momentum"] = Delta, ["workers"] = P, ["sigma"] = Sigma, ["start"] = Start,
        ["steps"] = T, ["shape"] = Lambda, ["rate"] = Omega, ["penalty"] = 0.35, ["strong-convexity"] = Mu, ["smoothness"] = L,
    };

    private static GradientNoise Additive => GradientNoise.Additive(H, Sigma);

    private static GradientNoise Gamma => GradientNoise.Gamma(Lambda, Omega);

    public static TheoryData<string> Names => [.. ThesisFormulas.All.Select(bound => bound.Name)];

    private static double At(string name, params (string Name, double Value)[] changes)
    {
        var bound = AllBounds.Find(name);
        var values = bound.Arguments.ToDictionary(argument => argument.Name, argument => Given[argument.Name]);
        foreach (var (key, value) in changes) values[key] = value;
        return bound.At(values);
    }

    private static SynchronousRound Easgd(double moving, double beta, int workers = P, double rate = Eta)
        => Theories.Synchronous("easgd", workers, ("learning-rate", rate), ("moving-rate", moving), ("center-rate", beta / workers));

    private static SynchronousRound Msgd => Theories.Synchronous("msgd", 1, ("learning-rate", Eta), ("momentum", Delta));

    private static double Together(Round round, GradientNoise noise) => Spectrum.Radius(Spectrum.Of(((SynchronousRound)round).SecondMomentMap(noise).SubMatrix(0, 3, 0, 3)));

    [Fact]
    public void Every_name_has_the_value_of_the_round()
    {
        var symmetric = Easgd(Alpha, P * Alpha);
        var (map, constant) = SynchronousEasgd.StronglyConvex(rate: Eta, moving: Alpha, beta: Beta, workers: P, convexity: Mu, smoothness: L, deviation: Sigma);
        var bound = Vector<double>.Build.Dense(3, Start * Start);
        for (int t = 0; t < T; t++) bound = map * bound + constant;
        const int Many = 1_000_000_000;
        var expected = new Dictionary<string, double>
        {
            ["zhang16-lemma-3.1.1-mean"] = symmetric.After(Additive, Start, T).Center.Mean,
            ["zhang16-lemma-3.1.1-variance"] = symmetric.After(Additive, Start, T).Center.Variance,
            ["zhang16-3.4"] = 1,
            ["zhang16-corollary-3.1.1"] = Many * Easgd(Beta / Many, Beta, Many).Stationary(Additive).Center.Variance,
            ["zhang16-lemma-3.1.2"] = symmetric.AveragedVariance(Additive),
            ["zhang16-theorem-3.2.1"] = bound[2],
            ["zhang16-theorem-3.2.1-limit"] = (Matrix<double>.Build.DenseIdentity(3) - map).Solve(constant)[2],
            ["zhang16-3.3-easgd"] = (4 - 2 * Eta) / (4 - Eta),
            ["zhang16-3.3-admm"] = RoundRobinTests.Turns("admm", P, ("learning-rate", Eta), ("penalty", 0.35)).Radius(GradientNoise.None(1)),
            ["zhang16-5.3"] = Theories.Synchronous("minibatch-sgd", P, ("learning-rate", Eta)).Stationary(Additive).Center.Variance,
            ["zhang16-5.6"] = Msgd.Radius(Additive, 2),
            ["zhang16-5.7"] = Msgd.Stationary(Additive).Center.Variance,
            ["zhang16-5.8-optimal-momentum"] = Math.Pow(Math.Sqrt(Eta * H) - 1, 2) / (1 - Eta * H),
            ["zhang16-5.12"] = Together(Easgd(Alpha, Beta), Additive),
            ["zhang16-5.13"] = Easgd(Alpha, Beta).Stationary(Additive).Average.Variance,
            ["zhang16-5.14"] = Easgd(Alpha, Beta).Stationary(Additive).Center.Variance,
            ["zhang16-5.15"] = 1,
            ["zhang16-5.17"] = -Math.Pow(Math.Sqrt(Beta) - Math.Sqrt(Eta * H), 2),
            ["zhang16-5.18"] = Easgd(Alpha, Beta).Radius(Additive),
            ["zhang16-5.19-optimal-moving-rate"] = 0,
            ["zhang16-5.20"] = Theories.Synchronous("eamsgd", P, ("learning-rate", Eta), ("moving-rate", Alpha), ("center-rate", Beta / P), ("momentum", Delta)).Radius(Additive),
            ["zhang16-5.26"] = Theories.Synchronous("minibatch-sgd", P, ("learning-rate", Eta)).Radius(Gamma, 2),
            ["zhang16-5.27"] = Omega / (Lambda + 1.0 / P),
            ["zhang16-5.30"] = Msgd.Radius(Gamma, 2),
            ["zhang16-5.34"] = Easgd(Alpha, Beta).Radius(Gamma, 2),
            ["zhang16-5.34-largest-rate"] = MultiplicativeNoise.EasgdLargestRate(moving: Alpha, beta: Beta, shape: Lambda, gammaRate: Omega),
            ["zhang16-5.34-widest-moving-rate"] = 1 - Math.Sqrt(0.36),
            ["zhang16-5.38"] = DoubleWellPair.CriticalPoints(0.35).First(p => p.X == -p.Y && p.X > 0).SmallestCurvature,
            ["zhang16-5.39"] = 9,
            ["zhang16-6.5"] = Theories.Synchronous("easgd-gauss-seidel", P, ("learning-rate", Eta), ("moving-rate", Alpha), ("center-rate", Beta / P)).Radius(GradientNoise.None(1)),
            ["zhang16-theorem-6.2.1"] = 1,
        };
        Assert.Equal(ThesisFormulas.All.Select(formula => formula.Name).Order(), expected.Keys.Order());
        foreach (var (name, value) in expected)
        {
            double actual = At(name, name == "zhang16-5.34-widest-moving-rate" ? [("shape", 0.36)] : []);
            Assert.True(Math.Abs(actual - value) <= 1e-7 * Math.Abs(value), $"{name} is {actual}; it must be {value}");
        }
    }

    // Where a value is a case or a number of workers decides, the other cases.
    [Theory]
    [InlineData("zhang16-3.4", 0, "learning-rate", 2.6)]
    [InlineData("zhang16-3.4", 1, "learning-rate", 2.2)]
    [InlineData("zhang16-3.4", 0, "moving-rate", 0.39)]
    [InlineData("zhang16-3.4", 1, "moving-rate", 0.3)]
    [InlineData("zhang16-3.4", 0, "workers", 30)]
    [InlineData("zhang16-3.4", 0, "curvature", 7)]
    [InlineData("zhang16-5.15", 0, "learning-rate", 2.5)]
    [InlineData("zhang16-5.15", 1, "learning-rate", 2.2)]
    [InlineData("zhang16-5.15", 0, "moving-rate", 1.3)]
    [InlineData("zhang16-5.15", 0, "beta", 2)]
    [InlineData("zhang16-5.15", 0, "curvature", 7)]
    [InlineData("zhang16-5.39", 5, "penalty", 0.7)]
    [InlineData("zhang16-5.39", 3, "penalty", 1.2)]
    [InlineData("zhang16-theorem-6.2.1", 3, "beta", 1.5)]
    [InlineData("zhang16-theorem-6.2.1", 6, "learning-rate", 1.5)]
    [InlineData("zhang16-theorem-6.2.1", 0, "moving-rate", 9)]
    public void A_case_is_told(string name, double expected, string argument, double value) => Assert.Equal(expected, At(name, (argument, value)));

    [Fact]
    public void Some_values_depend_on_cases()
    {
        // Beyond β the moving rate is not 0; and the curvature is in it.
        Assert.Equal(-Math.Pow(Math.Sqrt(Beta) - Math.Sqrt(1.3 * H), 2), At("zhang16-5.19-optimal-moving-rate", ("learning-rate", 1.3)), 1e-12);
        // A single worker has no differences, which are slow where center and average are fast.
        const double Moving = -0.08, Momentum = 0.1;
        double Eamsgd(int workers) => Theories.Synchronous("eamsgd", workers, ("learning-rate", Eta), ("moving-rate", Moving), ("center-rate", Beta / workers), ("momentum", Momentum)).Radius(Additive);
        foreach (int workers in new[] { 1, 2, 3 }) Assert.Equal(Eamsgd(workers), At("zhang16-5.20", ("workers", workers), ("moving-rate", Moving), ("momentum", Momentum)), 1e-9);
        Assert.True(Eamsgd(1) < Eamsgd(2) - 0.05);
        // Figure 3.2.
        Assert.Equal(1.000974, At("zhang16-3.3-admm", ("learning-rate", 0.001), ("penalty", 2.5), ("workers", 3)), 5e-7);
        // The bound after many rounds is its limit, and gets there.
        double limit = At("zhang16-theorem-3.2.1-limit");
        Assert.Equal(limit, At("zhang16-theorem-3.2.1", ("steps", 1e9)), 1e-9);
        Assert.Equal(Start * Start, At("zhang16-theorem-3.2.1", ("steps", 1), ("beta", 0)), 1e-12);
        // The largest stable rate is where the limit of many workers leaves the unit circle.
        double most = At("zhang16-5.34-largest-rate");
        double Radius(double rate) => Round.Of(p => Theories.Method("easgd", p, TimingChoice.Synchronous, ("learning-rate", rate), ("moving-rate", Alpha), ("center-rate", Beta / p)), double.PositiveInfinity).Radius(Gamma, 2);
        Assert.True(Radius(most * 0.9999) < 1 && Radius(most * 1.0001) > 1);
    }

    [Theory, MemberData(nameof(Names))]
    public void What_has_a_default_may_be_left_out(string name)
    {
        var bound = AllBounds.Find(name);
        double Value(string argument) => name == "zhang16-5.34-widest-moving-rate" ? 0.36 : Given[argument];
        foreach (var argument in bound.Arguments)
        {
            var others = bound.Arguments.Where(a => a != argument).ToDictionary(a => a.Name, a => Value(a.Name));
            double standard = argument.Name is "curvature" or "sigma" or "start" ? 1 : double.NaN;
            Assert.Equal(standard, argument.Default);
            if (double.IsNaN(standard)) Assert.StartsWith($"{argument.Name} is missing; {name} needs it: {argument.Meaning}", Assert.Throws<ArgumentException>(() => bound.At(others)).Message);
            else Assert.Equal(bound.At(new Dictionary<string, double>(others) { [argument.Name] = 1 }), bound.At(others));
        }
    }

    /// <summary>What the arguments of all formulas may be; the exceptions below.</summary>
    private static string Range(string formula, string argument) => (formula, argument) switch
    {
        ("zhang16-theorem-3.2.1" or "zhang16-theorem-3.2.1-limit", "learning-rate") => "above 0, at most the rate at which the bound's matrix has no negative entry",
        ("zhang16-theorem-3.2.1" or "zhang16-theorem-3.2.1-limit", "strong-convexity") => "above 0, at most smoothness",
        ("zhang16-theorem-3.2.1" or "zhang16-theorem-3.2.1-limit", "moving-rate") => "at least 0 and below 1",
        ("zhang16-theorem-3.2.1", "beta") => "at least 0 and at most 1",
        ("zhang16-3.3-easgd", "learning-rate") => "above 0 and at most 2",
        ("zhang16-3.3-admm", "workers") => "a whole number, at least 1 and at most 200",
        ("zhang16-5.3", "learning-rate") => "above 0, below 2/curvature",
        ("zhang16-5.19-optimal-moving-rate" or "zhang16-5.34-largest-rate", "beta") => "above 0 and below 1",
        ("zhang16-5.34-largest-rate", "moving-rate") => "at least 0 and below 1",
        ("zhang16-5.34", "workers") => "a whole number, at least 2",
        ("zhang16-5.34-widest-moving-rate", "shape") => "above 0 and below 1",
        ("zhang16-5.38", "penalty") => "above 0 and at most 1",
        ("zhang16-lemma-3.1.1-mean" or "zhang16-lemma-3.1.1-variance" or "zhang16-3.4" or "zhang16-theorem-6.2.1", "moving-rate") => "above 0",
        (_, "moving-rate" or "start") => "finite",
        (_, "workers" or "steps") => "a whole number, at least 1 and at most 9007199254740992",
        (_, "momentum") => "above -1 and below 1",
        (_, "sigma") => "at least 0",
        _ => "above 0",
    };

    [Theory, MemberData(nameof(Names))]
    public void Arguments_have_the_ranges_of_the_thesis(string name)
    {
        var bound = AllBounds.Find(name);
        foreach (var argument in bound.Arguments) Assert.Equal(Range(name, argument.Name), bound.RangeOf(argument));
    }

    [Theory]
    [InlineData("zhang16-theorem-3.2.1", "strong-convexity", 1, "strong-convexity is 1; it must be at most smoothness, here 0.9")]
    [InlineData("zhang16-theorem-3.2.1-limit", "strong-convexity", 1, "strong-convexity is 1; it must be at most smoothness, here 0.9")]
    [InlineData("zhang16-theorem-3.2.1", "learning-rate", 2, "learning-rate is 2; it must be at most the rate at which the bound's matrix has no negative entry, here 1.3433")]
    [InlineData("zhang16-theorem-3.2.1-limit", "learning-rate", 2, "learning-rate is 2; it must be at most the rate at which the bound's matrix has no negative entry, here 1.3433")]
    [InlineData("zhang16-5.3", "learning-rate", 2.5, "learning-rate is 2.5; it must be below 2/curvature, here 2.5")]
    [InlineData("zhang16-5.7", "learning-rate", 3, "learning-rate is 3; it must be below 2(1 + δ(1 − ηh))/h with |δ(1 − ηh)| below 1, which momentum 0.45 does not meet")]
    [InlineData("zhang16-5.7", "learning-rate", 5, "learning-rate is 5; it must be below 2(1 + δ(1 − ηh))/h with |δ(1 − ηh)| below 1, which momentum 0.45 does not meet")]
    [InlineData("zhang16-5.13", "learning-rate", 3, "learning-rate is 3; it must be one at which average and center are stable (zhang16-5.15) with moving-rate 0.07 and beta 0.6")]
    [InlineData("zhang16-5.14", "learning-rate", 3, "learning-rate is 3; it must be one at which average and center are stable (zhang16-5.15) with moving-rate 0.07 and beta 0.6")]
    public void What_no_formula_holds_for_is_refused(string name, string argument, double value, string message)
        => Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => At(name, (argument, value))).Message);
}
