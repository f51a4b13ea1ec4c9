using System.Runtime.CompilerServices;
using Hooke.Numerics;

namespace Hooke.Theory.ModifiedEquations;

/// <summary>How a modified equation is solved: a step of length h from given normal numbers, on many paths at once.</summary>
public interface IScheme
{
    /// <summary>Name on the command line.</summary>
    static abstract string Name { get; }

    /// <summary>Weak order q: moments at a fixed time are right up to O(h^q).</summary>
    static abstract double WeakOrder { get; }

    /// <summary>Strong order q on an equation: paths of the same noise are right up to O(h^q) in the mean.</summary>
    /// <param name="equation">The equation.</param>
    /// <typeparam name="TEquation">Its kind.</typeparam>
    static abstract double StrongOrder<TEquation>(TEquation equation) where TEquation : IModifiedEquation;

    /// <summary>Standard normal numbers that a step uses; the first d are those of ΔB/√h.</summary>
    /// <param name="dimension">d.</param>
    static abstract int Draws(int dimension);

    /// <summary>Vectors of scratch memory that a step uses.</summary>
    /// <param name="equation">The equation.</param>
    /// <typeparam name="TEquation">Its kind.</typeparam>
    static abstract int Scratch<TEquation>(TEquation equation) where TEquation : IModifiedEquation;

    /// <summary>Takes a step.</summary>
    /// <param name="equation">The equation.</param>
    /// <param name="h">The step's length.</param>
    /// <param name="normals">The draws.</param>
    /// <param name="state">The state, changed.</param>
    /// <param name="scratch">Scratch memory.</param>
    /// <typeparam name="TEquation">Its kind.</typeparam>
    /// <typeparam name="V">The lanes.</typeparam>
    static abstract void Step<TEquation, V>(in TEquation equation, double h, ReadOnlySpan<V> normals, Span<V> state, Span<V> scratch)
        where TEquation : IModifiedEquation where V : unmanaged, IWide<V>;
}

/// <summary>
/// s ← s + h (a, b)(s) + (L(s) ΔB, 0). Weak order 1; strong order ½, and 1 where the noise does not reach its own factor.
/// [Kloeden and Platen, Numerical solution of stochastic differential equations, sec. 10.2 and 14.1]
/// </summary>
public readonly struct EulerMaruyama : IPlainScheme
{
    /// <inheritdoc/>
    public static string Name => "euler-maruyama";

    /// <inheritdoc/>
    public static bool IsSplit => false;

    /// <inheritdoc/>
    public static double WeakOrder => 1;

    /// <inheritdoc/>
    public static double StrongOrder<TEquation>(TEquation equation) where TEquation : IModifiedEquation => FirstOrder.Strong(equation);

    /// <inheritdoc/>
    public static int Draws(int dimension) => dimension;

    /// <inheritdoc/>
    public static int Scratch<TEquation>(TEquation equation) where TEquation : IModifiedEquation => FirstOrder.Scratch(equation);

    /// <inheritdoc/>
    public static void Step<TEquation, V>(in TEquation equation, double h, ReadOnlySpan<V> normals, Span<V> state, Span<V> scratch)
        where TEquation : IModifiedEquation where V : unmanaged, IWide<V> => FirstOrder.Step(equation, h, normals, state, scratch, IsSplit);
}

/// <summary>
/// One after the other: u ← u + h a(u, r) + L(u, r) ΔB, then r ← r + h b(u, r) at the new u. At h = Δt the moments are exactly
/// those of the algorithm on quadratics: for SME-ASGD it is the difference equations (2.9), (2.10) and (2.12) with normal
/// noise, for SME-MSGD it is (2.6). Weak order 1; strong order as Euler–Maruyama. [AnLuYing18, eqs. 2.3, 2.4, 2.9, 2.10; errata 3]
/// </summary>
public readonly struct Splitting : IPlainScheme
{
    /// <inheritdoc/>
    public static string Name => "splitting";

    /// <inheritdoc/>
    public static bool IsSplit => true;

    /// <inheritdoc/>
    public static double WeakOrder => 1;

    /// <inheritdoc/>
    public static double StrongOrder<TEquation>(TEquation equation) where TEquation : IModifiedEquation => FirstOrder.Strong(equation);

    /// <inheritdoc/>
    public static int Draws(int dimension) => dimension;

    /// <inheritdoc/>
    public static int Scratch<TEquation>(TEquation equation) where TEquation : IModifiedEquation => FirstOrder.Scratch(equation);

    /// <inheritdoc/>
    public static void Step<TEquation, V>(in TEquation equation, double h, ReadOnlySpan<V> normals, Span<V> state, Span<V> scratch)
        where TEquation : IModifiedEquation where V : unmanaged, IWide<V> => FirstOrder.Step(equation, h, normals, state, scratch, IsSplit);
}

/// <summary>What the two schemes of weak order 1 share: the memories' drift is taken at the old u, or split off and taken at the new one.</summary>
internal static class FirstOrder
{
    public static double Strong<TEquation>(TEquation equation) where TEquation : IModifiedEquation => equation.IsMultiplicative ? 0.5 : 1;

    public static int Scratch<TEquation>(TEquation equation) where TEquation : IModifiedEquation => equation.Size + Triangle.Length(equation.Dimension);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Step<TEquation, V>(in TEquation equation, double h, ReadOnlySpan<V> normals, Span<V> state, Span<V> scratch, bool isSplit)
        where TEquation : IModifiedEquation where V : unmanaged, IWide<V>
    {
        int d = equation.Dimension, size = equation.Size;
        var factor = scratch.Slice(size, Triangle.Length(d));
        equation.NoisyDrift(state, scratch[..d]);
        equation.Factor(state, factor);
        if (!isSplit) equation.SmoothDrift(state, scratch[d..size]);
        for (int k = 0; k < d; k++) state[k] = V.MultiplyAdd(scratch[k], V.Create(h), state[k]);
        Kick.Add(state, factor, normals, Math.Sqrt(h), d);
        if (isSplit) equation.SmoothDrift(state, scratch[d..size]);
        for (int k = d; k < size; k++) state[k] = V.MultiplyAdd(scratch[k], V.Create(h), state[k]);
    }
}

/// <summary>
/// Platen's explicit scheme of weak order 2; strong order 1 where the noise does not reach its own factor or d = 1, ½
/// otherwise. [Kloeden and Platen, eq. 15.1.3]
/// </summary>
public readonly struct WeakSecondOrder : IScheme
{
    /// <inheritdoc/>
    public static string Name => "weak-second-order";

    /// <inheritdoc/>
    public static double WeakOrder => 2;

    /// <inheritdoc/>
    public static double StrongOrder<TEquation>(TEquation equation) where TEquation : IModifiedEquation => equation.IsMultiplicative && equation.Dimension > 1 ? 0.5 : 1;

    /// <inheritdoc/>
    public static int Draws(int dimension) => dimension + dimension * (dimension - 1) / 2;

    /// <inheritdoc/>
    public static int Scratch<TEquation>(TEquation equation) where TEquation : IModifiedEquation => 4 * equation.Size + 3 * Triangle.Length(equation.Dimension);

    /// <inheritdoc/>
    public static void Step<TEquation, V>(in TEquation equation, double h, ReadOnlySpan<V> normals, Span<V> state, Span<V> scratch)
        where TEquation : IModifiedEquation where V : unmanaged, IWide<V>
    {
        int d = equation.Dimension, size = equation.Size, t = Triangle.Length(d);
        double root = Math.Sqrt(h);
        Span<V> drift = scratch[..size], at = scratch.Slice(size, size), ahead = scratch.Slice(2 * size, size), sum = scratch.Slice(3 * size, size);
        Span<V> factor = scratch.Slice(4 * size, t), plus = scratch.Slice(4 * size + t, t), minus = scratch.Slice(4 * size + 2 * t, t);
        Drift(equation, state, drift);
        equation.Factor(state, factor);
        for (int k = 0; k < size; k++) ahead[k] = state[k] + drift[k] * h;
        ahead.CopyTo(at);
        Kick.Add(at, factor, normals, root, d);
        Drift(equation, at, sum);
        for (int k = 0; k < size; k++) sum[k] = state[k] + (sum[k] + drift[k]) * (h / 2);
        if (!equation.IsMultiplicative)
        {
            // L does not change along its own columns: what differs is its value ahead, the same in all of the formula's points.
            equation.Factor(ahead, plus);
            Kick.Add(sum, plus, normals, root / 2, d);
            Kick.Add(sum, factor, normals, root / 2, d);
            sum.CopyTo(state);
            return;
        }
        for (int j = 0; j < d; j++)
        {
            // b_j at Y + ah ± b_j √h
            Around(equation, ahead, factor, j, root, at, plus, minus);
            var w = normals[j];
            for (int r = j; r < d; r++)
            {
                int entry = Triangle.Length(r) + j;
                sum[r] += ((plus[entry] + minus[entry] + factor[entry] * 2) * w + (plus[entry] - minus[entry]) * (w * w - V.Create(1.0))) * (root / 4);
            }
        }
        for (int j = 0; j < d && d > 1; j++)
        {
            // All other columns at Y ± b_j √h
            Around(equation, state, factor, j, root, at, plus, minus);
            for (int c = 0; c < d; c++)
            {
                if (c == j) continue;
                var (w, v) = (normals[c], normals[j]);
                // V_jc = −V_cj = ±h with equal chances
                var sign = V.Select(normals[d + Pair(j, c)], V.Create(-1.0), V.Create(1.0)) * (j < c ? 1 : -1);
                for (int r = c; r < d; r++)
                {
                    int entry = Triangle.Length(r) + c;
                    sum[r] += ((plus[entry] + minus[entry] - factor[entry] * 2) * w + (plus[entry] - minus[entry]) * (w * v + sign)) * (root / 4);
                }
            }
        }
        sum.CopyTo(state);
    }

    private static int Pair(int a, int b) => Math.Max(a, b) * (Math.Max(a, b) - 1) / 2 + Math.Min(a, b);

    private static void Drift<TEquation, V>(in TEquation equation, ReadOnlySpan<V> state, Span<V> drift) where TEquation : IModifiedEquation where V : unmanaged, IWide<V>
    {
        int d = equation.Dimension;
        equation.NoisyDrift(state, drift[..d]);
        if (drift.Length > d) equation.SmoothDrift(state, drift[d..]);
    }

    /// <summary>The factors at center ± b_j √h.</summary>
    private static void Around<TEquation, V>(in TEquation equation, ReadOnlySpan<V> center, ReadOnlySpan<V> factor, int j, double root,
        Span<V> at, Span<V> plus, Span<V> minus) where TEquation : IModifiedEquation where V : unmanaged, IWide<V>
    {
        int d = equation.Dimension;
        center.CopyTo(at);
        for (int r = j; r < d; r++) at[r] = center[r] + factor[Triangle.Length(r) + j] * root;
        equation.Factor(at, plus);
        for (int r = j; r < d; r++) at[r] = center[r] - factor[Triangle.Length(r) + j] * root;
        equation.Factor(at, minus);
    }
}

/// <summary>What noise does to a state.</summary>
internal static class Kick
{
    /// <summary>u ← u + scale · L ξ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add<V>(Span<V> state, ReadOnlySpan<V> factor, ReadOnlySpan<V> normals, double scale, int d) where V : unmanaged, IWide<V>
    {
        for (int r = 0, entry = 0; r < d; r++)
        {
            V sum = default;
            for (int c = 0; c <= r; c++) sum = V.MultiplyAdd(factor[entry++], normals[c], sum);
            state[r] = V.MultiplyAdd(sum, V.Create(scale), state[r]);
        }
    }
}
