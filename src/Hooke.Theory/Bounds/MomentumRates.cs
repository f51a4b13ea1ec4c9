namespace Hooke.Theory.Bounds;

/// <summary>
/// How fast gradient descent, classical momentum (CM, the heavy ball) and Nesterov's accelerated gradient (NAG) converge.
/// [Survey, secs. 2.2 and 3; Polyak, 1964; Nesterov, 1983]
/// </summary>
/// <remarks>
/// The contractions are spectral radii of the linear map of a step on ½wᵀAw, whose Hessian A has its eigenvalues λ within
/// [γ, β]: ‖w_t − w*‖ shrinks by this factor a step in the long run. Along an eigenvector CM and NAG do
/// v ← dv − αλw, w ← w + v, with d = μ for CM and d = μ(1 − αλ) for NAG. The functions trust their arguments; the entries of
/// <see cref="All"/> check them.
/// </remarks>
public static class MomentumRates
{
    private static readonly Argument Rate = Argument.Positive("learning-rate", "α", "step along the gradient"),
        Convexity = Argument.Positive("strong-convexity", "γ", "smallest eigenvalue of the Hessian"),
        Smoothness = Argument.Positive("smoothness", "β", "largest eigenvalue of the Hessian, Lipschitz constant of ∇f"),
        Momentum = new("momentum", "μ", "fraction of the velocity that is kept", new(0, 1, LowIncluded: true)),
        Curvature = Argument.NonNegative("curvature", "λ", "eigenvalue of the Hessian: of A for ½wᵀAw, twice that for wᵀAw"),
        Distance = Argument.NonNegative("distance", "‖w₀−w*‖", "distance of the start from the minimum"),
        Steps = Argument.Count("steps", "t", "steps done");

    private static readonly Limit Ordered = new("strong-convexity", "smoothness", a => a[^1]),
        Slow = new("learning-rate", "1/smoothness", a => 1 / a[1]);

    /// <summary>The formulas by name.</summary>
    public static IReadOnlyList<Bound> All { get; } =
    [
        new("survey-8", "gradient descent on convex functions: bound of f(w_t) − f(w*)", "[Survey, eq. 8; errata 3]",
            [Rate, Smoothness, Distance, Steps], a => GradientDescent(a[0], a[2], (long)a[3])) { Limits = [Slow] },
        new("survey-nesterov", "NAG on convex functions, with Nesterov's sequence of momenta: bound of f(w_t) − f(w*)", "[Survey, sec. 3.2; Beck, Teboulle, 2009, Theorem 4.4]",
            [Rate, Smoothness, Distance, Steps], a => Nesterov(a[0], a[2], (long)a[3])) { Limits = [Slow] },
        new("survey-gradient-descent-contraction", "gradient descent: contraction of a step on strongly convex functions", "[Survey, sec. 2.2]",
            [Rate, Convexity, Smoothness], a => GradientDescentContraction(a[0], a[1], a[2])) { Limits = [Ordered] },
        new("survey-gradient-descent-optimal-contraction", "gradient descent: contraction of a step at the best rate", "[Survey, sec. 2.2]",
            [Convexity, Smoothness], a => GradientDescentOptimalContraction(a[0], a[1])) { Limits = [Ordered] },
        new("survey-gradient-descent-optimal-rate", "gradient descent: the learning rate with the least contraction", "[Survey, sec. 2.2]",
            [Convexity, Smoothness], a => GradientDescentOptimalRate(a[0], a[1])) { Limits = [Ordered] },
        new("survey-momentum-contraction", "classical momentum: contraction of a step on quadratics", "[Survey, sec. 3.1]",
            [Rate, Momentum, Convexity, Smoothness], a => MomentumContraction(a[0], a[1], a[2], a[3])) { Limits = [Ordered] },
        new("survey-momentum-optimal-contraction", "classical momentum: contraction of a step at the best rate and momentum", "[Survey, sec. 3.1; Polyak, 1964]",
            [Convexity, Smoothness], a => MomentumOptimalContraction(a[0], a[1])) { Limits = [Ordered] },
        new("survey-momentum-optimal-rate", "classical momentum: the learning rate with the least contraction", "[Survey, sec. 3.1; Polyak, 1964]",
            [Convexity, Smoothness], a => MomentumOptimalRate(a[0], a[1])) { Limits = [Ordered] },
        new("survey-momentum-optimal-momentum", "classical momentum: the momentum with the least contraction", "[Survey, sec. 3.1; Polyak, 1964]",
            [Convexity, Smoothness], a => MomentumOptimalMomentum(a[0], a[1])) { Limits = [Ordered] },
        new("survey-nesterov-contraction", "NAG: contraction of a step on quadratics", "[Survey, sec. 3.3]",
            [Rate, Momentum, Convexity, Smoothness], a => NesterovContraction(a[0], a[1], a[2], a[3])) { Limits = [Ordered] },
        new("survey-nesterov-effective-momentum", "NAG: its momentum along an eigenvector of the Hessian", "[Survey, sec. 3.3; errata 2]",
            [Rate, Momentum, Curvature], a => EffectiveMomentum(a[0], a[1], a[2])),
    ];

    /// <summary>‖w₀ − w*‖²/(2αt), for convex f and α ≤ 1/β. [Survey, eq. 8; errata 3]</summary>
    /// <param name="rate">α.</param>
    /// <param name="distance">‖w₀ − w*‖.</param>
    /// <param name="steps">t ≥ 1.</param>
    /// <returns>A bound of f(w_t) − f(w*).</returns>
    public static double GradientDescent(double rate, double distance, long steps) => distance * distance / (2 * rate * steps);

    /// <summary>
    /// 2‖w₀ − w*‖²/(α(t + 1)²), for convex f, α ≤ 1/β and the momenta (θ_t − 1)/θ_{t+1}, θ₁ = 1, θ_{t+1} = (1 + √(1 + 4θ_t²))/2.
    /// [Survey, sec. 3.2, the O(1/t²) of NAG; Beck, Teboulle, "A fast iterative shrinkage-thresholding algorithm", 2009, Theorem 4.4]
    /// </summary>
    /// <inheritdoc cref="GradientDescent"/>
    public static double Nesterov(double rate, double distance, long steps) => 2 * distance * distance / (rate * (steps + 1.0) * (steps + 1.0));

    /// <summary>max(|1 − αγ|, |1 − αβ|), on any f that is γ-strongly convex and β-smooth. [Survey, sec. 2.2]</summary>
    /// <param name="rate">α.</param>
    /// <param name="convexity">γ &gt; 0.</param>
    /// <param name="smoothness">β ≥ γ.</param>
    public static double GradientDescentContraction(double rate, double convexity, double smoothness) => Math.Max(Math.Abs(1 - rate * convexity), Math.Abs(1 - rate * smoothness));

    /// <summary>(R − 1)/(R + 1), R = β/γ: <see cref="GradientDescentContraction"/> at <see cref="GradientDescentOptimalRate"/>. [Survey, sec. 2.2]</summary>
    /// <param name="convexity">γ &gt; 0.</param>
    /// <param name="smoothness">β ≥ γ.</param>
    public static double GradientDescentOptimalContraction(double convexity, double smoothness) => (smoothness - convexity) / (smoothness + convexity);

    /// <summary>2/(β + γ). [Survey, sec. 2.2]</summary>
    /// <inheritdoc cref="GradientDescentOptimalContraction"/>
    /// <returns>α.</returns>
    public static double GradientDescentOptimalRate(double convexity, double smoothness) => 2 / (smoothness + convexity);

    /// <summary>The larger spectral radius of CM's step at λ = γ and λ = β; it is not larger in between. [Survey, sec. 3.1]</summary>
    /// <param name="rate">α.</param>
    /// <param name="momentum">μ in [0, 1).</param>
    /// <param name="convexity">γ &gt; 0.</param>
    /// <param name="smoothness">β ≥ γ.</param>
    public static double MomentumContraction(double rate, double momentum, double convexity, double smoothness)
        => Math.Max(Radius(momentum, rate * convexity), Radius(momentum, rate * smoothness));

    /// <summary>(√R − 1)/(√R + 1), R = β/γ: some √R fewer steps than gradient descent needs. [Survey, sec. 3.1; Polyak, 1964]</summary>
    /// <inheritdoc cref="GradientDescentOptimalContraction"/>
    public static double MomentumOptimalContraction(double convexity, double smoothness)
        => (Math.Sqrt(smoothness) - Math.Sqrt(convexity)) / (Math.Sqrt(smoothness) + Math.Sqrt(convexity));

    /// <summary>4/(√β + √γ)². [Survey, sec. 3.1; Polyak, 1964]</summary>
    /// <inheritdoc cref="GradientDescentOptimalContraction"/>
    /// <returns>α.</returns>
    public static double MomentumOptimalRate(double convexity, double smoothness)
    {
        double sum = Math.Sqrt(smoothness) + Math.Sqrt(convexity);
        return 4 / (sum * sum);
    }

    /// <summary>((√R − 1)/(√R + 1))², R = β/γ. [Survey, sec. 3.1; Polyak, 1964]</summary>
    /// <inheritdoc cref="GradientDescentOptimalContraction"/>
    /// <returns>μ.</returns>
    public static double MomentumOptimalMomentum(double convexity, double smoothness)
    {
        double contraction = MomentumOptimalContraction(convexity, smoothness);
        return contraction * contraction;
    }

    /// <summary>The larger spectral radius of NAG's step at λ = γ and λ = β; it is not larger in between. [Survey, sec. 3.3]</summary>
    /// <inheritdoc cref="MomentumContraction"/>
    public static double NesterovContraction(double rate, double momentum, double convexity, double smoothness)
        => Math.Max(Radius(EffectiveMomentum(rate, momentum, convexity), rate * convexity), Radius(EffectiveMomentum(rate, momentum, smoothness), rate * smoothness));

    /// <summary>μ(1 − αλ): NAG does along an eigenvector what CM does with this momentum. [Survey, sec. 3.3; errata 2]</summary>
    /// <param name="rate">α.</param>
    /// <param name="momentum">μ in [0, 1).</param>
    /// <param name="curvature">λ, eigenvalue of the Hessian: of A for ½wᵀAw, twice that for the printed wᵀAw.</param>
    public static double EffectiveMomentum(double rate, double momentum, double curvature) => momentum * (1 - rate * curvature);

    /// <summary>The spectral radius of v ← dv − sw, w ← w + v: its eigenvalues solve z² − (1 + d − s) z + d = 0.</summary>
    private static double Radius(double d, double s)
    {
        double half = (1 + d - s) / 2, discriminant = half * half - d;
        return discriminant < 0 ? Math.Sqrt(d) : Math.Abs(half) + Math.Sqrt(discriminant);
    }
}
