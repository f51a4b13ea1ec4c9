using Hooke.Methods.Catalog;
using Hooke.Problems;
using Hooke.Runs;
using Hooke.Theory.Bounds;
using Xunit;

namespace Hooke.Tests.Theory;

/// <summary>Rates of gradient descent, CM and NAG against iteration, and against the catalog's methods.</summary>
public sealed class MomentumRatesTests
{
    private const int Trials = 100;

    [Fact]
    public void Contractions_are_those_of_iterating_the_step()
    {
        var dice = new Dice(11);
        for (int trial = 0; trial < Trials; trial++)
        {
            double gamma = dice.Magnitude(0.01, 1), beta = gamma * dice.Magnitude(1, 1000), rate = dice.Between(0.01, 1.9) / beta, momentum = dice.Between(0, 0.999), within = dice.Between(gamma, beta);
            double Worst(double mu, bool ahead) => Math.Max(Iterated(rate, mu, gamma, ahead), Iterated(rate, mu, beta, ahead));
            double cm = MomentumRates.MomentumContraction(rate, momentum, gamma, beta), nag = MomentumRates.NesterovContraction(rate, momentum, gamma, beta);
            Assert.Equal(Worst(momentum, ahead: false), cm, 1e-8);
            Assert.Equal(Worst(momentum, ahead: true), nag, 1e-8);
            Assert.Equal(Worst(0, ahead: false), MomentumRates.GradientDescentContraction(rate, gamma, beta), 1e-8);
            Assert.Equal(MomentumRates.GradientDescentContraction(rate, gamma, beta), MomentumRates.MomentumContraction(rate, 0, gamma, beta), 1e-12);
            // Curvatures in between are not slower.
            Assert.InRange(Iterated(rate, momentum, within, ahead: false), 0, cm + 1e-8);
            Assert.InRange(Iterated(rate, momentum, within, ahead: true), 0, nag + 1e-8);
        }
    }

    [Fact]
    public void No_other_rate_and_momentum_contract_faster()
    {
        foreach (var (gamma, beta) in ((double, double)[])[(1, 1), (1, 10), (0.2, 100), (3, 3e4)])
        {
            double rate = MomentumRates.MomentumOptimalRate(gamma, beta), momentum = MomentumRates.MomentumOptimalMomentum(gamma, beta), least = MomentumRates.MomentumOptimalContraction(gamma, beta);
            // The optimum is a double eigenvalue: radii are exact to the root of the rounding only.
            Assert.Equal(least, MomentumRates.MomentumContraction(rate, momentum, gamma, beta), 1e-7);
            double descent = MomentumRates.GradientDescentOptimalContraction(gamma, beta), descentRate = MomentumRates.GradientDescentOptimalRate(gamma, beta);
            Assert.Equal(descent, MomentumRates.GradientDescentContraction(descentRate, gamma, beta), 1e-12);
            for (int i = 0; i < 100; i++)
            {
                double other = 4 / beta * (i + 0.5) / 100;
                Assert.True(MomentumRates.GradientDescentContraction(other, gamma, beta) >= descent - 1e-12);
                for (int j = 0; j < 100; j++) Assert.True(MomentumRates.MomentumContraction(other, j / 100.0, gamma, beta) >= least - 1e-12);
            }
            // √R fewer steps, nearly, for large R.
            if (beta / gamma > 400) Assert.Equal(1, Math.Log(least) / Math.Log(descent) / Math.Sqrt(beta / gamma), 0.01);
        }
    }

    [Theory]
    [InlineData(0.9, 0.3, 2.0)]
    [InlineData(0.99, 0.05, 7.0)]
    [InlineData(0.5, 1.2, 0.8)]
    public void Nag_is_cm_with_its_effective_momentum(double momentum, double rate, double curvature)
    {
        double effective = MomentumRates.EffectiveMomentum(rate, momentum, curvature);
        using var nag = Play("msgd", rate, momentum, curvature);
        using var cm = Play("heavy-ball", rate, effective, curvature);
        using var other = Play("heavy-ball", rate, momentum, curvature);
        for (int step = 0; step < 50; step++)
        {
            foreach (var star in (Star<double>[])[nag, cm, other]) Turns.Run(star, 1);
            Assert.Equal(nag.Center[0], cm.Center[0], 1e-12);
            if (step > 0 && step < 10) Assert.NotEqual(nag.Center[0], other.Center[0], 1e-9);
        }
    }

    [Fact]
    public void The_catalogs_methods_contract_as_fast()
    {
        const double Rate = 0.1, Momentum = 0.8, Gamma = 0.3, Beta = 9;
        foreach (string name in (string[])["gd", "heavy-ball", "msgd"])
        {
            var method = AllMethods.Find(name).For(1, name == "gd" ? [("learning-rate", Rate)] : [("learning-rate", Rate), ("momentum", Momentum)]);
            double expected = name == "gd" ? MomentumRates.GradientDescentContraction(Rate, Gamma, Beta)
                : name == "msgd" ? MomentumRates.NesterovContraction(Rate, Momentum, Gamma, Beta) : MomentumRates.MomentumContraction(Rate, Momentum, Gamma, Beta);
            using var star = new Star<double>(method, new Quadratic<double>([Gamma, Beta], start: [1.0]), 1);
            // The envelope of a complex pair is the norm over a few steps.
            double before = Norm(star, 300), after = Norm(star, 300);
            Assert.Equal(Math.Log(expected), Math.Log(after / before) / 300, 0.02 * Math.Abs(Math.Log(expected)));
        }
    }

    [Fact]
    public void Gradient_descent_and_nag_keep_their_bounds_on_convex_functions()
    {
        var dice = new Dice(12);
        double closest = 0, closestNag = 0;
        for (int trial = 0; trial < Trials; trial++)
        {
            // Flat and steep directions; the bound does not know the flat ones.
            double beta = dice.Magnitude(0.1, 10), rate = dice.Between(0.05, 1) / beta;
            double[] curvature = [beta, beta * dice.Magnitude(1e-4, 1), beta * dice.Magnitude(1e-4, 1)], w = [dice.Gaussian(), dice.Gaussian(), 3 * dice.Gaussian()], ahead = [.. w], nag = [.. w];
            double distance = Math.Sqrt(w.Sum(x => x * x)), theta = 1;
            double F(double[] x) => x.Select((value, k) => curvature[k] * value * value / 2).Sum();
            for (int t = 1; t <= 200; t++)
            {
                double next = (1 + Math.Sqrt(1 + 4 * theta * theta)) / 2;
                for (int k = 0; k < 3; k++)
                {
                    w[k] -= rate * curvature[k] * w[k];
                    double moved = ahead[k] - rate * curvature[k] * ahead[k];
                    ahead[k] = moved + (theta - 1) / next * (moved - nag[k]);
                    nag[k] = moved;
                }
                theta = next;
                Assert.InRange(F(w), 0, MomentumRates.GradientDescent(rate, distance, t));
                Assert.InRange(F(nag), 0, MomentumRates.Nesterov(rate, distance, t));
                closest = Math.Max(closest, F(w) / MomentumRates.GradientDescent(rate, distance, t));
                closestNag = Math.Max(closestNag, F(nag) / MomentumRates.Nesterov(rate, distance, t));
            }
        }
        // Of quadratics none gets above 1/(2e) of the first bound.
        Assert.InRange(closest, 0.15, 0.185);
        Assert.True(closestNag > 0.3);
    }

    [Fact]
    public void Equation_8_needs_the_smaller_rate_of_the_errata()
    {
        // f = ½w² and α = 1.99, which the text allows: f(w₅₀) is far above the bound.
        double w = Math.Pow(1 - 1.99, 50);
        Assert.True(w * w / 2 > 10 * MomentumRates.GradientDescent(1.99, 1, 50));
        Assert.Throws<ArgumentException>(() => AllBounds.Find("survey-8").At(("learning-rate", 1.99), ("smoothness", 1), ("distance", 1), ("steps", 50)));
    }

    private static Star<double> Play(string name, double rate, double momentum, double curvature)
        => new(AllMethods.Find(name).For(1, ("learning-rate", rate), ("momentum", momentum)), new Quadratic<double>([curvature], start: [1.0]), 1);

    private static double Norm(Star<double> star, int steps)
    {
        Turns.Run(star, steps - 10);
        double sum = 0;
        for (int k = 0; k < 10; k++)
        {
            Turns.Run(star, 1);
            foreach (double x in star.Center) sum += x * x;
        }
        return Math.Sqrt(sum);
    }

    /// <summary>The contraction of (v, w) along an eigenvector in the long run: of 2⁴⁰ steps, by squaring the step's matrix.</summary>
    private static double Iterated(double rate, double momentum, double curvature, bool ahead)
    {
        // v ← μv − αλ(w + μv) or μv − αλw; w ← w + v: the columns are the steps from (1, 0) and (0, 1).
        (double, double) Step(double v, double w)
        {
            double next = momentum * v - rate * curvature * (ahead ? w + momentum * v : w);
            return (next, w + next);
        }
        var ((a, c), (b, d)) = (Step(1, 0), Step(0, 1));
        double log = 0;
        for (int k = 0; k < 40; k++)
        {
            (a, b, c, d) = (a * a + b * c, a * b + b * d, c * a + d * c, c * b + d * d);
            double norm = Math.Max(Math.Max(Math.Abs(a), Math.Abs(b)), Math.Max(Math.Abs(c), Math.Abs(d)));
            if (norm == 0) return 0;
            (a, b, c, d) = (a / norm, b / norm, c / norm, d / norm);
            log = 2 * log + Math.Log(norm);
        }
        return Math.Exp(log / Math.Pow(2, 40));
    }
}
