using System.Runtime.CompilerServices;
using Hooke.Numerics;

namespace Hooke.Theory.ModifiedEquations;

/// <summary>
/// SME-MSGD: dP = −∇f(X) dt − ((1−μ′)/√η′) P dt + √Σ(X) η′^¼ dB, dX = P dt, with Σ(X) = Cov_i ∇f_i(X). [AnLuYing18, eq. 2.7]
/// </summary>
/// <remarks>State: P, X.</remarks>
/// <typeparam name="TObjective">The objective.</typeparam>
public readonly struct MomentumEquation<TObjective> : IModifiedEquation where TObjective : IPathObjective
{
    private readonly TObjective objective;
    private readonly double friction;

    /// <summary>Creates the equation.</summary>
    /// <param name="objective">f.</param>
    /// <param name="learningRate">η′.</param>
    /// <param name="momentum">μ′, at least 0 and below 1.</param>
    public MomentumEquation(TObjective objective, double learningRate, double momentum)
    {
        if (momentum is not (>= 0 and < 1)) throw new ArgumentException(FormattableString.Invariant($"momentum is {momentum}; it must be at least 0 and below 1"));
        this.objective = objective;
        Clock = Clock.Momentum(learningRate);
        friction = (1 - momentum) / Clock.Increment;
    }

    /// <inheritdoc/>
    public int Dimension => objective.Dimension;

    /// <inheritdoc/>
    public int Size => 2 * Dimension;

    /// <inheritdoc/>
    public Clock Clock { get; }

    /// <inheritdoc/>
    public bool IsMultiplicative => false;

    /// <inheritdoc/>
    public void Begin<V>(ReadOnlySpan<double> at, Span<V> state) where V : unmanaged, IWide<V>
    {
        int d = Dimension;
        for (int k = 0; k < d; k++) (state[k], state[d + k]) = (default, V.Create(at[k]));
    }

    /// <inheritdoc/>
    public void NoisyDrift<V>(ReadOnlySpan<V> state, Span<V> drift) where V : unmanaged, IWide<V>
    {
        int d = Dimension;
        objective.Mean(state[d..], drift, []);
        for (int k = 0; k < d; k++) drift[k] = -drift[k] - state[k] * friction;
    }

    /// <inheritdoc/>
    public void SmoothDrift<V>(ReadOnlySpan<V> state, Span<V> drift) where V : unmanaged, IWide<V> => state[..Dimension].CopyTo(drift);

    /// <inheritdoc/>
    public void Factor<V>(ReadOnlySpan<V> state, Span<V> factor) where V : unmanaged, IWide<V>
        => Triangle.RootOfCovariance(objective, state[Dimension..], Clock.Increment, factor);

    /// <inheritdoc/>
    public void Position<V>(ReadOnlySpan<V> state, Span<V> x) where V : unmanaged, IWide<V> => state[Dimension..].CopyTo(x);
}

/// <summary>
/// SME-SGD of weak order 2: dX = −∇(f + (η/4)|∇f|²)(X) dt + √(ηΣ(X)) dB, with Σ(X) = Cov_i ∇f_i(X). It knows nothing of
/// staleness. [AnLuYing18, eq. 3.3]
/// </summary>
/// <remarks>State: X. ∇(¼|∇f|²) = ½ ∇²f ∇f.</remarks>
/// <typeparam name="TObjective">The objective.</typeparam>
public readonly struct StochasticGradientEquation<TObjective> : IPlainEquation where TObjective : IPathObjective
{
    private readonly TObjective objective;
    private readonly double learningRate;

    /// <summary>Creates the equation.</summary>
    /// <param name="objective">f.</param>
    /// <param name="learningRate">η.</param>
    public StochasticGradientEquation(TObjective objective, double learningRate)
    {
        this.objective = objective;
        this.learningRate = learningRate;
        Clock = Clock.GradientFlow(learningRate);
    }

    /// <inheritdoc/>
    public int Dimension => objective.Dimension;

    /// <inheritdoc/>
    public int Size => Dimension;

    /// <inheritdoc/>
    public Clock Clock { get; }

    /// <inheritdoc/>
    public bool IsMultiplicative => true;

    /// <inheritdoc/>
    public void Begin<V>(ReadOnlySpan<double> at, Span<V> state) where V : unmanaged, IWide<V>
    {
        for (int k = 0; k < at.Length; k++) state[k] = V.Create(at[k]);
    }

    /// <inheritdoc/>
    public void NoisyDrift<V>(ReadOnlySpan<V> state, Span<V> drift) where V : unmanaged, IWide<V>
    {
        int d = Dimension;
        Span<V> gradient = new V[d];
        objective.Mean(state, gradient, []);
        objective.Curve(state, gradient, drift);
        for (int k = 0; k < d; k++) drift[k] = -gradient[k] - drift[k] * (learningRate / 2);
    }

    /// <inheritdoc/>
    public bool IsPlain => Dimension == 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (V Drift, V Variance) Noisy<V>(V u, V a, V b) where V : unmanaged, IWide<V>
    {
        var (gradient, second) = objective.Mean(u);
        return (-gradient - objective.Curve(u, gradient) * (learningRate / 2), (second - gradient * gradient) * learningRate);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Means<V>(ReadOnlySpan<V> u, Span<V> gradients, Span<V> seconds, Span<V> room) where V : unmanaged, IWide<V> { }

    /// <inheritdoc/>
    public (V A, V B) Smooth<V>(V gradient, V second, V a, V b) where V : unmanaged, IWide<V> => default;

    /// <inheritdoc/>
    public void SmoothDrift<V>(ReadOnlySpan<V> state, Span<V> drift) where V : unmanaged, IWide<V> { }

    /// <inheritdoc/>
    public void Factor<V>(ReadOnlySpan<V> state, Span<V> factor) where V : unmanaged, IWide<V> => Triangle.RootOfCovariance(objective, state, learningRate, factor);

    /// <inheritdoc/>
    public void Position<V>(ReadOnlySpan<V> state, Span<V> x) where V : unmanaged, IWide<V> => state.CopyTo(x);
}
