using System.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace Hooke.Theory.LinearMaps;

/// <summary>An eigenvalue of a round's map.</summary>
/// <param name="Value">It.</param>
/// <param name="Multiplicity">How often it stands there; the workers' differences share theirs p − 1 times.</param>
public readonly record struct Eigenvalue(Complex Value, double Multiplicity)
{
    /// <summary>|z|.</summary>
    public double Modulus => Value.Magnitude;
}

/// <summary>Eigenvalues of small matrices.</summary>
internal static class Spectrum
{
    private const double Largest = 1e100; // its square, and sums of them, are finite

    /// <summary>All eigenvalues.</summary>
    /// <exception cref="ArgumentException">An entry is not finite.</exception>
    public static IReadOnlyList<Complex> Of(Matrix<double> matrix) => matrix.RowCount switch
    {
        0 => [],
        1 => [matrix[0, 0]],
        2 => OfTwo(Check(matrix)),
        _ => Check(matrix).Evd().EigenValues.AsArray(),
    };

    /// <summary>The largest modulus.</summary>
    public static double Radius(IReadOnlyList<Complex> eigenvalues)
    {
        double radius = 0;
        foreach (var value in eigenvalues) radius = Math.Max(radius, value.Magnitude);
        return radius;
    }

    /// <summary>The eigenvalues of S ↦ X S Xᵀ: the products of X's, each pair once.</summary>
    public static IEnumerable<Complex> Products(IReadOnlyList<Complex> eigenvalues)
    {
        for (int i = 0; i < eigenvalues.Count; i++)
            for (int j = i; j < eigenvalues.Count; j++) yield return eigenvalues[i] * eigenvalues[j];
    }

    /// <summary>The zeros of z² − (a + d) z + ad − bc.</summary>
    private static Complex[] OfTwo(Matrix<double> m)
    {
        double mean = (m[0, 0] + m[1, 1]) / 2, half = (m[0, 0] - m[1, 1]) / 2, discriminant = half * half + m[0, 1] * m[1, 0];
        if (!(discriminant >= 0)) return [new(mean, Math.Sqrt(-discriminant)), new(mean, -Math.Sqrt(-discriminant))];
        double root = Math.Sqrt(discriminant);
        return [mean + root, mean - root];
    }

    private static Matrix<double> Check(Matrix<double> matrix)
        => matrix.Exists(entry => !(Math.Abs(entry) < Largest)) ? throw new ArgumentException("the round's map overflows; rates and curvature must be smaller") : matrix;
}
