using Hooke.Models.Data;
using Hooke.Models.Nets;
using Hooke.Numerics;
using Hooke.Problems;
using Xunit;

namespace Hooke.Tests.Models;

public sealed class LayerTests
{
    private static readonly ActivationLayer Relu = new(Activation.Relu), Tanh = new(Activation.Tanh);

    public static TheoryData<string> Names => [.. Nets.Keys];

    private static readonly Dictionary<string, (NetworkSpec Spec, Shape Input, int Batch)> Nets = new()
    {
        ["one channel, odd sizes"] = (new("net", 5) { Front = [new ConvolutionLayer(3, 3), Relu, new PoolingLayer(2)] }, new(9, 8, 1), 5),
        ["every tile is partial"] = (new("net") { Front = [new ConvolutionLayer(7, 2, 3), Tanh] }, new(3, 4, 2), 3),
        ["stride 2 on 3 channels"] = (new("net") { Front = [new ConvolutionLayer(33, 3) { Stride = 2 }, Relu, new ConvolutionLayer(5, 2) { Stride = 2 }, Tanh] }, new(11, 10, 3), 4),
        ["padding"] = (new("net") { Front = [new ConvolutionLayer(18, 3) { PaddingHeight = 1, PaddingWidth = 1 }, Tanh, new ConvolutionLayer(6, 5, 3) { PaddingHeight = 2, Stride = 2 }, Relu], L2 = 0.01 }, new(6, 5, 2), 6),
        ["separable kernels"] = (new("net", 6) { Front = [new ConvolutionLayer(5, 1, 5) { PaddingWidth = 2 }, new ConvolutionLayer(48, 5, 1) { PaddingHeight = 2 }, Relu, new PoolingLayer(2), new ConvolutionLayer(3, 1), Tanh] }, new(6, 7, 3), 3),
        ["full panels"] = (new("net") { Front = [new ConvolutionLayer(64, 3), Relu, new ConvolutionLayer(32, 3), Relu], L2 = 1e-3 }, new(6, 6, 3), 9),
        ["wide panels behind narrow ones"] = (new("net", 4) { Front = [new ConvolutionLayer(40, 2), Relu, new ConvolutionLayer(50, 2), Relu, new PoolingLayer(2)] }, new(4, 5, 1), 3),
        ["overlapping pooling"] = (new("net") { Front = [new ConvolutionLayer(20, 2), Relu, new PoolingLayer(3) { Stride = 2 }, new ConvolutionLayer(4, 1), Tanh, new PoolingLayer(2) { Stride = 1 }] }, new(9, 8, 2), 4),
        ["pooling that leaves a rest, and gaps"] = (new("net") { Front = [new ConvolutionLayer(16, 1), Tanh, new PoolingLayer(2) { Stride = 3 }, new ConvolutionLayer(17, 1), new PoolingLayer(2)] }, new(15, 14, 1), 4),
        ["dropout on images"] = (new("net", 9) { Front = [new ConvolutionLayer(6, 3), Relu, new PoolingLayer(2), new DropoutLayer(), new ConvolutionLayer(10, 2), Relu, new DropoutLayer(0.25)], Dropout = 0.5 }, new(10, 10, 1), 21),
        ["one output pixel, many examples"] = (new("net") { Front = [new ConvolutionLayer(34, 3), Relu, new ConvolutionLayer(12, 2), Relu] }, new(4, 4, 2), 70),
        ["a whole-image kernel"] = (new("net") { Front = [new ConvolutionLayer(8, 5, 4), Tanh] }, new(5, 4, 3), 10),
        ["more than one chunk"] = (new("net") { Front = [new ConvolutionLayer(4, 3), Relu, new PoolingLayer(2)], Dropout = 0.5, L2 = 0.1 }, new(6, 6, 1), 300),
        ["recurrent"] = (new("net") { Front = [new RecurrentLayer(7)], Loss = Loss.Regression }, new(6, 1, 2), 5),
        ["recurrent with full panels"] = (new("net", 5) { Front = [new RecurrentLayer(37) { InputScale = 1, SpectralRadius = 0.9 }], L2 = 0.01 }, new(9, 1, 3), 19),
        ["recurrent over several blocks"] = (new("net") { Front = [new RecurrentLayer(4) { SpectralRadius = 1.5 }], Loss = Loss.Regression }, new(70, 1, 1), 12),
        ["autoencoder with cross-entropy"] = (new("net", 9, 3, 9) { Activation = Activation.Sigmoid, Linear = 1, Loss = Loss.ReconstructionCrossEntropy }, new(5, 7, 1), 6),
        ["autoencoder with squared error"] = (new("net", 20, 4, 20) { Activation = Activation.Sigmoid, Linear = 1, Loss = Loss.ReconstructionSquaredError, InitialWeights = InitialWeights.Sparse }, new(5, 5, 1), 6),
    };

    [Theory, MemberData(nameof(Names))]
    public void Gradients_equal_central_differences(string name)
    {
        var (spec, input, batch) = Nets[name];
        var data = ReferenceNetwork.RandomData(input.Height, input.Width, 3, 520, channels: input.Channels);
        Draw draw = new(3, 2, 11, 500, batch);
        int[] examples = new int[batch];
        new ExampleStream(new(), 520).Fill(draw, examples);
        GradientCheck.Passes(spec, data, draw, examples, 20);
    }

    [Fact]
    public void The_first_of_equal_maxima_receives_the_derivative()
    {
        foreach (var kernels in (IKernels[])[Kernels.Scalar, Kernels.Wide256, Kernels.Wide512]) Pool(kernels);

        static unsafe void Pool(IKernels kernels)
        {
            using NativeVector<float> a = new(2 * 2 * 19), c = new(19), index = new(19);
            a.Span.Fill(3);
            kernels.Pool(1, 19, 2, a.Pointer, 38, 38, c.Pointer, index.Pointer, true);
            Assert.All(c.Span.ToArray(), value => Assert.Equal(3, value));
            kernels.Unpool(1, 19, 2, c.Pointer, index.Pointer, a.Pointer, 38, 38, false);
            for (int i = 0; i < a.Length; i++) Assert.Equal(i < 19 ? 3 : 0, a.Span[i]);
        }
    }

    [Fact]
    public void Layers_that_do_not_fit_are_refused_with_their_shapes()
    {
        var data = ReferenceNetwork.RandomData(8, 7, 10, 100);
        string Message(params LayerSpec[] front) => Assert.Throws<ArgumentException>(() => new Network(new("net") { Front = front }, data)).Message;
        Assert.Equal("model net, layer 2 (convolution 5x5 to 8 channels): kernel 5x5 does not fit inputs of 4x3x4 padded by 0x0; outputs would be 0x0x8", Message(new ConvolutionLayer(4, 5), new ConvolutionLayer(8, 5)));
        Assert.Equal("model net, layer 2 (max pooling 9x9): a window of 9x9 does not fit inputs of 8x7x4; outputs would be 0x0x4", Message(new ConvolutionLayer(4, 1), new PoolingLayer(9)));
        Assert.Equal("model net, layer 1 (convolution 3x3 to 0 channels): convolution channels is 0; it must be from 1 to 65536", Message(new ConvolutionLayer(0, 3)));
        Assert.Equal("model net, layer 1 (max pooling 2x2): the first layer must have parameters; its inputs are 8x7x1", Message(new PoolingLayer(2)));
        Assert.Equal("model net, layer 2 (recurrent layer of 5 units): a recurrent layer must be the first layer; its inputs are 8x7x4", Message(new ConvolutionLayer(4, 1), new RecurrentLayer(5)));
        Assert.Equal("model zhang-cifar needs inputs of 28x28x3; the data has 8x7x1", Assert.Throws<ArgumentException>(() => ModelCatalog.Find("zhang-cifar").Build(data)).Message);
    }

    [Fact]
    public void Sparse_initialization_connects_each_unit_to_fifteen_inputs()
    {
        Network network = new(new("net", 200, 8) { InitialWeights = InitialWeights.Sparse, InitialScale = 2 }, ReferenceNetwork.RandomData(10, 10, 10, 30));
        var tensors = network.Tensors(NetworkTests.Start(network));
        for (int layer = 0; layer < 3; layer++)
        {
            float[] weights = tensors[2 * layer].Values;
            int inputs = tensors[2 * layer].Shape[1];
            for (int o = 0; o < weights.Length / inputs; o++) Assert.Equal(Math.Min(15, inputs), weights.AsSpan(o * inputs, inputs).ToArray().Count(w => w != 0));
            float[] drawn = [.. weights.Where(w => w != 0)];
            Assert.Equal(2, Math.Sqrt(drawn.Average(w => (double)w * w)), 5 * 2 / Math.Sqrt(2.0 * drawn.Length));
        }
        // Every input of the first layer is used: 200·15 choices of 100.
        Assert.All(Enumerable.Range(0, 100), i => Assert.Contains(Enumerable.Range(0, 200), o => tensors[0].Values[o * 100 + i] != 0));
    }

    [Fact]
    public void Recurrent_weights_start_with_the_stated_spectral_radius_and_connections()
    {
        Network network = new(ModelCatalog.Find("rnn").Spec, ReferenceNetwork.RandomData(80, 1, 256, 10, channels: 2));
        var tensors = network.Tensors(NetworkTests.Start(network));
        Assert.Equal(["recurrent1.input [100,2]", "recurrent1.recurrent [100,100]", "recurrent1.bias [100]", "linear1.weight [1,100]", "linear1.bias [1]"],
            tensors.Select(t => $"{t.Name} [{string.Join(",", t.Shape)}]"));
        Assert.Equal(1500, tensors[1].Values.Count(w => w != 0));
        // |U^k|^(1/k) tends to the spectral radius from above; 1000^(1/2^10) is 1.007.
        double[] power = [.. tensors[1].Values.Select(w => (double)w)];
        double log = 0;
        for (int k = 1; k <= 10; k++)
        {
            double[] square = new double[10_000];
            for (int i = 0; i < 100; i++)
                for (int j = 0; j < 100; j++)
                    for (int l = 0; l < 100; l++) square[i * 100 + l] += power[i * 100 + j] * power[j * 100 + l];
            double norm = Math.Sqrt(square.Sum(a => a * a));
            log += Math.Log(norm) / (1 << k);
            power = [.. square.Select(a => a / norm)];
        }
        Assert.Equal(1.1, Math.Exp(log), 0.02);
    }

    [Fact]
    public void A_gradient_that_is_too_long_is_scaled_to_the_greatest_norm()
    {
        var data = ReferenceNetwork.RandomData(5, 7, 10, 100);
        NetworkSpec spec = new("net", 9) { L2 = 1 };
        float[] Gradient(double longest)
        {
            Network network = new(spec with { MaximumGradientNorm = longest }, data);
            float[] gradient = new float[network.Dimension];
            using var oracle = network.Open();
            oracle.Gradient(NetworkTests.Start(network), gradient, new(1, 0, 0, 0, 16));
            return gradient;
        }
        float[] free = Gradient(0), clipped = Gradient(0.5);
        double norm = Math.Sqrt(free.Sum(g => (double)g * g));
        Assert.True(norm > 0.5);
        Assert.Equal(free, Gradient(2 * norm));
        for (int i = 0; i < free.Length; i++) Assert.Equal(free[i] * 0.5 / norm, clipped[i], 1e-6);
    }

    [Fact]
    public void Steps_of_convolutions_and_recurrent_layers_allocate_nothing()
    {
        foreach (var (spec, input, _) in Nets.Values)
        {
            Network network = new(spec, ReferenceNetwork.RandomData(input.Height, input.Width, 3, 100, channels: input.Channels));
            float[] x = NetworkTests.Start(network), gradient = new float[network.Dimension];
            using var oracle = network.Open();
            void Step(long step)
            {
                Draw draw = new(1, 0, step, step * 8, 8);
                oracle.Load(draw);
                oracle.Gradient(x, gradient, draw);
                oracle.Evaluate(x, Split.Test, 0);
            }
            for (int step = 0; step < 3; step++) Step(step);
            Allocation.AssertNone(() => { for (int step = 3; step < 9; step++) Step(step); });
        }
    }

    [Fact]
    public void Operations_per_example_count_every_product_of_a_step()
    {
        // 2 · (three products of 2.76, 13.1, 0.29, 0.07 million and 2560 multiply-adds, but no derivatives by pixels)
        Network network = new(ModelCatalog.Find("zhang-cifar").Spec, ReferenceNetwork.RandomData(28, 28, 10, 10, channels: 3));
        long first = 576 * 75 * 64, rest = 64 * 1600 * 128 + 4 * 1152 * 64 + 256 * 256 + 256 * 10;
        Assert.Equal(2 * (2 * first + 3 * rest), network.FlopsPerExample);
    }
}
