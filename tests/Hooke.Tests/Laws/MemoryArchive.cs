using System.Numerics;
using Hooke.Numerics;
using Hooke.Runs;
using Xunit;

namespace Hooke.Tests.Laws;

/// <summary>An archive in memory: it saves first, then restores what it has.</summary>
internal sealed class MemoryArchive<T> : IArchive<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public Dictionary<string, long> Counts { get; } = [];

    public Dictionary<string, double> Reals { get; } = [];

    public Dictionary<string, T[]> Vectors { get; } = [];

    /// <summary>Whether it restores instead of saving.</summary>
    public bool Restores { get; set; }

    /// <summary>Saves a run's state.</summary>
    public static MemoryArchive<T> Of(Star<T> star) => Of(star.Archive);

    /// <summary>Saves what shows itself to the archive.</summary>
    public static MemoryArchive<T> Of(Action<IArchive<T>> run)
    {
        var archive = new MemoryArchive<T>();
        run(archive);
        archive.Restores = true;
        return archive;
    }

    public void Number(string name, ref long value)
    {
        if (!Restores) Counts.Add(name, value);
        else if (Counts.TryGetValue(name, out long saved)) value = saved;
    }

    public void Number(string name, ref double value)
    {
        if (!Restores) Reals.Add(name, value);
        else if (Reals.TryGetValue(name, out double saved)) value = saved;
    }

    public void Vector(string name, ref NativeVector<T>? vector, int length)
    {
        if (!Restores)
        {
            if (vector is null) return;
            Assert.Equal(length, vector.Length);
            Vectors.Add(name, vector.Span.ToArray());
        }
        else if (Vectors.TryGetValue(name, out var saved))
        {
            Assert.Equal(length, saved.Length);
            saved.CopyTo((vector ??= new(length)).Span);
        }
    }

    /// <summary>Asserts that two runs are in the same state, bit for bit.</summary>
    public static void AssertSame(MemoryArchive<T> expected, MemoryArchive<T> actual)
    {
        Assert.Equal(expected.Counts, actual.Counts);
        Assert.Equal(expected.Reals, actual.Reals);
        Assert.Equal(expected.Vectors.Keys.Order(), actual.Vectors.Keys.Order());
        foreach (var (name, values) in expected.Vectors) Assert.True(values.AsSpan().SequenceEqual(actual.Vectors[name]), $"{name} differs");
    }
}
