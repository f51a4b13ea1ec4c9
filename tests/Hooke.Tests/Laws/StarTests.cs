using System.Numerics;
using Hooke.Methods;
using Hooke.Methods.Catalog;
using Hooke.Numerics;
using Hooke.Problems;
using Hooke.Runs;
using Xunit;

namespace Hooke.Tests.Laws;

/// <summary>A run's state: where it starts, what it can tell of itself.</summary>
public class StarTests
{
    [Fact]
    public void Shared_initialization_starts_all_at_the_same_random_place()
    {
        using var star = New("easgd", Initialization.Shared, seed: 3);
        Assert.All(star.Workers, worker => Assert.True(star.Center.SequenceEqual(worker.X)));
        using var other = New("easgd", Initialization.Shared, seed: 4);
        Assert.False(star.Center.SequenceEqual(other.Center));
    }

    [Fact]
    public void Separate_initialization_starts_all_at_their_own_places()
    {
        using var star = New("easgd", Initialization.Separate, seed: 3);
        Assert.Equal(4, star.Workers.Select(w => w.X[0]).Append(star.Center[0]).Distinct().Count());
        using var shared = New("easgd", Initialization.Shared, seed: 3);
        Assert.True(shared.Center.SequenceEqual(star.Center));
    }

    [Fact]
    public void Admm_starts_its_center_at_the_mean_of_separate_workers()
    {
        using var star = New("admm", Initialization.Separate, seed: 3);
        for (int k = 0; k < 5; k++) Assert.Equal(star.Workers.Average(w => w.X[k]), star.Center[k], 1e-15);
    }

    [Fact]
    public void Consensus_is_the_root_mean_squared_distance_from_the_center()
    {
        using var star = New("easgd", Initialization.Shared);
        Assert.Equal(0, star.Consensus());
        star.Workers[0].X[1] += 3;
        star.Workers[2].X[4] -= 6;
        Assert.Equal(Math.Sqrt(15), star.Consensus(), 1e-12); // (9 + 36)/3
    }

    [Fact]
    public void Shards_cover_the_center()
    {
        using var star = new Star<double>(Easgd(3), new ExampleQuadratic<double>(7), 3, shards: 3);
        Assert.Equal([(0, 0, 2), (1, 2, 2), (2, 4, 3)], star.Shards.Select(s => (s.Index, s.Offset, s.Length)));
        using var many = new Star<double>(Easgd(3), new ExampleQuadratic<double>(2), 3, shards: 9);
        Assert.Equal(2, many.Shards.Length);
        using var none = new Star<double>(Easgd(3), new ExampleQuadratic<double>(2), 3, shards: 0);
        Assert.Single(none.Shards);
        using var alone = new Star<double>(AllMethods.Find("sgd").Create(new(1)), new ExampleQuadratic<double>(7), 1, shards: 3);
        Assert.Single(alone.Shards);
    }

    [Fact]
    public void A_center_counts_its_updates_and_the_age_of_messages()
    {
        using var star = new Star<double>(AllMethods.Find("downpour").Create(new(2)), new ExampleQuadratic<double>(), 2);
        foreach (var worker in star.Workers)
        {
            worker.Next();
            Play.Read(star, worker);
            worker.Next();
            Play.Compute(star, worker);
            worker.Next();
        }
        Assert.Equal(0, Play.Absorb(star, star.Workers[1]));
        Assert.Equal(1, Play.Absorb(star, star.Workers[0]));
        Assert.Equal(2, star.Clock);
    }

    [Theory]
    [InlineData("downpour", 3, false)]
    [InlineData("downpour", 4, true)]
    [InlineData("easgd-gauss-seidel", 4, false)]
    [InlineData("easgd", 4, false)]
    public void Only_who_restarts_from_the_center_holds_a_remainder(string name, int steps, bool holds)
    {
        var method = AllMethods.Find(name).Create(new(2) { Values = new Dictionary<string, double> { ["period"] = 3 } });
        using var star = Play.Turns(method, 2, steps);
        Assert.All(star.Workers, w => Assert.Equal(holds, w.HoldsRemainder));
    }

    [Fact]
    public void A_worker_knows_its_rate_and_its_last_loss()
    {
        var method = AllMethods.Find("sgd").Create(new(1) { Rate = new StepwiseRate(new RateDrop(2, 5)), Values = new Dictionary<string, double> { ["learning-rate"] = 0.5 } });
        using var star = new Star<double>(method, new ExampleQuadratic<double>(), 1);
        var worker = star.Workers[0];
        Assert.True(double.IsNaN(worker.LastLoss));
        Assert.Equal((0.5, false, 0), (worker.LearningRate, worker.RateDropped, worker.Index));
        var expected = new ExampleQuadratic<double>().Gradient(worker.X, new double[5], new Draw(0, 0, 0, 0, 1));
        Turns.Run(star, 1);
        Assert.Equal(expected, worker.LastLoss);
        Turns.Run(star, 1);
        Assert.Equal((0.1, true, 2), (worker.LearningRate, worker.RateDropped, worker.Steps));
    }

    [Fact]
    public void Only_elastic_exchange_with_an_accumulating_center_fuses()
    {
        Assert.True(Fuses(Easgd(2)));
        Assert.False(Fuses(Easgd(2) with { Center = new CenterNesterov(0.5) }));
        Assert.False(Fuses(Easgd(2) with { Order = Order.Overlapped }));
        Assert.False(Fuses(AllMethods.Find("downpour").Create(new(2))));

        static bool Fuses(Method method)
        {
            using var star = new Star<double>(method, new ExampleQuadratic<double>(), 2);
            return star.Workers[1].Fuses;
        }
    }

    [Fact]
    public void A_probe_of_the_gradient_changes_nothing()
    {
        using var star = Play.Turns(Easgd(2), 2, 5);
        var before = MemoryArchive<double>.Of(star);
        double[] at = [1, 2, 3, 4, 5], expected = new double[5], actual = new double[5];
        var draw = new Draw(0, 0, 0, 3, 2);
        double loss = new ExampleQuadratic<double>().Gradient(at, expected, draw);
        Assert.Equal(loss, star.Workers[0].Probe(at, actual, draw));
        Assert.Equal(expected, actual);
        Assert.Equal(new ExampleQuadratic<double>().Loss(at), star.Workers[1].Evaluate(at, Split.Test, 0).Loss, 1e-12);
        MemoryArchive<double>.AssertSame(before, MemoryArchive<double>.Of(star));
    }

    // A loss that stays is stagnation, whatever the tolerance, and the first window has nothing to be compared with.
    [Fact]
    public void A_loss_that_stays_stagnates_in_its_second_window()
    {
        var method = AllMethods.Find("sgd").Create(new(1) { Rate = new StagnationRate(3, 0, 2) });
        using var star = new Star<double>(method, new Flat(1), 1);
        Turns.Run(star, 5);
        Assert.False(star.Workers[0].RateDropped);
        Turns.Run(star, 1);
        Assert.True(star.Workers[0].RateDropped);
    }

    [Fact]
    public void A_disposed_run_is_gone()
    {
        var star = Play.Turns(Easgd(2), 2, 5);
        star.Dispose();
        Assert.Throws<ObjectDisposedException>(() => star.Center.Length);
        Assert.Throws<ObjectDisposedException>(() => star.Workers[1].X.Length);
    }

    private static Method Easgd(int workers) => AllMethods.Find("easgd").Create(new(workers));

    private static Star<double> New(string name, Initialization initialization, ulong seed = 0)
        => new(AllMethods.Find(name).Create(new(3)), new RandomStart<double>(), 3, seed, initialization);

    /// <summary>Starts at random; the rest does not matter.</summary>
    private sealed class RandomStart<T> : IObjective<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public int Dimension => 5;

        public void Initialize(Span<T> x, Noise noise) => noise.FillGaussian(x, 1);

        public IOracle<T> Open() => new ExampleQuadratic<T>();
    }
}
