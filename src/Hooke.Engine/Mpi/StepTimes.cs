using System.Diagnostics;
using Hooke.Methods;
using Hooke.Methods.Catalog;
using Hooke.Numerics;
using Hooke.Problems;
using Hooke.Runs;

namespace Hooke.Engine.Mpi;

/// <summary>
/// Times the steps of a worker at rank 1 that exchanges with a center at rank 0 beside lone steps, for the benchmark. Both are made in turn by one thread of one
/// process with the same oracle: two processes differ by more, for minutes, than exchanges cost. An exchange that overlaps steps
/// must end within one: lone steps would give it time else.
/// </summary>
public static class StepTimes
{
    /// <summary>Runs at both ranks.</summary>
    /// <param name="world">A job of two ranks.</param>
    /// <param name="method">What the worker runs.</param>
    /// <param name="objective">What it minimizes.</param>
    /// <param name="batch">Examples in a step.</param>
    /// <param name="periods">Timed periods; one more comes before.</param>
    /// <returns>Of each period, at rank 1: the seconds of its steps, in order, then of the lone steps before each but the first; nothing at rank 0.</returns>
    public static IReadOnlyList<double[]> Measure(MpiWorld world, Method method, IObjective<float> objective, int batch, int periods)
    {
        world.Share("steps");
        int period = method.Schedule.Period;
        var plan = new RunPlan(((periods + 1L) * period + 1) * batch, batch);
        if (world.Rank == 0)
        {
            MpiRun.Serve(world, method, objective, 1, Initialization.Shared, plan, new()).Center.Dispose();
            return [];
        }
        using var beside = new Beside(objective, period, method.Schedule.LearningRate, periods + 1);
        MpiRun.Work(world, method, beside, 1, Initialization.Shared, plan, new());
        return beside.Times[1..];
    }

    /// <summary>An objective whose one oracle makes a lone step before it loads a draw. Not at a period's start, where an exchange may have begun that overlaps steps.</summary>
    private sealed class Beside(IObjective<float> objective, int period, double rate, int periods) : IObjective<float>, IOracle<float>
    {
        private readonly IOracle<float> oracle = objective.Open();
        private Worker<float>? alone;
        private long last;

        public double[][] Times { get; } = [.. Enumerable.Range(0, periods).Select(_ => new double[2 * period - 1])];

        public int Dimension => objective.Dimension;

        public long Examples => objective.Examples;

        public int ClaimSize => objective.ClaimSize;

        public int Blocks(Split split) => objective.Blocks(split);

        public void Initialize(Span<float> x, Noise noise) => objective.Initialize(x, noise);

        public IOracle<float> Open() => this;

        public void Load(in Draw draw)
        {
            long now = Stopwatch.GetTimestamp();
            if (draw.Step > 0) Times[(draw.Step - 1) / period][(draw.Step - 1) % period] = Stopwatch.GetElapsedTime(last, now).TotalSeconds;
            if (draw.Step % period != 0)
            {
                Step(draw);
                Times[draw.Step / period][period + draw.Step % period - 1] = Stopwatch.GetElapsedTime(now).TotalSeconds;
            }
            last = Stopwatch.GetTimestamp();
            oracle.Load(draw);
        }

        public double Gradient(ReadOnlySpan<float> x, Span<float> gradient, in Draw draw) => oracle.Gradient(x, gradient, draw);

        public Score Evaluate(ReadOnlySpan<float> x, Split split, int block) => oracle.Evaluate(x, split, block);

        public void Dispose()
        {
            alone?.Dispose();
            oracle.Dispose();
        }

        private void Step(in Draw draw)
        {
            if (alone is null)
            {
                using var start = CenterVariable<float>.StartOf(objective, 1, -1);
                alone = new(Sequential.Sgd.For(workers: 1, ("learning-rate", rate)), new Same(this), 0, start.Span);
            }
            for (Moment moment; (moment = alone.Next()) != Moment.End;)
            {
                if (moment != Moment.Gradient) continue;
                oracle.Load(draw);
                alone.Compute(draw);
            }
        }

        /// <summary>The lone worker's way to the oracle.</summary>
        private sealed class Same(Beside beside) : IObjective<float>, IOracle<float>
        {
            public int Dimension => beside.Dimension;

            public void Initialize(Span<float> x, Noise noise) => beside.Initialize(x, noise);

            public IOracle<float> Open() => this;

            public double Gradient(ReadOnlySpan<float> x, Span<float> gradient, in Draw draw) => beside.Gradient(x, gradient, draw);

            public Score Evaluate(ReadOnlySpan<float> x, Split split, int block) => beside.Evaluate(x, split, block);

            public void Dispose() { }
        }
    }
}
