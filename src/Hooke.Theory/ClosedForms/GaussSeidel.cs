using MathNet.Numerics.LinearAlgebra;

namespace Hooke.Theory.ClosedForms;

/// <summary>EASGD in Gauss–Seidel form, which has DOWNPOUR as α = 1, β = p, on F(x) = x²/2. [Zhang16, sec. 6.2]</summary>
/// <remarks>η learning rate (ηh for another curvature), α moving rate, β = pκ center rate.</remarks>
public static class GaussSeidel
{
    /// <summary>M = (1, 0; β, 1 − β)(1 − η, 0; 0, 1)(1 − α, α; 0, 1) over the workers' average and the center. [Zhang16, eq. 6.5]</summary>
    public static Matrix<double> Drift(double rate, double moving, double beta)
        => Matrix<double>.Build.DenseOfArray(new[,] { { 1, 0 }, { beta, 1 - beta } })
            * Matrix<double>.Build.DenseOfArray(new[,] { { 1 - rate, 0 }, { 0, 1.0 } })
            * Matrix<double>.Build.DenseOfArray(new[,] { { 1 - moving, moving }, { 0, 1 } });

    /// <summary>b and c of its characteristic polynomial z² − 2bz + c: b = ½(2 − β − η − α(1 − β)(1 − η)), c = (1 − η)(1 − α)(1 − β). [Zhang16, eq. 6.6]</summary>
    public static (double B, double C) Polynomial(double rate, double moving, double beta)
        => ((2 - beta - rate - moving * (1 - beta) * (1 - rate)) / 2, (1 - rate) * (1 - moving) * (1 - beta));

    /// <summary>Whether both zeros of z² − 2bz + c lie within the unit circle: −1 &lt; c &lt; 1, c &gt; 2b − 1, c &gt; −2b − 1. [Zhang16, Lemma 6.2.1]</summary>
    public static bool RootsAreWithin(double b, double c) => c is > -1 and < 1 && c > 2 * b - 1 && c > -2 * b - 1;

    /// <summary>
    /// Which of the ten regions of stability holds (η, α, β), all positive; 0 if it is unstable. c₂ = (4 − 2β − 2η + βη)/(2 − 2β − 2η + 2βη), c₃ =
    /// (−β − η + βη)/(1 − β − η + βη). [Zhang16, Theorem 6.2.1]
    /// </summary>
    public static int Region(double rate, double moving, double beta)
    {
        double product = 1 - beta - rate + beta * rate, two = (4 - 2 * beta - 2 * rate + beta * rate) / (2 * product), three = (-beta - rate + beta * rate) / product;
        bool below2 = moving < two, below3 = moving < three, between = moving > two && below3;
        return (rate, beta) switch
        {
            ( > 0 and < 1, > 0 and < 1) when below2 => 1,
            ( > 0 and < 1, 1) => 2,
            ( > 0 and < 1, > 1 and <= 2) when below3 => 3,
            ( > 0 and < 1, > 2) when beta < 4 / rate && between => 4,
            (1, > 0 and < 2) => 5,
            ( > 1 and < 2, > 0 and < 1) when below3 => 6,
            ( > 1 and < 2, 1) => 7,
            ( > 1 and < 2, > 1 and < 2) when below2 => 8,
            ( >= 2 and <= 4, > 0 and < 1) when between => 9,
            ( > 4, > 0) when beta < 4 / rate && between => 10,
            _ => 0,
        };
    }
}
