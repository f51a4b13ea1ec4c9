using System.Numerics;

namespace Hooke.Theory.ModifiedEquations;

/// <summary>Mean and second moment of x − x* after a number of steps.</summary>
/// <param name="Mean">E(x − x*).</param>
/// <param name="SecondMoment">E(x − x*)².</param>
public readonly record struct Moment(double Mean, double SecondMoment);

/// <summary>Stationary second moments of SME-ASGD on ½ a x² with constant Σ. [AnLuYing18, appendix B]</summary>
/// <param name="XX">E X² = Ση²/(2(1−μ)) + Ση/(2a).</param>
/// <param name="YY">E Y² = aΣη²/(2(1−μ)).</param>
/// <param name="XY">E XY = −Ση^(3/2)/(2√(1−μ)).</param>
public readonly record struct StationaryMoments(double XX, double YY, double XY);

/// <summary>
/// Moments without paths on f = (1/n) Σ ½ a_i (x − c_i)² in one dimension, measured from its minimizer x*. In an eigenbasis
/// that all Hessians share, any number of dimensions is as many of these.
/// </summary>
public sealed record QuadraticMoments
{
    /// <summary>a = (1/n) Σ a_i.</summary>
    public double Curvature { get; }

    /// <summary>(1/n) Σ a_i², so that (1/n) Σ f_i′(x)² = square z² + 2 mixed z + noise, z = x − x*.</summary>
    public double Square { get; }

    /// <summary>(1/n) Σ a_i² (x* − c_i).</summary>
    public double Mixed { get; }

    /// <summary>Σ = (1/n) Σ a_i² (x* − c_i)², the variance of a component's gradient at x*.</summary>
    public double Noise { get; }

    /// <summary>x* = Σ a_i c_i/Σ a_i.</summary>
    public double Minimizer { get; }

    /// <summary>η.</summary>
    public double LearningRate { get; }

    /// <summary>Components that all have the same curvature.</summary>
    /// <param name="curvature">a, above 0.</param>
    /// <param name="noise">Σ, at least 0.</param>
    /// <param name="learningRate">η.</param>
    public QuadraticMoments(double curvature, double noise, double learningRate)
    {
        Curvature = Check.Above0("curvature", curvature);
        Noise = Check.AtLeast0("noise", noise);
        LearningRate = Check.LearningRate(learningRate);
        Square = curvature * curvature;
    }

    /// <summary>Any components.</summary>
    /// <param name="curvatures">a_i; their mean is above 0.</param>
    /// <param name="centers">c_i.</param>
    /// <param name="learningRate">η.</param>
    public QuadraticMoments(ReadOnlySpan<double> curvatures, ReadOnlySpan<double> centers, double learningRate)
    {
        if (curvatures.Length == 0 || curvatures.Length != centers.Length) throw new ArgumentException($"there are {curvatures.Length} curvatures and {centers.Length} centers; there must be as many of each, at least 1");
        LearningRate = Check.LearningRate(learningRate);
        double pull = 0, part = 1.0 / curvatures.Length;
        for (int i = 0; i < curvatures.Length; i++)
        {
            Curvature += curvatures[i] * part;
            pull += curvatures[i] * centers[i] * part;
        }
        Check.Above0("mean curvature", Curvature);
        Minimizer = pull / Curvature;
        for (int i = 0; i < curvatures.Length; i++)
        {
            double square = curvatures[i] * curvatures[i] * part, distance = Minimizer - centers[i];
            Square += square;
            Mixed += square * distance;
            Noise += square * distance * distance;
        }
    }

    /// <summary>
    /// The exact moments of asynchronous SGD after 0, 1, 2, … steps, for staleness that is a sum of exponentials: x, the
    /// memories g_j = Σ_l (1−μ_j) μ_j^l f′(x_(k−l)) and S_j of (1/n) Σ f_i′² have closed moments. A batch's b components share
    /// one stale read, so its noise has variance E f′(x_(k−τ))² − (E f′)² + (1/b) E Var_i f_i′. [AnLuYing18, eqs. 2.8, 4.1 and 5.1; errata 6]
    /// </summary>
    /// <param name="staleness">A sum of exponentials.</param>
    /// <param name="start">x_0 − x*.</param>
    /// <param name="steps">Number of steps.</param>
    /// <param name="batch">b at step k, at least 1; 1 if it is null.</param>
    public Moment[] Asynchronous(StalenessLaw staleness, double start, int steps, Func<long, int>? batch = null)
    {
        if (staleness.Exponentials.Count == 0) throw new ArgumentException("the staleness law is no sum of exponentials");
        double a = Curvature, eta = LearningRate;
        int m = staleness.Exponentials.Count;
        double[] c = [.. staleness.Exponentials.Select(e => e.Weight)], keep = [.. staleness.Exponentials.Select(e => e.Staleness)];
        // z = x − x*, its mean and square; g_j: mean, product with z, products with each other; F_j and C_j: memories of f′² and of Var_i f_i′.
        double z = start, zz = start * start;
        double[] g = Fill(a * z), zg = Fill(a * zz), f = Fill(a * a * zz), v = Fill(Variance(z, zz));
        var gg = new double[m, m];
        for (int i = 0; i < m; i++) for (int j = 0; j < m; j++) gg[i, j] = a * a * zz;
        var moments = new Moment[steps + 1];
        moments[0] = new(z, zz);
        for (int k = 0; k < steps; k++)
        {
            double expected = 0, cross = 0, second = 0;
            for (int j = 0; j < m; j++)
            {
                expected += c[j] * g[j];
                cross += c[j] * zg[j];
                second += c[j] * (f[j] + v[j] / (batch?.Invoke(k) ?? 1));
            }
            double next = z - eta * expected, square = zz - 2 * eta * cross + eta * eta * second;
            double[] nextG = new double[m], moved = new double[m], nextZg = new double[m];
            for (int j = 0; j < m; j++)
            {
                moved[j] = zg[j];
                for (int i = 0; i < m; i++) moved[j] -= eta * c[i] * gg[i, j];
            }
            var nextGg = new double[m, m];
            for (int i = 0; i < m; i++)
            {
                nextG[i] = keep[i] * g[i] + (1 - keep[i]) * a * next;
                nextZg[i] = keep[i] * moved[i] + (1 - keep[i]) * a * square;
                for (int j = 0; j < m; j++)
                    nextGg[i, j] = keep[i] * keep[j] * gg[i, j] + keep[i] * (1 - keep[j]) * a * moved[i] + (1 - keep[i]) * keep[j] * a * moved[j] + (1 - keep[i]) * (1 - keep[j]) * a * a * square;
                f[i] = keep[i] * f[i] + (1 - keep[i]) * a * a * square;
                v[i] = keep[i] * v[i] + (1 - keep[i]) * Variance(next, square);
            }
            (z, zz, g, zg, gg) = (next, square, nextG, nextZg, nextGg);
            moments[k + 1] = new(z, zz);
        }
        return moments;

        double[] Fill(double value) => [.. Enumerable.Repeat(value, m)];
    }

    /// <summary>Var_i f_i′ in the mean: E of (1/n) Σ f_i′² − f′².</summary>
    private double Variance(double z, double zz) => (Square - Curvature * Curvature) * zz + 2 * Mixed * z + Noise;

    /// <summary>
    /// The exact moments of SME-ASGD's X at the times of steps 0, 1, 2, …: (2.11) and (2.12), whose first and second moments
    /// and Σ's mean are one linear system of differential equations. [AnLuYing18, eqs. 5.3 and 5.4, with Σ's equation]
    /// </summary>
    /// <param name="staleness">μ, at least 0 and below 1.</param>
    /// <param name="start">x_0 − x*.</param>
    /// <param name="steps">Number of steps.</param>
    /// <param name="form">How Σ evolves.</param>
    public Moment[] ModifiedEquation(double staleness, double start, int steps, CovarianceForm form = CovarianceForm.ItoLimit)
    {
        double a = Curvature, dt = Clock.Asynchronous(LearningRate, staleness).Increment, kappa = (1 - staleness) / dt, drag = LearningRate / dt, spread = drag * LearningRate;
        double excess = form == CovarianceForm.Printed ? (1 - staleness) / staleness : 0;
        if (!double.IsFinite(excess)) throw new ArgumentException(FormattableString.Invariant($"staleness is {staleness}; the printed form of (2.12) needs it above 0"));
        // The state: 1, z, g, z², zg, g², S, with dz = −drag g dt + √(spread (S − g²)) dB, dg = κ(az − g) dt, dS = κ(G − S) dt + ….
        const int One = 0, Z = 1, G = 2, ZZ = 3, ZG = 4, GG = 5, S = 6, Size = 7;
        var b = new double[Size, Size];
        b[Z, G] = -drag;
        (b[G, Z], b[G, G]) = (kappa * a, -kappa);
        (b[ZZ, ZG], b[ZZ, S], b[ZZ, GG]) = (-2 * drag, spread, -spread);
        (b[ZG, GG], b[ZG, ZZ], b[ZG, ZG]) = (-drag, kappa * a, -kappa);
        (b[GG, ZG], b[GG, GG]) = (2 * kappa * a, -2 * kappa);
        (b[S, ZZ], b[S, Z], b[S, One], b[S, S]) = (kappa * (Square + excess * a * a), 2 * kappa * Mixed, kappa * Noise, -kappa);
        (b[S, ZG], b[S, GG]) = (-2 * kappa * excess * a, kappa * excess);
        double square = start * start;
        double[] state = [1, start, a * start, square, a * square, a * a * square, Square * square + 2 * Mixed * start + Noise];
        var step = LinearFlow.Exponential(b, dt);
        var moments = new Moment[steps + 1];
        for (int k = 0; k <= steps; k++)
        {
            if (k > 0) state = LinearFlow.Apply(step, state);
            moments[k] = new(state[Z], state[ZZ]);
        }
        return moments;
    }

    /// <summary>The exact moments of SME-SGD at the times of steps 0, 1, 2, …, which knows nothing of staleness. [AnLuYing18, eq. 3.3]</summary>
    /// <param name="start">x_0 − x*.</param>
    /// <param name="steps">Number of steps.</param>
    public Moment[] StochasticGradientEquation(double start, int steps)
    {
        // 1, z, z²: dz = −r z dt + √(ηΣ(z)) dB
        double r = Curvature + LearningRate / 2 * Curvature * Curvature, eta = LearningRate;
        var step = LinearFlow.Exponential(new[,] { { 0, 0, 0 }, { 0, -r, 0 }, { eta * Noise, 2 * eta * Mixed, -2 * r + eta * (Square - Curvature * Curvature) } }, eta);
        double[] state = [1, start, start * start];
        var moments = new Moment[steps + 1];
        for (int k = 0; k <= steps; k++)
        {
            if (k > 0) state = LinearFlow.Apply(step, state);
            moments[k] = new(state[1], state[2]);
        }
        return moments;
    }

    /// <summary>Stationary second moments of SME-ASGD with Σ held at its value at x*. [AnLuYing18, appendix B]</summary>
    /// <param name="staleness">μ.</param>
    public StationaryMoments Stationary(double staleness)
    {
        double rest = 1 - Check.Staleness(staleness), eta = LearningRate;
        return new(Noise * eta * eta / (2 * rest) + Noise * eta / (2 * Curvature), Curvature * Noise * eta * eta / (2 * rest), -Noise * Math.Pow(eta, 1.5) / (2 * Math.Sqrt(rest)));
    }

    /// <summary>Rates of the means: ½(−κ ± √(κ² − 4a)), κ² = (1−μ)/η, on the clock t = k√(η(1−μ)). [AnLuYing18, appendix B]</summary>
    /// <param name="staleness">μ.</param>
    public (Complex Slow, Complex Fast) MeanRates(double staleness)
    {
        double square = (1 - Check.Staleness(staleness)) / LearningRate;
        var root = Complex.Sqrt(square - 4 * Curvature);
        return ((root - Math.Sqrt(square)) / 2, (-root - Math.Sqrt(square)) / 2);
    }

    /// <summary>Rates of the second moments: −κ ± √(κ² − 4a), and −κ between them. [AnLuYing18, appendix B]</summary>
    /// <param name="staleness">μ.</param>
    public (Complex Slow, Complex Middle, Complex Fast) SecondMomentRates(double staleness)
    {
        var (slow, fast) = MeanRates(staleness);
        return (2 * slow, slow + fast, 2 * fast);
    }

    /// <summary>μ_opt = max(1 − 4aη, 0): means and second moments decay fastest; more staleness oscillates. [AnLuYing18, eq. 5.5]</summary>
    public double OptimalStaleness => Math.Max(1 - 4 * Curvature * LearningRate, 0);

    /// <summary>((1 − aη)/(1 + aη))², where asynchronous SGD itself, not its limit, decays fastest. [errata 8]</summary>
    public double OptimalStalenessOfSteps => Math.Pow((1 - Curvature * LearningRate) / (1 + Curvature * LearningRate), 2);

    /// <summary>η_opt = (1 − μ)/(4a). [AnLuYing18, appendix B]</summary>
    /// <param name="curvature">a.</param>
    /// <param name="staleness">μ.</param>
    public static double OptimalLearningRate(double curvature, double staleness) => (1 - Check.Staleness(staleness)) / (4 * Check.Above0("curvature", curvature));
}

/// <summary>
/// The stationary law of Langevin's equations (2.5) and (2.7) with noise Σ = ς² I: density in proportion to
/// exp(−(½|p|² + f(m))/temperature). [AnLuYing18, sec. 2.1]
/// </summary>
/// <param name="Friction">√((1−μ)/η), or (1−μ′)/√η′.</param>
/// <param name="Temperature">1/β.</param>
public readonly record struct LangevinLaw(double Friction, double Temperature)
{
    /// <summary>Of SME-ASGD (2.5): temperature ½ς²η.</summary>
    /// <param name="learningRate">η.</param>
    /// <param name="staleness">μ.</param>
    /// <param name="noise">ς².</param>
    public static LangevinLaw Asynchronous(double learningRate, double staleness, double noise)
        => new(Math.Sqrt((1 - Check.Staleness(staleness)) / Check.LearningRate(learningRate)), noise * learningRate / 2);

    /// <summary>Of SME-MSGD (2.7): temperature ς²η′/(2(1−μ′)).</summary>
    /// <param name="learningRate">η′.</param>
    /// <param name="momentum">μ′.</param>
    /// <param name="noise">ς².</param>
    public static LangevinLaw Momentum(double learningRate, double momentum, double noise)
        => new((1 - Check.Staleness(momentum)) / Math.Sqrt(Check.LearningRate(learningRate)), noise * learningRate / (2 * (1 - momentum)));

    /// <summary>
    /// The learning rate η′ = η(1−μ) with which momentum μ′ = μ has the friction and the stationary law of asynchronous SGD:
    /// asynchrony begets momentum. [AnLuYing18, proposition 1]
    /// </summary>
    /// <param name="learningRate">η.</param>
    /// <param name="staleness">μ.</param>
    public static double EquivalentLearningRate(double learningRate, double staleness) => Check.LearningRate(learningRate) * (1 - Check.Staleness(staleness));

    /// <summary>Variances of p and m for f = ½ a m²: the temperature, and the temperature over a.</summary>
    /// <param name="curvature">a.</param>
    public (double P, double M) Variances(double curvature) => (Temperature, Temperature / Check.Above0("curvature", curvature));
}

/// <summary>Linear differential equations with constant coefficients.</summary>
internal static class LinearFlow
{
    /// <summary>e^(tB), by scaling, a Taylor sum and squaring.</summary>
    public static double[,] Exponential(double[,] b, double t)
    {
        int n = b.GetLength(0);
        double norm = 0;
        foreach (double entry in b) norm = Math.Max(norm, Math.Abs(entry));
        int squarings = Math.Max(0, (int)Math.Ceiling(Math.Log2(Math.Max(norm * n * Math.Abs(t), 1e-300))) + 2);
        double scale = t / Math.Pow(2, squarings);
        double[,] sum = new double[n, n], term = new double[n, n];
        for (int i = 0; i < n; i++) sum[i, i] = term[i, i] = 1;
        for (int order = 1; order <= 18; order++)
        {
            term = Multiply(term, b, scale / order);
            for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) sum[i, j] += term[i, j];
        }
        for (int k = 0; k < squarings; k++) sum = Multiply(sum, sum, 1);
        return sum;
    }

    /// <summary>A x.</summary>
    public static double[] Apply(double[,] a, double[] x)
    {
        var y = new double[x.Length];
        for (int i = 0; i < y.Length; i++) for (int j = 0; j < x.Length; j++) y[i] += a[i, j] * x[j];
        return y;
    }

    private static double[,] Multiply(double[,] a, double[,] b, double factor)
    {
        int n = a.GetLength(0);
        var c = new double[n, n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
            {
                double sum = 0;
                for (int k = 0; k < n; k++) sum += a[i, k] * b[k, j];
                c[i, j] = sum * factor;
            }
        return c;
    }
}
