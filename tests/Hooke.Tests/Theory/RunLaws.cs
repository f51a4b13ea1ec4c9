using Hooke.Methods.Catalog;
using Hooke.Problems;
using Hooke.Runs;
using Hooke.Theory;
using Hooke.Theory.LinearMaps;
using Xunit;
using Method = Hooke.Methods.Method;

namespace Hooke.Tests.Theory;

/// <summary>Laws 2 and 5, for every method of the catalog: what the theory says of a round is what runs do.</summary>
public class RunLaws
{
    private const double Curvature = 0.8;

    /// <summary>Every method with every timing that has a linear map, with one and with three local steps a period.</summary>
    public static TheoryData<string, TimingChoice?, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, TimingChoice?, int>();
            foreach (var recipe in AllMethods.Recipes)
                foreach (TimingChoice? timing in recipe.IsSequential ? [null] : recipe.Timings.Where(t => t is not (TimingChoice.Asynchronous or TimingChoice.Overlapped)).Cast<TimingChoice?>())
                    foreach (int period in recipe.Parameters.Any(p => p.Name.StartsWith("period")) ? new[] { 1, 3 } : [1]) cases.Add(recipe.Name, timing, period);
            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Means_are_those_of_a_run_without_noise(string name, TimingChoice? timing, int period)
    {
        int workers = AllMethods.Find(name).IsSequential ? 1 : 3;
        var method = Make(name, workers, timing, period);
        var round = Round.Of(method, workers);
        using var star = new Star<double>(method with { Readout = null }, new Quadratic<double>([Curvature], start: [1.5]), workers);
        for (int t = 1; t <= 12; t++)
        {
            Turns.Run(star, RoundSteps(method));
            var after = round.After(GradientNoise.None(Curvature), 1.5, t);
            Assert.Equal(star.Center[0], after.Center.Mean, 1e-9);
            Assert.Equal(star.Workers.Average(w => w.X[0]), after.Average.Mean, 1e-9);
            Assert.Equal(0, after.Center.Variance, 1e-12);
        }
    }

    // 12,000 independent components; at 4.5 standard errors a right implementation fails one of the about 200 comparisons with
    // probability 1.4·10⁻³ over the choice of the seed, which is fixed.
    [Theory, MemberData(nameof(Cases))]
    public void Second_moments_are_those_of_noisy_runs(string name, TimingChoice? timing, int period)
    {
        const int Components = 12_000, Rounds = 4;
        int workers = AllMethods.Find(name).IsSequential ? 1 : 3;
        var method = Make(name, workers, timing, period);
        if (method.FullBatch) return; // a full gradient has no noise
        var round = Round.Of(method, workers);
        var start = new double[Components];
        start.AsSpan().Fill(1.5);
        var curvature = new double[Components];
        curvature.AsSpan().Fill(Curvature);
        foreach (var (objective, noise) in ((IObjective<double>, GradientNoise)[])[
            (new Quadratic<double>(curvature, start, deviation: 0.7), GradientNoise.Additive(Curvature, 0.7)),
            (new MultiplicativeNoise<double>(1.6, 2, start), GradientNoise.Gamma(1.6, 2))])
        {
            using var star = new Star<double>(method with { Readout = null }, objective, workers, seed: 3);
            Turns.Run(star, Rounds * RoundSteps(method));
            var after = round.After(noise, 1.5, Rounds);
            Check(k => star.Center[k], after.Center);
            Check(k => star.Workers.Average(w => w.X[k]), after.Average);
        }

        static void Check(Func<int, double> value, Moments expected)
        {
            double sum = 0, squares = 0, fourths = 0;
            for (int k = 0; k < Components; k++)
            {
                double x = value(k);
                sum += x;
                squares += x * x;
                fourths += x * x * x * x;
            }
            double mean = sum / Components, second = squares / Components;
            double meanError = Math.Sqrt(Math.Max(0, second - mean * mean) / Components), secondError = Math.Sqrt(Math.Max(0, fourths / Components - second * second) / Components);
            Assert.InRange(mean, expected.Mean - 4.5 * meanError - 1e-12, expected.Mean + 4.5 * meanError + 1e-12);
            Assert.InRange(second, expected.SecondMoment - 4.5 * secondError - 1e-12, expected.SecondMoment + 4.5 * secondError + 1e-12);
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void The_long_run_is_what_many_rounds_lead_to(string name, TimingChoice? timing, int period)
    {
        int workers = AllMethods.Find(name).IsSequential ? 1 : 3;
        var method = Make(name, workers, timing, period);
        var round = Round.Of(method, workers);
        var noise = new GradientNoise(Curvature, 0.2, 0.5);
        double radius = round.Radius(noise), second = round.Radius(noise, 2);
        Assert.True(radius * radius <= second * (1 + 1e-9));
        Assert.InRange(second, 0, 0.999);
        Assert.Equal(radius, round.Eigenvalues(noise).Max(e => e.Modulus), 1e-12);
        long rounds = (long)Math.Ceiling(Math.Log(1e-13) / Math.Log(second));
        RunMoments limit = round.Stationary(noise), after = round.After(noise, 1.5, rounds);
        foreach (var (expected, actual) in ((Moments, Moments)[])[(limit.Center, after.Center), (limit.Average, after.Average), (limit.Worker, after.Worker)])
        {
            Assert.Equal(0, actual.Mean, 1e-5);
            Assert.Equal(1, actual.Variance / expected.Variance, 1e-9);
        }
        // The radius of the second moments is how fast they settle.
        if (second < 0.3) return;
        double Rest(long t) => Math.Abs(round.After(noise, 1.5, t).Worker.SecondMoment - limit.Worker.SecondMoment);
        long from = rounds / 4, over = rounds / 2;
        Assert.Equal(second, Math.Pow(Rest(from + over) / Rest(from), 1.0 / over), 0.05);
    }

    [Fact]
    public void Variance_of_an_average_over_time_is_that_of_runs()
    {
        // 4000 components, 600 rounds after 200: the estimate's standard error is √(2/4000) of it; at 4.5 of them, and 1 % for the finite time.
        const int Components = 4000, Before = 200, Rounds = 600;
        var method = Make("eamsgd", 3, TimingChoice.Synchronous, 1);
        var curvature = new double[Components];
        curvature.AsSpan().Fill(Curvature);
        using var star = new Star<double>(method, new Quadratic<double>(curvature, start: [0], deviation: 1), 3, seed: 4);
        Turns.Run(star, Before);
        var sums = new double[Components];
        for (int t = 0; t < Rounds; t++)
        {
            Turns.Run(star, 1);
            for (int k = 0; k < Components; k++) sums[k] += star.Center[k];
        }
        double expected = Round.Of(method, 3).AveragedVariance(GradientNoise.Additive(Curvature, 1)), measured = sums.Average(s => s * s) / Rounds;
        Assert.InRange(measured / expected, 1 - 0.11, 1 + 0.11);
    }

    private static Method Make(string name, int workers, TimingChoice? timing, int period)
    {
        var recipe = AllMethods.Find(name);
        var values = new Dictionary<string, double>();
        foreach (var (key, value) in ((string, double)[])[("learning-rate", name == "downpour-tree" ? 0.03 : 0.15), ("momentum", 0.6), ("penalty", 1.5), ("period", period), ("period-inner", period)])
            if (recipe.Parameters.Any(p => p.Name == key)) values[key] = value;
        return recipe.Create(new(workers) { Timing = timing, Values = values });
    }

    private static int RoundSteps(Method method) => method.Schedule.Period;
}
