using Hooke.Methods;
using Xunit;

namespace Hooke.Tests.Methods;

/// <summary>What rules say about themselves, and wrapped rules.</summary>
public class RuleTests
{
    [Fact]
    public void Only_read_pull_push_in_a_row_at_the_start_of_a_period_can_be_fused()
    {
        Assert.True(Order.Jacobi.ExchangesAtOnce);
        Assert.False(Order.GaussSeidel.ExchangesAtOnce);
        Assert.False(Order.Overlapped.ExchangesAtOnce);
        Assert.False(Order.Sequential.ExchangesAtOnce);
        Assert.True(new Order("", Meeting.WithPull, new(Act.Read, When.Start), new(Act.Pull, When.Start), new(Act.Push, When.Start)).ExchangesAtOnce);
        Assert.True(new Order("", Meeting.WithPull, new(Act.Read, When.Start), new(Act.Read, When.Start), new(Act.Pull, When.Start), new(Act.Push, When.Start)).ExchangesAtOnce);
        Assert.False(new Order("", Meeting.WithPull, new(Act.Read, When.Start), new(Act.Pull, When.Start), new(Act.Push, When.End)).ExchangesAtOnce);
        Assert.False(new Order("", Meeting.WithPull, new(Act.Read, When.Start), new(Act.Pull, When.Start)).ExchangesAtOnce);
    }

    [Fact]
    public void An_order_prints_its_name() => Assert.Equal("Gauss–Seidel", $"{Order.GaussSeidel}");

    [Fact]
    public void A_staleness_bound_passes_on_what_it_takes_to_the_rule_that_it_wraps()
    {
        var inner = new CenterNesterov(0.5);
        var bound = new BoundedStaleness(inner, 2);
        Assert.Equal(1, bound.StateVectors);
        Assert.True(bound.Accepts(2));
        Assert.False(bound.Accepts(3));
        Assert.False(new BoundedStaleness(new BoundedStaleness(inner, 1), 2).Accepts(2));
        double[] center = [1], velocity = [2], published = [0];
        bound.Absorb<double>(center, velocity, [3.0], 0);
        Assert.Equal((4, 5), (velocity[0], center[0])); // v = 0.5·2 + 3, x̃ = 1 + v
        bound.Publish<double>(center, velocity, published);
        Assert.Equal(7, published[0]);
    }

    [Fact]
    public void A_relaxation_pushes_what_is_left_only_if_it_restarts_from_the_center()
    {
        Assert.True(new Relax(1, 0.3).PushesRemainder);
        Assert.False(new Relax(0.9, 1).PushesRemainder);
        Assert.False(((ICoupling)new Elastic(1, 1)).PushesRemainder);
        Assert.True(new Dual(1, 2).CenterIsMean);
        Assert.False(((ICoupling)new Relax(1, 1)).CenterIsMean);
    }

    [Fact]
    public void Rules_say_how_many_vectors_they_keep()
    {
        Assert.Equal([0, 1, 1], new ILocalRule[] { new GradientStep(), new HeavyBall(0.5), new Nesterov(0.5) }.Select(r => r.StateVectors));
        Assert.Equal([false, false, true], new ILocalRule[] { new GradientStep(), new HeavyBall(0.5), new Nesterov(0.5) }.Select(r => r.LooksAhead));
        Assert.Equal([0, 1, 1, 3], new ICoupling[] { new Alone(), new Elastic(1, 1), new Relax(1, 1), new Dual(1, 1) }.Select(c => c.StateVectors));
        Assert.Equal([0, 1], new ICenterRule[] { new Accumulate(), new CenterNesterov(0.5) }.Select(c => c.StateVectors));
    }

    // A rule that does not look ahead looks at x.
    [Fact]
    public void The_default_look_is_at_x()
    {
        double[] point = [0, 0];
        ((ILocalRule)new GradientStep()).Look<double>([1, 2], default, point, 0);
        Assert.Equal([1, 2], point);
    }
}
