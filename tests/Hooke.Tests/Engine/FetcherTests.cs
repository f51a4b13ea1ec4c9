using System.Collections.Concurrent;
using Hooke.Methods.Catalog;
using Xunit;

namespace Hooke.Tests.Engine;

/// <summary>Examples are fetched ahead of the workers, but not far, and no result depends on it.</summary>
public class FetcherTests
{
    [Theory]
    [InlineData(TimingChoice.Asynchronous)]
    [InlineData(TimingChoice.Synchronous)]
    [InlineData(TimingChoice.RoundRobin)]
    public void Claims_are_fetched_in_order_and_at_most_one_ahead_for_each_worker(TimingChoice timing)
    {
        const int Workers = 2, Claim = 8, Batch = 4;
        ConcurrentQueue<long> fetched = new();
        long begun = 0, farthest = 0;
        TestObjective objective = new()
        {
            ClaimSize = Claim,
            Fetching = claim =>
            {
                farthest = Math.Max(farthest, claim - Interlocked.Read(ref begun));
                fetched.Enqueue(claim);
            },
        };
        objective.Before = draw =>
        {
            for (long seen = Interlocked.Read(ref begun), claim = draw.Position / Claim + 1; claim > seen; seen = Interlocked.Read(ref begun))
                if (Interlocked.CompareExchange(ref begun, claim, seen) == seen) break;
            // The fetcher is waited for, so that it has something to do.
            SpinWait.SpinUntil(() => fetched.Any(claim => claim >= draw.Position / Claim), TimeSpan.FromMilliseconds(100));
        };
        using var star = Cases.Star(Cases.Method("easgd", Workers, timing), Workers, objective);
        Cases.Run(star, new(400, Batch));
        Assert.NotEmpty(fetched);
        Assert.Equal(fetched.Order().Distinct(), fetched);
        // Workers have begun as many claims as they have told here, and one more each that they are about to tell of.
        Assert.InRange(farthest, 0, 2 * Workers);
    }

    [Fact]
    public void A_disk_that_does_not_answer_holds_up_nobody_and_changes_no_bit()
    {
        using ManualResetEventSlim never = new();
        using var slow = Cases.Star(Cases.Method("easgd", 1), 1, new() { ClaimSize = 8, Fetching = _ => never.Wait(TestObjective.Patience) });
        using var plain = Cases.Star(Cases.Method("easgd", 1), 1, new() { ClaimSize = 8 });
        foreach (var star in new[] { slow, plain }) Cases.Run(star, new(200, 4));
        never.Set();
        Assert.Equal(Bits<float>.Of(plain), Bits<float>.Of(slow));
    }

    [Fact]
    public void A_loader_that_fails_ends_the_run_and_says_so()
    {
        using var star = Cases.Star(Cases.Method("easgd", 2), 2, new() { ClaimSize = 8, Fetching = claim => { if (claim >= 3) throw new IOException("the disk is gone"); } });
        Assert.Equal("the loader failed: the disk is gone", Assert.Throws<InvalidOperationException>(() => Cases.Run(star, new(10_000_000, 4))).Message);
    }

    [Fact]
    public void A_resumed_run_fetches_what_comes_next()
    {
        using var folder = new Folder();
        ConcurrentQueue<long> fetched = new();
        using (var first = Cases.Star(Cases.Method("easgd", 1), 1, new() { ClaimSize = 8 })) Cases.Run(first, new(80, 4) { Checkpoint = folder["state"] });
        using var second = Cases.Star(Cases.Method("easgd", 1), 1, new() { ClaimSize = 8, Fetching = fetched.Enqueue });
        Cases.Run(second, new(4000, 4), resume: new(folder["state"]));
        Assert.All(fetched, claim => Assert.True(claim >= 10, $"claim {claim} is over"));
    }
}
