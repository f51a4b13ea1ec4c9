using Hooke.Numerics;

namespace Hooke.Theory.Stability;

/// <summary>
/// A small model and its loss ℓ(w; z) of one example z = (x, y), ‖x‖ ≤ 1 and y = ±1, with constants that are proved rather than
/// estimated, so that the bounds of the Survey's section 4 apply.
/// </summary>
public interface IExampleLoss
{
    /// <summary>Its name on the command line.</summary>
    string Name { get; }

    /// <summary>Number of inputs, the length of x.</summary>
    int Inputs { get; }

    /// <summary>Number of parameters, the length of w.</summary>
    int Parameters { get; }

    /// <summary>L: ‖∇ℓ‖ is nowhere larger where gradient steps from <see cref="Start"/> can go.</summary>
    double Lipschitz { get; }

    /// <summary>β: the Lipschitz constant of ∇ℓ.</summary>
    double Smoothness { get; }

    /// <summary>γ: ℓ − γ/2 ‖w‖² is convex; 0 for a loss that is convex and no more, NaN for one that is not convex.</summary>
    double StrongConvexity { get; }

    /// <summary>Writes the parameters that runs start from; they don't depend on the sample.</summary>
    /// <param name="w">Receives them.</param>
    /// <param name="noise">The random numbers to use.</param>
    void Start(Span<double> w, Noise noise);

    /// <summary>ℓ(w; (x, y)).</summary>
    /// <param name="w">The parameters.</param>
    /// <param name="x">The inputs.</param>
    /// <param name="y">The answer, ±1.</param>
    double Loss(ReadOnlySpan<double> w, ReadOnlySpan<double> x, double y);

    /// <summary>Adds ∇ℓ(w; (x, y)).</summary>
    /// <param name="w">The parameters.</param>
    /// <param name="x">The inputs.</param>
    /// <param name="y">The answer, ±1.</param>
    /// <param name="sum">Receives the gradient on top of what it holds.</param>
    void AddGradient(ReadOnlySpan<double> w, ReadOnlySpan<double> x, double y, Span<double> sum);
}
