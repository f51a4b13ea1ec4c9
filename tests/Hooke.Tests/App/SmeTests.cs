using System.Text.Json;
using Xunit;

namespace Hooke.Tests.App;

public sealed class SmeTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("asgd")]
    [InlineData("sme-asgd")]
    [InlineData("sme-asgd-linear")]
    [InlineData("sme-sgd")]
    [InlineData("sme-msgd")]
    public void Run_prints_moments_at_the_recorded_steps(string scheme)
    {
        foreach (string solver in (string[])["splitting", "euler-maruyama", "weak-second-order"])
        {
            var json = Cli.Json("sme", "run", "--scheme", scheme, "--solver", solver, "--steps", "40", "--paths", "64", "--points", "5", "--staleness", "0.9");
            Assert.Equal([0, 10, 20, 30, 40], json.GetProperty("steps").EnumerateArray().Select(k => k.GetInt32()));
            foreach (string column in (string[])["mean", "secondMoment", "standardError", "secondMomentStandardError"]) Assert.Equal(5, json.GetProperty(column).GetArrayLength());
            Assert.Equal(1, json.GetProperty("mean")[0].GetDouble());
            Assert.InRange(json.GetProperty("fractionPositive").GetDouble(), 0, 1);
        }
    }

    [Fact]
    public void Batch_prints_the_schedule_of_figure_6()
    {
        var json = Cli.Json("sme", "batch", "--curvature", "1", "--staleness", "0.9", "--learning-rate", "0.02", "--noise", "0.02083", "--horizon", "20", "--cost", "3.625e-9");
        Assert.Equal((699, 42, 865), (json.GetProperty("transitionStep").GetInt32(), json.GetProperty("finalBatch").GetInt32(), json.GetProperty("consistentTransitionStep").GetInt32()));
        Assert.Equal(1000, json.GetProperty("schedule").GetArrayLength());
        // What it prints can be run.
        Assert.Equal(0, Cli.Run("sme", "run", "--objective", "shifted-quadratics", "--staleness", "0.9", "--steps", "10", "--paths", "8", "--batch", json.GetProperty("option").GetString()!).Code);
    }

    [Fact]
    public void Moments_prints_what_is_exact()
    {
        var json = Cli.Json("sme", "moments", "--staleness", "0.97", "--steps", "300");
        double Error(string equation, string part) => json.GetProperty("maximalErrors").GetProperty(equation).GetProperty(part).GetDouble();
        Assert.InRange(Error("smeSgd", "mean") / Error("smeAsgd", "mean"), 10, 1000);
        Assert.Equal(301, json.GetProperty("asgd").GetProperty("mean").GetArrayLength());
        Assert.Equal(0.92, json.GetProperty("optimalStaleness").GetDouble(), 1e-12);
    }

    [Fact]
    public void Fit_finds_the_staleness_of_a_simulated_run_and_its_equation_can_be_run()
    {
        string[] train = scratch.Train("run");
        int momentum = Array.IndexOf(train, "--momentum"); // which the method does not have
        train = [.. train[..momentum], .. train[(momentum + 2)..]];
        train[0] = "simulate";
        train[Array.IndexOf(train, "--workers") + 1] = "4";
        Assert.Equal(0, Cli.Run([.. train, "--method", "async-sgd"]).Code);
        var json = Cli.Json("sme", "fit", scratch.At("run"));
        double staleness = json.GetProperty("staleness").GetDouble(), mean = json.GetProperty("meanStaleness").GetDouble();
        Assert.Equal(mean / (1 + mean), staleness, 1e-12);
        Assert.Equal(0.75, json.GetProperty("expectedMomentum").GetDouble());
        Assert.InRange(staleness, 0.5, 0.8);
        Assert.Equal(0, Cli.Run("sme", "run", "--scheme", "sme-asgd", "--paths", "8", "--steps", "5", "--staleness", json.GetProperty("exponentials").GetProperty("law").GetString()!).Code);
    }

    [Theory]
    [InlineData("staleness is 1; it must be at least 0 and below 1", "run", "--staleness", "1")]
    [InlineData("staleness is much; it must be", "run", "--staleness", "much")]
    [InlineData("objective is hill; it must be quadratic-pair, quartic-pair, double-well or shifted-quadratics", "run", "--objective", "hill")]
    [InlineData("scheme is sgd; it must be asgd, sme-asgd", "run", "--scheme", "sgd")]
    [InlineData("scheme is sme-asgd-linear; double-well has nonlinear gradients", "run", "--scheme", "sme-asgd-linear", "--objective", "double-well")]
    [InlineData("batch is given with scheme sme-sgd; only asgd has batches", "run", "--scheme", "sme-sgd", "--batch", "4")]
    [InlineData("batch is 4@3; it must be a whole number", "run", "--batch", "4@3")]
    [InlineData("paths is 0; it must be a whole number from 1", "run", "--paths", "0")]
    [InlineData("learning-rate is -1; it must be a finite number above 0", "moments", "--learning-rate", "-1")]
    [InlineData("clock is wall; it must be gradient-flow or asynchronous", "batch", "--clock", "wall")]
    [InlineData("horizon is 0.001, 0.05 steps; it must be 1 to 1000000 steps", "batch", "--horizon", "0.001")]
    [InlineData("run folder nowhere does not exist", "fit", "nowhere")]
    public void Bad_input_is_refused_in_one_line(string message, params string[] args)
    {
        var printed = Cli.Run(["sme", .. args]);
        Assert.Equal(2, printed.Code);
        Assert.Contains(message, printed.Error);
        Assert.Single(printed.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public void Paths_that_diverge_end_with_their_own_exit_code()
        => Assert.Equal(3, Cli.Run("sme", "run", "--objective", "quartic-pair", "--learning-rate", "1", "--paths", "8", "--steps", "50").Code);

    [Fact]
    public void An_optimal_batch_schedule_is_estimated_once_and_the_same_on_threads_and_in_virtual_time()
    {
        string[] real = [.. scratch.Train("real"), "--batch-schedule", "optimal"], simulated = [.. scratch.Train("virtual"), "--batch-schedule", "optimal"];
        simulated[0] = "simulate";
        Assert.Equal(0, Cli.Run(real).Code);
        Assert.Equal(0, Cli.Run(simulated).Code);
        Assert.Equal(File.ReadAllBytes(scratch.At("real/center.safetensors")), File.ReadAllBytes(scratch.At("virtual/center.safetensors")));
        string run = File.ReadAllText(scratch.At("real/run.json"));
        var json = JsonDocument.Parse(run).RootElement;
        Assert.Equal("optimal", json.GetProperty("batchSchedule").GetString());
        Assert.Contains("@", json.GetProperty("batchCourse").GetString());
        // Run again from its folder: the same course, the same bits.
        Assert.Equal(0, Cli.Run("train", scratch.At("real/run.json"), "--run", scratch.At("again")).Code);
        Assert.Equal(run, File.ReadAllText(scratch.At("again/run.json")));
        Assert.Equal(File.ReadAllBytes(scratch.At("real/center.safetensors")), File.ReadAllBytes(scratch.At("again/center.safetensors")));
    }
}
