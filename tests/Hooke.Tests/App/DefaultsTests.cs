using System.Globalization;
using Hooke.App.Training;
using Hooke.Methods.Catalog;
using Hooke.Models.Data;
using Hooke.Numerics;
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

    /// <summary>A squared error is some twenty times steeper in an output than the cross-entropy that a model's scale was measured with.</summary>
    [Theory, MemberData(nameof(All))]
    public void Every_method_learns_numbers_with_its_defaults(string model, string method)
    {
        using var scratch = new Scratch();
        string table = scratch.At("prices.csv");
        var noise = new Noise(1, 0, 0, NoiseStream.Generation);
        double[] prices = new double[400];
        string[] lines = [.. prices.Select((_, k) =>
        {
            double rooms = 1 + 5 * noise.Uniform(3 * k), area = 20 + 180 * noise.Uniform(3 * k + 1);
            prices[k] = 20000 * rooms + 1500 * area + 1000 * (noise.Uniform(3 * k + 2) - 0.5);
            return string.Create(CultureInfo.InvariantCulture, $"{rooms:f3},{area:f1},{prices[k]:f2}");
        })];
        File.WriteAllLines(table, ["rooms,area,price", .. lines]);
        var said = new RunFile
        {
            ["model"] = model, ["method"] = method, ["data"] = $"{table}:target=price", ["workers"] = AllMethods.Find(method).IsSequential ? "1" : "4",
        };
        if (model == "mlp") said["hidden"] = "16";
        var run = Resolution.Of(said, _ => { });
        double mean = prices.Average(), variance = prices.Average(price => (price - mean) * (price - mean));
        Assert.InRange(Loss(run), 0, 0.05 * variance);
    }

    private static double Loss(RunFile said) => Loss(Resolution.Of(said, _ => { }, Figures.Value));

    private static double Loss(Resolution run)
    {
        using var star = VirtualTime.Prepare(run.Method, run.Network, run.Workers, Presets.Cloud, run.Seed);
        var outcome = VirtualTime.Run(star, new(run.Plan.Samples, run.Plan.Batch), Presets.Cloud).Run;
        Assert.Null(outcome.Divergence);
        return outcome.Last!.TrainLoss;
    }
}
