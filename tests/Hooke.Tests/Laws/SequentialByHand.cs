using Hooke.Methods;
using Hooke.Methods.Catalog;
using Xunit;

namespace Hooke.Tests.Laws;

/// <summary>Law 3: sequential methods, averages and schedules, written out.</summary>
public class SequentialByHand
{
    private const double Eta = 0.05, Delta = 0.8;
    private static readonly ByHand Hand = new(1);

    [Fact]
    public void Gradient_descent_takes_the_full_gradient()
        => Hand.AssertIs(Hand.Make("gd", new Choices(1), ("learning-rate", Eta)), Sequential((x, _) => x - Eta * Hand.FullGradient(x)));

    [Fact]
    public void Sgd_takes_an_example_a_step()
        => Hand.AssertIs(Hand.Make("sgd", new Choices(1), ("learning-rate", Eta)), Sgd(_ => Eta));

    [Fact]
    public void Msgd_is_Nesterovs_momentum()
    {
        var v = Hand.Zero;
        Hand.AssertIs(Hand.Make("msgd", new Choices(1), ("learning-rate", Eta), ("momentum", Delta)), Sequential((x, t) =>
        {
            v = Delta * v - Eta * Hand.Gradient(x + Delta * v, 0, t);
            return x + v;
        }));
    }

    [Fact]
    public void Heavy_ball_is_Polyaks_momentum()
    {
        var v = Hand.Zero;
        Hand.AssertIs(Hand.Make("heavy-ball", new Choices(1), ("learning-rate", Eta), ("momentum", Delta)), Sequential((x, t) =>
        {
            v = Delta * v - Eta * Hand.Gradient(x, 0, t);
            return x + v;
        }));
    }

    // The Survey's schedule is 1/2 up to step 249, 3/4 up to 499, then 5/6.
    [Theory]
    [InlineData("msgd", true)]
    [InlineData("heavy-ball", false)]
    public void Momentum_may_grow_over_the_workers_clock(string name, bool looks)
    {
        var v = Hand.Zero;
        var method = Hand.Make(name, new Choices(1) { GrowingMomentum = true }, ("learning-rate", 0.01), ("momentum", 0.8));
        Hand.AssertIs(method, Sequential((x, t) =>
        {
            double delta = t < 250 ? 0.5 : t < 500 ? 0.75 : 0.8;
            v = delta * v - 0.01 * Hand.Gradient(looks ? x + delta * v : x, 0, t);
            return x + v;
        }), iterations: 510);
    }

    [Fact]
    public void Asgd_reports_the_mean_of_all_iterates_from_the_first()
    {
        var sum = Hand.Start;
        Hand.AssertIs(Hand.Make("asgd", new Choices(1), ("learning-rate", Eta)), Sgd(_ => Eta).Select((place, t) => place with { Report = (sum += place.Center) / (t + 2) }));
    }

    [Fact]
    public void Mvasgd_reports_a_moving_average()
    {
        var z = Hand.Start;
        Hand.AssertIs(Hand.Make("mvasgd", new Choices(1), ("learning-rate", Eta), ("average-rate", 0.2)), Sgd(_ => Eta).Select(place => place with { Report = z += 0.2 * (place.Center - z) }));
    }

    [Fact]
    public void Rates_follow_their_schedules()
    {
        Check(new InverseSquareRootRate(0.3), t => Eta / Math.Sqrt(1 + 0.3 * t));
        Check(new InverseRate(), t => Eta / (t + 1));
        Check(new StepwiseRate(new RateDrop(4, 5), new RateDrop(11, 2)), t => t < 4 ? Eta : t < 11 ? Eta / 5 : Eta / 10);

        static void Check(RateShape shape, Func<long, double> rate)
            => Hand.AssertIs(Hand.Make("sgd", new Choices(1) { Rate = shape }, ("learning-rate", Eta)), Sgd(rate));
    }

    [Theory]
    [InlineData(3, 0.2)]
    [InlineData(2, 0)]
    [InlineData(1, 0.5)]
    public void The_rate_drops_when_the_predictive_loss_stagnates(int window, double tolerance)
    {
        Hand.AssertIs(Hand.Make("sgd", new Choices(1) { Rate = new StagnationRate(window, tolerance, 5, 2) }, ("learning-rate", Eta)), Algorithm(), iterations: 40);

        // The gradient that fills a window is already used at the new rate.
        IEnumerable<Place> Algorithm()
        {
            var (x, losses, best, stagnations) = (Hand.Start, new List<double>(), double.PositiveInfinity, 0);
            for (int t = 0; ; t++)
            {
                var g = Hand.Gradient(x, 0, t, out double loss);
                losses.Add(loss);
                if (losses.Count == window)
                {
                    double mean = losses.Sum() / window;
                    bool progress = double.IsPositiveInfinity(best) || mean < best - tolerance * best;
                    best = progress ? mean : double.PositiveInfinity;
                    if (!progress) stagnations++;
                    losses.Clear();
                }
                x -= (stagnations == 0 ? Eta : stagnations == 1 ? Eta / 5 : Eta / 10) * g;
                yield return new(x, [x]);
            }
        }
    }

    private static IEnumerable<Place> Sgd(Func<long, double> rate) => Sequential((x, t) => x - rate(t) * Hand.Gradient(x, 0, t));

    private static IEnumerable<Place> Sequential(Func<Vec, long, Vec> step)
    {
        var x = Hand.Start;
        for (long t = 0; ; t++)
        {
            x = step(x, t);
            yield return new(x, [x]);
        }
    }
}
