using Hooke.App.Training;
using Hooke.Methods;
using Xunit;

namespace Hooke.Tests.App;

public sealed class RunFileTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void The_run_file_of_a_run_reproduces_it_bit_by_bit()
    {
        Cli.Json(scratch.Train("first", "--dropout", "0.1", "--schedule", "drops:20/2", "--sampling", "loaders", "--l2", "1e-4"));
        Cli.Json("train", scratch.At("first/run.json"), "--run", scratch.At("second"));
        Assert.Equal(File.ReadAllText(scratch.At("first/run.json")), File.ReadAllText(scratch.At("second/run.json")));
        Assert.Equal(File.ReadAllBytes(scratch.At("first/center.safetensors")), File.ReadAllBytes(scratch.At("second/center.safetensors")));
    }

    [Fact]
    public void Other_workers_derive_the_moving_rate_anew_unless_it_was_said()
    {
        var resolved = Resolve(new() { ["workers"] = "2" });
        Assert.Equal(("0.45", "0.45"), (resolved["moving-rate"], resolved["center-rate"]));
        Assert.Superset(new HashSet<string> { "center-rate", "moving-rate", "batch" }, resolved.Derived);
        Assert.DoesNotContain("workers", resolved.Derived);

        resolved.Override(new() { ["workers"] = "3" });
        var more = Resolve(resolved);
        Assert.Equal(("0.3", "0.3"), (more["moving-rate"], more["center-rate"]));

        var said = Resolve(new() { ["workers"] = "2", ["moving-rate"] = "0.2" });
        said.Override(new() { ["workers"] = "3" });
        Assert.Equal(("0.2", "0.2"), (Resolve(said)["moving-rate"], Resolve(said)["center-rate"]));
    }

    [Fact]
    public void A_center_rate_follows_the_moving_rate_and_leaves_it_alone()
    {
        var resolved = Resolve(new() { ["workers"] = "2" });
        resolved.Override(new() { ["moving-rate"] = "0.1" });
        Assert.Equal("0.1", Resolve(resolved)["center-rate"]);
        Assert.Equal("0.45", Resolve(new() { ["workers"] = "2", ["center-rate"] = "0.1" })["moving-rate"]);
    }

    [Fact]
    public void Another_method_brings_its_own_values_but_keeps_what_was_said()
    {
        var resolved = Resolve(new() { ["method"] = "eamsgd", ["workers"] = "2", ["period"] = "7", ["epochs"] = "2" });
        resolved.Override(new() { ["method"] = "downpour" });
        var other = Resolve(resolved);
        Assert.Equal(("7", "2", "2"), (other["period"], other["epochs"], other["workers"]));
        Assert.Null(other["momentum"]);
        Assert.Null(other["moving-rate"]);
        Assert.Equal(Resolve(new() { ["method"] = "downpour", ["workers"] = "2", ["period"] = "7" })["learning-rate"], other["learning-rate"]);
    }

    [Fact]
    public void Another_model_brings_its_own_batch_rate_and_schedule_but_keeps_what_was_said()
    {
        var resolved = Resolve(new() { ["method"] = "eamsgd", ["epochs"] = "2" });
        Assert.Equal(("32", "0.0232", "cosine"), (resolved["batch"], resolved["learning-rate"], resolved["schedule"]));
        resolved.Override(new() { ["model"] = "mlp" });
        var other = Resolve(resolved);
        Assert.Equal(("16", "0.014", "cosine", "2"), (other["batch"], other["learning-rate"], other["schedule"], other["epochs"]));
    }

    // 300 examples: every one of up to four workers is to make 2000 steps.
    [Theory]
    [InlineData("fashion-cnn", "1", null, "32", "214")]
    [InlineData("fashion-cnn", "2", null, "32", "427")]
    [InlineData("mlp", "2", null, "16", "214")]
    [InlineData("softmax", "4", null, "16", "427")]
    [InlineData("softmax", "100", null, "16", "427")]
    [InlineData("mlp", "2", "1", "1", "14")]
    [InlineData("mlp", "2", "300", "300", "4000")]
    public void Epochs_of_a_small_set_follow_its_rows_the_workers_and_the_batch(string model, string workers, string? said, string batch, string epochs)
    {
        var file = Resolve(new() { ["model"] = model, ["workers"] = workers, ["batch"] = said });
        Assert.Equal((batch, epochs, "1"), (file["batch"], file["epochs"], file["evaluate-every"]));
    }

    [Fact]
    public void What_was_derived_follows_the_batch_the_momentum_and_the_epochs_that_are_now_said()
    {
        var resolved = Resolve(new() { ["model"] = "mlp", ["workers"] = "2" });
        Assert.Equal(("16", "214", "0.014"), (resolved["batch"], resolved["epochs"], resolved["learning-rate"]));
        resolved.Override(new() { ["batch"] = "32", ["momentum"] = "0" });
        resolved = Resolve(resolved);
        Assert.Equal(("427", "0.15"), (resolved["epochs"], resolved["learning-rate"]));
        resolved.Override(new() { ["epochs"] = "3" });
        Assert.Equal("0.3", Resolve(resolved)["evaluate-every"]);
    }

    // 300 examples, 2 epochs, batches of 10 and 3 workers; the whole set is one step of gradient descent.
    [Theory]
    [InlineData("eamsgd", 3, 20)]
    [InlineData("sgd", 1, 60)]
    [InlineData("gd", 1, 2)]
    public void A_cosine_ends_with_the_run(string method, int workers, long steps)
    {
        RunFile said = new() { ["method"] = method, ["workers"] = $"{workers}", ["epochs"] = "2", ["batch"] = "10", ["data"] = scratch.Data };
        Assert.Equal(new CosineRate(steps), Resolution.Of(said, _ => { }).Method.Schedule.Rate);
    }

    [Fact]
    public void A_run_file_reads_back_as_it_was_written()
    {
        var resolved = Resolve(new() { ["method"] = "mvasgd", ["average-from"] = "first-drop", ["schedule"] = "stagnation:50/2/5", ["learning-rate"] = "1E-2", ["seed"] = "18446744073709551615" });
        var back = RunFile.Parse(resolved.ToJson(), "text");
        Assert.Null(resolved.FirstDifference(back));
        Assert.Equal(resolved.ToJson(), back.ToJson());
        Assert.Equal(resolved.ToJson(), Resolve(back).ToJson());
    }

    [Fact]
    public void A_run_file_may_have_comments_lists_and_trailing_commas()
    {
        var file = RunFile.Parse("// widths\n{ \"hidden\": [16, 8], /* the rest */ \"learningRate\": 0.5, \"period\": null, }", "text");
        Assert.Equal(("16,8", "0.5", null), (file["hidden"], file["learning-rate"], file["period"]));
    }

    [Fact]
    public void A_run_file_says_nothing_of_hidden_layers_where_there_are_none()
    {
        var file = Resolve(new() { ["model"] = "softmax" });
        Assert.Null(file["hidden"]);
        Assert.Null(file["dropout"]);
    }

    [Fact]
    public void No_bound_on_staleness_is_a_choice()
        => Assert.Null(Resolve(new() { ["method"] = "async-sgd", ["staleness-bound"] = "none" })["staleness-bound"]);

    private RunFile Resolve(RunFile said)
    {
        said["data"] = scratch.Data;
        return Resolution.Of(said, _ => { }).File;
    }
}
