namespace Hooke.Models.Nets;

/// <summary>What a network's outputs y are compared with.</summary>
public enum Loss
{
    /// <summary>−log softmax(y)[label].</summary>
    CrossEntropy,
    /// <summary>½‖y − t‖², t being 1 at the label and 0 elsewhere; the outputs are linear.</summary>
    SquaredError,
}

/// <summary>A fully connected network, independent of the data that it will learn.</summary>
/// <param name="Name">Its name in the catalog.</param>
/// <param name="Hidden">Units of each hidden layer, in order; none for a linear classifier. Each at least 1.</param>
public sealed record NetworkSpec(string Name, params IReadOnlyList<int> Hidden)
{
    /// <summary>Non-linearity of the hidden layers; ReLU by default.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>
    /// Probability that a hidden unit is dropped in a training step, 0 ≤ q &lt; 1, 0 by default; the others are scaled by
    /// 1/(1 − q), so evaluation needs no scaling (inverted dropout). Rounded to a multiple of 2⁻¹⁶.
    /// </summary>
    public double Dropout { get; init; }

    /// <summary>λ ≥ 0 of the penalty λ/2·‖x‖² on all parameters, so that the gradient gains λx; 0 by default. [Zhang16, §4.1]</summary>
    public double L2 { get; init; }

    /// <summary>What is minimized; cross-entropy by default.</summary>
    public Loss Loss { get; init; } = Loss.CrossEntropy;

    /// <summary>What biases start at, 0 by default.</summary>
    public double InitialBias { get; init; }

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public void Validate()
    {
        foreach (int units in Hidden)
            if (units is < 1 or > 1 << 16) throw new ArgumentException($"hidden width is {units}; it must be from 1 to {1 << 16}");
        if (!Enum.IsDefined(Activation)) throw new ArgumentException($"activation is {Activation}; it must be relu, tanh or sigmoid");
        if (!Enum.IsDefined(Loss)) throw new ArgumentException($"loss is {Loss}; it must be cross-entropy or squared error");
        if (!(Dropout >= 0 && Dropout < 1)) throw new ArgumentException($"dropout is {Dropout}; it must be at least 0 and below 1");
        if (!(L2 >= 0) || !double.IsFinite(L2)) throw new ArgumentException($"l2 is {L2}; it must be finite and at least 0");
        if (!double.IsFinite(InitialBias)) throw new ArgumentException($"initial bias is {InitialBias}; it must be finite");
    }
}
