using Hooke.App.LockFree;
using Hooke.App.Terminal;
using Hooke.App.Training;
using Hooke.Runs;
using Xunit;

namespace Hooke.Tests.App;

/// <summary><c>hooke resume</c> of runs on a shared model.</summary>
public sealed class HogwildResumeTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hooke-hogwild-").FullName;

    public HogwildResumeTests()
    {
        File.WriteAllText(At("two.svm"), string.Concat(Enumerable.Range(0, 1000).Select(k => $"{(k % 2 == 0 ? 1 : -1)} {(k % 3 == 0 ? "1:0.4 " : "")}{(k % 2 == 0 ? "2:0.8 3:0.2" : "3:0.2 4:0.8")} {5 + k % 50}:0.3\n")));
    }

    public void Dispose() => Directory.Delete(folder, true);

    [Theory]
    [InlineData("d32m32", "asynchronous", 1)]
    [InlineData("d8m16", "asynchronous", 1)]
    [InlineData("d32m32", "round-robin", 3)]
    [InlineData("d16m8", "round-robin", 2)]
    public void A_stopped_run_that_is_resumed_ends_with_the_same_model(string precision, string timing, int workers)
    {
        var said = Said(precision, timing, workers);
        Start(said, "whole", null);
        var stopped = Start(said, "part", 3);
        Assert.True(stopped.Stopped);
        Assert.InRange(stopped.Samples, 1, 4 * 900 - 1);
        var resumed = Cli.Json("resume", At("part"));
        Assert.False(resumed.GetProperty("stopped").GetBoolean());
        Assert.Equal(File.ReadAllBytes(At("whole/center.safetensors")), File.ReadAllBytes(At("part/center.safetensors")));
        Assert.Equal(Points("whole"), Points("part"));
    }

    [Fact]
    public void A_run_of_several_workers_goes_on_with_all_its_accounts()
    {
        var said = Said("d32m32", "asynchronous", 3);
        var stopped = Start(said, "part", 4);
        var resumed = Cli.Json("resume", At("part"));
        Assert.InRange(resumed.GetProperty("seconds").GetDouble(), stopped.Seconds, double.MaxValue);
        Assert.InRange(resumed.GetProperty("shared").GetProperty("processorSeconds").GetDouble(), stopped.Shared!.ProcessorSeconds, double.MaxValue);
        Assert.InRange(resumed.GetProperty("testError").GetDouble(), 0, 0.02);
        Assert.Equal(Points("part").Order(), Points("part"));
    }

    [Fact]
    public void A_killed_run_goes_on_from_its_last_checkpoint_and_one_without_any_starts_again()
    {
        var said = Said("d32m32", "asynchronous", 1);
        Start(said, "whole", null);
        foreach (bool hasCheckpoint in (bool[])[true, false])
        {
            string name = $"killed{hasCheckpoint}";
            Start(said, name, 2);
            // What a kill leaves: no result, half a line, half a checkpoint beside the whole one.
            foreach (string file in (string[])["result.json", "center.safetensors", "curves.svg"]) File.Delete(At($"{name}/{file}"));
            File.AppendAllText(At($"{name}/trace.jsonl"), "{\"seconds\":1.5,\"wallSec");
            File.WriteAllText(At($"{name}/state/checkpoint.safetensors.tmp"), "half");
            if (!hasCheckpoint)
            {
                File.Delete(At($"{name}/state/checkpoint.safetensors"));
                File.WriteAllText(At($"{name}/trace.jsonl"), "");
            }
            Cli.Json("resume", At(name));
            Assert.Equal(File.ReadAllBytes(At("whole/center.safetensors")), File.ReadAllBytes(At($"{name}/center.safetensors")));
            Assert.Equal(Points("whole"), Points(name));
        }
    }

    [Fact]
    public void A_finished_run_shows_its_result_again_and_a_damaged_checkpoint_is_refused()
    {
        var said = Said("d32m32", "asynchronous", 2);
        var first = Start(said, "run", null);
        Assert.Equal(first.TrainLoss, Cli.Json("resume", At("run")).GetProperty("trainLoss").GetDouble());
        File.Delete(At("run/result.json"));
        string path = At("run/state/checkpoint.safetensors");
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^50] ^= 4;
        File.WriteAllBytes(path, bytes);
        var printed = Cli.Run("resume", At("run"));
        Assert.Equal(2, printed.Code);
        Assert.Contains(path, printed.Error);
    }

    [Fact]
    public void A_simulation_that_was_cut_short_is_not_taken_for_a_run()
    {
        Cli.Json("simulate", "--method", "hogwild", "--data", At("two.svm"), "--workers", "4", "--epochs", "1", "--write-delay", "1e-6", "--run", At("sim"));
        File.Delete(At("sim/result.json"));
        var printed = Cli.Run("resume", At("sim"));
        Assert.Equal(2, printed.Code);
        Assert.Contains("is a simulation that was cut short; hooke simulate", printed.Error);
        Assert.Contains("1E-06", File.ReadAllText(At("sim/machine.json")));
    }

    private RunResult Start(RunFile said, string name, int? stopAt)
    {
        using CancellationTokenSource stop = new();
        var run = LinearResolution.Of(said, _ => { });
        using var model = run.Model;
        using var kept = RunFolder.Create(At(name), run, _ => { });
        return LinearSession.Run(run, kept, new Stopper(stop, stopAt), resume: false, stop.Token);
    }

    private RunFile Said(string precision, string timing, int workers) => new()
    {
        ["method"] = "hogwild", ["data"] = At("two.svm"), ["workers"] = $"{workers}", ["precision"] = precision, ["timing"] = timing, ["epochs"] = "4", ["evaluate-every"] = "0.5", ["l2"] = "1e-5",
    };

    private long[] Points(string name) => [.. File.ReadAllLines(At($"{name}/trace.jsonl")).Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("samples").GetInt64())];

    private string At(string name) => Path.Combine(folder, name);

    /// <summary>Stops a run at one of its points.</summary>
    private sealed class Stopper(CancellationTokenSource stop, int? at) : RunView(new Screen(new GuardedWriter(TextWriter.Null, isTerminal: false)))
    {
        public override void Point(TracePoint point)
        {
            base.Point(point);
            if (Points.Count > at) stop.Cancel();
        }
    }
}
