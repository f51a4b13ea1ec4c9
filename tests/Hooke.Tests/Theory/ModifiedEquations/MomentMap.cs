using Hooke.Numerics;
using Hooke.Theory.ModifiedEquations;

namespace Hooke.Tests.Theory.ModifiedEquations;

/// <summary>What a scheme's step does to 1, x, g, x², xg, g², S in the mean, read off the step itself; for steps that are linear in these, with noise of mean 0 and variance 1.</summary>
internal sealed class MomentMap
{
    private const int Size = 7;
    private readonly double[,] map = new double[Size, Size];

    public static MomentMap Of<TEquation, TScheme>(TEquation equation, double h) where TEquation : IModifiedEquation where TScheme : struct, IScheme
    {
        // Seven states whose moments are independent, and what becomes of them.
        (double X, double G, double S)[] states = [(0, 0, 1), (1, 0, 5), (-1, 0, 5), (0, 1, 5), (0, -1, 5), (1, 1, 5), (0, 0, 5)];
        var before = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(Size, Size);
        var after = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(Size, Size);
        for (int column = 0; column < Size; column++)
        {
            var (x, g, s) = states[column];
            before.SetColumn(column, [1, x, g, x * x, x * g, g * g, s]);
            var sum = new double[Size];
            foreach (double noise in (double[])[-1, 1])
            {
                Wide256[] state = [Wide256.Create(x), Wide256.Create(g), Wide256.Create(s)];
                TScheme.Step<TEquation, Wide256>(equation, h, [Wide256.Create(noise)], state, new Wide256[TScheme.Scratch(equation)]);
                double a = state[0][0], b = state[1][0], c = state[2][0];
                double[] moments = [1, a, b, a * a, a * b, b * b, c];
                for (int k = 0; k < Size; k++) sum[k] += moments[k] / 2;
            }
            after.SetColumn(column, sum);
        }
        var result = new MomentMap();
        var solved = after * before.Inverse();
        for (int r = 0; r < Size; r++) for (int c = 0; c < Size; c++) result.map[r, c] = solved[r, c];
        return result;
    }

    /// <summary>The moments of the equation's start.</summary>
    public static double[] Begin<TEquation>(TEquation equation, double start) where TEquation : IModifiedEquation
    {
        var state = new Wide256[3];
        equation.Begin<Wide256>([start], state);
        double x = state[0][0], g = state[1][0];
        return [1, x, g, x * x, x * g, g * g, state[2][0]];
    }

    public double[] Apply(double[] moments)
    {
        var next = new double[Size];
        for (int r = 0; r < Size; r++) for (int c = 0; c < Size; c++) next[r] += map[r, c] * moments[c];
        return next;
    }
}
