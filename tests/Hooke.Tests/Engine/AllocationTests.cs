using Hooke.Engine;
using Hooke.Methods.Catalog;
using Hooke.Problems;
using Xunit;

namespace Hooke.Tests.Engine;

/// <summary>Runs alone: what other tests allocate would count.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public class Alone;

[Collection(nameof(AllocationTests))]
public class AllocationTests
{
    public static TheoryData<string, TimingChoice?, int> All =>
    [
        .. Cases.Names.Select(name => (name, (TimingChoice?)null, 1)),
        .. Cases.With(TimingChoice.Asynchronous, TimingChoice.Overlapped, TimingChoice.Synchronous, TimingChoice.OverlappedSynchronous, TimingChoice.RoundRobin)
            .Where(c => c.Name is "easgd" or "eamsgd" or "mdownpour" or "admm" or "easgd-tree" or "downpour-tree").Select(c => (c.Name, (TimingChoice?)c.Timing, 2)),
    ];

    [Theory, MemberData(nameof(All))]
    public void More_steps_allocate_no_more(string name, TimingChoice? timing, int workers)
    {
        Allocated(name, timing, workers, 200);
        long few = Allocated(name, timing, workers, 200), many = Allocated(name, timing, workers, 2200);
        Assert.InRange(many - few, long.MinValue, 16_000); // 2000 · workers steps of even one small object would be more
    }

    private static long Allocated(string name, TimingChoice? timing, int workers, long steps)
    {
        using var star = Threads.Prepare(Cases.Method(name, workers, timing), new Quadratic<float>([1, 0.5, 2], [1], deviation: 0.1), workers, seed: 1);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        Cases.Run(star, new(steps * workers, 1));
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }
}
