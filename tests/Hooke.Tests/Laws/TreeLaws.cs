using Hooke.Methods;
using Hooke.Methods.Catalog;
using Hooke.Problems;
using Hooke.Runs;
using Xunit;

namespace Hooke.Tests.Laws;

/// <summary>What holds in a tree, however it is played.</summary>
public class TreeLaws
{
    private const double Eta = 0.05;

    [Theory]
    [InlineData(1, 2, "1-1", "1")]
    [InlineData(4, 2, "4-2-1", "2 2")]
    [InlineData(5, 2, "5-3-2-1", "2 2 1")]
    [InlineData(5, 4, "5-2-1", "4 1")]
    [InlineData(16, 16, "16-1", "16")]
    [InlineData(17, 16, "17-2-1", "16 1")]
    public void A_tree_has_d_children_a_node_but_for_the_last(int workers, int degree, string widths, string leavesOfParents)
    {
        using var star = new Star<double>(Make("easgd-tree", workers, null, ("degree", degree)), new Flat(1), workers);
        var tree = star.Tree!;
        Assert.Equal(widths, string.Join('-', tree.Nodes.GroupBy(node => node.Level).Select(level => level.Count())));
        Assert.Equal(tree.Nodes.Length, tree.Nodes.Select(node => node.Index).Distinct().Count());
        Assert.Equal(workers, tree.Root.Leaves);
        Assert.True(tree.Root.Parent is null && tree.Root.Worker.X.Overlaps(star.Center));
        Assert.All(tree.Nodes[..^1], node => Assert.Contains(node, node.Parent!.Children));
        Assert.All(tree.Nodes, node => Assert.True(node.Level == 0 ? node.Children.Length == 0 : node.Leaves == node.Children.Sum(child => child.Leaves) && node.Children.Length <= degree && node.FirstLeaf == node.Children[0].FirstLeaf));
        Assert.Equal(leavesOfParents, string.Join(' ', tree.Nodes.Where(node => node.Level == 1).Select(node => node.Leaves)));
    }

    [Theory]
    [InlineData("easgd-tree", "sgd")]
    [InlineData("eamsgd-tree", "msgd")]
    public void Without_force_leaves_are_sequential_bit_for_bit_and_the_root_stays(string name, string alone)
    {
        (string, double)[] momentum = name == "easgd-tree" ? [] : [("momentum", 0.9)];
        var problem = new Quadratic<double>([0.5, 0.7, 0.9], [1, 2, 3], deviation: 0.5);
        using Star<double> expected = new(Make(alone, 1, null, momentum), problem, 1), star = new(Make(name, 5, null, [("moving-rate", 0), .. momentum]), problem, 5);
        Turns.Run(expected, 60);
        Turns.Run(star, 60);
        Assert.True(expected.Workers[0].X.SequenceEqual(star.Workers[0].X));
        Assert.Equal([1.0, 2, 3], star.Center);
    }

    [Fact]
    public void Without_momentum_eamsgd_in_a_tree_is_easgd_in_a_tree_bit_for_bit()
    {
        using var easgd = Play.Turns(Make("easgd-tree", 5, null, ("period", 2), ("period-inner", 4)), 5, 60);
        using var eamsgd = Play.Turns(Make("eamsgd-tree", 5, null, ("period", 2), ("period-inner", 4), ("momentum", 0)), 5, 60);
        for (int k = 0; k < easgd.Tree!.Nodes.Length; k++) Assert.True(easgd.Tree.Nodes[k].Worker.X.SequenceEqual(eamsgd.Tree!.Nodes[k].Worker.X));
    }

    [Fact]
    public void A_scheme_is_its_periods_up_and_down()
    {
        using var one = Play.Turns(Make("easgd-tree", 4, null, ("period", 3), ("period-inner", 3)), 4, 40);
        using var two = Play.Turns(Make("easgd-tree", 4, null, ("period-up", 3), ("period-down", 3)), 4, 40);
        Assert.True(one.Center.SequenceEqual(two.Center));
        Assert.Equal(new TreePeriods(10, 10, 100, 100), Make("easgd-tree", 4, null).Schedule.Tree);
        Assert.Equal(new TreePeriods(8, 80, 8, 80), Make("easgd-tree", 4, null, ("scheme", 2)).Schedule.Tree);
        Assert.Equal(new TreePeriods(5, 80, 5, 80), Make("easgd-tree", 4, null, ("period-up", 5)).Schedule.Tree);
        Assert.Equal(new TreePeriods(5, 5, 100, 100), Make("easgd-tree", 4, null, ("period", 5)).Schedule.Tree);
    }

    /// <summary>One push and one arrival a period, as in equation 6.3.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(0.3, 0.2)]
    [InlineData(1, 0.25)]
    public void A_relay_that_hears_after_each_push_relaxes(double alpha, double kappa)
    {
        double[] a = [1, 2, 3], b = [1, 2, 3], told = new double[6], seen = new double[3], m = new double[3], n = new double[3];
        ICoupling relay = new Relay(alpha, kappa), relax = new Relax(alpha, kappa);
        relay.Begin<double>(a, told);
        for (int t = 0; t < 10; t++)
        {
            double[] center = [Math.Sin(t), Math.Cos(t), t];
            relay.Pull<double>(a, told, center);
            relax.Pull<double>(b, seen, center);
            for (int k = 0; k < 3; k++)
            {
                a[k] -= 0.1 * a[k] + k;
                b[k] -= 0.1 * b[k] + k;
            }
            relay.Push<double>(a, told, m);
            relax.Push<double>(b, seen, n);
            Assert.InRange(Play.Distance(n, m), 0, 1e-12);
            Assert.InRange(Play.Distance(b, a), 0, 1e-12);
        }
        relay.Push<double>(a, told, m);
        if (kappa == 1) Assert.InRange(Play.Distance(new double[3], m), 0, 1e-12); // nothing is sent twice
    }

    [Fact]
    public void Of_parameters_the_latest_counts_and_differences_add_up()
    {
        foreach (var (name, expected) in new[] { ("easgd-tree", 3.0), ("downpour-tree", 2.0) })
        {
            using var star = new Star<double>(Make(name, 2, null), new Flat(1), 2);
            var (child, parent) = (star.Tree!.Nodes[0], star.Tree.Root);
            foreach (double x in (double[])[1, 5, name == "easgd-tree" ? 10 : 2])
            {
                child.Worker.X[0] = x;
                child.Write(child.ToParent);
                child.Post(child.ToParent);
            }
            Assert.True(child.ToParent.IsWaiting);
            Assert.True(parent.Take(child.ToParent));
            Assert.Equal(0, parent.Receive(child.ToParent));
            Assert.Equal(expected, parent.Worker.X[0], 1e-12); // 0.3 · 10, or 1 + 4 − 3
            Assert.False(parent.Take(child.ToParent));
        }
    }

    // Law 4: what the leaves have done is what the root has heard, once.
    [Theory]
    [InlineData(1, 2)]
    [InlineData(7, 2)]
    [InlineData(6, 3)]
    public void No_step_of_a_downpour_tree_is_lost_or_counted_twice(int workers, int degree)
    {
        foreach (var (up, down) in new[] { (1, 1), (2, 3) })
        {
            var method = Make("downpour-tree", workers, null, ("degree", degree), ("period-up", up), ("period-down", down));
            using Star<double> turns = new(method, new Slope(), workers), threads = new(method, new Slope(), workers);
            Turns.Run(turns, 31);
            Play.Finish(turns);
            Assert.Equal(-Eta * 31 * workers, turns.Center[0], 1e-9);
            Turns.Run(turns, 31);
            Play.Finish(turns);
            Assert.Equal(-Eta * 62 * workers, turns.Center[0], 1e-9);
            Play.Threads(threads, 3001, 1);
            Assert.Equal(-Eta * 3001, threads.Center[0], 1e-8);
        }
    }

    [Fact]
    public void A_trees_parts_that_do_not_fit_are_refused()
    {
        var tree = Make("easgd-tree", 4, null);
        AssertRefused("degree is missing; a tree's must be at least 2", tree with { Degree = null });
        AssertRefused("degree is 1; a tree's must be at least 2", tree with { Degree = 1 });
        AssertRefused("degree is 2; easgd is not for trees and has none", Make("easgd", 4, null) with { Degree = 2 });
        AssertRefused("the periods of easgd-tree's tree are missing; its schedule must have them", tree with { Schedule = new(0.1) });
        AssertRefused("period is 1; it must be 10, the leaves' in the tree", tree with { Schedule = tree.Schedule with { Period = 1 } });
        AssertRefused("period up is 0; it must be at least 1", tree with { Schedule = tree.Schedule with { Tree = new(10, 1, 0, 1) } });
        AssertRefused("inner rate is 1.5; it must be at least 0 and at most 1", tree with { Schedule = tree.Schedule with { Tree = tree.Schedule.Tree! with { InnerRate = 1.5 } } });
        AssertRefused("timing is Synchronous; messages in a tree pass each other, so it must be Asynchronous or RoundRobin", tree with { Schedule = tree.Schedule with { Timing = Timing.Synchronous } });
        AssertRefused("the coupling Broadcast sends parameters; the center rule Accumulate takes differences", tree with { Center = new Accumulate() });
        AssertRefused("the coupling Relay sends differences; the center rule Follow takes parameters", tree with { Coupling = new Relay(1, 1) });
        AssertRefused("the center rule CenterNesterov keeps state; nodes of a tree have none", Make("downpour-tree", 4, null) with { Center = new CenterNesterov(0.5) });
        AssertRefused("order is Jacobi, whose messages are formed together with the pull; the coupling Broadcast forms them apart from any pull", tree with { Order = Order.Jacobi });
        AssertRefused("the average starts at the first drop of a rate that follows a worker's loss; the root of a tree has none", tree with { Readout = new TimeAverage(new(0, AtFirstDrop: true)), Schedule = tree.Schedule with { Rate = new StagnationRate(3, 0.2, 2) } });
        Assert.Equal("period is 5; it does not go with this scheme (its default is 10 in scheme 1)", Assert.Throws<ArgumentException>(() => Make("easgd-tree", 4, null, ("scheme", 2), ("period", 5))).Message);
        Assert.Equal("period-down is 5; it does not go with this scheme (its default is 80 or T/200, the less, but at least the other, in scheme 2)", Assert.Throws<ArgumentException>(() => Make("easgd-tree", 4, null, ("scheme", 1), ("period-down", 5))).Message);

        static void AssertRefused(string message, Method method) => Assert.Equal(message, Assert.Throws<ArgumentException>(() => method.Check(4)).Message);
    }

    private static Method Make(string name, int workers, TimingChoice? timing, params (string Name, double Value)[] values)
    {
        var all = values.ToDictionary(value => value.Name, value => value.Value);
        all.TryAdd("learning-rate", Eta);
        return AllMethods.Find(name).Create(new(workers) { Timing = timing, Values = all });
    }

    /// <summary>F(x) = x: every gradient is 1, wherever.</summary>
    internal sealed class Slope : IClosedForm<double>
    {
        public int Dimension => 1;

        public ReadOnlySpan<double> Start => new double[1];

        public double Loss(ReadOnlySpan<double> x) => x[0];

        public double Gradient(ReadOnlySpan<double> x, Span<double> gradient, in Draw draw)
        {
            gradient[0] = 1;
            return x[0];
        }
    }
}
