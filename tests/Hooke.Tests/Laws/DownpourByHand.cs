using Hooke.Methods.Catalog;
using Hooke.Runs;
using Xunit;

namespace Hooke.Tests.Laws;

/// <summary>Law 3: DOWNPOUR, its variants and mini-batch SGD, written out from the thesis.</summary>
public class DownpourByHand
{
    private const double Eta = 0.05, Delta = 0.8;
    private static readonly ByHand Hand = new(3);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Downpour_in_turns_accumulates_as_Algorithm_3_does(int period)
    {
        Hand.AssertIs(Hand.Make("downpour", TimingChoice.RoundRobin, ("learning-rate", Eta), ("period", period)), Algorithm());
        Hand.AssertIs(Hand.Make("downpour", TimingChoice.Asynchronous, ("learning-rate", Eta), ("period", period)), Algorithm());

        // An iteration ends with the push, so all have pushed before the first pulls again.
        IEnumerable<Place> Algorithm()
        {
            var (c, x, v) = (Hand.Start, Hand.Each(Hand.Start), Hand.Each(Hand.Zero));
            for (int t = 0; ; t++)
            {
                for (int i = 0; i < Hand.Count; i++)
                {
                    if (t % period == 0) (x[i], v[i]) = (c, Hand.Zero);
                    var g = Hand.Gradient(x[i], i, t);
                    x[i] -= Eta * g;
                    v[i] -= Eta * g;
                    if ((t + 1) % period == 0) c += v[i];
                }
                yield return new(c, x);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Downpour_in_turns_that_go_from_push_to_push_is_Algorithm_3_as_printed(int period)
    {
        using var star = new Star<double>(Hand.Make("downpour", TimingChoice.Asynchronous, ("learning-rate", Eta), ("period", period)), new ExampleQuadratic<double>(), Hand.Count);
        var (c, x, v) = (Hand.Start, Hand.Each(Hand.Start), Hand.Each(Hand.Zero));
        for (int t = 0; t < 23; t++)
            for (int i = 0; i < Hand.Count; i++)
            {
                if (t % period == 0)
                {
                    c += v[i];
                    x[i] = c;
                    v[i] = Hand.Zero;
                }
                var g = Hand.Gradient(x[i], i, t);
                x[i] -= Eta * g;
                v[i] -= Eta * g;

                Turn(star.Workers[i], pushes: t > 0 && t % period == 0);
                Assert.InRange(Play.Distance(c.Values, star.Center), 0, 1e-12);
                Assert.InRange(Play.Distance(x[i].Values, star.Workers[i].X), 0, 1e-12);
            }

        // The push that ends a period waits for the worker's next turn.
        void Turn(Worker<double> worker, bool pushes)
        {
            if (pushes) Play.Absorb(star, worker);
            bool stepped = false;
            while (true)
                switch (worker.Next())
                {
                    case Moment.End when stepped: return;
                    case Moment.Read: Play.Read(star, worker); break;
                    case Moment.Gradient: Play.Compute(star, worker); stepped = true; break;
                    case Moment.Send: return;
                }
        }
    }

    [Fact]
    public void Synchronous_downpour_is_equation_6_1_with_any_period()
    {
        foreach (int period in new[] { 1, 4 })
            Hand.AssertIs(Hand.Make("downpour", TimingChoice.Synchronous, ("learning-rate", Eta), ("period", period)), Algorithm(period));

        IEnumerable<Place> Algorithm(int period)
        {
            var (c, x) = (Hand.Start, Hand.Each(Hand.Start));
            for (int t = 0; ; t++)
            {
                if (t % period == 0) x = Hand.Each(c);
                x = [.. x.Select((xi, i) => xi - Eta * Hand.Gradient(xi, i, t))];
                if ((t + 1) % period == 0) c += Vec.Sum(x.Select(xi => xi - c));
                yield return new(c, x);
            }
        }
    }

    [Fact]
    public void Mdownpour_is_Algorithms_4_and_5()
    {
        Hand.AssertIs(Hand.Make("mdownpour", TimingChoice.RoundRobin, ("learning-rate", Eta), ("momentum", Delta)), InTurns());
        Hand.AssertIs(Hand.Make("mdownpour", TimingChoice.Synchronous, ("learning-rate", Eta), ("momentum", Delta)), Synchronous());

        IEnumerable<Place> InTurns()
        {
            var (c, v, x) = (Hand.Start, Hand.Zero, Hand.Each(Hand.Start));
            for (int t = 0; ; t++)
            {
                for (int i = 0; i < Hand.Count; i++)
                {
                    x[i] = c + Delta * v;
                    var g = Hand.Gradient(x[i], i, t);
                    v = Delta * v - Eta * g;
                    c += v;
                    x[i] -= Eta * g; // where the gradient led, before the next value is received
                }
                yield return new(c, x, Report: c + Delta * v);
            }
        }

        // The master's momentum acts once a round, on the sum of the gradients.
        IEnumerable<Place> Synchronous()
        {
            var (c, v) = (Hand.Start, Hand.Zero);
            for (int t = 0; ; t++)
            {
                var point = c + Delta * v;
                var g = Enumerable.Range(0, Hand.Count).Select(i => Hand.Gradient(point, i, t)).ToArray();
                v = Delta * v - Eta * Vec.Sum(g);
                c += v;
                yield return new(c, [.. g.Select(gi => point - Eta * gi)], Report: c + Delta * v);
            }
        }
    }

    [Fact]
    public void Minibatch_sgd_moves_along_the_mean_of_the_gradients()
    {
        Hand.AssertIs(Hand.Make("minibatch-sgd", TimingChoice.Synchronous, ("learning-rate", Eta)), Algorithm());

        IEnumerable<Place> Algorithm()
        {
            var c = Hand.Start;
            for (int t = 0; ; t++)
            {
                var g = Enumerable.Range(0, Hand.Count).Select(i => Hand.Gradient(c, i, t)).ToArray();
                var x = g.Select(gi => c - Eta * gi).ToArray();
                c -= Eta * Vec.Mean(g);
                yield return new(c, x);
            }
        }
    }
}
