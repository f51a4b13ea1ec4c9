using Hooke.App.Training;
using Hooke.Simulator;

namespace Hooke.App.Simulation;

/// <summary>Where a run is simulated, and what goes wrong.</summary>
/// <param name="Cluster">The cluster.</param>
/// <param name="Faults">What goes wrong.</param>
/// <param name="CheckpointEvery">Virtual seconds between the center's checkpoints.</param>
internal sealed record Scenario(Cluster Cluster, IReadOnlyList<Fault> Faults, double CheckpointEvery = 10)
{
    /// <summary>Refuses a run that can't be simulated here, before anything of it exists.</summary>
    public void CheckFor(Resolution run)
    {
        CheckMemory(run);
        try
        {
            foreach (var fault in Faults) fault.Check(run.Workers, run.Method);
        }
        catch (ArgumentException wrong)
        {
            throw new BadInputException($"cluster {Cluster.Name}: {wrong.Message}");
        }
    }

    /// <summary>Refuses more workers than fit into memory, before it is asked for.</summary>
    private static void CheckMemory(Resolution run)
    {
        const int Bookkeeping = 1500; // bytes of a worker without parameters, measured with very small ones
        var method = run.Method;
        // Parameters, gradient, what is on its way up and down, and what rule and coupling remember; layers' scratch comes on top.
        long each = Bookkeeping + (long)run.Network.Dimension * sizeof(float) * (4 + method.Local.StateVectors + method.Coupling.StateVectors + (method.Local.LooksAhead ? 1 : 0));
        long available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, most = Math.Max(1, available / each);
        if (run.Workers > most)
            throw new BadInputException($"workers is {run.Workers}; {run.Network.Spec.Name} takes {each / 1e6:0.###} MB a worker at least, so at most {most} fit into the {available / 1e9:0.#} GB of memory");
    }

    /// <summary>Finds a preset, or reads a file.</summary>
    public static Scenario Find(string name)
    {
        if (Presets.All.FirstOrDefault(cluster => cluster.Name == name) is { } preset) return new(preset, []);
        if (!Path.Exists(name)) throw Setting.Wrong("cluster", name, $"{Setting.Choice(Presets.All.Select(cluster => cluster.Name))}, or a JSON file");
        try
        {
            var scenario = ScenarioFile.Parse(TextFile.Read(name), name);
            scenario.Cluster.Check();
            return scenario;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new BadInputException($"cluster file {name}: {wrong.Message}");
        }
    }
}
