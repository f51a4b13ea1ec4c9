using Hooke.Models.Data;

namespace Hooke.Models.Nets;

/// <summary>What a network's outputs y are compared with.</summary>
public enum Loss
{
    /// <summary>−log softmax(y)[label], summed over the answers where an example asks for several.</summary>
    CrossEntropy,
    /// <summary>½‖y − t‖², t being 1 at the label and 0 elsewhere; the outputs are linear.</summary>
    SquaredError,
    /// <summary>−Σ_i t_i log σ(y_i) + (1 − t_i) log(1 − σ(y_i)), t being the input's pixels in [0, 1]: an autoencoder with sigmoid outputs. Evaluation reports ‖σ(y) − t‖².</summary>
    ReconstructionCrossEntropy,
    /// <summary>½‖y − t‖², t being the input's pixels in [0, 1]: an autoencoder with linear outputs. Evaluation reports ‖y − t‖².</summary>
    ReconstructionSquaredError,
    /// <summary>‖y − t‖², t being the target's numbers, or label/(classes − 1) − ½, the label read as a number.</summary>
    Regression,
}

/// <summary>How weights of dense layers and convolutions start; biases start at <see cref="NetworkSpec.InitialBias"/>.</summary>
public enum InitialWeights
{
    /// <summary>Normal, with a deviation of √(2/inputs) before a ReLU and √(1/inputs) elsewhere; 0.01 in a network of one layer.</summary>
    Scaled,
    /// <summary>
    /// Each unit has 15 normal weights of deviation <see cref="NetworkSpec.InitialScale"/>, to inputs chosen at random; the others are
    /// zero. [Survey, §3.4.1; Martens, "Deep learning via Hessian-free optimization", ICML 2010]
    /// </summary>
    Sparse,
}

/// <summary>
/// A network, independent of the data that it will learn: any layers, <see cref="Front"/>, then a fully connected part of
/// <see cref="Hidden"/> layers and an output layer of as many units as the loss compares.
/// </summary>
/// <param name="Name">Its name in the catalog.</param>
/// <param name="Hidden">Units of each hidden layer of the fully connected part, in order; may be empty. Each at least 1.</param>
public sealed record NetworkSpec(string Name, params IReadOnlyList<int> Hidden)
{
    /// <summary>Layers before the fully connected part; none by default.</summary>
    public IReadOnlyList<LayerSpec> Front { get; init; } = [];

    /// <summary>The input shape that the network is made for, or null if it takes any.</summary>
    public Shape? Input { get; init; }

    /// <summary>Non-linearity of the hidden layers, and of <see cref="ActivationLayer"/>s that name none; ReLU by default.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>Index of a hidden layer without non-linearity, the code of an autoencoder; none by default.</summary>
    public int? Linear { get; init; }

    /// <summary>
    /// Probability that a hidden unit is dropped in a training step, 0 ≤ q &lt; 1, 0 by default; the others are scaled by
    /// 1/(1 − q), so evaluation needs no scaling (inverted dropout). Rounded to a multiple of 2⁻¹⁶. <see cref="DropoutLayer"/>s
    /// that name no rate take it too.
    /// </summary>
    public double Dropout { get; init; }

    /// <summary>λ ≥ 0 of the penalty λ/2·‖x‖² on all parameters, so that the gradient gains λx; 0 by default. [Zhang16, §4.1]</summary>
    public double L2 { get; init; }

    /// <summary>What is minimized; cross-entropy by default.</summary>
    public Loss Loss { get; init; } = Loss.CrossEntropy;

    /// <summary>What biases start at, 0 by default.</summary>
    public double InitialBias { get; init; }

    /// <summary>What weights start at.</summary>
    public InitialWeights InitialWeights { get; init; }

    /// <summary>Standard deviation of the weights that sparse initialization draws, at least 0; 1 by default. [Survey, table 2]</summary>
    public double InitialScale { get; init; } = 1;

    /// <summary>
    /// Greatest Euclidean norm of a gradient; longer ones are scaled down to it. 0, the default, leaves all as they are. (Pascanu,
    /// Mikolov, Bengio, "On the difficulty of training recurrent neural networks", ICML 2013)
    /// </summary>
    public double MaximumGradientNorm { get; init; }

    /// <summary>
    /// How far a number may be off to count as right, above 0, in regression; by default none is right or wrong. 0.04 in the
    /// adding and multiplication problems. [Survey, table 3]
    /// </summary>
    public double? Tolerance { get; init; }

    /// <summary>Whether the target is the input itself.</summary>
    public bool Reconstructs => Loss is Loss.ReconstructionCrossEntropy or Loss.ReconstructionSquaredError;

    /// <summary>Whether the target is one class, or several.</summary>
    public bool Classifies => Loss is Loss.CrossEntropy or Loss.SquaredError;

    /// <summary>What evaluation reports as the loss of an example.</summary>
    public string Measure => Loss switch
    {
        Loss.CrossEntropy => "cross-entropy",
        Loss.SquaredError => "half the squared error",
        Loss.Regression => "squared error",
        _ => "squared reconstruction error",
    };

    /// <summary>Shape of the outputs: (answers, 1, numbers in an answer).</summary>
    /// <param name="input">Shape of an example.</param>
    /// <param name="kind">What the data ask for.</param>
    /// <param name="target">Shape of a target.</param>
    public Shape Answers(Shape input, TargetKind kind, Shape target)
        => Reconstructs ? new(1, 1, input.Count) : Loss == Loss.Regression && kind == TargetKind.Label ? new(1, 1, 1) : target;

    /// <summary>All layers, with nothing left open. A recurrent network gives several answers at its last steps, each by the same layers.</summary>
    /// <param name="answers">Shape of the outputs.</param>
    public IReadOnlyList<LayerSpec> Layers(Shape answers)
    {
        List<LayerSpec> layers = [];
        bool stepwise = Front is [RecurrentLayer, ..] && answers is { Height: > 1, Width: 1 };
        LayerSpec Connected(int units) => stepwise ? new ConvolutionLayer(units, 1) : new DenseLayer(units);
        foreach (var layer in Front)
            layers.Add(layer switch
            {
                RecurrentLayer recurrent when stepwise => recurrent with { Last = answers.Height },
                ActivationLayer { Function: null } => new ActivationLayer(Activation),
                DropoutLayer { Rate: null } => new DropoutLayer(Dropout),
                _ => layer,
            });
        for (int k = 0; k < Hidden.Count; k++)
        {
            layers.Add(Connected(Hidden[k]));
            if (k == Linear) continue;
            layers.Add(new ActivationLayer(Activation));
            layers.Add(new DropoutLayer(Dropout));
        }
        layers.Add(Connected(stepwise ? answers.Channels : answers.Count));
        return [.. layers.Where(layer => layer is not DropoutLayer { Rate: 0 })];
    }

    /// <summary>Infers the shapes of all layers' inputs, and of the outputs at the end.</summary>
    /// <param name="input">Shape of an example.</param>
    /// <param name="answers">Shape of the outputs.</param>
    /// <exception cref="ArgumentException">A layer does not fit; the message names the layer and both shapes.</exception>
    public IReadOnlyList<Shape> Shapes(Shape input, Shape answers)
    {
        if (Input is { } wanted && wanted != input) throw new ArgumentException($"model {Name} needs inputs of {wanted}; the data has {input}");
        List<Shape> shapes = [input];
        var layers = Layers(answers);
        for (int k = 0; k < layers.Count; k++)
            try
            {
                if (k == 0 && layers[k] is (PoolingLayer or ActivationLayer or DropoutLayer)) throw new ArgumentException($"the first layer must have parameters; its inputs are {input}");
                if (layers[k] is RecurrentLayer && k > 0) throw new ArgumentException($"a recurrent layer must be the first layer; its inputs are {shapes[^1]}");
                shapes.Add(layers[k].Output(shapes[^1]));
            }
            catch (ArgumentException wrong) when (layers[k] is not DenseLayer)
            {
                throw new ArgumentException($"model {Name}, layer {k + 1} ({layers[k]}): {wrong.Message}", wrong);
            }
        return shapes;
    }

    /// <summary>Number of parameters.</summary>
    /// <param name="input">Shape of an example.</param>
    /// <param name="answers">Shape of the outputs.</param>
    public long Parameters(Shape input, Shape answers) => Shapes(input, answers) is var shapes ? Layers(answers).Select((layer, k) => layer.Parameters(shapes[k])).Sum() : 0;

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public void Validate()
    {
        foreach (int units in Hidden)
            if (units is < 1 or > 1 << 16) throw new ArgumentException($"hidden width is {units}; it must be from 1 to {1 << 16}");
        if (!Enum.IsDefined(Activation)) throw new ArgumentException($"activation is {Activation}; it must be relu, tanh or sigmoid");
        if (!Enum.IsDefined(Loss)) throw new ArgumentException($"loss is {Loss}; it must be cross-entropy, squared error, a reconstruction loss or regression");
        if (!(Dropout >= 0 && Dropout < 1)) throw new ArgumentException($"dropout is {Dropout}; it must be at least 0 and below 1");
        if (!(L2 >= 0) || !double.IsFinite(L2)) throw new ArgumentException($"l2 is {L2}; it must be finite and at least 0");
        if (!double.IsFinite(InitialBias)) throw new ArgumentException($"initial bias is {InitialBias}; it must be finite");
        if (!(InitialScale >= 0) || !double.IsFinite(InitialScale)) throw new ArgumentException($"initial scale is {InitialScale}; it must be finite and at least 0");
        if (Tolerance is { } tolerance && !(tolerance > 0)) throw new ArgumentException($"tolerance is {tolerance}; it must be above 0");
        if (!(MaximumGradientNorm >= 0)) throw new ArgumentException($"maximum gradient norm is {MaximumGradientNorm}; it must be at least 0");
    }
}
