using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using Hooke.Numerics;
using Hooke.Runs;

namespace Hooke.Tests.Engine;

/// <summary>All state of a run as text, for comparisons of bits.</summary>
internal sealed class Bits<T> : IArchive<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly SortedDictionary<string, string> state = new(StringComparer.Ordinal);

    public static SortedDictionary<string, string> Of(Star<T> star)
    {
        var bits = new Bits<T>();
        star.Archive(bits);
        return bits.state;
    }

    /// <summary>What the center and the workers are, without what only a longer or interrupted run has seen.</summary>
    public static string[] Vectors(Star<T> star) => [.. Of(star).Where(entry => entry.Key.EndsWith('x') || entry.Key.EndsWith("state", StringComparison.Ordinal)).Select(entry => $"{entry.Key}: {entry.Value}")];

    public void Number(string name, ref long value) => state.Add(name, value.ToString(CultureInfo.InvariantCulture));

    public void Number(string name, ref double value) => state.Add(name, BitConverter.DoubleToInt64Bits(value).ToString("x", CultureInfo.InvariantCulture));

    public void Vector(string name, ref NativeVector<T>? vector, int length) => state.Add(name, vector is null ? "" : Convert.ToHexString(MemoryMarshal.AsBytes(vector.Span)));
}

/// <summary>Keeps what a run tells, and lets a test act on it.</summary>
internal sealed class Recorder : IRunObserver
{
    public List<TracePoint> Points { get; } = [];

    public List<string> Warnings { get; } = [];

    public Action<Progress> OnTick { get; init; } = _ => { };

    public Action<TracePoint> OnPoint { get; init; } = _ => { };

    public void Tick(Progress progress) => OnTick(progress);

    public void Point(TracePoint point)
    {
        Points.Add(point);
        OnPoint(point);
    }

    public void Warn(string message, string? recurs) => Warnings.Add(message);
}

/// <summary>A temporary folder.</summary>
internal sealed class Folder : IDisposable
{
    private readonly string path = Directory.CreateTempSubdirectory("hooke-test-").FullName;

    public string this[string name] => Path.Combine(path, name);

    public string[] Files => [.. Directory.EnumerateFiles(path).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(path, recursive: true);
}
