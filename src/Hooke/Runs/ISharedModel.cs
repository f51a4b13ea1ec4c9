using System.Runtime.InteropServices;
using Hooke.Problems;

namespace Hooke.Runs;

/// <summary>
/// What lock-free workers train: one model in shared memory, which every worker reads and writes as it goes. Races between them
/// are part of the algorithm: a write to a coordinate is whole or not there, and nothing else is promised. (Niu, Recht, Ré,
/// Wright, "Hogwild!", 2011) [Survey, sec. 5.2]
/// </summary>
public interface ISharedModel : IDisposable
{
    /// <summary>Number of coordinates.</summary>
    int Dimension { get; }

    /// <summary>Number of training examples.</summary>
    int Examples { get; }

    /// <summary>Whether examples that are neighbors should follow each other: memory is faster when it is read in order.</summary>
    bool ReadsInOrder { get; }

    /// <summary>Whether evaluation counts wrong answers.</summary>
    bool CountsWrong { get; }

    /// <summary>Opens what one worker needs to make steps.</summary>
    /// <param name="worker">Which, from 0.</param>
    /// <param name="workers">p.</param>
    ISharedLearner Open(int worker, int workers);

    /// <summary>Adds the model as it is to the average that is reported, if one is.</summary>
    void Average();

    /// <summary>Makes the reported model what evaluations see. Called while all workers pause.</summary>
    /// <returns>Whether all of it is finite.</returns>
    bool Publish();

    /// <summary>Saves or restores the model, and the average that is reported, if one is. Called while all workers pause.</summary>
    /// <param name="archive">Where to.</param>
    void Archive(IArchive<float> archive);

    /// <summary>Number of blocks that a set is evaluated in.</summary>
    /// <param name="split">The set.</param>
    int Blocks(Split split);

    /// <summary>Evaluates the reported model on a block. Threads may evaluate different blocks at once.</summary>
    /// <param name="split">The set.</param>
    /// <param name="block">Which block, from 0.</param>
    Score Evaluate(Split split, int block);
}

/// <summary>Makes one worker's steps on a shared model. For one thread at a time.</summary>
public interface ISharedLearner : IDisposable
{
    /// <summary>Makes steps of rate 0, which change nothing, so that what steps need is compiled before any clock runs.</summary>
    void Prepare();

    /// <summary>Makes a step for every batch of examples, in order: reads the coordinates that it needs, computes, writes them.</summary>
    /// <param name="examples">Training examples, from 0.</param>
    /// <param name="rates">The learning rate of each step.</param>
    /// <param name="batch">Examples in a batch; the last one may have fewer.</param>
    /// <param name="clocks">Every worker's clock; its own counts the steps as they are made.</param>
    void Run(ReadOnlySpan<int> examples, ReadOnlySpan<float> rates, int batch, ReadOnlySpan<StepClock> clocks);

    /// <summary>Makes a step for every example, in order, and watches one of them.</summary>
    /// <param name="examples">Training examples, from 0.</param>
    /// <param name="rates">The learning rate of each step.</param>
    /// <param name="at">Which of them is watched.</param>
    /// <param name="clocks">Every worker's clock.</param>
    /// <returns>What was seen; null if a worker with copies has not merged since it was asked, and can't tell: the next call may.</returns>
    Sighting? Watch(ReadOnlySpan<int> examples, ReadOnlySpan<float> rates, int at, ReadOnlySpan<StepClock> clocks);

    /// <summary>Brings the worker's own copies of hot coordinates and the shared model together.</summary>
    /// <param name="clocks">Every worker's clock.</param>
    void Merge(ReadOnlySpan<StepClock> clocks);

    /// <summary>Saves or restores what the worker has of its own, after its model. Called while all workers pause.</summary>
    /// <param name="archive">Where to.</param>
    /// <param name="name">Prefix of the names.</param>
    void Archive(IArchive<float> archive, string name);
}

/// <summary>What happened between the reads and the writes of one step.</summary>
/// <param name="Delay">Steps that other workers made meanwhile; of a worker with copies of hot coordinates, since it last merged the hottest.</param>
/// <param name="Changed">Coordinates of the step that others wrote to meanwhile.</param>
/// <param name="Coordinates">Coordinates of the step.</param>
public readonly record struct Sighting(long Delay, int Changed, int Coordinates);

/// <summary>A worker's count of steps, on cache lines of its own: its worker writes it after every step, others may read it.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
public sealed class StepClock
{
    [FieldOffset(128)]
    private volatile uint steps;

    /// <summary>Steps made, modulo 2³².</summary>
    public uint Steps
    {
        get => steps;
        set => steps = value;
    }
}
