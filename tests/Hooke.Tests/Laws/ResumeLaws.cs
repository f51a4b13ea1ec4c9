using Hooke.Runs;
using Xunit;

namespace Hooke.Tests.Laws;

/// <summary>Law 6: saving and resuming anywhere changes no bit.</summary>
public class ResumeLaws
{
    private const int Steps = 12; // three periods of 4

    [Theory, MemberData(nameof(Variants.All), MemberType = typeof(Variants))]
    public void A_run_may_be_saved_and_resumed_after_any_step(string name)
    {
        var variant = Variants.Find(name);
        int workers = variant.Among(2);
        var method = variant.For(workers);
        using var whole = New();
        var saved = new List<MemoryArchive<float>> { MemoryArchive<float>.Of(whole) };
        for (int s = 0; s < Steps; s++)
        {
            Turns.Run(whole, 1);
            saved.Add(MemoryArchive<float>.Of(whole));
        }
        for (int s = 0; s <= Steps; s++)
        {
            using var resumed = New();
            resumed.Archive(saved[s]);
            MemoryArchive<float>.AssertSame(saved[s], MemoryArchive<float>.Of(resumed));
            Turns.Run(resumed, Steps - s);
            MemoryArchive<float>.AssertSame(saved[Steps], MemoryArchive<float>.Of(resumed));
            Play.AssertSameBits(whole, resumed);
        }

        Star<float> New() => new(method, new ExampleQuadratic<float>(), workers, seed: 3, shards: 2);
    }

    // A run's end pushes what workers hold; a longer run resumes from there.
    [Theory]
    [InlineData("downpour, RoundRobin")]
    [InlineData("downpour, Synchronous")]
    public void What_an_end_pushed_is_not_pushed_again_when_the_run_goes_on(string name)
    {
        using var star = new Star<double>(Variants.Find(name).For(1), new ExampleQuadratic<double>(), 1);
        Turns.Run(star, 6);
        Assert.True(star.Workers[0].HoldsRemainder);
        Play.Finish(star);
        Assert.InRange(Play.Distance(star.Workers[0].X, star.Center), 0, 1e-12);
        Turns.Run(star, 2);
        Assert.False(star.Workers[0].HoldsRemainder);
        Assert.InRange(Play.Distance(star.Workers[0].X, star.Center), 0, 1e-12);
        Assert.Equal(3, star.Clock);
    }
}
