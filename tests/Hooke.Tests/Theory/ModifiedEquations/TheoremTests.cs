using Hooke.Numerics;
using Xunit;

namespace Hooke.Tests.Theory.ModifiedEquations;

/// <summary>
/// How far asynchronous SGD is from its modified equation at the same time, at fixed friction κ = √((1−μ)/η), on the
/// quadratic pair. [AnLuYing18, theorem 2; errata 4]
/// </summary>
public class TheoremTests
{
    private const double Friction = 2, Time = 1.5;
    private const int Paths = 3000, Substeps = 8;
    private static readonly double[] Rates = [0.04, 0.02, 0.01, 0.005];

    [Fact]
    public void With_coupled_noise_the_distance_is_of_order_1() => Assert.InRange(Slope(coupled: true), 0.9, 1.1);

    [Fact]
    public void With_independent_noise_it_is_of_order_one_half() => Assert.InRange(Slope(coupled: false), 0.4, 0.6);

    /// <summary>Slope of log E|X − x| against log Δt by least squares; 3000 paths give it a standard error of about 0.02.</summary>
    private static double Slope(bool coupled)
    {
        double[] x = [.. Rates.Select(rate => Math.Log(Friction * rate))], y = [.. Rates.Select(rate => Math.Log(Distance(rate, coupled)))];
        double mx = x.Average(), my = y.Average();
        return x.Zip(y, (a, b) => (a - mx) * (b - my)).Sum() / x.Sum(a => (a - mx) * (a - mx));
    }

    private static double Distance(double eta, bool coupled)
    {
        double rest = Friction * Friction * eta, dt = Friction * eta, spread = Math.Pow(eta, 0.75) / Math.Pow(rest, 0.25);
        int steps = (int)Math.Round(Time / dt);
        double total = 0;
        Parallel.For(0, Paths, () => 0.0, (path, _, sum) => sum + OfPath(path), sum => { lock (Rates) total += sum; });
        return total / Paths;

        double OfPath(int path)
        {
            var past = new double[steps + 1];
            // The algorithm's memories: m of x, s of x² in the reads' law, so that g = 2m and Σ = 4 (s + 1) − g².
            double x = past[0] = 1, m = 1, s = 1;
            // The equation's X, Y, and Σ + κ²Y².
            double bigX = 1, bigY = -2 / Friction, second = 8;
            double log = Math.Log(1 - rest);
            Span<double> bridge = stackalloc double[Substeps];
            for (int k = 0; k < steps; k++)
            {
                var noise = new Noise(8, path, k, NoiseStream.Sampling);
                int age = (int)Math.Min(k, Math.Log(1 - noise.Uniform(1)) / log);
                double gradient = 2 * (past[k - age] - (noise.Integer(0, 2) == 0 ? 1 : -1)), sigma = 4 * (s + 1) - 4 * m * m;
                double increment = Math.Sqrt(dt) * (2 * m - gradient) / Math.Sqrt(sigma);
                if (!coupled) increment = Math.Sqrt(dt) * new Noise(9, path, k, NoiseStream.Gradient).Gaussian(0);
                x -= eta * gradient;
                past[k + 1] = x;
                (m, s) = (m + rest * (x - m), s + rest * (x * x - s));
                // A Brownian bridge inside the step.
                double h = dt / Substeps, mean = 0;
                var inside = new Noise(10, path, k, NoiseStream.Gradient);
                for (int j = 0; j < Substeps; j++) mean += (bridge[j] = Math.Sqrt(h) * inside.Gaussian(j)) / Substeps;
                for (int j = 0; j < Substeps; j++)
                {
                    double variance = Math.Max(0, second - Friction * Friction * bigY * bigY), slope = 2 * bigX, moved = bigX + h * bigY + Math.Sqrt(variance) * spread * (bridge[j] - mean + increment / Substeps);
                    second += h * Friction * (4 * (bigX * bigX + 1) - second);
                    bigY += h * (-slope - Friction * bigY);
                    bigX = moved;
                }
            }
            return Math.Abs(bigX - x);
        }
    }
}
