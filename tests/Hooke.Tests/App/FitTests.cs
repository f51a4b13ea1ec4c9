using System.Text.Json;
using Hooke.App.Training;
using Hooke.Models.Data;
using Hooke.Models.Nets;
using Hooke.Problems;
using Hooke.Tests.Models;
using Xunit;

namespace Hooke.Tests.App;

/// <summary>Models and data that fit each other, and those that don't.</summary>
public sealed class FitTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    public static TheoryData<string, string, string> Models => new()
    {
        { "fashion-cnn", "photos", "--crop 20 --flip --hidden 12" },
        { "mlp", "numbers", "--hidden 9" },
        { "mlp", "memory", "--hidden 9" },
        { "rnn", "memory", "" },
        { "rnn", "numbers", "" },
        { "curves-autoencoder", "curves", "--hidden 30,6,30 --learning-rate 1e-4" },
        { "faces-autoencoder", "curves", "--crop 25 --hidden 20,3,20 --learning-rate 1e-4" },
    };

    [Theory, MemberData(nameof(Models))]
    public void Whoever_has_only_center_safetensors_can_evaluate_the_model(string model, string name, string options)
    {
        var data = Write(name);
        var json = Cli.Json(["train", "--method", "msgd", "--model", model, "--data", scratch.At(name + ".hooke"), "--epochs", "1", "--batch", "10", "--run", scratch.At("run"), .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        var saved = new SavedModel(scratch.At("run/center.safetensors"));
        int numbers = (int)saved.Numbers("outputShape")[2], wrong = 0, answers = 0;
        double loss = 0;
        for (int k = 0; k < data.TestCount; k++)
        {
            double[] y = saved.Outputs(Stored(data, k), out double[] seen);
            float[] target = data.Target switch { TargetKind.Values => Target(data, k), TargetKind.Label => OneHot(data.TestLabels[k], data.Classes), _ => [] };
            if (data.Target == TargetKind.Input) loss += y.Zip(seen, (a, b) => (a - b) * (a - b)).Sum();
            for (int i = 0; i < y.Length && target.Length > 0; i += numbers, answers++)
            {
                double[] own = y[i..(i + numbers)];
                if (numbers == 1)
                {
                    loss += (own[0] - target[i]) * (own[0] - target[i]);
                    wrong += Math.Abs(own[0] - target[i]) > 0.04 ? 1 : 0;
                    continue;
                }
                int label = Array.IndexOf(target, 1, i) - i;
                loss += Math.Log(own.Sum(v => Math.Exp(v - own.Max()))) + own.Max() - own[label];
                wrong += Array.IndexOf(own, own.Max()) != label ? 1 : 0;
            }
        }
        Assert.Equal(loss / data.TestCount, json.GetProperty("testLoss").GetDouble(), 1e-4 * loss / data.TestCount);
        // A number is right or wrong only to the model that says how far it may be off.
        if (data.Target == TargetKind.Input || numbers == 1 && model != "rnn") Assert.Equal(JsonValueKind.Null, json.GetProperty("testError").ValueKind);
        else Assert.Equal((double)wrong / answers, json.GetProperty("testError").GetDouble(), 1e-9);
        Assert.Equal(model, saved.Metadata.GetProperty("model").GetString());
    }

    [Fact]
    public void A_run_without_right_and_wrong_is_told_by_its_loss()
    {
        Write("curves");
        string[] train = ["train", "--method", "msgd", "--model", "curves-autoencoder", "--hidden", "20,3,20", "--data", scratch.At("curves.hooke"), "--epochs", "4", "--evaluate-every", "1", "--learning-rate", "1e-4", "--run", scratch.At("run")];
        var printed = Cli.Run(train);
        Assert.Equal(0, printed.Code);
        Assert.DoesNotContain("error ", printed.Output.Replace("squared reconstruction error)", "").Replace("reconstruction-cross", ""));
        Assert.Contains("test loss ", printed.Output);
        Assert.Contains("curves-autoencoder on curves", printed.Output);
        Assert.Contains(">test loss<", File.ReadAllText(scratch.At("run/curves.svg")));
        var compared = Cli.Json("compare", "--methods", "msgd", "--learning-rates", "1e-4,1e-5", "--model", "curves-autoencoder", "--hidden", "20,3,20", "--data", scratch.At("curves.hooke"), "--epochs", "1", "--levels", "1000");
        var best = compared.GetProperty("methods")[0];
        Assert.True(best.GetProperty("bestTestLoss").GetDouble() > 0);
        Assert.Equal(JsonValueKind.Null, best.GetProperty("bestTestError").ValueKind);
        Assert.Equal(JsonValueKind.Number, best.GetProperty("secondsToLevel")[0].ValueKind);
    }

    [Theory]
    [InlineData("--model zhang-cifar --data photos", "model zhang-cifar needs examples of 28x28x3; data photos has 24x22x3; what would fit: cifar-10, color-glyphs")]
    [InlineData("--model cifar-lowrank --data memory", "model cifar-lowrank needs examples of 32x32x3; data memory-3x4 has 12x1x6; what would fit: cifar-10, color-glyphs")]
    [InlineData("--model faces-autoencoder --data curves", "model faces-autoencoder needs examples of 25x25x1; data curves has 28x28x1; what would fit: faces, drawn-faces, or --crop 25")]
    [InlineData("--model mlp --data curves", "model mlp needs classes or numbers to predict; data curves has only inputs to be reproduced; what would fit: fashion-mnist, ")]
    [InlineData("--model softmax --loss cross-entropy --data numbers", "model softmax with loss cross-entropy needs classes; data numbers has a number to predict; what would fit: ")]
    [InlineData("--model fashion-cnn --data memory", "data memory-3x4 has examples of 12x1x6; what would fit: fashion-mnist, mnist, cifar-10, imagenet, glyphs, color-glyphs, large-glyphs")]
    [InlineData("--model mlp --data photos --crop 23", "crop is 23; it must be at most 22, for data photos has images of 24x22x3")]
    [InlineData("--model mlp --data photos --crop -1", "crop is -1; it must be a whole number from 0 to 65536")]
    [InlineData("--model mlp --data memory --crop 3", "crop is 3; data memory-3x4 has examples of 12x1x6, which are no images")]
    [InlineData("--model mlp --data memory --flip", "flip is true; data memory-3x4 has examples of 12x1x6, which are no images")]
    [InlineData("--model mlp --data photos --flip --flip", "--flip is given 2 times; it must be given once")]
    [InlineData("--model softmax --data photos --dropout 0.5", "dropout is 0.5; softmax has no hidden layers")]
    public void What_does_not_fit_is_said_in_one_line_with_what_would(string line, string message)
    {
        string[] words = line.Split(' ');
        int data = Array.IndexOf(words, "--data") + 1;
        Write(words[data]);
        words[data] = scratch.At(words[data] + ".hooke");
        var printed = Cli.Run(["train", .. words, "--run", scratch.At("run")]);
        Assert.Equal((2, ""), (printed.Code, printed.Output));
        Assert.Contains(message, Assert.Single(printed.Error.TrimEnd('\n').Split('\n')));
    }

    [Fact]
    public void A_model_made_for_crops_takes_them_from_larger_images_unless_something_else_is_said()
    {
        var images = ReferenceNetwork.RandomData(32, 32, 10, 20, 5, 3);
        Resolution Resolve(params (string, string)[] said)
        {
            RunFile file = new() { ["model"] = "zhang-cifar", ["data"] = "color-glyphs" };
            foreach (var (name, value) in said) file[name] = value;
            return Resolution.Of(file, _ => { }, images);
        }
        var run = Resolve();
        Assert.Equal(("28", "true", new Shape(28, 28, 3)), (run.File["crop"], run.File["flip"], run.Network.Data.Shape));
        Assert.False(Resolve(("flip", "false")).Network.Data.Flips);
        Assert.Equal(new Shape(32, 32, 3), Resolve(("model", "bhardwaj-cifar")).Network.Data.Shape);
        Assert.Equal(("0", "false"), (Resolve(("model", "bhardwaj-cifar")).File["crop"], Resolve(("model", "bhardwaj-cifar")).File["flip"]));
        Assert.Equal(0.25, Resolve(("model", "bhardwaj-cifar"), ("dropout", "0.25")).Network.Spec.Dropout);
    }

    [Fact]
    public void Another_model_brings_its_own_data_and_view_but_keeps_what_was_said()
    {
        var images = ReferenceNetwork.RandomData(32, 32, 10, 20, 5, 3);
        var file = Resolution.Of(new() { ["model"] = "zhang-cifar", ["hidden"] = "7", ["l2"] = "1e-3" }, _ => { }, images).File;
        var other = file.Copy();
        other.Override(new() { ["model"] = "mlp" });
        Assert.Equal((null, null, null, "7", null, "1e-3"), (other["data"], other["crop"], other["flip"], other["hidden"], other["dropout"], other["l2"]));
        var sameModel = file.Copy();
        sameModel.Override(new() { ["data"] = "color-glyphs" });
        Assert.Equal((null, null, "7"), (sameModel["crop"], sameModel["flip"], sameModel["hidden"]));
    }

    [Theory]
    [InlineData("partition")]
    [InlineData("loaders")]
    [InlineData("replacement")]
    public void A_mapped_file_gives_the_same_bits_as_the_data_in_memory(string sampling)
    {
        Cli.Json("data", "import", scratch.Data, scratch.At("tiny.hooke"));
        string[] Train(string run) => [.. scratch.Train(run, "--sampling", sampling)];
        var memory = Cli.Json(Train("memory"));
        var mapped = Cli.Json(Train("mapped").Select(word => word == scratch.Data ? scratch.At("tiny.hooke") : word).ToArray());
        Assert.Equal(new SavedModel(scratch.At("memory/center.safetensors")).Tensors, new SavedModel(scratch.At("mapped/center.safetensors")).Tensors);
        Assert.Equal(memory.GetProperty("testLoss").GetDouble(), mapped.GetProperty("testLoss").GetDouble());
        Assert.True(mapped.GetProperty("time").GetProperty("data").GetDouble() > 0);
    }

    [Fact]
    public void Only_a_mapped_file_read_by_loaders_is_fetched_ahead()
    {
        Write("photos");
        var file = DataImport.Open(scratch.At("photos.hooke"));
        Assert.True(new Network(new("net"), file, new(SamplingKind.Loaders)).Fetches);
        Assert.False(new Network(new("net"), file, new()).Fetches);
        Assert.False(new Network(new("net"), ReferenceNetwork.RandomData(4, 4, 2, 60), new(SamplingKind.Loaders)).Fetches);
        new Network(new("net"), file.Cropped(20, 20, true), new(SamplingKind.Loaders)).Fetch(1, 7);
        Assert.Equal((512, 64), (Sampling.ChunkOf(ColorGlyphs.Generate(train: 2, test: 1)), Sampling.ChunkOf(ColorGlyphs.Generate(256, 1000, 2, 1))));
    }

    [Fact]
    public void A_flag_is_true_alone_and_may_be_said_to_be_false()
    {
        Write("photos");
        string[] train = ["train", "--method", "msgd", "--data", scratch.At("photos.hooke"), "--hidden", "4", "--epochs", "0.1"];
        Cli.Json([.. train, "--flip", "--run", scratch.At("a")]);
        Assert.Contains("\"flip\": true", File.ReadAllText(scratch.At("a/run.json")));
        Cli.Json("train", scratch.At("a/run.json"), "--run", scratch.At("b"));
        Assert.Equal(File.ReadAllBytes(scratch.At("a/center.safetensors")), File.ReadAllBytes(scratch.At("b/center.safetensors")));
        Cli.Json("train", "--flip", "false", scratch.At("a/run.json"), "--run", scratch.At("c"));
        Assert.Contains("\"flip\": false", File.ReadAllText(scratch.At("c/run.json")));
        Assert.NotEqual(File.ReadAllBytes(scratch.At("a/center.safetensors")), File.ReadAllBytes(scratch.At("c/center.safetensors")));
    }

    [Fact]
    public void A_set_that_stands_in_is_named_as_what_it_is()
    {
        List<string> notices = [];
        var run = Resolution.Of(new() { ["model"] = "zhang-cifar" }, notices.Add, ColorGlyphs.Generate(train: 20, test: 5));
        Assert.Equal(("color-glyphs", "color-glyphs"), (run.File["data"], run.Data.Name));
        // A set of that name in a file of one's own is what was asked for.
        MappedFile.Write(scratch.At("own.hooke"), ExampleReader.Of(run.Data));
        Assert.False(DataCatalog.StandsIn("cifar-10", DataImport.Open(scratch.At("own.hooke"))));
    }

    [Fact]
    public void Every_model_has_data_that_fit_and_every_set_is_listed_with_its_shape()
    {
        var named = DataCatalog.Entries.ToDictionary(entry => entry.Name);
        DataSet[] generated =
        [
            Glyphs.Generate(2, 1), ColorGlyphs.Generate(train: 2, test: 1), ColorGlyphs.Generate(256, 1000, 2, 1), Curves.Generate(2, 1), DrawnFaces.Generate(2, 1),
            Sequences.Adding(train: 2, test: 1), Sequences.Multiplication(train: 2, test: 1), Sequences.Memory(5, 2, 200, 2, 1), Sequences.Memory(10, 5, 80, 2, 1),
        ];
        foreach (var data in generated) Assert.Equal((data.Shape, data.TargetShape, data.Target), (named[data.Name].Shape, named[data.Name].TargetShape, named[data.Name].Target));
        foreach (var model in ModelCatalog.Entries)
            Assert.True(named[model.Data].Shape == model.Shape || model.Crops && named[model.Data].Shape.Height > model.Shape.Height, model.Name);
        foreach (var entry in named.Values.Where(entry => entry.StandIn is not null)) Assert.Equal((entry.Shape, entry.TargetShape, entry.Target), (named[entry.StandIn!].Shape, named[entry.StandIn!].TargetShape, named[entry.StandIn!].Target));
    }

    private DataSet Write(string name)
    {
        var data = name switch
        {
            "photos" => ReferenceNetwork.RandomData(24, 22, 4, 60, 20, 3),
            "numbers" => DataSet.FromFloats("numbers", "test", new(7, 1, 2), new(1, 1, 1), Random(60 * 14), Random(60), Random(20 * 14), Random(20)),
            "memory" => Sequences.Memory(3, 4, 12, 60, 20),
            _ => Curves.Generate(60, 20),
        };
        if (name == "photos") data = new(data.Layout with { Name = name }, data.Of(Split.Training), data.Of(Split.Test), data.Statistics);
        MappedFile.Write(scratch.At(name + ".hooke"), ExampleReader.Of(data));
        return data;
    }

    private static float[] Random(int count) => [.. Enumerable.Range(0, count).Select(k => (float)Math.Sin(k * 7.3))];

    private static float[] OneHot(int label, int classes) => [.. Enumerable.Range(0, classes).Select(k => k == label ? 1f : 0)];

    private static double[] Stored(DataSet data, int index)
    {
        byte[] bytes = new byte[data.Layout.InputBytes];
        ExampleReader.Of(data).ReadInput(Split.Test, index, bytes);
        return data.Element == Element.Byte ? [.. bytes.Select(b => (double)b)] : [.. System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes).ToArray().Select(f => (double)f)];
    }

    private static unsafe float[] Target(DataSet data, int index)
    {
        float[] target = new float[data.TargetShape.Count];
        fixed (float* to = target) data.ReadTargets(Split.Test, [index], to, target.Length);
        return target;
    }
}
