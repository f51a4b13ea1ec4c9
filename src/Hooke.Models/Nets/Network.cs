using Hooke.Models.Data;
using Hooke.Numerics;
using Hooke.Problems;
using Hooke.Runs;

namespace Hooke.Models.Nets;

/// <summary>
/// A network to be trained on a data set: F(x) = mean loss + λ/2·‖x‖². The parameters are one flat vector, layer after layer,
/// without padding; <see cref="Tensors"/> gives them in the usual layout.
/// </summary>
/// <remarks>
/// Initial weights are normal with deviation √(2/inputs) before a ReLU (He, Zhang, Ren, Sun, "Delving deep into rectifiers",
/// ICCV 2015), √(1/inputs) elsewhere, and 0.01 without hidden layers, where the problem is convex, unless the network asks for
/// sparse initialization. A step allocates nothing.
/// </remarks>
public sealed class Network : IObjective<float>
{
    /// <summary>Examples in an evaluation block.</summary>
    public const int BlockSize = 500;

    /// <summary>Training examples in <see cref="Split.Training"/>, evenly spread over the training set, if there are as many.</summary>
    public const int TrainingSubset = 10_000;

    /// <summary>Greatest number of parameters.</summary>
    public const int MaximumDimension = 1 << 28;

    private readonly ILayer[] layers;
    private readonly int[] offsets;
    private readonly IKernels kernels;
    private readonly ChunkLoader? loader;

    /// <summary>Joins a network and a data set.</summary>
    /// <param name="spec">The network.</param>
    /// <param name="data">What it learns.</param>
    /// <param name="sampling">How examples are drawn; a random partition per epoch by default.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public Network(NetworkSpec spec, DataSet data, Sampling? sampling = null) : this(spec, data, sampling, Kernels.Best) { }

    internal Network(NetworkSpec spec, DataSet data, Sampling? sampling, IKernels kernels)
    {
        spec.Validate();
        if (spec.Reconstructs && data.Target != TargetKind.Input) data = data.AsAutoencoder();
        (Spec, Data, Sampling, this.kernels) = (spec, data, sampling ?? new(), kernels);
        CheckTarget();
        Answers = spec.Answers(data.Shape, data.Target, data.TargetShape);
        long parameters = spec.Parameters(data.Shape, Answers);
        if (parameters > MaximumDimension) throw new ArgumentException($"model {Spec.Name} has {parameters} parameters; it must have at most {MaximumDimension}");
        layers = [.. Plan.Layers(spec, data.Shape, Answers)];
        offsets = new int[layers.Length];
        for (int k = 0; k < layers.Length; k++)
        {
            offsets[k] = Dimension;
            Dimension += layers[k].Parameters;
        }
        ClaimSize = new ExampleStream(Sampling, data.TrainCount).ClaimSize;
        if (data.IsMapped && Sampling.Kind == SamplingKind.Loaders) loader = new(data, Sampling);
        FlopsPerExample = Plan.Flops(spec, data.Shape, Answers);
        ChunkSize = Plan.ChunkSize(layers);
    }

    /// <summary>The network.</summary>
    public NetworkSpec Spec { get; }

    /// <summary>What it learns.</summary>
    public DataSet Data { get; }

    /// <summary>How examples are drawn.</summary>
    public Sampling Sampling { get; }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public long Examples => Data.TrainCount;

    /// <inheritdoc/>
    public int ClaimSize { get; }

    /// <inheritdoc/>
    public bool Fetches => loader is not null;

    /// <inheritdoc/>
    public void Fetch(ulong seed, long claim)
    {
        for (int k = 0; k < loader?.Loaders; k++) loader.Load(seed, claim, k);
    }

    /// <inheritdoc/>
    public bool CountsWrong => Spec.Classifies || Spec is { Loss: Loss.Regression, Tolerance: not null };

    /// <inheritdoc/>
    public double LossUnit => Spec.Loss == Loss.Regression ? Data.TargetScaling.Variance : 1;

    /// <summary>What a model scores that has learned nothing; found when it is first asked for.</summary>
    public ConstantAnswer Constant => field ??= ConstantAnswers.Of(this);

    /// <summary>Shape of the outputs: (answers, 1, numbers in an answer).</summary>
    public Shape Answers { get; }

    /// <summary>
    /// Floating-point operations (a multiply-add counts two) of one example's part of a gradient: the products of forward and
    /// backward passes; what is done element by element, and the update, are left out.
    /// </summary>
    public long FlopsPerExample { get; }

    /// <summary>Examples in scratch memory at a time.</summary>
    internal int ChunkSize { get; }

    /// <inheritdoc/>
    public int Blocks(Split split) => (Evaluated(split) + BlockSize - 1) / BlockSize;

    /// <inheritdoc/>
    public void Initialize(Span<float> x, Noise noise)
    {
        CheckLength(x.Length);
        for (int k = 0; k < layers.Length; k++) layers[k].Initialize(x.Slice(offsets[k], layers[k].Parameters), noise, offsets[k]);
    }

    /// <inheritdoc/>
    public IOracle<float> Open() => new NetworkOracle(this, layers, offsets, kernels);

    /// <summary>Names and shapes of the tensors that the parameters are in the usual layout.</summary>
    public IReadOnlyList<(string Name, IReadOnlyList<int> Shape)> Layout => [.. layers.SelectMany(layer => layer.Tensors).Select(tensor => (tensor.Name, (IReadOnlyList<int>)tensor.Shape))];

    /// <summary>Brings a tensor into the usual layout.</summary>
    /// <param name="tensor">Its place in <see cref="Layout"/>.</param>
    /// <param name="x">The parameters.</param>
    /// <param name="values">Receives the elements, row by row.</param>
    public void Export(int tensor, ReadOnlySpan<float> x, Span<float> values)
    {
        CheckLength(x.Length);
        int layer = 0;
        for (; tensor >= layers[layer].Tensors.Count; layer++) tensor -= layers[layer].Tensors.Count;
        var place = layers[layer].Tensors[tensor].Place;
        for (int i = 0; i < values.Length; i++) values[i] = x[offsets[layer] + place(i)];
    }

    /// <summary>The parameters as named tensors in the usual layout.</summary>
    /// <param name="x">The parameters.</param>
    /// <returns>
    /// Layer by layer <c>conv1.weight</c> [out, in, height, width], <c>conv1.bias</c> [out], <c>linear1.weight</c> [out, in],
    /// <c>linear1.bias</c> [out], and so on. A dense layer's inputs that are images are in the order [channel][row][column]. A
    /// recurrent layer has <c>recurrent1.input</c> [units, in], <c>recurrent1.recurrent</c> [units, units], <c>recurrent1.bias</c> [units].
    /// </returns>
    public IReadOnlyList<NamedTensor> Tensors(ReadOnlySpan<float> x)
    {
        List<NamedTensor> tensors = [];
        foreach (var (name, shape) in Layout)
        {
            float[] values = new float[shape.Aggregate(1, (product, extent) => product * extent)];
            Export(tensors.Count, x, values);
            tensors.Add(new(name, shape, values));
        }
        return tensors;
    }

    /// <summary>
    /// What evaluation computes, layer by layer, with the names of <see cref="Tensors"/>: for example <c>conv1 stride=1 padding=0,2</c>,
    /// <c>relu</c>, <c>maxpool size=2 stride=2</c>, <c>recurrent1 last=1</c>, <c>linear1</c>.
    /// </summary>
    public IReadOnlyList<string> Outline
    {
        get
        {
            List<string> outline = [];
            int convolutions = 0, denses = 0;
            foreach (var layer in Spec.Layers(Answers))
                if (layer is not DropoutLayer)
                    outline.Add(layer switch
                    {
                        ConvolutionLayer convolution => $"conv{++convolutions} stride={convolution.Stride} padding={convolution.PaddingHeight},{convolution.PaddingWidth}",
                        PoolingLayer pooling => $"maxpool size={pooling.Size} stride={pooling.Step}",
                        RecurrentLayer recurrent => $"recurrent1 last={recurrent.Last}",
                        ActivationLayer activation => activation.Function!.Value.ToString().ToLowerInvariant(),
                        _ => $"linear{++denses}",
                    });
            if (Spec.Loss == Loss.ReconstructionCrossEntropy) outline.Add("sigmoid");
            return outline;
        }
    }

    /// <summary>The inverse of <see cref="Tensors"/>.</summary>
    /// <param name="tensors">The tensors, in any order; all of them and no others.</param>
    /// <param name="x">Receives the parameters.</param>
    /// <exception cref="ArgumentException">A tensor is missing, unknown, given twice, or has another shape.</exception>
    public void Import(IEnumerable<NamedTensor> tensors, Span<float> x)
    {
        CheckLength(x.Length);
        Dictionary<string, NamedTensor> given = [];
        foreach (var tensor in tensors)
            if (!given.TryAdd(tensor.Name, tensor)) throw new ArgumentException($"tensor {tensor.Name} is given twice");
        for (int k = 0; k < layers.Length; k++)
            foreach (var wanted in layers[k].Tensors)
            {
                if (!given.Remove(wanted.Name, out var tensor)) throw new ArgumentException($"tensor {wanted.Name} is missing; model {Spec.Name} needs it with shape [{string.Join(", ", wanted.Shape)}]");
                if (!tensor.Shape.SequenceEqual(wanted.Shape) || tensor.Values.Length != wanted.Length)
                    throw new ArgumentException($"tensor {wanted.Name} has shape [{string.Join(", ", tensor.Shape)}] and {tensor.Values.Length} values; model {Spec.Name} needs [{string.Join(", ", wanted.Shape)}]");
                for (int i = 0; i < tensor.Values.Length; i++) x[offsets[k] + wanted.Place(i)] = tensor.Values[i];
            }
        if (given.Count > 0) throw new ArgumentException($"tensor {given.Keys.First()} is unknown; model {Spec.Name} has {string.Join(", ", layers.SelectMany(l => l.Tensors).Select(t => t.Name))}");
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Spec.Name} ({Dimension} parameters) on {Data.Name}";

    /// <summary>Examples in an evaluation set.</summary>
    internal int Evaluated(Split split) => split switch { Split.Test => Data.TestCount, Split.Validation => Data.ValidationCount, _ => Math.Min(TrainingSubset, Data.TrainCount) };

    /// <summary>The example that is evaluated as so-manieth of a set.</summary>
    internal int EvaluatedIndex(Split split, int index) => split == Split.Training ? (int)((long)index * Data.TrainCount / Evaluated(split)) : index;

    private void CheckTarget()
    {
        if (Spec.Reconstructs || Data.Target == TargetKind.Label) return;
        if (Data.Target == TargetKind.Input) throw new ArgumentException($"data {Data.Name} has only inputs to be reproduced; model {Spec.Name} with loss {Spec.Measure} needs something to predict");
        if (Spec.Classifies && Data.TargetShape.Channels < 2) throw new ArgumentException($"data {Data.Name} has no classes but a number to predict; model {Spec.Name} with loss {Spec.Measure} learns classes");
    }

    private void CheckLength(int length)
    {
        if (length != Dimension) throw new ArgumentException($"the vector has length {length}; model {Spec.Name} has {Dimension} parameters");
    }
}
