using Hooke.Methods;
using Hooke.Methods.Catalog;
using Hooke.Numerics;
using Hooke.Problems;
using Hooke.Runs;
using Xunit;

namespace Hooke.Tests.Laws;

public class ReportedTests
{
    public static TheoryData<string> Methods => [.. AllMethods.Recipes.Select(recipe => recipe.Name)];

    [Theory]
    [MemberData(nameof(Methods))]
    public void The_reported_model_where_it_is_equals_its_copy(string name)
    {
        var recipe = AllMethods.Find(name);
        int workers = recipe.IsSequential ? 1 : 3;
        var problem = new Quadratic<double>(curvature: [0.5, 1.0, 2.0], start: [10.0], minimizer: [1.0], deviation: 1.0);
        using var star = new Star<double>(recipe.For(workers, ("learning-rate", 0.01)), problem, workers, seed: 3);
        NativeVector<double>? scratch = null;
        for (int round = 0; round < 3; round++)
        {
            Turns.Run(star, 7);
            double[] copy = new double[3];
            star.Report(copy);
            Assert.Equal(copy, star.Reported(ref scratch).Span.ToArray());
        }
        Assert.Equal(star.Method.Readout is not null || star.Method.Center is CenterNesterov, scratch is not null);
        scratch?.Dispose();
    }
}
