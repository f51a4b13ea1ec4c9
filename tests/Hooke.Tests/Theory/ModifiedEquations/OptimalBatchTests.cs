using Hooke.Methods;
using Hooke.Problems;
using Hooke.Theory.ModifiedEquations;
using Xunit;

namespace Hooke.Tests.Theory.ModifiedEquations;

public class OptimalBatchTests
{
    /// <summary>The parameters that reproduce figure 6. [errata 7]</summary>
    private static readonly OptimalBatch Figure6 = new(1, 0.9, 0.02, 0.02083, 20, 3.625e-9);

    [Fact]
    public void In_figure_6_batches_grow_from_step_699_to_42()
    {
        var paper = Figure6.Schedule(Clock.GradientFlow(0.02));
        Assert.Equal(699, Math.Round(paper.From));
        Assert.Equal(42, Figure6.FinalBatch);
        Assert.Equal((1, 2, 42), (paper.At(699), paper.At(700), paper.At(1001)));
        Assert.Equal(1704.7, Figure6.CriticalCost / Figure6.Cost, 0.1);
        // On the equations' own clock, a run of 1000 steps.
        var own = Clock.Asynchronous(0.02, 0.9);
        Assert.Equal(865, Math.Round(1000 - own.StepOf(Figure6.Growth)));
    }

    [Fact]
    public void The_value_is_what_the_optimal_course_costs()
    {
        foreach (double z in new[] { 1.5, 0.001 })
            Assert.Equal(Figure6.Value(z, 0), Figure6.CostOf(Figure6.Extra, z, 200_000), 1e-9 * Figure6.Value(z, 0) + 1e-12);
        // Late and early, and where batches never pay.
        Assert.Equal(0.3, Figure6.Value(0.3, 20), 1e-15);
        var dear = new OptimalBatch(1, 0.9, 0.02, 0.02083, 20, 1);
        Assert.Equal((0, 1), (dear.Growth, dear.FinalBatch));
        Assert.Equal(dear.Value(1.5, 0), dear.CostOf(_ => 0, 1.5, 1000), 1e-12);
    }

    [Fact]
    public void No_other_course_costs_less()
    {
        double best = Figure6.CostOf(Figure6.Extra, 1.5, 20_000);
        foreach (double shift in new[] { -1, -0.1, 0.1, 1 })
        {
            Assert.True(Figure6.CostOf(t => Math.Max(0, Figure6.Extra(t) * (1 + shift / 2)), 1.5, 20_000) > best);
            Assert.True(Figure6.CostOf(t => Figure6.Extra(Math.Clamp(t + shift, 0, 20)), 1.5, 20_000) > best);
            Assert.True(Figure6.CostOf(t => Figure6.Extra(t) + Math.Max(0, shift) * 0.1, 1.5, 20_000) > best - (shift < 0 ? 1e-12 : 0));
        }
    }

    [Fact]
    public void The_value_solves_the_equation_of_hamilton_jacobi_and_bellman()
    {
        // V_t + Re(λ)(z − floor/(1+u*))V_z + (γ/η)u* = 0 at both phases, by central differences.
        foreach (double time in new[] { 5.0, 16, 19.5 })
        {
            const double H = 1e-4, Z = 0.01;
            double byTime = (Figure6.Value(Z, time + H) - Figure6.Value(Z, time - H)) / (2 * H), byZ = (Figure6.Value(Z + H, time) - Figure6.Value(Z - H, time)) / (2 * H);
            double u = Figure6.Extra(time), rest = byTime + Figure6.Rate * (Z - Figure6.Floor / (1 + u)) * byZ + Figure6.Cost / 0.02 * u;
            Assert.Equal(0, rest / Math.Abs(byTime), 1e-5);
        }
    }

    [Fact]
    public void The_optimal_course_beats_a_constant_batch_of_5_in_figure_6()
    {
        // Exact moments of both; the optimal course uses fewer samples than five a step.
        double minimizer = Components.ShiftedQuadraticsMinimizer(), noise = Enumerable.Range(1, 100).Average(i => Math.Pow(-0.5 + i / 200.0 - minimizer, 2));
        var law = StalenessLaw.Geometric(0.9);
        var quadratic = new QuadraticMoments(1, noise, 0.02);
        GrowingBatch shape = Figure6.Schedule(Clock.GradientFlow(0.02));
        double five = quadratic.Asynchronous(law, 1 - minimizer, 1000, _ => 5)[^1].SecondMoment, optimal = quadratic.Asynchronous(law, 1 - minimizer, 1000, shape.At)[^1].SecondMoment;
        Assert.InRange(optimal, 0, five / 3);
        Assert.InRange(Enumerable.Range(0, 1000).Sum(k => shape.At(k)), 1000, 5000);
    }

    [Theory]
    [InlineData(32, 60_000)]
    [InlineData(32, 2_000)]
    [InlineData(1, 1_000_000)]
    public void A_course_for_a_number_of_samples_ends_with_its_largest_batch(int size, long samples)
    {
        var shape = OptimalBatch.ForSamples(20, 0.75, 0.02, 5, null, size, samples);
        long given = 0, count = 0;
        for (; given < samples; count++) given += shape.At(count);
        Assert.Equal(8 * size, shape.Most);
        Assert.InRange(shape.At(count - 1), 0.8 * shape.Most, shape.Most);
        Assert.Equal(size, OptimalBatch.ForSamples(20, 0.75, 0.02, 5, 1e9, size, samples).At(count));
    }

    [Fact]
    public void The_estimate_along_the_gradient_is_right_on_a_quadratic()
    {
        var f = new Quadratic<double>([3.0], [2.0], deviation: 0.5);
        var slope = SlopeEstimate.Of(f, 1, 4, 0.1);
        Assert.Equal(3, slope.Curvature, 1e-9);
        // 32 batches: the variance's relative standard error is √(2/31) = 0.25.
        Assert.InRange(slope.Noise, 0.25 * 0.1, 0.25 * 2.5);
    }
}
