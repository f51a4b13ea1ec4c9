using Hooke.Engine;
using Hooke.Methods.Catalog;
using Hooke.Models.Data;
using Hooke.Models.Nets;
using Hooke.Runs;

namespace Hooke.Samples;

/// <summary>EAMSGD on threads: two workers train a multi-layer perceptron, and an observer follows the center.</summary>
public static class TrainGlyphs
{
    public static double Run(TextWriter output)
    {
        var data = Glyphs.Generate(train: 6000, test: 1000);
        var network = ModelCatalog.Find("mlp").Build(data, vary: spec => spec with { Hidden = [64] });
        var method = ElasticAveraging.Eamsgd.For(workers: 2, ("learning-rate", 0.004));

        using var star = Threads.Prepare(method, network, workers: 2, seed: 1);
        var plan = new RunPlan(Samples: 8 * network.Examples, Batch: 64) { EvaluateEvery = network.Examples };
        var outcome = Threads.Run(star, plan, new Follow(output));
        return outcome.Last!.TestError!.Value;
    }

    private sealed class Follow(TextWriter output) : IRunObserver
    {
        public void Point(TracePoint point) => output.WriteLine($"epoch {point.Epochs:f1}: test error {100 * point.TestError:f1} %, consensus distance {point.Consensus:f2}");
    }
}
