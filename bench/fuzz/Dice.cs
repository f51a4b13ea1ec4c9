namespace Hooke.Fuzz;

/// <summary>Random numbers that are the same every time: SplitMix64.</summary>
/// <param name="seed">Where they start.</param>
internal sealed class Dice(ulong seed)
{
    private ulong state = seed;

    /// <summary>The dice of one input: a function of the campaign's seed, the format and the input's number.</summary>
    public static Dice Of(ulong seed, string format, long number)
    {
        ulong hash = 14695981039346656037; // FNV-1a
        foreach (char c in format) hash = (hash ^ c) * 1099511628211;
        Dice mixed = new(seed ^ hash);
        return new(mixed.Next() ^ (ulong)number * 0xD1B54A32D192ED03);
    }

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return z ^ z >> 31;
    }

    /// <summary>A whole number from 0, below a bound.</summary>
    public int Below(int bound) => (int)((Next() >> 32) * (ulong)bound >> 32);

    /// <summary>A whole number from one to another, both included.</summary>
    public int From(int low, int high) => low + Below(high - low + 1);

    /// <summary>One of some.</summary>
    public T Of<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    /// <summary>True once in so many times.</summary>
    public bool Once(int times) => Below(times) == 0;
}
