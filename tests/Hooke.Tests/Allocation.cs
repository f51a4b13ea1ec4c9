using Xunit;

namespace Hooke.Tests;

/// <summary>What a thread allocates.</summary>
internal static class Allocation
{
    /// <summary>
    /// Work that allocates nothing. A collection that another test's thread forces may count up to a thread's whole buffer, so one
    /// clean attempt is enough.
    /// </summary>
    public static void AssertNone(Action work)
    {
        long fewest = long.MaxValue;
        for (int attempt = 0; attempt < 10 && fewest > 0; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            work();
            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, fewest);
    }
}
