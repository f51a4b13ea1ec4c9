using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hooke.Methods;
using Hooke.Numerics;

namespace Hooke.Theory.ModifiedEquations;

/// <summary>
/// Asynchronous SGD: x_(k+1) = x_k − η (1/b) Σ_j ∇f_(γ_j)(x_(k−τ_k)), with components γ_j drawn uniformly and independently,
/// and reads whose staleness τ_k is drawn independently; x_l = x_0 for l &lt; 0. [AnLuYing18, eqs. 2.1 and 4.1]
/// </summary>
/// <remarks>
/// Of path i at step k, nu = γ_1 + v is split into a whole number and a fraction, where u are the uppermost 52 bits of draw
/// k mod 2 of <c>Noise(seed, i, ⌊k/2⌋, Sampling)</c>, as a fraction; v gives τ. γ_j for j &gt; 1 is Integer(j, n) of
/// <c>Noise(seed, i, k, Sampling)</c>. A path remembers as many steps as its reads may be old, whatever the number of steps.
/// </remarks>
/// <typeparam name="TObjective">The objective.</typeparam>
public readonly struct AsynchronousSgd<TObjective> : IPathProcess where TObjective : IPathObjective
{
    /// <summary>Most components: v keeps 28 bits at least.</summary>
    public const int MostComponents = 1 << 24;

    private const int Ahead = 32; // steps whose random numbers are drawn at once
    private const double TwoTo52 = 1L << 52;
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
        if (objective.Components > MostComponents) throw new ArgumentException($"the objective has {objective.Components} components; it must have at most {MostComponents}");
        (this.objective, this.staleness, this.batches) = (objective, staleness, batches is ConstantBatch { Size: 1 } ? null : batches);
        this.learningRate = Check.LearningRate(learningRate);
        this.start = StartOf(objective, start);
        ring = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(staleness.Maximum + 1, history));
    }

    /// <inheritdoc/>
    public int Dimension => start.Length;

    // x, the ring of past x with x_k in slot k mod ring, the read and its gradient, and of coming steps components and places of reads
    /// <inheritdoc/>
    public int Memory => (ring + 3) * Dimension + 2 * Ahead;

    /// <inheritdoc/>
    public void Begin<V>(Span<V> memory) where V : unmanaged, IWide<V>
    {
        int d = Dimension;
        for (int k = 0; k < d; k++) memory[k] = memory[d + k] = V.Create(start[k]);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Advance<V>(Span<V> memory, PathRun run, long from, long to) where V : unmanaged, IWide<V>
    {
        for (int size = Memory; memory.Length > 0; memory = memory[size..], run = run with { Path = run.Path + V.Count })
            for (long k = from; k < to;)
            {
                var draws = memory.Slice(size - 2 * Ahead, 2 * Ahead);
                if (k % Ahead == 0) Draw(draws, run, k);
                long until = Math.Min(to, k - k % Ahead + Ahead);
                if (Dimension == 1 && batches is null) AdvanceOne(memory, draws, k, until);
                else for (long step = k; step < until; step++) Step(memory, draws, run, step);
                k = until;
            }
    }

    /// <inheritdoc/>
    public void Position<V>(ReadOnlySpan<V> memory, Span<V> x) where V : unmanaged, IWide<V> => memory[..Dimension].CopyTo(x);

    internal static double[] StartOf(TObjective objective, ReadOnlySpan<double> start)
    {
        if (start.IsEmpty) return objective.Start.ToArray();
        if (start.Length != objective.Dimension) throw new ArgumentException($"start has {start.Length} entries; it must have {objective.Dimension}");
        foreach (double number in start)
            if (!double.IsFinite(number)) throw new ArgumentException(FormattableString.Invariant($"start is {number}; it must be finite"));
        return start.ToArray();
    }

    /// <summary>Draws the components of steps from k, a multiple of <see cref="Ahead"/>, and after them where in the ring their reads are: of x_(k−τ), and of x_0, in slot 0, where that is before 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Draw<V>(Span<V> draws, PathRun run, long k) where V : unmanaged, IWide<V>
    {
        int count = (int)Math.Min(Ahead, (run.Steps - k + 1) & ~1L);
        Span<V> components = draws[..count], places = draws.Slice(Ahead, count);
        new WideNoise<V>(run.Seed, run.Path, NoiseStream.Sampling, k / 2).Fill(k / 2, places);
        V one = V.Create(1.0), n = V.Create((double)objective.Components), mask = V.Create((ulong)(ring - 1)), stride = V.Create((ulong)(Dimension * V.Count));
        for (int j = 0; j < count; j++)
        {
            var scaled = (WideMath<V>.OneAndFraction(places[j]) - one) * n;
            components[j] = V.Floor(scaled);
            var age = V.Min(staleness.Draw(scaled - components[j]), V.Create((double)(k + j)));
            // As the lowest bits of a number from 2⁵² to 2⁵³.
            var slot = (V.Create(TwoTo52 + (k + j)) - age) & mask;
            places[j] = V.AddBits(V.Product(slot, stride), V.Indices);
        }
    }

    /// <summary>Steps in one dimension, with batches of 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AdvanceOne<V>(Span<V> memory, ReadOnlySpan<V> draws, long from, long to) where V : unmanaged, IWide<V>
    {
        var past = memory.Slice(1, ring);
        ref double numbers = ref Unsafe.As<V, double>(ref past[0]);
        var x = memory[0];
        for (long k = from; k < to; k++)
        {
            int at = (int)(k % Ahead);
            var read = V.Gather(ref numbers, in Unsafe.As<V, long>(ref Unsafe.AsRef(in draws[Ahead + at])));
            x = V.MultiplyAdd(objective.Gradient(draws[at], read), V.Create(-learningRate), x);
            past[(int)(k + 1) & (ring - 1)] = x;
        }
        memory[0] = x;
    }

    private void Step<V>(Span<V> memory, ReadOnlySpan<V> draws, PathRun run, long k) where V : unmanaged, IWide<V>
    {
        int d = start.Length, at = (int)(k % Ahead);
        var past = memory.Slice(d, ring * d);
        Span<V> x = memory[..d], read = memory.Slice((ring + 1) * d, d), gradient = memory.Slice((ring + 2) * d, d);
        var numbers = MemoryMarshal.Cast<V, double>(past);
        for (int c = 0; c < d; c++) read[c] = V.Gather(ref numbers[c * V.Count], in Unsafe.As<V, long>(ref Unsafe.AsRef(in draws[Ahead + at])));
        objective.Gradient(draws[at], read, gradient);
        int count = batches?.At(k) ?? 1;
        if (count > 1) AddBatch(run, k, count, read, gradient);
        int slot = (int)(k + 1 & ring - 1) * d;
        for (int c = 0; c < d; c++) past[slot + c] = x[c] = V.MultiplyAdd(gradient[c], V.Create(-learningRate), x[c]);
    }

    private void AddBatch<V>(PathRun run, long step, int count, ReadOnlySpan<V> read, Span<V> gradient) where V : unmanaged, IWide<V>
    {
        int d = gradient.Length;
        Span<V> one = d == 1 ? stackalloc V[1] : new V[d];
        for (int j = 2; j <= count; j++)
        {
            var (even, odd) = new WideNoise<V>(run.Seed, run.Path, NoiseStream.Sampling, step, (uint)j >> 1).Block(step);
            objective.Gradient(WideNoise<V>.Integer((j & 1) == 0 ? even : odd, objective.Components), read, one);
            for (int k = 0; k < d; k++) gradient[k] += one[k];
        }
        for (int k = 0; k < d; k++) gradient[k] *= 1.0 / count;
    }
}
