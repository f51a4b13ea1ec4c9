using System.Text.Json;
using Xunit;

namespace Hooke.Tests.App;

public sealed class BadInputTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("--period 0", "period is 0; it must be a whole number from 1 to 2147483647")]
    [InlineData("--period 1.5", "period is 1.5; it must be a whole number")]
    [InlineData("--period 99999999999", "period is 99999999999; it must be a whole number")]
    [InlineData("--workers -1", "workers is -1; it must be a whole number from 1 to 4096")]
    [InlineData("--workers abc", "workers is abc; it must be a whole number from 1 to 4096")]
    [InlineData("--workers 4097", "workers is 4097; it must be a whole number from 1 to 4096")]
    [InlineData("--learning-rate 0", "learning-rate is 0; it must be a finite number, above 0")]
    [InlineData("--learning-rate nan", "learning-rate is nan; it must be a finite number, above 0")]
    [InlineData("--learning-rate inf", "learning-rate is inf; it must be a finite number, above 0")]
    [InlineData("--learning-rate Infinity", "learning-rate is Infinity; it must be a finite number, above 0")]
    [InlineData("--learning-rate=", "--learning-rate has no value; it must be followed by one")]
    [InlineData("--moving-rate 2", "moving-rate is 2; it must be above -1 and below 2")]
    [InlineData("--moving-rate -1", "moving-rate is -1; it must be above -1 and below 2")]
    [InlineData("--center-rate -0.1", "center-rate is -0.1; it must be a finite number, at least 0")]
    [InlineData("--momentum 1", "momentum is 1; it must be at least 0 and below 1")]
    [InlineData("--momentum-schedule foo", "momentum-schedule is foo; it must be constant or growing")]
    [InlineData("--momentum-schedule growing --method easgd", "momentum-schedule is growing; easgd has no momentum")]
    [InlineData("--penalty 1 --method easgd", "penalty is 1; easgd has no penalty, but learning-rate, moving-rate, center-rate or period")]
    [InlineData("--staleness-bound -1 --method async-sgd", "staleness-bound is -1; it must be at least 0, or none")]
    [InlineData("--timing foo", "timing is foo; it must be synchronous, round-robin, asynchronous, overlapped or overlapped-synchronous")]
    [InlineData("--timing overlapped --method downpour", "timing is overlapped; it must be asynchronous, synchronous or round-robin for downpour")]
    [InlineData("--timing synchronous --method sgd", "timing is synchronous; sgd is sequential and has none")]
    [InlineData("--average foo", "average is foo; it must be center, time-average or moving-average")]
    [InlineData("--average moving-average --average-rate 0", "average-rate is 0; it must be above 0 and at most 1")]
    [InlineData("--average-rate 0.1", "average-rate is 0.1; eamsgd has no average-rate")]
    [InlineData("--average time-average --average-from 1.5", "average-from is 1.5; it must be a whole number, at least 0, or first-drop")]
    [InlineData("--method foo", "method is foo; it must be one of gd, sgd,")]
    [InlineData("--model foo", "model is foo; it must be softmax or mlp")]
    [InlineData("--data foo", "data is foo; it must be fashion-mnist, mnist, cifar-10, imagenet, faces, curves, adding, multiplication, memory-5bit, memory-20bit, glyphs, color-glyphs, large-glyphs, drawn-faces, or a folder")]
    [InlineData("--batch 0", "batch is 0; it must be a whole number from 1 to 1048576")]
    [InlineData("--epochs 0", "epochs is 0; it must be above 0 and at most 1e9")]
    [InlineData("--epochs nan", "epochs is nan; it must be above 0 and at most 1e9")]
    [InlineData("--epochs 1e-9", "epochs is 1e-9; it must be at least 0.00333, one of tiny's 300 examples a worker")]
    [InlineData("--seed -1", "seed is -1; it must be a whole number from 0 to 18446744073709551615")]
    [InlineData("--sampling foo", "sampling is foo; it must be partition, loaders or replacement")]
    [InlineData("--initialization foo", "initialization is foo; it must be shared or separate")]
    [InlineData("--schedule foo", "schedule is foo; it must be constant, cosine, cosine:STEPS, inverse-sqrt:γ")]
    [InlineData("--schedule drops:5", "schedule is drops:5; it must be constant, cosine, cosine:STEPS, inverse-sqrt:γ")]
    [InlineData("--hidden 0", "hidden is 0; it must be a whole number from 1 to 65536")]
    [InlineData("--hidden 3,,4", "hidden is empty; it must be a whole number from 1 to 65536")]
    [InlineData("--hidden 65536,65536 --model mlp", "model mlp has 4296343555 parameters; it must have at most 268435456")]
    [InlineData("--hidden 5 --model softmax", "hidden is 5; softmax has no hidden layers")]
    [InlineData("--dropout 1", "dropout is 1; it must be at least 0 and below 1")]
    [InlineData("--activation foo", "activation is foo; it must be relu, tanh or sigmoid")]
    [InlineData("--loss foo", "loss is foo; it must be cross-entropy, squared-error, reconstruction-cross-entropy, reconstruction-squared-error or regression")]
    [InlineData("--l2 -1", "l2 is -1; it must be from 0 to 1e9")]
    [InlineData("--bias nan", "bias is nan; it must be from -1e9 to 1e9")]
    [InlineData("--evaluate-every -1", "evaluate-every is -1; it must be from 0 to 1e9; 0 evaluates at the end only")]
    [InlineData("--measure foo", "measure is foo; it must be none or gradient")]
    [InlineData("--seed 1 --seed 2", "--seed is given 2 times; it must be given once")]
    [InlineData("--perod 3", "option --perod is not known; did you mean --period?")]
    [InlineData("--nonsense", "option --nonsense is not known; hooke train --help lists what there is")]
    [InlineData("--period", "--period has no value; it must be followed by one: local steps between exchanges")]
    [InlineData("a.json b.json", "argument b.json is one too many")]
    [InlineData("missing.json", "run file missing.json does not exist")]
    public void An_impossible_option_of_train_is_named_with_its_value_and_what_is_allowed(string options, string message)
    {
        string[] words = options.Split(' ');
        string[] args = ["train", .. words, "--run", scratch.At("run"), .. words.Contains("--data") ? [] : (string[])["--data", scratch.Data], .. words.Contains("--workers") || words.Contains("--method") ? [] : (string[])["--workers", "1"]];
        AssertRefused(message, args);
        Assert.False(Path.Exists(scratch.At("run")));
    }

    [Theory]
    [InlineData("frobnicate", "command frobnicate is not known; it must be one of train, resume, compare, simulate, theory, sme, launch, doctor, methods, models, data, bench")]
    [InlineData("resume", "run is missing; it must be given: the run's folder")]
    [InlineData("resume nowhere", "run folder nowhere does not exist")]
    [InlineData("bench frobnicate", "command frobnicate is not known; it must be one of exchange, decay, workers")]
    [InlineData("bench exchange --steps 0", "steps is 0; it must be a whole number from 1 to 268435456")]
    [InlineData("bench exchange --parameters ten", "parameters is ten; it must be a whole number from 1 to 268435456")]
    [InlineData("methods --all", "option --all is not known; hooke methods --help lists what there is")]
    [InlineData("compare --preset table-9", "preset is table-9; it must be table-4.1, table-4.2 or table-4.3")]
    [InlineData("compare --preset table-4.1 --methods sgd", "preset is table-4.1; it must not go with methods or learning-rates")]
    [InlineData("compare --methods sgd,foo", "methods is foo; it must be gd, sgd,")]
    [InlineData("compare --methods sgd,sgd", "methods is sgd,sgd; sgd must be in it once")]
    [InlineData("compare --learning-rates 0.1,x", "learning-rates is x; it must be numbers above 0, separated by commas")]
    [InlineData("compare --levels 1.5", "levels is 1.5; it must be numbers above 0 and at most 1, separated by commas")]
    [InlineData("compare --methods sgd,easgd --penalty 3", "penalty is 3; none of sgd or easgd has it")]
    public void A_wrong_command_line_is_refused(string line, string message) => AssertRefused(message, line.Split(' '));

    [Fact]
    public void A_mistake_in_the_last_run_of_a_comparison_is_known_before_the_first_starts()
        => AssertRefused("period is 0; it must be a whole number", "compare", "--methods", "sgd,easgd", "--period", "0", "--data", scratch.Data);

    [Theory]
    [InlineData("{", "is not valid JSON: line 1, column 2: ")]
    [InlineData("[]", "holds a JSON array; it must hold an object")]
    [InlineData("{\"foo\": 1}", "key foo is not known; it must be one of method, model, data, testData, ")]
    [InlineData("{\"period\": 0}", "period is 0; it must be a whole number")]
    [InlineData("{\"period\": {\"a\": 1}}", "period is {\"a\": 1}; it must be a number or a text")]
    [InlineData("{\"seed\": true}", "seed is true; it must be a number or a text")]
    [InlineData("{\"seed\": 1, \"seed\": 2}", "seed is given twice; it must be given once")]
    [InlineData("{\"period\": \"\\ud800\"}", "run-file.json: period is \"\\ud800\", half of a character; it must be Unicode text")]
    [InlineData("{\"derived\": [\"seed\", \"\\udc00\"]}", "run-file.json: derived[1] is \"\\udc00\", half of a character; it must be Unicode text")]
    [InlineData("{\"\\ud800\": 1}", "run-file.json: a key has half of a character")]
    [InlineData("{\"derived\": 3}", "derived is 3; it must be an array of keys")]
    [InlineData("{\"derived\": [\"foo\"]}", "key foo is not known")]
    public void A_wrong_run_file_is_refused(string text, string message)
    {
        File.WriteAllText(scratch.At("run-file.json"), text);
        AssertRefused(message, "train", scratch.At("run-file.json"), "--data", scratch.Data, "--run", scratch.At("run"));
        Assert.False(Path.Exists(scratch.At("run")));
    }

    [Fact]
    public void A_folder_is_no_run_file_and_a_file_is_no_run_folder()
    {
        AssertRefused("is a folder; it must be a JSON file", "train", scratch.Data);
        File.WriteAllText(scratch.At("file"), "mine");
        AssertRefused("is a file; it must be a new or empty folder", scratch.Train("file"));
        AssertRefused("can't be written", scratch.Train("file/below"));
        AssertRefused("is a file; it must be the folder of a run", "resume", scratch.At("file"));
        AssertRefused("has no run.json; it must be the folder of a run", "resume", scratch.Data);
        Assert.Equal("mine", File.ReadAllText(scratch.At("file")));
    }

    [Fact]
    public void A_run_folder_that_is_not_empty_is_left_alone()
    {
        Directory.CreateDirectory(scratch.At("run"));
        File.WriteAllText(scratch.At("run/mine"), "mine");
        AssertRefused("is not empty; it must be new or empty, so that nothing is overwritten", scratch.Train("run"));
        Assert.Equal([scratch.At("run/mine")], Directory.EnumerateFileSystemEntries(scratch.At("run")));
    }

    [Theory]
    [InlineData("missing", "there is no such file")]
    [InlineData("truncated", "the file is truncated")]
    [InlineData("long", "there are bytes after")]
    [InlineData("magic", "the magic number is")]
    [InlineData("zipped", "gzip data are corrupt")]
    [InlineData("folder", "there is no such file")]
    public void Damaged_data_are_named(string damage, string message)
    {
        string path = Path.Combine(scratch.Data, "t10k-images-idx3-ubyte");
        byte[] bytes = File.ReadAllBytes(path);
        File.Delete(path);
        switch (damage)
        {
            case "truncated": File.WriteAllBytes(path, bytes[..^7]); break;
            case "long": File.WriteAllBytes(path, [.. bytes, 1]); break;
            case "magic": bytes[2] = 9; File.WriteAllBytes(path, bytes); break;
            case "zipped": File.WriteAllBytes(path, [0x1F, 0x8B, 8, 0, .. bytes]); break;
            case "folder": Directory.CreateDirectory(path); break;
        }
        AssertRefused(message, scratch.Train("run"));
        AssertRefused(path, scratch.Train("run"));
        Assert.False(Path.Exists(scratch.At("run")));
    }

    private static void AssertRefused(string message, params string[] args)
    {
        var printed = Cli.Run(args);
        Assert.Equal(2, printed.Code);
        Assert.Equal("", printed.Output);
        string line = Assert.Single(printed.Error.TrimEnd('\n').Split('\n'));
        Assert.StartsWith("hooke: ", line);
        Assert.Contains(message, line);

        var json = Cli.Run([.. args, "--json"]);
        Assert.Equal(2, json.Code);
        // The line above is in the document as it is. (A value may be missing at the end, where --json then stands.)
        if (!args[^1].StartsWith("--")) Assert.Equal(line["hooke: ".Length..], json.Json.GetProperty("error").GetString());
        Assert.Equal(2, json.Json.GetProperty("exitCode").GetInt32());
        Assert.Equal(JsonValueKind.Object, json.Json.ValueKind);
    }
}
