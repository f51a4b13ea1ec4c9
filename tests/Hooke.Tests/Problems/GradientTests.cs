using Hooke.Methods;
using Hooke.Numerics;
using Hooke.Problems;
using Hooke.Runs;
using Xunit;

namespace Hooke.Tests.Problems;

public class GradientTests
{
    public static TheoryData<string> Names { get; } = ["quadratic", "multiplicative noise", "double well", "quadratic pair", "quartic pair", "double well pair", "shifted quadratics", "planar components"];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_full_gradient_is_the_slope_of_the_loss(string name)
    {
        var problem = Catalog.Problem(name);
        double[] x = new double[problem.Dimension], gradient = new double[problem.Dimension];
        foreach (var point in Points(problem))
        {
            point.CopyTo(x, 0);
            Assert.Equal(problem.Loss(x), problem.Gradient(x, gradient, Full), 12);
            AssertSlopes(x, gradient, at => problem.Loss(at));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_stochastic_gradient_is_the_slope_of_the_loss_it_returns(string name)
    {
        var problem = Catalog.Problem(name);
        double[] x = new double[problem.Dimension], gradient = new double[problem.Dimension], unused = new double[problem.Dimension];
        foreach (var point in Points(problem))
            for (int step = 0; step < 5; step++)
            {
                point.CopyTo(x, 0);
                var draw = new Draw(1, 2, step, 0, 1 + step);
                problem.Gradient(x, gradient, draw);
                AssertSlopes(x, gradient, at => problem.Gradient(at, unused, draw));
            }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_draw_fixes_the_gradient_and_another_draw_changes_it(string name)
    {
        var problem = Catalog.Problem(name);
        double[] x = Points(problem).First(), one = new double[x.Length], other = new double[x.Length];
        var draw = new Draw(7, 1, 3, 30, 1);
        problem.Gradient(x, one, draw);
        problem.Gradient(x, other, draw with { Position = 77 });
        Assert.Equal(one, other);
        // A draw can repeat the component of another; not so forty times.
        foreach (var change in (Func<int, Draw>[])[k => draw with { Seed = 8 + (ulong)k }, k => draw with { Worker = 2 + k }, k => draw with { Step = 4 + k }])
            Assert.Contains(Enumerable.Range(0, 40), k =>
            {
                problem.Gradient(x, other, change(k));
                return !one.SequenceEqual(other);
            });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_gradient_allocates_nothing(string name)
    {
        var problem = Catalog.Problem(name);
        double[] x = Points(problem).First(), gradient = new double[x.Length];
        Compute(10);
        Allocation.AssertNone(() => Compute(100));

        void Compute(int times)
        {
            for (int step = 0; step < times; step++)
            {
                problem.Gradient(x, gradient, new(1, 0, step, 0, 4));
                problem.Gradient(x, gradient, Full);
                problem.Evaluate(x, Split.Training, 0);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Runs_start_at_the_start_and_are_evaluated_without_noise(string name)
    {
        IObjective<double> objective = Catalog.Problem(name);
        var problem = Catalog.Problem(name);
        var x = new double[objective.Dimension];
        objective.Initialize(x, new(1, 0, 0, NoiseStream.Initialization));
        Assert.Equal(problem.Start.ToArray(), x);
        Assert.Equal(1, objective.Blocks(Split.Test));
        using var oracle = objective.Open();
        var score = oracle.Evaluate(x, Split.Test, 0);
        Assert.Equal(problem.Loss(x), score.Loss, 12);
        Assert.Equal((0L, objective.Examples), (score.Wrong, score.Count));
    }

    // The same formulas in float: 10⁻⁵ relative is 100 roundings.
    [Fact]
    public void Single_precision_agrees_with_double()
    {
        var draw = new Draw(3, 1, 4, 0, 2);
        AssertNear(new Quadratic<float>([0.5, 8], [1], [0.25, 2], 0.7), new Quadratic<double>([0.5, 8], [1], [0.25, 2], 0.7));
        AssertNear(new MultiplicativeNoise<float>(0.5, 2, 1, -2), new MultiplicativeNoise<double>(0.5, 2, 1, -2));
        AssertNear(new DoubleWell<float>([1.5, -0.3], 0.4), new DoubleWell<double>([1.5, -0.3], 0.4));
        AssertNear(Components.QuarticPair<float>(), Components.QuarticPair<double>());
        AssertNear(Components.DoubleWellPair<float>(), Components.DoubleWellPair<double>());
        AssertNear(Components.ShiftedQuadratics<float>(), Components.ShiftedQuadratics<double>());

        void AssertNear(IClosedForm<float> single, IClosedForm<double> reference)
        {
            var gradient = new float[single.Dimension];
            var expected = new double[reference.Dimension];
            double loss = single.Gradient(single.Start, gradient, draw), expectedLoss = reference.Gradient(reference.Start, expected, draw);
            Assert.InRange(loss - expectedLoss, -1e-5 * (1 + Math.Abs(expectedLoss)), 1e-5 * (1 + Math.Abs(expectedLoss)));
            for (int k = 0; k < expected.Length; k++) Assert.InRange(gradient[k] - expected[k], -1e-5 * (1 + Math.Abs(expected[k])), 1e-5 * (1 + Math.Abs(expected[k])));
        }
    }

    [Fact]
    public void A_run_of_workers_that_share_the_problem_equals_its_formula()
    {
        const double Rate = 0.1;
        var problem = new Quadratic<double>([0.5, 2], start: [1, -1], minimizer: [0, 3], deviation: 0.2);
        var method = new Method("sgd", new GradientStep(), new Alone(), new Accumulate(), Order.Sequential, new Schedule(Rate));
        using var star = new Star<double>(method, problem, 1, seed: 5);
        using (var another = new Star<double>(method, problem, 1, seed: 6)) Turns.Run(another, 3);
        Turns.Run(star, 50, batch: 4);
        double[] x = [1, -1], h = [0.5, 2], minimizer = [0, 3];
        for (int step = 0; step < 50; step++)
        {
            var noise = new Noise(5, 0, step, NoiseStream.Gradient);
            for (int k = 0; k < 2; k++) x[k] -= Rate * (h[k] * (x[k] - minimizer[k]) - 0.2 / 2 * noise.Gaussian(k));
        }
        Assert.Equal(x, star.Workers[0].X.ToArray());
    }

    private static Draw Full => new(0, 0, 0, 0, Draw.Full);

    /// <summary>The start and two random points.</summary>
    private static IEnumerable<double[]> Points(IClosedForm<double> problem)
    {
        yield return problem.Start.ToArray();
        for (int step = 0; step < 2; step++)
        {
            var x = new double[problem.Dimension];
            new Noise(99, 0, step, NoiseStream.Initialization).FillGaussian<double>(x, 1);
            yield return x;
        }
    }

    /// <summary>Central differences; their error is h² F‴/6 and 10⁻¹⁶ F/h, below 10⁻⁷ here.</summary>
    private static void AssertSlopes(double[] x, double[] gradient, Func<double[], double> loss)
    {
        const double Step = 1e-5;
        for (int k = 0; k < x.Length; k++)
        {
            double at = x[k];
            x[k] = at + Step;
            double above = loss(x);
            x[k] = at - Step;
            double below = loss(x);
            x[k] = at;
            Assert.InRange((above - below) / (2 * Step) - gradient[k], -1e-7, 1e-7);
        }
    }
}
