using System.Text.Json;
using Hooke.App.Training;
using Hooke.Methods.Catalog;
using Xunit;

namespace Hooke.Tests.App;

public sealed class CompareTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void Of_every_method_the_rate_with_the_smallest_error_is_reported()
    {
        var json = Cli.Json("compare", "--methods", "easgd,sgd", "--learning-rates", "0.001,0.05,1e30", "--levels", "0.5,0.00001", "--data", scratch.Data, "--model", "softmax", "--loss", "squared-error", "--epochs", "2", "--batch", "10", "--workers", "2", "--period", "5");
        Assert.Equal("tiny", json.GetProperty("data").GetString());
        var trials = json.GetProperty("trials").EnumerateArray().ToArray();
        Assert.Equal(["easgd", "easgd", "easgd", "sgd", "sgd", "sgd"], trials.Select(trial => trial.GetProperty("result").GetProperty("method").GetString()));
        Assert.Equal([2, 2, 2, 1, 1, 1], trials.Select(trial => trial.GetProperty("result").GetProperty("workers").GetInt32()));
        foreach (var best in json.GetProperty("methods").EnumerateArray())
        {
            double smallest = trials.Where(trial => trial.GetProperty("result").GetProperty("method").GetString() == best.GetProperty("method").GetString() && trial.GetProperty("result").GetProperty("diverged").ValueKind == JsonValueKind.Null)
                .Min(trial => trial.GetProperty("result").GetProperty("bestTestError").GetDouble());
            Assert.Equal(smallest, best.GetProperty("bestTestError").GetDouble());
            Assert.Equal(2, best.GetProperty("secondsToLevel").GetArrayLength());
        }
        Assert.Equal(["easgd", "sgd"], json.GetProperty("methods").EnumerateArray().Select(best => best.GetProperty("method").GetString()));
    }

    [Fact]
    public void A_method_that_always_diverges_is_said_to()
    {
        var printed = Cli.Run("compare", "--methods", "sgd", "--learning-rates", "1e30", "--data", scratch.Data, "--model", "softmax", "--loss", "squared-error", "--epochs", "1", "--batch", "10");
        Assert.Equal(0, printed.Code);
        Assert.Contains("sgd diverged at every learning rate", printed.Output);
    }

    [Fact]
    public void The_presets_are_runs_that_exist()
    {
        foreach (var (name, grid) in ThesisGrids.All)
        {
            var trials = Comparison.Plan(new() { ["data"] = scratch.Data }, grid, _ => { });
            Assert.Equal(grid.Sum(entry => entry.LearningRates.Count), trials.Count);
            Assert.All(grid, entry => Assert.Contains(entry.Method, AllMethods.Recipes.Select(recipe => recipe.Name)));
            Assert.True(trials.Count >= 8, name);
        }
    }
}
