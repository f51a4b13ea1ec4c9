using Xunit;

namespace Hooke.Tests.App;

/// <summary>What is wrong in a cluster file is told by its key, as it was typed.</summary>
public sealed class ClusterFileTests : IDisposable
{
    private const string Time = "a number of seconds from 0 to 1e9, or a number and s, ms, µs, us or ns", Rate = "a number of bytes a second at least 0, or a number and Gb/s, Mb/s, kb/s, b/s, GB/s, MB/s, kB/s or B/s";

    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("""{"between": {"bandwidth": "10 Gbps", "latency": "1 ms"}}""", "between: bandwidth is 10 Gbps; it must be " + Rate)]
    [InlineData("""{"center": {"bandwidth": "10 ms"}}""", "center: bandwidth is 10 ms; it must be " + Rate)]
    [InlineData("""{"within": {"latency": "10 GB"}}""", "within: latency is 10 GB; it must be " + Time)]
    [InlineData("""{"backbone": {"jitter": "5 min"}}""", "backbone: jitter is 5 min; it must be " + Time)]
    [InlineData("""{"timeout": "-1 ms"}""", "timeout is -1 ms; it must be " + Time)]
    [InlineData("""{"messageBytes": "45 MiB"}""", "messageBytes is 45 MiB; it must be a number of bytes from 0 to 1e15, or a number and B, kB, MB or GB")]
    [InlineData("""{"compute": {"law": "lognormal", "seconds": "20 ms"}}""", "compute lacks the key spread")]
    [InlineData("""{"compute": {"law": "lognormal", "spread": 1}}""", "compute lacks the key seconds")]
    [InlineData("""{"data": {"law": "constant"}}""", "data lacks the key seconds")]
    [InlineData("""{"data": {"law": "exponential"}}""", "data lacks the key seconds")]
    [InlineData("""{"service": {"law": "geometric", "success": 0.5}}""", "service lacks the key trial")]
    [InlineData("""{"service": {"law": "geometric", "trial": 0.5}}""", "service lacks the key success")]
    [InlineData("""{"readService": {"law": "uniform", "low": 0}}""", "readService lacks the key high")]
    [InlineData("""{"compute": {"law": "trace"}}""", "compute lacks the key file or seconds")]
    [InlineData("""{"compute": {"seconds": 1}}""", "compute lacks the key law")]
    [InlineData("""{"compute": {"law": "normal", "seconds": 1}}""", "compute: law is normal; it must be constant, exponential, geometric, lognormal, uniform or trace")]
    [InlineData("""{"compute": {"law": "exponential", "seconds": 1, "spread": 2}}""", "compute: key spread is not known; it must be law or seconds")]
    [InlineData("""{"straggling": {"probability": 0.5}}""", "straggling lacks the key extra")]
    [InlineData("""{"straggling": {"probability": 0.5, "extra": {"law": "uniform", "high": 1}}}""", "straggling: extra lacks the key low")]
    [InlineData("""{"faults": [{"at": 1}]}""", "faults[0] lacks the key kind")]
    [InlineData("""{"faults": [{"kind": "pause", "worker": 1e300}]}""", "faults[0]: worker is 1e300; it must be a whole number")]
    [InlineData("""{"collective": null}""", "collective is null; it must be center, ring or tree")]
    [InlineData("""{"sites": "two"}""", "sites is two; it must be a whole number")]
    [InlineData("""{"between": 3}""", "between is 3; it must be an object")]
    [InlineData("""{"speeds": 5}""", "speeds is 5; it must be an array")]
    [InlineData("""{"speeds": [1, "fast"]}""", "speeds[1] is fast; it must be a number")]
    [InlineData("""{"overlap": "yes"}""", "overlap is yes; it must be true or false")]
    [InlineData("""{"name": null}""", "name is null; it must be a text")]
    [InlineData("""[1]""", "it holds a JSON array; it must hold an object")]
    public void A_wrong_value_is_named_by_its_keys_and_repeated_as_typed(string text, string message) => Refused(text, message);

    [Theory]
    [InlineData("""{"compute": 1e300}""", "compute is 1e300; it must be " + Time)]
    [InlineData("""{"compute": 1e-300}""", "compute: its mean is 1E-300; it must be at least 1e-12 seconds")]
    [InlineData("""{"compute": {"law": "uniform", "low": 0, "high": 1e308}}""", "compute: high is 1e308; it must be " + Time)]
    [InlineData("""{"compute": {"law": "geometric", "trial": 1, "success": 1e-300}}""", "compute: success is 1E-300; it must be from 1e-9 to 1")]
    [InlineData("""{"compute": {"law": "trace", "seconds": [1, 1e300]}}""", "compute: seconds[1] is 1e300; it must be " + Time)]
    [InlineData("""{"between": {"latency": 1e300}}""", "between: latency is 1e300; it must be " + Time)]
    [InlineData("""{"between": {"bandwidth": 1e-300}}""", "between: bandwidth is 1E-300; it must be at least 0.001 bytes a second")]
    [InlineData("""{"speeds": [1e-300]}""", "a speed is 1E-300; it must be from 1e-6 to 1e6")]
    [InlineData("""{"messageBytes": 1e300}""", "messageBytes is 1e300; it must be a number of bytes from 0 to 1e15")]
    [InlineData("""{"timeout": 1e-300}""", "timeout is 1E-300; it must be from 1e-9 to 1e9 seconds")]
    [InlineData("""{"checkpointEvery": 1e-300}""", "checkpointEvery is 1e-300; it must be at least 1 ms")]
    [InlineData("""{"checkpointEvery": 0}""", "checkpointEvery is 0; it must be at least 1 ms")]
    [InlineData("""{"faults": [{"kind": "pause", "at": 1e300, "seconds": 1}]}""", "faults[0]: at is 1e300; it must be " + Time)]
    [InlineData("""{"faults": [{"kind": "pause", "at": 1, "seconds": 1e300}]}""", "faults[0]: seconds is 1e300; it must be " + Time)]
    public void A_time_beyond_what_virtual_time_can_add_up_is_refused(string text, string message) => Refused(text, message);

    [Fact]
    public void A_trace_is_not_read_without_end()
    {
        Refused("""{"compute": {"law": "trace", "file": "/dev/zero"}}""", "compute: file is /dev/zero, which can't be read: /dev/zero has more than 268435456 bytes");
        Refused("""{"data": {"law": "trace", "file": "nowhere.txt"}}""", "data: file is ");
        File.WriteAllText(scratch.At("times.txt"), "0.1 0.2\n0.3 soon");
        Refused("""{"compute": {"law": "trace", "file": "times.txt"}}""", $"compute: file: a time of {scratch.At("times.txt")} is soon; it must be a number of seconds");
        Assert.Contains("/dev/zero has more than 16777216 bytes", Cli.Run("simulate", "--cluster", "/dev/zero", "--run", scratch.At("run")).Error);
        Assert.Contains("run file /dev/zero can't be read", Cli.Run("train", "/dev/zero").Error);
    }

    [Theory]
    [InlineData("\"20 ms\"", 0.02)]
    [InlineData("\"20ms\"", 0.02)]
    [InlineData("\"3 s\"", 3)]
    [InlineData("\"2.5e3 µs\"", 0.0025)]
    [InlineData("\"7 us\"", 7e-6)]
    [InlineData("\"8 ns\"", 8e-9)]
    [InlineData("0.5", 0.5)]
    public void A_time_has_any_of_its_units(string typed, double seconds)
    {
        var scenario = Hooke.App.Simulation.ScenarioFile.Parse("{\"compute\": " + typed + ", \"between\": {\"bandwidth\": \"8 b/s\"}}", "c.json");
        Assert.Equal(seconds, scenario.Cluster.Compute.Mean, 1e-12);
        Assert.Equal(1, scenario.Cluster.Between.Bandwidth);
    }

    private void Refused(string text, string message)
    {
        string path = scratch.At("cluster.json");
        File.WriteAllText(path, text);
        var printed = Cli.Run("simulate", "--cluster", path, "--data", scratch.Data, "--workers", "2", "--epochs", "1", "--hidden", "8", "--model", "mlp", "--run", scratch.At("run"));
        Assert.Equal(2, printed.Code);
        Assert.StartsWith("hooke: cluster", printed.Error);
        Assert.Contains(message, printed.Error);
        Assert.Single(printed.Error.Trim().Split('\n'));
        Assert.False(Path.Exists(scratch.At("run")));
    }
}
