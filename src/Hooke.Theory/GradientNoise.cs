using Hooke.Methods.Catalog;

namespace Hooke.Theory;

/// <summary>
/// The stochastic gradient of a one-dimensional quadratic, g(x) = u x − ξ with independent draws of u and ξ for every gradient:
/// E u = h, V u = v, E ξ = 0, V ξ = σ². Update rules act element by element and scalar rates commute with rotations, so one
/// dimension stands for every eigenvector of a Hessian. [Zhang16, eqs. 3.1, 5.2, 5.22]
/// </summary>
/// <param name="Curvature">h, finite.</param>
/// <param name="CurvatureVariance">v, at least 0: multiplicative noise.</param>
/// <param name="GradientVariance">σ², at least 0: additive noise.</param>
public readonly record struct GradientNoise(double Curvature, double CurvatureVariance = 0, double GradientVariance = 0)
{
    private static readonly Interval Positive = new(0, double.PositiveInfinity), NotNegative = Positive with { LowIncluded = true };

    /// <summary>No noise: u = h.</summary>
    /// <param name="curvature">h &gt; 0.</param>
    /// <exception cref="ArgumentException">A value out of range.</exception>
    public static GradientNoise None(double curvature) => new(Require("curvature", curvature, Positive));

    /// <summary>Additive noise of deviation σ. [Zhang16, eq. 5.2]</summary>
    /// <param name="curvature">h &gt; 0.</param>
    /// <param name="deviation">σ, at least 0.</param>
    /// <exception cref="ArgumentException">A value out of range.</exception>
    public static GradientNoise Additive(double curvature, double deviation)
        => new(Require("curvature", curvature, Positive), 0, Math.Pow(Require("sigma", deviation, NotNegative), 2));

    /// <summary>Multiplicative noise u ~ Γ(λ, ω), of mean λ/ω and variance λ/ω². [Zhang16, eqs. 5.22 and 5.23]</summary>
    /// <param name="shape">λ &gt; 0.</param>
    /// <param name="rate">ω &gt; 0.</param>
    /// <exception cref="ArgumentException">A value out of range.</exception>
    public static GradientNoise Gamma(double shape, double rate)
        => new(Require("shape", shape, Positive) / Require("rate", rate, Positive), shape / (rate * rate));

    private static double Require(string name, double value, Interval range)
        => range.Contains(value) ? value : throw new ArgumentException(FormattableString.Invariant($"{name} is {value}; it must be {range}"));
}
