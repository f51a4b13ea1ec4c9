using System.Runtime.CompilerServices;
using Hooke.Numerics;

namespace Hooke.Runs;

/// <summary>
/// The order in which lock-free workers see examples, a window at a time: a window is up to 64 blocks of at most 64 neighboring
/// examples from random places, shuffled together unless neighbors are to follow each other; the windows of an epoch hold every example once. Steps that take tens of nanoseconds
/// leave no time for a random permutation of all examples, and files larger than memory are read in blocks.
/// </summary>
/// <remarks>A pure function of seed and window. With few examples a block is a single one, and an epoch's order is any permutation.</remarks>
public sealed class Windows
{
    /// <summary>Most examples in a window.</summary>
    public const int Size = 4096;

    private const int BlocksInWindow = 64, LargestBlock = Size / BlocksInWindow;
    private readonly int examples, block, blocks;
    private readonly ulong seed;
    private readonly bool replacement, inOrder;

    /// <summary>The order of a run.</summary>
    /// <param name="examples">Number of training examples, at least 1.</param>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="replacement">Whether examples are drawn independently of each other instead.</param>
    /// <param name="inOrder">Whether the neighbors of a block follow each other, and only blocks are in random order.</param>
    public Windows(int examples, ulong seed, bool replacement, bool inOrder = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(examples, 1);
        (this.examples, this.seed, this.replacement, this.inOrder) = (examples, seed, replacement, inOrder);
        block = Math.Clamp(examples / Size, 1, LargestBlock);
        blocks = (examples + block - 1) / block;
        InEpoch = (blocks + BlocksInWindow - 1) / BlocksInWindow;
    }

    /// <summary>Windows in an epoch.</summary>
    public int InEpoch { get; }

    /// <summary>Draws a window.</summary>
    /// <param name="window">Which, from 0; those of an epoch follow those of the epoch before.</param>
    /// <param name="order">Receives examples, in order; of <see cref="Size"/> elements.</param>
    /// <returns>How many.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Fill(long window, Span<int> order)
    {
        Noise noise = new(seed, -1, window, NoiseStream.Sampling);
        ulong state = noise.Bits(0);
        int first = (int)(window % InEpoch) * BlocksInWindow, count = 0;
        var permutation = new Permutation(new(seed, -1, ~(window / InEpoch), NoiseStream.Sampling), blocks);
        for (int k = first; k < Math.Min(first + BlocksInWindow, blocks); k++)
        {
            int start = (int)permutation[k] * block, end = Math.Min(start + block, examples);
            for (int example = start; example < end; example++) order[count++] = example;
        }
        if (replacement)
        {
            for (int k = 0; k < count; k++) order[k] = Below(ref state, examples);
            return count;
        }
        if (inOrder) return count;
        for (int k = count - 1; k > 0; k--)
        {
            int other = Below(ref state, k + 1);
            (order[k], order[other]) = (order[other], order[k]);
        }
        return count;
    }

    // SplitMix64; the bias of the product is below bound/2³².
    private static int Below(ref ulong state, int bound)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return (int)((z >> 32) * (uint)bound >> 32);
    }
}
