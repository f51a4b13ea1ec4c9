using Hooke.App.Commands;
using Hooke.Engine.Checkpoints;
using Xunit;

namespace Hooke.Tests.App;

/// <summary><c>hooke train --method hogwild</c>.</summary>
public sealed class HogwildTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hooke-hogwild-").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    [Theory]
    [InlineData("logistic", "d32m32", "asynchronous")]
    [InlineData("hinge", "d8m16", "locked")]
    [InlineData("least-squares", "d16m16", "round-robin")]
    public void A_run_learns_and_leaves_its_folder(string model, string precision, string timing)
    {
        var result = Cli.Json([.. Train("run"), "--model", model, "--precision", precision, "--timing", timing]);
        Assert.InRange(result.GetProperty("testError").GetDouble(), 0, 0.02);
        Assert.Equal(precision, result.GetProperty("shared").GetProperty("precision").GetString());
        foreach (string name in (string[])["run.json", "trace.jsonl", "center.safetensors", "curves.svg", "result.json"]) Assert.True(File.Exists(At("run/" + name)), name);
        // Again from its run file, with one worker: the same twice.
        var again = Cli.Json("train", At("run/run.json"), "--workers", "1", "--run", At("again"));
        var third = Cli.Json("train", At("again/run.json"), "--run", At("third"));
        Assert.Equal(again.GetProperty("trainLoss").GetDouble(), third.GetProperty("trainLoss").GetDouble());
    }

    [Fact]
    public void The_reported_weights_are_in_the_order_of_the_data()
    {
        Cli.Json(Train("run"));
        var (tensors, metadata) = Safetensors.Read(At("run/center.safetensors"), "F32");
        float[] weights = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(tensors.Single(tensor => tensor.Name == "weight").Data.Span).ToArray();
        Assert.Equal(5, weights.Length);
        // Feature 2 says yes, feature 4 no, 1 and 3 nothing much; 5 is never there.
        Assert.True(weights[1] > 0.5 && weights[3] < -0.5 && weights[4] == 0, string.Join(' ', weights));
        Assert.Equal("-1,1", metadata["classes"]);
    }

    [Fact]
    public void More_classes_are_told_apart_one_against_the_rest()
    {
        File.WriteAllText(At("three.svm"), string.Concat(Enumerable.Range(0, 600).Select(k => $"{k % 3 + 4} {k % 3 + 1}:1 {4 + k % 5}:0.3\n")));
        var result = Cli.Json("train", "--method", "hogwild", "--data", At("three.svm"), "--workers", "2", "--run", At("three"));
        Assert.Equal(0, result.GetProperty("testError").GetDouble());
    }

    [Theory]
    [InlineData("precision is d7m8; it must be d32m32, d32m16, d32m8, d16m32, d16m16, d16m8, d8m32, d8m16 or d8m8", "--precision", "d7m8")]
    [InlineData("timing is synchronous; it must be asynchronous (lock-free), locked or round-robin for hogwild", "--timing", "synchronous")]
    [InlineData("moving-rate is 0.1; hogwild on a linear model has no moving-rate", "--moving-rate", "0.1")]
    [InlineData("model-range is 2; a model of floats has no range", "--model-range", "2")]
    [InlineData("model is mlp; it must be logistic, hinge or least-squares for hogwild", "--model", "mlp")]
    [InlineData("batch is 300; it must be a whole number from 1 to 256", "--batch", "300")]
    public void What_it_does_not_take_is_refused(string message, params string[] options)
    {
        var printed = Cli.Run([.. Train("bad"), .. options]);
        Assert.Equal((ExitCode.BadInput, $"hooke: {message}"), (printed.Code, printed.Error.Trim()));
    }

    [Fact]
    public void Many_cores_are_simulated_the_same_every_time()
    {
        string[] line = ["simulate", .. Train("sim")[1..5], "--workers", "64", "--epochs", "2", "--write-delay", "0"];
        var one = Cli.Json([.. line, "--run", At("one")]);
        var two = Cli.Json([.. line, "--run", At("two")]);
        Assert.Equal(one.GetProperty("trainLoss").GetDouble(), two.GetProperty("trainLoss").GetDouble());
        Assert.InRange(one.GetProperty("staleness").GetProperty("mean").GetDouble(), 30, 64);
        Assert.Contains("precision is d8m8; simulated hogwild takes precision d32m32 only", Cli.Run([.. line, "--precision", "d8m8", "--run", At("three")]).Error);
    }

    [Fact]
    public void Other_methods_refuse_what_only_it_has()
    {
        Assert.Contains("precision is d8m8; only hogwild has precision", Cli.Run("train", "--precision", "d8m8", "--run", At("x")).Error);
        Assert.Contains("method is easgd; a linear model is trained by hogwild, or by sgd for one worker", Cli.Run("train", "--method", "easgd", "--model", "hinge", "--run", At("x")).Error);
        Assert.Contains("only hooke train and hooke simulate run it", Cli.Run("compare", "--methods", "sgd", "--model", "hinge").Error);
    }

    private string[] Train(string run)
    {
        if (!File.Exists(At("two.svm")))
            File.WriteAllText(At("two.svm"), "-1 5:0\n" + string.Concat(Enumerable.Range(0, 1000).Select(k => $"{(k % 2 == 0 ? 1 : -1)} {(k % 3 == 0 ? "1:0.4 " : "")}{(k % 2 == 0 ? "2:0.8 3:0.2" : "3:0.2 4:0.8")}\n")));
        return ["train", "--method", "hogwild", "--data", At("two.svm"), "--workers", "2", "--run", At(run)];
    }

    private string At(string name) => Path.Combine(folder, name);
}
