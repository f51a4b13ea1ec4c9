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
        Capacity.CheckMemory(run);
        try
        {
            foreach (var fault in Faults) fault.Check(run.Workers, run.Method);
        }
        catch (ArgumentException wrong)
        {
            throw new BadInputException($"cluster {Cluster.Name}: {wrong.Message}");
        }
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
