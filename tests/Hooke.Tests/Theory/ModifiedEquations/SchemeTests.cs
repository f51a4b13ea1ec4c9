using Hooke.Numerics;
using Hooke.Theory.ModifiedEquations;
using Xunit;

namespace Hooke.Tests.Theory.ModifiedEquations;

/// <summary>Schemes have the orders that they declare.</summary>
public class SchemeTests
{
    private const double Eta = 0.05, Staleness = 0.8;
    private static readonly AnyComponents Objective = Branching.Quadratics(1, 2);

    private static QuadraticMoments Exact()
    {
        var (curvatures, centers) = Branching.OneDimensional(2);
        return new(curvatures, centers, Eta);
    }

    [Fact]
    public void The_weak_orders_are_those_declared()
    {
        var asynchronous = new AsynchronousEquation<AnyComponents>(Objective, Eta, StalenessLaw.Geometric(Staleness));
        Iterated<EulerMaruyama>(asynchronous);
        Iterated<Splitting>(asynchronous);
        Branched<AsynchronousEquation<AnyComponents>, WeakSecondOrder>(asynchronous, 2, Exact().ModifiedEquation(Staleness, 1 - Exact().Minimizer, 2)[^1]);
        // Components of different curvature make SME-SGD's noise multiplicative.
        var sgd = new StochasticGradientEquation<AnyComponents>(Objective, Eta);
        Branched<StochasticGradientEquation<AnyComponents>, EulerMaruyama>(sgd, 4, Exact().StochasticGradientEquation(1 - Exact().Minimizer, 4)[^1]);
        Branched<StochasticGradientEquation<AnyComponents>, WeakSecondOrder>(sgd, 4, Exact().StochasticGradientEquation(1 - Exact().Minimizer, 4)[^1]);
    }

    /// <summary>Moments after the time of 8 steps, in 128 and 256 steps of a scheme that is linear in them.</summary>
    private static void Iterated<TScheme>(AsynchronousEquation<AnyComponents> equation) where TScheme : struct, IScheme
        => Halves(TScheme.WeakOrder, Exact().ModifiedEquation(Staleness, 1 - Exact().Minimizer, 8)[^1], fine =>
        {
            int steps = fine ? 256 : 128;
            var map = MomentMap.Of<AsynchronousEquation<AnyComponents>, TScheme>(equation, equation.Clock.TimeOf(8) / steps);
            double[] moments = MomentMap.Begin(equation, 1);
            for (int k = 0; k < steps; k++) moments = map.Apply(moments);
            return (moments[1], moments[3]);
        });

    /// <summary>Moments after the time of a few steps, in 4 and 8 steps of any scheme: every branch of a three-point quadrature, so no sampling error.</summary>
    private static void Branched<TEquation, TScheme>(TEquation equation, int time, Moment exact) where TEquation : IModifiedEquation where TScheme : struct, IScheme
        => Halves(TScheme.WeakOrder, exact, fine =>
        {
            int steps = fine ? 8 : 4;
            double[] moments = Branching.Scheme<TEquation, TScheme>(equation, [1], equation.Clock.TimeOf(time) / steps, steps, 3);
            return (moments[0], moments[1]);
        });

    /// <summary>Whether half the step has 2^−q of the error.</summary>
    private static void Halves(double order, Moment exact, Func<bool, (double Mean, double Second)> solve)
    {
        double minimizer = Exact().Minimizer;
        (double Mean, double Second) Error((double Mean, double Second) m) => (Math.Abs(m.Mean - minimizer - exact.Mean), Math.Abs(m.Second - 2 * minimizer * m.Mean + minimizer * minimizer - exact.SecondMoment));
        var (coarse, fine) = (Error(solve(false)), Error(solve(true)));
        Assert.InRange(Math.Log2(coarse.Mean / fine.Mean), order - 0.1, order + 0.1);
        Assert.InRange(Math.Log2(coarse.Second / fine.Second), order - 0.1, order + 0.1);
    }

    [Fact]
    public void The_strong_orders_are_those_declared()
    {
        var asynchronous = new AsynchronousEquation<AnyComponents>(Objective, Eta, StalenessLaw.Geometric(Staleness));
        Strong<AsynchronousEquation<AnyComponents>, EulerMaruyama>(asynchronous);
        Strong<AsynchronousEquation<AnyComponents>, Splitting>(asynchronous);
        Strong<AsynchronousEquation<AnyComponents>, WeakSecondOrder>(asynchronous);
        var sgd = new StochasticGradientEquation<AnyComponents>(new AnyComponents(new(2, (_, _) => 0, (i, x, sum) => sum[0] += (i == 0 ? 4 : -2) * x[0], 1.0)), 0.2);
        Strong<StochasticGradientEquation<AnyComponents>, EulerMaruyama>(sgd);
        Strong<StochasticGradientEquation<AnyComponents>, WeakSecondOrder>(sgd);
    }

    /// <summary>Mean distance after the time of two steps from a solution of the same noise with much smaller steps, 16 and 256 steps; 1600 paths, whose slope has a standard error of about 0.02.</summary>
    private static void Strong<TEquation, TScheme>(TEquation equation) where TEquation : IModifiedEquation where TScheme : struct, IScheme
    {
        const int Finest = 4096, Groups = 200;
        double time = equation.Clock.TimeOf(2);
        int[] steps = [16, 256];
        var distance = new double[steps.Length];
        for (int group = 0; group < Groups; group++)
        {
            var noise = new Wide256[Finest];
            new WideNoise<Wide256>(3, group * Wide256.Count, NoiseStream.Gradient, 0).Fill(0, noise);
            WideNoise<Wide256>.ToNormal(noise);
            var reference = Solve(Finest);
            for (int s = 0; s < steps.Length; s++) distance[s] += Lanes(Solve(steps[s]) - reference).Sum(Math.Abs);

            Wide256 Solve(int count)
            {
                var state = new Wide256[equation.Size];
                var scratch = new Wide256[TScheme.Scratch(equation)];
                equation.Begin<Wide256>([1], state);
                int each = Finest / count;
                for (int k = 0; k < count; k++)
                {
                    var sum = default(Wide256);
                    for (int j = 0; j < each; j++) sum += noise[k * each + j];
                    TScheme.Step<TEquation, Wide256>(equation, time / count, [sum * (1 / Math.Sqrt(each))], state, scratch);
                }
                return state[0];
            }
        }
        double slope = Math.Log(distance[0] / distance[1]) / Math.Log((double)steps[1] / steps[0]);
        Assert.InRange(slope, TScheme.StrongOrder(equation) - 0.1, TScheme.StrongOrder(equation) + 0.1);
    }

    private static IEnumerable<double> Lanes(Wide256 wide) => Enumerable.Range(0, Wide256.Count).Select(lane => wide[lane]);

    [Fact]
    public void The_linear_equation_is_the_general_one_in_other_variables()
    {
        var f = Branching.Quadratics(2, 3);
        var general = new Solution<AsynchronousEquation<AnyComponents>, EulerMaruyama>(new(f, Eta, StalenessLaw.Geometric(Staleness)), f.Start);
        var linear = new Solution<LinearAsynchronousEquation<AnyComponents>, EulerMaruyama>(new(f, Eta, Staleness), f.Start);
        double[][] a = Ensemble.Path(general, 4, 7, 100), b = Ensemble.Path(linear, 4, 7, 100);
        for (int k = 0; k <= 100; k++) for (int c = 0; c < 2; c++) Assert.Equal(a[k][c], b[k][c], 1e-10);
    }

    [Theory]
    [InlineData(CovarianceForm.ItoLimit)]
    [InlineData(CovarianceForm.Printed)]
    public void The_covariance_evolves_as_the_named_form_says(CovarianceForm form)
    {
        // Σ = S − g² and Y = −g/κ, so dΣ = dS − 2g dg; against (2.12) and its limit written out.
        var f = new Translates<Quartic>(2, 1, -2, 1);
        var equation = new AsynchronousEquation<Translates<Quartic>>(f, Eta, StalenessLaw.Geometric(Staleness), form);
        double x = 0.7, g = -1.3, s = 9, kappa = Math.Sqrt((1 - Staleness) / Eta), y = -g / kappa, sigma = s - g * g;
        var drift = new Wide256[2];
        equation.SmoothDrift<Wide256>([Wide256.Create(x), Wide256.Create(g), Wide256.Create(s)], drift);
        double slope = 4 * x * x * x + 12 * x, second = (Math.Pow(4 * Math.Pow(x - 1, 3), 2) + Math.Pow(4 * Math.Pow(x + 1, 3), 2)) / 2, rest = 1 - Staleness;
        double expected = form == CovarianceForm.ItoLimit
            ? -kappa * sigma + kappa * second + rest / Eta * (kappa * y * y + 2 * slope * y)
            : -kappa * sigma + kappa * (second + rest / Staleness * slope * slope) + rest / (Eta * Staleness) * (kappa * y * y + 2 * slope * y);
        Assert.Equal(expected, drift[1][0] - 2 * g * drift[0][0], 1e-9);
        Assert.Equal(-slope - kappa * y, -drift[0][0] / kappa, 1e-12);
    }

    [Fact]
    public void The_step_of_the_splitting_is_the_printed_difference_equation()
    {
        var f = new Translates<Quartic>(2, 1, -2, 1);
        var equation = new AsynchronousEquation<Translates<Quartic>>(f, Eta, StalenessLaw.Geometric(Staleness));
        double h = equation.Clock.Increment, alpha = Math.Sqrt(Eta / (1 - Staleness)), mu = Staleness;
        double x = 0.7, g = -1.3, s = 9, xi = 0.4, y = -alpha * g, sigma = s - g * g;
        Wide256[] state = [Wide256.Create(x), Wide256.Create(g), Wide256.Create(s)];
        Splitting.Step<AsynchronousEquation<Translates<Quartic>>, Wide256>(equation, h, [Wide256.Create(xi)], state, new Wide256[Splitting.Scratch(equation)]);
        // (2.10), (2.9), and (2.12) with coefficients at the new x and y.
        double x1 = x + Eta / alpha * y + Math.Sqrt(sigma) * Math.Pow(Eta, 0.75) / Math.Pow(1 - mu, 0.25) * Math.Sqrt(h) * xi;
        double slope = 4 * x1 * x1 * x1 + 12 * x1, second = (Math.Pow(4 * Math.Pow(x1 - 1, 3), 2) + Math.Pow(4 * Math.Pow(x1 + 1, 3), 2)) / 2;
        double y1 = y + h * (-y / alpha - slope);
        double sigma1 = sigma + h * (-sigma / alpha + (second + (1 - mu) / mu * slope * slope) / alpha + (1 - mu) / (Eta * mu) * (y1 * y1 / alpha + 2 * slope * y1));
        Assert.Equal(x1, state[0][0], 1e-12);
        Assert.Equal(y1, -alpha * state[1][0], 1e-12);
        Assert.Equal(sigma1, (state[2] - state[1] * state[1])[0], 1e-9);
    }

    [Fact]
    public void Plain_solutions_have_the_bits_of_the_general_ones()
    {
        var well = new Translates<Well>(2, 1, -2, 0.1);
        var asynchronous = new AsynchronousEquation<Translates<Well>>(well, 0.01, StalenessLaw.Geometric(0.95), CovarianceForm.Printed);
        var sgd = new StochasticGradientEquation<Translates<Well>>(well, 0.01);
        Assert.Equal(Bits(new Solution<AsynchronousEquation<Translates<Well>>, Splitting>(asynchronous, [0.1], 3)), Bits(new PlainSolution<AsynchronousEquation<Translates<Well>>, Splitting>(asynchronous, 0.1, 3)));
        Assert.Equal(Bits(new Solution<AsynchronousEquation<Translates<Well>>, EulerMaruyama>(asynchronous, [0.1])), Bits(new PlainSolution<AsynchronousEquation<Translates<Well>>, EulerMaruyama>(asynchronous, 0.1)));
        Assert.Equal(Bits(new Solution<StochasticGradientEquation<Translates<Well>>, EulerMaruyama>(sgd, [0.1])), Bits(new PlainSolution<StochasticGradientEquation<Translates<Well>>, EulerMaruyama>(sgd, 0.1)));

        static double[] Bits<TProcess>(TProcess process) where TProcess : struct, IPathProcess => [.. Ensemble.Path(process, 9, 5, 200).Select(x => x[0])];
    }
}
