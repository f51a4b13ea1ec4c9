using System.Numerics;
using Hooke.Methods.Catalog;
using Hooke.Models.Data;

namespace Hooke.Models.Nets;

/// <summary>How a model is trained where nothing else is said.</summary>
/// <param name="Scale">How far a step may go, and with which momentum.</param>
/// <param name="Batch">Examples in a batch, if there are enough.</param>
/// <param name="Epochs">Passes over the training set, if it is large.</param>
/// <param name="Updates">Steps that every worker makes at least; small sets are passed over more often.</param>
public sealed record TrainingDefaults(RateScale Scale, int Batch = 128, double Epochs = 10, long Updates = 2000)
{
    private const int LeastBatches = 8, MostCounted = 4;

    /// <summary>
    /// Examples in a batch where the training set has n of them: <see cref="Batch"/>, or less, a power of two, so that an epoch of a
    /// small set has eight batches at least.
    /// </summary>
    /// <param name="examples">n, at least 1.</param>
    public int BatchFor(long examples) => (int)Math.Min(Batch, 1L << BitOperations.Log2((ulong)Math.Max(1, examples / LeastBatches)));

    /// <summary>
    /// Passes over the training set: <see cref="Epochs"/>, or as many whole ones as p workers need to make <see cref="Updates"/> steps each,
    /// p counted up to 4, since more workers than that are meant to be done sooner.
    /// </summary>
    /// <param name="examples">n, at least 1.</param>
    /// <param name="workers">p, at least 1.</param>
    /// <param name="batch">b, at least 1.</param>
    public double EpochsFor(long examples, int workers, int batch) => Math.Max(Epochs, Math.Ceiling((double)Updates * batch * Math.Min(workers, MostCounted) / examples));

    /// <summary>
    /// The scale for a loss that is steeper than the model's own: ε∞ h/h′, where h and h′ are the greatest curvatures of the two in an
    /// output, for the network before it is the same.
    /// </summary>
    /// <param name="own">The loss that the scale was measured with.</param>
    /// <param name="loss">The loss that is minimized.</param>
    public RateScale ScaleFor(Loss own, Loss loss) => Scale with { Largest = Scale.Largest * Math.Min(1, Curvature(own) / Curvature(loss)) };

    /// <summary>Second derivative in an output, at the start of training where it depends on the output: π(1 − π) with π = 1/10, σ(1 − σ) with σ = ½.</summary>
    private static double Curvature(Loss loss) => loss switch
    {
        Loss.CrossEntropy => 0.09,
        Loss.ReconstructionCrossEntropy => 0.25,
        Loss.Regression => 2,
        _ => 1,
    };
}

/// <summary>A model that has a name.</summary>
/// <param name="Spec">The network with its default values.</param>
/// <param name="Description">One line: what it is.</param>
/// <param name="Reference">Where it comes from.</param>
/// <param name="Shape">Shape of the examples that it is made for; models whose network names no input shape take others too.</param>
/// <param name="Classes">Number of classes that it is made for, if it is made for classes; takes others too.</param>
public sealed record ModelEntry(NetworkSpec Spec, string Description, string Reference, Shape Shape, int Classes = 10)
{
    /// <summary>Its name on the command line.</summary>
    public string Name => Spec.Name;

    // The papers' nets, whose batches are of 128.
    private static TrainingDefaults Paper { get; } = new(new(0.1, 32, 0.9), Updates: 500);

    /// <summary>The data set that it is made for.</summary>
    public string Data { get; init; } = DataCatalog.FashionMnistName;

    /// <summary>How it is trained where nothing else is said.</summary>
    public TrainingDefaults Training { get; init; } = Paper;

    /// <summary>Whether it is made for crops of larger images, half of them mirrored.</summary>
    public bool Crops { get; init; }

    /// <summary>Number of parameters for examples of <see cref="Shape"/> in <see cref="Classes"/> classes.</summary>
    public int Parameters => checked((int)Spec.Parameters(Shape, Spec.Answers(Shape, TargetKind.Label, new(1, 1, Classes))));

    /// <summary>Joins the model and a data set.</summary>
    /// <param name="data">What it learns.</param>
    /// <param name="sampling">How examples are drawn; a random partition per epoch by default.</param>
    /// <param name="vary">Changes to the defaults, for example <c>spec => spec with { L2 = 1e-4 }</c>.</param>
    /// <exception cref="ArgumentException">A value is out of its range, or the examples have a shape that the model can't take.</exception>
    public Network Build(DataSet data, Sampling? sampling = null, Func<NetworkSpec, NetworkSpec>? vary = null) => new(vary is null ? Spec : vary(Spec), data, sampling);
}

/// <summary>The models.</summary>
public static class ModelCatalog
{
    private static readonly Shape Gray = new(28, 28, 1);
    private static readonly ActivationLayer Activate = new();
    private static readonly DropoutLayer Drop = new();

    /// <summary>All entries.</summary>
    public static IReadOnlyList<ModelEntry> Entries { get; } =
    [
        new(new("softmax"), "softmax regression", "convex reference problem", Gray)
        {
            Training = new(new(0.2, 32, 0.9), 16),
        },
        new(new("mlp", 256, 128), "multilayer perceptron 784-256-128-10, ReLU", "the small reference network", Gray)
        {
            Training = new(new(0.3, 32, 0.9), 16),
        },
        new(new("fashion-cnn", 128)
        {
            Front = [Same(32, 3), Activate, new PoolingLayer(2), Same(64, 3), Activate, new PoolingLayer(2)],
            Dropout = 0.4,
        }, "small convolutional network: two 3x3 convolutions with pooling, one hidden layer", "the default model", Gray)
        {
            Training = new(new(0.15, 16, 0.9), 32, Epochs: 8),
        },
        new(new("zhang-cifar", 256)
        {
            Front = [new ConvolutionLayer(64, 5), Activate, new PoolingLayer(2), new ConvolutionLayer(128, 5), Activate, new PoolingLayer(2), new ConvolutionLayer(64, 3), Activate],
            Input = new(28, 28, 3), Dropout = 0.5, L2 = 1e-4,
        }, "7-layer convolutional network on 28x28 color crops", "Zhang16, section 4.1, CIFAR", new(28, 28, 3)) { Data = Cifar.Name, Crops = true },
        new(new("zhang-imagenet", 4096, 4096)
        {
            Front =
            [
                new ConvolutionLayer(96, 7) { Stride = 2 }, Activate, new PoolingLayer(3), new ConvolutionLayer(256, 5), Activate, new PoolingLayer(2),
                new ConvolutionLayer(384, 3), Activate, new ConvolutionLayer(384, 2), Activate, new ConvolutionLayer(256, 2), Activate, new PoolingLayer(2),
            ],
            Input = new(221, 221, 3), Dropout = 0.5, L2 = 1e-5,
        }, "11-layer convolutional network on 221x221 color crops", "Zhang16, section 4.1, ImageNet", new(221, 221, 3), 1000) { Data = DataCatalog.ImageNetName, Crops = true },
        new(new("cifar-lowrank", 256)
        {
            Front =
            [
                new ConvolutionLayer(10, 1, 5) { PaddingWidth = 2 }, new ConvolutionLayer(96, 5, 1) { PaddingHeight = 2 }, Activate, new PoolingLayer(2),
                new ConvolutionLayer(51, 1, 5) { PaddingWidth = 2 }, new ConvolutionLayer(128, 5, 1) { PaddingHeight = 2 }, Activate, new PoolingLayer(2),
                new ConvolutionLayer(51, 1, 5) { PaddingWidth = 2 }, new ConvolutionLayer(256, 5, 1) { PaddingHeight = 2 }, Activate, new PoolingLayer(2),
                new ConvolutionLayer(64, 1), Activate, Drop,
            ],
            Input = new(32, 32, 3), Dropout = 0.5, L2 = 1e-4,
        }, "convolutional network of separable (low-rank) kernels", "Zhang16, section 6.1.2; Tai et al., Convolutional neural networks with low-rank regularization", new(32, 32, 3)) { Data = Cifar.Name },
        new(new("bhardwaj-cifar")
        {
            Front =
            [
                new ConvolutionLayer(64, 5), Activate, new PoolingLayer(2), Drop, new ConvolutionLayer(128, 3), Activate, new PoolingLayer(2), Drop,
                new ConvolutionLayer(256, 3), Activate, new PoolingLayer(2), Drop, new ConvolutionLayer(128, 2), Activate, Drop,
            ],
            Input = new(32, 32, 3), Dropout = 0.5,
        }, "four convolutions with dropout; the last pooling is left out, for its inputs are 1x1", "BhardwajCong17, table 1", new(32, 32, 3)) { Data = Cifar.Name },
        Autoencoder("curves-autoencoder", Curves.Name, Loss.ReconstructionCrossEntropy, Gray, 400, 200, 100, 50, 25, 6),
        Autoencoder("mnist-autoencoder", Mnist.Name, Loss.ReconstructionCrossEntropy, Gray, 1000, 500, 250, 30),
        Autoencoder("faces-autoencoder", DataCatalog.FacesName, Loss.ReconstructionSquaredError, new(25, 25, 1), 2000, 1000, 500, 30),
        new(new("rnn")
        {
            Front = [new RecurrentLayer(100)],
            Loss = Loss.Regression, Tolerance = 0.04, MaximumGradientNorm = 1,
        }, "recurrent network of 100 tanh units, back-propagation through time, gradient norm clipped at 1", "Survey, section 3.5, table 3", new(80, 1, 2), 256) { Data = Sequences.AddingName },
    ];

    /// <summary>Finds a model.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ArgumentException">The name is unknown.</exception>
    public static ModelEntry Find(string name) => Entries.FirstOrDefault(entry => entry.Name == name)
        ?? throw new ArgumentException($"model is {name}; it must be {string.Join(" or ", Entries.Select(entry => entry.Name))}");

    /// <summary>A convolution whose outputs are as large as its inputs.</summary>
    private static ConvolutionLayer Same(int channels, int kernel) => new(channels, kernel) { PaddingHeight = kernel / 2, PaddingWidth = kernel / 2 };

    /// <summary>
    /// An encoder and its mirror image with sparse initialization. Hidden units are sigmoids except the code's, which are linear.
    /// (Hinton, Salakhutdinov, "Reducing the dimensionality of data with neural networks", Science 2006.) Curves and MNIST have
    /// cross-entropy per pixel, Faces has linear outputs and squared error, as there.
    /// </summary>
    private static ModelEntry Autoencoder(string name, string data, Loss loss, Shape shape, params int[] encoder)
    {
        int pixels = shape.Count;
        NetworkSpec spec = new(name, [.. encoder, .. encoder.Reverse().Skip(1)])
        {
            Input = shape, Activation = Activation.Sigmoid, Linear = encoder.Length - 1, Loss = loss, InitialWeights = InitialWeights.Sparse,
        };
        return new(spec, $"deep autoencoder {pixels}-{string.Join('-', encoder)}, mirrored", "Survey, section 3.4, table 1", shape) { Data = data };
    }
}
