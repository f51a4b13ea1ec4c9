using System.Globalization;

namespace Hooke.Claims;

/// <summary>The machine that measures.</summary>
/// <param name="Name">Cores and processor.</param>
/// <param name="Load">The processes that ran in the last minute, on average.</param>
internal sealed record Machine(string Name, Func<double> Load)
{
    /// <summary>This one, by Linux's own words.</summary>
    public static Machine Here()
    {
        string model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown processor";
        return new($"{Environment.ProcessorCount} × {model}", () => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture));
    }
}
