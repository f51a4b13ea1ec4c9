using System.Numerics;
using Hooke.Runs;

namespace Hooke.Simulator;

/// <summary>One direction of a link, or both if it is not duplex: a line that messages pass one behind the other.</summary>
internal struct Lane(Link link)
{
    public readonly double Latency = link.Latency, SecondsPerByte = 1 / link.Bandwidth, Jitter = link.Jitter;

    /// <summary>When it has passed all that entered it.</summary>
    public double Free;

    /// <summary>Seconds that it has been passing messages.</summary>
    public double Busy;

    /// <summary>Bytes that entered it.</summary>
    public double Bytes;
}

/// <summary>
/// The links between workers and center. A message goes through up to four: the worker's own, its machine's, its site's, the
/// center's. It is cut through: its head enters the next link while its tail is still in the one before.
/// </summary>
internal sealed class Network
{
    /// <summary>Links on the longest way.</summary>
    public const int Stages = 4;

    private const int None = -1, StagesInTree = 5;
    private readonly Cluster cluster;
    private readonly int workers, machines, perSite, within, between, backbone, center;
    private readonly int[] firstLeaves;
    private readonly Lane[] lanes;

    /// <summary>Lays the links.</summary>
    /// <param name="cluster">As it describes.</param>
    /// <param name="workers">p.</param>
    /// <param name="firstLeaves">First leaf of each node of a tree, on whose machine the node is; empty for a star.</param>
    public Network(Cluster cluster, int workers, int[] firstLeaves)
    {
        (this.cluster, this.workers, this.firstLeaves) = (cluster, workers, firstLeaves);
        machines = (workers + cluster.WorkersPerMachine - 1) / cluster.WorkersPerMachine;
        perSite = (machines + cluster.Sites - 1) / cluster.Sites;
        var all = new List<Lane>();
        within = Add(cluster.Within, workers);
        between = Add(cluster.Between, machines);
        backbone = Add(cluster.Backbone, cluster.Sites);
        center = Add(cluster.Center, 1);
        lanes = [.. all];

        int Add(Link link, int count)
        {
            if (link.IsFree) return None;
            int first = all.Count;
            for (int k = 0; k < 2 * count; k++) all.Add(new(link));
            return first;
        }
    }

    /// <summary>A lane by its index.</summary>
    public ref Lane this[int lane] => ref lanes[lane];

    /// <summary>The lane at a stage of a worker's way to the center, or back; -1 if there is none.</summary>
    public int LaneAt(int worker, bool up, int stage)
    {
        int machine = worker / cluster.WorkersPerMachine;
        int kind = up ? stage : Stages - 1 - stage;
        if (kind > 0 && cluster.CenterWithWorkers && machine == 0) return None;
        return kind switch
        {
            0 => Pick(within, worker, cluster.Within, up),
            1 => Pick(between, machine, cluster.Between, up),
            2 => machine < perSite ? None : Pick(backbone, machine / perSite, cluster.Backbone, up),
            _ => Pick(center, 0, cluster.Center, up),
        };
    }

    private static int Pick(int first, int index, Link link, bool up) => first == None ? None : first + 2 * index + (up || !link.Duplex ? 0 : 1);

    /// <summary>The next lane of a message's way, from a stage on, which moves behind it; -1 if there is none.</summary>
    public int Next(int worker, bool up, ref int stage)
    {
        while (stage < Stages)
            if (LaneAt(worker, up, stage++) is >= 0 and var lane) return lane;
        return None;
    }

    /// <summary>
    /// The next lane of a message between a node of a tree and its parent: a leaf's own link and, if the nodes are on different
    /// machines, those of both machines and of their sites. The center's link is no part of a tree.
    /// </summary>
    public int Next(int node, int parent, bool up, ref int stage)
    {
        int near = firstLeaves[node] / cluster.WorkersPerMachine, far = firstLeaves[parent] / cluster.WorkersPerMachine;
        int nearSite = near / perSite, farSite = far / perSite;
        while (stage < StagesInTree)
        {
            int kind = up ? stage : StagesInTree - 1 - stage;
            stage++;
            int lane = kind switch
            {
                0 => node < workers ? Pick(within, node, cluster.Within, up) : None,
                _ when near == far => None,
                1 => Pick(between, near, cluster.Between, up),
                2 => nearSite == farSite || nearSite == 0 ? None : Pick(backbone, nearSite, cluster.Backbone, up),
                3 => nearSite == farSite || farSite == 0 ? None : Pick(backbone, farSite, cluster.Backbone, !up),
                _ => Pick(between, far, cluster.Between, !up),
            };
            if (lane != None) return lane;
        }
        return None;
    }

    /// <summary>Seconds that a message without content is on its way from a node of a tree to its parent.</summary>
    public double Latency(int node, int parent)
    {
        double sum = 0;
        for (int stage = 0; Next(node, parent, true, ref stage) is >= 0 and var lane;) sum += lanes[lane].Latency;
        return sum;
    }

    /// <summary>Seconds that a message without content is on its way.</summary>
    public double Latency(int worker)
    {
        double sum = 0;
        for (int stage = 0; stage < Stages; stage++)
            if (LaneAt(worker, true, stage) is >= 0 and var lane) sum += lanes[lane].Latency;
        return sum;
    }

    /// <summary>What the links did: name and lane.</summary>
    public IEnumerable<(string Name, Lane Lane)> Report()
    {
        foreach (var (kind, first, count, link) in new[] { ("worker", within, workers, cluster.Within), ("machine", between, machines, cluster.Between), ("backbone", backbone, cluster.Sites, cluster.Backbone), ("center", center, 1, cluster.Center) })
        {
            if (first == None) continue;
            for (int k = 0; k < count; k++)
            {
                string name = kind == "center" ? kind : $"{kind} {k}";
                yield return (link.Duplex ? $"{name} up" : name, lanes[first + 2 * k]);
                if (link.Duplex) yield return ($"{name} down", lanes[first + 2 * k + 1]);
            }
        }
    }

    /// <summary>Saves or restores what the links do.</summary>
    public void Archive<T>(IArchive<T> archive) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int k = 0; k < lanes.Length; k++)
        {
            archive.Number($"lane.{k}.free", ref lanes[k].Free);
            archive.Number($"lane.{k}.busy", ref lanes[k].Busy);
            archive.Number($"lane.{k}.bytes", ref lanes[k].Bytes);
        }
    }
}

/// <summary>A place where messages wait in line to be served, first come, first served.</summary>
internal struct Server
{
    /// <summary>When it has served all that came.</summary>
    public double Free;

    /// <summary>Seconds that it has served.</summary>
    public double Busy;

    /// <summary>How many came.</summary>
    public long Count;

    /// <summary>Seconds that they waited before they were served.</summary>
    public double Waited;

    /// <summary>Serves.</summary>
    /// <param name="now">When it came.</param>
    /// <param name="service">How long it takes.</param>
    /// <returns>When it is done.</returns>
    public double Enter(double now, double service)
    {
        double start = Math.Max(now, Free);
        Waited += start - now;
        Busy += service;
        Count++;
        return Free = start + service;
    }
}
