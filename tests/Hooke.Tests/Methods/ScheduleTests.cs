using Hooke.Methods;
using Xunit;

namespace Hooke.Tests.Methods;

public class ScheduleTests
{
    [Fact]
    public void A_constant_rate_stays()
    {
        Assert.Equal(1, new ConstantRate().Factor(0, 0));
        Assert.Equal(1, new ConstantRate().Factor(1_000_000, 3));
    }

    // 1/√(1 + γt) at γ = 0.01.
    [Theory]
    [InlineData(0, 1)]
    [InlineData(300, 0.5)]
    [InlineData(1500, 0.25)]
    [InlineData(100, 0.70710678118654752)]
    public void The_inverse_square_root_rate_decays_as_stated(long step, double factor)
        => Assert.Equal(factor, new InverseSquareRootRate(0.01).Factor(step, 0), 15);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0.5)]
    [InlineData(3, 0.25)]
    [InlineData(99, 0.01)]
    public void The_inverse_rate_is_c_over_t_counted_from_1(long step, double factor)
        => Assert.Equal(factor, new InverseRate().Factor(step, 0), 15);

    // (1 + cos(πt/300))/2, 0 from step 300 on.
    [Theory]
    [InlineData(0, 1)]
    [InlineData(100, 0.75)]
    [InlineData(150, 0.5)]
    [InlineData(300, 0)]
    [InlineData(1_000_000_000_000, 0)]
    public void The_cosine_rate_falls_to_zero_at_its_last_step(long step, double factor)
        => Assert.Equal(factor, new CosineRate(300).Factor(step, 0), 15);

    // By 5 from step 100, then by 2 from step 150.
    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(99, 1, 0)]
    [InlineData(100, 0.2, 1)]
    [InlineData(149, 0.2, 1)]
    [InlineData(150, 0.1, 2)]
    [InlineData(1_000_000, 0.1, 2)]
    public void The_stepwise_rate_is_divided_from_each_step_on(long step, double factor, int drops)
    {
        var shape = new StepwiseRate(new RateDrop(100, 5), new RateDrop(150, 2));
        Assert.Equal(factor, shape.Factor(step, 0), 15);
        Assert.Equal(drops, shape.Drops(step, 0));
    }

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(1, 0.2, 1)]
    [InlineData(2, 0.1, 2)]
    [InlineData(7, 0.1, 2)]
    public void The_stagnation_rate_is_divided_once_a_stagnation_while_divisors_last(int stagnations, double factor, int drops)
    {
        var shape = new StagnationRate(10, 0, 5, 2);
        Assert.Equal(factor, shape.Factor(123, stagnations), 15);
        Assert.Equal(drops, shape.Drops(123, stagnations));
    }

    // 1 − 1/(2(⌊t/250⌋ + 1)), capped.
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(249, 0.5)]
    [InlineData(250, 0.75)]
    [InlineData(499, 0.75)]
    [InlineData(500, 0.83333333333333333)]
    [InlineData(750, 0.875)]
    [InlineData(12_249, 0.98979591836734694)] // 1 − 1/98
    [InlineData(12_250, 0.99)]
    [InlineData(1_000_000_000, 0.99)]
    public void The_growing_momentum_follows_the_schedule_up_to_its_maximum(long step, double momentum)
        => Assert.Equal(momentum, new GrowingMomentum(0.99).At(step), 15);

    [Fact]
    public void A_growing_momentum_never_passes_a_small_maximum() => Assert.Equal(0.3, new GrowingMomentum(0.3).At(0));

    [Fact]
    public void A_number_is_a_constant_momentum()
    {
        Momentum momentum = 0.9;
        Assert.Equal(new ConstantMomentum(0.9), momentum);
        Assert.Equal(0.9, momentum.At(12345));
    }

    [Theory]
    [InlineData(1, 0, true, true)]
    [InlineData(1, 5, true, true)]
    [InlineData(4, 0, true, false)]
    [InlineData(4, 3, false, true)]
    [InlineData(4, 5, false, false)]
    public void A_period_has_a_first_and_a_last_step(int period, long step, bool start, bool end)
    {
        var schedule = new Schedule(0.1, period);
        Assert.Equal(start, schedule.Due(When.Start, step));
        Assert.Equal(end, schedule.Due(When.End, step));
        Assert.True(schedule.Due(When.Always, step));
    }
}
