using Hooke.App.Training;
using Xunit;

namespace Hooke.Tests.App;

/// <summary>Runs that are recorded, and played again.</summary>
public sealed class RecordTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("eamsgd", "asynchronous")]
    [InlineData("downpour", "asynchronous")]
    [InlineData("easgd", "overlapped")]
    [InlineData("eamsgd-tree", "asynchronous")]
    public void A_recorded_run_is_replayed_bit_by_bit(string method, string timing)
    {
        Record("run", "--method", method, "--timing", timing);
        var json = Cli.Json("simulate", "--replay", scratch.At("run"));
        Assert.True(json.GetProperty("same").GetBoolean(), $"{json.GetProperty("difference")}");
        Assert.Equal(7, json.GetProperty("points").GetInt32());
        Assert.Equal(new FileInfo(scratch.At("run/interleaving")).Length, json.GetProperty("acts").GetInt64() + "hooke interleaving 1, 3 workers\n".Length);
        Assert.Equal(3 * Scratch.TrainCount, json.GetProperty("result").GetProperty("samples").GetInt32());
        Assert.Contains("the same: 7 points and all ", Cli.Run("simulate", "--replay", scratch.At("run")).Output);
    }

    [Fact]
    public void A_replay_that_differs_says_so()
    {
        Record("run", "--method", "eamsgd", "--hidden", "4");
        byte[] model = File.ReadAllBytes(scratch.At("run/center.safetensors"));
        // The same file with other contents, written as a run does it.
        Record("other", "--method", "eamsgd", "--hidden", "4", "--seed", "2");
        Assert.NotEqual(model, File.ReadAllBytes(scratch.At("other/center.safetensors")));
        File.Copy(scratch.At("other/center.safetensors"), scratch.At("run/center.safetensors"), overwrite: true);
        var printed = Cli.Run("simulate", "--replay", scratch.At("run"), "--json");
        Assert.Equal(1, printed.Code);
        Assert.Contains("of the reported model", printed.Json.GetProperty("difference").GetString());
    }

    [Fact]
    public void What_can_not_be_recorded_or_replayed_is_refused()
    {
        AssertRefused("record is given and timing is synchronous; it must be asynchronous or overlapped", "train", "--method", "easgd", "--data", scratch.Data, "--run", scratch.At("run"), "--timing", "synchronous", "--record");
        Assert.False(Path.Exists(scratch.At("run")));
        Assert.Equal(0, Cli.Run(scratch.Train("plain")).Code);
        AssertRefused("has no record; train with --record keeps one", "simulate", "--replay", scratch.At("plain"));
        Record("run");
        File.AppendAllText(scratch.At("run/interleaving"), "\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
        AssertRefused("does not fit the run: act ", "simulate", "--replay", scratch.At("run"));
        File.WriteAllText(scratch.At("run/interleaving"), "hooke");
        AssertRefused("it starts with \"hooke\"; it must start with \"hooke interleaving 1, 3 workers\"", "simulate", "--replay", scratch.At("run"));
        File.Delete(scratch.At("run/result.json"));
        AssertRefused("replay is given with --workers; it must be given alone", "simulate", "--replay", scratch.At("run"), "--workers", "4");
        AssertRefused("replay is given with run.json; it must be given alone", "simulate", "run.json", "--replay", scratch.At("run"));
        AssertRefused("has no result; a run must be over to be replayed", "simulate", "--replay", scratch.At("run"));
    }

    [Theory]
    [InlineData("1", "3")]
    [InlineData("2", "3")]
    public void A_tree_is_trained_and_its_run_file_reproduces_it(string scheme, string workers)
    {
        string[] tree = ["--method", "eamsgd-tree", "--degree", "2", "--scheme", scheme, "--workers", workers, "--timing", "round-robin"];
        var json = Cli.Json(["train", "--data", scratch.Data, "--hidden", "8", "--batch", "5", "--epochs", "3", "--learning-rate", "0.01", "--run", scratch.At("run"), .. tree]);
        Assert.Equal("eamsgd-tree", json.GetProperty("method").GetString());
        Assert.True(json.GetProperty("exchanges").GetInt64() > 0);
        Assert.True(json.GetProperty("bytes").GetInt64() > 0);
        Cli.Json("train", scratch.At("run/run.json"), "--run", scratch.At("again"));
        Assert.Equal(File.ReadAllText(scratch.At("run/run.json")), File.ReadAllText(scratch.At("again/run.json")));
        Assert.Equal(File.ReadAllBytes(scratch.At("run/center.safetensors")), File.ReadAllBytes(scratch.At("again/center.safetensors")));
    }

    [Fact]
    public void A_trees_numbers_follow_each_other_and_go_with_their_scheme()
    {
        var one = Resolve(new() { ["method"] = "eamsgd-tree", ["workers"] = "4", ["epochs"] = "10000" });
        Assert.Equal(("2", "1", "0.3", "0.3", "10", "100"), (one["degree"], one["scheme"], one["moving-rate"], one["center-rate"], one["period"], one["period-inner"]));
        Assert.Null(one["period-up"]);
        var two = Over(one, "scheme", "2");
        Assert.Equal(("8", "80", null, null), (two["period-up"], two["period-down"], two["period"], two["period-inner"]));
        var up = Over(one, "period-up", "4");
        Assert.Equal(("2", "4", "80", null), (up["scheme"], up["period-up"], up["period-down"], up["period"]));
        Assert.Equal(("10", "10"), (Over(one, "epochs", "10")["period"], Over(one, "epochs", "10")["period-inner"]));
        var wide = Over(one, "degree", "8");
        Assert.Equal(("0.1", "0.1"), (wide["moving-rate"], wide["center-rate"]));
        Assert.Equal("period is 5; it does not go with this scheme (its default is 10 in scheme 1)", Assert.Throws<BadInputException>(() => Resolve(new() { ["method"] = "easgd-tree", ["scheme"] = "2", ["period"] = "5" })).Message);
        Assert.Equal("degree is 1; it must be a whole number from 2 to 4096", Assert.Throws<BadInputException>(() => Resolve(new() { ["method"] = "easgd-tree", ["degree"] = "1" })).Message);
        Assert.Equal("scheme is 3; it must be a whole number from 1 to 2", Assert.Throws<BadInputException>(() => Resolve(new() { ["method"] = "easgd-tree", ["scheme"] = "3" })).Message);

        RunFile Over(RunFile file, string option, string value)
        {
            var over = file.Copy();
            over.Override(new() { [option] = value });
            return Resolve(over);
        }
    }

    [Theory]
    [InlineData("shortened", "it has 40 bytes; the checkpoint knows of ")]
    [InlineData("cut", "it starts with \"hooke inter\"; it must start with \"hooke interleaving 1, 3 workers\"")]
    [InlineData("another", "it starts with \"hooke interleaving 1, 2 workers\"; it must start with \"hooke interleaving 1, 3 workers\"")]
    public void A_record_that_is_not_the_runs_is_not_written_further_and_stays_as_it_is(string kind, string message)
    {
        Record("run");
        File.Delete(scratch.At("run/result.json"));
        string record = scratch.At("run/interleaving");
        byte[] bytes = File.ReadAllBytes(record);
        File.WriteAllBytes(record, kind switch { "shortened" => bytes[..40], "cut" => bytes[..11], _ => [.. "hooke interleaving 1, 2 workers\n"u8, .. bytes[32..]] });
        byte[] before = File.ReadAllBytes(record);
        AssertRefused($"the record {record} does not fit the run: {message}", "resume", scratch.At("run"));
        Assert.Equal(before, File.ReadAllBytes(record));
    }

    [Fact]
    public void A_record_that_is_missing_is_told_of()
    {
        Record("run");
        File.Delete(scratch.At("run/result.json"));
        File.Delete(scratch.At("run/interleaving"));
        Assert.Contains("the record", Cli.Run("resume", scratch.At("run")).Error);
        Assert.False(File.Exists(scratch.At("run/interleaving")));
    }

    private void Record(string run, params string[] more)
    {
        var printed = Cli.Run(["train", "--data", scratch.Data, .. more.Contains("--hidden") ? Array.Empty<string>() : ["--hidden", "8"], "--batch", "5", "--workers", "3", "--epochs", "3", "--evaluate-every", "0.5", "--learning-rate", "0.01", "--run", scratch.At(run), "--record", .. more]);
        Assert.True(printed.Code == 0, printed.Error);
    }

    private RunFile Resolve(RunFile said)
    {
        said["data"] = scratch.Data;
        return Resolution.Of(said, _ => { }).File;
    }

    private static void AssertRefused(string message, params string[] args)
    {
        var printed = Cli.Run(args);
        Assert.Equal(2, printed.Code);
        Assert.Contains(message, printed.Error);
    }
}
