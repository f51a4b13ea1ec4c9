using Hooke.Numerics;
using Hooke.Theory.ModifiedEquations;
using Xunit;

namespace Hooke.Tests.Theory.ModifiedEquations;

/// <summary>Moments that are exact, against every branch followed.</summary>
public class ExactMomentTests
{
    private const double Eta = 0.05;
    private static readonly StalenessLaw Geometric = StalenessLaw.Geometric(0.7), Sum = StalenessLaw.Mixture(new Exponential(0.3, 0.2), new Exponential(0.7, 0.8));

    public static TheoryData<int, bool> Dimensions => new() { { 1, false }, { 1, true }, { 2, false }, { 2, true } };

    [Theory]
    [MemberData(nameof(Dimensions))]
    public void The_splitting_has_the_moments_of_asynchronous_sgd_on_quadratics(int dimension, bool sum)
    {
        var f = Branching.Quadratics(dimension, 2);
        var law = sum ? Sum : Geometric;
        var equation = new AsynchronousEquation<AnyComponents>(f, Eta, law);
        for (int steps = 1; steps <= 5; steps++)
            Same(Branching.AsynchronousSgd(f, Eta, law, steps), Branching.Scheme<AsynchronousEquation<AnyComponents>, Splitting>(equation, f.Start.ToArray(), equation.Clock.Increment, steps, 2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_splitting_of_the_linear_equation_has_them_too(int dimension)
    {
        var f = Branching.Quadratics(dimension, 2);
        var equation = new LinearAsynchronousEquation<AnyComponents>(f, Eta, 0.7);
        for (int steps = 1; steps <= 5; steps++)
            Same(Branching.AsynchronousSgd(f, Eta, Geometric, steps), Branching.Scheme<LinearAsynchronousEquation<AnyComponents>, Splitting>(equation, f.Start.ToArray(), equation.Clock.Increment, steps, 2, Position));

        // At the steps, x_k = (m_k − μ m_(k−1))/(1−μ) = M + μP/κ; the equation's own X is M + P/κ, one limit of both.
        void Position(Wide256[] state, Wide256[] x)
        {
            for (int k = 0; k < dimension; k++) x[k] = state[dimension + k] + state[k] * (0.7 * Math.Sqrt(Eta / 0.3));
        }
    }

    [Fact]
    public void The_splitting_of_the_momentum_equation_has_the_moments_of_momentum_sgd()
    {
        var f = Branching.Quadratics(2, 3);
        var equation = new MomentumEquation<AnyComponents>(f, Eta, 0.6);
        for (int steps = 1; steps <= 5; steps++)
            Same(Branching.MomentumSgd(f, Eta, 0.6, steps), Branching.Scheme<MomentumEquation<AnyComponents>, Splitting>(equation, f.Start.ToArray(), equation.Clock.Increment, steps, 2));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void The_moments_without_paths_are_those_of_asynchronous_sgd(int batch, bool sum)
    {
        const int Components = 3;
        var f = Branching.Quadratics(1, Components);
        var (curvatures, centers) = Branching.OneDimensional(Components);
        var quadratic = new QuadraticMoments(curvatures, centers, Eta);
        var law = sum ? Sum : Geometric;
        var moments = quadratic.Asynchronous(law, f.Start[0] - quadratic.Minimizer, 4, _ => batch);
        for (int steps = 0; steps <= 4; steps++) SameAs(moments[steps], Branching.AsynchronousSgd(f, Eta, law, steps, batch), quadratic.Minimizer);
    }

    [Theory]
    [InlineData(0.9)]
    [InlineData(0.97)]
    public void Over_a_long_run_the_splitting_keeps_them(double staleness)
    {
        // The splitting's step is linear in its moments 1, x, g, x², xg, g², S: its map is read off states with noise of both
        // signs, and iterated.
        var f = new Translates<Parabola>(2, 1, -2, 1);
        var equation = new AsynchronousEquation<Translates<Parabola>>(f, 0.01, StalenessLaw.Geometric(staleness));
        var exact = new QuadraticMoments(2, 4, 0.01).Asynchronous(StalenessLaw.Geometric(staleness), 1, 2000);
        var map = MomentMap.Of<AsynchronousEquation<Translates<Parabola>>, Splitting>(equation, equation.Clock.Increment);
        double[] moments = MomentMap.Begin(equation, 1);
        for (int k = 0; k <= 2000; k++)
        {
            Assert.Equal(exact[k].Mean, moments[1], 1e-12);
            Assert.Equal(exact[k].SecondMoment, moments[3], 1e-12);
            moments = map.Apply(moments);
        }
    }

    [Theory]
    [InlineData(0.9)]
    [InlineData(0.95)]
    [InlineData(0.97)]
    public void In_figure_4_the_errors_of_sme_sgd_exceed_those_of_sme_asgd_tenfold_in_the_mean(double staleness)
    {
        var quadratic = new QuadraticMoments(2, 4, 0.01);
        const int Steps = 1000;
        Moment[] exact = quadratic.Asynchronous(StalenessLaw.Geometric(staleness), 1, Steps), own = quadratic.ModifiedEquation(staleness, 1, Steps), printed = quadratic.ModifiedEquation(staleness, 1, Steps, CovarianceForm.Printed), sgd = quadratic.StochasticGradientEquation(1, Steps);
        double Error(Moment[] of, Func<Moment, double> part) => exact.Zip(of, (e, m) => Math.Abs(part(e) - part(m))).Max();
        Assert.InRange(Error(own, m => m.Mean), 0, 0.005);
        Assert.InRange(Error(sgd, m => m.Mean), 10 * Error(own, m => m.Mean), 1);
        Assert.InRange(Error(sgd, m => m.SecondMoment), 10 * Error(own, m => m.SecondMoment), 1);
        Assert.InRange(Error(printed, m => m.SecondMoment), 0, 0.003);
    }

    [Fact]
    public void Wrong_initial_conditions_ruin_figure_4()
    {
        // With Y₀ = 0 the mean's error is twentyfold: what the figures depend on.
        var quadratic = new QuadraticMoments(2, 4, 0.01);
        var exact = quadratic.Asynchronous(StalenessLaw.Geometric(0.95), 1, 300);
        double dt = Clock.Asynchronous(0.01, 0.95).Increment, kappa = 0.05 / dt, x = 1, y = 0, worst = 0;
        for (int k = 1; k <= 300; k++)
        {
            for (int sub = 0; sub < 100; sub++) (x, y) = (x + dt / 100 * y, y - dt / 100 * (2 * x + kappa * y));
            worst = Math.Max(worst, Math.Abs(x - exact[k].Mean));
        }
        Assert.InRange(worst, 0.1, 1);
    }

    [Fact]
    public void The_stationary_moments_are_where_the_equation_ends()
    {
        var quadratic = new QuadraticMoments(2, 4, 0.01);
        // (5.4) holds Σ at its value at x*; the equation's own Σ = S − g² differs by the reads' spread, of order a²E x².
        var end = quadratic.ModifiedEquation(0.9, 0, 4000)[^1].SecondMoment;
        var stationary = quadratic.Stationary(0.9);
        Assert.Equal(stationary.XX, end, 0.03 * stationary.XX);
        double kappa = Math.Sqrt(0.1 / 0.01), spread = Math.Pow(0.01, 1.5) / Math.Sqrt(0.1) * 4;
        Assert.Equal(0, 2 * stationary.XY + spread, 1e-12);
        Assert.Equal(0, -2 * kappa * stationary.YY - 4 * stationary.XY, 1e-12);
        Assert.Equal(0, -2 * stationary.XX + stationary.YY - kappa * stationary.XY, 1e-12);
    }

    [Fact]
    public void Staleness_is_best_at_its_optimum()
    {
        const double A = 2, Rate = 0.01;
        var quadratic = new QuadraticMoments(A, 0, Rate);
        Assert.Equal(0.92, quadratic.OptimalStaleness, 1e-12);
        // Decay of the means of the steps themselves: x ← x − ηg, g ← μg + (1−μ)a x.
        double Radius(double mu)
        {
            double trace = 1 + mu - (1 - mu) * A * Rate, determinant = mu, root = trace * trace - 4 * determinant;
            return root <= 0 ? Math.Sqrt(determinant) : (Math.Abs(trace) + Math.Sqrt(root)) / 2;
        }
        double best = quadratic.OptimalStalenessOfSteps;
        Assert.True(Radius(best) < Radius(best - 1e-4) && Radius(best) < Radius(best + 1e-4));
        // And of the equation, in time.
        double Decay(double mu) => quadratic.SecondMomentRates(mu).Slow.Real;
        Assert.True(Decay(0.92) < Decay(0.919) && Decay(0.92) < Decay(0.921));
        Assert.Equal(0.02 / 8, QuadraticMoments.OptimalLearningRate(A, 0.98), 1e-12);
    }

    [Fact]
    public void Rates_solve_their_characteristic_equations()
    {
        foreach (double mu in new[] { 0.5, 0.9, 0.97 })
        {
            var quadratic = new QuadraticMoments(2, 0, 0.01);
            var kappa = Math.Sqrt((1 - mu) / 0.01);
            var (slow, fast) = quadratic.MeanRates(mu);
            Assert.Equal(0, (slow * slow + kappa * slow + 2).Magnitude, 1e-9);
            Assert.Equal(0, (fast * fast + kappa * fast + 2).Magnitude, 1e-9);
            var (slowest, middle, fastest) = quadratic.SecondMomentRates(mu);
            Assert.Equal(0, (2 * slow - slowest).Magnitude + (middle + kappa).Magnitude + (2 * fast - fastest).Magnitude, 1e-9);
        }
    }

    [Fact]
    public void Asynchrony_begets_momentum()
    {
        foreach (double mu in new[] { 0.5, 0.9, 0.99 })
        {
            var stale = LangevinLaw.Asynchronous(0.02, mu, 3);
            var moving = LangevinLaw.Momentum(LangevinLaw.EquivalentLearningRate(0.02, mu), mu, 3);
            Assert.Equal(stale.Temperature, moving.Temperature, 1e-15);
            Assert.Equal(stale.Friction, moving.Friction, 1e-12);
            Assert.Equal(Clock.Asynchronous(0.02, mu).Increment, Clock.Momentum(0.02 * (1 - mu)).Increment, 1e-15);
        }
    }

    private static void Same(double[] expected, double[] actual)
    {
        for (int k = 0; k < expected.Length; k++) Assert.Equal(expected[k], actual[k], 1e-12);
    }

    private static void SameAs(Moment moment, double[] branches, double minimizer)
    {
        Assert.Equal(branches[0] - minimizer, moment.Mean, 1e-12);
        Assert.Equal(branches[1] - 2 * minimizer * branches[0] + minimizer * minimizer, moment.SecondMoment, 1e-12);
    }
}
