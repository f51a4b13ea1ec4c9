using System.Text.Json;
using Hooke.App.Terminal;
using Hooke.App.Training;
using Xunit;

namespace Hooke.Tests.App;

/// <summary>What is warned of reaches people and programs, and stays with the run.</summary>
public sealed class WarningTests : IDisposable
{
    private const string OneWorker = "sgd is sequential: it runs with 1 worker, not 3";
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_warning_is_on_standard_error_in_the_summary_in_the_result_and_when_the_result_is_shown_again()
    {
        string[] line = [.. scratch.Train("run").Select(word => word == "1" ? "3" : word), "--method", "sgd"];
        line = [.. line.Where((word, k) => word != "--momentum" && line[Math.Max(0, k - 1)] != "--momentum")];
        var printed = Cli.Run(line);
        Assert.Equal(0, printed.Code);
        Assert.Contains("warning: " + OneWorker, printed.Error);
        Assert.Contains("warning     " + OneWorker, printed.Output);
        Assert.Contains(OneWorker, JsonDocument.Parse(File.ReadAllText(scratch.At("run/result.json"))).RootElement.GetProperty("warnings").EnumerateArray().Select(text => text.GetString()));
        Assert.Contains(OneWorker, Texts(Cli.Json("resume", scratch.At("run"))));
    }

    [Fact]
    public void A_run_that_was_killed_and_resumed_still_says_what_it_warned_of()
    {
        using (var stop = new CancellationTokenSource())
        {
            var screen = new Screen(new GuardedWriter(TextWriter.Null, isTerminal: false));
            screen.Warn("before the folder");
            var run = Resolution.Of(Said(), screen.Warn);
            using var folder = RunFolder.Create(scratch.At("run"), run, screen.Warn);
            Session.Run(run, folder, new Stopper(screen, stop), resume: false, stop.Token);
        }
        File.Delete(scratch.At("run/result.json"));
        Assert.Equal(["before the folder", "in the middle"], Texts(Cli.Json("resume", scratch.At("run"))));
        Assert.Equal(["before the folder", "in the middle"], Texts(Cli.Json("resume", scratch.At("run"))));
    }

    [Theory]
    [InlineData("train")]
    [InlineData("simulate", "--workers", "2")]
    [InlineData("simulate", "--workers", "1,2")]
    [InlineData("compare", "--methods", "sgd,easgd")]
    [InlineData("train", "--model", "logistic")]
    [InlineData("simulate", "--model", "logistic", "--workers", "2")]
    public void Every_kind_of_run_has_warnings_and_they_are_empty_if_there_is_nothing_to_say(params string[] words)
    {
        string[] net = words.Contains("logistic") ? [] : ["--hidden", "8", "--batch", "10"];
        string[] place = words[0] == "compare" ? ["--learning-rates", "0.01"] : ["--learning-rate", "0.01", "--run", scratch.At("run")];
        File.WriteAllLines(scratch.At("two.svm"), Enumerable.Range(0, 200).Select(k => k % 2 == 0 ? $"1 1:{1 + k % 7} 2:1" : $"-1 1:1 2:{1 + k % 5}"));
        var json = Cli.Json([.. words, "--data", words.Contains("logistic") ? scratch.At("two.svm") : scratch.Data, "--epochs", "3", .. net, .. place]);
        Assert.Empty(Texts(json));
        if (json.TryGetProperty("runs", out var runs)) Assert.All(runs.EnumerateArray(), run => Assert.Empty(Texts(run)));
        if (json.TryGetProperty("trials", out var trials)) Assert.All(trials.EnumerateArray(), trial => Assert.Empty(Texts(trial.GetProperty("result"))));
    }

    [Fact]
    public void Of_several_runs_each_has_what_concerns_it()
    {
        var screen = new Screen(new GuardedWriter(TextWriter.Null, isTerminal: false));
        screen.Warn("of the data");
        var first = new PlainView(screen) { Prefix = "first: ", Common = 1 };
        first.Warn("is slow");
        var second = new PlainView(screen) { Prefix = "second: ", Common = 1 };
        second.Warn("is slow");
        second.Warn("is slow");
        Assert.Equal(["of the data", "first: is slow"], first.Warnings.Take(2));
        Assert.Equal(["of the data", "second: is slow"], second.Warnings);
        Assert.Equal(["of the data", "first: is slow", "second: is slow"], screen.Warnings);
    }

    private static string[] Texts(JsonElement json) => [.. json.GetProperty("warnings").EnumerateArray().Select(text => text.GetString()!)];

    private RunFile Said() => new() { ["data"] = scratch.Data, ["hidden"] = "8", ["batch"] = "10", ["workers"] = "1", ["epochs"] = "3", ["evaluate-every"] = "0.5", ["learning-rate"] = "0.01" };

    /// <summary>Warns and stops at the second point.</summary>
    private sealed class Stopper(Screen screen, CancellationTokenSource stop) : RunView(screen)
    {
        public override void Point(Runs.TracePoint point)
        {
            base.Point(point);
            if (Points.Count != 2) return;
            Warn("in the middle");
            stop.Cancel();
        }
    }
}
