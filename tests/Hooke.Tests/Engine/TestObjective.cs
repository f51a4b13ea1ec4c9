using System.Collections.Concurrent;
using Hooke.Numerics;
using Hooke.Problems;

namespace Hooke.Tests.Engine;

/// <summary>A noisy quadratic that a test can look into and disturb.</summary>
internal sealed class TestObjective(int dimension = 37, double deviation = 0.3) : IObjective<float>
{
    /// <summary>Bound of every wait in a test: far beyond what is needed, so that a lost wakeup fails instead of hanging.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Quadratic<float> inner = new([.. Enumerable.Range(0, dimension).Select(k => 0.25 + 1.5 * k / dimension)], [1.0], deviation: deviation);

    public int Dimension => dimension;

    public long Examples { get; init; } = 64;

    public int ClaimSize { get; init; }

    /// <summary>Called for claims that are fetched ahead; null fetches none.</summary>
    public Action<long>? Fetching { get; init; }

    public bool Fetches => Fetching is not null;

    public void Fetch(ulong seed, long claim) => Fetching!(claim);

    public int TestBlocks { get; init; } = 3;

    /// <summary>Called on the worker's thread before a gradient.</summary>
    public Action<Draw> Before { get; set; } = _ => { };

    /// <summary>Replaces the loss of a step.</summary>
    public Func<Draw, double, double> Loss { get; set; } = (_, loss) => loss;

    /// <summary>Replaces the score of a block.</summary>
    public Func<Split, int, Score, Score> Score { get; set; } = (_, _, score) => score;

    /// <summary>Factor of all gradients.</summary>
    public float Slope { get; set; } = 1;

    /// <summary>All draws of all workers.</summary>
    public ConcurrentQueue<Draw> Draws { get; } = new();

    public void Initialize(Span<float> x, Noise noise) => noise.FillGaussian(x, 1);

    public int Blocks(Split split) => split switch { Split.Test => TestBlocks, Split.Validation => 0, _ => 2 };

    public IOracle<float> Open() => new Oracle(this);

    private sealed class Oracle(TestObjective objective) : IOracle<float>
    {
        public double Gradient(ReadOnlySpan<float> x, Span<float> gradient, in Draw draw)
        {
            objective.Before(draw);
            if (draw.Worker >= 0) objective.Draws.Enqueue(draw);
            double loss = objective.inner.Gradient(x, gradient, draw);
            foreach (ref float g in gradient) g *= objective.Slope;
            return objective.Loss(draw, loss);
        }

        public Score Evaluate(ReadOnlySpan<float> x, Split split, int block)
            => objective.Score(split, block, new(objective.inner.Loss(x), 0, 1));

        public void Dispose() { }
    }
}
