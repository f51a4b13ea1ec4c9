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
        // All of a round go on together, others one after another.
        int together = star.Method.Schedule.Timing == Timing.Synchronous ? star.Players.Length : 1;
        for (long s = 0; s < steps; s++)
            for (int first = 0; first < star.Players.Length; first += together)
                Iterate(star, star.Players.AsSpan(first, together), batch);
    }

    private static void Iterate<T>(Star<T> star, ReadOnlySpan<Player<T>> players, int batch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var player in players) player.Begin(DrawOf(star, player.Worker, batch));
        var need = Need.Meet;
        while (need != Need.Batch)
        {
            // At the same clock all come to the same.
            foreach (var player in players) need = Play(player);
            if (need == Need.Sum) star.AbsorbRound();
        }
    }

    /// <summary>Plays a worker up to the end of its iteration, or to what all of a round must come to.</summary>
    internal static Need Play<T>(Player<T> player) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        while (true)
            switch (player.Next())
            {
                case Need.Gradient:
                    player.Load();
                    player.Compute();
                    break;
                case Need.Touch: player.Touch(); break;
                case var need and (Need.Meet or Need.Sum or Need.Batch): return need;
            }
    }

    private static Draw DrawOf<T>(Star<T> star, Worker<T> worker, int batch) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int count = star.Method.FullBatch ? Draw.Full : batch;
        long position = (worker.Steps * star.Workers.Length + worker.Index) * (star.Method.FullBatch ? star.Objective.Examples : batch);
        return new(star.Seed, worker.Index, worker.Steps, position, count);
    }
}
