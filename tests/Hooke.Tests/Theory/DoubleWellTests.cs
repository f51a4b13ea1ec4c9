using Hooke.Theory.ClosedForms;
using MathNet.Numerics.LinearAlgebra;
using Xunit;

namespace Hooke.Tests.Theory;

/// <summary>Two tied workers in a double well. [Zhang16, sec. 5.3; errata 2]</summary>
public class DoubleWellTests
{
    [Theory]
    [InlineData(0.3, 9)]
    [InlineData(0.6, 9)]
    [InlineData(0.7, 5)]
    [InlineData(1.2, 3)]
    public void The_critical_points_are_where_newton_s_method_ends(double penalty, int count)
    {
        var points = DoubleWellPair.CriticalPoints(penalty);
        Assert.Equal(count, points.Count);
        foreach (var point in points)
        {
            Assert.InRange(DoubleWellPair.Gradient(point.X, point.Y, point.Center, penalty).L2Norm(), 0, 1e-14);
            const double Step = 1e-5;
            var at = DoubleWellPair.Hessian(point.X, point.Y, penalty);
            var difference = (DoubleWellPair.Gradient(point.X + Step, point.Y, point.Center, penalty) - DoubleWellPair.Gradient(point.X - Step, point.Y, point.Center, penalty)) / (2 * Step);
            Assert.InRange((at.Column(0) - difference).L2Norm(), 0, 1e-8);
        }
        var found = new List<(double X, double Y)>();
        for (double x = -1.5; x <= 1.5; x += 0.125)
            for (double y = -1.5; y <= 1.5; y += 0.125)
            {
                var at = Vector<double>.Build.Dense([x, y, (x + y) / 2]);
                for (int k = 0; k < 100; k++) at -= DoubleWellPair.Hessian(at[0], at[1], penalty).Solve(DoubleWellPair.Gradient(at[0], at[1], at[2], penalty));
                if (!(DoubleWellPair.Gradient(at[0], at[1], at[2], penalty).L2Norm() < 1e-12)) continue;
                if (!found.Any(f => Math.Abs(f.X - at[0]) + Math.Abs(f.Y - at[1]) < 1e-6)) found.Add((at[0], at[1]));
            }
        Assert.Equal(count, found.Count);
        foreach (var (x, y) in found) Assert.Contains(points, p => Math.Abs(p.X - x) + Math.Abs(p.Y - y) < 1e-9);
    }

    [Fact]
    public void Workers_stay_apart_up_to_a_penalty_of_two_thirds()
    {
        foreach (double penalty in new[] { 0.1, 0.3, 0.6, 0.66, 0.67, 0.9 })
        {
            double expected = DoubleWellPair.CriticalPoints(penalty).First(p => p.X == -p.Y && p.X > 0).SmallestCurvature;
            Assert.Equal(expected, DoubleWellPair.CurvatureApart(penalty), 1e-12);
            Assert.Equal(penalty < 2.0 / 3, expected > 0);
        }
        // The four points that the thesis overlooks are saddles.
        Assert.All(DoubleWellPair.CriticalPoints(0.6).Where(p => p.X != p.Y && p.X != -p.Y), p => Assert.True(p.SmallestCurvature < 0));
    }
}
