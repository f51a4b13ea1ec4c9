using Hooke.Engine;
using Hooke.Problems;
using Hooke.Runs;
using Xunit;

namespace Hooke.Tests.Engine;

/// <summary>On a quadratic, what convergence bounds need is known.</summary>
public class GradientMeterTests
{
    [Fact]
    public void Without_noise_norm_and_smoothness_are_exact()
    {
        using var star = Star(new([0.5, 2], [0], [0]));
        using var meter = new GradientMeter<double>(star, 4);
        var first = meter.Measure([1, 3], loss: 10);
        Assert.Equal(0.25 + 36, first.SquaredNorm, 1e-12);
        Assert.Equal(0, first.Variance, 1e-9);
        Assert.Equal(0, first.Smoothness);
        Assert.Equal(0, first.Gap);
        Assert.Equal(0.5, meter.Measure([2, 3], loss: 7).Smoothness, 1e-12); // along the flat axis
        Assert.Equal(2, meter.Measure([2, 4], loss: 8).Smoothness, 1e-12); // along the steep axis
        var last = meter.Measure([7, 4], loss: 6); // the largest so far stays
        Assert.Equal(2, last.Smoothness, 1e-12);
        Assert.Equal(4, last.Gap);
    }

    [Fact]
    public void A_point_measured_twice_has_no_smoothness_of_its_own()
    {
        using var star = Star(new([0.5, 2], [0], [0], deviation: 1));
        using var meter = new GradientMeter<double>(star, 4);
        meter.Measure([1, 3], loss: 10);
        Assert.Equal(0, meter.Measure([1, 3], loss: 10).Smoothness);
        double smoothness = meter.Measure([2, 3], loss: 10).Smoothness;
        Assert.Equal(0.5, smoothness, 1e-9); // the same noise at both points cancels
        Assert.Equal(smoothness, meter.Measure([2, 3], loss: 10).Smoothness);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public void With_noise_norm_and_variance_are_within_four_standard_errors(int batch)
    {
        const int Dimension = 4000;
        const double Deviation = 0.7;
        double variance = Dimension * Deviation * Deviation, mean = variance / batch / 32;
        double[] at = new double[Dimension];
        at.AsSpan().Fill(0.1);
        using var star = Star(new([.. Enumerable.Repeat(2.0, Dimension)], [0], [0], Deviation));
        using var meter = new GradientMeter<double>(star, batch);
        var estimate = meter.Measure(at, loss: 1);
        // n · 31 degrees of freedom; ‖mean‖² is a shifted χ² of n degrees, less an estimate of its bias.
        Assert.Equal(variance, estimate.Variance, 4 * variance * Math.Sqrt(2.0 / (31 * Dimension)));
        double norm = 4 * 0.01 * Dimension;
        Assert.Equal(norm, estimate.SquaredNorm, 4 * (Math.Sqrt(4 * norm * mean / Dimension + 2 * mean * mean / Dimension) + mean * Math.Sqrt(2.0 / (31 * Dimension))));
    }

    [Fact]
    public void A_run_measures_at_its_points_only_when_asked()
    {
        using Star<double> asked = Star(new([0.5], [1], [0])), unasked = Star(new([0.5], [1], [0]));
        var estimate = Threads.Run(asked, new(10, 1) { EvaluateEvery = 5, MeasureGradient = true }).Last!.Gradient!;
        Assert.Equal(0.5, estimate.Smoothness, 1e-12);
        Assert.True(estimate.Gap > 0);
        Assert.Null(Threads.Run(unasked, new(10, 1)).Last!.Gradient);
    }

    private static Star<double> Star(Quadratic<double> problem) => Threads.Prepare(Cases.Method("sgd", 1), problem, 1, seed: 3);
}
