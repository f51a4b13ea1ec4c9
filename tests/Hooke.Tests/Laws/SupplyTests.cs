using Hooke.Methods;
using Hooke.Methods.Catalog;
using Hooke.Problems;
using Hooke.Runs;
using Xunit;

namespace Hooke.Tests.Laws;

/// <summary>The supply hands out the run's stream of examples: all of it, once, in order.</summary>
public class SupplyTests
{
    private static Method Make(TimingChoice timing) => AllMethods.Find("easgd").Create(new(3) { Timing = timing });

    private static Supply New(TimingChoice timing, long total, int batch = 4, int claimSize = 0) => new(Make(timing), 3, 100, claimSize, batch, total, seed: 9);

    /// <summary>All draws that workers get in turns, until nobody gets more.</summary>
    private static List<Draw> Drain(Supply supply, int workers = 3)
    {
        var draws = new List<Draw>();
        for (bool any = true; any;)
        {
            any = false;
            for (int i = 0; i < workers; i++)
                if (supply.TryTake(i, out var draw))
                {
                    Assert.Equal(i, draw.Worker);
                    draws.Add(draw);
                    any = true;
                }
        }
        return draws;
    }

    private static IEnumerable<long> Places(IEnumerable<Draw> draws) => draws.SelectMany(d => Enumerable.Range(0, d.Count).Select(j => d.Position + j));

    [Theory]
    [InlineData(TimingChoice.Synchronous)]
    [InlineData(TimingChoice.RoundRobin)]
    public void Synchronous_and_round_robin_workers_get_equal_shares_of_the_stream(TimingChoice timing)
    {
        var supply = New(timing, 32); // 30 in equal shares: 4, 4 and 2 for each
        Assert.Equal(30, supply.Total);
        var draws = Drain(supply);
        Assert.Equal([4, 4, 4, 4, 4, 4, 2, 2, 2], draws.Select(d => d.Count));
        Assert.Equal([0, 0, 0, 1, 1, 1, 2, 2, 2], draws.Select(d => d.Step));
        Assert.All(draws, d => Assert.Equal(9UL, d.Seed));
        Assert.Equal(Enumerable.Range(0, 30).Select(k => (long)k), Places(draws));
        Assert.Equal([10, 10, 10], Enumerable.Range(0, 3).Select(supply.Taken));
        Assert.Equal(30, supply.Given);
        Assert.True(supply.IsExhausted);
    }

    [Fact]
    public void A_worker_that_is_ahead_gets_no_more_than_its_share()
    {
        var supply = New(TimingChoice.Synchronous, 24);
        Assert.True(supply.TryTake(1, out _));
        Assert.True(supply.TryTake(1, out var second));
        Assert.Equal(12 + 4, second.Position);
        Assert.False(supply.TryTake(1, out var none));
        Assert.Equal(default, none);
        Assert.False(supply.IsExhausted);
        Assert.Equal(4, Drain(supply).Count);
        Assert.True(supply.IsExhausted);
    }

    [Fact]
    public void Asynchronous_workers_get_what_they_are_fast_enough_for_and_exactly_the_total()
    {
        var supply = New(TimingChoice.Asynchronous, 31);
        for (int k = 0; k < 5; k++) Assert.True(supply.TryTake(2, out _));
        var rest = Drain(supply);
        Assert.Equal([20L, 24, 28], rest.Select(d => d.Position));
        Assert.Equal([4, 4, 3], rest.Select(d => d.Count));
        Assert.Equal((4, 4, 23), (supply.Taken(0), supply.Taken(1), supply.Taken(2)));
        Assert.Equal((31, 31), (supply.Given, supply.Total));
        Assert.Equal(5, rest[2].Step);
        Assert.True(supply.IsExhausted);
    }

    [Fact]
    public void Nobody_gets_more_at_a_mark_until_it_moves()
    {
        var asynchronous = New(TimingChoice.Asynchronous, 100);
        asynchronous.MarkAt(10);
        Assert.Equal(3, Drain(asynchronous).Count); // 12: the batch that crosses the mark is given
        Assert.Equal(12, asynchronous.Given);
        asynchronous.MarkAt(1000);
        Drain(asynchronous);
        Assert.Equal(100, asynchronous.Given);

        var synchronous = New(TimingChoice.Synchronous, 96);
        synchronous.MarkAt(30); // 10 each, which the third batch of each crosses
        Assert.Equal(9, Drain(synchronous).Count);
        Assert.Equal([12, 12, 12], Enumerable.Range(0, 3).Select(synchronous.Taken));
        synchronous.MarkAt(36);
        Assert.Empty(Drain(synchronous));
        synchronous.MarkAt(37);
        Assert.Equal(3, Drain(synchronous).Count);
    }

    [Fact]
    public void Stopping_lets_equal_shares_catch_up_and_others_stop_at_once()
    {
        var synchronous = New(TimingChoice.RoundRobin, 96);
        for (int k = 0; k < 2; k++) synchronous.TryTake(0, out _);
        synchronous.TryTake(2, out _);
        synchronous.Stop();
        Assert.False(synchronous.IsExhausted);
        Drain(synchronous);
        Assert.Equal([8, 8, 8], Enumerable.Range(0, 3).Select(synchronous.Taken));
        Assert.Equal(24, synchronous.Total);
        Assert.True(synchronous.IsExhausted);

        var asynchronous = New(TimingChoice.Asynchronous, 96);
        asynchronous.TryTake(0, out _);
        asynchronous.Stop();
        Assert.Empty(Drain(asynchronous));
        Assert.Equal(4, asynchronous.Total);
        Assert.True(asynchronous.IsExhausted);
    }

    [Theory]
    [InlineData(TimingChoice.Synchronous)]
    [InlineData(TimingChoice.Asynchronous)]
    public void Claims_keep_a_workers_batches_together(TimingChoice timing)
    {
        var supply = New(timing, 60, batch: 4, claimSize: 10);
        var draws = Drain(supply);
        Assert.Equal(Enumerable.Range(0, 60).Select(k => (long)k), Places(draws).Order());
        foreach (var claim in draws.GroupBy(d => d.Position / 10))
        {
            Assert.Single(claim.Select(d => d.Worker).Distinct());
            Assert.Equal([4, 4, 2], claim.Select(d => d.Count));
        }
        Assert.Equal([0, 1, 2, 0, 1, 2], draws.GroupBy(d => d.Position / 10).OrderBy(g => g.Key).Select(g => g.First().Worker));
    }

    [Fact]
    public void Asynchronous_claims_go_to_who_comes_first()
    {
        var supply = New(TimingChoice.Asynchronous, 60, batch: 5, claimSize: 10);
        supply.TryTake(1, out var a);
        supply.TryTake(0, out var b);
        supply.TryTake(1, out var c);
        supply.TryTake(1, out var d);
        Assert.Equal((0L, 10L, 5L, 20L), (a.Position, b.Position, c.Position, d.Position));
    }

    [Fact]
    public void A_full_batch_costs_an_epoch()
    {
        var supply = new Supply(AllMethods.Find("gd").Create(new(1)), 1, 100, 0, 4, 250, 0);
        var draws = Drain(supply, workers: 1);
        Assert.Equal([Draw.Full, Draw.Full, Draw.Full], draws.Select(d => d.Count));
        Assert.Equal([0L, 100, 200], draws.Select(d => d.Position));
        Assert.Equal(300, supply.Taken(0));
    }

    [Fact]
    public void A_batch_has_at_least_one_example()
        => Assert.Throws<ArgumentOutOfRangeException>(() => New(TimingChoice.Synchronous, 10, batch: 0));

    [Theory]
    [InlineData(TimingChoice.Synchronous)]
    [InlineData(TimingChoice.Asynchronous)]
    public void A_supply_resumes_where_it_was_saved(TimingChoice timing)
    {
        var supply = New(timing, 60, batch: 4, claimSize: 10);
        for (int k = 0; k < 2; k++) supply.TryTake(1, out _);
        supply.TryTake(0, out _);
        var archive = new MemoryArchive<double>();
        supply.Archive(archive);
        archive.Restores = true;
        var resumed = New(timing, 60, batch: 4, claimSize: 10);
        resumed.Archive(archive);
        Assert.Equal(supply.Given, resumed.Given);
        Assert.Equal(Drain(supply), Drain(resumed));
    }
}
