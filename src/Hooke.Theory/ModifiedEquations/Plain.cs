using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hooke.Numerics;

namespace Hooke.Theory.ModifiedEquations;

/// <summary>
/// An equation that in one dimension has at most two variables without noise, a and b, with all of it written out: what a
/// processor can hold in registers. It says the same as the equation in any dimension, bit by bit.
/// </summary>
public interface IPlainEquation : IModifiedEquation
{
    /// <summary>Whether it has one dimension and at most three vectors.</summary>
    bool IsPlain { get; }

    /// <summary>The drift of u and its noise's factor squared, which may be below 0 by rounding.</summary>
    /// <param name="u">u.</param>
    /// <param name="a">The state's second vector.</param>
    /// <param name="b">The state's third vector.</param>
    (Vector512<double> Drift, Vector512<double> Variance) Noisy(Vector512<double> u, Vector512<double> a, Vector512<double> b);

    /// <summary>The drifts of a and b.</summary>
    /// <param name="u">u.</param>
    /// <param name="a">The state's second vector.</param>
    /// <param name="b">The state's third vector.</param>
    (Vector512<double> A, Vector512<double> B) Smooth(Vector512<double> u, Vector512<double> a, Vector512<double> b);
}

/// <summary>A scheme on a plain equation.</summary>
public interface IPlainScheme : IScheme
{
    /// <summary>Takes a step.</summary>
    /// <param name="equation">The equation.</param>
    /// <param name="h">The step's length.</param>
    /// <param name="root">√h.</param>
    /// <param name="normal">ΔB/√h.</param>
    /// <param name="u">u, changed.</param>
    /// <param name="a">The state's second vector, changed.</param>
    /// <param name="b">The state's third vector, changed.</param>
    /// <typeparam name="TEquation">The equation's kind.</typeparam>
    static abstract void Step<TEquation>(in TEquation equation, double h, double root, Vector512<double> normal, ref Vector512<double> u, ref Vector512<double> a, ref Vector512<double> b)
        where TEquation : IPlainEquation;
}

/// <summary>The paths of a plain equation: what <see cref="Solution{TEquation, TScheme}"/> computes, bit by bit, but faster.</summary>
/// <typeparam name="TEquation">The equation.</typeparam>
/// <typeparam name="TScheme">The scheme.</typeparam>
public readonly struct PlainSolution<TEquation, TScheme> : IPathProcess where TEquation : IPlainEquation where TScheme : struct, IPlainScheme
{
    private const int Held = 4; // u, a, b, and the odd normal number that is left over
    private readonly TEquation equation;
    private readonly double start, length, root;
    private readonly int substeps;

    /// <summary>Creates the process.</summary>
    /// <param name="equation">The equation, which is plain.</param>
    /// <param name="start">x at all times up to 0.</param>
    /// <param name="substeps">Steps of the scheme in a step of the algorithm, at least 1.</param>
    /// <exception cref="ArgumentException">A number out of range, or an equation that is not plain.</exception>
    public PlainSolution(TEquation equation, double start, int substeps = 1)
    {
        if (substeps < 1) throw new ArgumentException($"substeps is {substeps}; it must be at least 1");
        if (!equation.IsPlain) throw new ArgumentException($"the equation has {equation.Dimension} dimensions and {equation.Size} variables; it must have 1 and at most 3");
        (this.equation, this.start, this.substeps) = (equation, start, substeps);
        length = equation.Clock.Increment / substeps;
        root = Math.Sqrt(length);
    }

    /// <inheritdoc/>
    public int Dimension => 1;

    /// <inheritdoc/>
    public int Memory => Held;

    /// <inheritdoc/>
    public void Begin(Span<Vector512<double>> memory)
    {
        memory.Clear();
        equation.Begin([start], memory[..equation.Size]);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Step(Span<Vector512<double>> memory, ulong seed, int path, long step)
    {
        memory = memory[..Held];
        Vector512<double> u = memory[0], a = memory[1], b = memory[2], odd = memory[3];
        long q = step * substeps;
        for (int sub = 0; sub < substeps; sub++, q++)
        {
            var normal = odd;
            if ((q & 1) == 0) (normal, odd) = new WideNoise(seed, path, q >> 1, NoiseStream.Gradient).Gaussian(0);
            TScheme.Step(equation, length, root, normal, ref u, ref a, ref b);
        }
        (memory[0], memory[1], memory[2], memory[3]) = (u, a, b, odd);
    }

    /// <inheritdoc/>
    public void Position(ReadOnlySpan<Vector512<double>> memory, Span<Vector512<double>> x) => equation.Position(memory[..equation.Size], x);
}
