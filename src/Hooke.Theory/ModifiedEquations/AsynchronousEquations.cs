using System.Runtime.CompilerServices;
using Hooke.Numerics;

namespace Hooke.Theory.ModifiedEquations;

/// <summary>How the evolution of the noise's covariance Σ is read. [AnLuYing18, eq. 2.12; errata 1]</summary>
public enum CovarianceForm
{
    /// <summary>dΣ = −κΣ + κG + ((1−μ)/η)(κYYᵀ + ∇f Yᵀ + Y∇fᵀ), the limit of small steps.</summary>
    ItoLimit,
    /// <summary>
    /// (2.12) as printed, taken as a differential equation though it is the difference equation of one step: the limit form and
    /// κ((1−μ)/μ)(∇f + κY)(∇f + κY)ᵀ.
    /// </summary>
    Printed,
}

/// <summary>
/// SME-ASGD with nonlinear gradients: dX = Y dt + √Σ η^¾/(1−μ)^¼ dB, dY = −∇f(X) dt − κY dt, with κ = √((1−μ)/η) and Σ's
/// equation. [AnLuYing18, eqs. 2.11 and 2.12; errata 1 and 2]
/// </summary>
/// <remarks>
/// The state holds the memories themselves, g = −κY, an average of past gradients, and S = Σ + g gᵀ, the same average of past
/// G = (1/n) Σ ∇f_i ∇f_iᵀ: dg = κ(∇f − g) dt and dS = κ(G − S) dt say the same as (2.12)'s limit, keep Σ = S − g gᵀ from
/// getting negative, and start at ∇f(x₀) and G(x₀). Staleness that is a sum of exponentials c_j has a g_j and S_j for each,
/// of rate (1 − μ_j)/Δt, and g = Σ c_j g_j, S = Σ c_j S_j. The clock is t = k√(η(1−μ)), with the law's mean for μ.
/// State: X, then g_j, then the S_j's triangles.
/// </remarks>
/// <typeparam name="TObjective">The objective.</typeparam>
public readonly struct AsynchronousEquation<TObjective> : IPlainEquation where TObjective : IPathObjective
{
    private readonly TObjective objective;
    private readonly double drag, spread, onlyRate, onlyExcess;
    private readonly double[] weights, rates, excess;

    /// <summary>Creates the equation.</summary>
    /// <param name="objective">f.</param>
    /// <param name="learningRate">η.</param>
    /// <param name="staleness">A law that is a sum of exponentials.</param>
    /// <param name="form">How Σ evolves; a sum of several exponentials has the limit form only.</param>
    /// <exception cref="ArgumentException">A number out of range, or a law without exponentials.</exception>
    public AsynchronousEquation(TObjective objective, double learningRate, StalenessLaw staleness, CovarianceForm form = CovarianceForm.ItoLimit)
    {
        if (staleness.Exponentials.Count == 0) throw new ArgumentException("the staleness law is no sum of exponentials; the modified equations need one, for example a fitted one");
        if (form == CovarianceForm.Printed && staleness.Exponentials is not [{ Staleness: > 0 }]) throw new ArgumentException("the printed form of (2.12) has a geometric staleness law with μ above 0");
        this.objective = objective;
        Clock = Clock.Asynchronous(learningRate, staleness.EffectiveStaleness);
        double dt = Clock.Increment;
        drag = learningRate / dt;
        spread = learningRate * learningRate / dt;
        weights = [.. staleness.Exponentials.Select(e => e.Weight)];
        rates = [.. staleness.Exponentials.Select(e => (1 - e.Staleness) / dt)];
        excess = [.. staleness.Exponentials.Select(e => form == CovarianceForm.Printed ? (1 - e.Staleness) / e.Staleness : 0)];
        (onlyRate, onlyExcess) = (rates[0], excess[0]);
    }

    /// <inheritdoc/>
    public int Dimension => objective.Dimension;

    /// <inheritdoc/>
    public int Size => Dimension + weights.Length * (Dimension + Triangle.Length(Dimension));

    /// <inheritdoc/>
    public Clock Clock { get; }

    /// <inheritdoc/>
    public bool IsMultiplicative => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Begin<V>(ReadOnlySpan<double> at, Span<V> state) where V : unmanaged, IWide<V>
    {
        int d = Dimension, t = Triangle.Length(d), m = weights.Length;
        for (int k = 0; k < d; k++) state[k] = V.Create(at[k]);
        for (int j = 0; j < m; j++) objective.Mean(state[..d], state.Slice(d + j * d, d), state.Slice(d + m * d + j * t, t));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void NoisyDrift<V>(ReadOnlySpan<V> state, Span<V> drift) where V : unmanaged, IWide<V>
    {
        int d = Dimension;
        for (int k = 0; k < d; k++) drift[k] = Expected(state, k) * -drag;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SmoothDrift<V>(ReadOnlySpan<V> state, Span<V> drift) where V : unmanaged, IWide<V>
    {
        int d = Dimension, t = Triangle.Length(d), m = weights.Length;
        // The last memory's place holds ∇f and G until all are written.
        var gradient = drift.Slice((m - 1) * d, d);
        var second = drift.Slice(m * d + (m - 1) * t, t);
        objective.Mean(state[..d], gradient, second);
        for (int j = 0; j < m; j++)
        {
            var g = state.Slice(d + j * d, d);
            var s = state.Slice(d + m * d + j * t, t);
            for (int r = 0, entry = 0; r < d; r++)
                for (int c = 0; c <= r; c++, entry++)
                    drift[m * d + j * t + entry] = V.MultiplyAdd((gradient[r] - g[r]) * (gradient[c] - g[c]), V.Create(excess[j]), second[entry] - s[entry]) * rates[j];
            for (int k = 0; k < d; k++) drift[j * d + k] = (gradient[k] - g[k]) * rates[j];
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Factor<V>(ReadOnlySpan<V> state, Span<V> factor) where V : unmanaged, IWide<V>
    {
        int d = Dimension, t = Triangle.Length(d), m = weights.Length;
        for (int r = 0, entry = 0; r < d; r++)
        {
            var left = Expected(state, r);
            for (int c = 0; c <= r; c++, entry++)
            {
                V sum = default;
                for (int j = 0; j < m; j++) sum += state[d + m * d + j * t + entry] * weights[j];
                factor[entry] = V.SubtractProduct(sum, left, Expected(state, c)) * spread;
            }
        }
        Triangle.Root(factor, d);
    }

    /// <inheritdoc/>
    public void Position<V>(ReadOnlySpan<V> state, Span<V> x) where V : unmanaged, IWide<V> => state[..Dimension].CopyTo(x);

    /// <inheritdoc/>
    public bool IsPlain => Dimension == 1 && weights.Length == 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (V Drift, V Variance) Noisy<V>(V u, V a, V b) where V : unmanaged, IWide<V> => (a * -drag, V.SubtractProduct(b, a, a) * spread);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Means<V>(ReadOnlySpan<V> u, Span<V> gradients, Span<V> seconds, Span<V> room) where V : unmanaged, IWide<V> => Unsafe.AsRef(in objective).Means(u, gradients, seconds, room);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (V A, V B) Smooth<V>(V gradient, V second, V a, V b) where V : unmanaged, IWide<V>
    {
        V ahead = gradient - a, rest = second - b;
        if (onlyExcess != 0) rest = V.MultiplyAdd(ahead * ahead, V.Create(onlyExcess), rest);
        return (ahead * onlyRate, rest * onlyRate);
    }

    /// <summary>g_k = Σ c_j g_jk.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private V Expected<V>(ReadOnlySpan<V> state, int k) where V : unmanaged, IWide<V>
    {
        int d = Dimension;
        V sum = default;
        for (int j = 0; j < weights.Length; j++) sum += state[d + j * d + k] * weights[j];
        return sum;
    }
}

/// <summary>
/// SME-ASGD for linear gradients: dP = −∇f(M) dt − κP dt + √Σ (η(1−μ))^¼ dB, dM = P dt, where M is the expected read and
/// X = M + P/κ. It is (2.11) in other variables. [AnLuYing18, eq. 2.5]
/// </summary>
/// <remarks>Σ = S − ∇f(M)∇f(M)ᵀ with dS = κ(G(X) − S) dt. State: P, M, S's triangle. Of the splitting's steps, M + μP/κ has the algorithm's exact moments.</remarks>
/// <typeparam name="TObjective">The objective; its ∇f_i are linear.</typeparam>
public readonly struct LinearAsynchronousEquation<TObjective> : IModifiedEquation where TObjective : IPathObjective
{
    private readonly TObjective objective;
    private readonly double friction;

    /// <summary>Creates the equation.</summary>
    /// <param name="objective">f.</param>
    /// <param name="learningRate">η.</param>
    /// <param name="staleness">μ.</param>
    public LinearAsynchronousEquation(TObjective objective, double learningRate, double staleness)
    {
        this.objective = objective;
        Clock = Clock.Asynchronous(learningRate, staleness);
        friction = (1 - staleness) / Clock.Increment;
    }

    /// <inheritdoc/>
    public int Dimension => objective.Dimension;

    /// <inheritdoc/>
    public int Size => 2 * Dimension + Triangle.Length(Dimension);

    /// <inheritdoc/>
    public Clock Clock { get; }

    /// <inheritdoc/>
    public bool IsMultiplicative => false;

    /// <inheritdoc/>
    public void Begin<V>(ReadOnlySpan<double> at, Span<V> state) where V : unmanaged, IWide<V>
    {
        int d = Dimension;
        for (int k = 0; k < d; k++) (state[k], state[d + k]) = (default, V.Create(at[k]));
        Span<V> gradient = new V[d];
        objective.Mean(state.Slice(d, d), gradient, state[(2 * d)..]);
    }

    /// <inheritdoc/>
    public void NoisyDrift<V>(ReadOnlySpan<V> state, Span<V> drift) where V : unmanaged, IWide<V>
    {
        int d = Dimension;
        objective.Mean(state.Slice(d, d), drift, []);
        for (int k = 0; k < d; k++) drift[k] = -drift[k] - state[k] * friction;
    }

    /// <inheritdoc/>
    public void SmoothDrift<V>(ReadOnlySpan<V> state, Span<V> drift) where V : unmanaged, IWide<V>
    {
        int d = Dimension;
        Span<V> x = new V[d];
        Position(state, x);
        var second = drift[d..];
        objective.Mean(x, drift[..d], second);
        for (int k = 0; k < second.Length; k++) second[k] = (second[k] - state[2 * d + k]) * friction;
        state[..d].CopyTo(drift);
    }

    /// <inheritdoc/>
    public void Factor<V>(ReadOnlySpan<V> state, Span<V> factor) where V : unmanaged, IWide<V>
    {
        int d = Dimension;
        Span<V> gradient = new V[d];
        objective.Mean(state.Slice(d, d), gradient, []);
        for (int r = 0, entry = 0; r < d; r++)
            for (int c = 0; c <= r; c++, entry++)
                factor[entry] = (state[2 * d + entry] - gradient[r] * gradient[c]) * Clock.Increment;
        Triangle.Root(factor, d);
    }

    /// <inheritdoc/>
    public void Position<V>(ReadOnlySpan<V> state, Span<V> x) where V : unmanaged, IWide<V>
    {
        int d = Dimension;
        for (int k = 0; k < d; k++) x[k] = state[d + k] + state[k] / V.Create(friction);
    }
}
