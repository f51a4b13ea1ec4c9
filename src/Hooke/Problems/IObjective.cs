using System.Numerics;
using Hooke.Numerics;

namespace Hooke.Problems;

/// <summary>Which examples, and which random numbers, a stochastic gradient uses.</summary>
/// <param name="Seed">Seed of the run.</param>
/// <param name="Worker">The worker, from 0.</param>
/// <param name="Step">The worker's own clock, from 0.</param>
/// <param name="Position">Where the batch starts in the run's stream of examples, which passes over the data epoch after epoch.</param>
/// <param name="Count">Batch size; <see cref="Full"/> for all examples, without sampling noise.</param>
public readonly record struct Draw(ulong Seed, int Worker, long Step, long Position, int Count)
{
    /// <summary>The batch size that stands for all examples.</summary>
    public const int Full = int.MaxValue;

    /// <summary>The random numbers of this draw.</summary>
    /// <param name="stream">What they are for.</param>
    public Noise Noise(NoiseStream stream) => new(Seed, Worker, Step, stream);
}

/// <summary>A set of examples to evaluate on.</summary>
public enum Split
{
    /// <summary>A fixed subset of the training examples.</summary>
    Training,
    /// <summary>The held-out examples, which nothing is chosen by.</summary>
    Test,
    /// <summary>Training examples that are held out to choose by; none unless they are asked for.</summary>
    Validation,
}

/// <summary>Sums over evaluated examples.</summary>
/// <param name="LossSum">Sum of losses, l2 left out.</param>
/// <param name="Wrong">Number of wrong answers.</param>
/// <param name="Count">Number of examples.</param>
/// <param name="Answers">Number of answers: a sequence may ask for several.</param>
public readonly record struct Score(double LossSum, long Wrong, long Count, long Answers)
{
    /// <summary>Sums where an example has one answer.</summary>
    /// <param name="lossSum">Sum of losses.</param>
    /// <param name="wrong">Number of wrong answers.</param>
    /// <param name="count">Number of examples.</param>
    public Score(double lossSum, long wrong, long count) : this(lossSum, wrong, count, count) { }

    /// <summary>Which rectified units fired for any of the examples; null where there are none, or nobody looked.</summary>
    public Firing? Firing { get; init; }

    /// <summary>Mean loss.</summary>
    public double Loss => LossSum / Count;

    /// <summary>Fraction of the answers that are wrong.</summary>
    public double Error => (double)Wrong / Answers;

    /// <summary>Adds the sums.</summary>
    /// <param name="a">One.</param>
    /// <param name="b">The other.</param>
    public static Score operator +(Score a, Score b) => new(a.LossSum + b.LossSum, a.Wrong + b.Wrong, a.Count + b.Count, a.Answers + b.Answers) { Firing = Firing.Or(a.Firing, b.Firing) };
}

/// <summary>Which rectified units of a network fired for any of some examples.</summary>
/// <param name="units">How many there are.</param>
public sealed class Firing(int units) : IEquatable<Firing>
{
    private readonly ulong[] bits = new ulong[(units + 63) / 64];

    /// <summary>A bit a unit, set if it fired.</summary>
    public Span<ulong> Bits => bits;

    /// <summary>The fraction that never fired.</summary>
    public double Silent => 1 - (double)bits.Sum(word => BitOperations.PopCount(word)) / units;

    /// <summary>Those that fired for either's examples.</summary>
    /// <param name="a">One, or null.</param>
    /// <param name="b">The other, or null.</param>
    public static Firing? Or(Firing? a, Firing? b)
    {
        if (a is null || b is null) return a ?? b;
        var either = new Firing(a.Units);
        for (int k = 0; k < either.bits.Length; k++) either.bits[k] = a.bits[k] | b.bits[k];
        return either;
    }

    /// <inheritdoc/>
    public bool Equals(Firing? other) => other is not null && Units == other.Units && bits.AsSpan().SequenceEqual(other.bits);

    /// <inheritdoc/>
    public override bool Equals(object? other) => Equals(other as Firing);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Units, bits.Length > 0 ? bits[0] : 0);

    private int Units => units;
}

/// <summary>What is minimized: F(x) = E[f(x, ξ)] over vectors of n parameters. [Zhang16, eq. 1.1]</summary>
/// <typeparam name="T">Number type.</typeparam>
public interface IObjective<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>n.</summary>
    int Dimension { get; }

    /// <summary>Number of training examples, an epoch's worth of gradients; 1 where there are no examples.</summary>
    long Examples => 1;

    /// <summary>Examples that a worker claims at a time from the run's stream; 0 for a batch at a time.</summary>
    int ClaimSize => 0;

    /// <summary>Whether examples may have to come from a disk, so that it helps to <see cref="Fetch"/> claims ahead of the workers.</summary>
    bool Fetches => false;

    /// <summary>Brings a claim's examples into memory before a worker asks for them; no result depends on it. One thread at a time calls it.</summary>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="claim">Which claim of the run's stream, from 0.</param>
    void Fetch(ulong seed, long claim) { }

    /// <summary>Whether evaluation counts wrong answers.</summary>
    bool CountsWrong => false;

    /// <summary>What a unit of the loss is in the loss that is reported: other than 1 where what is learned is scaled, as numbers to be predicted are.</summary>
    double LossUnit => 1;

    /// <summary>Writes initial parameters.</summary>
    /// <param name="x">Receives n parameters.</param>
    /// <param name="noise">The random numbers to use.</param>
    void Initialize(Span<T> x, Noise noise);

    /// <summary>Opens what one thread needs to compute gradients: scratch memory, a place for a batch.</summary>
    IOracle<T> Open();

    /// <summary>Number of blocks that a set is evaluated in; blocks are fixed, so that sums do not depend on who evaluates which.</summary>
    /// <param name="split">The set.</param>
    int Blocks(Split split) => split == Split.Validation ? 0 : 1;
}

/// <summary>Computes an objective's gradients and losses for one thread.</summary>
/// <typeparam name="T">Number type.</typeparam>
public interface IOracle<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Brings the drawn examples in. Called before <see cref="Gradient"/> with the same draw; timed as data.</summary>
    /// <param name="draw">Which examples.</param>
    void Load(in Draw draw) { }

    /// <summary>Computes a stochastic gradient.</summary>
    /// <param name="x">Where, n parameters.</param>
    /// <param name="gradient">Receives n partial derivatives.</param>
    /// <param name="draw">Which examples and random numbers.</param>
    /// <returns>Mean loss of the drawn examples at x, before the step that will use the gradient (the online predictive loss).</returns>
    double Gradient(ReadOnlySpan<T> x, Span<T> gradient, in Draw draw);

    /// <summary>Evaluates a block of a fixed set, without dropout or other noise.</summary>
    /// <param name="x">Where, n parameters.</param>
    /// <param name="split">The set.</param>
    /// <param name="block">Which block of it, from 0.</param>
    Score Evaluate(ReadOnlySpan<T> x, Split split, int block);
}
