using Hooke.Methods;
using Hooke.Numerics;
using Hooke.Problems;
using Hooke.Theory.ModifiedEquations;
using Xunit;

namespace Hooke.Tests.Theory.ModifiedEquations;

/// <summary>Paths and their moments. Every statistical assertion is at 4.5 standard errors: a right implementation fails it with probability 7·10⁻⁶ over the choice of its seed, and seeds are fixed.</summary>
public class PathTests
{
    private const double Errors = 4.5;
    private static readonly Translates<Parabola> Pair = new(2, 1, -2, 1);
    private static readonly Translates<Well> Wells = new(2, 1, -2, 0.1);

    [Theory]
    [InlineData("0.9")]
    [InlineData("0.97")]
    [InlineData("0.4:0.5,0.6:0.95")]
    public void Paths_of_asynchronous_sgd_and_of_its_splitting_have_its_exact_moments(string staleness)
    {
        var law = StalenessLaw.Parse(staleness);
        var exact = new QuadraticMoments(2, 4, 0.01).Asynchronous(law, 1, 300);
        Agree(exact, 0, Ensemble.Run(new AsynchronousSgd<Translates<Parabola>>(Pair, 0.01, law), new(20_000, 300) { Points = 31 }));
        Agree(exact, 0, Ensemble.Run(new Solution<AsynchronousEquation<Translates<Parabola>>, Splitting>(new(Pair, 0.01, law), [1]), new(20_000, 300) { Points = 31, Seed = 2 }));
    }

    [Fact]
    public void Paths_with_growing_batches_have_their_exact_moments()
    {
        var shape = new GrowingBatch(1, 100, 0.02, 42);
        var f = new Translates<HalfParabola>(100, -0.495, 0.005, 1);
        double minimizer = Components.ShiftedQuadraticsMinimizer(), noise = Enumerable.Range(1, 100).Average(i => Math.Pow(-0.5 + i / 200.0 - minimizer, 2));
        var exact = new QuadraticMoments(1, noise, 0.02).Asynchronous(StalenessLaw.Geometric(0.9), 1 - minimizer, 300, shape.At);
        Agree(exact, minimizer, Ensemble.Run(new AsynchronousSgd<Translates<HalfParabola>>(f, 0.02, StalenessLaw.Geometric(0.9), default, shape), new(4000, 300) { Points = 31 }));
    }

    [Fact]
    public void In_figure_5_right_the_paths_choose_the_well_that_the_paper_says()
    {
        // 40,000 paths have standard errors of 0.15 %; the paper's own, of 5000, 0.42 %.
        var plan = new EnsemblePlan(40_000, 400) { Points = 2 };
        var law = StalenessLaw.Geometric(0.95);
        Assert.Equal(0.902, Ensemble.Run(new AsynchronousSgd<Translates<Well>>(Wells, 0.01, law), plan).FractionPositive, 0.007);
        Assert.Equal(0.903, Ensemble.Run(new PlainSolution<AsynchronousEquation<Translates<Well>>, Splitting>(new(Wells, 0.01, law), 0.1), plan).FractionPositive, 0.007);
        Assert.Equal(0.880, Ensemble.Run(new PlainSolution<StochasticGradientEquation<Translates<Well>>, EulerMaruyama>(new(Wells, 0.01), 0.1), plan).FractionPositive, 0.007);
    }

    [Fact]
    public void In_figure_5_left_sme_asgd_follows_asynchronous_sgd_within_the_sampling_error()
    {
        var f = new Translates<Quartic>(2, 1, -2, 1);
        var law = StalenessLaw.Geometric(0.95);
        var plan = new EnsemblePlan(5000, 600) { Points = 31 };
        var steps = Ensemble.Run(new AsynchronousSgd<Translates<Quartic>>(f, 0.001, law), plan).Moments();
        var equation = Ensemble.Run(new PlainSolution<AsynchronousEquation<Translates<Quartic>>, Splitting>(new(f, 0.001, law), 1), plan with { Seed = 2 }).Moments();
        for (int k = 1; k < steps.Length; k++)
        {
            // Steps of finite size leave a bias of the order of η times the moments.
            Assert.Equal(steps[k].Mean, equation[k].Mean, Errors * Math.Sqrt(2) * steps[k].StandardError + 0.001);
            Assert.Equal(steps[k].SecondMoment, equation[k].SecondMoment, Errors * Math.Sqrt(2) * steps[k].SecondMomentStandardError + 0.001);
        }
    }

    [Fact]
    public void Threads_and_other_paths_change_no_bit()
    {
        var process = new AsynchronousSgd<Translates<Well>>(Wells, 0.01, StalenessLaw.Geometric(0.9));
        var plan = new EnsemblePlan(1001, 50) { Points = 3, Threads = 1 };
        Assert.Equal(Ensemble.Run(process, plan).Moments(), Ensemble.Run(process, plan with { Threads = 4 }).Moments());
        var alone = Ensemble.Run(process, plan with { Paths = 1, FirstPath = 537 }).Moments();
        double[][] path = Ensemble.Path(process, 1, 537, 50);
        Assert.Equal(path[50][0], alone[^1].Mean);
    }

    [Fact]
    public void The_width_of_vectors_changes_no_bit()
    {
        // 75 paths fill no group of any width; batches and several dimensions have ways of their own.
        var law = StalenessLaw.Geometric(0.8);
        var plan = new EnsemblePlan(75, 70) { Points = 8 };
        Same(new AsynchronousSgd<Translates<Well>>(Wells, 0.01, law));
        Same(new AsynchronousSgd<Translates<Well>>(Wells, 0.01, StalenessLaw.Of(0.2, 0, 0.5, 0.3), default, new GrowingBatch(1, 10, 0.05, 4)));
        Same(new AsynchronousSgd<AnyComponents>(Branching.Quadratics(2, 3), 0.01, law));
        Same(new PlainSolution<AsynchronousEquation<Translates<Well>>, Splitting>(new(Wells, 0.01, law), 0.1, 3));
        Same(new Solution<StochasticGradientEquation<AnyComponents>, WeakSecondOrder>(new(Branching.Quadratics(2, 3), 0.01), [1, 0.6]));

        void Same<TProcess>(TProcess process) where TProcess : struct, IPathProcess
        {
            Ensemble narrow = Ensemble.Run<TProcess, Wide256>(process, plan), wide = Ensemble.Run<TProcess, Wide512>(process, plan);
            for (int c = 0; c < process.Dimension; c++) Assert.Equal(narrow.Moments(c), wide.Moments(c));
            Assert.Equal(narrow.Positive, wide.Positive);
        }
    }

    [Fact]
    public void The_full_history_changes_no_bit()
    {
        var law = StalenessLaw.Geometric(0.6);
        double[][] window = Ensemble.Path(new AsynchronousSgd<Translates<Well>>(Wells, 0.01, law), 1, 3, 500), full = Ensemble.Path(new AsynchronousSgd<Translates<Well>>(Wells, 0.01, law, default, null, 501), 1, 3, 500);
        Assert.Equal(window.Select(x => x[0]), full.Select(x => x[0]));
    }

    [Fact]
    public void A_path_is_the_algorithm_written_out()
    {
        const double Eta = 0.01, Mu = 0.9;
        var law = StalenessLaw.Of(0.2, 0, 0.5, 0.3);
        foreach (var staleness in new[] { law, StalenessLaw.Geometric(Mu) })
        {
            var process = new AsynchronousSgd<Translates<Well>>(Wells, Eta, staleness, default, 3);
            double[][] path = Ensemble.Path(process, 77, 12, 100);
            var x = new List<double> { 0.1 };
            for (int k = 0; k < 100; k++)
            {
                var noise = new Noise(77, 12, k, NoiseStream.Sampling);
                double scaled = 2 * (new Noise(77, 12, k / 2, NoiseStream.Sampling).Bits(k % 2) >> 12) * Math.ScaleB(1, -52), read = x[Math.Max(0, k - staleness.Draw(scaled % 1))], sum = 0;
                foreach (long component in (long[])[(long)scaled, noise.Integer(2, 2), noise.Integer(3, 2)])
                {
                    double z = read - (component == 0 ? 1 : -1);
                    sum += 4 * z * Math.Exp(-z * z);
                }
                x.Add(x[k] - Eta * sum / 3);
                Assert.Equal(x[k + 1], path[k + 1][0], 1e-13);
            }
        }
    }

    [Fact]
    public void The_wide_objectives_are_those_of_the_catalog()
    {
        Same(Components.QuadraticPair<double>(), Pair);
        Same(Components.QuarticPair<double>(), new Translates<Quartic>(2, 1, -2, 1));
        Same(Components.DoubleWellPair<double>(), Wells);
        Same(Components.ShiftedQuadratics<double>(), new Translates<HalfParabola>(100, -0.495, 0.005, 1));

        static void Same<TShape>(ComponentSum<double> sum, Translates<TShape> wide) where TShape : struct, IShape
        {
            Assert.Equal((sum.Components, sum.Start[0]), (wide.Components, wide.Start[0]));
            IPathObjective any = new AnyComponents(sum);
            var a = new Wide256[3];
            var b = new Wide256[3];
            foreach (double x in new[] { -1.3, 0.1, 0.9 })
            {
                Wide256[] at = [Wide256.Create(x)], along = [Wide256.Create(0.8)];
                any.Mean(at, a.AsSpan(0, 1), a.AsSpan(1, 1));
                wide.Mean(at, b.AsSpan(0, 1), b.AsSpan(1, 1));
                any.Curve(at, along, a.AsSpan(2));
                wide.Curve(at, along, b.AsSpan(2));
                for (int k = 0; k < 3; k++) Assert.Equal(a[k][0], b[k][0], 1e-8);
            }
        }
    }

    [Fact]
    public void Wrong_numbers_are_refused_with_name_value_and_range()
    {
        Refused("paths is 0; it must be at least 1", () => Ensemble.Run(new AsynchronousSgd<Translates<Parabola>>(Pair, 0.01, StalenessLaw.Geometric(0.5)), new(0, 1)));
        Refused("learning rate is 0; it must be finite and above 0", () => new AsynchronousSgd<Translates<Parabola>>(Pair, 0, StalenessLaw.Geometric(0.5)));
        Refused("staleness is 1; it must be at least 0 and below 1", () => StalenessLaw.Geometric(1));
        Refused("the weights of a staleness law add up to 0.5; they must add up to 1", () => StalenessLaw.Mixture(new Exponential(0.5, 0.5)));
        Refused("weight 1 is -1; it must be finite and at least 0", () => StalenessLaw.Of(1, -1));
        Refused("the staleness law is no sum of exponentials", () => new AsynchronousEquation<Translates<Parabola>>(Pair, 0.1, StalenessLaw.Of(1, 1)));
        Refused("substeps is 0; it must be at least 1", () => new PlainSolution<AsynchronousEquation<Translates<Parabola>>, Splitting>(new(Pair, 0.1, StalenessLaw.Geometric(0.5)), 1, 0));

        static void Refused(string message, Func<object> act) => Assert.Contains(message, Assert.Throws<ArgumentException>(act).Message);
    }

    private static void Agree(Moment[] exact, double minimizer, Ensemble ensemble)
    {
        foreach (var at in ensemble.Moments())
        {
            var expected = exact[at.Step];
            Assert.Equal(expected.Mean + minimizer, at.Mean, Errors * at.StandardError + 1e-12);
            Assert.Equal(expected.SecondMoment + 2 * minimizer * expected.Mean + minimizer * minimizer, at.SecondMoment, Errors * at.SecondMomentStandardError + 1e-12);
        }
    }
}
