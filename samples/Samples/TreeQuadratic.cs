using Hooke.Methods.Catalog;
using Hooke.Problems;
using Hooke.Runs;

namespace Hooke.Samples;

/// <summary>Elastic averaging in a tree: every level is calmer than the one below.</summary>
public static class TreeQuadratic
{
    public static (double Leaves, double Parents, double Root) Run(TextWriter output)
    {
        var problem = new Quadratic<double>(curvature: [0.5, 1.0, 2.0], start: [10.0], minimizer: [1.0], deviation: 1.0);

        // Nine noisy workers in groups of three: three parents and a root.
        var method = Tree.Easgd.For(workers: 9, ("degree", 3), ("learning-rate", 0.05), ("period", 2), ("period-inner", 10));

        using var star = new Star<double>(method, problem, workers: 9, seed: 1);
        Turns.Run(star, steps: 2000);
        var tree = star.Tree!;

        // Mean squared distance from the minimum, by level, over some more steps.
        var squares = new double[3];
        for (int step = 0; step < 2000; step++)
        {
            Turns.Run(star, steps: 1);
            for (int level = 0; level < 3; level++)
                squares[level] += tree.Nodes.Where(node => node.Level == level).Average(node => node.Worker.X.ToArray().Average(x => (x - 1) * (x - 1))) / 2000;
        }
        output.WriteLine($"mean squared distance: leaves {squares[0]:f5}, parents {squares[1]:f5}, root {squares[2]:f5}");
        return (squares[0], squares[1], squares[2]);
    }
}
