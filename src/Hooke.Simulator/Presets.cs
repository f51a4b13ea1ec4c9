namespace Hooke.Simulator;

/// <summary>Clusters that are described already.</summary>
public static class Presets
{
    private const double Gigabit = 1e9 / 8, Megabyte = 1e6;

    /// <summary>Four GPUs a node, InfiniBand, a parameter server, ImageNet. The server's speed is fitted to one cell of the table.</summary>
    public static Cluster GpuCluster { get; } = new()
    {
        Name = "gpu-cluster",
        Description = "four GPUs a node and a parameter server, training on ImageNet [Zhang16, sec. 4.1, table 4.4]; the server's bandwidth is fitted to the cell p = 4, τ = 1",
        WorkersPerMachine = 4,
        Compute = new LognormalTime(1.266, 0.3), // the mean of the table's five cells over 1024 steps; the spread is assumed
        Data = 0.05,
        MessageBytes = 233 * Megabyte,
        Between = new(2e-6, 56 * Gigabit),
        Center = new(2e-6, FittedBandwidth) { Duplex = false },
        Service = new ConstantTime(FittedService),
    };

    /// <summary>The same cluster with the CIFAR network.</summary>
    public static Cluster GpuClusterCifar { get; } = GpuCluster with
    {
        Name = "gpu-cluster-cifar",
        Description = "the thesis's GPU cluster, training on CIFAR [Zhang16, table 4.4]",
        Compute = new LognormalTime(11.2 / 400, 0.3),
        Data = 2.0 / 400,
        MessageBytes = 4 * 351_946.0,
        Service = new ConstantTime(FittedService * 4 * 351_946.0 / (233 * Megabyte)),
    };

    /// <summary>Sixteen machines of sixteen cores.</summary>
    public static Cluster CpuCluster { get; } = new()
    {
        Name = "cpu-cluster",
        Description = "16 machines of 16 cores [Zhang16, sec. 6.1]; times of a step and of the network are assumed",
        WorkersPerMachine = 16,
        Compute = new LognormalTime(0.1, 0.1),
        Between = new(5e-5, 10 * Gigabit),
        Center = new(5e-5, 10 * Gigabit),
        Within = new(1e-6, 10e9),
    };

    /// <summary>Machines of a data center.</summary>
    public static Cluster Cloud { get; } = new()
    {
        Name = "cloud",
        Description = "one worker a machine, 32 Gb/s, 50 µs; a step takes 10 ms and varies by a tenth (assumed)",
        Compute = new LognormalTime(0.01, 0.1),
        Between = new(2.5e-5, 32 * Gigabit, Jitter: 1e-5),
        Center = new(2.5e-5, 32 * Gigabit),
    };

    /// <summary>Desktops on an office's network.</summary>
    public static Cluster Office { get; } = Cloud with
    {
        Name = "office",
        Description = "one worker a machine, 1 Gb/s, 200 µs; a step takes 10 ms, and machines differ (assumed)",
        Compute = new LognormalTime(0.01, 0.3),
        Speeds = [1, 0.8, 1.2, 0.6],
        Between = new(1e-4, Gigabit, Jitter: 1e-4),
        Center = new(1e-4, Gigabit),
    };

    /// <summary>Half of the workers across an ocean.</summary>
    public static Cluster Continents { get; } = Cloud with
    {
        Name = "continents",
        Description = "two sites of cloud machines, 40 ms and 5 Gb/s apart (assumed)",
        Sites = 2,
        Backbone = new(0.04, 5 * Gigabit, Jitter: 0.002),
    };

    /// <summary>ResNet-18 with stragglers.</summary>
    public static Cluster Stragglers { get; } = new()
    {
        Name = "stragglers",
        Description = "ResNet-18 (45 MB), 8 GPUs a machine, 32 Gb/s, 55 ms a step, which takes 1 s more with probability 1 % [PyTorch's blog, Straggler mitigation on DDP by hierarchical SGD]",
        WorkersPerMachine = 8,
        Compute = 0.055,
        Straggling = new(0.01, 1.0),
        MessageBytes = 45 * Megabyte,
        Between = new(2.5e-5, 32 * Gigabit),
        Center = new(2.5e-5, 32 * Gigabit),
        Collective = Collective.Ring,
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Cluster> All { get; } = [Cloud, Office, Continents, GpuCluster, GpuClusterCifar, CpuCluster, Stragglers];

    /// <summary>
    /// Bytes a second of the parameter server, in both directions together, fitted to table 4.4's cell p = 4, τ = 1; and seconds
    /// to add a message of 233 MB at 10 GB/s, a processor's memory at the time.
    /// </summary>
    private const double FittedBandwidth = 3.867e9, FittedService = 233e6 / 10e9;
}
