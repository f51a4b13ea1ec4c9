using System.Text.Json.Nodes;
using Hooke.App.Training;
using Xunit;

namespace Hooke.Tests.App;

/// <summary>A run goes on with what it was started with, wherever that is now, and never from its beginning if it had got somewhere.</summary>
public sealed class ResumeRulesTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("train-labels-idx1-ubyte", -1)]
    [InlineData("t10k-labels-idx1-ubyte", -1)]
    [InlineData("t10k-images-idx3-ubyte", -1)]
    [InlineData("train-images-idx3-ubyte", 16)]
    public void Data_of_which_one_byte_has_changed_are_refused_in_either_part(string file, int place)
    {
        Cut(scratch.Train("run"));
        string path = Path.Combine(scratch.Data, file);
        byte[] bytes = File.ReadAllBytes(path);
        ref byte changed = ref bytes[place < 0 ? bytes.Length + place : place];
        changed = (byte)(file.Contains("labels") ? (changed + 1) % Scratch.Classes : changed ^ 1);
        File.WriteAllBytes(path, bytes);
        AssertRefused("as when the run was started");
    }

    [Theory]
    [InlineData(":label=kind", "classes")]
    [InlineData(":target=kind", "numbers")]
    public void A_table_whose_labels_were_swapped_is_refused(string reading, string kind)
    {
        // The same mean, the same numbers of rows, and the same labels in another order.
        string[] rows = [.. Enumerable.Range(0, 80).Select(k => $"{k % 2 + 0.01 * (k % 7):f2},{(kind == "classes" ? k % 2 : k % 2 + 0.5)}")];
        File.WriteAllLines(scratch.At("t.csv"), ["a,kind", .. rows]);
        Cut(["train", "--model", "mlp", "--method", "msgd", "--data", scratch.At("t.csv") + reading, "--epochs", "2", "--run", scratch.At("run")]);
        File.WriteAllLines(scratch.At("t.csv"), ["a,kind", .. rows.Select((row, k) => row.Split(',')[0] + "," + rows[k ^ 1].Split(',')[1])]);
        AssertRefused("(inputs, labels and both parts count)");
    }

    [Theory]
    [InlineData("state")]
    [InlineData("state/checkpoint.safetensors")]
    [InlineData("state/checkpoint.safetensors", "center.safetensors")]
    [InlineData("state/checkpoint.safetensors", "trace.jsonl")]
    [InlineData("state/start.json")]
    [InlineData("state", "center.safetensors", "curves.svg")]
    public void A_run_that_had_got_somewhere_is_not_begun_anew_because_something_is_missing(params string[] missing)
    {
        Cut(scratch.Train("run"));
        foreach (string name in missing)
            if (Directory.Exists(scratch.At("run/" + name))) Directory.Delete(scratch.At("run/" + name), true);
            else File.Delete(scratch.At("run/" + name));
        string trace = scratch.At("run/trace.jsonl"), before = File.Exists(trace) ? File.ReadAllText(trace) : "";
        AssertRefused("is missing");
        AssertRefused($"hooke train {scratch.At("run/run.json")} starts a new run");
        Assert.Equal(before, File.Exists(trace) ? File.ReadAllText(trace) : "");
    }

    [Theory]
    [InlineData("state")]
    [InlineData("")]
    public void A_run_that_was_cut_before_it_trained_begins(string missing)
    {
        var file = RunFileOf(scratch.Train("run"));
        var run = Resolution.Of(file, _ => { });
        RunFolder.Create(scratch.At("run"), run, _ => { }).Dispose();
        if (missing.Length > 0) Directory.Delete(scratch.At("run/" + missing), true);
        Assert.Equal(3 * Scratch.TrainCount, Cli.Json("resume", scratch.At("run")).GetProperty("samples").GetInt32());
        Assert.Contains("fingerprint", File.ReadAllText(scratch.At("run/state/start.json")));
    }

    [Fact]
    public void A_folder_that_an_earlier_version_made_is_refused_with_the_reason()
    {
        Cut(scratch.Train("run"));
        var start = JsonNode.Parse(File.ReadAllText(scratch.At("run/state/start.json")))!;
        start["data"] = new JsonObject { ["name"] = "tiny", ["trainCount"] = Scratch.TrainCount, ["testCount"] = Scratch.TestCount, ["mean"] = 0.25 };
        start.AsObject().Remove("launch");
        File.WriteAllText(scratch.At("run/state/start.json"), start.ToJsonString());
        AssertRefused("so the run can't be resumed: it has no fingerprint of the data, only a mean: an earlier version of Hooke wrote it");
    }

    [Fact]
    public void Data_that_have_moved_are_found_where_the_user_says_and_stay_found()
    {
        Cli.Json(scratch.Train("whole", "--schedule", "constant"));
        Cut(scratch.Train("run", "--schedule", "constant"), lastOnly: false);
        Directory.Move(scratch.Data, scratch.At("elsewhere"));
        AssertRefused("data is " + scratch.Data);
        Directory.CreateDirectory(scratch.At("wrong"));
        foreach (string file in Directory.EnumerateFiles(scratch.At("elsewhere"))) File.Copy(file, scratch.At("wrong/" + Path.GetFileName(file)));
        byte[] labels = File.ReadAllBytes(scratch.At("wrong/t10k-labels-idx1-ubyte"));
        labels[^1] = (byte)((labels[^1] + 1) % Scratch.Classes);
        File.WriteAllBytes(scratch.At("wrong/t10k-labels-idx1-ubyte"), labels);
        AssertRefused("as when the run was started", "--data", scratch.At("wrong"));
        Assert.Contains(scratch.Data, File.ReadAllText(scratch.At("run/run.json")));
        Cli.Json("resume", scratch.At("run"), "--data", Path.GetRelativePath(".", scratch.At("elsewhere")));
        Assert.Contains(scratch.At("elsewhere"), File.ReadAllText(scratch.At("run/run.json")));
        Assert.Equal(new SavedModel(scratch.At("whole/center.safetensors")).Tensors, new SavedModel(scratch.At("run/center.safetensors")).Tensors);
        File.Delete(scratch.At("run/result.json"));
        Cli.Json("resume", scratch.At("run"));
    }

    [Fact]
    public void A_relative_path_means_the_same_from_anywhere()
    {
        Cli.Json([.. scratch.Train("run").Select(word => word == scratch.Data ? Path.GetRelativePath(".", word) : word)]);
        Assert.Equal(scratch.Data, JsonNode.Parse(File.ReadAllText(scratch.At("run/run.json")))!["data"]!.ToString());
        // In a run file it is seen from the file.
        Directory.CreateDirectory(scratch.At("configs"));
        File.WriteAllText(scratch.At("configs/run.json"), """{"data": "../tiny", "method": "sgd", "model": "softmax", "epochs": 1}""");
        Cli.Json("train", scratch.At("configs/run.json"), "--run", scratch.At("second"));
        Assert.Equal(scratch.Data, JsonNode.Parse(File.ReadAllText(scratch.At("second/run.json")))!["data"]!.ToString());
    }

    [Theory]
    [InlineData("t.csv", "t.csv")]
    [InlineData("t.csv:label=a/b", "t.csv:label=a/b")]
    [InlineData("./sub/../t.csv:target=x:index-base=0", "t.csv:target=x:index-base=0")]
    [InlineData("glyphs", null)]
    [InlineData("rcv1-shaped", null)]
    [InlineData("nowhere.csv", null)]
    public void Names_stay_names_and_paths_keep_how_they_are_read(string said, string? resolved)
    {
        File.WriteAllText(scratch.At("t.csv"), "a,b\n");
        foreach (string name in (string[])["glyphs", "rcv1-shaped"]) Directory.CreateDirectory(scratch.At(name));
        Assert.Equal(resolved is null ? said : scratch.At(resolved), DataPath.Resolve(said, scratch.At(""), "."));
        if (resolved is not null && resolved.Contains(':')) Assert.Equal(scratch.At("tiny") + resolved[resolved.IndexOf(':')..], DataPath.Move("/gone/" + resolved, scratch.At("tiny")));
    }

    [Fact]
    public void Train_and_launch_name_the_command_that_goes_on_with_each_others_runs()
    {
        var run = Resolution.Of(RunFileOf(scratch.Train("launched")), _ => { });
        RunFolder.Create(scratch.At("launched"), run, _ => { }, launch: "-n 5 --workers-per-rank 2").Dispose();
        string command = $"hooke launch -n 5 --workers-per-rank 2 resume {scratch.At("launched")}";
        Assert.Contains($"was started by hooke launch; {command} goes on with it", Cli.Run("resume", scratch.At("launched")).Error);
        Assert.Contains($"is not empty; it must be new or empty, so that nothing is overwritten; {command} goes on with the run that is there", Cli.Run(scratch.Train("launched")).Error);
        Cut(scratch.Train("run"));
        Assert.Contains($"hooke resume {scratch.At("run")} goes on with the run that is there", Cli.Run(scratch.Train("run")).Error);
    }

    /// <summary>Trains, and takes away what a cut run has not.</summary>
    private void Cut(string[] train, bool lastOnly = true)
    {
        if (lastOnly) Cli.Json(train);
        else
        {
            // The checkpoint of half of the run.
            string half = scratch.At("half");
            Cli.Json([.. train.Select((word, k) => word == scratch.At("run") ? half : k > 0 && train[k - 1] == "--epochs" ? "1.5" : word)]);
            Cli.Json(train);
            File.Copy(half + "/state/checkpoint.safetensors", scratch.At("run/state/checkpoint.safetensors"), overwrite: true);
            File.Delete(scratch.At("run/center.safetensors"));
        }
        File.Delete(scratch.At("run/result.json"));
    }

    private static RunFile RunFileOf(string[] train)
    {
        var file = new RunFile();
        for (int k = 1; k < train.Length; k += 2)
            if (train[k] != "--run") file[train[k][2..]] = train[k + 1];
        return file;
    }

    private void AssertRefused(string message, params string[] options)
    {
        var printed = Cli.Run(["resume", scratch.At("run"), .. options]);
        Assert.Equal(2, printed.Code);
        string[] lines = [.. printed.Error.TrimEnd().Split('\n').Where(line => !line.StartsWith("warning: "))];
        Assert.Contains(message, Assert.Single(lines));
    }
}
