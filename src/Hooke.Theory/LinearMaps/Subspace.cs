using MathNet.Numerics.LinearAlgebra;

namespace Hooke.Theory.LinearMaps;

/// <summary>The span of what it was given, as an orthonormal basis (Gram and Schmidt, twice).</summary>
/// <param name="dimension">Of the whole space.</param>
internal sealed class Subspace(int dimension)
{
    private const double Negligible = 1e-10; // of what a vector was made from: what remains is rounding
    private readonly List<Vector<double>> basis = [];

    public int Count => basis.Count;

    /// <summary>Adds a vector to the span.</summary>
    public void Add(Vector<double> vector) => Add(vector, vector.L2Norm());

    /// <summary>Adds the images of the basis, also of what they add to it, until there are no more, or those of another span.</summary>
    /// <param name="map">The map.</param>
    /// <param name="of">The other span.</param>
    public void AddImages(Matrix<double> map, Subspace? of = null)
    {
        of ??= this;
        double norm = map.FrobeniusNorm();
        for (int k = 0; k < of.Count; k++) Add(map * of.basis[k], norm);
    }

    private void Add(Vector<double> vector, double scale)
    {
        if (basis.Count == dimension) return;
        for (int pass = 0; pass < 2; pass++)
            foreach (var direction in basis) vector -= direction.DotProduct(vector) * direction;
        double rest = vector.L2Norm();
        if (rest > Negligible * scale) basis.Add(vector / rest);
    }

    /// <summary>The basis as columns.</summary>
    public Matrix<double> Basis() => basis.Count == 0 ? Matrix<double>.Build.Dense(dimension, 0) : Matrix<double>.Build.DenseOfColumnVectors(basis);
}
