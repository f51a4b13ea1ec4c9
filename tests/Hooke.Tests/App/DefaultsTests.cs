using Hooke.App.Training;
using Hooke.Methods.Catalog;
using Hooke.Models.Data;
using Hooke.Simulator;
using Xunit;

namespace Hooke.Tests.App;

/// <summary>With nothing said but a model and a method, a run learns. How well on real data, bench/defaults.md says.</summary>
public sealed class DefaultsTests
{
    private const double Chance = 0.9;
    private static readonly Lazy<DataSet> Figures = new(() => Glyphs.Generate(1000, 400));

    /// <summary>Every method but gradient descent, which makes a step an epoch, and every number of workers that a figure is stated for.</summary>
    public static TheoryData<string, string, int> All =>
    [
        .. from recipe in AllMethods.Recipes
           where recipe.Name != "gd"
           from model in (string[])["softmax", "mlp"]
           from workers in recipe.IsSequential ? [1] : (int[])[2, 8]
           select new TheoryDataRow<string, string, int>(model, recipe.Name, workers),
    ];

    [Theory, MemberData(nameof(All))]
    public void Every_method_learns_with_its_defaults(string model, string method, int workers)
    {
        double error = Error(new() { ["model"] = model, ["method"] = method, ["workers"] = $"{workers}" });
        Assert.True(error < Chance / 3, $"test error {error}");
    }

    private static double Error(RunFile said)
    {
        if (said["model"] == "mlp") said["hidden"] = "32";
        var run = Resolution.Of(said, _ => { }, Figures.Value);
        using var star = VirtualTime.Prepare(run.Method, run.Network, run.Workers, Presets.Cloud, run.Seed);
        var outcome = VirtualTime.Run(star, new(run.Plan.Samples, run.Plan.Batch), Presets.Cloud).Run;
        Assert.Null(outcome.Divergence);
        return outcome.Last!.TestError!.Value;
    }
}
