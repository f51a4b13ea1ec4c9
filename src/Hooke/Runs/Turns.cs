using System.Numerics;
using Hooke.Methods;
using Hooke.Problems;

namespace Hooke.Runs;

/// <summary>
/// The fabric without time. Round-robin: one worker's iteration after another. Synchronous: reads are a barrier, messages are
/// summed and absorbed once a round. Asynchronous methods are played round-robin. The reference for every other fabric.
/// </summary>
public static class Turns
{
    /// <summary>Plays a number of iterations of every worker.</summary>
    /// <param name="star">The run's state.</param>
    /// <param name="steps">Iterations of each worker.</param>
    /// <param name="batch">Examples in a batch.</param>
    /// <typeparam name="T">Number type.</typeparam>
    public static void Run<T>(Star<T> star, long steps, int batch = 1) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (star.Method.Schedule.Timing == Timing.Synchronous) Synchronous(star, steps, batch);
        else RoundRobin(star, steps, batch);
    }

    private static void RoundRobin<T>(Star<T> star, long steps, int batch) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (long s = 0; s < steps; s++)
            foreach (var worker in star.Workers)
            {
                for (Moment moment; (moment = worker.Next()) != Moment.End;)
                    switch (moment)
                    {
                        case Moment.Gradient: Compute(star, worker, batch); break;
                        case Moment.SendUp or Moment.SendDown or Moment.Poll: star.Tree!.Nodes[worker.Index].Serve(moment); break;
                        case Moment.Read: Read(star, worker); break;
                        case Moment.Send: Absorb(star, worker); break;
                        case Moment.Visit: Read(star, worker); worker.Meet(); Absorb(star, worker); break;
                        case Moment.Show: star.Shards[0].Changed(worker.RateDropped); break;
                    }
                star.Tree?.PlayAbove(star.Tree.Nodes[worker.Index], DrawOf(star, worker, worker.Steps - 1, batch));
            }
    }

    private static void Synchronous<T>(Star<T> star, long steps, int batch) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // All workers play the same order at the same clock, so they stop at the same moments; each is played on from
        // barrier to barrier: the read, and the moment when all messages are there.
        for (long until = star.Workers[0].Steps + steps; star.Workers[0].Steps < until;)
        {
            var barrier = Moment.End;
            foreach (var worker in star.Workers)
                while ((barrier = worker.Next()) == Moment.Gradient) Compute(star, worker, batch);
            switch (barrier)
            {
                case Moment.Read:
                    foreach (var worker in star.Workers) Read(star, worker);
                    break;
                case Moment.Send: star.AbsorbSum(); break;
                case Moment.Visit:
                    foreach (var worker in star.Workers) { Read(star, worker); worker.Meet(); }
                    star.AbsorbSum();
                    break;
                case Moment.Show: star.Shards[0].Changed(star.Workers[0].RateDropped); break;
            }
        }
    }

    private static void Compute<T>(Star<T> star, Worker<T> worker, int batch) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var draw = DrawOf(star, worker, worker.Steps, batch);
        worker.Load(draw);
        worker.Compute(draw);
    }

    private static Draw DrawOf<T>(Star<T> star, Worker<T> worker, long step, int batch) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int count = star.Method.FullBatch ? Draw.Full : batch;
        long position = (step * star.Workers.Length + worker.Index) * (star.Method.FullBatch ? star.Objective.Examples : batch);
        return new(star.Seed, worker.Index, step, position, count);
    }

    private static void Read<T>(Star<T> star, Worker<T> worker) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var shard in star.Shards) star.Read(worker, shard);
    }

    private static void Absorb<T>(Star<T> star, Worker<T> worker) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var shard in star.Shards) star.Absorb(worker, shard);
    }
}
