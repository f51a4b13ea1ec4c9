using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Hooke.Methods;
using Hooke.Numerics;
using Hooke.Problems;
using Hooke.Runs;

namespace Hooke.Simulator;

/// <summary>
/// The fabric of virtual time: the same workers and centers as on threads, with real gradients, on a cluster that is only
/// described. Events are ordered by (virtual time, sequence), so a run is a pure function of its inputs. What takes no time
/// happens at once, within the event that led to it.
/// </summary>
/// <typeparam name="T">Number type.</typeparam>
public sealed partial class Simulation<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int EventsBetweenLooks = 64, MostLanes = 64;
    private readonly Star<T> star;
    private readonly SimulationPlan plan;
    private readonly Cluster cluster;
    private readonly IRunObserver? observer;
    private readonly Supply supply;
    private readonly Evaluation<T> evaluation;
    private readonly EventQueue queue = new();
    private readonly Network network;
    private readonly Post<T> post;
    private readonly Seat[] seats;
    private readonly Server[] servers;
    private readonly Staleness staleness = new();
    private readonly Timing timing;
    private readonly bool equalShares, blocking, visits;
    private readonly double bytes;
    private readonly int[] pending;
    private readonly Action<int> derive;
    private int pendingCount;
    private double now;
    private long events, exchanges, dropped, moved, samples, abandoned, nextMark;
    private int active, joining, behind;
    private bool started;
    private Divergence? divergence;

    /// <summary>Creates a simulation at virtual time 0.</summary>
    /// <param name="star">The run's state, from <see cref="VirtualTime.Prepare"/>; it is moved.</param>
    /// <param name="plan">How much.</param>
    /// <param name="cluster">On what.</param>
    /// <param name="observer">Follows the run.</param>
    /// <exception cref="ArgumentException">A number of the plan or the cluster is outside its range.</exception>
    public Simulation(Star<T> star, SimulationPlan plan, Cluster cluster, IRunObserver? observer = null)
    {
        plan.Check(star.Workers.Length, star.Method);
        cluster.Check();
        (this.star, this.plan, this.cluster, this.observer) = (star, plan, cluster, observer);
        int p = star.Workers.Length;
        supply = new(star.Method, p, star.Objective.Examples, star.Objective.ClaimSize, plan.Batches ?? plan.Batch, plan.Samples, star.Seed);
        supply.MarkAt(supply.Total);
        evaluation = new(star, plan.MeasureGradient ? plan.Batch : null, Share);
        (pending, derive) = (new int[plan.Together is null ? 0 : p], k => Derive(pending![k]));
        tree = star.Tree;
        edges = new Edge[tree is null ? 0 : 2 * tree.Nodes.Length];
        edges.AsSpan().Fill(new() { Held = Message.Nothing });
        network = new(cluster, p, tree is null ? [] : [.. tree.Nodes.Select(node => node.FirstLeaf)]);
        post = new(star.Objective.Dimension, star.Shards.Length);
        seats = new Seat[p];
        servers = new Server[tree is null ? star.Shards.Length : tree.Nodes.Length - p];
        timing = star.Method.Topology == Topology.None ? Timing.Asynchronous : star.Method.Schedule.Timing;
        equalShares = star.Method.Schedule.Timing != Timing.Asynchronous;
        blocking = !cluster.Overlap || timing == Timing.RoundRobin;
        visits = star.Method.Order.Beats.Any(beat => beat.Act == Act.Visit);
        bytes = cluster.MessageBytes ?? star.Bytes;
        hasRestarts = plan.Faults.Any(fault => fault.Kind == FaultKind.RestartCenter);
    }

    /// <summary>Virtual seconds since the start.</summary>
    public double Now => now;

    /// <summary>Events played.</summary>
    public long Events => events;

    /// <summary>The place where messages wait to be absorbed by a shard.</summary>
    internal ref readonly Server ServerOf(int shard) => ref servers[shard];

    /// <summary>Whether nothing is left to happen.</summary>
    public bool IsOver => divergence is not null || started && active == 0 && joining == 0 && post.Count == 0 && deposits == 0 && (pendingArrivals == 0 || supply.IsExhausted);

    /// <summary>Runs to the end of the plan, or until it is stopped or diverges.</summary>
    /// <param name="stop">Asked now and then whether to stop.</param>
    public SimulationOutcome Run(Func<bool>? stop = null)
    {
        bool stopped = false;
        for (long look = 0; !stopped && Step(); look++)
        {
            if (look % EventsBetweenLooks != 0) continue;
            stopped = stop?.Invoke() ?? false;
            observer?.Tick(new(samples, supply.Total, now, Evaluating: false));
        }
        return End(stopped);
    }

    /// <summary>Plays an event; the first time, the start.</summary>
    /// <returns>False if nothing is left to happen.</returns>
    /// <exception cref="InvalidOperationException">Workers wait for something that never comes.</exception>
    public bool Step()
    {
        if (!started) Start();
        if (IsOver) return false;
        if (!queue.TryNext(out var next) || next.What == Happening.Checkpoint && queue.Count == 0)
            throw new InvalidOperationException(FormattableString.Invariant($"at {now} s nothing is left to happen, but {Describe()}"));
        now = next.Time;
        events++;
        FetchNext();
        Play(next);
        return true;
    }

    /// <summary>While an event is played, the memory that the next one needs is on its way: with many workers nothing is in the cache.</summary>
    private unsafe void FetchNext()
    {
        if (!Sse.IsSupported || !queue.TryPeek(out var what, out int who)) return;
        if (what is Happening.Computed or Happening.GoOn or Happening.Requested or Happening.Read)
        {
            byte* seat = (byte*)Unsafe.AsPointer(ref seats[who]);
            Sse.Prefetch0(seat);
            Sse.Prefetch0(seat + 64);
            Sse.Prefetch0(seat + 128);
            // Where the worker is now; should the collector move it, a line has been fetched in vain.
            byte* worker = *(byte**)Unsafe.AsPointer(ref star.Workers[who]);
            for (int line = 0; line < 4; line++) Sse.Prefetch0(worker + 64 * line);
        }
        else if (what is not Happening.Fault and not Happening.Checkpoint and not Happening.Reduced)
        {
            byte* message = (byte*)Unsafe.AsPointer(ref post[who]);
            Sse.Prefetch0(message);
            Sse.Prefetch0(message + 64);
        }
    }

    /// <summary>Evaluates for the last time, and says how it was.</summary>
    public SimulationOutcome End(bool stopped = false)
    {
        if (divergence is null && !stopped)
        {
            if ((divergence = evaluation.FindNotFinite()) is null) PushRemainders();
        }
        if (divergence is null) Evaluate();
        return new(new(evaluation.Last, staleness, stopped, divergence), now, events, Usages(), incidents, duplicates, resent);
    }

    /// <summary>Frees the memory of the simulation; the star is its owner's.</summary>
    public void Dispose()
    {
        evaluation.Dispose();
        queue.Dispose();
        post.Dispose();
        saved.Dispose();
        lost?.Dispose();
        removed?.Dispose();
        draft?.Dispose();
        added?.Dispose();
    }

    private void Start()
    {
        started = true;
        Schedule();
        active = seats.Length - absentees.Count;
        for (int w = 0; w < seats.Length; w++) seats[w].Doing = absentees.Contains(w) ? Doing.Absent : Doing.Ready;
        NewRound();
        turn = NextInTurn(seats.Length - 1);
        Evaluate();
        if (divergence is not null) return;
        nextMark = plan.EvaluateEvery > 0 ? plan.EvaluateEvery : long.MaxValue;
        CountBehind();
        for (int w = 0; w < seats.Length; w++)
            if (!absentees.Contains(w) && Begin(w)) Advance(w);
    }

    private void Play(in Event next)
    {
        int w = next.Who;
        switch (next.What)
        {
            case Happening.Computed when seats[w].Token == next.Data: OnComputed(w); break;
            case Happening.GoOn when seats[w].Token == next.Data: Continue(w); break;
            case Happening.Requested:
                if (OnRequested(w, next.Data)) Continue(w);
                break;
            case Happening.Read:
                if (OnRead(w, next.Data)) Continue(w);
                break;
            case Happening.Hop or Happening.Resend or Happening.Slice or Happening.Served or Happening.Arrived:
                int worker = post[next.Who].Worker;
                bool goesOn = next.What switch
                {
                    Happening.Hop => Enter(next.Who),
                    Happening.Resend => Depart(next.Who),
                    Happening.Slice => OnSlice(next.Who, next.Data),
                    Happening.Served => OnServed(next.Who, next.Data),
                    _ => OnArrived(next.Who),
                };
                if (goesOn) Continue(worker);
                break;
            case Happening.Reduced: Sum(); break;
            case Happening.Fault: Strike(plan.Faults[w]); break;
            case Happening.Checkpoint: SaveCenter(); break;
        }
    }

    /// <summary>A worker's wait is over.</summary>
    private void Continue(int w)
    {
        ref var seat = ref seats[w];
        if (now < seat.PausedUntil)
        {
            queue.Post(seat.PausedUntil, Happening.GoOn, w, seat.Token);
            return;
        }
        var doing = seat.Doing;
        switch (doing)
        {
            case Doing.Reading or Doing.Sending or Doing.Held or Doing.Delivering: seat.Book(ref seat.Communication, now); break;
            default: seat.Book(ref seat.Waiting, now); break;
        }
        bool goesOn = doing switch
        {
            Doing.Released => Request(w),
            Doing.AwaitingTurn => Perform(w, seat.Pending),
            Doing.Held => Send(w),
            Doing.Joining => Enlist(w),
            Doing.Delivering => EndTurn(w),
            _ => true,
        };
        if (doing == Doing.AwaitingDisplacement) seat.IsDisplaced = false;
        if (goesOn) Advance(w);
    }

    /// <summary>Plays a worker up to the next thing that takes time.</summary>
    private void Advance(int w)
    {
        var worker = star.Workers[w];
        while (divergence is null && Perform(w, worker.Next())) { }
    }

    /// <summary>Serves a moment of a worker.</summary>
    /// <returns>Whether it is over at once.</returns>
    private bool Perform(int w, Moment moment)
    {
        ref var seat = ref seats[w];
        if (timing == Timing.RoundRobin && !seat.HasTurn && moment is not Moment.Gradient and not Moment.Await and not Moment.Show)
        {
            if (turn != w)
            {
                seat.Pending = moment;
                Wait(w, Doing.AwaitingTurn);
                return false;
            }
            seat.HasTurn = true;
        }
        switch (moment)
        {
            case Moment.Gradient: Compute(w); return false;
            case Moment.Read when timing == Timing.Synchronous: ComeToBarrier(w); return false;
            case Moment.Read: return Request(w);
            case Moment.Send: return Send(w);
            case Moment.Visit: return Visit(w);
            case Moment.Await:
                if (seat.IsVisiting)
                {
                    Wait(w, Doing.AwaitingDisplacement);
                    return false;
                }
                seat.IsDisplaced = false;
                return true;
            case Moment.Show: star.Shards[0].Changed(star.Workers[w].RateDropped); return true;
            case Moment.SendUp or Moment.SendDown or Moment.Poll: Serve(w, tree!.Nodes[w], moment); return true;
            default:
                if (tree is not null) PlayAbove(w);
                if (timing != Timing.RoundRobin || tree is null || seat.InFlight == 0) return EndTurn(w);
                Wait(w, Doing.Delivering);
                return false;
        }
    }

    private bool EndTurn(int w)
    {
        if (timing == Timing.RoundRobin) PassTurn(w);
        return EndIteration(w);
    }

    private void Compute(int w)
    {
        ref var seat = ref seats[w];
        // The worker stands at the same place until it is done, so the gradient may be computed at any time until then.
        if (plan.Together is null) Derive(w);
        else
        {
            seat.IsPending = true;
            pending[pendingCount++] = w;
        }
        var noise = new Noise(star.Seed, w, seat.Step, NoiseStream.Timing);
        double data = cluster.Data.Sample(noise, 4), compute = cluster.Compute.Sample(noise, 0);
        if (plan.Batches is not null) (data, compute) = (data * seat.Count / plan.Batch, compute * seat.Count / plan.Batch);
        if (cluster.Speeds.Count > 0) compute /= cluster.Speeds[w % cluster.Speeds.Count];
        if (cluster.Straggling is { } slow && noise.Uniform(6) < slow.Probability) compute += slow.Extra.Sample(noise, 2);
        seat.Data += data;
        seat.Compute += compute;
        seat.Since = now + data + compute;
        queue.Post(seat.Since, Happening.Computed, w, Wait(w, Doing.Computing));
    }

    private void Derive(int w)
    {
        ref var seat = ref seats[w];
        var worker = star.Workers[w];
        var draw = new Draw(star.Seed, w, seat.Step, seat.Position, seat.Count);
        worker.Load(draw);
        worker.Compute(draw);
    }

    /// <summary>Computes all gradients that workers have asked for, at the same time.</summary>
    private void DeriveAll()
    {
        if (pendingCount == 0) return;
        plan.Together!(pendingCount, derive);
        for (int k = 0; k < pendingCount; k++) seats[pending[k]].IsPending = false;
        pendingCount = 0;
    }

    /// <summary>A worker's gradient is done, in virtual time.</summary>
    private void OnComputed(int w)
    {
        if (seats[w].Shift > 0)
        {
            Linger(w);
            return;
        }
        if (seats[w].IsPending) DeriveAll();
        var worker = star.Workers[w];
        if (!double.IsFinite(worker.LastLoss)) divergence = new(w, worker.Steps, $"the loss is {worker.LastLoss}");
        else Advance(w);
    }

    /// <summary>A pause has delayed a gradient.</summary>
    private void Linger(int w)
    {
        ref var seat = ref seats[w];
        seat.Waiting += seat.Shift;
        seat.Since = now + seat.Shift;
        seat.Shift = 0;
        queue.Post(seat.Since, Happening.Computed, w, seat.Token);
    }

    private int Wait(int w, Doing doing)
    {
        seats[w].Doing = doing;
        return ++seats[w].Token;
    }

    private bool EndIteration(int w)
    {
        ref var seat = ref seats[w];
        long before = seat.Boundary;
        seat.Boundary = supply.Taken(w);
        samples += seat.Boundary - before;
        if (equalShares && IsBehind(before) && !IsBehind(seat.Boundary)) behind--;
        EvaluateAtMark();
        return divergence is null && Begin(w);
    }

    /// <summary>Gives a worker its next batch.</summary>
    private bool Begin(int w)
    {
        ref var seat = ref seats[w];
        if (!supply.TryTake(w, out var draw))
        {
            Leave(w, Doing.Finished);
            return false;
        }
        (seat.Step, seat.Position, seat.Count) = (draw.Step, draw.Position, draw.Count);
        return true;
    }
}
