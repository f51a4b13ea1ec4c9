using Hooke.Models.Data;

namespace Hooke.Models.Nets;

/// <summary>A layer's description. Shapes are (height, width, channels) of one example.</summary>
public abstract record LayerSpec
{
    /// <summary>The shape of the outputs for inputs of a shape.</summary>
    /// <param name="input">Shape of the inputs.</param>
    /// <exception cref="ArgumentException">The layer can't be applied; the message names the layer and both shapes.</exception>
    public abstract Shape Output(Shape input);

    /// <summary>Number of parameters for inputs of a shape.</summary>
    /// <param name="input">Shape of the inputs.</param>
    public virtual long Parameters(Shape input) => 0;

    /// <summary>Multiply-adds that one example's forward pass takes.</summary>
    /// <param name="input">Shape of the inputs.</param>
    public virtual long Products(Shape input) => 0;

    private protected static void Require(string name, int value, int minimum, int maximum = 1 << 16)
    {
        if (value < minimum || value > maximum) throw new ArgumentException($"{name} is {value}; it must be from {minimum} to {maximum}");
    }

    private protected static int Positions(int size, int padding, int kernel, int stride) => size + 2 * padding < kernel ? 0 : (size + 2 * padding - kernel) / stride + 1;
}

/// <summary>y = b + W ∗ x (a correlation, as usual): weights [out, in, height, width], biases [out].</summary>
/// <param name="Channels">Output channels, 1 to 65536.</param>
/// <param name="Height">Height of the kernel, at least 1.</param>
/// <param name="Width">Width of the kernel, at least 1; 1×k and k×1 kernels make a separable convolution of two layers.</param>
public sealed record ConvolutionLayer(int Channels, int Height, int Width) : LayerSpec
{
    /// <summary>A square kernel.</summary>
    /// <param name="channels">Output channels.</param>
    /// <param name="kernel">Height and width of the kernel.</param>
    public ConvolutionLayer(int channels, int kernel) : this(channels, kernel, kernel) { }

    /// <summary>Steps between windows in both directions, at least 1; 1 by default.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Rows of zeros above and below, 0 by default.</summary>
    public int PaddingHeight { get; init; }

    /// <summary>Columns of zeros left and right, 0 by default.</summary>
    public int PaddingWidth { get; init; }

    /// <inheritdoc/>
    public override Shape Output(Shape input)
    {
        Require("convolution channels", Channels, 1);
        Require("convolution kernel height", Height, 1);
        Require("convolution kernel width", Width, 1);
        Require("convolution stride", Stride, 1);
        Require("convolution padding", Math.Min(PaddingHeight, PaddingWidth), 0);
        Shape output = new(Positions(input.Height, PaddingHeight, Height, Stride), Positions(input.Width, PaddingWidth, Width, Stride), Channels);
        return output is { Height: > 0, Width: > 0 } ? output
            : throw new ArgumentException($"kernel {Height}x{Width} does not fit inputs of {input} padded by {PaddingHeight}x{PaddingWidth}; outputs would be {output}");
    }

    /// <inheritdoc/>
    public override long Parameters(Shape input) => ((long)Height * Width * input.Channels + 1) * Channels;

    /// <inheritdoc/>
    public override long Products(Shape input) => Output(input) is var output ? (long)output.Height * output.Width * Height * Width * input.Channels * Channels : 0;

    /// <inheritdoc/>
    public override string ToString() => $"convolution {Height}x{Width} to {Channels} channels";
}

/// <summary>The maximum over windows; where several elements are greatest, the first (row by row) receives the derivative.</summary>
/// <param name="Size">Height and width of a window, 1 to 256.</param>
public sealed record PoolingLayer(int Size) : LayerSpec
{
    /// <summary>Steps between windows in both directions, at least 1; 0, the default, stands for <see cref="Size"/>: windows side by side.</summary>
    public int Stride { get; init; }

    internal int Step => Stride == 0 ? Size : Stride;

    /// <inheritdoc/>
    public override Shape Output(Shape input)
    {
        Require("pooling size", Size, 1, 256);
        Require("pooling stride", Stride, 0);
        Shape output = new(Positions(input.Height, 0, Size, Step), Positions(input.Width, 0, Size, Step), input.Channels);
        return output is { Height: > 0, Width: > 0 } ? output : throw new ArgumentException($"a window of {Size}x{Size} does not fit inputs of {input}; outputs would be {output}");
    }

    /// <inheritdoc/>
    public override string ToString() => $"max pooling {Size}x{Size}";
}

/// <summary>y = Wx + b: weights [out, in], biases [out]. Inputs that are images are flattened channel by channel, then row by row.</summary>
/// <param name="Units">Outputs, 1 to 65536.</param>
public sealed record DenseLayer(int Units) : LayerSpec
{
    /// <inheritdoc/>
    public override Shape Output(Shape input)
    {
        Require("hidden width", Units, 1);
        return new(1, 1, Units);
    }

    /// <inheritdoc/>
    public override long Parameters(Shape input) => (input.Count + 1L) * Units;

    /// <inheritdoc/>
    public override long Products(Shape input) => (long)input.Count * Units;

    /// <inheritdoc/>
    public override string ToString() => $"dense layer of {Units} units";
}

/// <summary>A non-linearity, element by element.</summary>
/// <param name="Function">Which; null for the network's <see cref="NetworkSpec.Activation"/>.</param>
public sealed record ActivationLayer(Activation? Function = null) : LayerSpec
{
    /// <inheritdoc/>
    public override Shape Output(Shape input) => input;
}

/// <summary>Inverted dropout.</summary>
/// <param name="Rate">Probability of zero, 0 ≤ q &lt; 1; null for the network's <see cref="NetworkSpec.Dropout"/>.</param>
public sealed record DropoutLayer(double? Rate = null) : LayerSpec
{
    /// <inheritdoc/>
    public override Shape Output(Shape input) => Rate is null or (>= 0 and < 1) ? input : throw new ArgumentException($"dropout is {Rate}; it must be at least 0 and below 1");
}

/// <summary>
/// A recurrent layer unrolled over the rows of its inputs: h_t = tanh(W x_t + U h_{t−1} + b), h_0 = 0; its output is the last h, or the last few.
/// Weights W [units, in], U [units, units], b [units]. Must be the first layer.
/// </summary>
/// <remarks>
/// Initially U has <see cref="Connections"/> normal entries a unit, scaled to a spectral radius; W is normal, biases are zero.
/// [Survey, §3.5; Sutskever et al., "On the importance of initialization and momentum in deep learning", ICML 2013]
/// </remarks>
/// <param name="Units">Units, 1 to 65536.</param>
public sealed record RecurrentLayer(int Units) : LayerSpec
{
    /// <summary>Non-zero recurrent weights of a unit at the start, at least 1; 15 by default.</summary>
    public int Connections { get; init; } = 15;

    /// <summary>Spectral radius of U at the start, at least 0; 1.1 by default.</summary>
    public double SpectralRadius { get; init; } = 1.1;

    /// <summary>How many of the last states are outputs, at least 1 and at most the number of steps; 1 by default.</summary>
    public int Last { get; init; } = 1;

    /// <summary>Standard deviation of W at the start, at least 0; 0.1 by default.</summary>
    public double InputScale { get; init; } = 0.1;

    /// <inheritdoc/>
    public override Shape Output(Shape input)
    {
        Require("recurrent units", Units, 1);
        Require("recurrent connections", Connections, 1);
        Require("number of answers at the last steps", Last, 1, input.Height);
        if (!(SpectralRadius >= 0) || !double.IsFinite(SpectralRadius)) throw new ArgumentException($"spectral radius is {SpectralRadius}; it must be finite and at least 0");
        if (!(InputScale >= 0) || !double.IsFinite(InputScale)) throw new ArgumentException($"input scale is {InputScale}; it must be finite and at least 0");
        return new(Last, 1, Units);
    }

    /// <inheritdoc/>
    public override long Parameters(Shape input) => ((long)input.Width * input.Channels + Units + 1) * Units;

    /// <inheritdoc/>
    public override long Products(Shape input) => (long)input.Height * (input.Width * input.Channels + Units) * Units;

    /// <inheritdoc/>
    public override string ToString() => $"recurrent layer of {Units} units";
}
