using MathNet.Numerics.LinearAlgebra;

namespace Hooke.Theory.ClosedForms;

/// <summary>EASGD and ADMM with workers that take turns, on F(x) = x²/2 without noise. [Zhang16, sec. 3.3]</summary>
public static class RoundRobin
{
    /// <summary>
    /// (4 − 2η)/(4 − η): with 0 ≤ α up to this, each turn of EASGD, and so any sequence of turns, is stable. Sufficient for every
    /// p; necessary only for odd p. [Zhang16, sec. 3.3; errata 3]
    /// </summary>
    /// <param name="rate">ηh, from 0 to 2.</param>
    public static double LargestMovingRate(double rate) => (4 - 2 * rate) / (4 - rate);

    /// <summary>Fⁱ, the turn of worker i in EASGD over (x¹, …, xᵖ, x̃). [Zhang16, eqs. 3.55 and 3.56]</summary>
    /// <param name="rate">ηh.</param>
    /// <param name="moving">α.</param>
    /// <param name="workers">p, at least 1.</param>
    /// <param name="worker">i, from 0.</param>
    public static Matrix<double> EasgdTurn(double rate, double moving, int workers, int worker)
    {
        var turn = Matrix<double>.Build.DenseIdentity(workers + 1);
        turn[worker, worker] = 1 - rate - moving;
        turn[worker, workers] = turn[workers, worker] = moving;
        turn[workers, workers] = 1 - moving;
        return turn;
    }

    /// <summary>F₃ⁱ F₂ⁱ F₁ⁱ, the turn of worker i in ADMM over (λ¹, x¹, …, λᵖ, xᵖ, x̃). [Zhang16, eqs. 3.52–3.54]</summary>
    /// <param name="rate">ηh.</param>
    /// <param name="penalty">ηρ with the same h = 1.</param>
    /// <param name="workers">p, at least 1.</param>
    /// <param name="worker">i, from 0.</param>
    public static Matrix<double> AdmmTurn(double rate, double penalty, int workers, int worker)
    {
        int size = 2 * workers + 1, dual = 2 * worker, x = dual + 1, center = size - 1;
        Matrix<double> first = Matrix<double>.Build.DenseIdentity(size), second = first.Clone(), third = first.Clone();
        (first[dual, x], first[dual, center]) = (-1, 1);
        (second[x, dual], second[x, x], second[x, center]) = (penalty / (1 + penalty), (1 - rate) / (1 + penalty), penalty / (1 + penalty));
        third[center, center] = 0;
        for (int i = 0; i < workers; i++) (third[center, 2 * i], third[center, 2 * i + 1]) = (-1.0 / workers, 1.0 / workers);
        return third * second * first;
    }
}
