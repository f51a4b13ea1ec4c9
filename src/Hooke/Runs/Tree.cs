using System.Numerics;
using Hooke.Methods;
using Hooke.Problems;

namespace Hooke.Runs;

/// <summary>
/// A d-ary tree of nodes over the workers: its leaves are the workers, in groups of d below a parent, parents in groups of d,
/// up to one root. The last node of a level may have fewer children. [Zhang16, sec. 6.1.1]
/// </summary>
/// <remarks>
/// An inner node's clock follows its leaves': it takes a turn whenever the leaves beneath it have made one more step each on
/// average, "roughly the same amount of time as a gradient step". So a tree needs no threads but its workers', and one that is
/// played in turns is a function of its inputs.
/// </remarks>
/// <typeparam name="T">Number type.</typeparam>
public sealed class Tree<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A tree all of which is here.</summary>
    internal Tree(Method method, IObjective<T> objective, Worker<T>[] leaves, ReadOnlySpan<T> start)
    {
        Workers = leaves.Length;
        Nodes = new Node<T>[Count(leaves.Length, method.Degree!.Value)];
        Grow(method, objective, start, leaf => leaves[leaf], isHere: null);
    }

    /// <summary>A tree of which a part is here.</summary>
    /// <param name="method">What runs.</param>
    /// <param name="objective">What is minimized.</param>
    /// <param name="workers">Number of leaves.</param>
    /// <param name="start">Where inner nodes start.</param>
    /// <param name="leafOf">The leaf with a number, or null if it is elsewhere.</param>
    /// <param name="isHere">Whether the inner node is here that has a first leaf and is, or is not, the root.</param>
    internal Tree(Method method, IObjective<T> objective, int workers, ReadOnlySpan<T> start, Func<int, Worker<T>?> leafOf, Func<int, bool, bool> isHere)
    {
        Workers = workers;
        Nodes = new Node<T>[Count(workers, method.Degree!.Value)];
        Grow(method, objective, start, leafOf, isHere);
    }

    /// <summary>All nodes: the leaves, in the workers' order, then level by level; the root is the last.</summary>
    public Node<T>[] Nodes { get; }

    /// <summary>The root, whose parameters are reported.</summary>
    public Node<T> Root => Nodes[^1];

    /// <summary>Number of leaves.</summary>
    public int Workers { get; }

    /// <summary>Takes what all nodes hold and what is on its way up to the root, where messages add up.</summary>
    /// <param name="absorbed">Is told of every message: the receiver's first leaf, and the message's age.</param>
    public void Flush(Action<int, long>? absorbed = null)
    {
        foreach (var node in Nodes)
        {
            foreach (var child in node.Children)
                if (node.TryReceive(child.ToParent, out long age)) absorbed?.Invoke(node.FirstLeaf, age);
            if (node.Parent is null) continue;
            node.Write(node.ToParent);
            node.Post(node.ToParent);
        }
    }

    /// <summary>Saves or restores the inner nodes, and what is on its way; the leaves are the run's workers.</summary>
    /// <param name="archive">Where to.</param>
    /// <param name="withMail">Whether what is on its way is saved, too.</param>
    internal void Archive(IArchive<T> archive, bool withMail = true)
    {
        archive.Fact("tree", string.Join('-', Nodes.Select(node => node.Level).GroupBy(level => level).Select(level => level.Count())));
        foreach (var node in Nodes)
        {
            if (node.Level > 0 && node.IsHere) node.Worker.Archive(archive);
            if (node.Level > 0 && node.IsHere && node != Root) node.Center!.Archive(archive);
            node.Archive(archive, withMail);
        }
    }

    /// <summary>Frees the inner nodes and the mail.</summary>
    public void Dispose()
    {
        foreach (var node in Nodes)
        {
            if (node.Level > 0 && node.IsHere) node.Worker.Dispose();
            node.Dispose();
        }
    }

    private static int Count(int workers, int degree)
    {
        int count = workers;
        for (int width = workers; width > 1 || count == workers; count += width) width = (width + degree - 1) / degree;
        return count;
    }

    private void Grow(Method method, IObjective<T> objective, ReadOnlySpan<T> start, Func<int, Worker<T>?> leafOf, Func<int, bool, bool>? isHere)
    {
        bool sendsParameters = method.Coupling.SendsParameters;
        int count = 0;
        var level = new Node<T>[Workers];
        for (int leaf = 0; leaf < Workers; leaf++) Nodes[count++] = level[leaf] = new(leaf, leafOf(leaf), 0, [], null, start.Length, sendsParameters);
        for (int height = 1; level.Length > 1 || height == 1; height++)
        {
            var groups = level.Chunk(method.Degree!.Value).ToArray();
            level = new Node<T>[groups.Length];
            for (int k = 0; k < groups.Length; k++, count++)
            {
                bool isRoot = groups.Length == 1;
                var own = method.At(height, isRoot);
                Worker<T>? worker = isHere is null || isHere(groups[k][0].FirstLeaf, isRoot) ? new(own, objective, count, start) : null;
                var center = isRoot || worker is null ? null : new Center<T>(own, count, 0, start.Length, worker.Vector, null, null);
                Nodes[count] = level[k] = new(count, worker, height, groups[k], center, start.Length, sendsParameters);
            }
        }
    }
}
