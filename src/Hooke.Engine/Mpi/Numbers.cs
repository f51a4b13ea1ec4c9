using System.Numerics;
using Hooke.Numerics;
using Hooke.Runs;

namespace Hooke.Engine.Mpi;

/// <summary>Whole numbers of something that saves and restores itself, for a letter.</summary>
/// <param name="count">How many at most.</param>
internal sealed class Numbers<T>(int count) : IArchive<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>As many as a <see cref="Staleness"/> may have.</summary>
    public const int OfStaleness = 3 + Staleness.Buckets;

    private int next;

    /// <summary>Whether they are restored.</summary>
    public bool Restores { get; init; }

    public long[] Values { get; } = new long[count];

    public void Number(string name, ref long value)
    {
        if (Restores) value = Values[next++];
        else Values[next++] = value;
    }

    public void Number(string name, ref double value) => throw new NotSupportedException($"{name} is no whole number");

    public void Vector(string name, ref NativeVector<T>? vector, int length) => throw new NotSupportedException($"{name} is no whole number");
}
