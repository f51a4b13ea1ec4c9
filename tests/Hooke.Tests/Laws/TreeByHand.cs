using Hooke.Methods.Catalog;
using Hooke.Runs;
using Xunit;

namespace Hooke.Tests.Laws;

/// <summary>Law 3: the methods of the tree, written out from the thesis.</summary>
public class TreeByHand
{
    private const double Eta = 0.05;

    // Seven leaves: parents of 2, 2, 2 and 1, then two nodes, then the root.
    private static readonly ByHand Hand = new(7);

    [Theory]
    [InlineData("easgd-tree", 1, 0, 0)]
    [InlineData("easgd-tree", 1, 0, 0.5)]
    [InlineData("easgd-tree", 2, 0, 0)]
    [InlineData("eamsgd-tree", 1, 0.8, 0)]
    [InlineData("eamsgd-tree", 2, 0.8, 0.5)]
    public void Elastic_trees_are_Algorithm_6(string name, int scheme, double delta, double innerRate)
    {
        foreach (double kappa in new[] { 0.25, 0.1 })
        {
            const double Alpha = 0.25;
            var nodes = Nodes(scheme);
            AssertIs(Make(name, scheme, [("moving-rate", Alpha), ("center-rate", kappa), ("inner-rate", innerRate), .. delta > 0 ? [("momentum", delta)] : Array.Empty<(string, double)>()]), nodes, Turn);

            void Turn(HandNode node, int leaf, int step)
            {
                if (node.Parent is { } p && node.Clock % node.Up == 0) node.SentUp = node.X;
                if (node.Clock % node.Down == 0) foreach (var child in node.Children) child.SentDown = node.X;
                if (node.SentDown is { } y) node.X += Alpha * (y - node.X);
                node.SentDown = null;
                foreach (var child in node.Children)
                {
                    if (child.SentUp is { } z) node.X += kappa * (z - node.X);
                    child.SentUp = null;
                }
                if (node.Level == 0)
                {
                    node.V = delta * node.V - Eta * Hand.Gradient(node.X + delta * node.V, leaf, step);
                    node.X += node.V;
                }
                else if (innerRate > 0) node.X -= Eta * Math.Pow(innerRate, node.Level) * Hand.Gradient(node.X, leaf, step);
                node.Clock++;
            }
        }
    }

    // v is what the node has done, or passed on, since it last told its parent, as in Algorithm 3.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Downpour_in_a_tree_accumulates_as_Algorithm_3_does(int scheme)
    {
        var nodes = Nodes(scheme);
        AssertIs(Make("downpour-tree", scheme), nodes, Turn);

        void Turn(HandNode node, int leaf, int step)
        {
            if (node.Parent is not null && node.Clock % node.Up == 0)
            {
                node.SentUp = node.SentUp is { } unread ? unread + node.V : node.V;
                node.V = Hand.Zero;
            }
            if (node.Clock % node.Down == 0) foreach (var child in node.Children) child.SentDown = node.X;
            if (node.SentDown is { } y) node.X = y + node.V;
            node.SentDown = null;
            foreach (var child in node.Children)
            {
                if (child.SentUp is not { } m) continue;
                node.X += m;
                node.V += m;
                child.SentUp = null;
            }
            if (node.Level == 0)
            {
                var g = Hand.Gradient(node.X, leaf, step);
                node.X -= Eta * g;
                node.V -= Eta * g;
            }
            node.Clock++;
        }
    }

    /// <summary>Plays leaves in turns; an inner node's turn comes when its leaves have made one more step each on average.</summary>
    private static void AssertIs(Hooke.Methods.Method method, HandNode[] nodes, Action<HandNode, int, int> turn)
    {
        using var star = new Star<double>(method, new ExampleQuadratic<double>(), Hand.Count);
        for (int t = 0; t < 23; t++)
        {
            Turns.Run(star, 1);
            for (int i = 0; i < Hand.Count; i++)
            {
                turn(nodes[i], i, t);
                for (var node = nodes[i].Parent; node is not null; node = node.Parent)
                    if (++node.LeafSteps % node.Leaves == 0) turn(node, i, t);
            }
            for (int k = 0; k < nodes.Length; k++) Assert.InRange(Play.Distance(nodes[k].X.Values, star.Tree!.Nodes[k].Worker.X), 0, 1e-12);
            Assert.InRange(Play.Distance(nodes[^1].X.Values, Play.Report(star)), 0, 1e-12);
        }
        Assert.True(Play.Distance(star.Center, new ExampleQuadratic<double>().Start) > 0.01);
    }

    private static Hooke.Methods.Method Make(string name, int scheme, params (string, double)[] more)
        => Hand.Make(name, TimingChoice.RoundRobin, [("learning-rate", Eta), .. scheme == 1 ? new[] { ("period", 2.0), ("period-inner", 3.0) } : [("period-up", 2.0), ("period-down", 3.0)], .. more]);

    private static HandNode[] Nodes(int scheme)
    {
        int[] parents = [7, 7, 8, 8, 9, 9, 10, 11, 11, 12, 12, 13, 13], levels = [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3];
        var nodes = levels.Select(level => new HandNode
        {
            Level = level,
            X = Hand.Start,
            V = Hand.Zero,
            // Figure 6.2: in scheme 1 edges below the leaves' parents are used every 2 steps, others every 3.
            Up = scheme == 1 && level > 0 ? 3 : 2,
            Down = scheme == 1 && level == 1 ? 2 : 3,
        }).ToArray();
        for (int k = 0; k < parents.Length; k++)
        {
            nodes[k].Parent = nodes[parents[k]];
            nodes[parents[k]].Children.Add(nodes[k]);
        }
        foreach (var leaf in nodes[..7])
            for (var node = leaf.Parent; node is not null; node = node.Parent) node.Leaves++;
        return nodes;
    }

    private sealed class HandNode
    {
        public required int Level, Up, Down;
        public required Vec X, V;
        public int Clock, Leaves, LeafSteps;
        public HandNode? Parent;
        public List<HandNode> Children = [];
        public Vec? SentUp, SentDown;
    }
}
