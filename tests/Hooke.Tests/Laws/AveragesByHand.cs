using Hooke.Methods;
using Hooke.Methods.Catalog;
using Xunit;

namespace Hooke.Tests.Laws;

/// <summary>Law 3: averages of the center, written out. They count center updates: p a round in turns, one if synchronous.</summary>
public class AveragesByHand
{
    private const double Eta = 0.05, Alpha = 0.3;
    private const int Period = 2;
    private static readonly ByHand Hand = new(3);

    [Theory]
    [InlineData(TimingChoice.RoundRobin)]
    [InlineData(TimingChoice.Synchronous)]
    public void The_time_average_is_equation_3_13(TimingChoice timing) => Check(timing, ReadoutChoice.TimeAverage, Vec.Mean);

    [Theory]
    [InlineData(TimingChoice.RoundRobin)]
    [InlineData(TimingChoice.Synchronous)]
    public void The_moving_average_follows_the_center(TimingChoice timing)
        => Check(timing, ReadoutChoice.MovingAverage, centers => centers.Skip(1).Aggregate(centers[0], (z, c) => z + 0.2 * (c - z)), values: ("average-rate", 0.2));

    // Until then the report is the center itself.
    [Theory]
    [InlineData(TimingChoice.RoundRobin, 1)]
    [InlineData(TimingChoice.RoundRobin, 4)]
    [InlineData(TimingChoice.Synchronous, 3)]
    [InlineData(TimingChoice.Synchronous, 100)]
    public void An_average_may_start_at_a_center_update(TimingChoice timing, int from)
        => Check(timing, ReadoutChoice.TimeAverage, centers => centers.Count > from ? Vec.Mean(centers[from..]) : centers[^1], values: ("average-from", from));

    // The rate drops at step 5; the first message after it is that of step 6: the fourth round of exchanges.
    [Theory]
    [InlineData(TimingChoice.RoundRobin, 3 * 3 + 1)]
    [InlineData(TimingChoice.Synchronous, 4)]
    [InlineData(TimingChoice.OverlappedSynchronous, 4)]
    [InlineData(TimingChoice.Overlapped, 3 * 3 + 1)]
    public void An_average_may_start_when_the_rate_first_drops(TimingChoice timing, int from)
        => Check(timing, ReadoutChoice.TimeAverage, centers => centers.Count > from ? Vec.Mean(centers[from..]) : centers[^1], new StepwiseRate(new RateDrop(5, 1.5)));

    [Fact]
    public void Adownpour_and_mvadownpour_move_like_downpour_and_report_averages()
    {
        var history = new List<Vec> { Hand.Start };
        Hand.AssertIs(Hand.Make("adownpour", TimingChoice.RoundRobin, ("learning-rate", Eta)), Downpour(() => Vec.Mean(history)));
        history = [Hand.Start];
        Hand.AssertIs(Hand.Make("mvadownpour", TimingChoice.RoundRobin, ("learning-rate", Eta), ("average-rate", 0.2)), Downpour(() => history.Skip(1).Aggregate(Hand.Start, (z, c) => z + 0.2 * (c - z))));

        IEnumerable<Place> Downpour(Func<Vec> report)
        {
            var (c, x) = (Hand.Start, Hand.Each(Hand.Start));
            for (int t = 0; ; t++)
            {
                for (int i = 0; i < Hand.Count; i++)
                {
                    x[i] = c - Eta * Hand.Gradient(c, i, t);
                    c = x[i];
                    history.Add(c);
                }
                yield return new(c, x, report());
            }
        }
    }

    private static void Check(TimingChoice timing, ReadoutChoice readout, Func<List<Vec>, Vec> report, RateShape? rate = null, params (string, double)[] values)
    {
        var choices = new Choices(Hand.Count) { Timing = timing, Readout = readout, Rate = rate ?? new ConstantRate(), AverageFromFirstDrop = rate is not null };
        var method = Hand.Make("easgd", choices, [("learning-rate", Eta), ("moving-rate", Alpha), ("period", Period), .. values]);
        bool overlaps = timing is TimingChoice.Overlapped or TimingChoice.OverlappedSynchronous, synchronous = timing is TimingChoice.Synchronous or TimingChoice.OverlappedSynchronous;
        Hand.AssertIs(method, Easgd(), iterations: 16);

        IEnumerable<Place> Easgd()
        {
            var (c, x, difference) = (Hand.Start, Hand.Each(Hand.Start), new Vec[Hand.Count]);
            var centers = new List<Vec> { c };
            for (int t = 0; ; t++)
            {
                double eta = Eta * method.Schedule.Rate.Factor(t, 0);
                var round = c;
                for (int i = 0; i < Hand.Count; i++)
                {
                    var before = x[i];
                    if (t % Period == 0)
                    {
                        difference[i] = before - (synchronous ? round : c);
                        c += Alpha * difference[i];
                        if (!synchronous) centers.Add(c);
                        if (!overlaps) x[i] -= Alpha * difference[i];
                    }
                    x[i] -= eta * Hand.Gradient(before, i, t);
                    if (overlaps && (t + 1) % Period == 0) x[i] -= Alpha * difference[i];
                }
                if (synchronous && t % Period == 0) centers.Add(c);
                yield return new(c, x, report(centers));
            }
        }
    }
}
