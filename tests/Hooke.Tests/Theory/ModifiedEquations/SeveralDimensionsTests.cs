using Hooke.Theory.ModifiedEquations;
using Xunit;

namespace Hooke.Tests.Theory.ModifiedEquations;

/// <summary>
/// Schemes on noise that depends on x and does not commute: SME-SGD on three quadratics in two dimensions, whose covariance has
/// rank 2 and is quadratic in x, so that its moments solve linear equations of their own.
/// </summary>
public class SeveralDimensionsTests
{
    private const double Eta = 0.05;
    private const int Components = 3, D = 2;
    private static readonly AnyComponents Objective = Branching.Quadratics(D, Components);

    [Fact]
    public void The_platen_scheme_keeps_its_weak_order() => Halves<WeakSecondOrder>(2);

    [Fact]
    public void So_does_the_euler_maruyama_scheme() => Halves<EulerMaruyama>(1);

    /// <summary>Whether half the step has 2^−q of the error, in every moment: 2 and 4 steps of h = Δt and Δt/2, all branches followed.</summary>
    private static void Halves<TScheme>(double order) where TScheme : struct, IScheme
    {
        var equation = new StochasticGradientEquation<AnyComponents>(Objective, Eta);
        double time = equation.Clock.TimeOf(2);
        double[] exact = Exact(time), coarse = Solve(2), fine = Solve(4);
        for (int k = 0; k < exact.Length; k++) Assert.InRange(Math.Log2((coarse[k] - exact[k]) / (fine[k] - exact[k])), order - 0.15, order + 0.15);

        double[] Solve(int steps) => Branching.Scheme<StochasticGradientEquation<AnyComponents>, TScheme>(equation, [.. Objective.Start], time / steps, steps, 3);
    }

    /// <summary>m = E x and M = E x xᵀ by the classical Runge–Kutta method.</summary>
    private static double[] Exact(double time)
    {
        const int Steps = 200;
        double[] start = [.. Objective.Start], s = [start[0], start[1], start[0] * start[0], start[0] * start[1], start[1] * start[0], start[1] * start[1]];
        double h = time / Steps;
        for (int k = 0; k < Steps; k++)
        {
            double[] a = Slope(s), b = Slope(At(s, a, h / 2)), c = Slope(At(s, b, h / 2)), d = Slope(At(s, c, h));
            for (int i = 0; i < s.Length; i++) s[i] += h / 6 * (a[i] + 2 * b[i] + 2 * c[i] + d[i]);
        }
        return s;

        static double[] At(double[] s, double[] slope, double h) => [.. s.Zip(slope, (x, y) => x + h * y)];
    }

    /// <summary>dm = −K(Hm − g) dt and dM = (B + Bᵀ + ηE Σ) dt, with H and g of ∇f = Hx − g, K = 1 + ηH/2, B = −K(HM − g mᵀ).</summary>
    private static double[] Slope(double[] s)
    {
        double Second(int r, int c) => s[D + r * D + c];
        double[,] h = new double[D, D], covariance = new double[D, D];
        double[] g = new double[D];
        for (int i = 0; i < Components; i++)
            for (int r = 0; r < D; r++)
                for (int c = 0; c < D; c++)
                {
                    h[r, c] += Branching.Curvature(i, r, c) / Components;
                    g[r] += Branching.Curvature(i, r, c) * Branching.Center(i, c) / Components;
                }
        for (int r = 0; r < D; r++)
            for (int c = 0; c < D; c++)
            {
                // E g_i g_iᵀ of each component, less E ∇f ∇fᵀ.
                for (int i = 0; i < Components; i++)
                    for (int p = 0; p < D; p++)
                        for (int q = 0; q < D; q++)
                            covariance[r, c] += Branching.Curvature(i, r, p) * Branching.Curvature(i, c, q) / Components
                                * (Second(p, q) - s[p] * Branching.Center(i, q) - Branching.Center(i, p) * s[q] + Branching.Center(i, p) * Branching.Center(i, q));
                double mean = g[r] * g[c];
                for (int p = 0; p < D; p++)
                {
                    mean -= h[r, p] * s[p] * g[c] + g[r] * h[c, p] * s[p];
                    for (int q = 0; q < D; q++) mean += h[r, p] * h[c, q] * Second(p, q);
                }
                covariance[r, c] -= mean;
            }
        double K(int r, int c) => (r == c ? 1 : 0) + Eta / 2 * h[r, c];
        var slope = new double[D + D * D];
        for (int r = 0; r < D; r++)
            for (int p = 0; p < D; p++)
            {
                double force = -g[p];
                for (int q = 0; q < D; q++) force += h[p, q] * s[q];
                slope[r] -= K(r, p) * force;
                for (int c = 0; c < D; c++)
                {
                    double b = g[p] * s[c];
                    for (int q = 0; q < D; q++) b -= h[p, q] * Second(q, c);
                    slope[D + r * D + c] += K(r, p) * b;
                    slope[D + c * D + r] += K(r, p) * b;
                }
            }
        for (int r = 0; r < D; r++) for (int c = 0; c < D; c++) slope[D + r * D + c] += Eta * covariance[r, c];
        return slope;
    }
}
