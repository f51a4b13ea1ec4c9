using Hooke.Models.Data;
using Hooke.Models.Nets;
using Hooke.Numerics;

namespace Hooke.Tests.Models;

/// <summary>A network written out in double precision on tensors in the usual layout, one example at a time, images as [channel][row][column].</summary>
internal sealed class ReferenceNetwork(NetworkSpec spec, DataSet data)
{
    private readonly IReadOnlyList<LayerSpec> layers = spec.Layers(spec.Answers(data.Shape, data.Target, data.TargetShape));
    private readonly IReadOnlyList<Shape> shapes = spec.Shapes(data.Shape, spec.Answers(data.Shape, data.Target, data.TargetShape));

    /// <summary>Outputs for an example; noise gives dropout's mask, null evaluates.</summary>
    public double[] Outputs(double[][] tensors, ReadOnlySpan<byte> pixels, int place, Noise? noise)
    {
        double[] a = Input(pixels);
        int tensor = 0, block = place * layers.Select((layer, k) => layer is DropoutLayer ? Blocks(shapes[k]) : 0).Sum();
        for (int k = 0; k < layers.Count; k++)
        {
            var (from, to) = (shapes[k], shapes[k + 1]);
            switch (layers[k])
            {
                case ConvolutionLayer convolution:
                    a = Convolve(convolution, a, from, to, tensors[tensor++], tensors[tensor++]);
                    break;
                case PoolingLayer pooling:
                    a = Pool(pooling, a, from, to);
                    break;
                case DenseLayer:
                    a = Multiply(tensors[tensor++], a, tensors[tensor++]);
                    break;
                case RecurrentLayer:
                    a = Recur(a, from, to.Height, tensors[tensor++], tensors[tensor++], tensors[tensor++]);
                    break;
                case ActivationLayer activation:
                    a = [.. a.Select(z => activation.Function switch { Activation.Relu => Math.Max(0, z), Activation.Tanh => Math.Tanh(z), _ => 1 / (1 + Math.Exp(-z)) })];
                    break;
                case DropoutLayer dropout:
                    // The mask's units are in the order [row][column][channel].
                    for (int i = 0, area = from.Height * from.Width; i < a.Length && noise is not null; i++)
                        a[i] *= Factor(noise.Value, dropout.Rate!.Value, block, i % area * from.Channels + i / area);
                    block += Blocks(from);
                    break;
            }
        }
        return a;
    }

    public double Loss(double[] y, int label, ReadOnlySpan<byte> pixels)
    {
        switch (spec.Loss)
        {
            case Hooke.Models.Nets.Loss.CrossEntropy:
                return Math.Log(y.Sum(v => Math.Exp(v - y.Max()))) + y.Max() - y[label];
            case Hooke.Models.Nets.Loss.SquaredError:
                return y.Select((v, j) => (v - (j == label ? 1 : 0)) * (v - (j == label ? 1 : 0))).Sum() / 2;
            case Hooke.Models.Nets.Loss.Regression:
                return Math.Pow(y[0] - (label / (data.Classes - 1.0) - 0.5), 2);
            default:
                double sum = 0;
                for (int i = 0; i < y.Length; i++)
                {
                    double t = pixels[i] / 255.0;
                    sum += spec.Loss == Hooke.Models.Nets.Loss.ReconstructionSquaredError ? (y[i] - t) * (y[i] - t) / 2 : t * Math.Log(1 + Math.Exp(-y[i])) + (1 - t) * Math.Log(1 + Math.Exp(y[i]));
                }
                return sum;
        }
    }

    public double MeanLoss(double[][] tensors, ReadOnlySpan<int> examples, Noise noise)
    {
        double sum = 0;
        for (int k = 0; k < examples.Length; k++)
        {
            var pixels = data.TrainPixels.Slice(examples[k] * data.PixelCount, data.PixelCount);
            double[] y = Outputs(tensors, pixels, k, noise);
            sum += data.Target == TargetKind.Values ? AnswersLoss(y, Target(examples[k])) : Loss(y, data.TrainLabels[examples[k]], pixels);
        }
        return sum / examples.Length;
    }

    /// <summary>Loss where a target is (answers, 1, numbers): each answer has a class, or numbers, of its own.</summary>
    private double AnswersLoss(double[] y, float[] target)
    {
        int answers = data.TargetShape.Height, numbers = data.TargetShape.Channels;
        // A convolution's outputs are [number][answer].
        double At(int i, int j) => shapes[^1].Height == answers ? y[j * answers + i] : y[i * numbers + j];
        double sum = 0;
        for (int i = 0; i < answers; i++)
        {
            double[] own = [.. Enumerable.Range(0, numbers).Select(j => At(i, j))];
            sum += spec.Loss == Hooke.Models.Nets.Loss.Regression ? own.Select((v, j) => Math.Pow(v - target[i * numbers + j], 2)).Sum()
                : Loss(own, Array.IndexOf(target, 1, i * numbers) - i * numbers, default);
        }
        return sum;
    }

    private unsafe float[] Target(int example)
    {
        float[] target = new float[data.TargetShape.Count];
        fixed (float* to = target) data.ReadTargets(Hooke.Problems.Split.Training, [example], to, target.Length);
        return target;
    }

    private double[] Input(ReadOnlySpan<byte> pixels)
    {
        double[] a = new double[pixels.Length];
        int channels = data.Shape.Channels, area = pixels.Length / channels;
        for (int i = 0; i < a.Length; i++)
        {
            double p = pixels[i % area * channels + i / area] / 255.0;
            a[i] = spec.Reconstructs || !data.Standardized ? p : (p - data.ChannelMeans[i / area]) / data.ChannelDeviations[i / area];
        }
        return a;
    }

    private static double[] Multiply(double[] weights, double[] a, double[] biases)
    {
        double[] z = new double[biases.Length];
        for (int o = 0; o < z.Length; o++)
        {
            z[o] = biases[o];
            for (int i = 0; i < a.Length; i++) z[o] += weights[o * a.Length + i] * a[i];
        }
        return z;
    }

    private static double[] Convolve(ConvolutionLayer spec, double[] a, Shape from, Shape to, double[] weights, double[] biases)
    {
        double[] z = new double[to.Channels * to.Height * to.Width];
        for (int o = 0; o < to.Channels; o++)
            for (int y = 0; y < to.Height; y++)
                for (int x = 0; x < to.Width; x++)
                {
                    double sum = biases[o];
                    for (int c = 0; c < from.Channels; c++)
                        for (int ky = 0; ky < spec.Height; ky++)
                            for (int kx = 0; kx < spec.Width; kx++)
                            {
                                int iy = y * spec.Stride + ky - spec.PaddingHeight, ix = x * spec.Stride + kx - spec.PaddingWidth;
                                if (iy < 0 || ix < 0 || iy >= from.Height || ix >= from.Width) continue;
                                sum += weights[((o * from.Channels + c) * spec.Height + ky) * spec.Width + kx] * a[(c * from.Height + iy) * from.Width + ix];
                            }
                    z[(o * to.Height + y) * to.Width + x] = sum;
                }
        return z;
    }

    private static double[] Pool(PoolingLayer spec, double[] a, Shape from, Shape to)
    {
        double[] z = new double[to.Channels * to.Height * to.Width];
        int step = spec.Stride == 0 ? spec.Size : spec.Stride;
        for (int i = 0; i < z.Length; i++)
        {
            int c = i / (to.Height * to.Width), y = i / to.Width % to.Height * step, x = i % to.Width * step;
            double best = double.NegativeInfinity;
            for (int k = 0; k < spec.Size * spec.Size; k++) best = Math.Max(best, a[(c * from.Height + y + k / spec.Size) * from.Width + x + k % spec.Size]);
            z[i] = best;
        }
        return z;
    }

    private static double[] Recur(double[] a, Shape from, int last, double[] input, double[] recurrent, double[] biases)
    {
        double[] h = new double[biases.Length], states = new double[biases.Length * last];
        int inputs = from.Width * from.Channels;
        for (int t = 0; t < from.Height; t++)
        {
            double[] x = new double[inputs];
            for (int i = 0; i < inputs; i++) x[i] = a[(i % from.Channels * from.Height + t) * from.Width + i / from.Channels];
            double[] z = Multiply(recurrent, h, Multiply(input, x, biases));
            h = [.. z.Select(Math.Tanh)];
            int k = t - (from.Height - last);
            for (int c = 0; c < h.Length && k >= 0; c++) states[c * last + k] = h[c];
        }
        return states;
    }

    private static int Blocks(Shape shape) => (shape.Height * shape.Width * shape.Channels + 63) / 64 * 8;

    private static double Factor(Noise noise, double rate, int firstBlock, int unit)
    {
        int inGroup = unit % 64;
        var (a, b, c, d) = noise.Block((uint)(firstBlock + unit / 64 * 8 + inGroup % 32 / 4));
        uint word = ((inGroup >= 32 ? 2 : 0) + inGroup % 4 / 2) switch { 0 => a, 1 => b, 2 => c, _ => d };
        uint bits = unit % 2 == 0 ? word & 0xFFFF : word >> 16, threshold = (uint)Math.Round(rate * 65536);
        return bits < threshold ? 0 : 65536.0 / (65536 - threshold);
    }

    /// <summary>Small data of random bytes.</summary>
    public static DataSet RandomData(int height, int width, int classes, int train, int test = 20, int channels = 1)
    {
        byte[] Bytes(int count, int stream, int bound)
        {
            Noise noise = new(5, stream, 0, NoiseStream.Generation);
            byte[] bytes = new byte[count];
            for (int k = 0; k < count; k++) bytes[k] = (byte)noise.Integer(k, bound);
            return bytes;
        }
        int pixels = height * width * channels;
        return new("random", "random bytes", new(height, width, channels), classes, Bytes(train * pixels, 0, 256), Bytes(train, 1, classes), Bytes(test * pixels, 2, 256), Bytes(test, 3, classes));
    }

    /// <summary>A network's parameters in double precision.</summary>
    public static double[][] Tensors(Network network, ReadOnlySpan<float> x)
        => [.. network.Tensors(x).Select(tensor => tensor.Values.Select(v => (double)v).ToArray())];
}
