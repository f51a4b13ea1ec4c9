using Hooke.Models.Data;
using Hooke.Models.Nets;
using Hooke.Numerics;
using Hooke.Problems;
using Xunit;

namespace Hooke.Tests.Models;

public sealed class NetworkTests
{
    public static TheoryData<int[], Activation, Loss, double, double, int, int> Nets => new()
    {
        // hidden, activation, loss, dropout, l2, classes, batch
        { [], Activation.Relu, Loss.CrossEntropy, 0, 0, 10, 16 },
        { [], Activation.Relu, Loss.SquaredError, 0, 0.1, 33, 5 },
        { [5], Activation.Relu, Loss.CrossEntropy, 0, 0, 3, 1 },
        { [19, 33], Activation.Tanh, Loss.CrossEntropy, 0, 0.01, 3, 7 },
        { [40], Activation.Sigmoid, Loss.CrossEntropy, 0.3, 0, 10, 64 },
        { [33, 70], Activation.Relu, Loss.SquaredError, 0.5, 0.01, 4, 37 },
        { [32, 16], Activation.Tanh, Loss.SquaredError, 0.25, 0.1, 17, 300 },
        { [48, 7], Activation.Relu, Loss.CrossEntropy, 0, 0.05, 10, 300 },
        { [12], Activation.Sigmoid, Loss.SquaredError, 0, 0, 2, Draw.Full },
        { [20, 20], Activation.Relu, Loss.CrossEntropy, 0.5, 1e-3, 5, Draw.Full },
    };

    [Theory, MemberData(nameof(Nets))]
    public void Gradients_equal_central_differences_of_a_network_written_out_in_double_precision(
        int[] hidden, Activation activation, Loss loss, double dropout, double l2, int classes, int batch)
    {
        var data = ReferenceNetwork.RandomData(5, 7, classes, 520);
        NetworkSpec spec = new("net", hidden) { Activation = activation, Loss = loss, Dropout = dropout, L2 = l2, InitialBias = 0.1 };
        Draw draw = new(3, 2, 11, 500, batch);
        int[] examples = new int[batch == Draw.Full ? 520 : batch];
        new ExampleStream(new(), 520).Fill(draw, examples);
        GradientCheck.Passes(spec, data, draw, examples);
    }

    [Theory, MemberData(nameof(Nets))]
    public void Evaluation_equals_the_network_written_out_without_dropout(int[] hidden, Activation activation, Loss loss, double dropout, double l2, int classes, int batch)
    {
        _ = batch;
        var data = ReferenceNetwork.RandomData(5, 7, classes, 30, 610);
        Network network = new(new("net", hidden) { Activation = activation, Loss = loss, Dropout = dropout, L2 = l2 }, data);
        float[] x = Start(network);
        ReferenceNetwork reference = new(network.Spec, data);
        double[][] tensors = ReferenceNetwork.Tensors(network, x);
        using var oracle = network.Open();
        Assert.Equal(2, network.Blocks(Split.Test));
        Assert.Equal(1, network.Blocks(Split.Training));
        foreach (var split in (Split[])[Split.Training, Split.Test])
        {
            Score score = default;
            for (int block = 0; block < network.Blocks(split); block++) score += oracle.Evaluate(x, split, block);
            double sum = 0;
            int wrong = 0, count = split == Split.Test ? 610 : 30;
            for (int k = 0; k < count; k++)
            {
                int label = split == Split.Test ? data.TestLabels[k] : data.TrainLabels[k];
                double[] y = reference.Outputs(tensors, (split == Split.Test ? data.TestPixels : data.TrainPixels).Slice(k * 35, 35), k, null);
                sum += reference.Loss(y, label, default);
                if (Array.IndexOf(y, y.Max()) != label) wrong++;
            }
            Assert.Equal(count, score.Count);
            Assert.Equal(wrong, score.Wrong);
            Assert.Equal(sum, score.LossSum, 1e-5 * sum);
        }
    }

    [Fact]
    public void Vectors_of_512_and_256_bits_give_the_same_bits()
    {
        var data = Glyphs.Generate(400, 100);
        foreach (var activation in Enum.GetValues<Activation>())
        {
            NetworkSpec spec = new("net", 70, 33) { Activation = activation, Dropout = 0.5, L2 = 1e-3 };
            float[][] gradients = [.. new[] { Kernels.Wide512, Kernels.Wide256 }.Select(kernels =>
            {
                Network network = new(spec, data, null, kernels);
                float[] gradient = new float[network.Dimension];
                using var oracle = network.Open();
                oracle.Gradient(Start(network), gradient, new(1, 0, 0, 0, 300));
                return gradient;
            })];
            Assert.Equal(gradients[0], gradients[1]);
        }
    }

    [Fact]
    public void The_catalog_counts_parameters_exactly()
    {
        foreach (var entry in ModelCatalog.Entries)
        {
            var data = ReferenceNetwork.RandomData(entry.Shape.Height, entry.Shape.Width, Math.Min(256, entry.Classes), 10, 3, entry.Shape.Channels);
            Assert.Equal(entry.Spec.Parameters(entry.Shape, entry.Spec.Answers(entry.Shape, TargetKind.Label, new(1, 1, data.Classes))), entry.Build(data).Dimension);
        }
        Assert.Equal(235_146, ModelCatalog.Find("mlp").Parameters);
        Assert.Equal(7_850, ModelCatalog.Find("softmax").Parameters);
        Assert.Equal(61_128_808, ModelCatalog.Find("zhang-imagenet").Parameters);
        Assert.Equal(506_378, ModelCatalog.Find("bhardwaj-cifar").Parameters);
        // 75·64 + 64, 1600·128 + 128, 1152·64 + 64, 256·256 + 256, 256·10 + 10
        Assert.Equal(4_864 + 204_928 + 73_792 + 65_792 + 2_570, ModelCatalog.Find("zhang-cifar").Parameters);
        // 15·10 + 10, 50·96 + 96, 480·51 + 51, 255·128 + 128, 640·51 + 51, 255·256 + 256, 256·64 + 64, 1024·256 + 256, 2570
        Assert.Equal(160 + 4_896 + 24_531 + 32_768 + 32_691 + 65_536 + 16_448 + 262_400 + 2_570, ModelCatalog.Find("cifar-lowrank").Parameters);
        // each layer's weights and biases, there and back
        Assert.Equal(2 * (784 * 400 + 400 * 200 + 200 * 100 + 100 * 50 + 50 * 25 + 25 * 6) + 2 * (400 + 200 + 100 + 50 + 25) + 6 + 784, ModelCatalog.Find("curves-autoencoder").Parameters);
        Assert.Equal(2 * (784 * 1000 + 1000 * 500 + 500 * 250 + 250 * 30) + 2 * (1000 + 500 + 250) + 30 + 784, ModelCatalog.Find("mnist-autoencoder").Parameters);
        Assert.Equal(2 * (625 * 2000 + 2000 * 1000 + 1000 * 500 + 500 * 30) + 2 * (2000 + 1000 + 500) + 30 + 625, ModelCatalog.Find("faces-autoencoder").Parameters);
        // W, U, b and the output unit
        Assert.Equal(200 + 10_000 + 100 + 101, ModelCatalog.Find("rnn").Parameters);
        Assert.StartsWith("model is vgg; it must be softmax or mlp or fashion-cnn", Assert.Throws<ArgumentException>(() => ModelCatalog.Find("vgg")).Message);
    }

    [Fact]
    public void Export_and_import_are_inverse_and_named()
    {
        Network network = new(new("net", 40, 7), ReferenceNetwork.RandomData(3, 5, 10, 30));
        float[] x = Start(network), y = new float[x.Length];
        var tensors = network.Tensors(x);
        Assert.Equal(["linear1.weight [40,15]", "linear1.bias [40]", "linear2.weight [7,40]", "linear2.bias [7]", "linear3.weight [10,7]", "linear3.bias [10]"],
            tensors.Select(t => $"{t.Name} [{string.Join(",", t.Shape)}]"));
        network.Import(tensors.Reverse(), y);
        Assert.Equal(x, y);
    }

    [Fact]
    public void A_stored_model_that_does_not_fit_is_refused_by_name()
    {
        Network network = new(new("net", 4), ReferenceNetwork.RandomData(3, 5, 3, 30));
        float[] x = Start(network);
        var tensors = network.Tensors(x);
        string Message(IEnumerable<NamedTensor> given) => Assert.Throws<ArgumentException>(() => network.Import(given, x)).Message;
        Assert.Equal("tensor linear1.weight is missing; model net needs it with shape [4, 15]", Message(tensors.Skip(1)));
        Assert.Equal("tensor linear1.weight is given twice", Message(tensors.Append(tensors[0])));
        Assert.StartsWith("tensor conv1.weight is unknown", Message(tensors.Append(tensors[0] with { Name = "conv1.weight" })));
        Assert.Equal("tensor linear1.weight has shape [15, 4] and 60 values; model net needs [4, 15]", Message([tensors[0] with { Shape = [15, 4] }, .. tensors.Skip(1)]));
    }

    [Theory]
    [InlineData(SamplingKind.Partition)]
    [InlineData(SamplingKind.Loaders)]
    [InlineData(SamplingKind.Replacement)]
    public void A_step_allocates_nothing(SamplingKind kind)
    {
        Network network = new(new("net", 33, 20) { Dropout = 0.5, L2 = 1e-4, Activation = Activation.Tanh }, ReferenceNetwork.RandomData(5, 7, 10, 600), new(kind) { Chunk = 16 });
        float[] x = Start(network), gradient = new float[network.Dimension];
        using var oracle = network.Open();
        void Step(long step)
        {
            foreach (int batch in (ReadOnlySpan<int>)[32, 300, Draw.Full])
            {
                Draw draw = new(1, 0, step, step * 32, batch);
                oracle.Load(draw);
                oracle.Gradient(x, gradient, draw);
            }
            oracle.Evaluate(x, Split.Training, 0);
            oracle.Evaluate(x, Split.Test, 0);
        }
        for (int step = 0; step < 3; step++) Step(step);
        Allocation.AssertNone(() => { for (int step = 3; step < 20; step++) Step(step); });
    }

    [Fact]
    public void A_gradient_needs_no_load_and_can_be_repeated_after_an_evaluation()
    {
        Network network = new(new("net", 9), ReferenceNetwork.RandomData(5, 7, 10, 100));
        float[] x = Start(network), loaded = new float[network.Dimension], again = new float[network.Dimension];
        using var oracle = network.Open();
        Draw draw = new(1, 0, 4, 40, 24);
        oracle.Load(draw);
        double loss = oracle.Gradient(x, loaded, draw);
        oracle.Evaluate(x, Split.Test, 0);
        Assert.Equal(loss, oracle.Gradient(x, again, draw));
        Assert.Equal(loaded, again);
    }

    [Fact]
    public void Initial_weights_have_the_stated_deviation_and_biases_the_stated_value()
    {
        Network network = new(new("net", 200, 100) { InitialBias = 0.1 }, ReferenceNetwork.RandomData(10, 10, 10, 30));
        float[] x = Start(network);
        var tensors = network.Tensors(x);
        double[] expected = [Math.Sqrt(2.0 / 100), Math.Sqrt(2.0 / 200), Math.Sqrt(1.0 / 100)];
        for (int layer = 0; layer < 3; layer++)
        {
            float[] weights = tensors[2 * layer].Values;
            // Four standard errors of a deviation estimated from so many normal numbers.
            Assert.Equal(expected[layer], Math.Sqrt(weights.Average(w => (double)w * w)), 4 * expected[layer] / Math.Sqrt(2.0 * weights.Length));
            Assert.All(tensors[2 * layer + 1].Values, b => Assert.Equal(0.1f, b));
        }
    }

    [Fact]
    public void A_model_that_diverges_shows_it()
    {
        Network network = new(new("net", 9), ReferenceNetwork.RandomData(5, 7, 10, 100));
        float[] x = Start(network);
        x[0] = float.NaN;
        using var oracle = network.Open();
        Assert.True(double.IsNaN(oracle.Gradient(x, new float[x.Length], new(1, 0, 0, 0, 10))));
        Assert.True(double.IsNaN(oracle.Evaluate(x, Split.Test, 0).Loss));
    }

    [Fact]
    public void Values_out_of_range_are_refused_with_their_range()
    {
        var data = ReferenceNetwork.RandomData(5, 7, 10, 100);
        string Message(NetworkSpec spec) => Assert.Throws<ArgumentException>(() => new Network(spec, data)).Message;
        Assert.Equal("hidden width is 0; it must be from 1 to 65536", Message(new("net", 0)));
        Assert.Equal("model net has 4298047498 parameters; it must have at most 268435456", Message(new("net", 65536, 65536)));
        Assert.Equal("dropout is 1; it must be at least 0 and below 1", Message(new("net") { Dropout = 1 }));
        Assert.Equal("l2 is -1; it must be finite and at least 0", Message(new("net") { L2 = -1 }));
        Assert.Equal("chunk is 0; it must be at least 1", Assert.Throws<ArgumentException>(() => new Network(new("net"), data, new() { Chunk = 0 })).Message);
    }

    internal static float[] Start(Network network)
    {
        float[] x = new float[network.Dimension];
        network.Initialize(x, new(7, -1, 0, NoiseStream.Initialization));
        return x;
    }
}
