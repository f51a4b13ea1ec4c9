using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hooke.Numerics;

namespace Hooke.Theory.ModifiedEquations;

/// <summary>The paths of a modified equation, solved by a scheme, seen at the steps of the algorithm.</summary>
/// <remarks>Normal number q of path i is of pair ⌊q/2⌋, made of the two draws of <c>Noise(seed, i, ⌊q/2⌋, Gradient)</c>'s block 0 by <see cref="WideNoise{V}.ToNormal"/>.</remarks>
/// <typeparam name="TEquation">The equation.</typeparam>
/// <typeparam name="TScheme">The scheme.</typeparam>
public readonly struct Solution<TEquation, TScheme> : IPathProcess where TEquation : IModifiedEquation where TScheme : struct, IScheme
{
    private readonly TEquation equation;
    private readonly double[] start;
    private readonly int substeps;

    /// <summary>Creates the process.</summary>
    /// <param name="equation">The equation.</param>
    /// <param name="start">x at all times up to 0.</param>
    /// <param name="substeps">Steps of the scheme in a step of the algorithm, at least 1.</param>
    /// <exception cref="ArgumentException">A number out of range.</exception>
    public Solution(TEquation equation, ReadOnlySpan<double> start, int substeps = 1)
    {
        if (start.Length != equation.Dimension) throw new ArgumentException($"start has {start.Length} entries; it must have {equation.Dimension}");
        (this.equation, this.start, this.substeps) = (equation, start.ToArray(), Normals.Substeps(substeps));
    }

    /// <inheritdoc/>
    public int Dimension => equation.Dimension;

    // The state, normal numbers to come, those of the step, scratch.
    /// <inheritdoc/>
    public int Memory => equation.Size + Normals.Ahead + TScheme.Draws(Dimension) + TScheme.Scratch(equation);

    /// <inheritdoc/>
    public void Begin<V>(Span<V> memory) where V : unmanaged, IWide<V> => equation.Begin(start, memory[..equation.Size]);

    /// <inheritdoc/>
    public void Advance<V>(Span<V> memory, PathRun run, long from, long to) where V : unmanaged, IWide<V>
    {
        int size = equation.Size, draws = TScheme.Draws(Dimension), all = Memory;
        double h = equation.Clock.Increment / substeps;
        for (; memory.Length > 0; memory = memory[all..], run = run with { Path = run.Path + V.Count })
        {
            Span<V> state = memory[..size], coming = memory.Slice(size, Normals.Ahead), normals = memory.Slice(size + Normals.Ahead, draws), scratch = memory[(size + Normals.Ahead + draws)..all];
            for (long sub = from * substeps; sub < to * substeps; sub++)
            {
                long q = sub * draws;
                for (int k = 0; k < draws; k++, q++)
                {
                    if (q % Normals.Ahead == 0) Normals.Fill(coming, run, q, run.Steps * substeps * draws);
                    normals[k] = coming[(int)(q % Normals.Ahead)];
                }
                TScheme.Step(equation, h, normals, state, scratch);
            }
        }
    }

    /// <inheritdoc/>
    public void Position<V>(ReadOnlySpan<V> memory, Span<V> x) where V : unmanaged, IWide<V> => equation.Position(memory[..equation.Size], x);
}

/// <summary>The paths of a plain equation: what <see cref="Solution{TEquation, TScheme}"/> computes, bit by bit, but faster.</summary>
/// <typeparam name="TEquation">The equation.</typeparam>
/// <typeparam name="TScheme">The scheme.</typeparam>
public readonly struct PlainSolution<TEquation, TScheme> : IPathProcess where TEquation : IPlainEquation where TScheme : struct, IPlainScheme
{
    private const int Held = 3; // u, a, b
    private readonly TEquation equation;
    private readonly double start, length, root;
    private readonly int substeps;

    /// <summary>Creates the process.</summary>
    /// <param name="equation">The equation, which is plain.</param>
    /// <param name="start">x at all times up to 0.</param>
    /// <param name="substeps">Steps of the scheme in a step of the algorithm, at least 1.</param>
    /// <exception cref="ArgumentException">A number out of range, or an equation that is not plain.</exception>
    public PlainSolution(TEquation equation, double start, int substeps = 1)
    {
        if (!equation.IsPlain) throw new ArgumentException($"the equation has {equation.Dimension} dimensions and {equation.Size} variables; it must have 1 and at most 3");
        (this.equation, this.start, this.substeps) = (equation, start, Normals.Substeps(substeps));
        length = equation.Clock.Increment / substeps;
        root = Math.Sqrt(length);
    }

    /// <inheritdoc/>
    public int Dimension => 1;

    // The state, and normal numbers to come.
    /// <inheritdoc/>
    public int Memory => Held + Normals.Ahead;

    /// <inheritdoc/>
    public void Begin<V>(Span<V> memory) where V : unmanaged, IWide<V>
    {
        memory[..Held].Clear();
        equation.Begin([start], memory[..equation.Size]);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Advance<V>(Span<V> memory, PathRun run, long from, long to) where V : unmanaged, IWide<V>
    {
        const int Size = Held + Normals.Ahead;
        int groups = memory.Length / Size;
        // Groups take turns in loops of their own, so that the processor sees more of what is independent and keeps it in registers.
        Span<V> room = CacheLines.Align(stackalloc V[6 * groups + 1]), now = room[..groups], next = room.Slice(groups, groups), gradients = room.Slice(2 * groups, groups), seconds = room.Slice(3 * groups, groups), halves = room[(4 * groups)..];
        long begin = from * substeps, end = to * substeps;
        for (long q = begin; ; q++)
        {
            int at = (int)(q % Normals.Ahead);
            if (at == 0 && q < end)
                for (int group = 0; group < groups; group++)
                    Normals.Fill(memory.Slice(group * Size + Held, Normals.Ahead), run with { Path = run.Path + group * V.Count }, q, run.Steps * substeps);
            // A step's second half goes with the next one's first half: its square root has company then.
            for (int group = 0; group < groups; group++)
            {
                var held = memory.Slice(group * Size, Size);
                V u = held[0], a = held[1], b = held[2];
                if (q > begin)
                {
                    var (ofA, ofB) = equation.Smooth(gradients[group], seconds[group], a, b);
                    u = next[group];
                    a = V.MultiplyAdd(ofA, V.Create(length), a);
                    b = V.MultiplyAdd(ofB, V.Create(length), b);
                    (held[0], held[1], held[2]) = (u, a, b);
                }
                if (q == end) continue;
                var (drift, variance) = equation.Noisy(u, a, b);
                next[group] = V.MultiplyAdd(V.Sqrt(V.Max(variance, default)) * held[Held + at], V.Create(root), V.MultiplyAdd(drift, V.Create(length), u));
                if (!TScheme.IsSplit) now[group] = u;
            }
            if (q == end) return;
            equation.Means(TScheme.IsSplit ? next : now, gradients, seconds, halves);
        }
    }

    /// <inheritdoc/>
    public void Position<V>(ReadOnlySpan<V> memory, Span<V> x) where V : unmanaged, IWide<V> => equation.Position(memory[..equation.Size], x);
}

/// <summary>The normal numbers of a solution's paths.</summary>
internal static class Normals
{
    /// <summary>How many of a path are made at once.</summary>
    public const int Ahead = 32;

    /// <summary>Makes normal numbers.</summary>
    /// <param name="normals">Receives them; those from the end on are left out.</param>
    /// <param name="run">The paths.</param>
    /// <param name="q">The first one's number, a multiple of <see cref="Ahead"/>.</param>
    /// <param name="end">The first number that nobody needs.</param>
    /// <typeparam name="V">The lanes.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill<V>(Span<V> normals, PathRun run, long q, long end) where V : unmanaged, IWide<V>
    {
        normals = normals[..(int)Math.Min(Ahead, (end - q + 1) & ~1L)];
        new WideNoise<V>(run.Seed, run.Path, NoiseStream.Gradient, q / 2).Fill(q / 2, normals);
        WideNoise<V>.ToNormal(normals);
    }

    public static int Substeps(int value) => value >= 1 ? value : throw new ArgumentException($"substeps is {value}; it must be at least 1");
}

/// <summary>Memory in whole cache lines: a vector that crosses two of them takes twice as long.</summary>
internal static unsafe class CacheLines
{
    private const nuint Bytes = 64;

    /// <summary>All but one element of some memory of the stack, from the first cache line on that begins in it.</summary>
    /// <param name="memory">The memory, which does not move; its elements are at least as long as a line.</param>
    /// <typeparam name="V">The elements.</typeparam>
    public static Span<V> Align<V>(Span<V> memory) where V : unmanaged
    {
        ref V first = ref MemoryMarshal.GetReference(memory);
        nuint over = (nuint)Unsafe.AsPointer(ref first) % Bytes;
        return MemoryMarshal.CreateSpan(ref Unsafe.AddByteOffset(ref first, (Bytes - over) % Bytes), memory.Length - 1);
    }
}
