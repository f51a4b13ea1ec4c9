using Hooke.App.Terminal;
using Hooke.App.Training;
using Hooke.Runs;
using Xunit;

namespace Hooke.Tests.App;

public sealed class ResumeTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("eamsgd", 1)]
    [InlineData("eamsgd", 3)]
    [InlineData("mvadownpour", 2)]
    [InlineData("admm-momentum", 3)]
    [InlineData("asgd", 2)]
    [InlineData("eamsgd-tree", 2)]
    [InlineData("downpour-tree", 3)]
    [InlineData("eamsgd", 2, "optimal")]
    [InlineData("async-sgd", 3, "optimal")]
    public void A_run_that_is_stopped_and_resumed_ends_with_the_same_bits(string method, int points, string? batches = null)
    {
        RunFile said = Said(method);
        if (batches is not null) said["batch-schedule"] = batches;
        var whole = Resolution.Of(said, _ => { });
        using (var folder = RunFolder.Create(scratch.At("whole"), whole, _ => { })) Session.Run(whole, folder, new Stopper(null, 0), resume: false, default);

        using var stop = new CancellationTokenSource();
        var part = Resolution.Of(said, _ => { });
        using (var folder = RunFolder.Create(scratch.At("part"), part, _ => { }))
        {
            var result = Session.Run(part, folder, new Stopper(stop, points), resume: false, stop.Token);
            Assert.True(result.Stopped);
            Assert.InRange(result.Samples, 1, 3 * Scratch.TrainCount - 1);
        }
        var resumed = Cli.Json("resume", scratch.At("part"));
        Assert.False(resumed.GetProperty("stopped").GetBoolean());
        Assert.Equal(3 * Scratch.TrainCount, resumed.GetProperty("samples").GetInt32());
        Assert.Equal(File.ReadAllBytes(scratch.At("whole/center.safetensors")), File.ReadAllBytes(scratch.At("part/center.safetensors")));
    }

    [Fact]
    public void A_run_that_was_killed_while_it_wrote_goes_on_from_its_last_checkpoint()
    {
        using var stop = new CancellationTokenSource();
        var run = Resolution.Of(Said("eamsgd"), _ => { });
        using (var folder = RunFolder.Create(scratch.At("killed"), run, _ => { })) Session.Run(run, folder, new Stopper(stop, 2), resume: false, stop.Token);
        // What a kill leaves: no result, half a line, half a checkpoint beside the whole one.
        foreach (string file in (string[])["result.json", "center.safetensors", "curves.svg"]) File.Delete(scratch.At("killed/" + file));
        File.AppendAllText(scratch.At("killed/trace.jsonl"), "{\"seconds\":1.5,\"wallSec");
        File.WriteAllText(scratch.At("killed/state/checkpoint.safetensors.tmp"), "half");
        Cli.Json("resume", scratch.At("killed"));

        Assert.Equal(0, Cli.Run(["train", scratch.At("killed/run.json"), "--run", scratch.At("whole")]).Code);
        Assert.Equal(File.ReadAllBytes(scratch.At("whole/center.safetensors")), File.ReadAllBytes(scratch.At("killed/center.safetensors")));
        long[] samples = [.. File.ReadAllLines(scratch.At("killed/trace.jsonl")).Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("samples").GetInt64())];
        Assert.Equal(samples.Distinct().Order(), samples);
    }

    [Fact]
    public void A_run_that_is_over_shows_its_result_again_and_changes_nothing()
    {
        var first = Cli.Json(scratch.Train("run"));
        var before = Files();
        var again = Cli.Json("resume", scratch.At("run"));
        Assert.Equal(first.ToString(), again.ToString());
        Assert.Equal(before, Files());

        (string, DateTime)[] Files() => [.. Directory.EnumerateFiles(scratch.At("run"), "*", SearchOption.AllDirectories).Where(file => !file.EndsWith("lock")).Order().Select(file => (file, File.GetLastWriteTimeUtc(file)))];
    }

    [Theory]
    [InlineData("\"period\": 10", "\"period\": 20", "period is 20; it must be 10, as when the run was started")]
    [InlineData("\"epochs\": 3", "\"epochs\": 4", "epochs is 4; it must be 3, as when the run was started")]
    [InlineData("\"seed\": 1,", "", "seed is missing; it must be 1, as when the run was started")]
    [InlineData("\"seed\": 1", "\"seed\": -1", "seed is -1; it must be 1, as when the run was started")]
    [InlineData("\"seed\"", "\"sead\"", "key sead is not known")]
    [InlineData("{", "[", "is not valid JSON")]
    public void An_edited_run_file_is_not_resumed(string old, string edited, string message)
    {
        Cli.Json(scratch.Train("run"));
        string file = scratch.At("run/run.json"), text = File.ReadAllText(file);
        Assert.Contains(old, text);
        File.WriteAllText(file, text.Replace(old, edited));
        AssertRefused(message);
    }

    [Fact]
    public void Comments_and_other_spellings_of_numbers_do_not_hinder_resuming()
    {
        Cli.Json(scratch.Train("run"));
        string file = scratch.At("run/run.json");
        File.WriteAllText(file, "// my run\n" + File.ReadAllText(file).Replace("\"epochs\": 3", "\"epochs\": 3.0, /* enough */"));
        File.WriteAllText(file, File.ReadAllText(file).Replace("*/,", "*/"));
        Cli.Json("resume", scratch.At("run"));
    }

    [Theory]
    [InlineData("truncated")]
    [InlineData("changed")]
    [InlineData("empty")]
    [InlineData("text")]
    [InlineData("model")]
    [InlineData("other")]
    public void A_wrong_checkpoint_is_refused(string kind)
    {
        Cli.Json(scratch.Train("run"));
        File.Delete(scratch.At("run/result.json"));
        string path = scratch.At("run/state/checkpoint.safetensors");
        byte[] bytes = File.ReadAllBytes(path);
        switch (kind)
        {
            case "truncated": File.WriteAllBytes(path, bytes[..^100]); break;
            case "changed": bytes[^50] ^= 4; File.WriteAllBytes(path, bytes); break;
            case "empty": File.WriteAllBytes(path, []); break;
            case "text": File.WriteAllText(path, "not a checkpoint, but long enough to have a header"); break;
            case "model": File.Copy(scratch.At("run/center.safetensors"), path, overwrite: true); break;
            case "other":
                Cli.Json([.. scratch.Train("other").Select(word => word == "8" ? "9" : word)]);
                File.Copy(scratch.At("other/state/checkpoint.safetensors"), path, overwrite: true);
                break;
        }
        string trace = File.ReadAllText(scratch.At("run/trace.jsonl"));
        AssertRefused(path);
        Assert.Equal(trace, File.ReadAllText(scratch.At("run/trace.jsonl")));
    }

    [Fact]
    public void Other_data_of_the_same_name_are_refused()
    {
        Cli.Json(scratch.Train("run"));
        File.Delete(scratch.At("run/result.json"));
        string images = Path.Combine(scratch.Data, "train-images-idx3-ubyte");
        byte[] bytes = File.ReadAllBytes(images);
        bytes[^1] ^= 1;
        File.WriteAllBytes(images, bytes);
        AssertRefused("as when the run was started");
    }

    [Fact]
    public void A_folder_in_use_is_refused()
    {
        Cli.Json(scratch.Train("run"));
        using var folder = RunFolder.Open(scratch.At("run"), _ => { });
        AssertRefused("is in use by another process");
    }

    private void AssertRefused(string message)
    {
        var printed = Cli.Run("resume", scratch.At("run"));
        Assert.Equal(2, printed.Code);
        Assert.Contains(message, printed.Error);
        Assert.Single(printed.Error.TrimEnd().Split('\n'));
    }

    private RunFile Said(string method)
    {
        string[] options = scratch.Train("unused");
        var said = new RunFile { ["method"] = method };
        for (int k = 1; k < options.Length; k += 2)
            if (options[k] is not ("--run" or "--momentum")) said[options[k][2..]] = options[k + 1];
        return said;
    }

    /// <summary>Stops a run at one of its points.</summary>
    private sealed class Stopper(CancellationTokenSource? stop, int at) : RunView(new Screen(new GuardedWriter(TextWriter.Null, isTerminal: false)))
    {
        public override void Point(TracePoint point)
        {
            base.Point(point);
            if (Points.Count > at) stop?.Cancel();
        }
    }
}
