namespace Hooke.Numerics;

/// <summary>
/// A pseudo-random permutation of 0 … n−1 with random access: nothing is stored, so an epoch's order costs no memory and
/// any position of it can be resumed.
/// </summary>
/// <remarks>
/// A balanced Feistel network of eight rounds on the smallest even number of bits that holds n, walked along its cycle until it
/// falls inside the range (Black and Rogaway, "Ciphers with arbitrary finite domains", CT-RSA 2002).
/// </remarks>
public readonly struct Permutation
{
    private const int Rounds = 8;
    private readonly Noise noise;
    private readonly long size;
    private readonly int half;
    private readonly ulong key0, key1;

    /// <summary>The permutation that belongs to these draws.</summary>
    /// <param name="noise">Seed, worker, step (the epoch) and stream.</param>
    /// <param name="size">n, at least 1.</param>
    public Permutation(Noise noise, long size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        this.noise = noise;
        this.size = size;
        half = 1;
        while (1L << 2 * half < size) half++;
        key0 = noise.Bits(0);
        key1 = noise.Bits(1);
    }

    /// <summary>The image of a position.</summary>
    /// <param name="position">From 0 to n−1.</param>
    public long this[long position]
    {
        get
        {
            if ((ulong)position >= (ulong)size) throw new ArgumentOutOfRangeException(nameof(position), $"position is {position}; it must be from 0 to {size - 1}");
            ulong mask = (1UL << half) - 1, value = (ulong)position;
            do
            {
                ulong left = value >> half, right = value & mask;
                for (uint round = 0; round < Rounds; round++)
                    (left, right) = (right, left ^ Mix(right + ((ulong)round << 56 | round) + ((round & 1) == 0 ? key0 : key1)) & mask);
                value = left << half | right;
            } while (value >= (ulong)size);
            return (long)value;
        }
    }

    /// <summary>SplitMix64's finalizer.</summary>
    private static ulong Mix(ulong z)
    {
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return z ^ z >> 31;
    }

    /// <inheritdoc/>
    public override string ToString() => $"permutation of {size} by {noise}";
}
