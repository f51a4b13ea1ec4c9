using Hooke.Methods;
using Hooke.Methods.Catalog;
using Hooke.Theory;
using Hooke.Theory.LinearMaps;
using Xunit;

namespace Hooke.Tests.Theory;

/// <summary>What the theory can't answer is refused with the thing, its value and what is allowed.</summary>
public sealed class RefusedQuestionsTests
{
    private static readonly Recipe Easgd = AllMethods.Find("easgd");

    private static Setup Star => new(Easgd, 4);

    private static string Refusal(Func<object?> question) => Assert.Throws<ArgumentException>(question).Message;

    [Fact]
    public void Noise_out_of_range_is_refused()
    {
        Assert.Equal("curvature is 0; it must be above 0", Refusal(() => GradientNoise.None(0)));
        Assert.Equal("curvature is -1; it must be above 0", Refusal(() => GradientNoise.Additive(-1, 1)));
        Assert.Equal("sigma is -1; it must be at least 0", Refusal(() => GradientNoise.Additive(1, -1)));
        Assert.Equal("shape is 0; it must be above 0", Refusal(() => GradientNoise.Gamma(0, 1)));
        Assert.Equal("rate is NaN; it must be above 0", Refusal(() => GradientNoise.Gamma(1, double.NaN)));
        Assert.Equal(new(2, 0, 9), GradientNoise.Additive(2, 3));
        Assert.Equal(new(2, 0, 0), GradientNoise.Additive(2, 0));
        Assert.Equal(new(1.5, 0.75, 0), GradientNoise.Gamma(3, 2));
    }

    [Fact]
    public void Numbers_of_workers_and_moments_out_of_range_are_refused()
    {
        foreach (double wrong in new[] { 0, -3, 2.5, double.NaN, double.NegativeInfinity, 1e10 })
            Assert.Equal(FormattableString.Invariant($"workers is {wrong}; it must be a whole number, at least 1, or infinity"), Refusal(() => Round.Of(Star.Method, wrong)));
        foreach (var round in new[] { Star.Round(), (Star with { Timing = TimingChoice.RoundRobin }).Round() })
        {
            Assert.Equal(4, round.Workers);
            foreach (int wrong in new[] { 0, 3 })
            {
                Assert.Equal($"moment is {wrong}; it must be 1 or 2", Refusal(() => round.Eigenvalues(GradientNoise.None(1), wrong)));
                Assert.Equal($"moment is {wrong}; it must be 1 or 2", Refusal(() => round.Radius(GradientNoise.Gamma(1, 1), wrong)));
            }
            Assert.Throws<ArgumentOutOfRangeException>(() => round.After(GradientNoise.None(1), 1, -1));
            Assert.Equal(new Moments(1.5, 0), round.After(GradientNoise.Additive(1, 1), 1.5, 0).Center);
        }
        Assert.Equal("workers is 2; sgd is sequential and has 1", Refusal(() => new Setup(AllMethods.Find("sgd"), 2).Round()));
        Assert.Equal("workers is Infinity; sgd is sequential and has 1", Refusal(() => new Setup(AllMethods.Find("sgd"), double.PositiveInfinity).Round()));
        Assert.Contains("workers is infinity; it must be finite where easgd is not synchronous", Refusal(() => (Star with { Workers = double.PositiveInfinity, Timing = TimingChoice.RoundRobin }).Round()));
        Assert.Equal("workers is infinity; it must be finite where the center moves ever further, so give center-rate as a multiple of 1/p, such as 0.9/p",
            Refusal(() => new Setup(AllMethods.Find("downpour"), double.PositiveInfinity).Round()));
    }

    [Fact]
    public void Rates_that_change_over_time_have_no_map()
    {
        const string Message = "the learning rate changes over time; a linear map of a round needs a constant one";
        foreach (string name in new[] { "sgd", "easgd", "easgd-tree" })
        {
            var recipe = AllMethods.Find(name);
            int workers = recipe.IsSequential ? 1 : 4;
            Assert.Equal(Message, Refusal(() => Round.Of(recipe.Create(new(workers) { Rate = new InverseRate() }), workers)));
        }
        var method = AllMethods.Find("msgd").Create(new(1));
        Assert.Equal("the momentum changes over time; a linear map of a round needs a constant one", Refusal(() => Round.Of(method with { Local = new Nesterov(new GrowingMomentum(0.9)) }, 1)));
        Assert.Equal("the momentum changes over time; a linear map of a round needs a constant one", Refusal(() => Round.Of(method with { Local = new HeavyBall(new GrowingMomentum(0.9)) }, 1)));
    }

    [Fact]
    public void Rounds_too_large_are_refused()
    {
        Setup Turns(int workers) => Star with { Workers = workers, Timing = TimingChoice.RoundRobin };
        Assert.Equal("a round in turns has 1025 states; it must have at most 1024, so workers must be fewer", Refusal(() => Turns(1024).Radius()));
        Assert.Equal("a round in turns has 20100 second moments; it must have at most 20000, so workers must be fewer", Refusal(() => Turns(199).Round().After(GradientNoise.None(1), 1, 1)));
        Assert.Equal("a round in turns has 20100 second moments; it must have at most 20000, so workers must be fewer", Refusal(() => Turns(199).Round().Radius(GradientNoise.Gamma(1, 1), 2)));
        Assert.Equal("a round in turns has 20100 second moments; it must have at most 20000, so workers must be fewer", Refusal(() => Turns(199).Round().Stationary(GradientNoise.Additive(1, 1))));
        Assert.Equal("a round in turns has 2147483648 states; it must have at most 1024, so workers must be fewer", Refusal(() => Turns(int.MaxValue).Radius()));
        Assert.Equal("period is 10001; it must be at most 10000 here, for every step of it is played", Refusal(() => Star.With("period", 10_001).Radius()));
        Assert.Contains("rounds is 1000000000000; it must be at most", Refusal(() => Turns(3).Round().After(GradientNoise.Gamma(1, 1), 1, 1_000_000_000_000)));
        var tree = new Setup(AllMethods.Find("easgd-tree"), 4);
        Assert.Contains("it must take at most 4096", Refusal(() => tree.With("period-up", int.MaxValue).With("period-down", int.MaxValue - 1).Round()));
        Assert.Equal("a round of this tree takes 4112 turns of leaves; it must take at most 4096, so periods must be shorter or workers fewer", Refusal(() => tree.With("period-up", 4).With("period-down", 257).Round()));
        Assert.Contains("states; it must have at most 512, so workers must be fewer", Refusal(() => (tree with { Workers = 140 }).Round()));
    }

    [Fact]
    public void Unstable_rounds_have_no_long_run()
    {
        foreach (var timing in new[] { TimingChoice.Synchronous, TimingChoice.RoundRobin })
        {
            var round = (Star.With("learning-rate", 3) with { Timing = timing }).Round();
            foreach (var noise in new[] { GradientNoise.Additive(1, 1), GradientNoise.Gamma(1, 1) })
            {
                Assert.True(double.IsNaN(round.AveragedVariance(noise)));
                var at = round.Stationary(noise);
                foreach (var moments in new[] { at.Center, at.Average, at.Worker }) Assert.True(double.IsNaN(moments.Mean) && !double.IsFinite(moments.Variance));
            }
            // Without noise there is no variance, and at rest no mean.
            Assert.Equal(0, round.Stationary(GradientNoise.None(1)).Center.Variance);
            var still = (Star.With("learning-rate", 0.2) with { Timing = timing }).Round().Stationary(GradientNoise.None(1));
            Assert.Equal(new Moments(0, 0), still.Center);
            Assert.Equal(new Moments(0, 0), still.Average);
            // Multiplicative noise makes a mean that settles vary without bound; it does not where second moments settle too.
            var wild = (Star.With("learning-rate", 0.9) with { Timing = timing }).Round();
            Assert.Equal((0, double.PositiveInfinity), wild.Stationary(GradientNoise.Gamma(0.3, 0.3)) is var w ? (w.Center.Mean, w.Center.Variance) : default);
            Assert.True(double.IsNaN(wild.AveragedVariance(GradientNoise.Gamma(0.3, 0.3))));
        }
    }

    [Fact]
    public void A_search_without_an_answer_is_refused()
    {
        Axis rate = new("learning-rate", 0, 1), moving = new("moving-rate", -0.5, 1), center = new("center-rate", 0, 1), h = new("curvature", 0.5, 1), p = new("workers", 1, 64, IsWhole: true);
        Assert.Equal("over has 0 parameters; it must have at least 1", Refusal(() => Optimum.Of(Star)));
        Assert.Equal("learning-rate is given 2 times; it must be given once", Refusal(() => Optimum.Of(Star, rate, rate)));
        Assert.Equal("over has 4 parameters that are not whole; it must have at most 3", Refusal(() => Optimum.Of(Star, rate, moving, center, h)));
        Assert.Equal("over has 2001 combinations of whole numbers; it must have at most 2000", Refusal(() => Optimum.Of(Star, p with { High = 2_001 }, rate)));
        Assert.Equal("moving-rate is 2.5; it must be above -1 and below 2", Refusal(() => Optimum.Of(Star, rate, moving with { High = 3.5 })));
        Assert.Contains("sgd is sequential", Refusal(() => Optimum.Of(new Setup(AllMethods.Find("sgd"), 2), rate, h)));
        Assert.Contains("speed is not a parameter of easgd; it has workers, curvature, learning-rate", Refusal(() => Optimum.Of(Star, rate, new("speed", 0, 1))));
        Assert.Contains("speed is not a parameter of sgd, which is sequential; it has curvature, learning-rate", Refusal(() => StableRange.Find(new Setup(AllMethods.Find("sgd"), 1), new("speed", 0, 1))));
        Assert.Contains("moving-rate is", Refusal(() => StableRange.Find(Star, moving with { High = 3 })));
        Assert.Contains("speed is not", Refusal(() => StabilityMap.Of(Star, (rate, 3), (new("speed", 0, 1), 3), setup => setup.Radius())));
        Assert.Contains("moving-rate is 2.5", Refusal(() => StabilityMap.Of(Star, (moving with { Low = 0, High = 3 }, 3), (rate, 3), setup => setup.Radius())));
        Assert.Contains("moving-rate is 2.5", Refusal(() => StabilityMap.Of(Star, (rate, 3), (moving with { Low = 0, High = 3 }, 3), setup => setup.Radius())));
        Assert.Contains("sgd is sequential", Refusal(() => StabilityMap.Of(new Setup(AllMethods.Find("sgd"), 2), (rate, 3), (h, 3), setup => setup.Radius())));
        Assert.Contains("moving-rate is -2.5", Refusal(() => StabilityMap.Of(Star, (rate, 3), (moving with { Low = -3, High = 0 }, 3), setup => setup.Radius())));
    }
}
