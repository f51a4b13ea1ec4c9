using System.Numerics;
using Hooke.Engine.Checkpoints;
using Hooke.Methods;
using Hooke.Problems;
using Hooke.Runs;

namespace Hooke.Engine;

/// <summary>
/// The fabric of one machine: one worker a thread, the center in shared memory. Asynchronous exchanges lock a shard of the
/// center at a time, so that those of different workers overlap; where the method allows, read, pull and push are one pass.
/// </summary>
public static class Threads
{
    /// <summary>Parameters in a shard: small enough that exchanges overlap, large enough that locks cost nothing.</summary>
    private const int ShardSize = 1 << 16;

    /// <summary>Creates a run's state, with as many shards as suit threads.</summary>
    /// <param name="method">What every worker runs.</param>
    /// <param name="objective">What is minimized.</param>
    /// <param name="workers">p.</param>
    /// <param name="seed">Seed of all random numbers.</param>
    /// <param name="initialization">Where workers and center start.</param>
    /// <typeparam name="T">Number type.</typeparam>
    public static Star<T> Prepare<T>(Method method, IObjective<T> objective, int workers, ulong seed, Initialization initialization = Initialization.Shared)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        return new(method, objective, workers, seed, initialization, ShardsOf(method, objective.Dimension));
    }

    /// <summary>How many shards the center of such a run has.</summary>
    internal static int ShardsOf(Method method, int parameters)
    {
        // A message is taken or dropped as a whole, which one clock decides.
        bool whole = method.Topology == Topology.None || method.Center is BoundedStaleness || method.Schedule.Timing != Timing.Asynchronous;
        return whole ? 1 : (parameters + ShardSize - 1) / ShardSize;
    }

    /// <summary>Runs to the end of the plan, or until it is stopped or diverges.</summary>
    /// <param name="star">The run's state; it is moved.</param>
    /// <param name="plan">How much.</param>
    /// <param name="observer">Follows the run.</param>
    /// <param name="resume">What to continue from, for example a <see cref="CheckpointReader{T}"/>.</param>
    /// <param name="stop">Stops the run between two iterations.</param>
    /// <typeparam name="T">Number type.</typeparam>
    /// <exception cref="ArgumentException">A number of the plan is outside its range.</exception>
    /// <exception cref="InvalidFileException">The checkpoint is of another run; nothing has changed.</exception>
    /// <exception cref="InvalidOperationException">A worker failed; the inner exception is what it threw.</exception>
    /// <exception cref="TimeoutException">A worker does not come back from a step or an evaluation.</exception>
    public static RunOutcome Run<T>(Star<T> star, RunPlan plan, IRunObserver? observer = null, IArchive<T>? resume = null, CancellationToken stop = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        plan.Check();
        var watched = new WatchedObserver(observer);
        return new ThreadRun<T>(star, plan, watched).Run(resume, stop) with { ObserverFailure = watched.Failure };
    }
}

/// <summary>A run on threads: what each worker's thread does, moment by moment.</summary>
internal sealed class ThreadRun<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Star<T> star;
    private readonly Supply supply;
    private readonly Watch watch;
    private readonly Gate gate;
    private readonly Rounds rounds;
    private readonly Account[] accounts;
    private readonly bool fuse;
    private readonly Coordinator<T> coordinator;
    private readonly Interleaving? record;

    public ThreadRun(Star<T> star, RunPlan plan, IRunObserver? observer)
    {
        this.star = star;
        accounts = [.. star.Workers.Select(_ => new Account())];
        supply = new(star.Method, star.Workers.Length, star.Objective.Examples, star.Objective.ClaimSize, plan.Batches ?? plan.Batch, plan.Samples, star.Seed);
        watch = new(accounts, plan.WaitLimit);
        record = plan.Record;
        gate = new(supply, accounts, watch, record);
        rounds = new(accounts);
        fuse = plan.Fuse;
        var timing = star.Method.Topology == Topology.None ? Timing.Asynchronous : star.Method.Schedule.Timing;
        if (record is not null && timing != Timing.Asynchronous) throw new ArgumentException($"a record is asked for; {star.Method.Name} runs {timing}, and is the same every time");
        coordinator = new(star, supply, gate, accounts, plan, observer);
    }

    public RunOutcome Run(IArchive<T>? resume, CancellationToken stop)
    {
        var threads = new List<Thread>();
        Fetcher<T>? fetcher = null;
        try
        {
            resume?.Restore(coordinator.Archive);
            rounds.StartTurns(star.Workers[0].Steps);
            supply.MarkAt(supply.Given);
            foreach (var worker in star.Workers)
            {
                var thread = new Thread(() => Work(worker)) { Name = $"worker {worker.Index}", IsBackground = true };
                accounts[worker.Index].Begin();
                thread.Start();
                threads.Add(thread);
            }
            if (star.Objective.Fetches) fetcher = new(star.Objective, gate, star.Workers.Length, star.Seed);
            coordinator.Run(stop);
        }
        finally
        {
            gate.End();
            rounds.Abort();
            fetcher?.Join();
            if (HaveEnded(threads)) coordinator.Dispose();
            else star.Abandon();
        }
        return coordinator.Outcome();
    }

    /// <summary>Waits for the threads to end, but not for one that does not come back.</summary>
    private bool HaveEnded(List<Thread> threads)
    {
        bool all = true;
        for (int i = 0; i < threads.Count; i++)
            while (!threads[i].Join(Watch.TickTime))
            {
                watch.Look();
                if (!watch.IsOverdue(i)) continue;
                all = false;
                break;
            }
        return all;
    }

    private void Work(Worker<T> worker)
    {
        try
        {
            var player = new Player<T>(star, worker, accounts[worker.Index], fuse);
            long visits = 0;
            while (gate.TryTake(worker.Index, out var draw))
            {
                player.Begin(draw);
                Iterate(player, accounts[worker.Index], ref visits);
            }
        }
        catch (OperationCanceledException) when (rounds.IsAborted)
        {
            // Another worker failed, and has said why.
        }
        catch (Exception reason)
        {
            gate.Fail(worker.Index, reason);
            rounds.Abort();
        }
        finally
        {
            accounts[worker.Index].Rest();
        }
    }

    private void Iterate(Player<T> player, Account account, ref long visits)
    {
        var doing = Activity.Compute; // what the worker does by itself before its next need
        bool hasTurn = false;
        while (true)
        {
            var need = player.Next();
            account.Book(doing);
            doing = Activity.Compute;
            switch (need)
            {
                case Need.Gradient:
                    player.Load();
                    account.Book(Activity.Data);
                    player.Compute();
                    var worker = player.Worker;
                    if (!double.IsFinite(worker.LastLoss))
                        throw new DivergedException(new(worker.Index, worker.Steps, $"the loss is {worker.LastLoss}"));
                    account.Book(Activity.Compute);
                    break;
                case Need.Touch:
                    Touch(player);
                    account.Book(Activity.Communication);
                    if (player.IsAmidExchange) doing = Activity.Communication;
                    break;
                case Need.Sum:
                    visits++;
                    rounds.Deposit(star, static star => star.AbsorbRound());
                    account.Book(Activity.Communication);
                    break;
                case Need.Turn:
                    rounds.AwaitTurn(player.Worker.Index, player.Iteration);
                    hasTurn = true;
                    account.Book(Activity.Waiting);
                    break;
                case Need.Meet:
                    rounds.Meet(player.Worker.Index);
                    account.Book(Activity.Waiting);
                    break;
                case Need.Await:
                    // An asynchronous visit is over when it has been made.
                    if (visits > 0) rounds.AwaitSums(player.Worker.Index, visits);
                    account.Book(Activity.Waiting);
                    break;
                case Need.Batch:
                    if (hasTurn) rounds.PassTurn();
                    return;
            }
        }
    }

    /// <summary>In shared memory the center answers at once, on the worker's own thread.</summary>
    private void Touch(Player<T> player)
    {
        lock (player.Place)
        {
            record?.Note(player.Worker.Index);
            player.Touch();
        }
    }
}

/// <summary>Carries a divergence from a worker's thread to the coordinator.</summary>
internal sealed class DivergedException(Divergence divergence) : Exception(divergence.ToString())
{
    public Divergence Divergence { get; } = divergence;
}
