namespace Hooke.Methods;

/// <summary>How the workers' exchanges follow each other.</summary>
public enum Timing
{
    /// <summary>All workers read the same center; their messages are summed and absorbed once a round.</summary>
    Synchronous,
    /// <summary>The workers take turns, one iteration each.</summary>
    RoundRobin,
    /// <summary>Every worker goes at its own speed.</summary>
    Asynchronous,
}

/// <summary>Who talks to whom.</summary>
public enum Topology
{
    /// <summary>One worker without a center.</summary>
    None,
    /// <summary>Every worker with one center.</summary>
    Star,
    /// <summary>Every node with its parent and its children; the workers are the leaves, and the root is their center.</summary>
    Tree,
}

/// <summary>When, and how far.</summary>
/// <param name="LearningRate">η &gt; 0.</param>
/// <param name="Period">τ, local steps between exchanges, at least 1.</param>
/// <param name="Timing">How exchanges follow each other.</param>
public sealed record Schedule(double LearningRate, int Period = 1, Timing Timing = Timing.Asynchronous)
{
    /// <summary>How the learning rate changes over a worker's clock.</summary>
    public RateShape Rate { get; init; } = new ConstantRate();

    /// <summary>The periods of a tree's nodes, of which τ is the leaves'; null elsewhere.</summary>
    public TreePeriods? Tree { get; init; }

    /// <summary>Steps between a tree node's messages to its children.</summary>
    internal int PeriodDown { get; init; } = 1;

    /// <summary>Whether an act happens at a step.</summary>
    /// <param name="when">At which iterations of a period.</param>
    /// <param name="step">The worker's clock, from 0.</param>
    public bool Due(When when, long step) => when switch
    {
        When.Start => step % Period == 0,
        When.End => (step + 1) % Period == 0,
        When.Down => step % PeriodDown == 0,
        _ => true,
    };
}

/// <summary>
/// A parallel or sequential SGD method, as a value: its rules, and the order of events as data. A fabric stays outside it, so
/// the same value runs on threads, in turns, in simulated time and in the theory.
/// </summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Local">How a worker uses a gradient.</param>
/// <param name="Coupling">What a worker and the center exchange.</param>
/// <param name="Center">What the center does with a message.</param>
/// <param name="Order">Which event follows which in an iteration.</param>
/// <param name="Schedule">When, how far.</param>
public sealed record Method(string Name, ILocalRule Local, ICoupling Coupling, ICenterRule Center, Order Order, Schedule Schedule)
{
    /// <summary>What is reported instead of the center; null for the center itself.</summary>
    public IReadout? Readout { get; init; }

    /// <summary>The number of workers that the method's rates were derived for (β/p, 1/p); a fabric of another size refuses it. Null if any will do.</summary>
    public int? Workers { get; init; }

    /// <summary>The degree d of the trees that the method is for: its rates were derived for it. Null if it is not for trees.</summary>
    public int? Degree { get; init; }

    /// <summary>Whether each gradient is the full gradient over all examples instead of a batch's.</summary>
    public bool FullBatch { get; init; }

    /// <summary>Who talks to whom.</summary>
    public Topology Topology => Coupling is Alone ? Topology.None : Order.Meeting == Meeting.OneWay ? Topology.Tree : Topology.Star;

    /// <summary>Refuses a method that can't run: parts that don't fit together, or another number of workers than it was made for.</summary>
    /// <param name="workers">p of the fabric.</param>
    /// <exception cref="ArgumentException">What does not fit, with its value.</exception>
    public void Check(int workers)
    {
        if (workers < 1) throw new ArgumentException($"workers is {workers}; it must be at least 1");
        if (Workers is { } made && made != workers) throw new ArgumentException($"workers is {workers}; {Name} was made for {made} (its rates contain the number of workers)");
        if (Topology == Topology.None && workers != 1) throw new ArgumentException($"workers is {workers}; {Name} is sequential and has 1");
        if (Schedule.Period < 1) throw new ArgumentException($"period is {Schedule.Period}; it must be at least 1");
        if (!(Schedule.LearningRate >= 0) || !double.IsFinite(Schedule.LearningRate)) throw new ArgumentException($"learning rate is {Schedule.LearningRate}; it must be finite and at least 0");
        if (Order.Meeting != Coupling.Meeting)
            throw new ArgumentException($"order is {Order.Name}, whose messages are formed {Describe(Order.Meeting)}; the coupling {Coupling.GetType().Name} forms them {Describe(Coupling.Meeting)}");
        if (Center is BoundedStaleness && Coupling.Meeting != Meeting.AtPeriodEnd)
            throw new ArgumentException($"a staleness bound drops messages; {Name} forms them together with its pull and would lose that movement");
        if (Center is BoundedStaleness && Coupling.CenterIsMean)
            throw new ArgumentException($"a staleness bound drops messages; {Name} keeps its center by their differences and would lose one for good");
        if (Coupling.SendsParameters != Center.TakesParameters)
            throw new ArgumentException($"the coupling {Coupling.GetType().Name} sends {Sort(Coupling.SendsParameters)}; the center rule {Center.GetType().Name} takes {Sort(Center.TakesParameters)}");
        if (Topology == Topology.Tree) CheckTree();
        else if (Degree is not null) throw new ArgumentException($"degree is {Degree}; {Name} is not for trees and has none");
    }

    /// <summary>What a node of a tree runs. [Zhang16, sec. 6.1.1]</summary>
    /// <param name="level">Its height above the leaves, which are at 0.</param>
    /// <param name="isRoot">Whether it is the root, whose read-out is the run's.</param>
    internal Method At(int level, bool isRoot)
    {
        var tree = Schedule.Tree!;
        return this with
        {
            Local = level == 0 ? Local : tree.InnerRate > 0 ? new GradientStep() : new Rest(),
            Schedule = Schedule with
            {
                LearningRate = Schedule.LearningRate * Math.Pow(tree.InnerRate, level),
                Period = level == 0 ? tree.LeafUp : tree.Up,
                PeriodDown = level == 1 ? tree.LeafDown : tree.Down,
            },
            Readout = isRoot ? Readout : null,
        };
    }

    private void CheckTree()
    {
        if (Degree is not >= 2) throw new ArgumentException($"degree is {(Degree is { } d ? $"{d}" : "missing")}; a tree's must be at least 2");
        if (Schedule.Tree is not { } tree) throw new ArgumentException($"the periods of {Name}'s tree are missing; its schedule must have them");
        tree.Check();
        if (Schedule.Period != tree.LeafUp) throw new ArgumentException($"period is {Schedule.Period}; it must be {tree.LeafUp}, the leaves' in the tree");
        if (Schedule.Timing == Timing.Synchronous) throw new ArgumentException($"timing is Synchronous; messages in a tree pass each other, so it must be Asynchronous or RoundRobin");
        if (Center.StateVectors > 0) throw new ArgumentException($"the center rule {Center.GetType().Name} keeps state; nodes of a tree have none");
        if (Center is BoundedStaleness) throw new ArgumentException($"a staleness bound drops messages; in a tree they are sums of many workers'");
        if (Schedule.Rate is StagnationRate && Readout is not null && Readout.Starts(0, dropped: true) && !Readout.Starts(0, dropped: false))
            throw new ArgumentException($"the average starts at the first drop of a rate that follows a worker's loss; the root of a tree has none");
    }

    private static string Sort(bool parameters) => parameters ? "parameters" : "differences";

    private static string Describe(Meeting meeting) => meeting switch
    {
        Meeting.WithPull => "together with the pull",
        Meeting.AtPeriodEnd => "at the end of a period",
        Meeting.OneWay => "apart from any pull",
        _ => "never",
    };
}
