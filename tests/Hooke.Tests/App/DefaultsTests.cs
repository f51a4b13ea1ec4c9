using System.Globalization;
using Hooke.App.Training;
using Hooke.Methods.Catalog;
using Hooke.Models.Data;
using Hooke.Simulator;
using Xunit;

namespace Hooke.Tests.App;

/// <summary>With nothing said but a model and a method, a run learns. How well on real data, bench/defaults.md says.</summary>
public sealed class DefaultsTests
{
    // Figures of ten kinds, drawn so that a thousand of them say little about others: what is learned is seen on the training set.
    private static readonly Lazy<DataSet> Figures = new(() => Glyphs.Generate(1000, 100));
    private static readonly double Chance = Math.Log(10);

    /// <summary>Every method but gradient descent, which makes a step an epoch.</summary>
    public static TheoryData<string, string> All =>
    [
        .. from recipe in AllMethods.Recipes
           where recipe.Name != "gd"
           from model in (string[])["softmax", "mlp"]
           select new TheoryDataRow<string, string>(model, recipe.Name),
    ];

    [Theory, MemberData(nameof(All))]
    public void Every_method_learns_with_its_defaults_in_a_quarter_of_the_epochs(string model, string method)
    {
        var said = new RunFile { ["model"] = model, ["method"] = method, ["workers"] = AllMethods.Find(method).IsSequential ? "1" : "4" };
        if (model == "mlp") said["hidden"] = "32";
        var whole = Resolution.Of(said, _ => { }, Figures.Value);
        Assert.InRange(whole.Plan.Samples / whole.Plan.Batch / whole.Workers, 2000, 2100);
        // A moving average remembers a thousand updates, half of what there are in all.
        if (method != "mvasgd") said["epochs"] = Resolution.Invariant(double.Parse(whole.File["epochs"]!, CultureInfo.InvariantCulture) / 4);
        Assert.InRange(Loss(said), 0, 0.35 * Chance);
    }

    private static double Loss(RunFile said)
    {
        var run = Resolution.Of(said, _ => { }, Figures.Value);
        using var star = VirtualTime.Prepare(run.Method, run.Network, run.Workers, Presets.Cloud, run.Seed);
        var outcome = VirtualTime.Run(star, new(run.Plan.Samples, run.Plan.Batch), Presets.Cloud).Run;
        Assert.Null(outcome.Divergence);
        return outcome.Last!.TrainLoss;
    }
}
