using System.Diagnostics;
using Hooke.Methods.Catalog;
using Hooke.Numerics;
using Hooke.Problems;
using Hooke.Runs;

namespace Hooke.Engine.Mpi;

/// <summary>Times elastic exchanges between a worker at rank 1 and a center at rank 0, for the benchmark: nothing else happens meanwhile.</summary>
public static class ExchangeTimes
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Runs at both ranks.</summary>
    /// <param name="world">A job of two ranks.</param>
    /// <param name="parameters">n.</param>
    /// <param name="rounds">Timed exchanges; three more come before.</param>
    /// <returns>Seconds of each, at rank 1; none at rank 0.</returns>
    public static double[] Measure(MpiWorld world, int parameters, int rounds)
    {
        world.Share("exchange");
        var transport = world.Transport;
        var method = ElasticAveraging.Easgd.For(1, ("period", 1));
        var objective = new Nothing(parameters);
        var options = new MpiOptions { ChunkBytes = ChunkFor(parameters) };
        var map = MpiRun.Map(method, objective, 1, options);
        transport.ChunkBytes = MpiRun.LargestLetter<float>(map);
        if (world.Rank == 0)
        {
            using var center = CenterVariable<float>.Start(method, objective, 1, 1, Initialization.Shared, map.Count);
            var service = new CenterService<float>(transport, method, center, map);
            long left = (long)(rounds + 3) * map.Count;
            transport.Deliver = (from, letter) =>
            {
                if (letter.Header.Operation == Operation.Read) service.Read(from, letter);
                else { service.Push(from, letter); left--; }
            };
            transport.Await(() => left == 0 && transport.HasSentAll, Limit, () => $"{left} messages have not come");
            transport.Deliver = null;
            return [];
        }
        using var start = CenterVariable<float>.StartOf(objective, 1, -1);
        using var worker = new Worker<float>(method, objective, 0, start.Span, streams: true);
        var streams = new WorkerStreams<float>(transport, worker, map);
        transport.Deliver = streams.Arrive;
        double[] seconds = new double[rounds];
        for (int k = -3; k < rounds; k++)
        {
            long begin = Stopwatch.GetTimestamp();
            streams.Exchange();
            // Over when the last message has been taken, as a ping-pong is.
            transport.Await(() => streams.IsDone && transport.HasSentAll, Limit, () => "the center has not answered");
            if (k >= 0) seconds[k] = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        }
        transport.Deliver = null;
        return seconds;
    }

    /// <summary>The default, but at least eight shards of a smaller vector, so that both ends work at once.</summary>
    private static int ChunkFor(int parameters) => Math.Clamp(parameters * sizeof(float) / 8, 1 << 16, new MpiOptions().ChunkBytes);

    private sealed class Nothing(int parameters) : IObjective<float>, IOracle<float>
    {
        public int Dimension => parameters;

        public void Initialize(Span<float> x, Noise noise) => x.Fill(1);

        public IOracle<float> Open() => this;

        public double Gradient(ReadOnlySpan<float> x, Span<float> gradient, in Draw draw) => 0;

        public Score Evaluate(ReadOnlySpan<float> x, Split split, int block) => new(0, 0, 1);

        public void Dispose() { }
    }
}
