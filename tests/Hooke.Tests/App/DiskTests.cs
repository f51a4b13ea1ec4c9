using System.Text.Json;
using Hooke.App.Terminal;
using Hooke.App.Training;
using Hooke.Engine.Checkpoints;
using Hooke.Runs;
using Xunit;

namespace Hooke.Tests.App;

/// <summary>Disks that are full and folders that vanish cost what they must hold, not the model.</summary>
public sealed class DiskTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("vanishes")]
    [InlineData("is another's by now")]
    public void A_run_whose_folder_is_gone_keeps_its_model_elsewhere_and_says_where(string how)
    {
        var text = new StringWriter();
        var screen = new Screen(new GuardedWriter(text, isTerminal: false));
        var run = Resolution.Of(new RunFile { ["model"] = "mlp", ["data"] = scratch.Data, ["hidden"] = "8", ["batch"] = "10", ["workers"] = "1", ["epochs"] = "2", ["evaluate-every"] = "0.5" }, _ => { });
        RunResult result;
        using (var folder = RunFolder.Create(scratch.At("run"), run, screen.Warn))
        {
            var view = new Remover(screen, () =>
            {
                Directory.Delete(scratch.At("run"), recursive: true);
                if (how != "vanishes") File.WriteAllText(scratch.At("run"), "a file");
            });
            result = Session.Run(run, folder, view, resume: false, default);
        }
        try
        {
            Assert.Equal(2 * Scratch.TrainCount, result.Samples);
            Assert.False(result.Lost);
            Assert.StartsWith(Path.GetTempPath(), result.Run);
            Assert.Contains($"the result is in {result.Run}", text.ToString());
            var (center, _) = Safetensors.Read(Path.Combine(result.Run!, "center.safetensors"), "F32");
            Assert.Equal(run.Network.Dimension, center.Sum(tensor => tensor.Length / 4));
            Assert.Equal(result.TestError, JsonDocument.Parse(File.ReadAllText(Path.Combine(result.Run!, "result.json"))).RootElement.GetProperty("testError").GetDouble());
            Assert.Equal(5, File.ReadLines(Path.Combine(result.Run!, "trace.jsonl")).Count());
            Assert.Equal("mlp", RunFile.Load(Path.Combine(result.Run!, "run.json"))["model"]);
        }
        finally
        {
            Directory.Delete(result.Run!, recursive: true);
        }
    }

    [Fact]
    public void A_checkpoint_that_finds_no_room_leaves_none_of_itself()
    {
        string path = scratch.At("large.safetensors");
        byte[] data = new byte[1 << 20];
        int loads = 0;
        // The data are loaded for the checksum first, and then to be written, which fails.
        var tensor = new Tensor("x", [data.Length / 4], data.Length, () => loads++ == 0 ? data : throw new IOException("No space left on device"));
        Assert.Throws<IOException>(() => Safetensors.Write(path, "F32", [tensor], new Dictionary<string, string>()));
        Assert.DoesNotContain(Directory.EnumerateFiles(scratch.At("")), file => Path.GetFileName(file).StartsWith("large"));
    }

    [Fact]
    public void A_full_disk_costs_checkpoints_but_neither_trace_nor_model()
    {
        // No file may grow beyond what the model needs, which is less than what a checkpoint does.
        string train = string.Join(' ', scratch.Train("run", "--hidden", "300"));
        train = train.Replace("--hidden 8 ", "");
        var printed = Shell.Run(scratch.At(""), $"trap '' XFSZ; ulimit -f 300; exec $hooke {train} --json");
        Assert.True(printed.Code == 0, printed.Error);
        Assert.Contains("no checkpoint at", printed.Error);
        Assert.Empty(Directory.EnumerateFiles(scratch.At("run/state"), "*.tmp"));
        Assert.False(File.Exists(scratch.At("run/state/checkpoint.safetensors")));
        Assert.Equal(7, File.ReadLines(scratch.At("run/trace.jsonl")).Count());
        Assert.True(File.Exists(scratch.At("run/center.safetensors")));
        Assert.Equal(scratch.At("run"), printed.Json.GetProperty("run").GetString());
    }

    [Theory]
    [InlineData("train --workers 4096", "workers is 4096; ")]
    [InlineData("train --method hogwild --model logistic --workers 1000", "workers is 1000; ")]
    [InlineData("compare --methods easgd --workers 4096", "workers is 4096; ")]
    [InlineData("train --workers 4096 --model mlp --hidden 5000,5000 --oversubscribe", "of memory")]
    public void More_workers_than_memory_and_cores_can_hold_are_refused(string command, string message)
    {
        string[] words = [.. command.Split(' '), "--data", scratch.Data, "--epochs", "1000"];
        var printed = Cli.Run(command.StartsWith("train") ? [.. words, "--run", scratch.At("run")] : words);
        Assert.Equal(2, printed.Code);
        Assert.Contains(message, printed.Error);
        Assert.False(Path.Exists(scratch.At("run")));
    }

    [Fact]
    public void Who_asks_for_more_workers_than_cores_can_hold_gets_them()
    {
        Assert.Throws<BadInputException>(() => Capacity.CheckThreads(100_000, isAskedFor: false));
        Capacity.CheckThreads(100_000, isAskedFor: true);
        Capacity.CheckThreads(32 * Environment.ProcessorCount, isAskedFor: false);
        int many = 32 * Environment.ProcessorCount + 1;
        Assert.Equal(many, Cli.Json([.. scratch.Train("run", "--oversubscribe").Select((word, k) => word == "1" ? $"{many}" : word)]).GetProperty("workers").GetInt32());
    }

    /// <summary>Takes the run's folder away at its second point.</summary>
    private sealed class Remover(Screen screen, Action remove) : RunView(screen)
    {
        public override void Point(TracePoint point)
        {
            base.Point(point);
            if (Points.Count == 2) remove();
        }
    }
}
