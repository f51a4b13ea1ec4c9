using MathNet.Numerics.LinearAlgebra;

namespace Hooke.Theory.LinearMaps;

/// <summary>The span of what it was given, as an orthonormal basis (Gram and Schmidt, twice).</summary>
/// <param name="dimension">Of the whole space.</param>
internal sealed class Subspace(int dimension)
{
    private const double Negligible = 1e-10; // of a vector's length: what remains is rounding
    private readonly List<Vector<double>> basis = [];

    public int Count => basis.Count;

    public Vector<double> this[int k] => basis[k];

    /// <summary>Adds a vector to the span.</summary>
    public void Add(Vector<double> vector)
    {
        double length = vector.L2Norm();
        if (length == 0 || basis.Count == dimension) return;
        for (int pass = 0; pass < 2; pass++)
            foreach (var direction in basis) vector -= direction.DotProduct(vector) * direction;
        double rest = vector.L2Norm();
        if (rest > Negligible * length) basis.Add(vector / rest);
    }

    /// <summary>The basis as columns.</summary>
    public Matrix<double> Basis() => basis.Count == 0 ? Matrix<double>.Build.Dense(dimension, 0) : Matrix<double>.Build.DenseOfColumnVectors(basis);
}
