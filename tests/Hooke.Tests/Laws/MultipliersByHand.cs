using Hooke.Methods.Catalog;
using Xunit;

namespace Hooke.Tests.Laws;

/// <summary>Law 3: ADMM, written out from the thesis, with the center recomputed as a mean.</summary>
public class MultipliersByHand
{
    private const double Eta = 0.05, Rho = 1.7, Delta = 0.8;
    private static readonly ByHand Hand = new(3);

    // With τ > 1 the multiplier changes at exchanges only, and local steps use the last x̃ and λ.
    [Theory]
    [InlineData("admm", 0, 1)]
    [InlineData("admm", 0, 4)]
    [InlineData("admm-momentum", Delta, 1)]
    [InlineData("admm-momentum", Delta, 4)]
    public void Admm_is_equations_3_52_to_3_54(string name, double delta, int period)
    {
        (string, double)[] values = [("learning-rate", Eta), ("penalty", Rho), ("period", period), .. delta > 0 ? [("momentum", delta)] : Array.Empty<(string, double)>()];
        Hand.AssertIs(Hand.Make(name, TimingChoice.RoundRobin, values), Algorithm(synchronous: false));
        Hand.AssertIs(Hand.Make(name, TimingChoice.Asynchronous, values), Algorithm(synchronous: false));
        Hand.AssertIs(Hand.Make(name, TimingChoice.Synchronous, values), Algorithm(synchronous: true));

        IEnumerable<Place> Algorithm(bool synchronous)
        {
            var (c, x, v, lambda, seen) = (Hand.Start, Hand.Each(Hand.Start), Hand.Each(Hand.Zero), Hand.Each(Hand.Zero), new Vec[Hand.Count]);
            var heard = Hand.Each(Hand.Start); // xⁱ − λⁱ when the center last heard of them
            for (int t = 0; ; t++)
            {
                var round = c;
                for (int i = 0; i < Hand.Count; i++)
                {
                    if (t % period == 0)
                    {
                        seen[i] = synchronous ? round : c;
                        lambda[i] -= x[i] - seen[i];
                    }
                    v[i] = delta * v[i] - Eta * Hand.Gradient(x[i] + delta * v[i], i, t);
                    x[i] = (x[i] + v[i] + Eta * Rho * (lambda[i] + seen[i])) / (1 + Eta * Rho);
                    if ((t + 1) % period != 0) continue;
                    heard[i] = x[i] - lambda[i];
                    c = Vec.Mean(heard);
                }
                yield return new(c, x);
            }
        }
    }
}
