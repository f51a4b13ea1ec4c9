using Matrix = MathNet.Numerics.LinearAlgebra.Matrix<double>;
using Vector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace Hooke.Theory.LinearMaps;

/// <summary>The largest eigenvalue of a map that is given by its action and keeps a cone of covariances, so that the eigenvalue is real.</summary>
internal static class DominantEigenvalue
{
    private const int Directions = 80, Restarts = 200;
    private const double Tolerance = 1e-12;

    /// <summary>Arnoldi's method, restarted from the best direction found.</summary>
    /// <param name="map">The map.</param>
    /// <param name="dimension">Of its space.</param>
    /// <param name="start">Inside the cone.</param>
    /// <exception cref="ArgumentException">It does not settle.</exception>
    public static double Of(Func<Vector, Vector> map, int dimension, Vector start)
    {
        int most = Math.Min(Directions, dimension);
        var x = start;
        for (int restart = 0; restart < Restarts; restart++)
        {
            var basis = new List<Vector> { x / x.L2Norm() };
            var projected = Matrix.Build.Dense(most, most);
            double rest;
            while (true)
            {
                int last = basis.Count - 1;
                var image = map(basis[last]);
                for (int pass = 0; pass < 2; pass++)
                    for (int k = 0; k <= last; k++)
                    {
                        double along = basis[k].DotProduct(image);
                        projected[k, last] += along;
                        image -= along * basis[k];
                    }
                rest = image.L2Norm();
                if (basis.Count == most || rest <= Tolerance * projected.Column(last).L2Norm()) break;
                projected[basis.Count, last] = rest;
                basis.Add(image / rest);
            }
            var small = projected.SubMatrix(0, basis.Count, 0, basis.Count).Evd();
            int best = 0;
            for (int k = 1; k < basis.Count; k++)
                if (small.EigenValues[k].Real > small.EigenValues[best].Real) best = k;
            var direction = small.EigenVectors.Column(best);
            double value = small.EigenValues[best].Real;
            if (rest * Math.Abs(direction[basis.Count - 1]) <= Tolerance * Math.Abs(value) * direction.L2Norm()) return value;
            x = Vector.Build.Dense(dimension);
            for (int k = 0; k < basis.Count; k++) x += direction[k] * basis[k];
        }
        throw new ArgumentException($"the largest eigenvalue of the second moments has not settled after {Restarts * Directions} rounds; workers must be fewer");
    }
}
