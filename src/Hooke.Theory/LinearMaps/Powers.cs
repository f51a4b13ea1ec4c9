using MathNet.Numerics.LinearAlgebra;

namespace Hooke.Theory.LinearMaps;

/// <summary>High powers of a map.</summary>
internal static class Powers
{
    /// <summary>Mᵗ y, by squaring.</summary>
    public static Vector<double> Apply(Matrix<double> m, Vector<double> y, long t)
    {
        for (; t > 0; t >>= 1)
        {
            if ((t & 1) != 0) y = m * y;
            if (t > 1) m *= m;
        }
        return y;
    }
}
