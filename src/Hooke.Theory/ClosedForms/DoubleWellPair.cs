using MathNet.Numerics.LinearAlgebra;

namespace Hooke.Theory.ClosedForms;

/// <summary>
/// Two workers in a double well, tied to a center: ¼(1 − x²)² + ¼(1 − y²)² + ρ/2 (x − z)² + ρ/2 (y − z)². A weak tie lets them
/// rest in different wells. [Zhang16, sec. 5.3, eq. 5.35]
/// </summary>
public static class DoubleWellPair
{
    /// <summary>A point where the derivative is 0.</summary>
    /// <param name="X">x.</param>
    /// <param name="Y">y.</param>
    /// <param name="SmallestCurvature">The Hessian's smallest eigenvalue: a minimum if positive, else a saddle or a maximum.</param>
    public readonly record struct CriticalPoint(double X, double Y, double SmallestCurvature)
    {
        /// <summary>z = (x + y)/2, the center.</summary>
        public double Center => (X + Y) / 2;
    }

    /// <summary>
    /// All critical points, with z = (x + y)/2: x = y ∈ {0, ±1}; x = −y = ±√(1 − ρ) for ρ &lt; 1; and {x, y} = ±(√(1 − 3ρ/2) ± √(1 + ρ/2))/2 for
    /// ρ &lt; 2/3, which the thesis overlooks. [Zhang16, eqs. 5.37–5.39; errata 2]
    /// </summary>
    /// <param name="penalty">ρ &gt; 0.</param>
    public static IReadOnlyList<CriticalPoint> CriticalPoints(double penalty)
    {
        List<(double X, double Y)> points = [(1, 1), (-1, -1), (0, 0)];
        if (penalty < 1)
        {
            double apart = Math.Sqrt(1 - penalty);
            points.AddRange([(apart, -apart), (-apart, apart)]);
        }
        if (penalty < 2.0 / 3)
        {
            double half = Math.Sqrt(1 - 1.5 * penalty) / 2, other = Math.Sqrt(1 + penalty / 2) / 2;
            points.AddRange([(half + other, half - other), (half - other, half + other), (-half - other, -half + other), (-half + other, -half - other)]);
        }
        return [.. points.Select(p => new CriticalPoint(p.X, p.Y, Hessian(p.X, p.Y, penalty).Evd(Symmetricity.Symmetric).EigenValues.AsArray().Min(z => z.Real)))];
    }

    /// <summary>The derivatives by x, y and z. [Zhang16, eq. 5.36]</summary>
    public static Vector<double> Gradient(double x, double y, double z, double penalty)
        => Vector<double>.Build.Dense([(x * x - 1) * x + penalty * (x - z), (y * y - 1) * y + penalty * (y - z), penalty * (z - x) + penalty * (z - y)]);

    /// <summary>The second derivatives, H = (3x² − 1 + ρ, 0, −ρ; 0, 3y² − 1 + ρ, −ρ; −ρ, −ρ, 2ρ). [Zhang16, eq. 5.38]</summary>
    public static Matrix<double> Hessian(double x, double y, double penalty) => Matrix<double>.Build.DenseOfArray(new[,]
    {
        { 3 * x * x - 1 + penalty, 0, -penalty },
        { 0, 3 * y * y - 1 + penalty, -penalty },
        { -penalty, -penalty, 2 * penalty },
    });

    /// <summary>The smallest eigenvalue of the Hessian where the workers are apart, x = −y = √(1 − ρ); positive, so that they stay apart, for ρ &lt; 2/3. [Zhang16, fig. 5.20]</summary>
    /// <param name="penalty">ρ in (0, 1].</param>
    public static double CurvatureApart(double penalty)
    {
        // The symmetric direction (1, 1, s): eigenvalues of (2 − 2ρ, −√2 ρ; −√2 ρ, 2ρ).
        double half = (2 - 2 * penalty - 2 * penalty) / 2;
        return 1 - Math.Sqrt(half * half + 2 * penalty * penalty);
    }
}
