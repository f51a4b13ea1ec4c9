using System.Diagnostics;
using System.Numerics;
using System.Text;
using Hooke.Methods;
using Hooke.Problems;
using Hooke.Runs;

namespace Hooke.Engine.Mpi;

/// <summary>
/// A worker of a process. It asks the hub for a lease of draws, plays the worker's order on them, and does at pauses what the hub asks for.
/// </summary>
internal sealed partial class WorkerRank<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MpiWorld world;
    private readonly WorkerProcess<T> process;
    private readonly Transport transport;
    private readonly Method method;
    private readonly ulong seed;
    private readonly RunPlan plan;
    private readonly Worker<T> worker;
    private readonly ShardMap map;
    private readonly WorkerStreams<T> streams;
    private readonly Queue<Letter> commands = new();
    private readonly Account account = new();
    private readonly Func<bool> hasCommand, isStreamDone, canPush, hasTurn;
    private readonly Func<string> noCommand, noStream, noPush, noTurn;
    private LeasedDraw[] lease = new LeasedDraw[64];
    private bool isExpelled, isEnded, isDisplaced;
    private long turn = -1, turnStep, drawsDone, asked;
    private int pushing, leases;
    private WorkerReport report;

    public WorkerRank(MpiWorld world, WorkerProcess<T> process, Method method, IObjective<T> objective, int index, ulong seed, Initialization initialization, RunPlan plan, ShardMap map)
    {
        (this.world, this.process, transport, this.method, this.seed, this.plan, this.map) = (world, process, world.Transport, method, seed, plan, map);
        using (var start = CenterVariable<T>.StartOf(objective, seed, initialization == Initialization.Separate ? index : -1))
            worker = new(method.Topology == Topology.Tree ? method.At(0, isRoot: false) : method, objective, index, start.Span, streams: true);
        streams = new(transport, worker, map);
        hasCommand = () => HasNews() || commands.Count > 0;
        isStreamDone = () => HasNews() || streams.IsDone;
        canPush = () => HasNews() || streams.CanPush(pushing);
        hasTurn = () => HasNews() || turn == turnStep;
        noCommand = () => "rank 0 has not answered the wish for a lease";
        noStream = () => $"the center has not answered an exchange, of which {map.Count} shards make the whole";
        noPush = () => $"the center has not taken a message, of which {pushing} of {map.Count} shards have left";
        noTurn = () => $"worker {worker.Index} has not got its turn at step {turnStep}";
    }

    public Worker<T> Worker => worker;

    /// <summary>Works until the hub ends the run.</summary>
    public void Run()
    {
        while (true)
        {
            try
            {
                Join();
                while (Obey()) { }
                return;
            }
            catch (ExpelledException)
            {
                lock (transport.Gate)
                {
                    isExpelled = false;
                    streams.Forget();
                    for (int left = commands.Count; left > 0; left--)
                    {
                        var command = commands.Dequeue();
                        if (command.Header.Operation == Operation.End) commands.Enqueue(command);
                        else transport.Return(command);
                    }
                }
            }
            catch (EndedException)
            {
                Obey(); // nothing else is left to do
                return;
            }
            catch (Exception reason) when (reason is not TimeoutException)
            {
                Fail(reason);
                return;
            }
        }
    }

    public void Dispose() => worker.Dispose();

    /// <summary>The hub has given this worker up, and it has learned of that.</summary>
    private sealed class ExpelledException : Exception;

    /// <summary>The run is over while this worker is still at work: another has failed.</summary>
    private sealed class EndedException : Exception;

    /// <summary>Takes a letter to this worker, under the transport's gate.</summary>
    public void Deliver(int from, Letter letter)
    {
        switch (letter.Header.Operation)
        {
            case Operation.Published: streams.Arrive(from, letter); return;
            case Operation.Turn when letter.Header.Incarnation == streams.Incarnation: turn = letter.Header.Number; break;
            case Operation.Expelled when letter.Header.Incarnation == streams.Incarnation: isExpelled = true; break;
            case Operation.End:
                isEnded = true;
                commands.Enqueue(letter);
                return;
            case Operation.Welcome: commands.Enqueue(letter); return;
            case Operation.Lease or Operation.Inspect or Operation.Save or Operation.Fetched or Operation.Settle or Operation.Finish when letter.Header.Incarnation == streams.Incarnation: commands.Enqueue(letter); return;
        }
        transport.Return(letter);
    }

    /// <summary>Gives a sign of life, under the transport's gate.</summary>
    public void Beat()
    {
        if (streams.Incarnation > 0) Report(Operation.Beat);
    }

    /// <summary>Gives the sign of life that the hub has called for, under the transport's gate.</summary>
    /// <param name="incarnation">As which the hub knows the worker; the worker may not have read of it yet.</param>
    public void Answer(int incarnation) => Report(Operation.Beat, incarnation, flag: 1);

    private void Report(Operation operation, int flag = 0) => Report(operation, streams.Incarnation, flag);

    private void Report(Operation operation, int incarnation, int flag)
    {
        var letter = transport.Rent(0, operation, worker.Index, incarnation);
        letter.Header.Flag = flag;
        letter.Header.Number = leases;
        letter.Room<WorkerReport>(1)[0] = report;
        transport.Send(0, letter);
    }

    /// <summary>Whether a wait must end for another reason than that it is over.</summary>
    private bool HasNews() => IsInterrupted || process.IsInterrupted;

    private void Await(Func<bool> condition, Func<string> what)
    {
        transport.Await(condition, plan.WaitLimit, what);
        ThrowIfNews(what);
    }

    private void ThrowIfNews(Func<string> what)
    {
        if (isEnded) throw new EndedException();
        if (isExpelled) throw new ExpelledException();
        process.ThrowIfInterrupted(what);
    }

    private Letter NextCommand()
    {
        transport.Await(hasCommand, plan.WaitLimit, noCommand);
        if (!isEnded) ThrowIfNews(noCommand);
        lock (transport.Gate)
        {
            while (isEnded && commands.Peek().Header.Operation != Operation.End) transport.Return(commands.Dequeue());
            return commands.Dequeue();
        }
    }

    private void Join()
    {
        byte[] host = Encoding.UTF8.GetBytes(transport.Host);
        lock (transport.Gate)
        {
            var hello = transport.Rent(host.Length, Operation.Hello, worker.Index);
            hello.Header.Number = Environment.ProcessId;
            host.CopyTo(hello.Payload);
            transport.Send(0, hello);
            report = default;
            (drawsDone, leases) = (0, 0);
        }
        Letter welcome;
        while ((welcome = NextCommand()).Header.Operation != Operation.Welcome)
        {
            bool isEnd = welcome.Header.Operation == Operation.End;
            lock (transport.Gate)
            {
                if (isEnd) commands.Enqueue(welcome);
                else transport.Return(welcome);
            }
            if (isEnd) return;
        }
        var header = welcome.Header;
        lock (transport.Gate)
        {
            streams.Incarnation = header.Incarnation;
            if (isFirst) tree?.Rejoin(header.Incarnation - 1);
            transport.Return(welcome);
        }
        var beginning = (Beginning)header.Flag;
        if (beginning is Beginning.Restore or Beginning.RestoreNumbers)
        {
            var archive = new RemoteReader<T>(Ask, worker.Index, withVectors: beginning == Beginning.Restore, transport.ChunkBytes);
            worker.Archive(archive);
            if (isFirst) tree?.Archive(archive, withMail: beginning == Beginning.Restore);
        }
        if (beginning is Beginning.RestoreNumbers or Beginning.FromCenter)
        {
            streams.Copy();
            Await(isStreamDone, noStream);
            if (isFirst) tree?.Restart(worker.Scratch);
            if (beginning == Beginning.FromCenter) worker.Restart(worker.Scratch, header.Number);
            else worker.Restart(worker.Scratch);
        }
        Want();
    }

    /// <summary>Sends a letter to the hub and waits for its answer.</summary>
    private Letter Ask(Action<Letter> write, int bytes)
    {
        lock (transport.Gate)
        {
            var letter = transport.Rent(bytes, Operation.Fetch, worker.Index, streams.Incarnation);
            write(letter);
            transport.Send(0, letter);
        }
        Await(hasCommand, noCommand);
        return NextCommand();
    }

    /// <summary>Asks for a lease, unless the next one, asked for in time, is there.</summary>
    private void Want()
    {
        asked = Stopwatch.GetTimestamp();
        lock (transport.Gate)
        {
            Tell();
            if (commands.TryPeek(out var next) && next.Header.Operation == Operation.Lease) return;
            Report(Operation.Want);
        }
    }

    private void Tell() => report = new(worker.Steps, worker.LastLoss, worker.LearningRate, account[Activity.Compute], account[Activity.Data], account[Activity.Communication], account[Activity.Waiting],
        account.Bytes + (isFirst && tree is not null ? tree.Account.Bytes : 0), drawsDone);

    /// <summary>Does what the hub says.</summary>
    /// <returns>False at the run's end.</returns>
    private bool Obey()
    {
        var command = NextCommand();
        var header = command.Header;
        switch (header.Operation)
        {
            case Operation.Lease:
                int draws = command.Values<LeasedDraw>().Length;
                if (lease.Length < draws) Array.Resize(ref lease, draws);
                command.Values<LeasedDraw>().CopyTo(lease);
                lock (transport.Gate)
                {
                    transport.Return(command);
                    leases++;
                    Report(Operation.Want, flag: 1);
                }
                // The hub says for how long the run's clock stood still meanwhile; before the first lease it did not run.
                long now = Stopwatch.GetTimestamp(), still = Math.Min(header.Number, now - asked);
                if (header.Flag == 0) account.Book(Activity.Waiting, now - still);
                account.Start(now);
                tree?.Begin();
                try
                {
                    foreach (ref readonly var draw in lease.AsSpan(0, draws))
                    {
                        if (isEnded) throw new EndedException();
                        Iterate(new(seed, worker.Index, draw.Step, draw.Position, (int)draw.Count));
                    }
                }
                finally
                {
                    tree?.Pause();
                }
                Want();
                return true;
            case Operation.Inspect:
                Return(command);
                Inspect();
                return true;
            case Operation.Save:
                Return(command);
                Save(withVectors: header.Flag != 0);
                return true;
            case Operation.Settle:
                Return(command);
                Settle();
                Done(Operation.Finished);
                return true;
            case Operation.Finish:
                Return(command);
                Finish(level: header.Flag);
                return true;
            case Operation.End:
                if (header.Flag != 0) world.Lose();
                Return(command);
                return false;
            default: throw new InvalidDataException($"rank {transport.Rank}: rank 0 sent {header.Operation}, which is not expected now");
        }
    }

    private void Return(Letter letter)
    {
        lock (transport.Gate) transport.Return(letter);
    }

    private void Push()
    {
        for (pushing = 0; pushing < map.Count; pushing++)
        {
            Await(canPush, noPush);
            lock (transport.Gate) streams.Push(pushing);
        }
        account.Moved(map.Bytes<T>());
    }

    private void Iterate(in Draw draw)
    {
        var doing = Activity.Compute;
        bool isMyTurn = false;
        for (Moment moment; (moment = worker.Next()) != Moment.End;)
        {
            account.Book(doing);
            doing = moment is Moment.Read or Moment.Send or Moment.Visit or Moment.Await ? Activity.Communication : Activity.Compute;
            if (method.Schedule.Timing == Timing.RoundRobin && !isMyTurn && moment is not (Moment.Gradient or Moment.Await or Moment.Show))
            {
                AwaitTurn();
                isMyTurn = true;
            }
            switch (moment)
            {
                case Moment.Gradient:
                    worker.Load(draw);
                    account.Book(Activity.Data);
                    worker.Compute(draw);
                    if (!double.IsFinite(worker.LastLoss)) throw new DivergedException(new(worker.Index, worker.Steps, $"the loss is {worker.LastLoss}"));
                    account.Book(Activity.Compute);
                    break;
                case Moment.Read when worker.ExchangesAtOnce:
                    streams.Exchange();
                    AwaitStream();
                    worker.Exchanged();
                    account.Moved(2 * map.Bytes<T>());
                    break;
                case Moment.Read:
                    streams.Pull();
                    AwaitStream();
                    account.Moved(map.Bytes<T>());
                    break;
                case Moment.Send: Push(); break;
                case Moment.Visit:
                    streams.Meet();
                    isDisplaced = true;
                    account.Moved(2 * map.Bytes<T>());
                    break;
                case Moment.Await:
                    AwaitStream();
                    isDisplaced = false; // it moves next
                    break;
                case Moment.SendUp or Moment.SendDown or Moment.Poll: Serve(moment); break;
            }
            account.Book(doing);
        }
        account.Book(doing);
        if (tree is not null) PlayAbove(draw);
        if (method.Schedule.Timing == Timing.RoundRobin)
        {
            if (!isMyTurn) AwaitTurn(worker.Steps - 1);
            lock (transport.Gate) transport.Send(0, transport.Rent(0, Operation.PassTurn, worker.Index, streams.Incarnation));
        }
        drawsDone++;
        lock (transport.Gate) Tell();
    }

    private void AwaitStream()
    {
        Await(isStreamDone, noStream);
        // Until its first shard comes, a synchronous worker waits for the slowest.
        if (method.Schedule.Timing == Timing.Synchronous) account.Book(Activity.Waiting, streams.FirstArrival);
    }

    private void AwaitTurn() => AwaitTurn(worker.Steps);

    private void AwaitTurn(long step)
    {
        lock (transport.Gate)
        {
            var letter = transport.Rent(0, Operation.AwaitTurn, worker.Index, streams.Incarnation);
            letter.Header.Number = step;
            transport.Send(0, letter);
        }
        turnStep = step;
        Await(hasTurn, noTurn);
        account.Book(Activity.Waiting);
    }
}
