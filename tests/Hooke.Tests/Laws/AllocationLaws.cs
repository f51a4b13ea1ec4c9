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
        Allocation.AssertNone(() => Turns.Run(star, 50));
    }
}
