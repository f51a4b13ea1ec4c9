using Hooke.Problems;
using Hooke.Tests.Numerics;
using Xunit;

namespace Hooke.Tests.Problems;

/// <summary>Mean and variance of many stochastic gradients against the stated ones, within 4 standard errors; see Sample.</summary>
public class GradientNoiseTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    public void Quadratic_noise_has_variance_sigma_squared_over_the_batch(int batch)
    {
        var problem = new Quadratic<double>([0.5, 4], start: [1], minimizer: [3, -1], deviation: 0.7);
        var samples = Draw(problem, [2, 1], batch);
        samples[0].AssertMoments(0.5 * (2 - 3), 0.49 / batch);
        samples[1].AssertMoments(4 * (1 + 1), 0.49 / batch);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    public void Double_well_noise_has_variance_sigma_squared_over_the_batch(int batch)
    {
        var samples = Draw(new DoubleWell<double>([1, 1], deviation: 0.4), [2, -0.5], batch);
        samples[0].AssertMoments(6, 0.16 / batch);
        samples[1].AssertMoments(0.375, 0.16 / batch);
    }

    // The factor of x is Γ(bλ, bω): mean λ/ω, variance λ/(bω²), excess kurtosis 6/(bλ).
    [Theory]
    [InlineData(0.5, 0.5, 1)]
    [InlineData(0.5, 0.5, 10)]
    [InlineData(3, 2, 1)]
    [InlineData(3, 2, 7)]
    public void Multiplicative_noise_has_the_moments_of_a_mean_of_gamma_numbers(double shape, double rate, int batch)
    {
        var samples = Draw(new MultiplicativeNoise<double>(shape, rate, 1, 1, 1), [2, -0.5, 0], batch);
        samples[0].AssertMoments(2 * shape / rate, 4 * shape / (batch * rate * rate), 6 / (batch * shape));
        samples[1].AssertMoments(-0.5 * shape / rate, 0.25 * shape / (batch * rate * rate), 6 / (batch * shape));
        Assert.Equal((0.0, 0.0), (samples[2].Mean, samples[2].Variance));
    }

    // The variance is Var_i(∇f_i)/b. A mean of b draws has excess kurtosis κ/b, where κ is that of one draw.
    [Theory]
    [InlineData("quadratic pair", 1)]
    [InlineData("quadratic pair", 5)]
    [InlineData("quartic pair", 3)]
    [InlineData("double well pair", 3)]
    [InlineData("shifted quadratics", 1)]
    [InlineData("shifted quadratics", 5)]
    [InlineData("planar components", 2)]
    public void Batches_of_components_have_the_moments_of_a_draw_with_replacement(string name, int batch)
    {
        var problem = (ComponentSum<double>)Catalog.Problem(name);
        double[] x = problem.Start.ToArray(), gradient = new double[x.Length];
        var samples = Draw(problem, x, batch);
        for (int k = 0; k < x.Length; k++)
        {
            var values = new double[problem.Components];
            for (int i = 0; i < values.Length; i++)
            {
                problem.Gradient(i, x, gradient);
                values[i] = gradient[k];
            }
            double mean = values.Average(), variance = values.Average(v => Math.Pow(v - mean, 2)), fourth = values.Average(v => Math.Pow(v - mean, 4));
            samples[k].AssertMoments(mean, variance / batch, (fourth / (variance * variance) - 3) / batch);
        }
    }

    [Fact]
    public void Components_are_drawn_uniformly()
    {
        var problem = Components.ShiftedQuadratics<double>(20);
        var counts = new long[20];
        var gradient = new double[1];
        for (int step = 0; step < 40_000; step++)
        {
            problem.Gradient([0], gradient, new(1, 0, step, 0, 1));
            counts[(int)Math.Round((0.5 - gradient[0]) * 40) - 1]++; // −c_i = ½ − i/40
        }
        Sample.AssertUniform(counts);
    }

    [Fact]
    public void Components_of_different_noise_are_uncorrelated()
    {
        const int Count = 100_000;
        var problem = new Quadratic<double>([1, 1], start: [0], deviation: 1);
        var gradient = new double[2];
        double product = 0;
        for (int step = 0; step < Count; step++)
        {
            problem.Gradient([0, 0], gradient, new(1, 0, step, 0, 1));
            product += gradient[0] * gradient[1];
        }
        Assert.InRange(product / Math.Sqrt(Count), -4, 4);
    }

    private static Sample[] Draw(IClosedForm<double> problem, double[] x, int batch)
    {
        var samples = new Sample[x.Length];
        for (int k = 0; k < samples.Length; k++) samples[k] = new();
        var gradient = new double[x.Length];
        for (int step = 0; step < 40_000; step++)
        {
            problem.Gradient(x, gradient, new(2, 1, step, 0, batch));
            for (int k = 0; k < samples.Length; k++) samples[k].Add(gradient[k]);
        }
        return samples;
    }
}
