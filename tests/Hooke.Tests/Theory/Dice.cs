using Hooke.Numerics;

namespace Hooke.Tests.Theory;

/// <summary>Random arguments of a property test, the same at every run.</summary>
internal sealed class Dice(ulong seed)
{
    private readonly Noise noise = new(seed, -1, 0, NoiseStream.Generation);
    private long next;

    /// <summary>Uniform between two numbers.</summary>
    public double Between(double low, double high) => low + (high - low) * noise.Uniform(next++);

    /// <summary>Uniform in its logarithm between two numbers above 0.</summary>
    public double Magnitude(double low, double high) => Math.Exp(Between(Math.Log(low), Math.Log(high)));

    /// <summary>A whole number, uniform in its logarithm, at most high.</summary>
    public long Count(long high) => (long)Magnitude(1, high + 1);

    /// <summary>A standard normal number.</summary>
    public double Gaussian()
    {
        next = (next + 2) & ~1L;
        return noise.Gaussian(next++);
    }

    /// <summary>Whole numbers from 0 below a bound.</summary>
    public int Below(int bound) => (int)noise.Integer(next++, bound);
}

/// <summary>Minima without derivatives or formulas.</summary>
internal static class BruteForce
{
    /// <summary>The least value of a function of one variable above 0: a logarithmic grid, then golden sections around its best point.</summary>
    public static (double At, double Value) Least(Func<double, double> function, double low, double high)
    {
        const int Points = 400;
        double a = Math.Log(low), b = Math.Log(high), step = (b - a) / Points;
        double best = Enumerable.Range(0, Points + 1).Select(k => a + k * step).MinBy(x => function(Math.Exp(x)));
        (a, b) = (Math.Max(a, best - step), Math.Min(b, best + step));
        double ratio = (Math.Sqrt(5) - 1) / 2, ends = function(Math.Exp(a)) < function(Math.Exp(b)) ? a : b;
        while (b - a > 1e-9)
        {
            double left = b - ratio * (b - a), right = a + ratio * (b - a);
            if (function(Math.Exp(left)) < function(Math.Exp(right))) b = right;
            else a = left;
        }
        double middle = (a + b) / 2, at = function(Math.Exp(ends)) < function(Math.Exp(middle)) ? ends : middle;
        return (Math.Exp(at), function(Math.Exp(at)));
    }

    /// <summary>Where a falling function meets a level, by bisection in the logarithm.</summary>
    public static double Meets(Func<double, double> falling, double level, double low, double high)
    {
        for (int k = 0; k < 200; k++)
        {
            double middle = Math.Sqrt(low * high);
            if (falling(middle) > level) low = middle;
            else high = middle;
        }
        return Math.Sqrt(low * high);
    }
}
