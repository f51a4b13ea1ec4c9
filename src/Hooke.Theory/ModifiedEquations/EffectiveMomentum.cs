namespace Hooke.Theory.ModifiedEquations;

/// <summary>
/// The momentum that a run on a quadratic has in the mean: the least squares of E x_(k+1) − E x_k = μ(E x_k − E x_(k−1)) − c a E x_k
/// over steps and coordinates of different curvature a. For geometric staleness that is exact, with μ its own and
/// c = η(1−μ): asynchrony begets momentum. [AnLuYing18, proposition 1 and sec. 2.1]
/// </summary>
/// <param name="Momentum">μ.</param>
/// <param name="Rate">c.</param>
public readonly record struct EffectiveMomentum(double Momentum, double Rate)
{
    /// <summary>Measures it.</summary>
    /// <param name="means">E x_k − x* in each coordinate, for k = 0, 1, 2, …: the first step, whose reads are all the same, tells nothing.</param>
    /// <param name="curvatures">a of each coordinate; at least two different ones tell momentum from a larger rate.</param>
    /// <exception cref="ArgumentException">Too little to tell.</exception>
    public static EffectiveMomentum Of(IReadOnlyList<double[]> means, ReadOnlySpan<double> curvatures)
    {
        double pp = 0, pf = 0, ff = 0, dp = 0, df = 0;
        for (int c = 0; c < curvatures.Length; c++)
            for (int k = 1; k + 1 < means.Count; k++)
            {
                double step = means[k + 1][c] - means[k][c], before = means[k][c] - means[k - 1][c], force = -curvatures[c] * means[k][c];
                (pp, pf, ff, dp, df) = (pp + before * before, pf + before * force, ff + force * force, dp + step * before, df + step * force);
            }
        double determinant = pp * ff - pf * pf;
        if (!(determinant > 1e-12 * pp * ff)) throw new ArgumentException("momentum can't be told from the means; they must have several steps in coordinates of at least two curvatures");
        return new((dp * ff - df * pf) / determinant, (df * pp - dp * pf) / determinant);
    }
}
