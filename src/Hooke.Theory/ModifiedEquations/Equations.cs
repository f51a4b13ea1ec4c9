using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hooke.Theory.ModifiedEquations;

/// <summary>
/// A stochastic differential equation on eight paths at once. The state's first d vectors are what the noise acts on, u; the
/// others, r, have no noise: du = a(u, r) dt + L(u, r) dB, dr = b(u, r) dt.
/// </summary>
public interface IModifiedEquation
{
    /// <summary>d.</summary>
    int Dimension { get; }

    /// <summary>Number of the state's vectors.</summary>
    int Size { get; }

    /// <summary>Time of a step of the algorithm that is modeled.</summary>
    Clock Clock { get; }

    /// <summary>Whether L depends on u: then the Euler–Maruyama scheme has strong order ½, and 1 otherwise.</summary>
    bool IsMultiplicative { get; }

    /// <summary>Writes the state of a path that has rested at a point for all times before 0.</summary>
    /// <param name="at">The point, d numbers.</param>
    /// <param name="state">Receives the state.</param>
    void Begin(ReadOnlySpan<double> at, Span<Vector512<double>> state);

    /// <summary>Writes a(u, r).</summary>
    /// <param name="state">u, r.</param>
    /// <param name="drift">Receives d vectors.</param>
    void NoisyDrift(ReadOnlySpan<Vector512<double>> state, Span<Vector512<double>> drift);

    /// <summary>Writes b(u, r).</summary>
    /// <param name="state">u, r.</param>
    /// <param name="drift">Receives Size − d vectors.</param>
    void SmoothDrift(ReadOnlySpan<Vector512<double>> state, Span<Vector512<double>> drift);

    /// <summary>Writes L(u, r), lower triangular, its triangle row by row.</summary>
    /// <param name="state">u, r.</param>
    /// <param name="factor">Receives d(d + 1)/2 vectors.</param>
    void Factor(ReadOnlySpan<Vector512<double>> state, Span<Vector512<double>> factor);

    /// <summary>Writes the model's parameters x.</summary>
    /// <param name="state">u, r.</param>
    /// <param name="x">Receives d vectors.</param>
    void Position(ReadOnlySpan<Vector512<double>> state, Span<Vector512<double>> x);
}

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
        spread = learningRate / Math.Sqrt(dt);
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
    public void Begin(ReadOnlySpan<double> at, Span<Vector512<double>> state)
    {
        int d = Dimension, t = Triangle.Length(d), m = weights.Length;
        for (int k = 0; k < d; k++) state[k] = Vector512.Create(at[k]);
        for (int j = 0; j < m; j++) objective.Mean(state[..d], state.Slice(d + j * d, d), state.Slice(d + m * d + j * t, t));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void NoisyDrift(ReadOnlySpan<Vector512<double>> state, Span<Vector512<double>> drift)
    {
        int d = Dimension;
        for (int k = 0; k < d; k++) drift[k] = Expected(state, k) * -drag;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SmoothDrift(ReadOnlySpan<Vector512<double>> state, Span<Vector512<double>> drift)
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
                    drift[m * d + j * t + entry] = (second[entry] - s[entry] + (gradient[r] - g[r]) * (gradient[c] - g[c]) * excess[j]) * rates[j];
            for (int k = 0; k < d; k++) drift[j * d + k] = (gradient[k] - g[k]) * rates[j];
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Factor(ReadOnlySpan<Vector512<double>> state, Span<Vector512<double>> factor)
    {
        int d = Dimension, t = Triangle.Length(d), m = weights.Length;
        for (int r = 0, entry = 0; r < d; r++)
        {
            var left = Expected(state, r);
            for (int c = 0; c <= r; c++, entry++)
            {
                var sum = Vector512<double>.Zero;
                for (int j = 0; j < m; j++) sum += state[d + m * d + j * t + entry] * weights[j];
                factor[entry] = (sum - left * Expected(state, c)) * (spread * spread);
            }
        }
        Triangle.Root(factor, d);
    }

    /// <inheritdoc/>
    public void Position(ReadOnlySpan<Vector512<double>> state, Span<Vector512<double>> x) => state[..Dimension].CopyTo(x);

    /// <inheritdoc/>
    public bool IsPlain => Dimension == 1 && weights.Length == 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (Vector512<double> Drift, Vector512<double> Variance) Noisy(Vector512<double> u, Vector512<double> a, Vector512<double> b) => (a * -drag, (b - a * a) * (spread * spread));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (Vector512<double> A, Vector512<double> B) Smooth(Vector512<double> u, Vector512<double> a, Vector512<double> b)
    {
        Unsafe.SkipInit(out Vector512<double> gradient);
        Unsafe.SkipInit(out Vector512<double> second);
        objective.Mean(new(ref u), new(ref gradient), new(ref second));
        var ahead = gradient - a;
        return (ahead * onlyRate, (second - b + ahead * ahead * onlyExcess) * onlyRate);
    }

    /// <summary>g_k = Σ c_j g_jk.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<double> Expected(ReadOnlySpan<Vector512<double>> state, int k)
    {
        int d = Dimension;
        var sum = Vector512<double>.Zero;
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
    public void Begin(ReadOnlySpan<double> at, Span<Vector512<double>> state)
    {
        int d = Dimension;
        for (int k = 0; k < d; k++) (state[k], state[d + k]) = (default, Vector512.Create(at[k]));
        Span<Vector512<double>> gradient = new Vector512<double>[d];
        objective.Mean(state.Slice(d, d), gradient, state[(2 * d)..]);
    }

    /// <inheritdoc/>
    public void NoisyDrift(ReadOnlySpan<Vector512<double>> state, Span<Vector512<double>> drift)
    {
        int d = Dimension;
        objective.Mean(state.Slice(d, d), drift, []);
        for (int k = 0; k < d; k++) drift[k] = -drift[k] - state[k] * friction;
    }

    /// <inheritdoc/>
    public void SmoothDrift(ReadOnlySpan<Vector512<double>> state, Span<Vector512<double>> drift)
    {
        int d = Dimension;
        Span<Vector512<double>> x = new Vector512<double>[d];
        Position(state, x);
        var second = drift[d..];
        objective.Mean(x, drift[..d], second);
        for (int k = 0; k < second.Length; k++) second[k] = (second[k] - state[2 * d + k]) * friction;
        state[..d].CopyTo(drift);
    }

    /// <inheritdoc/>
    public void Factor(ReadOnlySpan<Vector512<double>> state, Span<Vector512<double>> factor)
    {
        int d = Dimension;
        Span<Vector512<double>> gradient = new Vector512<double>[d];
        objective.Mean(state.Slice(d, d), gradient, []);
        for (int r = 0, entry = 0; r < d; r++)
            for (int c = 0; c <= r; c++, entry++)
                factor[entry] = (state[2 * d + entry] - gradient[r] * gradient[c]) * Clock.Increment;
        Triangle.Root(factor, d);
    }

    /// <inheritdoc/>
    public void Position(ReadOnlySpan<Vector512<double>> state, Span<Vector512<double>> x)
    {
        int d = Dimension;
        for (int k = 0; k < d; k++) x[k] = state[d + k] + state[k] / friction;
    }
}

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
    public void Begin(ReadOnlySpan<double> at, Span<Vector512<double>> state)
    {
        int d = Dimension;
        for (int k = 0; k < d; k++) (state[k], state[d + k]) = (default, Vector512.Create(at[k]));
    }

    /// <inheritdoc/>
    public void NoisyDrift(ReadOnlySpan<Vector512<double>> state, Span<Vector512<double>> drift)
    {
        int d = Dimension;
        objective.Mean(state[d..], drift, []);
        for (int k = 0; k < d; k++) drift[k] = -drift[k] - state[k] * friction;
    }

    /// <inheritdoc/>
    public void SmoothDrift(ReadOnlySpan<Vector512<double>> state, Span<Vector512<double>> drift) => state[..Dimension].CopyTo(drift);

    /// <inheritdoc/>
    public void Factor(ReadOnlySpan<Vector512<double>> state, Span<Vector512<double>> factor)
        => Triangle.RootOfCovariance(objective, state[Dimension..], Clock.Increment, factor);

    /// <inheritdoc/>
    public void Position(ReadOnlySpan<Vector512<double>> state, Span<Vector512<double>> x) => state[Dimension..].CopyTo(x);
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
    public void Begin(ReadOnlySpan<double> at, Span<Vector512<double>> state)
    {
        for (int k = 0; k < at.Length; k++) state[k] = Vector512.Create(at[k]);
    }

    /// <inheritdoc/>
    public void NoisyDrift(ReadOnlySpan<Vector512<double>> state, Span<Vector512<double>> drift)
    {
        int d = Dimension;
        Span<Vector512<double>> gradient = new Vector512<double>[d];
        objective.Mean(state, gradient, []);
        objective.Curve(state, gradient, drift);
        for (int k = 0; k < d; k++) drift[k] = -gradient[k] - drift[k] * (learningRate / 2);
    }

    /// <inheritdoc/>
    public bool IsPlain => Dimension == 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (Vector512<double> Drift, Vector512<double> Variance) Noisy(Vector512<double> u, Vector512<double> a, Vector512<double> b)
    {
        Unsafe.SkipInit(out Vector512<double> gradient);
        Unsafe.SkipInit(out Vector512<double> second);
        Unsafe.SkipInit(out Vector512<double> product);
        objective.Mean(new(ref u), new(ref gradient), new(ref second));
        objective.Curve(new(ref u), new(ref gradient), new(ref product));
        return (-gradient - product * (learningRate / 2), (second - gradient * gradient) * learningRate);
    }

    /// <inheritdoc/>
    public (Vector512<double> A, Vector512<double> B) Smooth(Vector512<double> u, Vector512<double> a, Vector512<double> b) => default;

    /// <inheritdoc/>
    public void SmoothDrift(ReadOnlySpan<Vector512<double>> state, Span<Vector512<double>> drift) { }

    /// <inheritdoc/>
    public void Factor(ReadOnlySpan<Vector512<double>> state, Span<Vector512<double>> factor) => Triangle.RootOfCovariance(objective, state, learningRate, factor);

    /// <inheritdoc/>
    public void Position(ReadOnlySpan<Vector512<double>> state, Span<Vector512<double>> x) => state.CopyTo(x);
}

/// <summary>Symmetric and lower triangular matrices of vectors, row by row.</summary>
internal static class Triangle
{
    /// <summary>Entries of a triangle of d rows.</summary>
    public static int Length(int d) => d * (d + 1) / 2;

    /// <summary>Cholesky's factor L of A = LLᵀ in A's place. Where A is singular, or negative by rounding, the column is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Root(Span<Vector512<double>> a, int d)
    {
        if (d == 1) a[0] = Vector512.Sqrt(Vector512.MaxNative(a[0], default));
        else RootOfMany(a, d);
    }

    /// <summary>The factor of a multiple of Cov_i ∇f_i(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RootOfCovariance<TObjective>(TObjective objective, ReadOnlySpan<Vector512<double>> x, double multiple, Span<Vector512<double>> factor) where TObjective : IPathObjective
    {
        int d = x.Length;
        Span<Vector512<double>> gradient = new Vector512<double>[d];
        objective.Mean(x, gradient, factor);
        for (int r = 0, entry = 0; r < d; r++)
            for (int c = 0; c <= r; c++, entry++) factor[entry] = (factor[entry] - gradient[r] * gradient[c]) * multiple;
        Root(factor, d);
    }

    private static void RootOfMany(Span<Vector512<double>> a, int d)
    {
        for (int c = 0; c < d; c++)
        {
            int column = Length(c);
            var scale = a[column + c];
            var pivot = scale;
            for (int k = 0; k < c; k++) pivot -= a[column + k] * a[column + k];
            // Beyond this the rest is rounding: what rows below would be divided by is no number of the problem's.
            var holds = Vector512.GreaterThan(pivot, Vector512.Abs(scale) * 1e-14);
            pivot = Vector512.Sqrt(Vector512.ConditionalSelect(holds, pivot, default));
            a[column + c] = pivot;
            for (int r = c + 1; r < d; r++)
            {
                int row = Length(r);
                var sum = a[row + c];
                for (int k = 0; k < c; k++) sum -= a[row + k] * a[column + k];
                a[row + c] = Vector512.ConditionalSelect(holds, sum / pivot, default);
            }
        }
    }
}
