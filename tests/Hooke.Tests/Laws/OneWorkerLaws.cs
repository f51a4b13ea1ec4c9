using Hooke.Engine;
using Hooke.Runs;
using Xunit;

namespace Hooke.Tests.Laws;

/// <summary>Law 1: a method is a value, and every fabric runs that same value.</summary>
public class OneWorkerLaws
{
    /// <summary>22 steps are five periods of 4 and a half.</summary>
    private const int Steps = 22;

    private static readonly ExampleQuadratic<float> TwoShards = new(65536 + 37); // on threads

    [Theory, MemberData(nameof(Variants.All), MemberType = typeof(Variants))]
    public void One_worker_gives_the_same_bits_in_turns_and_on_a_thread(string name)
    {
        var method = Variants.Find(name).For(1);
        foreach (int batch in new[] { 1, 3 })
        {
            using var turns = new Star<float>(method, new ExampleQuadratic<float>(), 1, seed: 7);
            Turns.Run(turns, Steps, batch);
            Play.Finish(turns);
            foreach (bool fuse in new[] { true, false })
            {
                using var thread = Threads.Prepare(method, new ExampleQuadratic<float>(), 1, seed: 7);
                Play.Threads(thread, Steps * (method.FullBatch ? thread.Objective.Examples : batch), batch, fuse);
                Play.AssertSameBits(turns, thread);
                Assert.Equal(turns.Clock, thread.Clock);
            }
        }
    }

    [Theory, MemberData(nameof(Variants.Reported), MemberType = typeof(Variants))]
    public void Shards_give_the_bits_of_the_whole(string name)
    {
        var method = Variants.Find(name).For(1);
        using var whole = new Star<float>(method, TwoShards, 1);
        Turns.Run(whole, 6);
        Play.Finish(whole);
        foreach (bool fuse in new[] { true, false })
        {
            using var thread = Threads.Prepare(method, TwoShards, 1, seed: 0);
            Play.Threads(thread, 6 * (method.FullBatch ? thread.Objective.Examples : 1), 1, fuse);
            Play.AssertSameBits(whole, thread);
        }
        using var parts = new Star<float>(method, TwoShards, 1, shards: 3);
        Turns.Run(parts, 6);
        Play.Finish(parts);
        Play.AssertSameBits(whole, parts);
    }

    [Theory, MemberData(nameof(Variants.Deterministic), MemberType = typeof(Variants))]
    public void Three_synchronous_or_round_robin_workers_give_the_same_bits_in_turns_and_on_threads(string name)
    {
        var method = Variants.Find(name).For(3);
        using var turns = new Star<double>(method, new ExampleQuadratic<double>(), 3, seed: 7);
        Turns.Run(turns, Steps, 2);
        Play.Finish(turns);
        foreach (bool fuse in new[] { true, false })
        {
            using var threads = Threads.Prepare(method, new ExampleQuadratic<double>(), 3, seed: 7);
            Play.Threads(threads, Steps * 3 * 2, 2, fuse);
            Play.AssertSameBits(turns, threads);
        }
    }
}
