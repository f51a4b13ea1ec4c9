using Hooke.Methods.Catalog;
using Hooke.Problems;
using Hooke.Runs;

namespace Hooke.Samples;

/// <summary>Elastic averaging on a noisy quadratic, played in turns: the whole run is a pure function of its seed.</summary>
public static class ElasticQuadratic
{
    public static double Run(TextWriter output)
    {
        // F(x) = ½ Σ h (x − x*)², gradients with noise of deviation 1, four workers.
        var problem = new Quadratic<double>(curvature: [0.5, 1.0, 2.0], start: [10.0], minimizer: [1.0], deviation: 1.0);
        var method = ElasticAveraging.Easgd.For(workers: 4, ("learning-rate", 0.05), ("period", 4));

        using var star = new Star<double>(method, problem, workers: 4, seed: 1);
        Turns.Run(star, steps: 2000);

        var report = new double[problem.Dimension];
        star.Report(report);
        output.WriteLine($"center {string.Join(", ", report.Select(x => x.ToString("f3")))}, workers {star.Consensus():f3} away from it");
        return report.Max(x => Math.Abs(x - 1.0));
    }
}
