using System.Numerics;
using Hooke.Methods;
using Matrix = MathNet.Numerics.LinearAlgebra.Matrix<double>;
using Vector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace Hooke.Theory.LinearMaps;

/// <summary>
/// A synchronous round, or an iteration of a lone worker, reduced by the exchangeability of the workers, so that any p costs the
/// same. [Zhang16, eqs. 5.10, 5.18 and 5.33 for EASGD]
/// </summary>
/// <remarks>
/// Let y = (w̄, c) be the workers' average and the center, dᵢ = wᵢ − w̄, Σ = E y yᵀ and Δ = E dᵢ dᵢᵀ. With u = h + δ an
/// iteration is
///     wᵢ ← (W + δᵢ K)(wᵢ, c) + a ξᵢ,   c ← D c + E Σᵢ [(G + δᵢ G₁)(wᵢ, c) + γ ξᵢ],
/// so that y ← M y + (1/p) Σᵢ [δᵢ N (wᵢ, c) + n ξᵢ] and dᵢ ← A dᵢ + (what is worker i's own of δᵢ K (wᵢ, c) + a ξᵢ), where A are
/// the first k columns of W, M = (W; D + pE G), N = (K; pE G₁) and n = (a; pE γ). E (wᵢ, c)(wᵢ, c)ᵀ = Σ + Δ ⊕ 0 gives
///     Σ ← M Σ Mᵀ + (v/p) N (Σ + Δ ⊕ 0) Nᵀ + (σ²/p) n nᵀ,
///     Δ ← A Δ Aᵀ + (1 − 1/p)[v K (Σ + Δ ⊕ 0) Kᵀ + σ² a aᵀ].
/// p stands in pE, which is β in elastic averaging, and in 1/p; both have limits as p → ∞. A center that is by definition a mean
/// (ADMM) is followed on the states that a run reaches, for x̃ − mean(x − λ) is conserved and always 0.
/// </remarks>
public sealed class SynchronousRound : Round
{
    private readonly List<RandomMap> steps;
    private readonly int states, center;
    private readonly double share; // 1/p
    private readonly bool centerIsMean;

    internal SynchronousRound(Method method, int workers)
    {
        var map = WorkerMap.Of(method);
        (Workers, share, centerIsMean) = (workers, 1.0 / workers, method.Coupling.CenterIsMean);
        (states, center) = (map.WorkerStates, map.CenterStates);
        steps = [.. map.Iterations.Select(i => map.Together(i, workers))];
    }

    private SynchronousRound(SynchronousRound many, SynchronousRound more)
    {
        (Workers, share, centerIsMean) = (double.PositiveInfinity, 0, many.centerIsMean);
        (states, center) = (many.states, many.center);
        steps = [.. many.steps.Zip(more.steps, Extrapolate)];
    }

    /// <summary>The limit p → ∞: entries are smooth in 1/p, so 2 X(2p) − X(p) leaves an error of the order of 1/p², with p = 2²⁹.</summary>
    /// <param name="family">The method for p workers.</param>
    /// <exception cref="ArgumentException">The method has another timing, or entries grow with p.</exception>
    internal static SynchronousRound Limit(Func<int, Method> family)
    {
        const int Many = 1 << 29;
        var (method, doubled) = (family(Many), family(2 * Many));
        if (method.Schedule.Timing != Timing.Synchronous) throw new ArgumentException($"workers is infinity; it must be finite where {method.Name} is not synchronous");
        return new(new SynchronousRound(method, Many), new SynchronousRound(doubled, 2 * Many));
    }

    /// <summary>k, the numbers that a worker carries from one iteration to the next; the first is x.</summary>
    public int WorkerStates => states;

    /// <summary>m, the center's numbers, of which the first is x̃; 0 if the method is sequential.</summary>
    public int CenterStates => center;

    /// <summary>M of a round, (k + m) × (k + m): how the workers' average and the center go on, on average.</summary>
    /// <param name="curvature">h.</param>
    public Matrix Drift(double curvature) => steps.Aggregate(Matrix.Build.DenseIdentity(states + center), (product, step) => step.Drift(curvature) * product);

    /// <summary>A of a round, k × k: how the workers' differences go on, on average.</summary>
    /// <param name="curvature">h.</param>
    public Matrix DifferenceDrift(double curvature) => steps.Aggregate(Matrix.Build.DenseIdentity(states), (product, step) => step.Drift(curvature).SubMatrix(0, states, 0, states) * product);

    /// <summary>
    /// The map of the second moments in a round, over (Σ, Δ), each as its upper triangle row by row; Σ alone if p = 1.
    /// </summary>
    /// <param name="noise">The stochastic gradient.</param>
    public Matrix SecondMomentMap(GradientNoise noise)
    {
        var parts = At(noise);
        return parts.Skip(1).Aggregate(parts[0].Map, (product, step) => step.Map * product);
    }

    /// <inheritdoc/>
    public override double Radius(GradientNoise noise, int moment = 1)
    {
        if (moment == 2 && noise.CurvatureVariance > 0) return Spectrum.Radius(Spectrum.Of(SecondMomentMap(noise)));
        CheckMoment(moment);
        var parts = At(noise with { CurvatureVariance = 0, GradientVariance = 0 }, secondMoments: false);
        double radius = Spectrum.Radius(Spectrum.Of(Product(parts, p => p.Drift)));
        if (Workers > 1) radius = Math.Max(radius, Spectrum.Radius(Spectrum.Of(Product(parts, p => p.Difference))));
        return moment == 1 ? radius : radius * radius;
    }

    /// <inheritdoc/>
    /// <remarks>The second moments' are those of the exchangeable ones, (Σ, Δ); without multiplicative noise they are products of the first moments'.</remarks>
    public override IReadOnlyList<Eigenvalue> Eigenvalues(GradientNoise noise, int moment = 1)
    {
        CheckMoment(moment);
        if (moment == 2 && noise.CurvatureVariance > 0) return Largest(Spectrum.Of(SecondMomentMap(noise)).Select(z => new Eigenvalue(z, 1)));
        var parts = At(noise, secondMoments: false);
        IReadOnlyList<Complex> together = Spectrum.Of(Product(parts, p => p.Drift)), apart = Workers > 1 ? Spectrum.Of(Product(parts, p => p.Difference)) : [];
        return Largest(moment == 1
            ? together.Select(z => new Eigenvalue(z, 1)).Concat(apart.Select(z => new Eigenvalue(z, Workers - 1)))
            : Spectrum.Products(together).Concat(Spectrum.Products(apart)).Select(z => new Eigenvalue(z, 1)));
    }

    /// <inheritdoc/>
    public override RunMoments After(GradientNoise noise, double start, long rounds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rounds);
        var parts = At(noise);
        var mean = parts[0].Project(Start(start));
        int size = mean.Count, square = SymmetricSquare.Length(size), apart = parts[0].Map.ColumnCount - square;
        // (covariance of y, Δ, mean meanᵀ, 1) goes on linearly.
        var all = Matrix.Build.DenseIdentity(2 * square + apart + 1);
        foreach (var part in parts)
        {
            int after = part.Drift.RowCount, rows = SymmetricSquare.Length(after);
            var augmented = Matrix.Build.Dense(rows + apart + rows + 1, all.RowCount);
            int before = SymmetricSquare.Length(part.Drift.ColumnCount);
            augmented.SetSubMatrix(0, 0, part.Map);
            augmented.SetSubMatrix(0, before + apart, part.NoiseFromMean);
            SymmetricSquare.AddMap(augmented, rows + apart, before + apart, part.Drift, part.Drift.ColumnCount, 1);
            augmented.SetSubMatrix(0, rows + apart, augmented.ColumnCount - 1, 1, part.Noise.ToColumnMatrix());
            augmented[augmented.RowCount - 1, augmented.ColumnCount - 1] = 1;
            all = augmented * all;
        }
        var state = Vector.Build.Dense(all.RowCount);
        SymmetricSquare.AddOuter(state, square + apart, mean, 1);
        state[state.Count - 1] = 1;
        var drift = Product(parts, p => p.Drift);
        return Read(parts[0], Powers.Apply(drift, mean, rounds), Powers.Apply(all, state, rounds), square);
    }

    /// <inheritdoc/>
    public override RunMoments Stationary(GradientNoise noise)
    {
        var parts = At(noise);
        double mean = Radius(noise) < 1 ? 0 : double.NaN;
        bool noisy = noise.CurvatureVariance > 0 || noise.GradientVariance > 0;
        if (noisy && !(Radius(noise, 2) < 1)) return new(new(mean, double.PositiveInfinity), new(mean, double.PositiveInfinity), new(mean, double.PositiveInfinity));
        var zero = Vector.Build.Dense(parts[0].Drift.ColumnCount, mean);
        var entries = noise.GradientVariance > 0 ? Fixed(parts) : Vector.Build.Dense(parts[0].Map.ColumnCount);
        return Read(parts[0], zero, entries, SymmetricSquare.Length(zero.Count));
    }

    /// <inheritdoc/>
    public override double AveragedVariance(GradientNoise noise)
    {
        if (!(Radius(noise) < 1) || !(Radius(noise, 2) < 1)) return double.NaN;
        var parts = At(noise);
        var drift = Product(parts, p => p.Drift);
        var covariance = SymmetricSquare.Unfold(Fixed(parts), drift.RowCount);
        var row = parts[0].CenterRow;
        // Σ_k over all lags of E y_{t+k} y_tᵀ, with E y_{t+k} y_tᵀ = M^k Σ for k ≥ 0.
        return 2 * row.DotProduct((Matrix.Build.DenseIdentity(drift.RowCount) - drift).Solve(covariance * row)) - row.DotProduct(covariance * row);
    }

    /// <summary>(Σ, Δ) = L (Σ, Δ) + b.</summary>
    private static Vector Fixed(IReadOnlyList<Part> parts)
    {
        var map = Matrix.Build.DenseIdentity(parts[0].Map.ColumnCount);
        var constant = Vector.Build.Dense(map.ColumnCount);
        foreach (var part in parts) (map, constant) = (part.Map * map, part.Map * constant + part.Noise);
        return (Matrix.Build.DenseIdentity(map.RowCount) - map).Solve(constant);
    }

    private RunMoments Read(Part first, Vector mean, Vector entries, int square)
    {
        Moments Of(Vector row, bool single = false) => new(row.DotProduct(mean), SymmetricSquare.Quadratic(entries, 0, row) + (single && Workers > 1 ? entries[square] : 0));
        return new(Of(first.CenterRow), Of(first.AverageRow), Of(first.AverageRow, single: true));
    }

    private Vector Start(double start)
    {
        var y = Vector.Build.Dense(states + center);
        y[0] = start;
        if (center > 0) y[states] = start;
        return y;
    }

    private static Matrix Product(IReadOnlyList<Part> parts, Func<Part, Matrix> of) => parts.Count == 1 ? of(parts[0]) : parts.Skip(1).Aggregate(of(parts[0]), (product, part) => of(part) * product);

    /// <summary>The iterations at a curvature, on the reachable states.</summary>
    private List<Part> At(GradientNoise noise, bool secondMoments = true)
    {
        var bases = centerIsMean ? Reachable(noise.Curvature) : null;
        var parts = new List<Part>(steps.Count);
        for (int s = 0; s < steps.Count; s++)
            parts.Add(new(steps[s], noise, this, bases?[s], bases?[(s + 1) % steps.Count], secondMoments));
        return parts;
    }

    /// <summary>What a run from equal or from separate starts can reach before each iteration.</summary>
    private List<Matrix> Reachable(double curvature)
    {
        int size = states + center;
        var spaces = steps.Select(_ => new Subspace(size)).ToList();
        spaces[0].Add(Start(1));
        for (bool grew = true; grew;)
        {
            grew = false;
            for (int s = 0; s < steps.Count; s++)
            {
                var next = spaces[(s + 1) % steps.Count];
                int before = next.Count;
                next.Add(steps[s].PerNoise); // a random curvature kicks in the same direction: both are in one gradient
                next.AddImages(steps[s].Drift(curvature), spaces[s]);
                grew |= next.Count > before;
            }
        }
        return [.. spaces.Select(space => space.Basis())];
    }

    private static RandomMap Extrapolate(RandomMap many, RandomMap more)
    {
        double Entry(double a, double b) => Math.Abs(b - a) <= 1e-6 * (1 + Math.Abs(a)) ? 2 * b - a
            : throw new ArgumentException("workers is infinity; it must be finite where the center moves ever further, so give center-rate as a multiple of 1/p, such as 0.9/p");
        return new(many.AtZero.Map2(Entry, more.AtZero), many.PerCurvature.Map2(Entry, more.PerCurvature), many.PerNoise.Map2(Entry, more.PerNoise));
    }

    /// <summary>An iteration at a curvature: its maps of means and of second moments, on the reachable states before and after.</summary>
    private sealed class Part
    {
        private readonly Matrix? basis;

        public Part(RandomMap step, GradientNoise noise, SynchronousRound round, Matrix? before, Matrix? after, bool secondMoments)
        {
            int k = round.states;
            basis = before;
            var whole = step.Drift(noise.Curvature);
            Difference = whole.SubMatrix(0, k, 0, k);
            Matrix Reduce(Matrix m) => before is null ? m : after!.TransposeThisAndMultiply(m * before);
            Drift = Reduce(whole);
            CenterRow = Row(round.center > 0 ? k : 0);
            AverageRow = Row(0);
            if (!secondMoments) return;

            double v = noise.CurvatureVariance, share = round.share, apart = 1 - share;
            int size = Drift.ColumnCount, rows = SymmetricSquare.Length(Drift.RowCount), square = SymmetricSquare.Length(size), differences = round.Workers > 1 ? SymmetricSquare.Length(k) : 0;
            Map = Matrix.Build.Dense(rows + differences, square + differences);
            NoiseFromMean = Matrix.Build.Dense(rows + differences, square);
            Noise = Vector.Build.Dense(rows + differences);
            SymmetricSquare.AddMap(Map, 0, 0, Drift, size, 1);
            if (differences > 0) SymmetricSquare.AddMap(Map, rows, square, Difference, k, 1);
            if (v > 0)
            {
                var together = Reduce(step.PerCurvature);
                var fromWorkers = after is null ? step.PerCurvature : after.TransposeThisAndMultiply(step.PerCurvature);
                SymmetricSquare.AddMap(Map, 0, 0, together, size, v * share);
                SymmetricSquare.AddMap(NoiseFromMean, 0, 0, together, size, v * share);
                if (differences > 0)
                {
                    var own = step.PerCurvature.SubMatrix(0, k, 0, step.PerCurvature.ColumnCount);
                    var ownReduced = before is null ? own : own * before;
                    SymmetricSquare.AddMap(Map, 0, square, fromWorkers, k, v * share);
                    SymmetricSquare.AddMap(Map, rows, 0, ownReduced, size, v * apart);
                    SymmetricSquare.AddMap(Map, rows, square, own, k, v * apart);
                    SymmetricSquare.AddMap(NoiseFromMean, rows, 0, ownReduced, size, v * apart);
                }
            }
            if (noise.GradientVariance > 0)
            {
                SymmetricSquare.AddOuter(Noise, 0, after is null ? step.PerNoise : after.TransposeThisAndMultiply(step.PerNoise), noise.GradientVariance * share);
                if (differences > 0) SymmetricSquare.AddOuter(Noise, rows, step.PerNoise.SubVector(0, k), noise.GradientVariance * apart);
            }
        }

        /// <summary>M.</summary>
        public Matrix Drift { get; }

        /// <summary>A.</summary>
        public Matrix Difference { get; }

        /// <summary>Of (Σ, Δ).</summary>
        public Matrix Map { get; } = Matrix.Build.Dense(1, 1);

        /// <summary>What the mean's square adds to the covariance and to Δ by multiplicative noise.</summary>
        public Matrix NoiseFromMean { get; } = Matrix.Build.Dense(1, 1);

        /// <summary>What additive noise adds to (Σ, Δ).</summary>
        public Vector Noise { get; } = Vector.Build.Dense(1);

        /// <summary>Reads x̃ off y before the iteration.</summary>
        public Vector CenterRow { get; }

        /// <summary>Reads x̄ off y before the iteration.</summary>
        public Vector AverageRow { get; }

        /// <summary>y in the reachable states' coordinates.</summary>
        public Vector Project(Vector y) => basis is null ? y : basis.TransposeThisAndMultiply(y);

        private Vector Row(int state) => basis is null ? Vector.Build.Dense(Drift.ColumnCount, column => column == state ? 1 : 0) : basis.Row(state);
    }
}
