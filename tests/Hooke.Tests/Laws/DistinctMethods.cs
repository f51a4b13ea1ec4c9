using Hooke.Methods.Catalog;
using Hooke.Problems;
using Hooke.Runs;
using Xunit;

namespace Hooke.Tests.Laws;

/// <summary>Different names are different methods, but for stated equalities.</summary>
public class DistinctMethods
{
    private static readonly (string, string)[] Equal = [("async-sgd", "downpour")];

    [Fact]
    public void Different_names_report_different_models_but_for_stated_equalities()
    {
        var runs = AllMethods.Recipes.Select(recipe => (recipe.Name, Models: Run(recipe))).ToArray();
        for (int a = 0; a < runs.Length; a++)
            for (int b = 0; b < a; b++)
            {
                var names = new[] { runs[a].Name, runs[b].Name }.Order().ToArray();
                bool same = runs[a].Models.AsSpan().SequenceEqual(runs[b].Models);
                Assert.True(same == Equal.Contains((names[0], names[1])), $"{names[0]} and {names[1]} are {(same ? "" : "not ")}the same");
                if (!same) Assert.True(Play.Distance(runs[a].Models, runs[b].Models) > 1e-6, $"{names[0]} and {names[1]} differ by rounding only");
            }
    }

    /// <summary>The reported model after each of 50 steps of two workers, all else at its default.</summary>
    private static double[] Run(Recipe recipe)
    {
        int workers = recipe.IsSequential ? 1 : 2;
        var method = recipe.Create(new(workers) { Values = new Dictionary<string, double> { ["learning-rate"] = 0.02 } });
        using var star = new Star<double>(method, new Quadratic<double>([0.5, 1, 2], start: [1, -1, 2], deviation: 0.3), workers, seed: 5);
        var models = new List<double>();
        for (int s = 0; s < 50; s++)
        {
            Turns.Run(star, 1);
            models.AddRange(Play.Report(star));
        }
        return [.. models];
    }
}
