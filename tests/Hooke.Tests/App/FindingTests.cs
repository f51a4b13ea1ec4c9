using System.Text.Json;
using Hooke.App.Terminal;
using Hooke.App.Training;
using Hooke.Runs;
using Xunit;

namespace Hooke.Tests.App;

/// <summary>A run that goes wrong without diverging says so on every fabric, ends with exit code 0, and says what to try.</summary>
public sealed class FindingTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("train", "--method", "easgd", "--workers", "2")]
    [InlineData("train", "--method", "sgd")]
    [InlineData("train", "--method", "downpour-tree", "--workers", "3")]
    [InlineData("simulate", "--method", "eamsgd", "--workers", "4")]
    [InlineData("train", "--model", "logistic", "--workers", "2")]
    public void A_run_that_learns_nothing_says_so(params string[] words)
    {
        string[] net = words.Contains("logistic") ? [] : ["--hidden", "8", "--batch", "10"];
        var printed = Cli.Run([.. words, .. net, "--data", scratch.Data, "--epochs", "2", "--learning-rate", "1e-12", "--run", scratch.At("run"), "--json"]);
        Assert.Equal(0, printed.Code);
        string text = Assert.Single(Texts(printed.Json));
        Assert.Contains("--learning-rate", text);
        Assert.Contains("warning: " + text, printed.Error);
        Assert.Equal([text], Texts(JsonDocument.Parse(File.ReadAllText(scratch.At("run/result.json"))).RootElement));
        Assert.Equal([text], Texts(Cli.Json(words.Contains("simulate") ? [.. words, .. net, "--data", scratch.Data, "--epochs", "2", "--learning-rate", "1e-12", "--run", scratch.At("again")] : ["resume", scratch.At("run")])));
    }

    [Fact]
    public void Of_a_comparison_the_best_of_each_method_says_it_for_all_and_every_run_for_itself()
    {
        var json = Cli.Json("compare", "--methods", "sgd,msgd", "--data", scratch.Data, "--hidden", "8", "--batch", "10", "--epochs", "2", "--learning-rates", "1e-12,0.02");
        Assert.DoesNotContain(Texts(json), text => text.Contains("1e-12", StringComparison.Ordinal));
        var trials = json.GetProperty("trials").EnumerateArray().ToArray();
        Assert.Equal(2, trials.Count(trial => Texts(trial.GetProperty("result")).Any(text => text.Contains("--learning-rate", StringComparison.Ordinal))));
        Assert.Contains(Texts(Cli.Json("compare", "--methods", "sgd", "--data", scratch.Data, "--hidden", "8", "--batch", "10", "--epochs", "2", "--learning-rates", "1e-12")),
            text => text.StartsWith("sgd, learning rate 1e-12: ", StringComparison.Ordinal) || text.StartsWith("sgd, learning rate", StringComparison.Ordinal));
    }

    [Fact]
    public void Units_that_never_fire_are_said()
    {
        string[] texts = Texts(Cli.Json([.. scratch.Train("run"), "--bias", "-100", "--activation", "relu"]));
        Assert.Contains(texts, text => text.StartsWith("100.00 % of the rectified units fire for no training example at the end", StringComparison.Ordinal));
        var last = JsonDocument.Parse(File.ReadAllLines(scratch.At("run/trace.jsonl"))[^1]).RootElement;
        Assert.Equal(1, last.GetProperty("silentUnits").GetDouble());
        Cli.Json([.. scratch.Train("tanh"), "--model", "mlp", "--activation", "tanh"]);
        Assert.DoesNotContain("silentUnits", File.ReadAllText(scratch.At("tanh/trace.jsonl")));
    }

    [Fact]
    public void Workers_that_no_longer_train_one_model_are_said()
    {
        string[] common = ["--method", "easgd", "--data", scratch.Data, "--hidden", "8", "--batch", "10", "--epochs", "4", "--workers", "3", "--initialization", "separate"];
        Assert.Contains(Texts(Cli.Json(["train", .. common, "--moving-rate", "1e-9", "--run", scratch.At("apart")])), text => text.Contains("they no longer train one model", StringComparison.Ordinal));
        Assert.DoesNotContain(Texts(Cli.Json(["train", .. common, "--run", scratch.At("bound"), "--period", "1"])), text => text.Contains("one model", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_seen_while_the_run_goes_on_is_shown_once_and_does_not_stay_if_it_passes()
    {
        var written = new StringWriter();
        var view = new PlainView(new Screen(new GuardedWriter(written, isTerminal: false)));
        var run = Resolution.Of(new RunFile { ["data"] = scratch.Data, ["hidden"] = "8", ["workers"] = "1", ["epochs"] = "4" }, _ => { });
        var points = new List<TracePoint>();
        var keeper = new Session.Keeper(run, null, view, points);
        foreach (var (k, loss) in new[] { 1.1, 0.2, 1.1, 1.1, 0.1 }.Index()) keeper.Point(Point(k, loss));
        Assert.Single(written.ToString().Split('\n'), line => line.StartsWith("warning: the training loss is 1.1 at epoch 2.00 and was 0.2 at epoch 1.00", StringComparison.Ordinal));
        keeper.End(new(points[^1], new(), false, null));
        Assert.Empty(view.Warnings);
        points[^1] = Point(4, 1.1);
        keeper.End(new(points[^1], new(), false, null));
        Assert.Contains(view.Warnings, text => text.StartsWith("the training loss is 1.1 at the end and was 0.2 at epoch 1.00", StringComparison.Ordinal));
    }

    private static string[] Texts(JsonElement json) => [.. json.GetProperty("warnings").EnumerateArray().Select(text => text.GetString()!)];

    private static TracePoint Point(int epoch, double loss) => new()
    {
        Seconds = epoch, WallSeconds = epoch, Samples = epoch * Scratch.TrainCount, Epochs = epoch, Updates = epoch, TrainLoss = loss, TestLoss = loss, TestError = loss / 2,
        Consensus = 0, Exchanges = 0, Dropped = 0, Bytes = 0, StalenessMean = 0, StalenessMax = 0, Workers = [],
    };
}
