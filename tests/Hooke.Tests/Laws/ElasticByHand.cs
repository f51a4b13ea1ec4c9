using Hooke.Methods.Catalog;
using Xunit;

namespace Hooke.Tests.Laws;

/// <summary>Law 3: elastic averaging, written out from the thesis.</summary>
public class ElasticByHand
{
    private const double Eta = 0.05, Alpha = 0.3, Delta = 0.8;
    private static readonly ByHand Hand = new(3);

    // κ = α, and κ = β/p on its own.
    public static TheoryData<int, double> PeriodsAndCenterRates => new() { { 1, Alpha }, { 4, Alpha }, { 4, 0.11 }, { 5, 0 } };

    private static (string, double)[] Values(int period, double centerRate, params (string, double)[] more)
        => [("learning-rate", Eta), ("moving-rate", Alpha), ("center-rate", centerRate), ("period", period), .. more];

    [Theory, MemberData(nameof(PeriodsAndCenterRates))]
    public void Easgd_in_turns_is_Algorithm_1(int period, double kappa)
    {
        Hand.AssertIs(Hand.Make("easgd", TimingChoice.RoundRobin, Values(period, kappa)), Algorithm());
        Hand.AssertIs(Hand.Make("easgd", TimingChoice.Asynchronous, Values(period, kappa)), Algorithm());

        IEnumerable<Place> Algorithm()
        {
            var (c, x) = (Hand.Start, Hand.Each(Hand.Start));
            for (int t = 0; ; t++)
            {
                for (int i = 0; i < Hand.Count; i++)
                {
                    var before = x[i];
                    if (t % period == 0)
                    {
                        x[i] -= Alpha * (before - c);
                        c += kappa * (before - c);
                    }
                    x[i] -= Eta * Hand.Gradient(before, i, t);
                }
                yield return new(c, x);
            }
        }
    }

    [Theory, MemberData(nameof(PeriodsAndCenterRates))]
    public void Synchronous_easgd_is_equations_2_3_and_2_4(int period, double kappa)
    {
        Hand.AssertIs(Hand.Make("easgd", TimingChoice.Synchronous, Values(period, kappa)), Algorithm());

        IEnumerable<Place> Algorithm()
        {
            var (c, x) = (Hand.Start, Hand.Each(Hand.Start));
            double beta = kappa * Hand.Count;
            for (int t = 0; ; t++)
            {
                double force = t % period == 0 ? Alpha : 0, attraction = t % period == 0 ? beta : 0;
                var next = x.Select((xi, i) => xi - Eta * Hand.Gradient(xi, i, t) - force * (xi - c)).ToArray();
                c = (1 - attraction) * c + attraction * Vec.Mean(x);
                x = next;
                yield return new(c, x);
            }
        }
    }

    [Theory, MemberData(nameof(PeriodsAndCenterRates))]
    public void Eamsgd_in_turns_is_Algorithm_2(int period, double kappa)
    {
        Hand.AssertIs(Hand.Make("eamsgd", TimingChoice.RoundRobin, Values(period, kappa, ("momentum", Delta))), Algorithm());

        IEnumerable<Place> Algorithm()
        {
            var (c, x, v) = (Hand.Start, Hand.Each(Hand.Start), Hand.Each(Hand.Zero));
            for (int t = 0; ; t++)
            {
                for (int i = 0; i < Hand.Count; i++)
                {
                    var before = x[i];
                    if (t % period == 0)
                    {
                        x[i] -= Alpha * (before - c);
                        c += kappa * (before - c);
                    }
                    v[i] = Delta * v[i] - Eta * Hand.Gradient(before + Delta * v[i], i, t);
                    x[i] += v[i];
                }
                yield return new(c, x);
            }
        }
    }

    [Theory]
    [InlineData("eamsgd", Delta)] // (2.5): the gradient at x + δv
    [InlineData("eamsgd-heavy-ball", 0)] // (2.6): at x
    public void Synchronous_eamsgd_is_equations_2_5_and_2_6(string name, double look)
    {
        foreach (int period in new[] { 1, 4 }) Hand.AssertIs(Hand.Make(name, TimingChoice.Synchronous, Values(period, Alpha, ("momentum", Delta))), Algorithm(period));

        IEnumerable<Place> Algorithm(int period)
        {
            var (c, x, v) = (Hand.Start, Hand.Each(Hand.Start), Hand.Each(Hand.Zero));
            for (int t = 0; ; t++)
            {
                double force = t % period == 0 ? Alpha : 0;
                v = [.. v.Select((vi, i) => Delta * vi - Eta * Hand.Gradient(x[i] + look * vi, i, t))];
                var next = x.Select((xi, i) => xi + v[i] - force * (xi - c)).ToArray();
                c += force * Vec.Sum(x.Select(xi => xi - c));
                x = next;
                yield return new(c, x);
            }
        }
    }

    [Theory, MemberData(nameof(PeriodsAndCenterRates))]
    public void Gauss_Seidel_easgd_is_equation_6_3(int period, double kappa)
    {
        Hand.AssertIs(Hand.Make("easgd-gauss-seidel", TimingChoice.Synchronous, Values(period, kappa)), Synchronous());
        Hand.AssertIs(Hand.Make("easgd-gauss-seidel", TimingChoice.RoundRobin, Values(period, kappa)), InTurns());

        IEnumerable<Place> Synchronous()
        {
            var (c, x) = (Hand.Start, Hand.Each(Hand.Start));
            for (int t = 0; ; t++)
            {
                if (t % period == 0) x = [.. x.Select(xi => xi - Alpha * (xi - c))];
                x = [.. x.Select((xi, i) => xi - Eta * Hand.Gradient(xi, i, t))];
                if ((t + 1) % period == 0) c += kappa * Vec.Sum(x.Select(xi => xi - c));
                yield return new(c, x);
            }
        }

        // The message is κ(x − x̃) with the x̃ that the worker has read.
        IEnumerable<Place> InTurns()
        {
            var (c, x, seen) = (Hand.Start, Hand.Each(Hand.Start), new Vec[Hand.Count]);
            for (int t = 0; ; t++)
            {
                for (int i = 0; i < Hand.Count; i++)
                {
                    if (t % period == 0)
                    {
                        seen[i] = c;
                        x[i] -= Alpha * (x[i] - c);
                    }
                    x[i] -= Eta * Hand.Gradient(x[i], i, t);
                    if ((t + 1) % period == 0) c += kappa * (x[i] - seen[i]);
                }
                yield return new(c, x);
            }
        }
    }

    [Theory]
    [InlineData("easgd", 0, 0)]
    [InlineData("eamsgd", Delta, Delta)]
    [InlineData("eamsgd-heavy-ball", Delta, 0)]
    public void Overlapped_methods_are_the_end_of_section_2_2(string name, double delta, double look)
    {
        (string, double)[] momentum = delta > 0 ? [("momentum", delta)] : [];
        foreach (var (period, kappa) in new[] { (1, Alpha), (4, Alpha), (4, 0.11) })
        {
            Hand.AssertIs(Hand.Make(name, TimingChoice.Overlapped, Values(period, kappa, momentum)), AtEachVisit(period, kappa));
            Hand.AssertIs(Hand.Make(name, TimingChoice.OverlappedSynchronous, Values(period, kappa, momentum)), Together(period, kappa));
        }

        // "make an update whenever sending an elastic difference"
        IEnumerable<Place> AtEachVisit(int period, double kappa)
        {
            var (c, x, v, difference) = (Hand.Start, Hand.Each(Hand.Start), Hand.Each(Hand.Zero), new Vec[Hand.Count]);
            for (int t = 0; ; t++)
            {
                for (int i = 0; i < Hand.Count; i++)
                {
                    if (t % period == 0)
                    {
                        difference[i] = x[i] - c;
                        c += kappa * difference[i];
                    }
                    v[i] = delta * v[i] - Eta * Hand.Gradient(x[i] + look * v[i], i, t);
                    x[i] += v[i];
                    if ((t + 1) % period == 0) x[i] -= Alpha * difference[i];
                }
                yield return new(c, x);
            }
        }

        // "sum the p elastic differences altogether in one step"
        IEnumerable<Place> Together(int period, double kappa)
        {
            var (c, x, v, difference) = (Hand.Start, Hand.Each(Hand.Start), Hand.Each(Hand.Zero), new Vec[Hand.Count]);
            for (int t = 0; ; t++)
            {
                if (t % period == 0)
                {
                    difference = [.. x.Select(xi => xi - c)];
                    c += kappa * Vec.Sum(difference);
                }
                v = [.. v.Select((vi, i) => delta * vi - Eta * Hand.Gradient(x[i] + look * vi, i, t))];
                x = [.. x.Select((xi, i) => xi + v[i])];
                if ((t + 1) % period == 0) x = [.. x.Select((xi, i) => xi - Alpha * difference[i])];
                yield return new(c, x);
            }
        }
    }
}
