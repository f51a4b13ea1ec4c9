using Hooke.Methods.Catalog;
using Xunit;

namespace Hooke.Tests.Methods;

/// <summary>Learning rates that nobody gives follow the problem's scale, p, the batch, the momentum and delays.</summary>
public class RateScaleTests
{
    private static readonly RateScale Scale = new(0.3, 32, 0.9);

    [Fact]
    public void A_rate_grows_with_the_batch_until_curvature_decides()
    {
        Assert.Equal(0.15, Scale.At(32), 12);
        Assert.Equal(0.3 / 33, Scale.At(1), 12);
        Assert.Equal(0.3, Scale.At(1e9), 6);
        Assert.Equal(2, Scale.At(0.002) / Scale.At(0.001), 1e-4);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.99)]
    public void Momentum_is_stable_up_to_twice_its_rate_without_noise_and_no_further(double momentum)
    {
        // The curvature is the one whose greatest rate without momentum is twice ε∞.
        double h = 1 / Scale.Largest, rate = 2 * (1 - momentum) * Scale.At(double.PositiveInfinity, momentum);
        Assert.True(Last(0.98 * rate) < 1e-3);
        Assert.True(Last(1.02 * rate) > 1e3);

        double Last(double eta)
        {
            double x = 1, v = 0;
            for (int t = 0; t < 3000; t++) x += v = momentum * v - eta * h * (x + momentum * v);
            return Math.Abs(x);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(48)]
    public void A_delayed_gradient_is_stable_up_to_twice_the_delayed_rate_and_no_further(int delay)
    {
        // The curvature is the one whose greatest rate without delay is twice ε∞.
        double h = 1 / Scale.Largest, rate = 2 * Scale.Delayed(delay);
        Assert.True(Last(0.98 * rate) < 1e-3);
        Assert.True(Last(1.02 * rate) > 1e3);

        double Last(double eta)
        {
            double[] x = [.. Enumerable.Repeat(1.0, delay + 1)];
            for (int t = 0; t < 400 * (delay + 1) * (delay + 1); t++) x[(t + 1) % x.Length] = x[t % x.Length] - eta * h * x[(t + 1) % x.Length];
            return x.Max(Math.Abs);
        }
    }

    [Theory]
    [InlineData("gd", 1, 16, 0.3)]
    [InlineData("sgd", 1, 32, 0.15)]
    [InlineData("sgd", 1, 16, 0.1)]
    [InlineData("msgd", 1, 16, 0.014)]
    [InlineData("easgd", 8, 16, 0.1)]
    [InlineData("eamsgd", 2, 32, 0.0261)]
    [InlineData("minibatch-sgd", 4, 16, 0.2)]
    [InlineData("downpour", 1, 16, 0.1)]
    [InlineData("downpour", 2, 32, 0.15)]
    [InlineData("downpour", 8, 32, 0.0314)]
    [InlineData("mdownpour", 8, 32, 0.00314)]
    [InlineData("downpour-tree", 8, 32, 0.00486)]
    public void A_method_makes_its_rate_of_the_scale(string method, int workers, int batch, double rate)
        => Assert.Equal(rate, AllMethods.Find(method).Create(new(workers) { Scale = Scale, Batch = batch }).Schedule.LearningRate, 12);

    [Fact]
    public void A_rate_follows_the_momentum_and_the_period()
    {
        Assert.Equal(0.0563, Rate("eamsgd", 2, ("momentum", 0.5)), 12);
        Assert.Equal(Rate("easgd", 2), Rate("eamsgd", 2, ("momentum", 0)));
        Assert.Equal(Rate("downpour", 8), Rate("downpour", 2, ("period", 7)), 12);
        Assert.Equal(Rate("easgd", 8), Rate("easgd", 8, ("period", 1)));
    }

    [Fact]
    public void The_long_periods_of_a_tree_are_shorter_in_short_runs()
    {
        Assert.Equal([100, 100, 60, 10, 10], new long[] { 1_000_000, 20_000, 12_000, 2000, 1 }.Select(steps => Make("easgd-tree", steps).Schedule.Tree!.Up));
        Assert.Equal(1, Make("downpour-tree", 1_000_000).Schedule.Tree!.Up);

        static Hooke.Methods.Method Make(string name, long steps) => AllMethods.Find(name).Create(new(8) { Steps = steps });
    }

    private static double Rate(string name, int workers, params (string Name, double Value)[] values)
        => AllMethods.Find(name).Create(new(workers) { Scale = Scale, Batch = 16, Values = values.ToDictionary(v => v.Name, v => v.Value) }).Schedule.LearningRate;
}
