using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Hooke.Methods;
using Hooke.Numerics;

namespace Hooke.Theory.ModifiedEquations;

/// <summary>A random process, step by step, on eight paths at once. All that a group of paths remembers is in one span of vectors.</summary>
public interface IPathProcess
{
    /// <summary>d.</summary>
    int Dimension { get; }

    /// <summary>Vectors that a group of paths remembers.</summary>
    int Memory { get; }

    /// <summary>Puts a group of paths at the start.</summary>
    /// <param name="memory">Receives what it remembers.</param>
    void Begin(Span<Vector512<double>> memory);

    /// <summary>Takes step k, from x_k to x_(k+1).</summary>
    /// <param name="memory">What the group remembers.</param>
    /// <param name="seed">Seed of the random numbers.</param>
    /// <param name="path">The path of lane 0.</param>
    /// <param name="step">k, from 0.</param>
    void Step(Span<Vector512<double>> memory, ulong seed, int path, long step);

    /// <summary>Writes x.</summary>
    /// <param name="memory">What the group remembers.</param>
    /// <param name="x">Receives d vectors.</param>
    void Position(ReadOnlySpan<Vector512<double>> memory, Span<Vector512<double>> x);
}

/// <summary>
/// Asynchronous SGD: x_(k+1) = x_k − η (1/b) Σ_j ∇f_(γ_j)(x_(k−τ_k)), with components γ_j drawn uniformly and independently,
/// and reads whose staleness τ_k is drawn independently; x_l = x_0 for l &lt; 0. [AnLuYing18, eqs. 2.1 and 4.1]
/// </summary>
/// <remarks>
/// Draws of path i at step k are those of <c>Noise(seed, i, k, Sampling)</c>: γ_1 is Integer(0, n), τ is from Uniform(1), γ_j
/// is Integer(j, n). A path remembers as many steps as its reads may be old, whatever the number of steps.
/// </remarks>
/// <typeparam name="TObjective">The objective.</typeparam>
public readonly struct AsynchronousSgd<TObjective> : IPathProcess where TObjective : IPathObjective
{
    private readonly TObjective objective;
    private readonly double learningRate;
    private readonly double[] start;
    private readonly StalenessLaw staleness;
    private readonly BatchShape? batches;
    private readonly int ring;

    /// <summary>Creates the process.</summary>
    /// <param name="objective">f.</param>
    /// <param name="learningRate">η.</param>
    /// <param name="staleness">The law of τ.</param>
    /// <param name="start">x_0; the objective's start if it is empty.</param>
    /// <param name="batches">b at step k; 1 if it is null.</param>
    /// <param name="history">Steps that a path remembers at least: the whole run if that is at least its steps. More than the reads' largest age changes no bit.</param>
    /// <exception cref="ArgumentException">A number out of range.</exception>
    public AsynchronousSgd(TObjective objective, double learningRate, StalenessLaw staleness, ReadOnlySpan<double> start = default, BatchShape? batches = null, int history = 0)
    {
        (this.objective, this.staleness, this.batches) = (objective, staleness, batches);
        this.learningRate = Check.LearningRate(learningRate);
        this.start = StartOf(objective, start);
        ring = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(staleness.Maximum + 1, history));
    }

    /// <inheritdoc/>
    public int Dimension => start.Length;

    /// <inheritdoc/>
    public int Memory => (ring + 3) * Dimension;

    /// <inheritdoc/>
    public void Begin(Span<Vector512<double>> memory)
    {
        int d = Dimension;
        for (int k = 0; k < d; k++) memory[k] = memory[d + k] = Vector512.Create(start[k]);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Step(Span<Vector512<double>> memory, ulong seed, int path, long step)
    {
        int d = start.Length, mask = ring - 1;
        // x, then the ring of past x with x_k in slot k mod ring, then the read and its gradient
        var past = memory.Slice(d, ring * d);
        Span<Vector512<double>> x = memory[..d], read = memory.Slice((ring + 1) * d, d), gradient = memory.Slice((ring + 2) * d, d);
        var noise = new WideNoise(seed, path, step, NoiseStream.Sampling);
        var (first, second) = noise.Block(0);
        Read(MemoryMarshal.Cast<Vector512<double>, double>(past), WideNoise.Uniform(second), step, mask, d, read);
        objective.Gradient(WideNoise.Integer(first, objective.Components), read, gradient);
        int count = batches?.At(step) ?? 1;
        if (count > 1) AddBatch(noise, count, read, gradient);
        int slot = (int)(step + 1 & mask) * d;
        for (int k = 0; k < d; k++) past[slot + k] = x[k] -= gradient[k] * learningRate;
    }

    /// <inheritdoc/>
    public void Position(ReadOnlySpan<Vector512<double>> memory, Span<Vector512<double>> x) => memory[..Dimension].CopyTo(x);

    internal static double[] StartOf(TObjective objective, ReadOnlySpan<double> start)
    {
        if (start.IsEmpty) return objective.Start.ToArray();
        if (start.Length != objective.Dimension) throw new ArgumentException($"start has {start.Length} entries; it must have {objective.Dimension}");
        foreach (double number in start)
            if (!double.IsFinite(number)) throw new ArgumentException(FormattableString.Invariant($"start is {number}; it must be finite"));
        return start.ToArray();
    }

    /// <summary>x_(k−τ) of every lane; x_0, in slot 0, where that is before 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Read(ReadOnlySpan<double> past, Vector512<double> uniform, long step, int mask, int d, Span<Vector512<double>> read)
    {
        // Slots from 0 to the ring's length are exact in 32 bits, whatever the step.
        var age = Narrow(Vector512.MinNative(staleness.Draw(uniform), Vector512.Create((double)step)));
        var place = ((Vector256.Create((int)step) - age) & Vector256.Create(mask)) * (d * WideNoise.Lanes) + Vector256<int>.Indices;
        for (int k = 0; k < d; k++, place += Vector256.Create(WideNoise.Lanes))
            read[k] = Vector512.Create(past[place[0]], past[place[1]], past[place[2]], past[place[3]], past[place[4]], past[place[5]], past[place[6]], past[place[7]]);
    }

    private static Vector256<int> Narrow(Vector512<double> whole)
    {
        var wide = Vector512.ConvertToInt64Native(whole);
        return Vector256.Narrow(wide.GetLower(), wide.GetUpper());
    }

    private void AddBatch(in WideNoise noise, int count, ReadOnlySpan<Vector512<double>> read, Span<Vector512<double>> gradient)
    {
        int d = gradient.Length;
        Span<Vector512<double>> one = d == 1 ? stackalloc Vector512<double>[1] : new Vector512<double>[d];
        for (int j = 2; j <= count; j++)
        {
            var (even, odd) = noise.Block((uint)j >> 1);
            objective.Gradient(WideNoise.Integer((j & 1) == 0 ? even : odd, objective.Components), read, one);
            for (int k = 0; k < d; k++) gradient[k] += one[k];
        }
        for (int k = 0; k < d; k++) gradient[k] *= 1.0 / count;
    }
}

/// <summary>The paths of a modified equation, solved by a scheme, seen at the steps of the algorithm.</summary>
/// <remarks>Normal number q of path i is Gaussian(q mod 2) of <c>Noise(seed, i, ⌊q/2⌋, Gradient)</c>.</remarks>
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
        if (substeps < 1) throw new ArgumentException($"substeps is {substeps}; it must be at least 1");
        if (start.Length != equation.Dimension) throw new ArgumentException($"start has {start.Length} entries; it must have {equation.Dimension}");
        (this.equation, this.start, this.substeps) = (equation, start.ToArray(), substeps);
    }

    /// <inheritdoc/>
    public int Dimension => equation.Dimension;

    /// <inheritdoc/>
    public int Memory => equation.Size + TScheme.Draws(Dimension) + 1 + TScheme.Scratch(equation);

    /// <inheritdoc/>
    public void Begin(Span<Vector512<double>> memory) => equation.Begin(start, memory[..equation.Size]);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Step(Span<Vector512<double>> memory, ulong seed, int path, long step)
    {
        int size = equation.Size, draws = TScheme.Draws(equation.Dimension);
        // the state, the draws, the odd normal number that is left over, scratch
        Span<Vector512<double>> state = memory[..size], normals = memory.Slice(size, draws), scratch = memory[(size + draws + 1)..];
        ref var odd = ref memory[size + draws];
        double h = equation.Clock.Increment / substeps;
        long q = step * substeps * draws;
        for (int sub = 0; sub < substeps; sub++)
        {
            for (int k = 0; k < draws; k++, q++)
            {
                if ((q & 1) == 0) (normals[k], odd) = new WideNoise(seed, path, q >> 1, NoiseStream.Gradient).Gaussian(0);
                else normals[k] = odd;
            }
            TScheme.Step(equation, h, normals, state, scratch);
        }
    }

    /// <inheritdoc/>
    public void Position(ReadOnlySpan<Vector512<double>> memory, Span<Vector512<double>> x) => equation.Position(memory[..equation.Size], x);
}
