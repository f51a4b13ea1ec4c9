namespace Hooke.Simulator;

/// <summary>A link between two places. Messages pass it one behind the other.</summary>
/// <param name="Latency">Seconds that a bit is on its way, from 0 to 1e9.</param>
/// <param name="Bandwidth">Bytes a second, at least 0.001; infinite for no limit.</param>
/// <param name="Jitter">Mean of an exponential delay that is added to a message's latency, in seconds, from 0 to 1e9.</param>
public sealed record Link(double Latency = 0, double Bandwidth = double.PositiveInfinity, double Jitter = 0)
{
    /// <summary>Whether the two directions do not hinder each other.</summary>
    public bool Duplex { get; init; } = true;

    /// <summary>Whether it takes no time at all.</summary>
    internal bool IsFree => Latency == 0 && Jitter == 0 && double.IsPositiveInfinity(Bandwidth);

    internal void Check(string name)
    {
        if (Latency is not (>= 0 and <= TimeLaw.Longest)) throw new ArgumentException(FormattableString.Invariant($"{name}: latency is {Latency}; it must be from 0 to 1e9 seconds"));
        if (!(Bandwidth >= 1e-3)) throw new ArgumentException(FormattableString.Invariant($"{name}: bandwidth is {Bandwidth}; it must be at least 0.001 bytes a second"));
        if (Jitter is not (>= 0 and <= TimeLaw.Longest)) throw new ArgumentException(FormattableString.Invariant($"{name}: jitter is {Jitter}; it must be from 0 to 1e9 seconds"));
    }
}

/// <summary>How the messages of a synchronous round are summed.</summary>
public enum Collective
{
    /// <summary>All go to the center, through its link, and all read from there.</summary>
    Center,
    /// <summary>A ring of all workers: 2(p − 1) steps of a p-th of the message each.</summary>
    Ring,
    /// <summary>A binary tree of all workers: 2⌈log₂ p⌉ steps of the whole message.</summary>
    Tree,
}

/// <summary>Now and then a worker is much slower than usual.</summary>
/// <param name="Probability">Of a step to be slow, in [0, 1].</param>
/// <param name="Extra">How much longer it then takes.</param>
public sealed record Straggling(double Probability, TimeLaw Extra);

/// <summary>
/// A cluster, described: what takes how long. Workers sit on machines; a machine's workers share its link to the network, and
/// all share the link of the center's host. With sites, machines far from the center share their site's link, too.
/// </summary>
public sealed record Cluster
{
    /// <summary>Its name.</summary>
    public string Name { get; init; } = "cluster";

    /// <summary>What it models, and where its numbers come from.</summary>
    public string Description { get; init; } = "";

    /// <summary>Workers on a machine, at least 1.</summary>
    public int WorkersPerMachine { get; init; } = 1;

    /// <summary>Time of a gradient and local step.</summary>
    public TimeLaw Compute { get; init; } = new ConstantTime(0.01);

    /// <summary>Time of bringing a batch in, before its gradient.</summary>
    public TimeLaw Data { get; init; } = new ConstantTime(0);

    /// <summary>How fast workers compute, each from 1e-6 to 1e6: worker i is as fast as entry i modulo their number; none for all 1.</summary>
    public IReadOnlyList<double> Speeds { get; init; } = [];

    /// <summary>Now and then a slow step; null for never.</summary>
    public Straggling? Straggling { get; init; }

    /// <summary>Between a worker and its machine's network; each worker has its own.</summary>
    public Link Within { get; init; } = new();

    /// <summary>Between a machine and the network, shared by its workers.</summary>
    public Link Between { get; init; } = new();

    /// <summary>Between the network and the center's host, shared by all.</summary>
    public Link Center { get; init; } = new();

    /// <summary>Number of sites, at least 1; the machines are split among them in blocks, and the center is at the first.</summary>
    public int Sites { get; init; } = 1;

    /// <summary>Between a far site and the center's, shared by the site.</summary>
    public Link Backbone { get; init; } = new();

    /// <summary>Whether the center runs on the first machine, whose workers reach it without the network.</summary>
    public bool CenterWithWorkers { get; init; }

    /// <summary>Time that the center takes for a message; messages wait in line. Null if it takes none.</summary>
    public TimeLaw? Service { get; init; }

    /// <summary>Time that the center takes for a reader, who waits in the same line. Null if reading takes none and waits for nobody.</summary>
    public TimeLaw? ReadService { get; init; }

    /// <summary>Slices of the center that serve at the same time, each its part of a message; from 1 to 64.</summary>
    public int Shards { get; init; } = 1;

    /// <summary>Bytes of a message whatever the model's size, from 0 to 1e15; null for the model's own.</summary>
    public double? MessageBytes { get; init; }

    /// <summary>Whether a worker goes on while its message is on the way. It has one message on the way at most.</summary>
    public bool Overlap { get; init; }

    /// <summary>How the messages of a synchronous round are summed.</summary>
    public Collective Collective { get; init; }

    /// <summary>Fraction of the messages that are lost on the way, in [0, 1).</summary>
    public double Loss { get; init; }

    /// <summary>Fraction of the messages that arrive twice, in [0, 1]; the center drops the second.</summary>
    public double Duplication { get; init; }

    /// <summary>Seconds until a sender gives a message up, from 1e-9 to 1e9.</summary>
    public double Timeout { get; init; } = 1;

    /// <summary>Whether a lost message is then sent again; a lost answer to a reader always is.</summary>
    public bool Resend { get; init; } = true;

    /// <summary>Refuses a cluster that can't be.</summary>
    /// <exception cref="ArgumentException">The number and its range.</exception>
    public void Check()
    {
        AtLeastOne(WorkersPerMachine, "workers per machine");
        AtLeastOne(Sites, "sites");
        Compute.Check("compute");
        Data.Check("data");
        Service?.Check("service");
        ReadService?.Check("read service");
        foreach (double speed in Speeds) Demand(speed is >= 1e-6 and <= 1e6, "a speed", speed, "from 1e-6 to 1e6");
        if (Straggling is { } slow)
        {
            Demand(slow.Probability is >= 0 and <= 1, "straggling: probability", slow.Probability, "from 0 to 1");
            slow.Extra.Check("straggling");
        }
        Within.Check("within");
        Between.Check("between");
        Center.Check("center");
        Backbone.Check("backbone");
        Demand(Shards is >= 1 and <= 64, "shards", Shards, "from 1 to 64");
        Demand(MessageBytes is null or (>= 0 and <= 1e15), "message bytes", MessageBytes ?? 0, "from 0 to 1e15");
        Demand(Loss is >= 0 and < 1, "loss", Loss, "at least 0 and below 1");
        Demand(Duplication is >= 0 and <= 1, "duplication", Duplication, "from 0 to 1");
        Demand(Timeout is >= 1e-9 and <= TimeLaw.Longest, "timeout", Timeout, "from 1e-9 to 1e9 seconds");
        if (!(Compute.Mean >= 1e-12)) throw new ArgumentException(FormattableString.Invariant($"compute: its mean is {Compute.Mean}; it must be at least 1e-12 seconds, or virtual time stands still"));
    }

    /// <summary>Seconds that an all-reduce takes.</summary>
    /// <param name="workers">p.</param>
    /// <param name="bytes">Bytes of the message.</param>
    public double CollectiveSeconds(int workers, double bytes)
    {
        if (workers < 2) return 0;
        // A step is as slow as the slowest link that it passes: between machines if there are several.
        bool far = workers > WorkersPerMachine;
        double latency = Within.Latency + (far ? Between.Latency : 0) + (Sites > 1 ? Backbone.Latency : 0);
        double bandwidth = Math.Min(Within.Bandwidth, Math.Min(far ? Between.Bandwidth : double.PositiveInfinity, Sites > 1 ? Backbone.Bandwidth : double.PositiveInfinity));
        return Collective == Collective.Ring
            ? 2 * (workers - 1) * (latency + bytes / workers / bandwidth)
            : 2 * Math.Ceiling(Math.Log2(workers)) * (latency + bytes / bandwidth);
    }

    private static void AtLeastOne(int value, string name)
    {
        if (value < 1) throw new ArgumentException($"{name} is {value}; it must be at least 1");
    }

    private static void Demand(bool holds, string name, double value, string range)
    {
        if (!holds) throw new ArgumentException(FormattableString.Invariant($"{name} is {value}; it must be {range}"));
    }
}
