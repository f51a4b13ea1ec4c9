using System.Numerics;
using Hooke.Problems;
using Hooke.Runs;
using Xunit;

namespace Hooke.Tests.Laws;

/// <summary>
/// A state that decays comes to rest at zero and never among the subnormal numbers, where a step would take many times as long; on every fabric,
/// with the same bits.
/// </summary>
public class SubnormalLaws
{
    private const int Steps = 2000, Between = 40;

    [Theory, MemberData(nameof(Variants.All), MemberType = typeof(Variants))]
    public void Nothing_that_a_run_keeps_is_ever_subnormal(string name)
    {
        Decay<float>(name, 1e-35);
        Decay<double>(name, 1e-305);
    }

    [Theory, MemberData(nameof(Variants.All), MemberType = typeof(Variants))]
    public void States_of_rules_come_to_rest_at_zero_when_gradients_vanish(string name)
    {
        var variant = Variants.Find(name);
        int workers = variant.Among(3);
        foreach (float last in new[] { 1e-5f, 1e-36f })
        {
            using var star = new Star<float>(variant.For(workers), new Vanishing(last), workers);
            Turns.Run(star, 8);
            foreach (var (_, values) in States(star)) Assert.Contains(values, value => value != 0);
            for (int s = 0; s < Steps; s += Between)
            {
                Turns.Run(star, Between);
                AssertNormal(star);
            }
            foreach (var (vector, values) in States(star)) Assert.True(Array.TrueForAll(values, value => value == 0), $"{vector} is {string.Join(", ", values)}");
        }
    }

    [Theory, MemberData(nameof(Variants.All), MemberType = typeof(Variants))]
    public void Near_the_smallest_numbers_threads_give_the_bits_of_turns_whether_exchanges_are_fused_or_not(string name)
    {
        const int Steps = 90;
        var variant = Variants.Find(name);
        var method = variant.For(1);
        var objective = Tiny<float>(4e-38);
        using var turns = new Star<float>(method, objective, 1, seed: 7);
        Turns.Run(turns, Steps);
        Play.Finish(turns);
        foreach (bool fuse in new[] { true, false })
        {
            using var thread = new Star<float>(method, objective, 1, seed: 7);
            Play.Threads(thread, Steps, 1, fuse);
            Play.AssertSameBits(turns, thread);
        }
    }

    private static void Decay<T>(string name, double start) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var variant = Variants.Find(name);
        int workers = variant.Among(3);
        using var star = new Star<T>(variant.For(workers), Tiny<T>(start), workers);
        for (int s = 0; s < Steps; s += Between)
        {
            Turns.Run(star, Between);
            AssertNormal(star);
        }
    }

    private static Quadratic<T> Tiny<T>(double start) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => new([0.4, 0.7, 1, 1.3, 0.4, 0.7, 1, 1.3, 0.5], [.. Enumerable.Range(1, 9).Select(k => (k % 2 == 0 ? k : -k) * start)]);

    /// <summary>The states of rules, of workers and center.</summary>
    private static IEnumerable<(string Name, T[] Values)> States<T>(Star<T> star) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => MemoryArchive<T>.Of(star).Vectors.Where(vector => vector.Key.EndsWith(".state", StringComparison.Ordinal)).Select(vector => (vector.Key, vector.Value));

    /// <summary>Asserts that nothing that stays is subnormal; messages and displacements are on their way.</summary>
    private static void AssertNormal<T>(Star<T> star) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var (name, values) in MemoryArchive<T>.Of(star).Vectors)
            if (name.Split('.')[^1] is "x" or "state" or "memory" or "report")
                foreach (T value in values) Assert.False(T.IsSubnormal(value), $"{name} has {value}");
    }

    /// <summary>Gradients that vanish after a few steps, as those of a unit that no longer fires.</summary>
    private sealed class Vanishing(float last) : IClosedForm<float>
    {
        private readonly float[] start = new float[3];

        public ReadOnlySpan<float> Start => start;

        public double Loss(ReadOnlySpan<float> x) => 0;

        public double Gradient(ReadOnlySpan<float> x, Span<float> gradient, in Draw draw)
        {
            for (int k = 0; k < gradient.Length; k++) gradient[k] = draw.Step < 8 ? last * (k + 1) : 0;
            return 0;
        }
    }
}
