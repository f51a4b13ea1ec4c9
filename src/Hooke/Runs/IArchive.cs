using System.Numerics;
using Hooke.Methods;
using Hooke.Numerics;

namespace Hooke.Runs;

/// <summary>
/// Saves or restores the state of a run: every part of a run shows its numbers and vectors to the archive in one method, which
/// serves both directions, so what is saved and what is restored can't differ.
/// </summary>
/// <typeparam name="T">Number type of the vectors.</typeparam>
public interface IArchive<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A fact that tells this run from others: saved, or compared with what was saved. An archive that only serves one run need not care.</summary>
    /// <param name="name">What it is about, unique in the run.</param>
    /// <param name="value">What it is.</param>
    void Fact(string name, string value) { }

    /// <summary>The facts that tell a run of one method from another.</summary>
    /// <param name="method">What every worker runs.</param>
    /// <param name="workers">p.</param>
    /// <param name="parameters">n.</param>
    /// <param name="shards">Shards of the center.</param>
    /// <param name="seed">Seed of the run.</param>
    void Facts(Method method, int workers, int parameters, int shards, ulong seed)
    {
        Fact("method", method.Name);
        Fact("order", method.Order.Name);
        Fact("timing", $"{method.Schedule.Timing}");
        Fact("readout", method.Readout?.GetType().Name ?? "none");
        Fact("workers", $"{workers}");
        Fact("parameters", $"{parameters}");
        Fact("shards", $"{shards}");
        Fact("seed", $"{seed}");
    }

    /// <summary>A number.</summary>
    /// <param name="name">Its name, unique in the run.</param>
    /// <param name="value">Saved, or replaced by what was saved.</param>
    void Number(string name, ref long value);

    /// <summary>A number.</summary>
    /// <param name="name">Its name, unique in the run.</param>
    /// <param name="value">Saved, or replaced by what was saved.</param>
    void Number(string name, ref double value);

    /// <summary>A number.</summary>
    /// <param name="name">Its name, unique in the run.</param>
    /// <param name="value">Saved, or replaced by what was saved.</param>
    void Number(string name, ref int value)
    {
        long wide = value;
        Number(name, ref wide);
        value = (int)wide;
    }

    /// <summary>Yes or no.</summary>
    /// <param name="name">Its name, unique in the run.</param>
    /// <param name="value">Saved, or replaced by what was saved.</param>
    void Flag(string name, ref bool value)
    {
        long number = value ? 1 : 0;
        Number(name, ref number);
        value = number != 0;
    }

    /// <summary>A vector that exists only if it has been used.</summary>
    /// <param name="name">Its name, unique in the run.</param>
    /// <param name="vector">Saved if there is one; allocated and filled if one was saved, zeroed if none was.</param>
    /// <param name="length">Its length; 0 if a run of this kind never has one.</param>
    void Vector(string name, ref NativeVector<T>? vector, int length);

    /// <summary>Restores a run from the archive. One that may be of another run checks all of it first, so that a wrong one changes nothing.</summary>
    /// <param name="run">Shows the run's state to an archive.</param>
    void Restore(Action<IArchive<T>> run) => run(this);
}
