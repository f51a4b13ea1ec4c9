using Hooke.Methods.Catalog;
using Hooke.Simulator;
using Hooke.Tests.Laws;
using Xunit;

namespace Hooke.Tests.Simulator;

/// <summary>What is particular to trees in virtual time: the way of a message, and that one edge carries one at a time.</summary>
public class TreeTests
{
    /// <summary>Four leaves, their parents 4 and 5, and the root 6.</summary>
    private static readonly int[] FirstLeaves = [0, 1, 2, 3, 0, 2, 0];

    [Theory]
    [InlineData(2, 1, 0.1, 0.1, 0, 0.4)] // a parent on the machine of its leaves
    [InlineData(1, 1, 0.1, 0.5, 0, 0.4)] // every leaf on a machine of its own: out of one, into the other
    [InlineData(4, 1, 0.1, 0.1, 0, 0)]
    [InlineData(2, 2, 0.1, 0.1, 0, 0.7)] // the second machine at a far site
    public void A_message_passes_the_leafs_link_and_those_between_the_machines(int workersPerMachine, int sites, double leaf0, double leaf1, double node4, double node5)
    {
        var network = new Network(new() { WorkersPerMachine = workersPerMachine, Sites = sites, Within = new(0.1), Between = new(0.2), Backbone = new(0.3), Center = new(5) }, 4, FirstLeaves);
        foreach (var (node, parent, latency) in new[] { (0, 4, leaf0), (1, 4, leaf1), (4, 6, node4), (5, 6, node5) })
        {
            Assert.Equal(latency, network.Latency(node, parent), 1e-12);
            List<int> up = [.. Way(node, parent, true)], down = [.. Way(node, parent, false)];
            // Back through the other directions of the same links.
            Assert.Equal(up.Select(lane => lane ^ 1).Reverse(), down);
        }

        IEnumerable<int> Way(int node, int parent, bool up)
        {
            for (int stage = 0; network.Next(node, parent, up, ref stage) is >= 0 and var lane;) yield return lane;
        }
    }

    [Fact]
    public void Messages_that_wait_behind_one_on_its_way_become_one_and_nothing_is_lost()
    {
        // Leaves send every second; a message takes 3.5 s on a leaf's link.
        var cluster = new Cluster { Compute = 1, MessageBytes = 7, Within = new(0, 2), WorkersPerMachine = 4 };
        var method = Tree.Downpour.For(4, ("degree", 2), ("period", 1));
        using var star = VirtualTime.Prepare(method, new Flat(3), 4, cluster, 1);
        foreach (var worker in star.Workers) worker.X.Fill(worker.Index + 1);
        using var simulation = new Simulation<double>(star, new(4 * 21, 1), cluster);
        double[] sum = new double[3];
        while (simulation.Step())
        {
            simulation.Balance(sum);
            Assert.Equal(10, sum[0], 1e-12);
        }
        Assert.Equal(1 + 7 * 3.5, simulation.Now, 1e-9); // parents send first after a step, then each time when the last has arrived
        long before = star.Clock;
        var outcome = simulation.End();
        Assert.All(star.Center.ToArray(), value => Assert.Equal(10, value, 1e-12));
        Assert.True(star.Clock > before);
        var links = outcome.Usage.Where(usage => usage.Name.StartsWith("worker", StringComparison.Ordinal) && usage.Name.EndsWith("up", StringComparison.Ordinal)).ToArray();
        Assert.Equal([49, 49, 49, 49], links.Select(link => link.Bytes));
    }

    [Fact]
    public void A_leaf_that_comes_back_starts_from_its_parent()
    {
        var cluster = new Cluster { Compute = 1, Between = new(0.1) };
        using var star = VirtualTime.Prepare(Variants.Find("eamsgd-tree, Asynchronous").For(4), new ExampleQuadratic<double>(), 4, cluster, 1);
        using var simulation = new Simulation<double>(star, new(200, 1) { Faults = [new(FaultKind.Die, 5.5, 3), new(FaultKind.Return, 20, 3)] }, cluster);
        double[] asked = [];
        while (simulation.Step() && simulation.Incidents.Count < 2)
            if (simulation.Now is > 20.19 and < 20.21) asked = [.. star.Tree!.Nodes[3].Parent!.Worker.X];
        Assert.Equal([IncidentKind.Died, IncidentKind.CameBack], simulation.Incidents.Select(incident => incident.Kind));
        Assert.Equal(20.4, simulation.Incidents[1].Seconds, 1e-9); // two machines' links there, and back
        Assert.Equal(asked, star.Workers[3].X.ToArray());
    }
}
