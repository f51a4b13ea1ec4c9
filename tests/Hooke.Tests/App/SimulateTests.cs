using System.Text.Json;
using Hooke.App.Simulation;
using Hooke.Simulator;
using Xunit;

namespace Hooke.Tests.App;

public sealed class SimulateTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("cloud")]
    [InlineData("stragglers")]
    public void One_simulated_worker_trains_the_model_that_one_real_worker_trains(string cluster)
    {
        Assert.Equal(0, Cli.Run(scratch.Train("real")).Code);
        Assert.Equal(0, Cli.Run(Simulate("virtual", "1", "--cluster", cluster)).Code);
        Assert.Equal(File.ReadAllBytes(scratch.At("real/center.safetensors")), File.ReadAllBytes(scratch.At("virtual/center.safetensors")));
        Assert.Equal(File.ReadAllText(scratch.At("real/run.json")), File.ReadAllText(scratch.At("virtual/run.json")));
        Assert.Equal(Losses("real"), Losses("virtual"));
    }

    [Fact]
    public void The_document_has_the_fields_of_train_and_the_cluster()
    {
        var real = Cli.Json(scratch.Train("real"));
        var json = Cli.Json(Simulate("virtual", "4"));
        Assert.Equal(real.EnumerateObject().Select(property => property.Name).Append("cluster").Order(), json.EnumerateObject().Select(property => property.Name).Order());
        Assert.Equal(4, json.GetProperty("workers").GetInt32());
        Assert.Equal("cloud", json.GetProperty("cluster").GetProperty("name").GetString());
        double parts = json.GetProperty("time").EnumerateObject().Sum(part => part.Value.GetDouble()), seconds = json.GetProperty("seconds").GetDouble();
        Assert.InRange(parts / seconds, 0.98, 1.02);
        var workers = JsonDocument.Parse(File.ReadLines(scratch.At("virtual/trace.jsonl")).Last()).RootElement.GetProperty("workers");
        Assert.Equal(4, workers.GetArrayLength());
        foreach (string picture in (string[])["curves.svg", "staleness.svg", "utilization.svg"]) System.Xml.Linq.XDocument.Parse(File.ReadAllText(scratch.At($"virtual/{picture}")));
    }

    [Fact]
    public void A_simulation_run_again_from_its_folder_has_the_same_bits()
    {
        var first = Cli.Json(Simulate("first", "3", "--cluster", Faulty()));
        var again = Cli.Json("simulate", scratch.At("first/run.json"), "--cluster", scratch.At("first/cluster.json"), "--run", scratch.At("again"));
        Assert.Equal(File.ReadAllBytes(scratch.At("first/center.safetensors")), File.ReadAllBytes(scratch.At("again/center.safetensors")));
        Assert.Equal(first.GetProperty("seconds").GetDouble(), again.GetProperty("seconds").GetDouble());
        Assert.Equal(first.GetProperty("cluster").GetRawText(), again.GetProperty("cluster").GetRawText());
        Assert.Equal(["died", "came-back"], first.GetProperty("cluster").GetProperty("incidents").EnumerateArray().Select(incident => incident.GetProperty("kind").GetString()!));
        Assert.Equal(2, File.ReadLines(scratch.At("first/faults.jsonl")).Count());
    }

    [Fact]
    public void A_sweep_runs_every_number_of_workers_in_a_folder_of_its_own()
    {
        var json = Cli.Json(Simulate("sweep", "1,2,4"));
        Assert.Equal([1, 2, 4], json.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("workers").GetInt32()));
        double[] seconds = [.. json.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("seconds").GetDouble())];
        Assert.True(seconds[0] > seconds[1] && seconds[1] > seconds[2]);
        System.Xml.Linq.XDocument.Parse(File.ReadAllText(scratch.At("sweep/sweep.svg")));
        Assert.True(File.Exists(scratch.At("sweep/workers-4/result.json")));
    }

    [Fact]
    public void Resume_prints_the_result_of_a_simulation_again()
    {
        var json = Cli.Json(Simulate("run", "2"));
        Assert.Equal(json.GetProperty("seconds").GetDouble(), Cli.Json("resume", scratch.At("run")).GetProperty("seconds").GetDouble());
        File.Delete(scratch.At("run/result.json"));
        var refused = Cli.Run("resume", scratch.At("run"));
        Assert.Equal(2, refused.Code);
        Assert.Contains("is a simulation that was cut short", refused.Error);
    }

    [Theory]
    [InlineData("{ \"base\": \"moon\" }", "base is moon; it must be cloud, office")]
    [InlineData("{ \"compute\": 0 }", "compute: its mean is 0; it must be at least 1e-12 seconds")]
    [InlineData("{ \"compute\": { \"law\": \"gamma\" } }", "law is gamma; it must be constant, exponential, geometric, lognormal, uniform or trace")]
    [InlineData("{ \"between\": { \"bandwidth\": \"fast\" } }", "between: bandwidth is fast; it must be a number of bytes a second")]
    [InlineData("{ \"center\": { \"latency\": -1 } }", "center: latency is -1; it must be a number of seconds from 0 to 1e9")]
    [InlineData("{ \"loss\": 1 }", "loss is 1; it must be at least 0 and below 1")]
    [InlineData("{ \"messageBytes\": -1 }", "messageBytes is -1; it must be a number of bytes from 0 to 1e15")]
    [InlineData("{ \"computer\": 1 }", "key computer is not known")]
    [InlineData("{ \"faults\": [{ \"kind\": \"explode\" }] }", "kind is explode; it must be die, return, join")]
    [InlineData("{ \"faults\": [{ \"kind\": \"die\", \"worker\": 9 }] }", "worker is 9; it must be from 0 to 1")]
    [InlineData("{ ", "is not valid JSON: line 1")]
    public void A_bad_cluster_file_is_refused_in_one_line(string text, string message)
    {
        File.WriteAllText(scratch.At("cluster.json"), text);
        var printed = Cli.Run(Simulate("run", "2", "--cluster", scratch.At("cluster.json")));
        Assert.Equal(2, printed.Code);
        Assert.Contains(message, printed.Error);
        Assert.Single(printed.Error.TrimEnd().Split('\n'));
        Assert.False(Directory.Exists(scratch.At("run")));
    }

    [Fact]
    public void A_tree_is_simulated()
    {
        var json = Cli.Json(Simulate("tree", "5", "--method", "eamsgd-tree", "--degree", "2", "--period", "1", "--period-inner", "2", "--cluster", "office"));
        Assert.Equal("eamsgd-tree", json.GetProperty("method").GetString());
        Assert.True(json.GetProperty("exchanges").GetInt64() > 0);
        Assert.True(json.GetProperty("cluster").GetProperty("links").EnumerateArray().Sum(link => link.GetProperty("bytes").GetDouble()) > 0);
    }

    [Fact]
    public void More_workers_than_fit_into_memory_are_refused()
    {
        string[] args = Simulate("run", "1000000");
        (args[Array.IndexOf(args, "--hidden") + 1], args[Array.IndexOf(args, "--epochs") + 1]) = ("1024,1024", "4000");
        var printed = Cli.Run(args);
        Assert.Equal(2, printed.Code);
        Assert.Contains("workers is 1000000; fashion-cnn takes ", printed.Error);
        Assert.False(Directory.Exists(scratch.At("run")));
    }

    [Fact]
    public void The_root_of_a_tree_can_not_be_restarted()
    {
        File.WriteAllText(scratch.At("restart.json"), """{ "faults": [{ "kind": "restart-center", "at": 1 }] }""");
        var printed = Cli.Run("simulate", "--method", "easgd-tree", "--data", scratch.Data, "--workers", "4", "--cluster", scratch.At("restart.json"), "--run", scratch.At("run"));
        Assert.Equal(2, printed.Code);
        Assert.Contains("method is easgd-tree; the nodes of a tree keep no checkpoints", printed.Error);
    }

    [Fact]
    public void A_bad_number_of_workers_or_cluster_is_refused()
    {
        var printed = Cli.Run(Simulate("run", "1,0"));
        Assert.Equal((2, true), (printed.Code, printed.Error.Contains("workers is 0; it must be a whole number from 1 to 1000000")));
        printed = Cli.Run(Simulate("run", "2", "--cluster", "moon"));
        Assert.Equal((2, true), (printed.Code, printed.Error.Contains("cluster is moon; it must be cloud, office, continents")));
        Assert.False(Directory.Exists(scratch.At("run")));
    }

    [Fact]
    public void Every_preset_reads_back_from_what_is_written()
    {
        File.WriteAllText(scratch.At("times.txt"), "0.1 0.2\n0.3");
        File.WriteAllText(scratch.At("own.json"), """{ "base": "office", "compute": { "law": "trace", "file": "times.txt" }, "center": { "bandwidth": "1.5 Gb/s" }, "messageBytes": "45 MB", "straggling": { "probability": 0.1, "extra": "250 ms" } }""");
        var own = Scenario.Find(scratch.At("own.json"));
        Assert.Equal((1.5e9 / 8, 45e6, 0.25), (own.Cluster.Center.Bandwidth, own.Cluster.MessageBytes, own.Cluster.Straggling!.Extra.Mean));
        Assert.Equal([0.1, 0.2, 0.3], ((TraceTime)own.Cluster.Compute).Seconds);
        foreach (var scenario in Presets.All.Select(preset => new Scenario(preset, [new(FaultKind.Pause, 1, 2, 3)])).Append(own))
            Assert.Equal(ScenarioFile.Write(scenario), ScenarioFile.Write(ScenarioFile.Parse(ScenarioFile.Write(scenario), "again.json")));
    }

    private string Faulty()
    {
        string path = scratch.At("faulty.json");
        File.WriteAllText(path, """{ "base": "cloud", "faults": [{ "kind": "die", "at": 0.05, "worker": 1 }, { "kind": "return", "at": "100 ms", "worker": 1 }] }""");
        return path;
    }

    private string[] Simulate(string run, string workers, params string[] more)
    {
        string[] train = scratch.Train(run, more);
        train[0] = "simulate";
        train[Array.IndexOf(train, "--workers") + 1] = workers;
        return train;
    }

    private double[] Losses(string run) => [.. File.ReadLines(scratch.At($"{run}/trace.jsonl")).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("trainLoss").GetDouble())];
}
