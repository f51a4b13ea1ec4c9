using Hooke.Engine;
using Hooke.Engine.Checkpoints;
using Hooke.Methods;
using Hooke.Methods.Catalog;
using Hooke.Problems;
using Hooke.Tests.Laws;
using Xunit;

namespace Hooke.Tests.Engine;

/// <summary>The size of a checkpoint that the disk is checked for is that of what is written, for every method.</summary>
public sealed class CheckpointSizeTests
{
    private const int Parameters = 50_000, VectorBytes = sizeof(float) * Parameters;

    [Theory, MemberData(nameof(Variants.All), MemberType = typeof(Variants))]
    public void What_is_foretold_is_written(string name)
    {
        var variant = Variants.Find(name);
        // Of several workers in no order one may end before it has begun, and keeps less.
        int workers = variant.For(1) is { Topology: Topology.Star, Schedule.Timing: Timing.Asynchronous } ? 1 : variant.Among(3);
        var method = variant.For(workers);
        var (written, foretold) = Compare(method, workers, measures: false);
        Assert.InRange(written, 0, foretold);
        // Of a tree some messages are on their way, of all that may be; of any other method every vector is there.
        if (method.Topology != Topology.Tree) Assert.InRange(foretold - written, 0, VectorBytes - 1);
    }

    [Fact]
    public void Estimates_of_the_gradient_are_kept_too()
    {
        var (written, foretold) = Compare(Cases.Method("easgd", 2, TimingChoice.Synchronous), 2, measures: true);
        Assert.InRange(foretold - written, 0, VectorBytes - 1);
    }

    [Theory]
    [InlineData("easgd", 1)]
    [InlineData("eamsgd", 2)]
    [InlineData("admm", 2)]
    [InlineData("admm-momentum", 3)]
    public void Another_worker_adds_what_its_rule_and_coupling_keep(string name, int atLeast)
    {
        long each = CheckpointSize.Of(Cases.Method(name, 3), 3, 1 << 20) - CheckpointSize.Of(Cases.Method(name, 2), 2, 1 << 20);
        Assert.InRange(each / (sizeof(float) << 20), atLeast, 5);
    }

    private static (long Written, long Foretold) Compare(Method method, int workers, bool measures)
    {
        using var folder = new Folder();
        string path = folder["checkpoint.safetensors"];
        using var star = Threads.Prepare(method, new Quadratic<float>(Enumerable.Repeat(1.0, Parameters).ToArray(), [1]), workers, seed: 1);
        Cases.Run(star, new(12 * workers, 1) { Checkpoint = path, MeasureGradient = measures });
        return (new FileInfo(path).Length, CheckpointSize.Of(method, workers, Parameters, measures));
    }
}
