namespace Hooke.App.Training;

/// <summary>What a machine's memory and cores can hold. More workers than that is refused, unless it is asked for.</summary>
internal static class Capacity
{
    /// <summary>The option that asks for more workers than cores can hold.</summary>
    public const string Option = "--oversubscribe", Meaning = "allow more workers than this machine's cores can hold; they will mostly wait for each other";

    /// <summary>Workers on a core that can be of use, to try a method; many more only wait for each other.</summary>
    private const int ThreadsPerCore = 32, ProcessesPerCore = 16;

    /// <summary>Bytes of a process before it has a model, as measured.</summary>
    private const long ProcessBytes = 60L << 20;

    /// <summary>Bookkeeping of a worker without parameters, measured with very small ones, in bytes.</summary>
    private const int Bookkeeping = 1500;

    /// <summary>Bytes that a worker takes at least: parameters, gradient, what is on its way up and down, and what rule and coupling remember; layers' scratch comes on top.</summary>
    public static long WorkerBytes(Resolution run)
    {
        var method = run.Method;
        return Bookkeeping + (long)run.Network.Dimension * sizeof(float) * (4 + method.Local.StateVectors + method.Coupling.StateVectors + (method.Local.LooksAhead ? 1 : 0));
    }

    /// <summary>Refuses workers that memory can't hold, each with so many bytes.</summary>
    public static void CheckMemory(Resolution run) => CheckMemory("workers", run.Workers, WorkerBytes(run), $"{run.Network.Spec.Name} takes", "a worker");

    /// <summary>Refuses threads that cores can't hold.</summary>
    /// <param name="workers">How many.</param>
    /// <param name="isAskedFor">Whether more are asked for.</param>
    public static void CheckThreads(int workers, bool isAskedFor) => CheckCores("workers", workers, ThreadsPerCore, isAskedFor);

    /// <summary>Refuses processes that this machine can't hold.</summary>
    /// <param name="ranks">How many, all of them here.</param>
    /// <param name="workersPerRank">Workers of each.</param>
    /// <param name="run">What each has a worker of.</param>
    /// <param name="isAskedFor">Whether more than cores can hold are asked for.</param>
    public static void CheckProcesses(int ranks, int workersPerRank, Resolution run, bool isAskedFor)
    {
        CheckMemory("ranks", ranks, ProcessBytes + workersPerRank * WorkerBytes(run), "a process takes", "with its workers");
        CheckCores("ranks", ranks, ProcessesPerCore, isAskedFor);
        CheckThreads(ranks * workersPerRank, isAskedFor);
    }

    private static void CheckCores(string name, int count, int perCore, bool isAskedFor)
    {
        int cores = Environment.ProcessorCount, most = perCore * cores;
        if (count > most && !isAskedFor) throw new BadInputException($"{name} is {count}; {(cores == 1 ? "one core holds" : $"{cores} cores hold")} at most {most} ({Option} asks for more)");
    }

    private static void CheckMemory(string name, int count, long each, string who, string what)
    {
        long available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, most = Math.Max(1, available / each);
        if (count > most)
            throw new BadInputException(FormattableString.Invariant($"{name} is {count}; {who} {each / 1e6:0.###} MB {what} at least, so at most {most} fit into the {available / 1e9:0.#} GB of memory"));
    }
}
