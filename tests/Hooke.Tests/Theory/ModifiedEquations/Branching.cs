using Hooke.Numerics;
using Hooke.Problems;
using Hooke.Theory.ModifiedEquations;

namespace Hooke.Tests.Theory.ModifiedEquations;

/// <summary>Exact expectations by following every branch: of asynchronous SGD all components and reads, of a scheme all points of a quadrature of its normal numbers.</summary>
internal static class Branching
{
    /// <summary>f_i = ½ (x − c_i)ᵀ A_i (x − c_i) with curvatures of each component's own.</summary>
    public static AnyComponents Quadratics(int dimension, int components)
    {
        return new(new ComponentSum<double>(components, (_, _) => 0, (i, x, sum) =>
        {
            for (int r = 0; r < dimension; r++) for (int c = 0; c < dimension; c++) sum[r] += Curvature(i, r, c) * (x[c] - Center(i, c));
        }, [.. Enumerable.Range(0, dimension).Select(k => 1.0 - 0.4 * k)]));
    }

    /// <summary>Entry r, c of A_i.</summary>
    public static double Curvature(int i, int r, int c) => r == c ? 1 + 0.3 * i + 0.2 * r : 0.1 * (i + 1) - 0.05;

    /// <summary>Entry k of c_i.</summary>
    public static double Center(int i, int k) => i - 0.5 - 0.3 * k * i;

    public static (double[] Curvatures, double[] Centers) OneDimensional(int components)
        => ([.. Enumerable.Range(0, components).Select(i => 1 + 0.3 * i)], [.. Enumerable.Range(0, components).Select(i => i - 0.5)]);

    /// <summary>E x_i and E x_i x_j after a number of steps of asynchronous SGD.</summary>
    public static double[] AsynchronousSgd(AnyComponents f, double eta, StalenessLaw law, int steps, int batch = 1)
    {
        var moments = new double[f.Dimension + f.Dimension * f.Dimension];
        Walk([f.Start.ToArray()], 1);
        return moments;

        void Walk(List<double[]> past, double weight)
        {
            int k = past.Count - 1;
            if (k == steps)
            {
                Add(moments, past[^1], weight);
                return;
            }
            for (int age = 0; age <= k; age++)
            {
                // x rests at x_0 before 0: the oldest read stands for all older ones.
                double chance = age < k ? law.Probabilities[age] : 1 - law.Probabilities.Take(age).Sum();
                int choices = (int)Math.Pow(f.Components, batch);
                for (int choice = 0; choice < choices; choice++)
                {
                    double[] x = [.. past[k]];
                    for (int j = 0, rest = choice; j < batch; j++, rest /= f.Components)
                    {
                        double[] gradient = Gradient(f, rest % f.Components, past[k - age]);
                        for (int i = 0; i < x.Length; i++) x[i] -= eta * gradient[i] / batch;
                    }
                    past.Add(x);
                    Walk(past, weight * chance / choices);
                    past.RemoveAt(k + 1);
                }
            }
        }
    }

    /// <summary>E x_i and E x_i x_j after a number of steps of SGD with momentum (2.6).</summary>
    public static double[] MomentumSgd(AnyComponents f, double eta, double momentum, int steps)
    {
        var moments = new double[f.Dimension + f.Dimension * f.Dimension];
        Walk(f.Start.ToArray(), new double[f.Dimension], 0, 1);
        return moments;

        void Walk(double[] x, double[] v, int k, double weight)
        {
            if (k == steps) Add(moments, x, weight);
            else for (int i = 0; i < f.Components; i++)
            {
                double[] gradient = Gradient(f, i, x), next = [.. v.Select((value, c) => momentum * value - eta * gradient[c])];
                Walk([.. x.Select((value, c) => value + next[c])], next, k + 1, weight / f.Components);
            }
        }
    }

    /// <summary>E x_i and E x_i x_j after a number of steps of a scheme, with normal numbers from the quadrature of two or three points; those after the first d are used by their signs only and have two.</summary>
    public static double[] Scheme<TEquation, TScheme>(TEquation equation, double[] start, double h, int steps, int points, Action<Wide256[], Wide256[]>? position = null) where TEquation : IModifiedEquation where TScheme : struct, IScheme
    {
        (double At, double Weight)[] signs = [(-1, 0.5), (1, 0.5)], quadrature = points == 2 ? signs : [(-Math.Sqrt(3), 1.0 / 6), (0, 2.0 / 3), (Math.Sqrt(3), 1.0 / 6)];
        int d = equation.Dimension, draws = TScheme.Draws(d);
        var moments = new double[d + d * d];
        var state = new Wide256[equation.Size];
        equation.Begin<Wide256>(start, state);
        Walk(state, 0, 1);
        return moments;

        void Walk(Wide256[] at, int k, double weight)
        {
            if (k == steps)
            {
                var x = new Wide256[d];
                if (position is null) equation.Position<Wide256>(at, x);
                else position(at, x);
                Add(moments, [.. x.Select(v => v[0])], weight);
                return;
            }
            int combinations = (int)(Math.Pow(quadrature.Length, d) * Math.Pow(signs.Length, draws - d));
            for (int combination = 0; combination < combinations; combination++)
            {
                var normals = new Wide256[draws];
                double part = weight;
                for (int j = 0, rest = combination; j < draws; j++)
                {
                    var nodes = j < d ? quadrature : signs;
                    var (value, share) = nodes[rest % nodes.Length];
                    rest /= nodes.Length;
                    normals[j] = Wide256.Create(value);
                    part *= share;
                }
                Wide256[] next = [.. at];
                TScheme.Step<TEquation, Wide256>(equation, h, normals, next, new Wide256[TScheme.Scratch(equation)]);
                Walk(next, k + 1, part);
            }
        }
    }

    private static double[] Gradient(AnyComponents f, int component, double[] x)
    {
        var gradient = new Wide256[x.Length];
        f.Gradient<Wide256>(Wide256.Create((double)component), [.. x.Select(Wide256.Create)], gradient);
        return [.. gradient.Select(v => v[0])];
    }

    private static void Add(double[] moments, double[] x, double weight)
    {
        int d = x.Length;
        for (int i = 0; i < d; i++)
        {
            moments[i] += weight * x[i];
            for (int j = 0; j < d; j++) moments[d + i * d + j] += weight * x[i] * x[j];
        }
    }
}
