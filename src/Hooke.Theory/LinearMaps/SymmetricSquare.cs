using MathNet.Numerics.LinearAlgebra;

namespace Hooke.Theory.LinearMaps;

/// <summary>
/// Symmetric matrices as vectors: S ∈ ℝⁿˣⁿ is stored as its n(n + 1)/2 entries s_ij, i ≤ j, row by row, so that S ↦ X S Xᵀ is
/// a matrix.
/// </summary>
internal static class SymmetricSquare
{
    /// <summary>n(n + 1)/2.</summary>
    public static int Length(int n) => n * (n + 1) / 2;

    /// <summary>Where s_ij, i ≤ j, is stored.</summary>
    public static int Index(int n, int i, int j) => i * n - i * (i - 1) / 2 + j - i;

    /// <summary>Adds the matrix of S ↦ f X S Xᵀ to a block.</summary>
    /// <param name="into">Receives it.</param>
    /// <param name="row">First row of the block.</param>
    /// <param name="column">First column of the block.</param>
    /// <param name="x">X; its first columns are used, as many as S has rows.</param>
    /// <param name="size">n, the rows of S.</param>
    /// <param name="factor">f.</param>
    public static void AddMap(Matrix<double> into, int row, int column, Matrix<double> x, int size, double factor)
    {
        if (factor == 0) return;
        int rows = x.RowCount;
        for (int i = 0, r = row; i < rows; i++)
            for (int j = i; j < rows; j++, r++)
                for (int k = 0, c = column; k < size; k++)
                {
                    double ik = factor * x[i, k], jk = factor * x[j, k];
                    into[r, c] += ik * x[j, k];
                    c++;
                    for (int l = k + 1; l < size; l++, c++) into[r, c] += ik * x[j, l] + jk * x[i, l];
                }
    }

    /// <summary>Adds f y yᵀ to a part of a vector.</summary>
    public static void AddOuter(Vector<double> into, int at, Vector<double> y, double factor)
    {
        for (int i = 0; i < y.Count; i++)
            for (int j = i; j < y.Count; j++) into[at++] += factor * y[i] * y[j];
    }

    /// <summary>rᵀ S r for a part of a vector.</summary>
    public static double Quadratic(Vector<double> entries, int at, Vector<double> r)
    {
        double sum = 0;
        for (int i = 0; i < r.Count; i++)
            for (int j = i; j < r.Count; j++) sum += (i == j ? 1 : 2) * r[i] * r[j] * entries[at++];
        return sum;
    }

    /// <summary>S of its entries.</summary>
    public static Matrix<double> Unfold(Vector<double> entries, int n) => Matrix<double>.Build.Dense(n, n, (i, j) => entries[Index(n, Math.Min(i, j), Math.Max(i, j))]);
}
