using System.Text.Json;
using Xunit;

namespace Hooke.Tests.App;

public sealed class TrainTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("eamsgd", 2)]
    [InlineData("downpour", 2)]
    [InlineData("easgd-tree", 3)]
    [InlineData("downpour-tree", 4)]
    [InlineData("sgd", 1)]
    public void The_JSON_document_has_the_contracts_fields(string method, int workers)
    {
        var json = Cli.Json("train", "--method", method, "--data", scratch.Data, "--workers", $"{workers}", "--epochs", "2", "--batch", "10", "--run", scratch.At("run"));
        string[] fields = ["method", "model", "data", "workers", "seed", "epochs", "samples", "testError", "bestTestError", "testLoss", "trainLoss", "seconds", "wallSeconds", "time", "exchanges", "bytes", "staleness", "consensus", "run"];
        foreach (string field in fields) Assert.True(json.TryGetProperty(field, out _), field);
        foreach (string field in (string[])["compute", "data", "communication", "waiting"]) Assert.Equal(JsonValueKind.Number, json.GetProperty("time").GetProperty(field).ValueKind);
        foreach (string field in (string[])["mean", "max", "histogram"]) Assert.True(json.GetProperty("staleness").TryGetProperty(field, out _), field);
        Assert.Equal((method, "fashion-cnn", "tiny", workers), (json.GetProperty("method").GetString(), json.GetProperty("model").GetString(), json.GetProperty("data").GetString(), json.GetProperty("workers").GetInt32()));
        Assert.Equal(2 * Scratch.TrainCount, json.GetProperty("samples").GetInt32());
        Assert.Equal(2, json.GetProperty("epochs").GetDouble());
        Assert.Equal(scratch.At("run"), json.GetProperty("run").GetString());
        Assert.True(json.GetProperty("bestTestError").GetDouble() <= json.GetProperty("testError").GetDouble());
        Assert.Equal(method != "sgd", json.GetProperty("exchanges").GetInt64() > 0);
    }

    [Fact]
    public void The_run_folder_holds_what_is_documented()
    {
        Assert.Equal(0, Cli.Run(scratch.Train("run")).Code);
        string[] files = [.. Directory.EnumerateFiles(scratch.At("run"), "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(scratch.At("run"), file)).Order(StringComparer.Ordinal)];
        Assert.Equal(["center.safetensors", "curves.svg", "result.json", "run.json", "state/checkpoint.safetensors", "state/lock", "state/start.json", "trace.jsonl"], files);
        System.Xml.Linq.XDocument.Parse(File.ReadAllText(scratch.At("run/curves.svg")));
    }

    [Fact]
    public void The_trace_carries_everything_about_the_center_and_every_worker()
    {
        Assert.Equal(0, Cli.Run(scratch.Train("run", "--measure", "gradient")).Code);
        string[] lines = File.ReadAllLines(scratch.At("run/trace.jsonl"));
        Assert.Equal(7, lines.Length); // the start, and six half epochs
        var last = JsonDocument.Parse(lines[^1]).RootElement;
        string[] fields = ["seconds", "wallSeconds", "samples", "epochs", "updates", "trainLoss", "testLoss", "testError", "consensus", "norm", "silentUnits", "exchanges", "dropped", "bytes", "stalenessMean", "stalenessMax", "workers", "gradient"];
        Assert.Equal(fields, last.EnumerateObject().Select(property => property.Name));
        string[] accounts = ["worker", "steps", "samples", "loss", "learningRate", "compute", "data", "communication", "waiting", "exchanges", "bytes"];
        Assert.Equal(accounts, last.GetProperty("workers")[0].EnumerateObject().Select(property => property.Name));
        Assert.Equal(["squaredNorm", "variance", "smoothness", "gap"], last.GetProperty("gradient").EnumerateObject().Select(property => property.Name));
        Assert.Equal(Enumerable.Range(0, 7).Select(k => 150L * k), lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("samples").GetInt64()));
    }

    [Fact]
    public void The_model_in_center_safetensors_makes_the_reported_error()
    {
        var json = Cli.Json(scratch.Train("run"));
        var saved = new SavedModel(scratch.At("run/center.safetensors"));
        int wrong = 0;
        for (int example = 0; example < Scratch.TestCount; example++)
        {
            double[] y = saved.Outputs([.. scratch.TestPixels.Skip(16 * example).Take(16).Select(pixel => (double)pixel)], out _);
            if (Array.IndexOf(y, y.Max()) != scratch.TestLabels[example]) wrong++;
        }
        Assert.Equal((double)wrong / Scratch.TestCount, json.GetProperty("testError").GetDouble());
        Assert.True(wrong < Scratch.TestCount / 2, "it should have learned something");
        double[] pixels = [.. scratch.TrainPixels.Select(pixel => pixel / 255.0)];
        Assert.Equal(pixels.Average(), Assert.Single(saved.Numbers("pixelMean")), 1e-12);
    }

    [Fact]
    public void Two_runs_with_one_worker_are_equal_bit_by_bit_and_their_files_carry_no_time()
    {
        foreach (string run in (string[])["a", "b"]) Assert.Equal(0, Cli.Run(scratch.Train(run)).Code);
        Assert.Equal(File.ReadAllBytes(scratch.At("a/center.safetensors")), File.ReadAllBytes(scratch.At("b/center.safetensors")));
        Assert.Equal(File.ReadAllText(scratch.At("a/run.json")), File.ReadAllText(scratch.At("b/run.json")));
    }

    [Fact]
    public void A_run_that_diverges_says_where_keeps_a_finite_checkpoint_and_exits_with_3()
    {
        var printed = Cli.Run(scratch.Train("run", "--activation", "relu", "--loss", "squared-error")[..^0].Select(word => word == "0.01" ? "1e30" : word).Append("--json").ToArray());
        Assert.Equal(3, printed.Code);
        var where = printed.Json.GetProperty("diverged");
        Assert.Equal(0, where.GetProperty("worker").GetInt32());
        Assert.InRange(where.GetProperty("step").GetInt64(), 1, 15);
        Assert.Contains($"diverged at worker 0, step {where.GetProperty("step")}", printed.Error);
        Assert.Equal(JsonValueKind.Null, printed.Json.GetProperty("testError").ValueKind);
        Assert.False(File.Exists(scratch.At("run/center.safetensors")));
        Assert.All(new SavedModel(scratch.At("run/state/checkpoint.safetensors")).Tensors, values => Assert.All(values, value => Assert.True(float.IsFinite(value))));
        Assert.Equal(3, Cli.Run("resume", scratch.At("run")).Code);
    }

    [Fact]
    public void A_sequential_method_runs_with_one_worker_and_says_so()
    {
        var json = Cli.Json("train", "--method", "sgd", "--data", scratch.Data, "--workers", "3", "--epochs", "1", "--run", scratch.At("run"));
        Assert.Equal(1, json.GetProperty("workers").GetInt32());
        Assert.Equal("sgd is sequential: it runs with 1 worker, not 3", json.GetProperty("warnings")[0].GetString());
    }
}
