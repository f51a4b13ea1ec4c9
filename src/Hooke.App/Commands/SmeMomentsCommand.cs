using System.CommandLine;
using System.Numerics;
using Hooke.Theory.ModifiedEquations;

namespace Hooke.App.Commands;

/// <summary><c>hooke sme moments</c>: what is exact on a quadratic, without paths. [AnLuYing18, appendix B]</summary>
internal static class SmeMomentsCommand
{
    public static Command Create()
    {
        var command = new Command("moments", "Exact moments on a quadratic, without paths: of asynchronous SGD, of SME-ASGD and of SME-SGD; rates, optima, stationary laws.");
        TextOption curvature = SmeCommand.Curvature(), staleness = SmeCommand.Staleness("0.95"), learningRate = SmeCommand.LearningRate("0.01"),
            noise = new("noise", SmeCommand.Group, "Σ", "variance of a component's gradient", "4"),
            start = new("start", SmeCommand.Group, "x", "x − x* at all times up to 0", "1"),
            steps = new("steps", "Size", "k", "steps of the algorithm", "500");
        SmeCommand.Set(command, [curvature, staleness, learningRate, noise, start, steps], invocation =>
        {
            double a = SmeCommand.Positive(invocation, curvature), mu = SmeCommand.Fraction(invocation, staleness), eta = SmeCommand.Positive(invocation, learningRate), sigma = SmeCommand.AtLeast0(invocation, noise), x = SmeCommand.Finite(invocation, start, start.Standard!);
            int count = (int)SmeCommand.Whole(invocation, steps, 1, 1 << 20);
            var quadratic = new QuadraticMoments(a, sigma, eta);
            Moment[] exact = quadratic.Asynchronous(StalenessLaw.Geometric(mu), x, count), smeAsgd = quadratic.ModifiedEquation(mu, x, count), smeSgd = quadratic.StochasticGradientEquation(x, count);
            var stationary = quadratic.Stationary(mu);
            LangevinLaw langevin = LangevinLaw.Asynchronous(eta, mu, sigma), momentum = LangevinLaw.Momentum(LangevinLaw.EquivalentLearningRate(eta, mu), mu, sigma);
            var (slow, fast) = quadratic.MeanRates(mu);
            var (slowest, middle, fastest) = quadratic.SecondMomentRates(mu);
            double Error(Moment[] of, Func<Moment, double> part) => exact.Zip(of, (e, m) => Math.Abs(part(e) - part(m))).Max();
            var errors = new
            {
                smeAsgd = new { mean = Error(smeAsgd, m => m.Mean), secondMoment = Error(smeAsgd, m => m.SecondMoment) },
                smeSgd = new { mean = Error(smeSgd, m => m.Mean), secondMoment = Error(smeSgd, m => m.SecondMoment) },
            };
            var screen = invocation.Screen;
            void Row(string name, FormattableString value) => screen.Line($"{name,-44}{FormattableString.Invariant(value)}");
            Row("friction κ, temperature", $"{langevin.Friction:g6}, {langevin.Temperature:g6}");
            Row("rates of the means", $"{Shown(slow)}, {Shown(fast)}");
            Row("rates of the second moments", $"{Shown(slowest)}, {Shown(middle)}, {Shown(fastest)}");
            Row("stationary E X², E Y², E XY", $"{stationary.XX:g6}, {stationary.YY:g6}, {stationary.XY:g6}");
            Row("best staleness μ, of the steps", $"{quadratic.OptimalStaleness:g6}, {quadratic.OptimalStalenessOfSteps:g6}");
            Row("largest learning rate that won't ring", $"{QuadraticMoments.OptimalLearningRate(a, mu):g6}");
            Row("the same as momentum μ with rate", $"{LangevinLaw.EquivalentLearningRate(eta, mu):g6}");
            Row($"SME-ASGD, largest error over {count} steps", $"mean {errors.smeAsgd.mean:g4}, second moment {errors.smeAsgd.secondMoment:g4}");
            Row($"SME-SGD, largest error over {count} steps", $"mean {errors.smeSgd.mean:g4}, second moment {errors.smeSgd.secondMoment:g4}");
            invocation.Print(new
            {
                curvature = a,
                staleness = mu,
                learningRate = eta,
                noise = sigma,
                friction = langevin.Friction,
                temperature = langevin.Temperature,
                meanRates = new[] { Parts(slow), Parts(fast) },
                secondMomentRates = new[] { Parts(slowest), Parts(middle), Parts(fastest) },
                optimalStaleness = quadratic.OptimalStaleness,
                optimalStalenessOfSteps = quadratic.OptimalStalenessOfSteps,
                optimalLearningRate = QuadraticMoments.OptimalLearningRate(a, mu),
                stationary = new { xx = stationary.XX, yy = stationary.YY, xy = stationary.XY },
                momentum = new { momentum = mu, learningRate = LangevinLaw.EquivalentLearningRate(eta, mu), friction = momentum.Friction, temperature = momentum.Temperature },
                steps = Enumerable.Range(0, count + 1),
                asgd = Columns(exact),
                smeAsgd = Columns(smeAsgd),
                smeSgd = Columns(smeSgd),
                maximalErrors = errors,
            });
            return double.IsFinite(exact[^1].SecondMoment) ? ExitCode.Done : ExitCode.Diverged;
        });
        return command;
    }

    private static object Columns(Moment[] moments) => new { mean = moments.Select(m => m.Mean), secondMoment = moments.Select(m => m.SecondMoment) };

    private static object Parts(Complex number) => new { re = number.Real, im = number.Imaginary };

    private static string Shown(Complex number) => number.Imaginary == 0 ? FormattableString.Invariant($"{number.Real:g6}")
        : FormattableString.Invariant($"{number.Real:g6} {(number.Imaginary < 0 ? "-" : "+")} {Math.Abs(number.Imaginary):g6}i");
}
