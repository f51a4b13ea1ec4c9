using Hooke.Problems;
using Hooke.Runs;
using Xunit;

namespace Hooke.Tests.Laws;

public class AllocationLaws
{
    [Theory, MemberData(nameof(Variants.All), MemberType = typeof(Variants))]
    public void Nothing_allocates_in_a_step(string name)
    {
        var variant = Variants.Find(name);
        int workers = variant.Among(2);
        using var star = new Star<float>(variant.For(workers), new Quadratic<float>([1, 2], start: [1]), workers);
        Turns.Run(star, 50);
        // A collection that another test's thread forces may count up to a thread's whole buffer, so one clean attempt is enough.
        long fewest = long.MaxValue;
        for (int attempt = 0; attempt < 10 && fewest > 0; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Turns.Run(star, 50);
            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, fewest);
    }
}
